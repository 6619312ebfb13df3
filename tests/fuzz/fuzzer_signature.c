/* libFuzzer: any bytes as a signature. The parser is compiled in, because the library does not export it; the functions of the shim
 * that its file needs besides are never called from here. */
#include "core/signature.c"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int bhs_method_count(const bhs_meta *meta)
{
    (void)meta;
    abort();
}

void bhs_method_at(const bhs_meta *meta, int index, bhs_method *out)
{
    (void)meta;
    (void)index;
    (void)out;
    abort();
}

bh_type bhs_type_of(int id, bool *is_enum)
{
    (void)id;
    (void)is_enum;
    abort();
}

const char *bhs_meta_name(const bhs_meta *meta)
{
    (void)meta;
    abort();
}

static void check(bool holds, const char *promise)
{
    if (!holds) {
        fprintf(stderr, "broken promise: %s\n", promise);
        abort();
    }
}

/* What was read, written and read again, is the same; but for types that are none, of which each reading strips a "const" or a "&". */
static void check_read(const bh__signature *read)
{
    char text[BH__NAME_SIZE * (BH_MAX_ARGUMENTS + 2)], why[256] = "";
    bh__signature again;
    check(bh__is_identifier(read->name), "the name is an identifier");
    check(read->count >= 0 && read->count <= BH_MAX_ARGUMENTS, "at most 8 parameters");
    check(read->count == 0 || read->has_list, "parameters stand in a list");
    for (int i = 0; i < read->count; i++)
        check(read->type_names[i][0] && memchr(read->type_names[i], 0, BH__NAME_SIZE), "each parameter has a type");
    bh__signature_text(read, text, sizeof text);
    bh_status status = bh__signature_parse(text, &again, why, sizeof why);
    check(status == BH_OK || strstr(text, "const"), text);
    check(status || (again.count == read->count && !strcmp(again.name, read->name)), text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *text = malloc(size + 1), why[200] = "";
    bh__signature read;
    if (!text)
        return 0;
    memcpy(text, bytes, size);
    text[size] = 0;
    bh_status status = bh__signature_parse(text, &read, why, sizeof why);
    check(status == BH_OK || status == BH_ERROR_SIGNATURE, "read, or refused");
    check((status == BH_OK) == !why[0], "a reason if and only if it was refused");
    if (status == BH_OK)
        check_read(&read);
    bh__is_identifier(text);
    free(text);
    return 0;
}
