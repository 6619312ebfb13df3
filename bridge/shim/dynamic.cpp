// Objects of classes defined in C: a QObject or widget whose meta-object the core has laid.
#include "shim/guard.hpp"

#include <QDialog>
#include <QMainWindow>
#include <QMetaMethod>
#include <QPaintEvent>
#include <QPainter>
#include <QWidget>

using namespace shim;

namespace {

// As bh__on_metacall has them.
static_assert(QMetaObject::InvokeMetaMethod == 0 && QMetaObject::ReadProperty == 1 && QMetaObject::WriteProperty == 2);

template <class Base> class Dynamic : public Base {
  public:
    Dynamic(const QMetaObject *meta, void *instance) : meta_(meta), instance_(instance) {}

    ~Dynamic() override
    {
        bh__object_gone(c(this));
        bh__on_destroyed(instance_);
    }

    const QMetaObject *metaObject() const override
    {
        return meta_;
    }

    void *qt_metacast(const char *name) override
    {
        return name && !qstrcmp(name, meta_->className()) ? static_cast<void *>(this) : Base::qt_metacast(name);
    }

    int qt_metacall(QMetaObject::Call call, int id, void **arguments) override
    {
        id = Base::qt_metacall(call, id, arguments);
        if (id < 0)
            return id;
        const bool invokes = call == QMetaObject::InvokeMetaMethod;
        const int own = invokes ? meta_->methodCount() - meta_->methodOffset() : meta_->propertyCount() - meta_->propertyOffset();
        if (id < own && call <= QMetaObject::WriteProperty)
            bh__on_metacall(instance_, call, id, arguments, invokes ? c(this->sender()) : nullptr);
        return id - own;
    }

  protected:
    void connectNotify(const QMetaMethod &signal) override
    {
        if (signal.isValid() && signal.enclosingMetaObject() == meta_)
            bh__on_qt_connected(instance_, signal.methodIndex() - meta_->methodOffset());
    }

    const QMetaObject *meta_;
    void *instance_;
};

template <class Base> class DynamicWidget : public Dynamic<Base> {
  public:
    using Dynamic<Base>::Dynamic;

    QSize sizeHint() const override
    {
        bh_size size;
        return bh__on_size_hint(this->instance_, &size) ? QSize(size.width, size.height) : Base::sizeHint();
    }

  protected:
    void paintEvent(QPaintEvent *event) override
    {
        Base::paintEvent(event);
        QPainter painter(this);
        bh__on_paint(this->instance_, c(this), &painter, {this->width(), this->height()});
    }
};

template <class T> QObject *make(const QMetaObject *meta, void *instance)
{
    return new T(meta, instance);
}

constexpr struct {
    const QMetaObject *meta;
    QObject *(*make)(const QMetaObject *meta, void *instance);
} bases[] = {{&QObject::staticMetaObject, make<Dynamic<QObject>>},
             {&QWidget::staticMetaObject, make<DynamicWidget<QWidget>>},
             {&QDialog::staticMetaObject, make<DynamicWidget<QDialog>>},
             {&QMainWindow::staticMetaObject, make<DynamicWidget<QMainWindow>>}};

} // namespace

const bhs_meta *bhs_base_meta(int base)
{
    return c(bases[base].meta);
}

bhs_object *bhs_dynamic_create(int base, const bhs_meta *meta, void *instance)
{
    return c(attempt([&] { return bases[base].make(qt(meta), instance); }));
}

const bhs_meta *bhs_meta_create(const bhs_meta *super, const uint32_t *strings, const uint32_t *data, const void *const *types)
{
    auto interfaces = reinterpret_cast<const QtPrivate::QMetaTypeInterface *const *>(types);
    return c(attempt([&] { return new QMetaObject{{qt(super), strings, data, nullptr, nullptr, interfaces, nullptr}}; }));
}

void bhs_activate(bhs_object *object, const bhs_meta *meta, int local_signal, void **arguments)
{
    guarded([&] { QMetaObject::activate(qt(object), qt(meta), local_signal, arguments); });
}
