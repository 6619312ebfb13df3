// Reflection: properties, methods and enums of a class, by index.
#include "base/memory.h"
#include "shim/guard.hpp"

#include <QMetaEnum>
#include <QMetaMethod>
#include <QMetaObject>
#include <QMetaProperty>
#include <cstdio>

using namespace shim;

namespace {

QMetaEnum enum_of(const bhs_meta *meta, int property)
{
    return qt(meta)->property(property).enumerator();
}

} // namespace

int bhs_property_count(const bhs_meta *meta)
{
    return qt(meta)->propertyCount();
}

int bhs_property_index(const bhs_meta *meta, const char *name)
{
    return qt(meta)->indexOfProperty(name);
}

const char *bhs_property_name(const bhs_meta *meta, int index)
{
    return qt(meta)->property(index).name();
}

void bhs_property_at(const bhs_meta *meta, int index, bhs_property *out)
{
    *out = bhs_property();
    guarded([&] {
        const QMetaProperty property = qt(meta)->property(index);
        const QMetaEnum keys = property.enumerator();
        out->name = property.name();
        out->notify = property.hasNotifySignal() ? property.notifySignal().name().constData() : nullptr;
        out->index = index;
        out->is_enum = property.isEnumType() && keys.isValid();
        out->is_flag = out->is_enum && property.isFlagType();
        out->type_id = property.metaType().isValid() ? property.metaType().id() : int(out->is_enum ? QMetaType::Int : 0);
        out->readable = property.isReadable();
        out->writable = property.isWritable();
        if (out->is_enum) // its own name: Qt says "QFlags<Qt::AlignmentFlag>" where everybody writes "Qt::Alignment"
            std::snprintf(out->type_name, sizeof out->type_name, "%s::%s", keys.scope(), keys.name());
        else
            qstrncpy(out->type_name, property.typeName(), sizeof out->type_name);
    });
}

bh_status bhs_property_write(bhs_object *object, int index, void *value)
{
    return guarded([&] {
        int status = -1, flags = 0;
        void *arguments[] = {value, nullptr, &status, &flags};
        QMetaObject::metacall(qt(object), QMetaObject::WriteProperty, index, arguments);
    });
}

bh_status bhs_property_read(const bhs_object *object, int index, int type_id, bhs_storage *storage)
{
    const bool plain = bhs_type_traits(type_id) & BHS_DIRECT;
    if (plain)
        *storage = bhs_storage();
    else if (!bhs_default_construct(type_id, storage))
        return BH_ERROR_TYPE;
    const bh_status status = guarded([&] {
        int done = -1;
        void *arguments[] = {storage, nullptr, &done};
        QMetaObject::metacall(const_cast<QObject *>(qt(object)), QMetaObject::ReadProperty, index, arguments);
        if (arguments[0] != storage) { // some classes give a pointer to what they hold
            bhs_destroy_value(type_id, storage);
            QMetaType(type_id).construct(storage, arguments[0]);
        }
    });
    if (status && !plain)
        bhs_destroy_value(type_id, storage);
    return status;
}

bool bhs_property_enum_parse(const bhs_meta *meta, int index, const char *text, int *value)
{
    bool known = false;
    guarded([&] {
        const QMetaEnum keys = enum_of(meta, index);
        *value = keys.isFlag() ? keys.keysToValue(text, &known) : keys.keyToValue(text, &known);
    });
    return known;
}

char *bhs_property_enum_text(const bhs_meta *meta, int index, int value)
{
    return attempt([&] {
        const QMetaEnum keys = enum_of(meta, index);
        return bh__strdup(keys.isFlag() ? keys.valueToKeys(value).constData() : keys.valueToKey(value));
    });
}

int bhs_enum_count(const bhs_meta *meta)
{
    return qt(meta)->enumeratorCount();
}

bool bhs_enum_key(const bhs_meta *meta, bool of_property, int index, int i, bh_enum_key_info *out)
{
    const QMetaEnum keys = of_property ? enum_of(meta, index) : qt(meta)->enumerator(index);
    if (i < 0 || i >= keys.keyCount())
        return false;
    *out = {keys.name(), keys.key(i), keys.value(i), keys.isFlag()};
    return true;
}

int bhs_method_count(const bhs_meta *meta)
{
    return qt(meta)->methodCount();
}

int bhs_method_index(const bhs_meta *meta, const char *signature)
{
    return attempt([&] { return qt(meta)->indexOfMethod(QMetaObject::normalizedSignature(signature)); }, -1);
}

int bhs_method_find(const bhs_meta *meta, const char *name, int from)
{
    const QMetaObject *object = qt(meta);
    for (int i = from; i < object->methodCount(); i++)
        if (object->method(i).name() == name)
            return i;
    return -1;
}

void bhs_method_at(const bhs_meta *meta, int index, bhs_method *out)
{
    guarded([&] {
        const QMetaMethod method = qt(meta)->method(index);
        const int most = int(sizeof out->parameter_ids / sizeof out->parameter_ids[0]);
        out->index = index;
        out->kind = method.methodType() == QMetaMethod::Signal ? BH_METHOD_SIGNAL
                    : method.methodType() == QMetaMethod::Slot ? BH_METHOD_SLOT
                                                               : BH_METHOD_INVOKABLE;
        out->parameter_count = method.parameterCount();
        for (int i = 0; i < most; i++)
            out->parameter_ids[i] = i < out->parameter_count ? method.parameterMetaType(i).id() : 0;
        out->return_id = method.returnMetaType().id();
        out->return_name = method.typeName();
        out->name = method.name().constData();
        out->is_public = method.access() == QMetaMethod::Public;
        std::snprintf(out->signature, sizeof out->signature, "%s", method.methodSignature().constData());
    });
}

bh_status bhs_method_call(bhs_object *object, int index, void **arguments)
{
    return guarded([&] { QMetaObject::metacall(qt(object), QMetaObject::InvokeMetaMethod, index, arguments); });
}
