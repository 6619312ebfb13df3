/* What a test may ask: values, pictures, trees, signals, and how things stand at the end of a test. */
#include "match.h"
#include "rules.h"

#include <stdlib.h>
#include <string.h>

/* get SELECTOR what [property] */
static outcome get(request *self)
{
    const char *what = wire_text(self->fields, 3);
    outcome found = match_one(self, 2);
    if (found != OUTCOME_DONE)
        return found;
    const node *target = &self->target;
    bool there = true;
    if (strcmp(what, "text") == 0)
        target->part ? look_part_text(target, &self->value) : look_text(target->widget, &self->value);
    else if (strcmp(what, "value") == 0)
        there = look_value(target->widget, &self->value);
    else if (strcmp(what, "property") == 0)
        there = look_property(target->part == PART_ACTION ? target->action : target->widget, wire_text(self->fields, 4),
                              &self->value);
    else if (strcmp(what, "checked") == 0)
        buffer_text(&self->value, (target->part ? look_part_checked(target) : look_checked(target->widget)) ? "1" : "0");
    else if (strcmp(what, "class") == 0)
        buffer_text(&self->value, look_class(target->widget));
    else if (strcmp(what, "selector") == 0)
        unique_node(target, &self->value);
    else if (strcmp(what, "tree") == 0)
        tree_text(target->widget, &self->value);
    else
        there = false;
    if (!there)
        buffer_format(&self->why, "%s has no %s %s", wire_text(self->fields, 2), what, wire_text(self->fields, 4));
    return there ? OUTCOME_DONE : OUTCOME_WRONG;
}

/* is SELECTOR class: which of these kinds, for choose() */
static outcome kind(request *self)
{
    static const char *const kinds[] = {"QComboBox", "QTabWidget", "QTabBar",          "QMenuBar",
                                        "QMenu",     "QToolBar",   "QAbstractItemView"};
    outcome found = match_one(self, 2);
    if (found != OUTCOME_DONE)
        return found;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0] && !self->value.length; i++)
        if (look_is(self->target.widget, kinds[i]))
            buffer_text(&self->value, kinds[i]);
    return OUTCOME_DONE;
}

static outcome count(request *self)
{
    size_t found;
    if (!match_count(self, wire_text(self->fields, 2), &found))
        return OUTCOME_WRONG;
    buffer_format(&self->value, "%zu", found);
    return OUTCOME_DONE;
}

/* All windows that show */
static outcome tree(request *self)
{
    tree_text(NULL, &self->value);
    return OUTCOME_DONE;
}

/* shot SELECTOR; without one all that a person sees */
static outcome shot(request *self)
{
    rect area;
    outcome found = match_one(self, 2);
    if (found != OUTCOME_DONE)
        return found;
    if (!*wire_text(self->fields, 2))
        return scene_paint(NULL, &area) ? (scene_picture(&self->picture), OUTCOME_DONE) : OUTCOME_AGAIN;
    return door_picture(self->target.widget, "PNG", &self->picture) ? OUTCOME_DONE : OUTCOME_WRONG;
}

/* A mask's place in the widget that is compared */
static bool place_mask(request *self, size_t field, void *widget, rect *out)
{
    if (match_one(self, field) != OUTCOME_DONE)
        return false;
    rect whole = look_rect(widget);
    *out = node_rect(&self->target);
    out->x -= whole.x;
    out->y -= whole.y;
    return true;
}

/* compare SELECTOR picture tolerance most masks… */
static outcome compare(request *self)
{
    rect masks[WIRE_FIELDS];
    size_t count_masks = 0;
    long pixels;
    outcome found = match_one(self, 2);
    if (found != OUTCOME_DONE)
        return found;
    node target = self->target;
    for (size_t i = 6; i < self->fields->count; i++)
        if (!place_mask(self, i, target.widget, &masks[count_masks++]))
            return OUTCOME_AGAIN;
    self->target = target;
    buffer_clear(&self->picture);
    if (!door_compare(target.widget, self->fields->text[3], self->fields->length[3], (int)wire_number(self->fields, 4),
                      count_masks, masks, &self->picture, &pixels, &self->why))
        return OUTCOME_AGAIN;
    if (pixels <= wire_number(self->fields, 5))
        return OUTCOME_DONE;
    buffer_format(&self->why, "%s: %ld pixels differ from the picture", wire_text(self->fields, 2), pixels);
    return OUTCOME_AGAIN;
}

static outcome watch(request *self)
{
    outcome found = match_one(self, 2);
    if (found != OUTCOME_DONE)
        return found;
    void *object = self->target.part == PART_ACTION ? self->target.action : self->target.widget;
    return door_watch(object, wire_text(self->fields, 3), &self->value, &self->why) ? OUTCOME_DONE : OUTCOME_WRONG;
}

/* heard SELECTOR signal number: since it is watched; the number is what "watch" has answered */
static outcome heard(request *self)
{
    long times = door_heard(wire_number(self->fields, 4));
    if (times > 0) {
        buffer_format(&self->value, "%ld", times);
        return OUTCOME_DONE;
    }
    if (times < 0) {
        buffer_format(&self->why, "%s of %s is not listened to: the program is another one by now", wire_text(self->fields, 3),
                      wire_text(self->fields, 2));
        return OUTCOME_WRONG;
    }
    buffer_format(&self->why, "%s has not emitted %s", wire_text(self->fields, 2), wire_text(self->fields, 3));
    return OUTCOME_AGAIN;
}

/* The modal window or popup that is open, or nothing. All has been painted by then: that may go wrong, too. */
static outcome left(request *self)
{
    agent_paint();
    void *window = look_modal() ? look_modal() : look_popup();
    if (window)
        tree_line(window, &self->value);
    return OUTCOME_DONE;
}

static outcome nothing(request *self)
{
    (void)self;
    return OUTCOME_DONE;
}

static outcome quit(request *self)
{
    agent_quit((int)wire_number(self->fields, 2));
    return OUTCOME_DONE;
}

static outcome inspect_lint(request *self)
{
    lint_text(&self->value);
    return OUTCOME_DONE;
}

verb ask_verb(const char *name)
{
    static const struct {
        const char *name;
        verb verb;
    } verbs[] = {{"get", get},     {"kind", kind},   {"count", count}, {"tree", tree},    {"shot", shot}, {"compare", compare},
                 {"watch", watch}, {"heard", heard}, {"left", left},   {"idle", nothing}, {"quit", quit}, {"lint", inspect_lint}};
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        if (strcmp(verbs[i].name, name) == 0)
            return verbs[i].verb;
    return NULL;
}
