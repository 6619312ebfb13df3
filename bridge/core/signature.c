/* Signatures: reading them, and finding the method that a name means. */
#include "core/signature.h"

#include "base/status.h"
#include "base/text.h"

#include <bulkhead/introspect.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

static bool starts_name(char c)
{
    return isalpha((unsigned char)c) || c == '_';
}

static bool continues_name(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

bool bh__is_identifier(const char *text)
{
    if (!text || !starts_name(text[0]))
        return false;
    size_t length = 1;
    while (continues_name(text[length]))
        length++;
    return !text[length] && length < BH__NAME_SIZE;
}

static const char *skip_spaces(const char *at)
{
    while (*at == ' ' || *at == '\t')
        at++;
    return at;
}

static bh_status complain(char *why, size_t size, const char *text, const char *at, const char *problem)
{
    char shown[64];
    bh__copy_text(shown, sizeof shown, text);
    snprintf(why, size, "%s at character %d of '%s'", problem, (int)(at - text) + 1, shown);
    return BH_ERROR_SIGNATURE;
}

/* "const QString &" means what "QString" means, as Qt normalises it. */
static void normalize_type(char *type)
{
    size_t length = strlen(type);
    bool reference = length && type[length - 1] == '&';
    if (reference)
        type[--length] = 0;
    while (length && type[length - 1] == ' ')
        type[--length] = 0;
    bool pointer = length && type[length - 1] == '*';
    if (length > 6 && memcmp(type, "const ", 6) == 0 && !pointer)
        memmove(type, type + 6, length - 5);
}

/* Copies one type up to a comma or the closing bracket, without spaces but for those between words. */
static bh_status read_type(const char *text, const char **at, char *out, char *why, size_t size)
{
    const char *start = *at = skip_spaces(*at);
    size_t length = 0;
    int depth = 0;
    for (; **at && (depth || (**at != ',' && **at != ')')); ++*at) {
        char c = **at;
        if (!continues_name(c) && !strchr(":<>*& \t,", c))
            return complain(why, size, text, *at, "a character that no type has");
        depth += (c == '<') - (c == '>');
        if (c == ' ' || c == '\t') {
            c = ' ';
            const char *next = skip_spaces(*at);
            if (!continues_name(*next) || !length || !continues_name(out[length - 1]))
                continue;
            if (out[length - 1] == ' ')
                continue;
        }
        if (length + 1 >= BH__NAME_SIZE)
            return complain(why, size, text, start, "a type longer than 63 characters");
        out[length++] = c;
    }
    out[length] = 0;
    normalize_type(out);
    if (!out[0] || (!starts_name(out[0])))
        return complain(why, size, text, start, "a type is missing");
    return BH_OK;
}

static bh_status read_list(const char *text, const char **at, bh__signature *out, char *why, size_t size)
{
    *at = skip_spaces(*at + 1);
    if (**at == ')') {
        ++*at;
        return BH_OK;
    }
    for (;;) {
        if (out->count == BH_MAX_ARGUMENTS)
            return complain(why, size, text, *at, "more than 8 parameters");
        bh_status status = read_type(text, at, out->type_names[out->count], why, size);
        if (status)
            return status;
        out->count++;
        if (**at == ')') {
            ++*at;
            return BH_OK;
        }
        if (**at != ',')
            return complain(why, size, text, *at, "')' is missing");
        ++*at;
    }
}

bh_status bh__signature_parse(const char *text, bh__signature *out, char *why, size_t size)
{
    memset(out, 0, sizeof *out);
    if (!text)
        return complain(why, size, "", "", "NULL instead of a signature");
    const char *at = skip_spaces(text);
    const char *start = at;
    if (!starts_name(*at))
        return complain(why, size, text, at, "a name is missing");
    while (continues_name(*at))
        at++;
    if (at - start >= BH__NAME_SIZE)
        return complain(why, size, text, start, "a name longer than 63 characters");
    memcpy(out->name, start, (size_t)(at - start));
    at = skip_spaces(at);
    out->has_list = *at == '(';
    bh_status status = out->has_list ? read_list(text, &at, out, why, size) : BH_OK;
    if (status)
        return status;
    at = skip_spaces(at);
    return *at ? complain(why, size, text, at, "more text than a signature has") : BH_OK;
}

const char *bh__signature_text(const bh__signature *signature, char *out, size_t size)
{
    out[0] = 0;
    bh__append_text(out, size, "%s(", signature->name);
    for (int i = 0; i < signature->count; i++)
        bh__append_text(out, size, "%s%s", i ? "," : "", signature->type_names[i]);
    bh__append_text(out, size, ")");
    return out;
}

/* --- finding */

static bool is_kind(const bhs_method *method, int kind)
{
    if (kind == BH_METHOD_SIGNAL)
        return method->kind == BH_METHOD_SIGNAL;
    return method->is_public && (method->kind == BH_METHOD_SLOT || method->kind == BH_METHOD_INVOKABLE);
}

static bool takes(const bhs_method *method, const bh_callback *callback)
{
    if (!callback)
        return true;
    if (callback->count > method->parameter_count)
        return false;
    for (int i = 0; i < callback->count; i++)
        if (bhs_type_of(method->parameter_ids[i], NULL) != callback->types[i])
            return false;
    return true;
}

typedef struct lookup {
    const bh_callback *callback;
    bhs_method best;
    int fitting, named; /* how many fit, how many have the name */
    char signatures[400];
    bh__nearest nearest;
} lookup;

static void consider(lookup *search, const bh__signature *wanted, const bhs_method *method)
{
    char text[600];
    bh__nearest_offer(&search->nearest, method->name);
    if (strcmp(method->name, wanted->name) != 0)
        return;
    if (wanted->has_list && strcmp(method->signature, bh__signature_text(wanted, text, sizeof text)) != 0) {
        bh__append_text(search->signatures, sizeof search->signatures, "%s%s", search->signatures[0] ? ", " : "",
                        method->signature);
        return;
    }
    search->named++;
    bh__append_text(search->signatures, sizeof search->signatures, "%s%s", search->signatures[0] ? ", " : "", method->signature);
    if (!takes(method, search->callback))
        return;
    if (!search->fitting++ || method->parameter_count > search->best.parameter_count)
        search->best = *method;
}

static void callback_text(const bh_callback *callback, char *out, size_t size)
{
    out[0] = 0;
    bh__append_text(out, size, "(");
    for (int i = 0; i < callback->count; i++)
        bh__append_text(out, size, "%s%s", i ? ", " : "", bh_type_name(callback->types[i]));
    bh__append_text(out, size, ")");
}

static void explain(const lookup *search, const bh__signature *wanted, int kind, const char *call, const char *object_text)
{
    const char *noun = kind == BH_METHOD_SIGNAL ? "signal" : "slot";
    char hint[96], types[256];
    if (search->named && search->callback) {
        callback_text(search->callback, types, sizeof types);
        bh__fail(BH_ERROR_SIGNATURE, call,
                 "%s: %s %s does not fit the callback's %s: take its types, or fewer of them from the left", object_text, noun,
                 search->signatures, types);
    } else if (search->signatures[0]) {
        char text[600];
        bh__fail(BH_ERROR_SIGNATURE, call, "%s has no %s '%s': it has %s", object_text, noun,
                 bh__signature_text(wanted, text, sizeof text), search->signatures);
    } else {
        bh__fail(BH_ERROR_NAME, call, "%s has no %s '%s'%s", object_text, noun, wanted->name,
                 bh__nearest_hint(&search->nearest, hint, sizeof hint));
    }
}

bool bh__find_method(const bhs_meta *meta, const char *name, int kind, const bh_callback *callback, bhs_method *out,
                     const char *call, const char *object_text)
{
    bh__signature wanted;
    char why[200];
    if (bh__signature_parse(name, &wanted, why, sizeof why)) {
        bh__fail(name ? BH_ERROR_SIGNATURE : BH_ERROR_NULL, call, "%s: %s", object_text, why);
        return false;
    }
    lookup search = {.callback = callback};
    bh__nearest_begin(&search.nearest, wanted.name);
    int count = bhs_method_count(meta);
    for (int i = 0; i < count; i++) {
        bhs_method method;
        bhs_method_at(meta, i, &method);
        if (is_kind(&method, kind))
            consider(&search, &wanted, &method);
    }
    if (!search.fitting) {
        explain(&search, &wanted, kind, call, object_text);
        return false;
    }
    *out = search.best;
    return true;
}
