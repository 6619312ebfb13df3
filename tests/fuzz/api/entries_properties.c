/* property.h and call.h */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

typedef struct place {
    bh_object *object;
    const char *property;
} place;

/* Properties that make Qt itself allocate or loop in proportion to their value, or in a circle: no call of ours can know. */
static bool is_bomb(const char *property)
{
    static const char *const bombs[] = {"rowCount",    "columnCount",    "tickInterval", "tickPosition", "singleStep",
                                        "notchTarget", "notchesVisible", "digitCount",   "pageStep",     "sourceModel"};
    for (size_t i = 0; property && i < sizeof bombs / sizeof bombs[0]; i++)
        if (!strcmp(property, bombs[i]))
            return true;
    return false;
}

/* An object and the name of a property of it: mostly one of TYPE. */
static place any_place(bh_type type, bool is_enum)
{
    const fuzz_class *of;
    const bh_property_info *property;
    if (fuzz_chance(75) && fuzz_property_of_type(type, is_enum, &of, &property)) {
        fuzz_target target = fuzz_target_of(of);
        return (place){target.object, fuzz_mutated(property->name)};
    }
    fuzz_target target = fuzz_target_any(NULL);
    return (place){target.object, fuzz_property_name(target.of)};
}

#define SETTER(name, ctype, tag, is_enum, make)                                                               \
    static fuzz_result run_bh_set_##name(void)                                                                \
    {                                                                                                         \
        place at = any_place(tag, is_enum);                                                                   \
        ctype value = make;                                                                                   \
        return is_bomb(at.property) ? FUZZ_QUIET : fuzz_status(bh_set_##name(at.object, at.property, value)); \
    }

/* How much of a result must be cleared: not the padding at the end of a font. */
static size_t cleared_size(size_t size)
{
    return size == sizeof(bh_font) ? offsetof(bh_font, italic) : size;
}

/* Getters clear their result on failure. */
#define GETTER(name, ctype, tag, is_enum, release)                                                           \
    static fuzz_result run_bh_get_##name(void)                                                               \
    {                                                                                                        \
        place at = any_place(tag, is_enum);                                                                  \
        ctype value;                                                                                         \
        ctype clear;                                                                                         \
        memset(&value, 0x5A, sizeof value);                                                                  \
        memset(&clear, 0, sizeof clear);                                                                     \
        bool no_place = fuzz_chance(3);                                                                      \
        bh_status status = bh_get_##name(at.object, at.property, no_place ? NULL : &value);                  \
        if (status && !no_place && memcmp(&value, &clear, cleared_size(sizeof value)) != 0)                  \
            fuzz_complain("bh_get_" #name, "the result was not cleared on failure", bh_status_name(status)); \
        if (!status)                                                                                         \
            release;                                                                                         \
        return fuzz_status(status);                                                                          \
    }

#define BOTH(name, ctype, tag, make)      \
    SETTER(name, ctype, tag, false, make) \
    GETTER(name, ctype, tag, false, (void)0)

/* Not by BOTH, in which bool would become _Bool. */
SETTER(bool, bool, BH_TYPE_BOOL, false, fuzz_bool())
GETTER(bool, bool, BH_TYPE_BOOL, false, (void)0)
BOTH(int, int, BH_TYPE_INT, fuzz_int())
BOTH(double, double, BH_TYPE_DOUBLE, fuzz_double())
BOTH(size, bh_size, BH_TYPE_SIZE, fuzz_size())
BOTH(point, bh_point, BH_TYPE_POINT, fuzz_point())
BOTH(rect, bh_rect, BH_TYPE_RECT, fuzz_rect())
BOTH(color, bh_color, BH_TYPE_COLOR, fuzz_color())
BOTH(date, bh_date, BH_TYPE_DATE, fuzz_date())
BOTH(time, bh_time, BH_TYPE_TIME, fuzz_time())
BOTH(date_time, bh_date_time, BH_TYPE_DATE_TIME, fuzz_date_time())
SETTER(int64, int64_t, fuzz_chance(50) ? BH_TYPE_INT64 : BH_TYPE_INT, false, fuzz_value(BH_TYPE_INT64).of.as_int64)
GETTER(int64, int64_t, BH_TYPE_INT, false, (void)0)
SETTER(string, const char *, BH_TYPE_STRING, false, fuzz_text())
GETTER(string, char *, BH_TYPE_STRING, false, bh_free(value))
SETTER(font, const bh_font *, BH_TYPE_FONT, false, fuzz_font())
GETTER(font, bh_font, BH_TYPE_FONT, false, (void)0)
SETTER(strings, const char *const *, BH_TYPE_STRINGS, false, fuzz_strings())
GETTER(strings, char **, BH_TYPE_STRINGS, false, bh_free(value))
SETTER(object, bh_object *, BH_TYPE_OBJECT, false, fuzz_chance(30) ? NULL : fuzz_object("QWidget"))
GETTER(object, bh_object *, BH_TYPE_OBJECT, false, fuzz_keep(FUZZ_OBJECT, value))
GETTER(enum, char *, BH_TYPE_INT, true, bh_free(value))

static fuzz_result run_bh_set_enum(void)
{
    const fuzz_class *of;
    const bh_property_info *property;
    if (!fuzz_property_of_type(BH_TYPE_INT, true, &of, &property))
        return FUZZ_QUIET;
    const char *name = fuzz_mutated(property->name);
    return is_bomb(name) ? FUZZ_QUIET : fuzz_status(bh_set_enum(fuzz_target_of(of).object, name, fuzz_key_text(of)));
}

/* --- call.h */

/* Arguments that fit METHOD if its parameters can be told from its name, or any; how many. */
static int make_arguments(const char *method, bh_value arguments[BH_MAX_ARGUMENTS])
{
    bh_type types[BH_MAX_ARGUMENTS];
    int count = method ? fuzz_signature_types(method, types) : -1;
    bool fits = count >= 0 && fuzz_chance(90);
    if (!fits)
        count = fuzz_small(0, 3);
    for (int i = 0; i < count; i++)
        arguments[i] = fuzz_value(fits ? types[i] : fuzz_type());
    return count;
}

static void release_result(bh_value *result)
{
    if (result->type == BH_TYPE_OBJECT)
        fuzz_keep(FUZZ_OBJECT, result->of.as_object);
    else if (result->type == BH_TYPE_STRING || result->type == BH_TYPE_STRINGS || result->type == BH_TYPE_FONT)
        bh_free((void *)(uintptr_t)result->of.as_pointer);
}

static fuzz_result run_bh_call_values(void)
{
    fuzz_target target = fuzz_chance(70) ? fuzz_target_of(fuzz_class_any()) : fuzz_target_any(NULL);
    const char *method = fuzz_method_name(target.of, true);
    bh_value arguments[BH_MAX_ARGUMENTS], result = {.type = fuzz_type()};
    int count = make_arguments(method, arguments);
    if (fuzz_chance(2))
        count = fuzz_chance(50) ? fuzz_small(-3, -1) : fuzz_small(9, 1000);
    if (method && fuzz_is_harmful(method))
        return FUZZ_QUIET;
    bool wants_result = fuzz_chance(30);
    bh_status status =
        bh_call_values(target.object, method, wants_result ? &result : NULL, count, fuzz_chance(98) ? arguments : NULL);
    if (!status && wants_result)
        release_result(&result);
    return fuzz_status(status);
}

const fuzz_entry fuzz_property_entries[] = {
    FUZZ_ENTRY(bh_set_bool),      FUZZ_ENTRY(bh_get_bool),
    FUZZ_ENTRY(bh_set_int),       FUZZ_ENTRY(bh_get_int),
    FUZZ_ENTRY(bh_set_int64),     FUZZ_ENTRY(bh_get_int64),
    FUZZ_ENTRY(bh_set_double),    FUZZ_ENTRY(bh_get_double),
    FUZZ_ENTRY(bh_set_string),    FUZZ_ENTRY(bh_get_string),
    FUZZ_ENTRY(bh_set_enum),      FUZZ_ENTRY(bh_get_enum),
    FUZZ_ENTRY(bh_set_strings),   FUZZ_ENTRY(bh_get_strings),
    FUZZ_ENTRY(bh_set_object),    FUZZ_ENTRY(bh_get_object),
    FUZZ_ENTRY(bh_set_size),      FUZZ_ENTRY(bh_get_size),
    FUZZ_ENTRY(bh_set_point),     FUZZ_ENTRY(bh_get_point),
    FUZZ_ENTRY(bh_set_rect),      FUZZ_ENTRY(bh_get_rect),
    FUZZ_ENTRY(bh_set_color),     FUZZ_ENTRY(bh_get_color),
    FUZZ_ENTRY(bh_set_font),      FUZZ_ENTRY(bh_get_font),
    FUZZ_ENTRY(bh_set_date),      FUZZ_ENTRY(bh_get_date),
    FUZZ_ENTRY(bh_set_time),      FUZZ_ENTRY(bh_get_time),
    FUZZ_ENTRY(bh_set_date_time), FUZZ_ENTRY(bh_get_date_time),
    FUZZ_ENTRY(bh_call_values),   {NULL, NULL, 0},
};
