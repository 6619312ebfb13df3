/* Values: which conversions lose nothing, and how a value reads in a sentence. */
#include "core/value.h"

#include "base/memory.h"
#include "base/text.h"
#include "core/object.h"

#include <bulkhead/callback.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

static const char *const type_names[] = {
    [BH_TYPE_VOID] = "void",
    [BH_TYPE_BOOL] = "bool",
    [BH_TYPE_INT] = "int",
    [BH_TYPE_UINT] = "unsigned",
    [BH_TYPE_INT64] = "int64_t",
    [BH_TYPE_UINT64] = "uint64_t",
    [BH_TYPE_DOUBLE] = "double",
    [BH_TYPE_STRING] = "const char *",
    [BH_TYPE_OBJECT] = "bh_object *",
    [BH_TYPE_SIZE] = "bh_size",
    [BH_TYPE_POINT] = "bh_point",
    [BH_TYPE_POINTF] = "bh_pointf",
    [BH_TYPE_RECT] = "bh_rect",
    [BH_TYPE_COLOR] = "bh_color",
    [BH_TYPE_DATE] = "bh_date",
    [BH_TYPE_TIME] = "bh_time",
    [BH_TYPE_DATE_TIME] = "bh_date_time",
    [BH_TYPE_FONT] = "const bh_font *",
    [BH_TYPE_STRINGS] = "const char *const *",
    [BH_TYPE_INDEX] = "bh_index",
    [BH_TYPE_POINTER] = "void *",
};

const char *bh_type_name(bh_type type)
{
    return (unsigned)type < sizeof type_names / sizeof type_names[0] ? type_names[type] : "a type that is none";
}

/* An integer of any width: NUMBER, or what lies above INT64_MAX in HUGE_NUMBER. */
typedef struct integer {
    int64_t number;
    uint64_t huge_number; /* 0: NUMBER has it */
} integer;

static bool integer_of(const bh_value *value, integer *out)
{
    *out = (integer){0, 0};
    switch (value->type) {
    case BH_TYPE_BOOL:
        out->number = value->of.as_bool;
        return true;
    case BH_TYPE_INT:
        out->number = value->of.as_int;
        return true;
    case BH_TYPE_UINT:
        out->number = value->of.as_uint;
        return true;
    case BH_TYPE_INT64:
        out->number = value->of.as_int64;
        return true;
    case BH_TYPE_UINT64:
        if (value->of.as_uint64 > INT64_MAX)
            out->huge_number = value->of.as_uint64;
        else
            out->number = (int64_t)value->of.as_uint64;
        return true;
    default:
        return false;
    }
}

static bh_status store_within(const integer *from, int64_t least, int64_t most)
{
    return !from->huge_number && from->number >= least && from->number <= most ? BH_OK : BH_ERROR_RANGE;
}

static bh_status convert_integer(const bh_value *value, bh_type type, bh_value *out)
{
    const int64_t exact = (int64_t)1 << 53; /* up to here every integer is a double */
    integer from;
    if (!integer_of(value, &from))
        return BH_ERROR_TYPE;
    switch (type) {
    case BH_TYPE_BOOL:
        out->of.as_bool = from.number == 1;
        return store_within(&from, 0, 1);
    case BH_TYPE_INT:
        out->of.as_int = (int)from.number;
        return store_within(&from, INT_MIN, INT_MAX);
    case BH_TYPE_UINT:
        out->of.as_uint = (unsigned)from.number;
        return store_within(&from, 0, UINT_MAX);
    case BH_TYPE_INT64:
        out->of.as_int64 = from.number;
        return store_within(&from, INT64_MIN, INT64_MAX);
    case BH_TYPE_UINT64:
        out->of.as_uint64 = from.huge_number ? from.huge_number : (uint64_t)from.number;
        return from.number < 0 ? BH_ERROR_RANGE : BH_OK;
    case BH_TYPE_DOUBLE:
        out->of.as_double = (double)from.number;
        return value->type == BH_TYPE_BOOL ? BH_ERROR_TYPE : store_within(&from, -exact, exact);
    default:
        return BH_ERROR_TYPE;
    }
}

/* A `void *`: NULL of any kind of pointer, or a handle, which the call that takes the object checks. */
static bh_status convert_pointer(const bh_value *value, bh_type type, bh_value *out)
{
    const void *pointer = value->of.as_pointer;
    switch (type) {
    case BH_TYPE_OBJECT:
        memcpy(&out->of.as_object, &pointer, sizeof pointer);
        return BH_OK;
    case BH_TYPE_STRING:
    case BH_TYPE_STRINGS:
        out->of.as_pointer = NULL;
        return pointer ? BH_ERROR_TYPE : BH_OK;
    default:
        return BH_ERROR_TYPE;
    }
}

bh_status bh__value_convert(const bh_value *value, bh_type type, bh_value *out)
{
    bh_value converted = *value;
    bh_status status = BH_OK;
    converted.type = type;
    if (value->type != type) {
        if (value->type == BH_TYPE_POINTER)
            status = convert_pointer(value, type, &converted);
        else if (value->type == BH_TYPE_OBJECT && type == BH_TYPE_POINTER)
            converted.of.as_pointer = value->of.as_object;
        else
            status = convert_integer(value, type, &converted);
    }
    if (status == BH_OK)
        *out = converted;
    return status;
}

void bh__value_release(bh_value *value)
{
    if (value->type == BH_TYPE_STRING || value->type == BH_TYPE_STRINGS || value->type == BH_TYPE_FONT)
        bh__free((void *)value->of.as_pointer);
}

int bh__value_fits(const bh_value *value, bh_type type)
{
    bh_value ignored;
    if (value->type == type)
        return 2;
    return bh__value_convert(value, type, &ignored) == BH_OK;
}

static void append_string(char *out, size_t size, const char *text)
{
    char start[41];
    bh__copy_text(start, sizeof start, text);
    if (text)
        bh__append_text(out, size, "\"%s%s\"", start, strlen(text) > strlen(start) ? "…" : "");
    else
        bh__append_text(out, size, "NULL");
}

static void append_object(char *out, size_t size, const bh_object *handle)
{
    bh__object *object = handle ? bh__pin(handle, BH__OBJECT) : NULL;
    char name[112];
    if (object) {
        bh__append_text(out, size, "%s", bh__object_text(object, name, sizeof name));
        bh__unpin(handle);
    } else {
        bh__append_text(out, size, handle ? "of an object that is gone" : "NULL");
    }
}

static bool append_number(char *out, size_t size, const bh_value *value)
{
    integer number;
    if (value->type == BH_TYPE_BOOL)
        bh__append_text(out, size, value->of.as_bool ? "true" : "false");
    else if (value->type == BH_TYPE_DOUBLE)
        bh__append_text(out, size, "%.15g", value->of.as_double);
    else if (!integer_of(value, &number))
        return false;
    else if (number.huge_number)
        bh__append_text(out, size, "%llu", (unsigned long long)number.huge_number);
    else
        bh__append_text(out, size, "%lld", (long long)number.number);
    return true;
}

static void append_struct(char *out, size_t size, const bh_value *value)
{
    switch (value->type) {
    case BH_TYPE_SIZE:
        bh__append_text(out, size, "%d x %d", value->of.as_size.width, value->of.as_size.height);
        break;
    case BH_TYPE_POINT:
        bh__append_text(out, size, "%d, %d", value->of.as_point.x, value->of.as_point.y);
        break;
    case BH_TYPE_POINTF:
        bh__append_text(out, size, "%g, %g", value->of.as_pointf.x, value->of.as_pointf.y);
        break;
    case BH_TYPE_RECT:
        bh__append_text(out, size, "%d, %d, %d x %d", value->of.as_rect.x, value->of.as_rect.y, value->of.as_rect.width,
                        value->of.as_rect.height);
        break;
    case BH_TYPE_COLOR:
        bh__append_text(out, size, "#%02x%02x%02x/%d", value->of.as_color.red, value->of.as_color.green, value->of.as_color.blue,
                        value->of.as_color.alpha);
        break;
    case BH_TYPE_DATE:
        bh__append_text(out, size, "%04d-%02d-%02d", value->of.as_date.year, value->of.as_date.month, value->of.as_date.day);
        break;
    case BH_TYPE_TIME:
        bh__append_text(out, size, "%02d:%02d:%02d", value->of.as_time.hour, value->of.as_time.minute, value->of.as_time.second);
        break;
    case BH_TYPE_INDEX:
        bh__append_text(out, size, "%d, %d", value->of.as_index.row, value->of.as_index.column);
        break;
    default:
        out[strlen(out) - 1] = 0; /* the space after the type: nothing follows */
        break;
    }
}

const char *bh__value_text(const bh_value *value, char *out, size_t size)
{
    snprintf(out, size, "%s ", bh_type_name(value->type));
    if (append_number(out, size, value))
        return out;
    if (value->type == BH_TYPE_STRING)
        append_string(out, size, value->of.as_string);
    else if (value->type == BH_TYPE_OBJECT)
        append_object(out, size, value->of.as_object);
    else if (value->type == BH_TYPE_POINTER)
        bh__append_text(out, size, value->of.as_pointer ? "%p" : "NULL", value->of.as_pointer);
    else
        append_struct(out, size, value);
    return out;
}

bool bh__is_callable(const bhs_method *method)
{
    bool callable = method->parameter_count <= BH_MAX_ARGUMENTS;
    for (int i = 0; callable && i < method->parameter_count; i++)
        callable = bh__is_variant(method->parameter_ids[i]) || bhs_type_of(method->parameter_ids[i], NULL) != BH_TYPE_VOID;
    return callable;
}

bhs_object *bh__on_object_given(const bh_object *handle)
{
    bh__object *object = bh__pin(handle, BH__OBJECT);
    bhs_object *qt = object ? object->qt : NULL;
    if (object)
        bh__unpin(handle);
    return qt;
}

bh_object *bh__on_object_taken(bhs_object *object)
{
    return bh__wrap(object, false, "bh_object");
}
