/* Finds what a selector means: the last step is tested first, then what it must be inside of. */
#include "match.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool node_visible(const node *what)
{
    if (!look_visible(what->widget))
        return false;
    rect area = what->part ? look_part_rect(what) : (rect){0};
    return !what->part || what->part == PART_ITEM || what->part == PART_CELL || (area.width > 0 && area.height > 0);
}

bool node_enabled(const node *what)
{
    return look_enabled(what->widget) && (!what->part || look_part_enabled(what));
}

rect node_rect(const node *what)
{
    return what->part ? look_part_rect(what) : look_visible_rect(what->widget);
}

static bool compares(const char *value, char how, const char *wanted)
{
    size_t length = strlen(value), part = strlen(wanted);
    switch (how) {
    case '^':
        return strncmp(value, wanted, part) == 0;
    case '$':
        return length >= part && strcmp(value + length - part, wanted) == 0;
    case '*':
        return strstr(value, wanted) != NULL;
    case '!':
        return strcmp(value, wanted) != 0;
    default:
        return strcmp(value, wanted) == 0;
    }
}

/* Compares what a function of look.h says of a widget. */
static bool says(void (*look)(void *, buffer *), void *widget, const char *wanted, char how)
{
    static buffer text;
    buffer_clear(&text);
    look(widget, &text);
    return compares(buffer_get(&text), how, wanted);
}

static bool matches_step(const selector *wanted, size_t step, void *widget);

static bool has_inside(const selector *inner, void *widget)
{
    void *const *all;
    size_t count = look_widgets(&all);
    for (size_t i = 0; i < count; i++)
        if (all[i] != widget && look_contains(widget, all[i]) && matches_step(inner, inner->count - 1, all[i]))
            return true;
    return false;
}

static bool has_property(const selector_test *test, void *widget)
{
    static buffer text;
    buffer_clear(&text);
    return look_property(widget, test->name, &text) && compares(buffer_get(&text), test->how, test->value);
}

static bool passes(const selector_test *test, void *widget)
{
    switch (test->kind) {
    case TEST_NAME:
        return look_has_name(widget, test->value);
    case TEST_CLASS:
        return look_is(widget, test->value);
    case TEST_EXACT:
        return look_is_exactly(widget, test->value);
    case TEST_PROPERTY:
        return has_property(test, widget);
    case TEST_TEXT:
        return says(look_text, widget, test->value, '=');
    case TEST_CONTAINS:
        return says(look_text, widget, test->value, '*');
    case TEST_ROLE:
        return says(look_role, widget, test->value, '=');
    case TEST_LABEL:
        return says(look_label, widget, test->value, '=');
    case TEST_WINDOW:
        return says(look_title, look_window(widget), test->value, '=');
    case TEST_HAS:
        return has_inside(test->inner, widget);
    case TEST_VISIBLE:
        return look_visible(widget);
    case TEST_ENABLED:
        return look_enabled(widget);
    case TEST_CHECKED:
        return look_checked(widget);
    case TEST_FOCUS:
        return look_focused(widget);
    }
    return false;
}

static bool matches_step(const selector *wanted, size_t step, void *widget)
{
    const selector_step *here = &wanted->steps[step];
    for (size_t i = 0; i < here->count; i++)
        if (!passes(&here->tests[i], widget))
            return false;
    if (step == 0)
        return true;
    for (void *parent = look_parent(widget); parent; parent = look_parent(parent)) {
        if (matches_step(wanted, step - 1, parent))
            return true;
        if (here->child)
            return false;
    }
    return false;
}

/* What shows goes before what is hidden, which counts only if nothing shows */
static void add(matches *out, const node *found)
{
    bool shows = node_visible(found);
    if (shows && !out->shown)
        out->count = 0;
    else if (out->shown && !shows)
        return;
    out->shown = shows;
    if (out->count < MATCH_MAX)
        out->nodes[out->count] = *found;
    out->count++;
}

static bool same(const node *a, const node *b)
{
    return a->part == b->part && a->widget == b->widget && a->action == b->action && a->index == b->index &&
           a->depth == b->depth && a->column == b->column && memcmp(a->rows, b->rows, sizeof a->rows) == 0;
}

/* A tab widget and its bar both have the tab: it is one all the same */
static void add_parts(const selector *wanted, void *widget, matches *out)
{
    node found[MATCH_MAX];
    size_t count = look_part_find(widget, wanted, found, MATCH_MAX);
    for (size_t i = 0; i < count && i < MATCH_MAX; i++) {
        size_t known = 0;
        while (known < out->count && known < MATCH_MAX && !same(&out->nodes[known], &found[i]))
            known++;
        if (known == out->count || known == MATCH_MAX)
            add(out, &found[i]);
    }
}

/* Where a part without steps may be: of actions the menu bars, tool bars and what pops up; else anything that shows */
static bool may_host(const selector *wanted, void *widget)
{
    if (wanted->count)
        return matches_step(wanted, wanted->count - 1, widget);
    if (wanted->part == PART_ACTION && look_is(widget, "QMenu"))
        return look_visible(widget);
    return true;
}

void match_all(const selector *wanted, matches *out)
{
    void *const *all;
    static void **copy; /* :has() asks for all of them too */
    static size_t room;
    size_t count = look_widgets(&all);
    out->count = 0;
    out->shown = false;
    if (count > room) {
        void **more = realloc(copy, count * 2 * sizeof *copy);
        if (!more)
            return;
        copy = more;
        room = count * 2;
    }
    if (count)
        memcpy(copy, all, count * sizeof *copy);
    for (size_t i = 0; i < count; i++) {
        if (!may_host(wanted, copy[i]))
            continue;
        if (wanted->part)
            add_parts(wanted, copy[i], out);
        else
            add(out, &(node){.widget = copy[i]});
    }
    if (wanted->nth && out->count) {
        size_t n = (size_t)wanted->nth;
        out->nodes[0] = out->nodes[n <= MATCH_MAX ? n - 1 : 0];
        out->count = n <= out->count && n <= MATCH_MAX ? 1 : 0;
    }
}

bool match_count(request *self, const char *text, size_t *count)
{
    static matches found;
    const char *why;
    selector *wanted = selector_parse(text, &why);
    if (!wanted) {
        buffer_text(&self->why, why);
        return false;
    }
    match_all(wanted, &found);
    selector_free(wanted);
    *count = found.shown ? found.count : 0;
    return true;
}

static void say_many(const char *text, const matches *found, buffer *why)
{
    buffer_format(why, "%s matches %zu, and must match one:", text, found->count);
    for (size_t i = 0; i < found->count && i < 10; i++) {
        buffer_text(why, "\n  ");
        unique_node(&found->nodes[i], why);
        if (!node_visible(&found->nodes[i]))
            buffer_text(why, "  (hidden)");
    }
}

static void say_step(const selector_step *step, buffer *out)
{
    for (size_t i = 0; i < step->count; i++) {
        const selector_test *test = &step->tests[i];
        if (test->kind == TEST_NAME || test->kind == TEST_CLASS || test->kind == TEST_EXACT)
            buffer_format(out, "%s%s", test->kind == TEST_NAME ? "#" : test->kind == TEST_EXACT ? "." : "", test->value);
        else if (test->kind == TEST_PROPERTY)
            buffer_format(out, "[%s…]", test->name);
        else if (test->value)
            buffer_format(out, "(\"%s\")", test->value);
    }
}

/* Of several steps, one inside the other, the first that finds nothing: that is what is to be named, and what others are near to */
static selector first_missing(const selector *wanted, buffer *why)
{
    static matches found;
    selector part = *wanted;
    part.part = PART_NONE;
    part.nth = 0;
    for (part.count = 1; part.count < wanted->count; part.count++) {
        match_all(&part, &found);
        if (found.count)
            continue;
        buffer_text(why, ": there is no ");
        say_step(&part.steps[part.count - 1], why);
        return part;
    }
    return *wanted;
}

static outcome front(request *self)
{
    void *window = look_front();
    self->target = (node){.widget = window};
    self->has_target = window;
    if (!window)
        buffer_text(&self->why, "no window is open");
    return window ? OUTCOME_DONE : OUTCOME_AGAIN;
}

outcome match_one(request *self, size_t field)
{
    const char *text = wire_text(self->fields, field), *why;
    static matches found;
    self->named = field;
    if (!*text)
        return front(self);
    selector *wanted = selector_parse(text, &why);
    if (!wanted) {
        buffer_text(&self->why, why);
        return OUTCOME_WRONG;
    }
    match_all(wanted, &found);
    if ((self->has_target = found.count == 1))
        self->target = found.nodes[0];
    else if (found.count)
        say_many(text, &found, &self->why);
    else {
        buffer_format(&self->why, "%s matches nothing", text);
        selector missing = first_missing(wanted, &self->why);
        match_near(&missing, &self->why);
    }
    selector_free(wanted);
    return self->has_target ? OUTCOME_DONE : OUTCOME_AGAIN;
}
