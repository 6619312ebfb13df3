/* Properties by name, strictly: an unknown name, a read-only property, a wrong type, a value out of range and an unknown enum
 * key are errors, with the nearest name in the sentence. Nothing is converted that could lose something, and no dynamic
 * property appears because of a typing error.
 *
 * All of them run on the object's thread. Getters clear their result on failure. */
#ifndef BULKHEAD_PROPERTY_H
#define BULKHEAD_PROPERTY_H

#include <bulkhead/value.h>

#ifdef __cplusplus
extern "C" {
#endif

BH_API bh_status bh_set_bool(bh_object *object, const char *property, bool value);
BH_API bh_status bh_get_bool(const bh_object *object, const char *property, bool *value);

/* For integer properties of every width (checked against their range), double properties, and enums and flags by value (checked
 * against their keys). bh_get_int refuses a value that needs 64 bits. */
BH_API bh_status bh_set_int(bh_object *object, const char *property, int value);
BH_API bh_status bh_get_int(const bh_object *object, const char *property, int *value);
BH_API bh_status bh_set_int64(bh_object *object, const char *property, int64_t value);
BH_API bh_status bh_get_int64(const bh_object *object, const char *property, int64_t *value);

BH_API bh_status bh_set_double(bh_object *object, const char *property, double value);
BH_API bh_status bh_get_double(const bh_object *object, const char *property, double *value);

/* For texts, byte arrays, URLs (strict), key sequences, and icons and pixmaps (the name of a file or resource, to set only).
 * NULL sets "". A string got is a new one, yours: bh_free. */
BH_API bh_status bh_set_string(bh_object *object, const char *property, const char *value);
BH_API bh_status bh_get_string(const bh_object *object, const char *property, char **value);

/* Enums and flags by their keys: "AlignRight|AlignVCenter". A string got is a new one, yours: bh_free. */
BH_API bh_status bh_set_enum(bh_object *object, const char *property, const char *keys);
BH_API bh_status bh_get_enum(const bh_object *object, const char *property, char **keys);

/* NULL-terminated; NULL sets the empty list. A list got is one new block, yours: bh_free. */
BH_API bh_status bh_set_strings(bh_object *object, const char *property, const char *const *values);
BH_API bh_status bh_get_strings(const bh_object *object, const char *property, char ***values);

/* NULL is allowed where Qt allows it. The object must be of the property's class. */
BH_API bh_status bh_set_object(bh_object *object, const char *property, bh_object *value);
BH_API bh_status bh_get_object(const bh_object *object, const char *property, bh_object **value);

BH_API bh_status bh_set_size(bh_object *object, const char *property, bh_size value);
BH_API bh_status bh_get_size(const bh_object *object, const char *property, bh_size *value);
BH_API bh_status bh_set_point(bh_object *object, const char *property, bh_point value);
BH_API bh_status bh_get_point(const bh_object *object, const char *property, bh_point *value);
BH_API bh_status bh_set_rect(bh_object *object, const char *property, bh_rect value);
BH_API bh_status bh_get_rect(const bh_object *object, const char *property, bh_rect *value);
BH_API bh_status bh_set_color(bh_object *object, const char *property, bh_color value);
BH_API bh_status bh_get_color(const bh_object *object, const char *property, bh_color *value);
BH_API bh_status bh_set_font(bh_object *object, const char *property, const bh_font *value);
BH_API bh_status bh_get_font(const bh_object *object, const char *property, bh_font *value);

/* A date or time that does not exist (30 February, 25:00) is BH_ERROR_RANGE. */
BH_API bh_status bh_set_date(bh_object *object, const char *property, bh_date value);
BH_API bh_status bh_get_date(const bh_object *object, const char *property, bh_date *value);
BH_API bh_status bh_set_time(bh_object *object, const char *property, bh_time value);
BH_API bh_status bh_get_time(const bh_object *object, const char *property, bh_time *value);
BH_API bh_status bh_set_date_time(bh_object *object, const char *property, bh_date_time value);
BH_API bh_status bh_get_date_time(const bh_object *object, const char *property, bh_date_time *value);

#define bh_set_bool(...) BH_AT(bh_set_bool(__VA_ARGS__))
#define bh_get_bool(...) BH_AT(bh_get_bool(__VA_ARGS__))
#define bh_set_int(...) BH_AT(bh_set_int(__VA_ARGS__))
#define bh_get_int(...) BH_AT(bh_get_int(__VA_ARGS__))
#define bh_set_int64(...) BH_AT(bh_set_int64(__VA_ARGS__))
#define bh_get_int64(...) BH_AT(bh_get_int64(__VA_ARGS__))
#define bh_set_double(...) BH_AT(bh_set_double(__VA_ARGS__))
#define bh_get_double(...) BH_AT(bh_get_double(__VA_ARGS__))
#define bh_set_string(...) BH_AT(bh_set_string(__VA_ARGS__))
#define bh_get_string(...) BH_AT(bh_get_string(__VA_ARGS__))
#define bh_set_enum(...) BH_AT(bh_set_enum(__VA_ARGS__))
#define bh_get_enum(...) BH_AT(bh_get_enum(__VA_ARGS__))
#define bh_set_strings(...) BH_AT(bh_set_strings(__VA_ARGS__))
#define bh_get_strings(...) BH_AT(bh_get_strings(__VA_ARGS__))
#define bh_set_object(...) BH_AT(bh_set_object(__VA_ARGS__))
#define bh_get_object(...) BH_AT(bh_get_object(__VA_ARGS__))
#define bh_set_size(...) BH_AT(bh_set_size(__VA_ARGS__))
#define bh_get_size(...) BH_AT(bh_get_size(__VA_ARGS__))
#define bh_set_point(...) BH_AT(bh_set_point(__VA_ARGS__))
#define bh_get_point(...) BH_AT(bh_get_point(__VA_ARGS__))
#define bh_set_rect(...) BH_AT(bh_set_rect(__VA_ARGS__))
#define bh_get_rect(...) BH_AT(bh_get_rect(__VA_ARGS__))
#define bh_set_color(...) BH_AT(bh_set_color(__VA_ARGS__))
#define bh_get_color(...) BH_AT(bh_get_color(__VA_ARGS__))
#define bh_set_font(...) BH_AT(bh_set_font(__VA_ARGS__))
#define bh_get_font(...) BH_AT(bh_get_font(__VA_ARGS__))
#define bh_set_date(...) BH_AT(bh_set_date(__VA_ARGS__))
#define bh_get_date(...) BH_AT(bh_get_date(__VA_ARGS__))
#define bh_set_time(...) BH_AT(bh_set_time(__VA_ARGS__))
#define bh_get_time(...) BH_AT(bh_get_time(__VA_ARGS__))
#define bh_set_date_time(...) BH_AT(bh_set_date_time(__VA_ARGS__))
#define bh_get_date_time(...) BH_AT(bh_get_date_time(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
