/* Failures of workers and tasks. */
#include "guard/failure.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_SIZE = 1024 };

struct bh__failure {
    bh_status status;
    const char *function, *location, *text; /* in the block, or static */
    char strings[];
};

static bh__failure no_memory = {BH_ERROR_MEMORY, "", "", "failed, and there was no memory to say why"};

/* The function that the running call was written in, until a failure takes it. */
static BH_THREAD_LOCAL const char *in_function;

void bh_in_function(const char *function)
{
    in_function = function;
}

static const char *take_function(void)
{
    const char *function = in_function ? in_function : "";
    in_function = NULL;
    return function;
}

/* Without its folders, as in every sentence. */
static const char *take_location(void)
{
    const char *place = bh_location ? bh_location : "";
    const char *slash = strrchr(place, '/');
    bh_location = NULL;
    return slash ? slash + 1 : place;
}

static char *put(char **at, const char *string)
{
    char *start = *at;
    *at = stpcpy(start, string) + 1;
    return start;
}

static bh__failure *make(bh_status status, const char *function, const char *location, const char *text)
{
    size_t size = strlen(function) + strlen(location) + strlen(text) + 3;
    bh__failure *made = bh__malloc(sizeof *made + size);
    if (!made)
        return &no_memory;
    char *at = made->strings;
    made->status = status;
    made->function = put(&at, function);
    made->location = put(&at, location);
    made->text = put(&at, text);
    return made;
}

void bh__failure_free(bh__failure *self)
{
    if (self != &no_memory)
        bh__free(self);
}

bh__failure *bh__failure_copy(const bh__failure *self)
{
    return self ? make(self->status, self->function, self->location, self->text) : NULL;
}

bh_failure bh__failure_view(const bh__failure *self)
{
    return self ? (bh_failure){self->status, self->text, self->function, self->location} : (bh_failure){BH_OK, "", "", ""};
}

/* What came before in this run: a failure, or an error that the thread has heard of. */
static const char *cause_of(const bh__failure *before, unsigned since)
{
    if (before)
        return before->text;
    return bh__failure_count() != since ? bh_last_error() : NULL;
}

static void append_cause(char *text, size_t size, const char *cause)
{
    if (cause && cause[0])
        bh__append_text(text, size, ": because %s", cause);
    bh__clean_text(text);
}

bh__failure *bh__failure_told(bh_status status, bool because, bh__failure *before, unsigned since, const char *format,
                              va_list arguments)
{
    char text[TEXT_SIZE];
    const char *function = take_function(), *location = take_location();
    vsnprintf(text, sizeof text, format ? format : "", arguments);
    append_cause(text, sizeof text, because ? cause_of(before, since) : NULL);
    bh__failure *made = make(status, function, location, text);
    bh__failure_free(before);
    return made;
}

static bh__failure *caught_failure(const bh__door_caught *caught, const bh__failure *told)
{
    char text[TEXT_SIZE] = "";
    const char *slash = strrchr(caught->location, '/');
    const char *location = slash ? slash + 1 : caught->location;
    if (caught->status == BH_ERROR_ASSERTION)
        bh__append_text(text, sizeof text, "%s (in %s, %s)", caught->text, caught->function, location);
    else
        bh__append_text(text, sizeof text, "threw a C++ exception, contained here: %s", caught->text);
    append_cause(text, sizeof text, told ? told->text : NULL);
    return make(caught->status, caught->function, location, text);
}

/* A status that was merely returned. Where a call of this library has failed with it, its sentence is the reason. */
static bh__failure *bare_failure(bh_status status, unsigned since)
{
    char text[TEXT_SIZE];
    snprintf(text, sizeof text, "%s", bh_status_text(status));
    bool known = bh__failure_count() != since && bh__last_status() == status;
    append_cause(text, sizeof text, known ? bh_last_error() : NULL);
    return make(status, "", "", text);
}

bh__failure *bh__failure_of_run(bh_status status, const bh__door_caught *caught, bh__failure *told, unsigned since)
{
    if (caught->status) {
        bh__failure *made = caught_failure(caught, told);
        bh__failure_free(told);
        return made;
    }
    if (told)
        return told;
    return status == BH_OK || status == BH_CANCELLED ? NULL : bare_failure(status, since);
}

bh__failure *bh__failure_make(bh_status status, const char *format, ...)
{
    char text[TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    bh__clean_text(text);
    return make(status, "", "", text);
}

void bh__failure_report(const bh__failure *self, const char *who, const char *kind)
{
    bh_location = self->location[0] ? self->location : NULL;
    bool names = self->function[0] && self->status != BH_ERROR_ASSERTION; /* an assertion's text has it already */
    bh__fail(self->status, who, "❌ %s error: %s%s%s%s", kind, self->text, names ? " (in " : "", names ? self->function : "",
             names ? ")" : "");
}
