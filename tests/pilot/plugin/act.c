/* What a user does with mouse and keyboard: each verb resolves, checks the rules, and queues what the window system would send. */
#include "rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEFT = 1, RIGHT = 2, CONTROL = 0x04000000 /* as Qt numbers them */ };

static void point(void *window, hand kind, int x, int y, int button, bool twice)
{
    session_input(&(input){.kind = kind, .window = window, .x = x, .y = y, .button = button, .twice = twice});
}

static void key(void *window, int code, int modifiers, const char *text)
{
    input what = {.kind = HAND_KEY, .window = window, .key = code, .modifiers = modifiers};
    snprintf(what.text, sizeof what.text, "%s", text);
    session_input(&what);
    what.kind = HAND_KEY_UP;
    session_input(&what);
}

/* Resolves, and checks */
static outcome ready(request *self, need what, int *x, int *y)
{
    outcome found = match_one(self, 2);
    return found == OUTCOME_DONE ? rules_hold(self, what, x, y) : found;
}

/* A combo box takes its popup's click only after the pointer has moved about in it, so that the one that opened it chooses nothing */
static void approach(const node *target, void *window, int x, int y)
{
    if (look_popup() == window && target->part)
        point(window, HAND_MOVE, x + 12, y + 1, 0, false);
    point(window, HAND_MOVE, x, y, 0, false);
}

/* Resolves, checks, and brings the pointer there */
static outcome aim(request *self, void **window, int *x, int *y)
{
    outcome found = ready(self, NEED_POINTER, x, y);
    if (found != OUTCOME_DONE)
        return found;
    *window = look_window(self->target.widget);
    approach(&self->target, *window, *x, *y);
    return OUTCOME_DONE;
}

/* click SELECTOR button count modifiers */
static outcome click(request *self)
{
    int x, y, button = (int)wire_number(self->fields, 3), count = (int)wire_number(self->fields, 4);
    void *window;
    outcome found = aim(self, &window, &x, &y);
    if (found != OUTCOME_DONE)
        return found;
    for (int i = 0; i < count; i++)
        for (hand kind = HAND_PRESS; kind <= HAND_RELEASE; kind++)
            session_input(&(input){.kind = kind,
                                   .window = window,
                                   .x = x,
                                   .y = y,
                                   .button = button,
                                   .twice = i > 0,
                                   .modifiers = (int)wire_number(self->fields, 5)});
    return OUTCOME_ACT;
}

static outcome hover(request *self)
{
    int x, y;
    void *window;
    outcome found = aim(self, &window, &x, &y);
    return found == OUTCOME_DONE ? OUTCOME_ACT : found;
}

/* drag SELECTOR dx dy [TO]: to another target, or by a distance */
static outcome drag(request *self)
{
    int x, y, to_x = (int)wire_number(self->fields, 3), to_y = (int)wire_number(self->fields, 4);
    outcome found = ready(self, NEED_POINTER, &x, &y);
    if (found != OUTCOME_DONE)
        return found;
    void *window = look_window(self->target.widget);
    to_x += x;
    to_y += y;
    if (*wire_text(self->fields, 5)) {
        node from = self->target;
        found = match_one(self, 5);
        found = found == OUTCOME_DONE ? rules_reach(self, window, &to_x, &to_y) : found;
        if (found != OUTCOME_DONE)
            return found;
        self->target = from;
    }
    point(window, HAND_MOVE, x, y, 0, false);
    point(window, HAND_PRESS, x, y, LEFT, false);
    for (int i = 1; i <= 5; i++) /* enough moves for a drag to begin, and to be seen under way */
        point(window, HAND_MOVE, x + (to_x - x) * i / 5, y + (to_y - y) * i / 5, 0, false);
    point(window, HAND_RELEASE, to_x, to_y, LEFT, false);
    return OUTCOME_ACT;
}

/* scroll SELECTOR dx dy: notches of a wheel; right and down are positive */
static outcome scroll(request *self)
{
    int x, y, dx = (int)wire_number(self->fields, 3), dy = (int)wire_number(self->fields, 4);
    void *window;
    outcome found = aim(self, &window, &x, &y);
    if (found != OUTCOME_DONE)
        return found;
    for (int i = 0; i < abs(dx) + abs(dy); i++)
        session_input(&(input){.kind = HAND_WHEEL,
                               .window = window,
                               .x = x,
                               .y = y,
                               .dx = i < abs(dx) ? (dx > 0 ? -120 : 120) : 0,
                               .dy = i < abs(dx) ? 0
                                     : dy > 0    ? -120
                                                 : 120});
    return OUTCOME_ACT;
}

static void keys_of(void *window, const char *text)
{
    int code, modifiers;
    char letter[8];
    while (*text) {
        text += hands_text_key(text, &code, &modifiers, letter);
        key(window, code, modifiers, letter);
    }
}

/* type SELECTOR text */
static outcome type(request *self)
{
    outcome found = ready(self, *wire_text(self->fields, 2) ? NEED_TEXT : NEED_KEYS, NULL, NULL);
    if (found != OUTCOME_DONE)
        return found;
    keys_of(look_window(self->target.widget), wire_text(self->fields, 3));
    return OUTCOME_ACT;
}

static void press_often(void *window, const char *name, int count)
{
    int code, modifiers;
    char none[8];
    hands_keys(name, &code, &modifiers, none);
    for (int i = 0; i < count; i++)
        key(window, code, modifiers, none);
}

static int number_of(void *widget, const char *property)
{
    buffer text = {0};
    look_property(widget, property, &text);
    int number = (int)strtol(buffer_get(&text), NULL, 10);
    buffer_free(&text);
    return number;
}

/* A slider is brought to a value by its keys: to its begin, and on by pages and steps */
static outcome fill_slider(request *self)
{
    void *slider = self->target.widget, *window = look_window(slider);
    int least = number_of(slider, "minimum"), most = number_of(slider, "maximum");
    int page = number_of(slider, "pageStep"), single = number_of(slider, "singleStep");
    char *end;
    long wanted = strtol(wire_text(self->fields, 3), &end, 10), way = wanted - least, rest = page > 0 ? way % page : way;
    bool number = *wire_text(self->fields, 3) && !*end && wanted >= least && wanted <= most;
    if (!number || (rest && (single <= 0 || rest % single))) {
        buffer_format(&self->why, "%s goes from %d to %d in steps of %d and of %d, and not to %s", wire_text(self->fields, 2),
                      least, most, page, single, wire_text(self->fields, 3));
        return OUTCOME_WRONG;
    }
    buffer flipped = {0};
    look_property(slider, "invertedControls", &flipped);
    bool down = strcmp(buffer_get(&flipped), "true") == 0;
    buffer_free(&flipped);
    press_often(window, "Home", 1);
    press_often(window, down ? "PgDown" : "PgUp", page > 0 ? (int)(way / page) : 0);
    press_often(window, down ? "Down" : "Up", rest ? (int)(rest / single) : 0);
    return OUTCOME_ACT;
}

/* fill SELECTOR text: instead of what is in it */
static outcome fill(request *self)
{
    int code, modifiers;
    char none[8];
    outcome found = match_one(self, 2);
    if (found != OUTCOME_DONE)
        return found;
    bool slider = !self->target.part && look_is(self->target.widget, "QAbstractSlider");
    found = rules_hold(self, slider ? NEED_KEYS : NEED_TEXT, NULL, NULL);
    if (found != OUTCOME_DONE)
        return found;
    if (slider)
        return fill_slider(self);
    void *window = look_window(self->target.widget);
    key(window, 'A', CONTROL, "");
    hands_keys("Del", &code, &modifiers, none);
    if (!*wire_text(self->fields, 3) || look_is(self->target.widget, "QComboBox"))
        key(window, code, modifiers, "");
    keys_of(window, wire_text(self->fields, 3));
    if (look_completes(self->target.widget)) /* else it would be in the way of what comes next */
        session_input(&(input){.kind = HAND_CLOSE_LIST, .window = self->target.widget});
    return OUTCOME_ACT;
}

/* press SELECTOR keys */
static outcome press(request *self)
{
    int code, modifiers;
    char letter[8] = "";
    if (!hands_keys(wire_text(self->fields, 3), &code, &modifiers, letter)) {
        buffer_format(&self->why, "there is no key %s; such as Return, Ctrl+S, Shift+Tab, F5", wire_text(self->fields, 3));
        return OUTCOME_WRONG;
    }
    outcome found = ready(self, NEED_KEYS, NULL, NULL);
    if (found != OUTCOME_DONE)
        return found;
    key(look_window(self->target.widget), code, modifiers, letter);
    return OUTCOME_ACT;
}

/* What acts itself, and queues no input, has two rounds: what it does may open a dialog, and the request must be under way by then. In the
   first it looks. */
static outcome look_first(request *self)
{
    outcome found = match_one(self, 2);
    return found == OUTCOME_DONE ? OUTCOME_ACT : found;
}

static outcome close_window(request *self)
{
    outcome found = match_one(self, 2);
    if (found != OUTCOME_DONE)
        return found;
    if (look_blocker(self->target.widget)) {
        buffer_format(&self->why, "%s is blocked by the modal %s", wire_text(self->fields, 2),
                      look_class(look_blocker(self->target.widget)));
        return OUTCOME_AGAIN;
    }
    if (look_visible(look_window(self->target.widget)) && (self->round == 0 || door_close(self->target.widget)))
        return self->round == 0 ? OUTCOME_ACT : OUTCOME_DONE;
    buffer_format(&self->why, "%s is not open", wire_text(self->fields, 2));
    return OUTCOME_AGAIN;
}

static outcome set(request *self)
{
    if (self->round == 0)
        return look_first(self);
    void *object = self->target.part == PART_ACTION ? self->target.action : self->target.widget;
    buffer why = {0};
    long serial = self->serial;
    bool done = door_set(object, wire_text(self->fields, 3), wire_text(self->fields, 4), &why);
    if (serial == self->serial) /* else it opened a dialog, and the test has gone on since */
        buffer_text(&self->why, buffer_get(&why));
    buffer_free(&why);
    return done ? OUTCOME_DONE : OUTCOME_WRONG;
}

/* call SELECTOR slot values… */
static outcome call(request *self)
{
    if (self->round == 0)
        return look_first(self);
    const char *values[WIRE_FIELDS];
    size_t count = self->fields->count > 4 ? self->fields->count - 4 : 0;
    for (size_t i = 0; i < count; i++)
        values[i] = wire_text(self->fields, i + 4);
    void *object = self->target.part == PART_ACTION ? self->target.action : self->target.widget;
    buffer result = {0};
    long serial = self->serial;
    bool done = door_call(object, wire_text(self->fields, 3), count, values, &result);
    if (serial == self->serial)
        buffer_text(done ? &self->value : &self->why, buffer_get(&result));
    buffer_free(&result);
    return done ? OUTCOME_DONE : OUTCOME_WRONG;
}

/* drop SELECTOR path…: files that come from another program. Where they go is known in the first round, and they go in the second. */
static outcome drop(request *self)
{
    static int x, y;
    if (self->round == 0) {
        outcome found = ready(self, NEED_POINTER, &x, &y);
        return found == OUTCOME_DONE ? OUTCOME_ACT : found;
    }
    const char *paths[WIRE_FIELDS];
    size_t count = 0;
    for (size_t i = 3; i < self->fields->count; i++)
        paths[count++] = wire_text(self->fields, i);
    long serial = self->serial;
    bool taken = hands_drop(look_window(self->target.widget), x, y, count, paths);
    if (!taken && serial == self->serial)
        buffer_format(&self->why, "%s takes no such files", wire_text(self->fields, 2));
    return taken ? OUTCOME_DONE : OUTCOME_WRONG;
}

verb act_verb(const char *name)
{
    static const struct {
        const char *name;
        verb verb;
    } verbs[] = {{"click", click}, {"hover", hover}, {"drag", drag}, {"scroll", scroll},      {"type", type}, {"fill", fill},
                 {"press", press}, {"set", set},     {"call", call}, {"close", close_window}, {"drop", drop}};
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        if (strcmp(verbs[i].name, name) == 0)
            return verbs[i].verb;
    return NULL;
}
