/* Properties by name: each value is checked against what the property holds before Qt sees it. */
#include "base/memory.h"
#include "base/status.h"
#include "base/text.h"
#include "core/limits.h"
#include "core/object.h"
#include "core/property_cache.h"
#include "core/value.h"

#include <bulkhead/property.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Fails with "QLabel 'status': property 'text' " and the rest. The object may have gone meanwhile: handlers have run. */
static bh_status refuse(bh_status status, const char *call, const bh_object *handle, const char *property, const char *format,
                        ...) __attribute__((format(printf, 5, 6)));
static bh_status refuse(bh_status status, const char *call, const bh_object *handle, const char *property, const char *format,
                        ...)
{
    bh__object *object = bh__payload_of(handle, BH__OBJECT);
    char text[128] = "an object that is gone", rest[600];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(rest, sizeof rest, format, arguments);
    va_end(arguments);
    if (object)
        bh__object_text(object, text, sizeof text);
    return bh__fail(status, call, "%s: property '%s' %s", text, property, rest);
}

/* The object's property, or NULL after having reported. OBJECT_OUT has its QObject. */
static const bh__property *find(const bh_object *handle, const char *name, const char *call, bhs_object **object_out)
{
    bh__object *object = bh__check_object(handle, call, "object");
    if (!object)
        return NULL;
    if (!name) {
        bh__fail(BH_ERROR_NULL, call, "property is NULL: give its name, such as \"objectName\"");
        return NULL;
    }
    *object_out = object->qt;
    const bhs_meta *meta = bhs_meta_of(object->qt);
    const bh__property *property = bh__property_find(meta, name);
    if (!property) {
        char text[128], hint[96];
        bh__fail(BH_ERROR_NAME, call, "%s has no property '%.80s'%s", bh__object_text(object, text, sizeof text), name,
                 bh__property_hint(meta, name, hint, sizeof hint));
    }
    return property;
}

/* The call for a property: "use bh_set_string". "" if there is none. */
static const char *advice(const bh__property *property, const char *verb, char *out, size_t size)
{
    static const char *const calls[] = {
        [BH_TYPE_BOOL] = "bool",     [BH_TYPE_INT] = "int",         [BH_TYPE_UINT] = "int64",
        [BH_TYPE_INT64] = "int64",   [BH_TYPE_UINT64] = "int64",    [BH_TYPE_DOUBLE] = "double",
        [BH_TYPE_STRING] = "string", [BH_TYPE_OBJECT] = "object",   [BH_TYPE_SIZE] = "size",
        [BH_TYPE_POINT] = "point",   [BH_TYPE_RECT] = "rect",       [BH_TYPE_COLOR] = "color",
        [BH_TYPE_DATE] = "date",     [BH_TYPE_TIME] = "time",       [BH_TYPE_DATE_TIME] = "date_time",
        [BH_TYPE_FONT] = "font",     [BH_TYPE_STRINGS] = "strings", [BH_TYPE_POINTER] = NULL};
    const char *call = calls[property->type];
    out[0] = 0;
    if (call && property->is_enum)
        snprintf(out, size, ": use bh_%s_enum or bh_%s_int", verb, verb);
    else if (call)
        snprintf(out, size, ": use bh_%s_%s", verb, call);
    return out;
}

static const char *type_name(const bh__property *property, bhs_property *described)
{
    bhs_property_at(property->meta, property->index, described);
    return described->type_name;
}

/* --- writing */

/* Whether VALUE is that of a key of the enum, or a sum of those of the flags. */
static bool has_key(const bh__property *property, int value)
{
    bh_enum_key_info key;
    int all = 0;
    for (int i = 0; bhs_enum_key(property->meta, true, property->index, i, &key); i++) {
        if (!property->is_flag && key.value == value)
            return true;
        all |= key.value;
    }
    return property->is_flag && (value & ~all) == 0;
}

static bh_status refuse_value(bh_status status, const bh__property *property, const bh_value *value, const char *call,
                              const bh_object *handle)
{
    char given[160], use[64];
    bhs_property described;
    const char *type = type_name(property, &described);
    bh__value_text(value, given, sizeof given);
    if (status == BH_ERROR_RANGE)
        return refuse(status, call, handle, property->name, "is %s, which cannot hold %s", type, given);
    if (property->type == BH_TYPE_VOID)
        return refuse(status, call, handle, property->name, "is %s, which C cannot hold", type);
    return refuse(status, call, handle, property->name, "is %s, given %s%s", type, given,
                  advice(property, "set", use, sizeof use));
}

static bh_status write_at(const bh__property *property, bhs_object *object, void *at, const char *call, const bh_object *handle)
{
    const char *name = property->name;
    bh_status status = bhs_property_write(object, property->index, at);
    if (status)
        refuse(status, call, handle, name, "could not be set, a C++ exception came: %s", bhs_exception_text());
    return status;
}

/* VALUE is of the natural type. */
static bh_status write_value(const bh__property *property, bhs_object *object, const bh_value *value, const char *call,
                             const bh_object *handle)
{
    bhs_storage storage;
    char why[BHS_WHY_SIZE];
    int type_id = property->type_id;
    bh_status status = bhs_construct(type_id, &storage, value, why);
    if (status)
        return refuse(status, call, handle, property->name, "is left as it was: %s", why);
    if (property->index == 0) /* objectName; before the write, in which a handler may give the next one */
        bh__object_renamed(bh__payload_of(handle, BH__OBJECT), value->of.as_string ? value->of.as_string : "");
    status = write_at(property, object, &storage, call, handle);
    bhs_destroy_value(type_id, &storage);
    return status;
}

static bool exceeds(const bh__property *property, const bhs_object *object, const bh_value *value, char *why)
{
    if (property->type != BH_TYPE_INT || (value->type != BH_TYPE_INT && value->type != BH_TYPE_INT64))
        return false;
    int64_t number = value->type == BH_TYPE_INT ? value->of.as_int : value->of.as_int64;
    return number > 0 && bh__property_exceeds(object, property->name, number, why);
}

static bh_status set_value(bh_object *handle, const char *name, const bh_value *value, const char *call)
{
    bhs_object *object;
    char why[BH__LIMIT_SIZE];
    const bh__property *property = find(handle, name, call, &object);
    if (!property)
        return bh__last_status();
    if (!property->writable)
        return refuse(BH_ERROR_READ_ONLY, call, handle, property->name, "is read-only");
    if (exceeds(property, object, value, why))
        return refuse(BH_ERROR_RANGE, call, handle, property->name, "is left as it was: %s", why);
    if (property->is_direct && property->type == value->type)
        return write_at(property, object, (void *)&value->of, call, handle);
    if (value->type == BH_TYPE_OBJECT && value->of.as_object && !bh__check_here(value->of.as_object, BH__OBJECT, call, "value"))
        return bh__last_status();
    if (property->is_variant)
        return write_value(property, object, value, call, handle);
    bh_value converted;
    bool wrong = property->is_enum && value->type == BH_TYPE_BOOL; /* true is no key */
    bh_status status = wrong ? BH_ERROR_TYPE : bh__value_convert(value, property->type, &converted);
    if (status)
        return refuse_value(status, property, value, call, handle);
    if (property->is_enum && !has_key(property, converted.of.as_int))
        return refuse(BH_ERROR_RANGE, call, handle, property->name, "has no key of the value %d: use bh_set_enum with a key",
                      converted.of.as_int);
    if (property->is_direct)
        return write_at(property, object, &converted.of, call, handle);
    return write_value(property, object, &converted, call, handle);
}

/* --- reading */

static bool may_read_as(const bh__property *property, bh_type type)
{
    bh_type holds = property->type;
    bool integer = holds == BH_TYPE_INT || holds == BH_TYPE_UINT || holds == BH_TYPE_INT64 || holds == BH_TYPE_UINT64;
    if (holds == type || property->is_variant)
        return true;
    if (type == BH_TYPE_INT || type == BH_TYPE_INT64)
        return integer || holds == BH_TYPE_BOOL;
    return type == BH_TYPE_DOUBLE && integer;
}

static bh_status check_readable(const bh__property *property, bh_type type, const char *call, const bh_object *handle)
{
    bhs_property described;
    char use[64];
    if (!property->readable)
        return refuse(BH_ERROR_TYPE, call, handle, property->name, "can be set only");
    if (property->is_image)
        return refuse(BH_ERROR_TYPE, call, handle, property->name, "is %s, which can be set only, from a file",
                      type_name(property, &described));
    if (property->type == BH_TYPE_VOID && !property->is_variant)
        return refuse(BH_ERROR_TYPE, call, handle, property->name, "is %s, which C cannot hold", type_name(property, &described));
    if (may_read_as(property, type))
        return BH_OK;
    return refuse(BH_ERROR_TYPE, call, handle, property->name, "is %s, not %s%s", type_name(property, &described),
                  bh_type_name(type), advice(property, "get", use, sizeof use));
}

/* Blocks in OUT are the caller's. */
static bh_status read_value(const bh__property *property, bhs_object *object, bh_value *out, const char *call,
                            const bh_object *handle)
{
    bhs_storage storage;
    const char *name = property->name;
    int type_id = property->type_id;
    bh_status status = bhs_property_read(object, property->index, type_id, &storage);
    if (status)
        return refuse(status, call, handle, name, "could not be read: %s",
                      status == BH_ERROR_EXCEPTION ? bhs_exception_text() : "its type is not complete");
    bool done = bhs_read(type_id, &storage, out);
    bhs_destroy_value(type_id, &storage);
    return done ? BH_OK : refuse(BH_ERROR_MEMORY, call, handle, name, "could not be read: no memory");
}

static bh_status get_value(const bh_object *handle, const char *name, bh_type type, bh_value *out, const char *call)
{
    bhs_object *object;
    const bh__property *found = find(handle, name, call, &object);
    if (!found)
        return bh__last_status();
    const bh__property property = *found;
    bh_status status = check_readable(&property, type, call, handle);
    if (status)
        return status;
    bh_value held = {.type = BH_TYPE_VOID};
    status = read_value(&property, object, &held, call, handle);
    if (status)
        return status;
    bool wrong = property.is_variant && type == BH_TYPE_BOOL && held.type != BH_TYPE_BOOL;
    status = wrong ? BH_ERROR_TYPE : bh__value_convert(&held, type, out);
    if (status) {
        char text[160];
        bh__value_text(&held, text, sizeof text);
        bh__value_release(&held);
        return refuse(status, call, handle, property.name, "is %s now, which is no %s", text, bh_type_name(type));
    }
    return BH_OK;
}

/* --- enums and flags by key */

/* "; did you mean 'AlignRight'?", or the first keys where none is near. */
static const char *key_hint(const bh__property *property, const char *wrong, char *out, size_t size)
{
    bh__nearest nearest;
    bh_enum_key_info key;
    bh__nearest_begin(&nearest, wrong);
    for (int i = 0; bhs_enum_key(property->meta, true, property->index, i, &key); i++)
        bh__nearest_offer(&nearest, key.key);
    if (bh__nearest_hint(&nearest, out, size)[0])
        return out;
    snprintf(out, size, ": it has");
    for (int i = 0; bhs_enum_key(property->meta, true, property->index, i, &key) && i < 12; i++)
        bh__append_text(out, size, "%s %s", i ? "," : "", key.key);
    return out;
}

/* Finds which of the keys is unknown. */
static bh_status refuse_keys(const bh__property *property, const char *keys, const char *call, const bh_object *handle)
{
    char copy[256], hint[300], *rest = copy;
    int ignored;
    bh__copy_text(copy, sizeof copy, keys);
    for (char *key = strtok_r(copy, "| ", &rest); key; key = strtok_r(NULL, "| ", &rest))
        if (!bhs_property_enum_parse(property->meta, property->index, key, &ignored))
            return refuse(BH_ERROR_NAME, call, handle, property->name, "has no key '%s'%s", key,
                          key_hint(property, key, hint, sizeof hint));
    return refuse(BH_ERROR_NAME, call, handle, property->name, "takes one key%s, given \"%.80s\"",
                  property->is_flag ? " or several with | between them" : "", keys);
}

static const bh__property *find_enum(const bh_object *handle, const char *name, const char *verb, const char *call,
                                     bhs_object **object)
{
    const bh__property *property = find(handle, name, call, object);
    bhs_property described;
    char use[64];
    if (!property || property->is_enum)
        return property;
    refuse(BH_ERROR_TYPE, call, handle, property->name, "is %s, no enum%s", type_name(property, &described),
           advice(property, verb, use, sizeof use));
    return NULL;
}

bh_status(bh_set_enum)(bh_object *handle, const char *name, const char *keys)
{
    static const char call[] = "bh_set_enum";
    bhs_object *object;
    const bh__property *property = find_enum(handle, name, "set", call, &object);
    bh_value value = {.of.as_int = 0, .type = BH_TYPE_INT};
    if (!property)
        return bh__last_status();
    if (!keys)
        return refuse(BH_ERROR_NULL, call, handle, property->name, "is left as it was: keys is NULL");
    if (!property->writable)
        return refuse(BH_ERROR_READ_ONLY, call, handle, property->name, "is read-only");
    bool no_flags = property->is_flag && !keys[0];
    if (!no_flags && !bhs_property_enum_parse(property->meta, property->index, keys, &value.of.as_int))
        return refuse_keys(property, keys, call, handle);
    return write_value(property, object, &value, call, handle);
}

/* --- the calls: each boxes its value, or clears the place for it */

static bh_status refuse_place(const char *call)
{
    return bh__fail(BH_ERROR_NULL, call, "value is NULL: give the address that gets the value");
}

bh_status(bh_get_enum)(const bh_object *handle, const char *name, char **keys)
{
    static const char call[] = "bh_get_enum";
    bhs_object *object;
    bh_value held = {.type = BH_TYPE_VOID};
    int again = 0;
    if (!keys)
        return refuse_place(call);
    *keys = NULL;
    const bh__property *found = find_enum(handle, name, "get", call, &object);
    if (!found)
        return bh__last_status();
    const bh__property property = *found;
    bh_status status = read_value(&property, object, &held, call, handle);
    if (status)
        return status;
    int value = held.of.as_int;
    if (!has_key(&property, value))
        return refuse(BH_ERROR_RANGE, call, handle, property.name, "is %d now, which has no key: use bh_get_int", value);
    char *text = bhs_property_enum_text(property.meta, property.index, value);
    if (!text)
        return bh__fail(BH_ERROR_MEMORY, call, "no memory for the keys of '%s'", property.name);
    bool whole = !text[0] || bhs_property_enum_parse(property.meta, property.index, text, &again);
    if (!whole || again != value) {
        bh__free(text);
        return refuse(BH_ERROR_RANGE, call, handle, property.name, "is %d now, which no keys make: use bh_get_int", value);
    }
    *keys = text;
    return BH_OK;
}

#define SET(verb, ctype, TAG)                                                       \
    bh_status(bh_set_##verb)(bh_object * object, const char *property, ctype value) \
    {                                                                               \
        bh_value boxed = {.of.as_##verb = value, .type = BH_TYPE_##TAG};            \
        return set_value(object, property, &boxed, "bh_set_" #verb);                \
    }

/* What a getter gives out has the bits of the union's member, "yours" instead of const. */
#define GET(verb, ctype, TAG)                                                                 \
    bh_status(bh_get_##verb)(const bh_object *object, const char *property, ctype *value)     \
    {                                                                                         \
        bh_value got;                                                                         \
        if (!value)                                                                           \
            return refuse_place("bh_get_" #verb);                                             \
        memset(value, 0, sizeof *value);                                                      \
        bh_status status = get_value(object, property, BH_TYPE_##TAG, &got, "bh_get_" #verb); \
        if (!status)                                                                          \
            memcpy(value, &got.of, sizeof *value);                                            \
        return status;                                                                        \
    }

SET(bool, bool, BOOL)
SET(int, int, INT)
SET(int64, int64_t, INT64)
SET(double, double, DOUBLE)
SET(string, const char *, STRING)
SET(strings, const char *const *, STRINGS)
SET(object, bh_object *, OBJECT)
SET(size, bh_size, SIZE)
SET(point, bh_point, POINT)
SET(rect, bh_rect, RECT)
SET(color, bh_color, COLOR)
SET(font, const bh_font *, FONT)
SET(date, bh_date, DATE)
SET(time, bh_time, TIME)
SET(date_time, bh_date_time, DATE_TIME)

GET(bool, bool, BOOL)
GET(int, int, INT)
GET(int64, int64_t, INT64)
GET(double, double, DOUBLE)
GET(string, char *, STRING)
GET(strings, char **, STRINGS)
GET(object, bh_object *, OBJECT)
GET(size, bh_size, SIZE)
GET(point, bh_point, POINT)
GET(rect, bh_rect, RECT)
GET(color, bh_color, COLOR)
GET(date, bh_date, DATE)
GET(time, bh_time, TIME)
GET(date_time, bh_date_time, DATE_TIME)

bh_status(bh_get_font)(const bh_object *object, const char *property, bh_font *value)
{
    bh_value got;
    if (!value)
        return refuse_place("bh_get_font");
    memset(value, 0, sizeof *value);
    bh_status status = get_value(object, property, BH_TYPE_FONT, &got, "bh_get_font");
    if (!status) {
        *value = *got.of.as_font;
        bh__value_release(&got);
    }
    return status;
}
