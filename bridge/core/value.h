/* Values: exact conversions between the natural C types, and texts for sentences. */
#ifndef CORE_VALUE_H
#define CORE_VALUE_H

#include "shim/shim.h"

#include <bulkhead/value.h>

/* Converts VALUE to the natural type TYPE where nothing can be lost (int to double and int64_t, 0 and 1 to bool, a pointer that is NULL
 * or a handle to an object or a string …). Borrows. BH_ERROR_TYPE or BH_ERROR_RANGE, not reported. */
bh_status bh__value_convert(const bh_value *value, bh_type type, bh_value *out);

/* Frees what bhs_read has given. */
void bh__value_release(bh_value *value);

/* For overloads: 0 cannot, 1 by conversion, 2 exactly. */
int bh__value_fits(const bh_value *value, bh_type type);

/* "int 7", "const char * \"abc…\"": for sentences. Returns OUT. */
const char *bh__value_text(const bh_value *value, char *out, size_t size);

/* Of the Qt type ID: a QVariant, which is made from any value and read as what it holds. */
static inline bool bh__is_variant(int id)
{
    return bhs_type_traits(id) & BHS_VARIANT;
}

/* True if C can give each parameter of METHOD. */
bool bh__is_callable(const bhs_method *method);

#endif
