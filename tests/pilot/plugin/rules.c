/*
 * The rules, in the order in which a user would notice: shown, enabled, not behind a modal window or a popup, of some size, in view, at rest,
 * not covered; and for keys, in the window that has them, and focused. All are checked in the turn of the loop in which the event is sent.
 */
#include "rules.h"

#include <string.h>

enum { RESTLESS_MS = 34, MOVED_MAX = 64 }; /* two pictures of an animation */

static struct {
    void *widget;
    long at;
} moved[MOVED_MAX];
static size_t moves;

void rules_moved(void *widget)
{
    moved[moves % MOVED_MAX].widget = widget;
    moved[moves++ % MOVED_MAX].at = now_ms();
}

/* The pointers are compared and not followed: some of them are of widgets that are gone */
static bool moved_lately(void *widget)
{
    long now = now_ms();
    for (size_t i = 0; i < MOVED_MAX && i < moves; i++) {
        if (now - moved[i].at > RESTLESS_MS)
            continue;
        for (void *it = widget; it && it != look_window(widget); it = look_parent(it))
            if (it == moved[i].widget)
                return true;
    }
    return false;
}

/* Class, name and what is written on it */
static void put_widget(void *widget, buffer *out)
{
    buffer text = {0};
    buffer_format(out, " %s", look_class(widget));
    look_name(widget, &text);
    if (text.length)
        buffer_format(out, " %s", text.bytes);
    buffer_clear(&text);
    look_text(widget, &text);
    if (text.length && text.length < 100)
        buffer_format(out, " \"%.*s\"", (int)strcspn(text.bytes, "\n"), text.bytes);
    buffer_free(&text);
}

static outcome broken(request *self, const char *rule, void *by)
{
    buffer_text(&self->why, wire_text(self->fields, self->named));
    buffer_format(&self->why, " %s", rule);
    if (by)
        put_widget(by, &self->why);
    return OUTCOME_AGAIN;
}

/* The outermost of a widget and its parents in the window of which something is not so: it is what makes it so for all inside */
static void *outermost(void *widget, bool (*is)(void *))
{
    void *found = widget, *window = look_window(widget);
    for (void *it = widget; it && it != window; it = look_parent(it))
        if (!is(it))
            found = it;
    return found;
}

static outcome hidden(request *self)
{
    void *widget = self->target.widget, *cause = outermost(widget, look_visible);
    if (!look_visible(look_window(widget)))
        return broken(self, "is hidden: its window is not shown", NULL);
    if (cause == widget || look_visible(widget))
        return broken(self, "is hidden", NULL);
    if (look_is(look_parent(cause), "QStackedWidget"))
        return broken(self, "is hidden: it is on a page that is not chosen, in", look_parent(look_parent(cause)));
    return broken(self, "is hidden, as all is in", cause);
}

static outcome disabled(request *self)
{
    void *widget = self->target.widget, *cause = outermost(widget, look_enabled);
    if (!look_enabled(look_window(widget)))
        cause = look_window(widget);
    bool alone = cause == widget || look_enabled(widget);
    return broken(self, alone ? "is disabled" : "is disabled, as all is in", alone ? NULL : cause);
}

/* A menu that is open may be left for another, and for the bar that opened it: not by anything else */
static bool behind_popup(void *widget)
{
    void *window = look_window(widget);
    return look_popup() && window != look_popup() && !look_is_popup(window) && !look_is(widget, "QMenuBar");
}

static outcome state_holds(request *self)
{
    const node *target = &self->target;
    void *blocker;
    if (!node_visible(target))
        return hidden(self);
    if (look_minimized(target->widget))
        return broken(self, "is not in view: its window is minimized", NULL);
    if (!look_exposed(target->widget))
        return broken(self, "is not in view: its window is not on the screen yet", NULL);
    if (!node_enabled(target))
        return disabled(self);
    if ((blocker = look_blocker(target->widget)))
        return broken(self, "is blocked by the modal", blocker);
    if (behind_popup(target->widget))
        return broken(self, "is behind the popup", look_popup());
    return OUTCOME_DONE;
}

static bool same_place(const request *self, rect now)
{
    return self->before.widget == self->target.widget && memcmp(&self->before_at, &now, sizeof now) == 0;
}

static outcome at_rest(request *self, rect now)
{
    bool same = same_place(self, now);
    self->before = self->target;
    self->before_at = now;
    if (moved_lately(self->target.widget))
        return broken(self, "moves", NULL);
    if (same)
        return OUTCOME_DONE;
    broken(self, "moves", NULL);
    return OUTCOME_SOON;
}

static bool reveal(const node *target)
{
    return target->part ? look_part_reveal(target) : look_reveal(target->widget);
}

static outcome uncovered(request *self, int x, int y)
{
    void *hit = look_hit(look_window(self->target.widget), x, y);
    return look_contains(self->target.widget, hit) ? OUTCOME_DONE : broken(self, "is covered by", hit);
}

static outcome pointer_holds(request *self, int *x, int *y)
{
    const node *target = &self->target;
    rect whole = target->part ? (rect){0, 0, 1, 1} : look_rect(target->widget);
    if (whole.width <= 0 || whole.height <= 0)
        return broken(self, "has no size", NULL);
    if (reveal(target)) {
        broken(self, "moves: it is scrolled into view", NULL);
        return OUTCOME_SOON;
    }
    rect seen = node_rect(target);
    if (seen.width <= 0 || seen.height <= 0)
        return broken(self, "is out of view, and no scroll area brings it there", NULL);
    outcome rest = at_rest(self, seen);
    if (rest != OUTCOME_DONE)
        return rest;
    *x = seen.x + seen.width / 2;
    *y = seen.y + seen.height / 2;
    if (!target->part)
        look_click_point(target->widget, seen, x, y);
    return uncovered(self, *x, *y);
}

outcome rules_reach(request *self, void *window, int *x, int *y)
{
    const node *target = &self->target;
    if (!node_visible(target))
        return hidden(self);
    if (look_window(target->widget) != window)
        return broken(self, "is in another window", NULL);
    rect seen = node_rect(target);
    if (seen.width <= 0 || seen.height <= 0)
        return broken(self, "is out of view", NULL);
    *x = seen.x + seen.width / 2;
    *y = seen.y + seen.height / 2;
    return uncovered(self, *x, *y);
}

static outcome keys_hold(request *self, need what)
{
    void *widget = self->target.widget;
    if (what == NEED_TEXT && look_read_only(widget))
        return broken(self, "is read-only", NULL);
    if (what == NEED_TEXT && !look_editable(widget))
        return broken(self, "takes no text: it is", widget);
    if (!look_is_popup(look_window(widget)) && !look_active(widget)) {
        look_activate(widget);
        if (!look_active(widget))
            return broken(self, "is in a window that is not active", NULL);
    }
    if (look_window(widget) == widget || look_focused(widget))
        return OUTCOME_DONE;
    if (!look_takes_focus(widget))
        return broken(self, "takes no focus", NULL);
    look_focus(widget);
    if (look_focused(widget))
        return OUTCOME_DONE;
    return broken(self, "has no focus", NULL);
}

outcome rules_hold(request *self, need what, int *x, int *y)
{
    outcome held = state_holds(self);
    if (held != OUTCOME_DONE)
        return held;
    if (what != NEED_POINTER)
        return keys_hold(self, what);
    held = pointer_holds(self, x, y);
    /* A click on a window in the background brings it to the front, as window systems do */
    if (held == OUTCOME_DONE && !look_popup() && !look_active(self->target.widget))
        look_activate(self->target.widget);
    return held;
}
