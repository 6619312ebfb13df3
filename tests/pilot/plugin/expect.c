/* What a test expects of a target: each matcher is tried again until it holds, or until what it must not be is no more. */
#include "match.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void text_of(const node *target, buffer *out)
{
    if (target->part)
        look_part_text(target, out);
    else
        look_text(target->widget, out);
}

static bool is_visible(const node *target)
{
    rect area = node_rect(target);
    return node_visible(target) && area.width > 0 && area.height > 0;
}

static bool is_hidden(const node *target)
{
    return !is_visible(target);
}

static bool is_disabled(const node *target)
{
    return !node_enabled(target);
}

static bool is_checked(const node *target)
{
    return target->part ? look_part_checked(target) : look_checked(target->widget);
}

static bool is_focused(const node *target)
{
    return look_focused(target->widget);
}

static bool is_editable(const node *target)
{
    return node_enabled(target) && look_editable(target->widget) && !look_read_only(target->widget);
}

static bool is_selected(const node *target)
{
    return look_part_selected(target);
}

static const struct {
    const char *name;
    bool (*holds)(const node *target);
    int absent; /* 1: it holds if there is no such target, -1: it does not, 0: there must be one */
} states[] = {
    {"visible", is_visible, -1}, {"hidden", is_hidden, 1},   {"enabled", node_enabled, 0}, {"disabled", is_disabled, 0},
    {"checked", is_checked, 0},  {"focused", is_focused, 0}, {"editable", is_editable, 0}, {"selected", is_selected, 0},
};

typedef struct expected {
    const char *selector, *matcher, *value, *more;
    bool no; /* it must not hold */
} expected;

static outcome judge(request *self, const expected *what, bool holds, const char *is)
{
    if (holds != what->no)
        return OUTCOME_DONE;
    buffer_clear(&self->why);
    buffer_format(&self->why, "%s is expected %sto be %s", what->selector, what->no ? "not " : "", what->matcher);
    if (is && strcmp(what->matcher, is) != 0)
        buffer_format(&self->why, ", and is %s", is);
    return OUTCOME_AGAIN;
}

static size_t line_length(const char *text)
{
    return strcspn(text, "\n");
}

/* Of two trees the first line that differs */
static outcome judge_tree(request *self, const expected *what, const char *is)
{
    const char *was = what->value;
    int number = 1;
    if ((strcmp(is, was) == 0) != what->no)
        return OUTCOME_DONE;
    for (; *is && line_length(is) == line_length(was) && strncmp(is, was, line_length(is)) == 0; number++) {
        is += line_length(is) + 1;
        was += line_length(was) + 1;
    }
    buffer_format(&self->why, "%s differs from its snapshot in line %d:\n  is  %.*s\n  was %.*s", what->selector, number,
                  (int)line_length(is), is, (int)line_length(was), was);
    return OUTCOME_AGAIN;
}

static outcome judge_text(request *self, const expected *what, const char *kind, bool holds, const char *is)
{
    if (holds != what->no)
        return OUTCOME_DONE;
    buffer_clear(&self->why);
    buffer_format(&self->why, "%s is expected %sto have %s \"%s\", and has \"%s\"", what->selector, what->no ? "not " : "", kind,
                  what->value, is);
    return OUTCOME_AGAIN;
}

static outcome expect_count(request *self, const expected *what)
{
    size_t found;
    char is[24];
    if (!match_count(self, what->selector, &found))
        return OUTCOME_WRONG;
    snprintf(is, sizeof is, "%zu", found);
    return judge_text(self, what, "count", strcmp(is, what->value) == 0, is);
}

static bool read_for(const expected *what, const node *target, buffer *is, const char **kind)
{
    *kind = what->matcher;
    if (strcmp(what->matcher, "text") == 0 || strcmp(what->matcher, "contained") == 0)
        return text_of(target, is), *kind = "text", true;
    if (strcmp(what->matcher, "value") == 0)
        return target->part ? (text_of(target, is), true) : look_value(target->widget, is);
    if (strcmp(what->matcher, "rows") == 0)
        return buffer_format(is, "%d", look_rows(target->widget)), true;
    if (strcmp(what->matcher, "property") == 0)
        return *kind = what->more, look_property(target->part == PART_ACTION ? target->action : target->widget, what->more, is);
    if (strcmp(what->matcher, "tree") == 0)
        return tree_text(target->widget, is), true;
    return *kind = NULL, false;
}

static outcome expect_text(request *self, const expected *what)
{
    buffer is = {0};
    const char *kind;
    outcome result;
    if (read_for(what, &self->target, &is, &kind)) {
        bool part = strcmp(what->matcher, "contained") == 0;
        bool holds = part ? strstr(buffer_get(&is), what->value) != NULL : strcmp(buffer_get(&is), what->value) == 0;
        result = strcmp(what->matcher, "tree") == 0 ? judge_tree(self, what, buffer_get(&is))
                                                    : judge_text(self, what, part ? "in its text" : kind, holds, buffer_get(&is));
    } else if (kind) {
        buffer_format(&self->why, "%s has no %s: it is %s", what->selector, kind, look_class(self->target.widget));
        result = OUTCOME_AGAIN;
    } else {
        buffer_format(&self->why, "there is no matcher %s", what->matcher);
        result = OUTCOME_WRONG;
    }
    buffer_free(&is);
    return result;
}

/* expect SELECTOR matcher no value more */
static outcome expect(request *self)
{
    expected what = {wire_text(self->fields, 2), wire_text(self->fields, 3), wire_text(self->fields, 5),
                     wire_text(self->fields, 6), *wire_text(self->fields, 4) == '1'};
    if (strcmp(what.matcher, "count") == 0)
        return expect_count(self, &what);
    outcome found = match_one(self, 2);
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if (strcmp(states[i].name, what.matcher) != 0)
            continue;
        bool none = found == OUTCOME_AGAIN && strstr(buffer_get(&self->why), "matches nothing");
        if (found != OUTCOME_DONE)
            return none && states[i].absent && (states[i].absent > 0) != what.no ? OUTCOME_DONE : found;
        bool holds = states[i].holds(&self->target);
        return judge(self, &what, holds, holds ? states[i].name : NULL);
    }
    return found == OUTCOME_DONE ? expect_text(self, &what) : found;
}

verb expect_verb(const char *name)
{
    return strcmp(name, "expect") == 0 ? expect : NULL;
}
