/* Reads selectors: a recursive descent over one text, which says at which character it went wrong. */
#include "selector.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct reader {
    const char *start, *at;
    char *room; /* where the next text goes */
    const char **why;
} reader;

static char sentence[300];

static bool wrong(reader *self, const char *what)
{
    snprintf(sentence, sizeof sentence, "no selector: %s at character %d of %s", what, (int)(self->at - self->start) + 1,
             self->start);
    *self->why = sentence;
    return false;
}

static void skip(reader *self)
{
    while (isspace((unsigned char)*self->at))
        self->at++;
}

static bool accept(reader *self, char c)
{
    if (*self->at != c)
        return false;
    self->at++;
    return true;
}

static bool expect(reader *self, char c)
{
    char what[] = "there must be '?'";
    what[sizeof what - 3] = c;
    skip(self);
    return accept(self, c) || wrong(self, what);
}

static bool is_word(unsigned char c)
{
    return isalnum(c) || c == '_' || c == '-' || c >= 0x80;
}

/* A word, or what stands in quotes. NULL if there is neither. */
static const char *read_text(reader *self)
{
    char *text = self->room;
    char quote = *self->at == '"' || *self->at == '\'' ? *self->at++ : '\0';
    while (*self->at &&
           (quote ? *self->at != quote : is_word((unsigned char)*self->at) || *self->at == '\\' || *self->at == ':')) {
        if (!quote && *self->at == ':' && self->at[1] != ':')
            break;
        if (!quote && *self->at == ':') /* Namespace::Class */
            *self->room++ = *self->at++;
        if (*self->at == '\\' && self->at[1])
            self->at++;
        *self->room++ = *self->at++;
    }
    if (quote && !accept(self, quote)) {
        wrong(self, "a quote that does not end");
        return NULL;
    }
    if (!quote && self->room == text) {
        wrong(self, "there must be a name");
        return NULL;
    }
    *self->room++ = '\0';
    return text;
}

static selector_test *add_test(reader *self, selector_step *step, test_kind kind)
{
    if (step->count == SELECTOR_TESTS) {
        wrong(self, "too many conditions");
        return NULL;
    }
    step->tests[step->count] = (selector_test){.kind = kind};
    return &step->tests[step->count++];
}

static bool read_valued(reader *self, selector_step *step, test_kind kind)
{
    selector_test *test = add_test(self, step, kind);
    return test && (test->value = read_text(self));
}

static bool read_property(reader *self, selector_step *step)
{
    selector_test *test = add_test(self, step, TEST_PROPERTY);
    skip(self);
    if (!test || !(test->name = read_text(self)))
        return false;
    skip(self);
    test->how = '=';
    if (strchr("^$*!", *self->at) && *self->at)
        test->how = *self->at++;
    if (!expect(self, '='))
        return false;
    skip(self);
    return (test->value = read_text(self)) && expect(self, ']');
}

static bool read_number(reader *self, int *out)
{
    char *end;
    skip(self);
    long number = strtol(self->at, &end, 10);
    if (end == self->at || number < 1 || number > 100000000)
        return wrong(self, "there must be a number from 1");
    self->at = end;
    *out = (int)number;
    return true;
}

static bool read_selector(reader *self, selector *out, char end);

static bool read_has(reader *self, selector_step *step)
{
    selector_test *test = add_test(self, step, TEST_HAS);
    if (!test || !(test->inner = calloc(1, sizeof *test->inner)))
        return false;
    return read_selector(self, test->inner, ')');
}

static const struct {
    const char *name;
    test_kind kind;
    bool valued;
} pseudos[] = {
    {"text", TEST_TEXT, true},        {"contains", TEST_CONTAINS, true}, {"role", TEST_ROLE, true},
    {"label", TEST_LABEL, true},      {"window", TEST_WINDOW, true},     {"visible", TEST_VISIBLE, false},
    {"enabled", TEST_ENABLED, false}, {"checked", TEST_CHECKED, false},  {"focus", TEST_FOCUS, false},
};

static bool read_pseudo(reader *self, selector *out, selector_step *step)
{
    const char *name = read_text(self);
    if (!name)
        return false;
    if (strcmp(name, "nth") == 0)
        return expect(self, '(') && read_number(self, &out->nth) && expect(self, ')');
    if (strcmp(name, "has") == 0)
        return expect(self, '(') && read_has(self, step) && expect(self, ')');
    for (size_t i = 0; i < sizeof pseudos / sizeof pseudos[0]; i++) {
        if (strcmp(name, pseudos[i].name) != 0)
            continue;
        if (!pseudos[i].valued)
            return add_test(self, step, pseudos[i].kind);
        if (!expect(self, '('))
            return false;
        skip(self);
        return read_valued(self, step, pseudos[i].kind) && expect(self, ')');
    }
    return wrong(self, "an unknown condition ends");
}

static const struct {
    const char *name;
    part_kind kind;
} parts[] = {{"item", PART_ITEM}, {"action", PART_ACTION}, {"tab", PART_TAB}, {"header", PART_HEADER}};

/* What may follow item(…) and its like: which of them */
static bool read_end(reader *self, selector *out)
{
    if (strncmp(self->at, ":nth(", 5) != 0)
        return true;
    self->at += 5;
    return read_number(self, &out->nth) && expect(self, ')');
}

/* item(…) and its like. True with out->part unset if there is none here. */
static bool read_part(reader *self, selector *out)
{
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        size_t length = strlen(parts[i].name);
        if (strncmp(self->at, parts[i].name, length) != 0 || self->at[length] != '(')
            continue;
        self->at += length + 1;
        skip(self);
        out->part = parts[i].kind;
        if (out->part == PART_ITEM && isdigit((unsigned char)*self->at)) {
            out->part = PART_CELL;
            return read_number(self, &out->row) && expect(self, ',') && read_number(self, &out->column) && expect(self, ')');
        }
        return (out->part_text = read_text(self)) && expect(self, ')') && read_end(self, out);
    }
    return true;
}

static bool read_condition(reader *self, selector *out, selector_step *step)
{
    if (accept(self, '#'))
        return read_valued(self, step, TEST_NAME);
    if (accept(self, '.'))
        return read_valued(self, step, TEST_EXACT);
    if (accept(self, '['))
        return read_property(self, step);
    if (accept(self, ':'))
        return read_pseudo(self, out, step);
    return read_valued(self, step, TEST_CLASS);
}

static bool read_step(reader *self, selector *out, char end)
{
    if (out->count == SELECTOR_STEPS)
        return wrong(self, "too many steps");
    selector_step *step = &out->steps[out->count++];
    step->child = accept(self, '>');
    skip(self);
    bool any = accept(self, '*');
    while (*self->at && *self->at != end && *self->at != '>' && !isspace((unsigned char)*self->at)) {
        if (out->nth)
            return wrong(self, ":nth ends a selector");
        if (!read_condition(self, out, step))
            return false;
        any = true;
    }
    return any || wrong(self, "there must be a name");
}

static bool read_selector(reader *self, selector *out, char end)
{
    for (skip(self); *self->at && *self->at != end; skip(self)) {
        if (out->nth || out->part)
            return wrong(self, "nothing may follow");
        if (!read_part(self, out) || (!out->part && !read_step(self, out, end)))
            return false;
    }
    return out->count || out->part || wrong(self, "it is empty");
}

selector *selector_parse(const char *text, const char **why)
{
    selector *self = calloc(1, sizeof *self);
    *why = "out of memory";
    /* A text is no longer than what it stands as, and its NUL takes the place of what follows it */
    if (!self || !(self->arena = malloc(2 * strlen(text) + 2))) {
        selector_free(self);
        return NULL;
    }
    reader in = {text, text, self->arena, why};
    if (read_selector(&in, self, '\0'))
        return self;
    selector_free(self);
    return NULL;
}

void selector_free(selector *self)
{
    if (!self)
        return;
    for (size_t i = 0; i < self->count; i++)
        for (size_t j = 0; j < self->steps[i].count; j++)
            selector_free(self->steps[i].tests[j].inner);
    free(self->arena);
    free(self);
}
