// QObject: names, the tree, destruction.
#include "base/memory.h"
#include "shim/guard.hpp"

#include <QCoreApplication>
#include <QLayout>
#include <QThread>
#include <QWidget>
#include <cstring>

using namespace shim;

void bhs_delete(bhs_object *object)
{
    guarded([&] { delete qt(object); });
}

const bhs_meta *bhs_meta_of(const bhs_object *object)
{
    return c(qt(object)->metaObject());
}

const char *bhs_meta_name(const bhs_meta *meta)
{
    return qt(meta)->className();
}

bool bhs_class_is(const bhs_meta *meta, const char *class_name)
{
    for (const QMetaObject *m = qt(meta); m; m = m->superClass())
        if (std::strcmp(m->className(), class_name) == 0)
            return true;
    return false;
}

bool bhs_inherits(const bhs_object *object, const char *class_name)
{
    return bhs_class_is(bhs_meta_of(object), class_name);
}

bool bhs_is_widget(const bhs_object *object)
{
    return qt(object)->isWidgetType();
}

void bhs_name(const bhs_object *object, char *out, size_t size)
{
    out[0] = 0;
    guarded([&] {
        const QString name = qt(object)->objectName();
        if (!name.isEmpty())
            qstrncpy(out, name.toUtf8().constData(), size);
    });
}

char *bhs_name_copy(const bhs_object *object)
{
    return attempt([&] { return bh__strdup(qt(object)->objectName().toUtf8().constData()); });
}

void bhs_set_name(bhs_object *object, const char *name)
{
    guarded([&] { qt(object)->setObjectName(text(name)); });
}

bhs_object *bhs_parent(const bhs_object *object)
{
    return c(qt(object)->parent());
}

bool bhs_has_window(const bhs_object *object)
{
    return qt(object)->isWidgetType() && as<const QWidget>(object)->windowHandle();
}

bh_status bhs_set_parent(bhs_object *object, bhs_object *parent, bool stays_window)
{
    return moved([&] {
        if (!qt(object)->isWidgetType())
            qt(object)->setParent(qt(parent));
        else if (stays_window)
            as<QWidget>(object)->setParent(as<QWidget>(parent), as<QWidget>(object)->windowFlags());
        else
            as<QWidget>(object)->setParent(as<QWidget>(parent));
    });
}

bool bhs_widget_has_layout(const bhs_object *widget)
{
    return as<const QWidget>(widget)->layout() != nullptr;
}

const void *bhs_thread_of(const bhs_object *object)
{
    return qt(object)->thread();
}

const void *bhs_current_thread(void)
{
    return QThread::currentThread();
}

void bhs_children(const bhs_object *object, void (*visit)(bhs_object *, void *), void *user)
{
    const QObjectList children = qt(object)->children();
    for (QObject *child : children)
        visit(c(child), user);
}

void bhs_descendants(const bhs_object *object, void (*visit)(bhs_object *, void *), void *user)
{
    guarded([&] {
        QObjectList queue = qt(object)->children();
        for (qsizetype i = 0; i < queue.size(); i++) {
            QObject *child = queue.at(i);
            queue += child->children();
            visit(c(child), user);
        }
    });
}

void bhs_track(bhs_object *object)
{
    guarded([&] { QObject::connect(qt(object), &QObject::destroyed, [](QObject *gone) { bh__object_gone(c(gone)); }); });
}
