/* Signatures as a program writes them: "progress(int,QString)". */
#ifndef CORE_SIGNATURE_H
#define CORE_SIGNATURE_H

#include "shim/shim.h"

#include <bulkhead/callback.h>

enum { BH__NAME_SIZE = 64 };

typedef struct bh__signature {
    char name[BH__NAME_SIZE];
    int count;
    char type_names[BH_MAX_ARGUMENTS][BH__NAME_SIZE]; /* as Qt spells them */
    bool has_list;                                    /* written with parentheses */
} bh__signature;

/* Reads TEXT. BH_ERROR_SIGNATURE with the reason and the place in WHY. Touches nothing of Qt. */
bh_status bh__signature_parse(const char *text, bh__signature *out, char *why, size_t size);

/* True if TEXT is a C identifier that fits BH__NAME_SIZE. */
bool bh__is_identifier(const char *text);

/* "name(int,QString)" from the parts. Returns OUT. */
const char *bh__signature_text(const bh__signature *signature, char *out, size_t size);

/* The method of META that NAME means: a name alone, which then must be the only one of KIND or one that has CALLBACK's types, or a whole
 * signature. KIND: bh_method_kind, or -1 for slots and invokables. Reports for CALL, with the object's text, what does not fit. */
bool bh__find_method(const bhs_meta *meta, const char *name, int kind, const bh_callback *callback, bhs_method *out,
                     const char *call, const char *object_text);

#endif
