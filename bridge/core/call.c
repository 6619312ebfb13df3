/* Calls by name: finds the one method that takes these arguments, makes Qt values of them, and calls it.
 *
 * The method may delete the object, or run an event loop in which it is deleted: after the call nothing of it is touched. */
#include "base/status.h"
#include "base/text.h"
#include "core/limits.h"
#include "core/object.h"
#include "core/painter.h"
#include "core/property_cache.h"
#include "core/value.h"

#include <bulkhead/call.h>
#include <bulkhead/introspect.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char call_name[] = "bh_call";

typedef struct call {
    const bh_object *handle;
    bhs_object *qt; /* until the method runs */
    const bhs_meta *meta;
    const char *name; /* as given: a name or a whole signature */
    int count;
    const bh_value *arguments;
    bh_value *result;
} call;

/* The method to call: what of a bhs_method is needed for it. */
typedef struct chosen {
    const char *name; /* Qt's own, static */
    int index;
    int return_id;
    int count;
    int parameter_ids[BH_MAX_ARGUMENTS];
} chosen;

/* Calls whose name and number of arguments leave no choice, remembered per thread: finding the method costs more than most calls. */
typedef struct known_call {
    const bhs_meta *meta;
    chosen method;
} known_call;

enum { KNOWN_CALLS = 128 };

static _Thread_local known_call known_calls[KNOWN_CALLS];

/* Fails with "QLabel 'status' " before the rest; the object may have gone meanwhile. */
static bh_status refuse(const call *self, bh_status status, const char *format, ...) __attribute__((format(printf, 3, 4)));
static bh_status refuse(const call *self, bh_status status, const char *format, ...)
{
    bh__object *object = bh__payload_of(self->handle, BH__OBJECT);
    char text[112] = "an object that is gone", rest[800];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(rest, sizeof rest, format, arguments);
    va_end(arguments);
    if (object)
        bh__object_text(object, text, sizeof text);
    return bh__fail(status, call_name, "%s%s", text, rest);
}

/* --- which methods there are */

static bool is_visible(const bhs_method *method)
{
    return method->is_public && method->kind != BH_METHOD_SIGNAL;
}

/* The next method from *AT on that the name means; an overridden one counts once. */
static bool next_method(const call *self, int *at, bhs_method *out)
{
    if (strchr(self->name, '(')) {
        int index = *at == 0 ? bhs_method_index(self->meta, self->name) : -1;
        *at = 1;
        if (index >= 0)
            bhs_method_at(self->meta, index, out);
        return index >= 0;
    }
    while ((*at = bhs_method_find(self->meta, self->name, *at)) >= 0) {
        int index = (*at)++;
        bhs_method_at(self->meta, index, out);
        if (bhs_method_index(self->meta, out->signature) == index)
            return true;
    }
    return false;
}

static bool is_object_of(const bh_object *handle, int type_id)
{
    const bhs_meta *needed = bhs_type_meta(type_id);
    bhs_object *object = handle && needed ? bh__on_object_given(handle) : NULL;
    return !object || bhs_inherits(object, bhs_meta_name(needed));
}

/* 0: does not take it. 1: by conversion. 2: exactly, and by a type that would convert to another one. 3: exactly. */
static int argument_fits(const bh_value *value, int type_id)
{
    bool is_enum;
    bh_type natural = bhs_type_of(type_id, &is_enum);
    unsigned traits = bhs_type_traits(type_id);
    if (traits & BHS_VARIANT)
        return 1;
    if (natural == BH_TYPE_VOID)
        return 0;
    if (natural == BH_TYPE_OBJECT && value->type == BH_TYPE_OBJECT && !is_object_of(value->of.as_object, type_id))
        return 0;
    int fits = bh__value_fits(value, natural);
    return fits == 2 && !is_enum && traits & BHS_PLAIN ? 3 : fits;
}

/* How well the method takes the arguments; 0: not at all. */
static int method_fits(const call *self, const bhs_method *method)
{
    int sum = 1;
    if (!is_visible(method) || method->parameter_count != self->count || !bh__is_callable(method))
        return 0;
    for (int i = 0; i < self->count; i++) {
        int fits = argument_fits(&self->arguments[i], method->parameter_ids[i]);
        if (!fits)
            return 0;
        sum += fits;
    }
    return sum;
}

/* --- what is said when none, or more than one, fits */

static void list_methods(const call *self, char *out, size_t size)
{
    bhs_method method;
    int listed = 0;
    out[0] = 0;
    for (int at = 0; next_method(self, &at, &method);)
        if (is_visible(&method))
            bh__append_text(out, size, "%s%s%s", listed++ ? ", " : "", method.signature,
                            bh__is_callable(&method) ? "" : " (not callable from C)");
}

/* "; set its property with bh_set_string(object, "text", …)" for the setters that Qt has not made slots. */
static bool hint_property(const call *self, char *out, size_t size)
{
    char name[64];
    bool sets = strncmp(self->name, "set", 3) == 0 && isupper((unsigned char)self->name[3]);
    bh__copy_text(name, sizeof name, sets ? self->name + 3 : self->name);
    name[0] = (char)tolower((unsigned char)name[0]);
    const bh__property *property = bh__property_find(self->meta, name);
    if (!property || (sets && !property->writable))
        return false;
    snprintf(out, size, "; it has a property '%s': use bh_%s_…", name, sets ? "set" : "get");
    return true;
}

static bh_status refuse_unknown(const call *self)
{
    char hint[160], name[64], there_are[500];
    bhs_method method;
    bh__nearest nearest;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(self->name, "("), self->name);
    call plain = *self;
    plain.name = name;
    list_methods(&plain, there_are, sizeof there_are);
    if (there_are[0])
        return refuse(self, BH_ERROR_NAME, " has no '%.80s': there is %s", self->name, there_are);
    if (!hint_property(self, hint, sizeof hint)) {
        bh__nearest_begin(&nearest, name);
        for (int i = bhs_method_count(self->meta) - 1; i >= 0; i--) {
            bhs_method_at(self->meta, i, &method);
            if (is_visible(&method))
                bh__nearest_offer(&nearest, method.name);
        }
        bh__nearest_hint(&nearest, hint, sizeof hint);
    }
    return refuse(self, BH_ERROR_NAME, " has no slot or invokable method '%.80s'%s", self->name, hint);
}

static void list_arguments(const call *self, char *out, size_t size)
{
    char value[128];
    out[0] = 0;
    for (int i = 0; i < self->count; i++)
        bh__append_text(out, size, "%s%s", i ? ", " : "", bh__value_text(&self->arguments[i], value, sizeof value));
}

/* None fits: says which of name, number and types is wrong. VISIBLE counts the methods of the name. */
static bh_status refuse_misfit(const call *self, int visible, bool signal)
{
    char there_are[500], given[300];
    if (!visible && signal)
        return refuse(self, BH_ERROR_NAME,
                      ": '%.80s' is a signal: emit it with bh_emit in its class, or connect to it with bh_connect", self->name);
    if (!visible)
        return refuse_unknown(self);
    list_methods(self, there_are, sizeof there_are);
    list_arguments(self, given, sizeof given);
    return refuse(self, BH_ERROR_SIGNATURE, ": '%.80s' does not take (%s): there is %s", self->name, given, there_are);
}

/* The only method of the name and number, whose types are wrong: says which argument it is. */
static bh_status refuse_argument(const call *self, const bhs_method *method)
{
    for (int i = 0; i < self->count; i++) {
        const bh_value *value = &self->arguments[i];
        int id = method->parameter_ids[i];
        char text[160];
        bh_value ignored;
        if (argument_fits(value, id))
            continue;
        bool wrong_class = value->type == BH_TYPE_OBJECT && bhs_type_meta(id);
        bh_status status = wrong_class ? BH_ERROR_CLASS : bh__value_convert(value, bhs_type_of(id, NULL), &ignored);
        return refuse(self, status ? status : BH_ERROR_TYPE, ": argument %d of %s needs %s, given %s", i + 1, method->signature,
                      bhs_type_name(id), bh__value_text(value, text, sizeof text));
    }
    return refuse(self, BH_ERROR_TYPE, ": %s is not callable from C", method->signature);
}

static bh_status refuse_choice(const call *self)
{
    char there_are[500];
    list_methods(self, there_are, sizeof there_are);
    return refuse(self, BH_ERROR_SIGNATURE, ": more than one '%.80s' takes these arguments; name one exactly: %s", self->name,
                  there_are);
}

static void set_chosen(chosen *out, const bhs_method *method)
{
    *out =
        (chosen){.name = method->name, .index = method->index, .return_id = method->return_id, .count = method->parameter_count};
    memcpy(out->parameter_ids, method->parameter_ids, sizeof out->parameter_ids);
}

/* Finds the method among all of the name, or reports. */
static bh_status choose(const call *self, known_call *known, chosen *out)
{
    bhs_method method, best, near_miss;
    int best_fit = 0, equals = 0, visible = 0, of_count = 0;
    bool signal = false;
    for (int at = 0; next_method(self, &at, &method);) {
        int fits = method_fits(self, &method);
        signal = signal || (method.kind == BH_METHOD_SIGNAL && method.is_public);
        visible += is_visible(&method);
        if (is_visible(&method) && method.parameter_count == self->count && of_count++ == 0)
            near_miss = method;
        equals = fits > best_fit ? 1 : equals + (fits && fits == best_fit);
        if (fits > best_fit) {
            best_fit = fits;
            best = method;
        }
    }
    if (!best_fit)
        return of_count == 1 ? refuse_argument(self, &near_miss) : refuse_misfit(self, visible, signal);
    if (equals != 1)
        return refuse_choice(self);
    set_chosen(out, &best);
    if (of_count == 1 && !strchr(self->name, '('))
        *known = (known_call){self->meta, *out};
    return BH_OK;
}

static bool is_known(const call *self, const known_call *known)
{
    if (known->meta != self->meta || known->method.count != self->count || !bh__same_name(known->method.name, self->name))
        return false;
    for (int i = 0; i < self->count; i++)
        if (!argument_fits(&self->arguments[i], known->method.parameter_ids[i]))
            return false;
    return true;
}

static bh_status find(const call *self, chosen *out)
{
    known_call *known = &known_calls[bh__name_hash(self->meta, self->name) % KNOWN_CALLS];
    if (!is_known(self, known))
        return choose(self, known, out);
    *out = known->method;
    return BH_OK;
}

/* --- the call itself */

/* Qt values of the arguments, to be destroyed by their types. */
typedef struct frame {
    int count;
    int ids[BH_MAX_ARGUMENTS];
    bhs_storage storage[BH_MAX_ARGUMENTS];
    bhs_storage result;
    void *arguments[1 + BH_MAX_ARGUMENTS];
} frame;

/* For sentences. */
static const char *signature_of(const call *self, const chosen *method, bhs_method *described)
{
    bhs_method_at(self->meta, method->index, described);
    return described->signature;
}

static void frame_end(frame *made)
{
    for (int i = 0; i < made->count; i++)
        bhs_destroy_value(made->ids[i], &made->storage[i]);
}

static bh_status make_argument(const call *self, const chosen *method, int i, frame *made)
{
    bh_value value = self->arguments[i];
    int id = method->parameter_ids[i];
    char why[BHS_WHY_SIZE], what[24];
    bhs_method described;
    if (!bh__is_variant(id))
        bh__value_convert(&self->arguments[i], bhs_type_of(id, NULL), &value);
    else if (value.type == BH_TYPE_POINTER)
        value.type = BH_TYPE_OBJECT;
    if (value.type == BH_TYPE_OBJECT && value.of.as_object) {
        snprintf(what, sizeof what, "argument %d", i + 1);
        if (!bh__check_here(value.of.as_object, BH__OBJECT, call_name, what))
            return bh__last_status();
    }
    bh_status status = bhs_construct(id, &made->storage[i], &value, why);
    if (status)
        return refuse(self, status, ": argument %d of %s: %s", i + 1, signature_of(self, method, &described), why);
    made->ids[i] = id;
    made->count = i + 1;
    made->arguments[1 + i] = &made->storage[i];
    return BH_OK;
}

/* Before the call, since a call that fails changes nothing: what the method returns must always fit what is asked. */
static bh_status check_result(const call *self, const chosen *method)
{
    bh_type asked = self->result->type, comes = bhs_type_of(method->return_id, NULL);
    bhs_method described;
    bool whole = comes == BH_TYPE_INT || comes == BH_TYPE_BOOL;
    if (bh__is_variant(method->return_id) || (comes != BH_TYPE_VOID && (asked == comes || asked == BH_TYPE_VOID)))
        return BH_OK;
    if ((asked == BH_TYPE_INT || asked == BH_TYPE_INT64) && whole)
        return BH_OK;
    if (comes == BH_TYPE_UINT && (asked == BH_TYPE_INT64 || asked == BH_TYPE_UINT64 || asked == BH_TYPE_DOUBLE))
        return BH_OK;
    if (asked == BH_TYPE_DOUBLE && comes == BH_TYPE_INT)
        return BH_OK;
    if (asked == BH_TYPE_POINTER && comes == BH_TYPE_OBJECT)
        return BH_OK;
    const char *signature = signature_of(self, method, &described);
    if (comes == BH_TYPE_VOID)
        return refuse(self, BH_ERROR_TYPE, ": %s returns %s, which C cannot hold: call it without a result", signature,
                      described.return_name);
    return refuse(self, BH_ERROR_TYPE, ": %s returns %s, which C holds as %s, not as %s", signature, described.return_name,
                  bh_type_name(comes), bh_type_name(asked));
}

static bh_status take_result(const call *self, const chosen *method, bhs_storage *returned)
{
    bh_value held;
    if (!bhs_read(method->return_id, returned, &held))
        return bh__fail(BH_ERROR_MEMORY, call_name, "no memory for what '%.80s' has returned", method->name);
    bh_type asked = self->result->type ? self->result->type : held.type;
    bh_status status = bh__value_convert(&held, asked, self->result);
    if (status) {
        char text[160];
        bh__value_text(&held, text, sizeof text);
        bh__value_release(&held);
        bh__fail(status, call_name, "'%.80s' has returned %s, which is no %s", method->name, text, bh_type_name(asked));
    }
    return status;
}

static bh_status run(const call *self, const chosen *method, frame *made)
{
    bhs_method described;
    made->arguments[0] = NULL;
    if (self->result) {
        if (!bhs_default_construct(method->return_id, &made->result))
            return refuse(self, BH_ERROR_TYPE, ": what %s returns is not complete for Qt",
                          signature_of(self, method, &described));
        made->arguments[0] = &made->result;
    }
    bh_status status = bhs_method_call(self->qt, method->index, made->arguments);
    if (status)
        refuse(self, status, ": a C++ exception came out of %s: %s", signature_of(self, method, &described),
               bhs_exception_text());
    else if (self->result)
        status = take_result(self, method, &made->result);
    if (self->result)
        bhs_destroy_value(method->return_id, &made->result);
    return status;
}

static bh_status check_call(bh_object *object, const char *method, int count, const bh_value *arguments)
{
    if (!bh__check_object(object, call_name, "object"))
        return bh__last_status();
    if (!method)
        return bh__fail(BH_ERROR_NULL, call_name, "method is NULL: give its name, such as \"show\"");
    if (count < 0 || count > BH_MAX_ARGUMENTS)
        return bh__fail(BH_ERROR_RANGE, call_name, "%d arguments for '%.80s': a call takes 0 to %d", count, method,
                        BH_MAX_ARGUMENTS);
    if (count && !arguments)
        return bh__fail(BH_ERROR_NULL, call_name, "arguments is NULL, and count is %d", count);
    for (int i = 0; i < count; i++)
        if (arguments[i].type <= BH_TYPE_VOID || arguments[i].type > BH_TYPE_POINTER)
            return bh__fail(BH_ERROR_TYPE, call_name, "argument %d for '%.80s' has the type %d, which is none of a value", i + 1,
                            method, (int)arguments[i].type);
    return BH_OK;
}

bh_status bh_call_values(bh_object *object, const char *method, bh_value *result, int count, const bh_value *arguments)
{
    chosen found = {0};
    frame made;
    char why[BH__LIMIT_SIZE];
    if (result)
        memset(&result->of, 0, sizeof result->of);
    bh_status status = check_call(object, method, count, arguments);
    if (status)
        return status;
    call self = {.handle = object, .name = method, .count = count, .arguments = arguments, .result = result};
    bh__object *record = bh__payload_of(object, BH__OBJECT);
    self.qt = record->qt;
    self.meta = bhs_meta_of(self.qt);
    status = find(&self, &found);
    if (!status && bh__slot_destroys(found.name) && bh__refuse_part(record, call_name))
        status = bh__last_status();
    if (!status && bh__call_loops(found.name) && bh__refuse_painting(call_name))
        status = bh__last_status();
    if (!status && bh__call_exceeds(self.qt, found.name, count, arguments, why))
        status = refuse(&self, BH_ERROR_RANGE, ": %s is not done: %s", found.name, why);
    if (!status && result)
        status = check_result(&self, &found);
    made.count = 0;
    for (int i = 0; !status && i < count; i++)
        status = make_argument(&self, &found, i, &made);
    if (!status)
        status = run(&self, &found, &made);
    frame_end(&made);
    return status;
}
