/* Laying a QMetaObject by hand, in the data format of Qt 6.0 (revision 9).
 *
 * Later versions of Qt 6 read it, because programs whose tables an old moc wrote must go on working. The layout is that of moc's
 * output: a header of 14 numbers, methods of 6, their parameters, properties of 5; strings as (offset, length) pairs in front of
 * their bytes; and the type interfaces, those of properties first. QMetaObjectBuilder, which would do the same, is private API. */
#include "base/memory.h"
#include "core/class.h"

#include <string.h>

enum {
    REVISION = 9,
    HEADER = 14,
    PER_METHOD = 6,
    PER_PROPERTY = 5,
    PUBLIC_SIGNAL = 0x06,
    PUBLIC_SLOT = 0x0a,
    READABLE = 0x00000001,
    WRITABLE = 0x00000002,
    STORED = 0x00010000,
    SCRIPTABLE = 0x00004000,
    DESIGNABLE = 0x00001000,
    VOID_TYPE = 43,
    FIRST_USER_TYPE = 65536
};

#define UNRESOLVED UINT32_C(0x80000000)

/* All three tables, filled in order. */
typedef struct table {
    uint32_t *data, *strings;
    const void **types;
    int data_count, string_count, type_count;
    size_t text_at; /* where the next string goes, counted from the start of the table */
    bool measuring; /* the first pass only counts */
} table;

static void put(table *t, uint32_t number)
{
    if (!t->measuring)
        t->data[t->data_count] = number;
    t->data_count++;
}

static void put_type(table *t, int id)
{
    if (!t->measuring)
        t->types[t->type_count] = bhs_type_interface(id);
    t->type_count++;
}

/* Appends a string and returns its number. */
static uint32_t text(table *t, const char *string)
{
    size_t length = strlen(string);
    if (!t->measuring) {
        t->strings[2 * t->string_count] = (uint32_t)t->text_at;
        t->strings[2 * t->string_count + 1] = (uint32_t)length;
        memcpy((char *)t->strings + t->text_at, string, length + 1);
    }
    t->text_at += length + 1;
    return (uint32_t)t->string_count++;
}

static uint32_t type_number(table *t, int id)
{
    return id < FIRST_USER_TYPE ? (uint32_t)id : UNRESOLVED | text(t, bhs_type_name(id));
}

static void put_method(table *t, const bh__class_method *method, uint32_t parameters, uint32_t flags)
{
    put(t, text(t, method->signature.name));
    put(t, (uint32_t)method->signature.count);
    put(t, parameters);
    put(t, text(t, ""));
    put(t, flags);
    put(t, (uint32_t)t->type_count);
    put_type(t, VOID_TYPE);
    for (int i = 0; i < method->signature.count; i++)
        put_type(t, method->type_ids[i]);
}

static void put_parameters(table *t, const bh__class_method *method)
{
    put(t, VOID_TYPE);
    for (int i = 0; i < method->signature.count; i++)
        put(t, type_number(t, method->type_ids[i]));
    for (int i = 0; i < method->signature.count; i++)
        put(t, text(t, ""));
}

static uint32_t parameter_size(const bh__class_method *method)
{
    return 1 + 2 * (uint32_t)method->signature.count;
}

static void put_header(table *t, const bh__class *class)
{
    int methods = class->signal_count + class->slot_count;
    int properties_at = HEADER + methods * PER_METHOD;
    for (int i = 0; i < class->signal_count; i++)
        properties_at += (int)parameter_size(&class->signals[i]);
    for (int i = 0; i < class->slot_count; i++)
        properties_at += (int)parameter_size(&class->slots[i]);
    const int header[HEADER] = {REVISION,
                                (int)text(t, class->name),
                                0,
                                0,
                                methods,
                                methods ? HEADER : 0,
                                class->property_count,
                                class->property_count ? properties_at : 0,
                                0,
                                0,
                                0,
                                0,
                                0,
                                class->signal_count};
    for (int i = 0; i < HEADER; i++)
        put(t, (uint32_t)header[i]);
}

static void fill(table *t, const bh__class *class)
{
    put_header(t, class);
    for (int i = 0; i < class->property_count; i++)
        put_type(t, class->properties[i].type_id);
    uint32_t parameters = HEADER + (uint32_t)(class->signal_count + class->slot_count) * PER_METHOD;
    for (int i = 0; i < class->signal_count; i++) {
        put_method(t, &class->signals[i], parameters, PUBLIC_SIGNAL);
        parameters += parameter_size(&class->signals[i]);
    }
    for (int i = 0; i < class->slot_count; i++) {
        put_method(t, &class->slots[i], parameters, PUBLIC_SLOT);
        parameters += parameter_size(&class->slots[i]);
    }
    for (int i = 0; i < class->signal_count; i++)
        put_parameters(t, &class->signals[i]);
    for (int i = 0; i < class->slot_count; i++)
        put_parameters(t, &class->slots[i]);
    for (int i = 0; i < class->property_count; i++) {
        const bh__class_property *property = &class->properties[i];
        put(t, text(t, property->name));
        put(t, type_number(t, property->type_id));
        put(t, READABLE | STORED | SCRIPTABLE | DESIGNABLE | (property->read_only ? 0 : WRITABLE));
        put(t, (uint32_t)property->notify);
        put(t, 0);
    }
    put(t, 0);
}

const bhs_meta *bh__metaobject_lay(const bh__class *class)
{
    table measured = {.measuring = true};
    fill(&measured, class);
    size_t pairs = 2 * sizeof(uint32_t) * (size_t)measured.string_count;
    table t = {.text_at = pairs};
    t.data = bh__malloc(sizeof *t.data * (size_t)measured.data_count);
    t.strings = bh__malloc(pairs + measured.text_at);
    t.types = bh__malloc(sizeof *t.types * (size_t)measured.type_count);
    const bhs_meta *meta = NULL;
    if (t.data && t.strings && t.types) {
        fill(&t, class);
        meta = bhs_meta_create(bhs_base_meta(class->base), t.strings, t.data, t.types);
    }
    if (meta)
        return meta;
    bh__free(t.data);
    bh__free(t.strings);
    bh__free(t.types);
    return NULL;
}
