/* What there is: classes, and their properties, signals, slots and enums, by reflection.
 *
 * Each list is one block, yours: bh_free. Any thread, also before the application exists. */
#ifndef BULKHEAD_INTROSPECT_H
#define BULKHEAD_INTROSPECT_H

#include <bulkhead/value.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bh_property_info {
    const char *name;
    const char *type_name; /* as Qt spells it, "Qt::Alignment" */
    bh_type type;          /* BH_TYPE_VOID: a type that C cannot hold */
    bool is_enum;          /* also by key: bh_set_enum */
    bool writable;
    const char *notify; /* the signal that tells of a change, or NULL */
} bh_property_info;

typedef enum bh_method_kind { BH_METHOD_SIGNAL, BH_METHOD_SLOT, BH_METHOD_INVOKABLE } bh_method_kind;

typedef struct bh_method_info {
    const char *signature; /* "valueChanged(int)" */
    const char *returns;   /* as Qt spells it, "void" */
    bh_method_kind kind;
    bool callable; /* each parameter has a C type */
} bh_method_info;

typedef struct bh_enum_key_info {
    const char *enum_name;
    const char *key;
    int value;
    bool is_flag;
} bh_enum_key_info;

/* The names that bh_create knows, sorted, NULL-terminated. */
BH_API bh_status bh_class_names(char ***names);

/* Of a class that bh_create knows or of a C-defined class that has been used once; inherited ones included, public ones only. */
BH_API bh_status bh_class_properties(const char *class_name, bh_property_info **out, size_t *count);
BH_API bh_status bh_class_methods(const char *class_name, bh_method_info **out, size_t *count);
BH_API bh_status bh_class_enums(const char *class_name, bh_enum_key_info **out, size_t *count);

#define bh_class_names(...) BH_AT(bh_class_names(__VA_ARGS__))
#define bh_class_properties(...) BH_AT(bh_class_properties(__VA_ARGS__))
#define bh_class_methods(...) BH_AT(bh_class_methods(__VA_ARGS__))
#define bh_class_enums(...) BH_AT(bh_class_enums(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
