/* Calling a callback with natural C arguments: typed calls for the commonest signatures, libffi's ffi_call for all others.
 * No closures, which need executable memory: Qt calls us, we call C. */
#include "core/connection.h"

#include <string.h>

static ffi_type *const two_ints[] = {&ffi_type_sint, &ffi_type_sint, NULL};
static ffi_type *const two_doubles[] = {&ffi_type_double, &ffi_type_double, NULL};
static ffi_type *const three_ints[] = {&ffi_type_sint, &ffi_type_sint, &ffi_type_sint, NULL};
static ffi_type *const four_ints[] = {&ffi_type_sint, &ffi_type_sint, &ffi_type_sint, &ffi_type_sint, NULL};
static ffi_type *const four_bytes[] = {&ffi_type_uint8, &ffi_type_uint8, &ffi_type_uint8, &ffi_type_uint8, NULL};

/* libffi lays a struct out when its first cif is prepared; these are laid out here, so that nothing is written at run time. */
#define STRUCT(elements_, size_, alignment_)                                                                      \
    {                                                                                                             \
        .size = (size_), .alignment = (alignment_), .type = FFI_TYPE_STRUCT, .elements = (ffi_type **)(elements_) \
    }
static ffi_type type_two_ints = STRUCT(two_ints, 8, 4);
static ffi_type type_pointf = STRUCT(two_doubles, 16, 8);
static ffi_type type_date = STRUCT(three_ints, 12, 4);
static ffi_type type_four_ints = STRUCT(four_ints, 16, 4);
static ffi_type type_color = STRUCT(four_bytes, 4, 1);

static ffi_type *ffi_type_of(bh_type type)
{
    switch (type) {
    case BH_TYPE_BOOL:
        return &ffi_type_uint8;
    case BH_TYPE_INT:
        return &ffi_type_sint;
    case BH_TYPE_UINT:
        return &ffi_type_uint;
    case BH_TYPE_INT64:
        return &ffi_type_sint64;
    case BH_TYPE_UINT64:
        return &ffi_type_uint64;
    case BH_TYPE_DOUBLE:
        return &ffi_type_double;
    case BH_TYPE_SIZE:
    case BH_TYPE_POINT:
    case BH_TYPE_INDEX:
        return &type_two_ints;
    case BH_TYPE_POINTF:
        return &type_pointf;
    case BH_TYPE_RECT:
    case BH_TYPE_TIME:
    case BH_TYPE_DATE_TIME:
        return &type_four_ints;
    case BH_TYPE_COLOR:
        return &type_color;
    case BH_TYPE_DATE:
        return &type_date;
    default:
        return &ffi_type_pointer;
    }
}

static void call_none(bh_function function, void *const *leading, void **arguments)
{
    (void)arguments;
    ((void (*)(void *))function)(leading[0]);
}

static void call_int(bh_function function, void *const *leading, void **arguments)
{
    ((void (*)(void *, int))function)(leading[0], *(int *)arguments[0]);
}

static void call_bool(bh_function function, void *const *leading, void **arguments)
{
    ((void (*)(void *, bool))function)(leading[0], *(bool *)arguments[0]);
}

static void call_pointer(bh_function function, void *const *leading, void **arguments)
{
    ((void (*)(void *, const void *))function)(leading[0], *(const void **)arguments[0]);
}

static void call_int_pointer(bh_function function, void *const *leading, void **arguments)
{
    ((void (*)(void *, int, const void *))function)(leading[0], *(int *)arguments[0], *(const void **)arguments[1]);
}

static bool is_pointer(bh_type type)
{
    return type == BH_TYPE_STRING || type == BH_TYPE_OBJECT;
}

static void choose_trampoline(bh__invoker *invoker, const bh_callback *callback)
{
    const bh_type *types = callback->types;
    if (invoker->leading != 1)
        return;
    if (callback->count == 0)
        invoker->trampoline = call_none;
    else if (callback->count == 1 && types[0] == BH_TYPE_INT)
        invoker->trampoline = call_int;
    else if (callback->count == 1 && types[0] == BH_TYPE_BOOL)
        invoker->trampoline = call_bool;
    else if (callback->count == 1 && is_pointer(types[0]))
        invoker->trampoline = call_pointer;
    else if (callback->count == 2 && types[0] == BH_TYPE_INT && is_pointer(types[1]))
        invoker->trampoline = call_int_pointer;
}

bool bh__invoker_prepare(bh__invoker *invoker, const bh_callback *callback, int leading)
{
    memset(invoker, 0, sizeof *invoker);
    invoker->function = callback->function;
    invoker->leading = leading;
    invoker->count = callback->count;
    choose_trampoline(invoker, callback);
    for (int i = 0; i < leading; i++)
        invoker->types[i] = &ffi_type_pointer;
    for (int i = 0; i < callback->count; i++)
        invoker->types[leading + i] = ffi_type_of(callback->types[i]);
    unsigned count = (unsigned)(leading + callback->count);
    return ffi_prep_cif(&invoker->cif, FFI_DEFAULT_ABI, count, &ffi_type_void, invoker->types) == FFI_OK;
}

void bh__invoke(const bh__invoker *invoker, void *const *leading, void **arguments)
{
    if (invoker->trampoline) {
        invoker->trampoline(invoker->function, leading, arguments);
        return;
    }
    void *values[2 + BH_MAX_ARGUMENTS];
    for (int i = 0; i < invoker->leading; i++)
        values[i] = (void *)&leading[i];
    for (int i = 0; i < invoker->count; i++)
        values[invoker->leading + i] = arguments[i];
    ffi_arg nothing;
    ffi_call((ffi_cif *)&invoker->cif, invoker->function, &nothing, values);
}
