/*
 * The recorder: lines that do again what a person did, with selectors that find the same. With Ctrl+Shift a click says what is expected of its
 * target, and does nothing else. And "inspect" only says what is under the pointer.
 */
#include "record_inner.h"

#include <stdlib.h>
#include <string.h>

typedef enum mode { MODE_OFF, MODE_RECORD, MODE_INSPECT } mode;

recording recorder;

static struct {
    mode mode;
    bool swallow; /* the release of a click that only asks */
    bool pressed; /* a button is down, on what is under way */
    node target;
    int x, y;     /* where, on the screen */
    buffer under; /* what inspect said last */
} self;

bool record_is_on(void)
{
    return self.mode != MODE_OFF;
}

bool record_exists(void *widget)
{
    void *const *all;
    for (size_t count = look_widgets(&all), i = 0; i < count; i++)
        if (all[i] == widget)
            return true;
    return false;
}

/* Fields and lists inside of what Qt makes of them belong to that */
void *record_meant(void *widget)
{
    void *parent = look_parent(widget);
    if (!parent || look_window(widget) == widget)
        return widget;
    if (look_is(parent, "QAbstractSpinBox") || look_is(parent, "QComboBox"))
        return parent;
    return look_is(parent, "QAbstractScrollArea") && look_has_name(widget, "qt_scrollarea_viewport") ? parent : widget;
}

static void say_tabs(void)
{
    if (recorder.tabs.length)
        lines_say(recorder.tabs.bytes);
    buffer_clear(&recorder.tabs);
}

void record_put(const char *line)
{
    if (recorder.said) {
        lines_instead(line);
        return;
    }
    /* what is filled gets the focus anyway */
    if (recorder.what == DOING_FIELD)
        buffer_clear(&recorder.tabs);
    say_tabs();
    if (*line)
        lines_say(line);
    recorder.said = *line;
}

void record_put_word(const char *word, const char *value)
{
    buffer line = {0};
    lines_word(&line, word, buffer_get(&recorder.name));
    if (value) {
        buffer_text(&line, ", ");
        lines_quote(&line, value);
    }
    buffer_text(&line, ")");
    record_put(line.bytes);
    buffer_free(&line);
}

void record_put_choice(const node *item)
{
    buffer line = {0}, host = {0};
    unique_selector(look_part_host(item), &host);
    lines_word(&line, "choose", host.bytes);
    buffer_text(&line, ", ");
    unique_part(item, &line);
    buffer_text(&line, ")");
    record_put(line.bytes);
    buffer_free(&line);
    buffer_free(&host);
}

static void settle_wheel(void)
{
    int down = -recorder.dy / 120, right = -recorder.dx / 120;
    bool gone = !record_exists(recorder.widget);
    void *meant = gone ? NULL : record_meant(recorder.widget);
    bool area = gone || look_is(meant, "QAbstractScrollArea") || look_is(meant, "QScrollBar") || look_window(meant) == meant;
    if (area || (!down && !right)) /* what is not in view is brought there anyway, and what nobody takes does nothing */
        return;
    buffer line = {0}, name = {0};
    unique_selector(meant, &name);
    lines_word(&line, "scroll", name.bytes);
    buffer_format(&line, ", %d", down);
    if (right)
        buffer_format(&line, ", %d", right);
    buffer_text(&line, ")");
    record_put(line.bytes);
    buffer_free(&line);
    buffer_free(&name);
}

void record_settle(void)
{
    if (recorder.what == DOING_FIELD)
        field_settle();
    else if (recorder.what == DOING_WHEEL)
        settle_wheel();
    recorder.what = DOING_NOTHING;
    recorder.widget = recorder.first = NULL;
    recorder.said = recorder.edited = recorder.alt = false;
    buffer_clear(&recorder.name);
    buffer_clear(&recorder.before);
    buffer_clear(&recorder.letters);
}

void record_begin(doing what, void *widget, const char *name)
{
    record_settle();
    recorder.what = what;
    recorder.widget = widget;
    buffer_text(&recorder.name, name);
}

static node target_of(const seen *what)
{
    node target = {0};
    if (!look_part_at(what->widget, what->x, what->y, &target))
        target = (node){.widget = record_meant(what->widget)};
    return target;
}

/* A window that a program derives to put things into, as most do, takes no clicks itself */
static bool only_holds(void *window)
{
    return look_is_qts(window) || look_is(window, "QMainWindow") || look_is(window, "QDialog");
}

/* Clicks that do nothing: on what is only there to hold others, to scroll, or to be taken hold of; and beside the items of a list */
static bool is_idle(const node *target, int button)
{
    void *widget = target->widget;
    bool window = look_window(widget) == widget;
    rect whole = look_rect(widget);
    if (target->part)
        return false;
    return (button == LEFT && look_is(widget, "QAbstractItemView")) || look_is(widget, "QScrollBar") ||
           look_is(widget, "QSizeGrip") || look_is(widget, "QMenu") || look_is(widget, "QMenuBar") ||
           (window && (only_holds(widget) || look_hit(widget, whole.width / 2, whole.height / 2) != widget));
}

static void put_modifiers(buffer *out, int modifiers)
{
    static const struct {
        int bit;
        const char *name;
    } all[] = {{CONTROL, "Ctrl"}, {SHIFT, "Shift"}, {ALT, "Alt"}, {META, "Meta"}};
    size_t count = 0;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (modifiers & all[i].bit)
            buffer_format(out, "%s%s", count++ ? "+" : ", { modifiers = \"", all[i].name);
    if (count)
        buffer_text(out, "\" }");
}

static void put_click(const char *word, const char *name, int modifiers)
{
    buffer line = {0};
    lines_word(&line, word, name);
    put_modifiers(&line, modifiers);
    buffer_text(&line, ")");
    record_put(line.bytes);
    buffer_free(&line);
}

static void clicked(const seen *what, const node *target, const char *name)
{
    bool twice = what->kind == SEEN_DOUBLE, plain = what->button == LEFT && !twice && !what->modifiers;
    const char *once = what->button == RIGHT ? "right_click" : what->button == MIDDLE ? "middle_click" : "click";
    if (!twice || recorder.what != DOING_CLICK || strcmp(buffer_get(&recorder.name), name) != 0)
        record_begin(DOING_CLICK, target->widget, name);
    if (plain && (target->part == PART_ITEM || target->part == PART_TAB))
        record_put_choice(target);
    else if (!look_is(target->widget, "QSplitterHandle")) /* that is dragged, or nothing */
        put_click(twice ? "double_click" : once, name, what->modifiers);
}

static void expect_of(const node *target)
{
    buffer line = {0};
    record_settle();
    expect_line(target, &line);
    record_put(line.bytes);
    record_settle();
    buffer_free(&line);
}

/* Nobody took it, up to the window: so it did nothing */
static void came_up(const seen *what)
{
    bool window = look_window(what->widget) == what->widget && only_holds(what->widget);
    if (recorder.what != DOING_CLICK || !window || what->button == RIGHT) /* a right click may bring a menu all the same */
        return;
    record_put("");
    recorder.what = DOING_NOTHING;
    record_settle();
}

static bool pressed(const seen *what)
{
    node target = target_of(what);
    void *owner = field_of(what->widget);
    field_kind field = look_field(owner);
    buffer name = {0};
    self.pressed = false;
    self.swallow = what->modifiers == (CONTROL | SHIFT) && what->button == LEFT;
    if (self.swallow) {
        expect_of(&target);
        return true;
    }
    bool known = what->button == LEFT || what->button == RIGHT || what->button == MIDDLE;
    bool pastes = what->button == MIDDLE && look_editable(owner);
    if (menu_press(what) || is_idle(&target, what->button) || !known)
        return false;
    if (field && field != FIELD_TABS && (what->button == LEFT || pastes) && !what->modifiers) {
        field_press(what, owner, field, &target);
        return false;
    }
    unique_node(&target, &name);
    clicked(what, &target, name.bytes);
    self.pressed = what->button == LEFT;
    self.target = target;
    self.x = what->global_x;
    self.y = what->global_y;
    buffer_free(&name);
    return false;
}

static void put_drag(const seen *what, void *under)
{
    seen there = *what;
    buffer line = {0}, to = {0};
    there.widget = under;
    there.x = what->global_x;
    there.y = what->global_y;
    look_from_screen(under, &there.x, &there.y);
    node target = target_of(&there);
    unique_node(&target, &to);
    lines_word(&line, "drag", recorder.name.bytes);
    buffer_text(&line, ", ");
    if (strcmp(to.bytes, recorder.name.bytes) == 0 || look_is(self.target.widget, "QSplitterHandle")) {
        buffer_format(&line, "%d, %d)", what->global_x - self.x, what->global_y - self.y);
    } else {
        lines_selector(&line, to.bytes);
        buffer_text(&line, ")");
    }
    record_put(line.bytes);
    buffer_free(&line);
    buffer_free(&to);
}

/* From another program. In text: a path in each line. */
static void files_dropped(const seen *what)
{
    node target = target_of(what);
    buffer line = {0}, name = {0}, path = {0};
    unique_node(&target, &name);
    record_begin(DOING_CLICK, what->widget, name.bytes);
    lines_word(&line, "drop", name.bytes);
    buffer_text(&line, ", { ");
    for (const char *at = what->text; *at;) {
        size_t length = strcspn(at, "\n");
        buffer_clear(&path);
        buffer_put(&path, at, length);
        lines_quote(&line, path.bytes);
        at += length + (at[length] == '\n');
        buffer_text(&line, *at ? ", " : " })");
    }
    record_put(line.bytes);
    record_settle();
    buffer_free(&line);
    buffer_free(&name);
    buffer_free(&path);
}

/* The button goes up elsewhere than it went down */
static void dragged(const seen *what)
{
    int way = abs(what->global_x - self.x) + abs(what->global_y - self.y);
    void *under = look_at_screen(what->global_x, what->global_y);
    if (way < look_drag_distance() || recorder.what != DOING_CLICK || !record_exists(self.target.widget))
        return;
    bool away = look_is(self.target.widget, "QAbstractButton") && (!under || !look_contains(self.target.widget, under));
    if (self.target.part == PART_HEADER || self.target.part == PART_TAB || away)
        record_put(""); /* a button that is left is not clicked; columns and tabs that are moved are beyond scripts */
    else if (under && look_window(under) == look_window(self.target.widget) && !look_is(self.target.widget, "QAbstractButton"))
        put_drag(what, under);
}

static bool released(const seen *what)
{
    bool swallowed = self.swallow, down = self.pressed;
    self.swallow = self.pressed = false;
    if (!swallowed && !menu_release(what) && down)
        dragged(what);
    return swallowed;
}

/* What a wheel does to a field is in the field in the end; and what is around a widget gets it only if that did not take it */
static void wheeled(const seen *what)
{
    void *owner = NULL;
    if (look_popup()) /* lists that are open are scrolled to where the choice is */
        return;
    if (what->again) {
        if (recorder.what == DOING_WHEEL)
            recorder.widget = what->widget;
        return;
    }
    for (void *it = what->widget; it && !owner && it != look_window(it); it = look_parent(it)) {
        field_kind field = look_field(record_meant(it));
        if (field == FIELD_NUMBER || field == FIELD_CHOICE || field == FIELD_SLIDER || field == FIELD_TABS)
            owner = record_meant(it);
    }
    if (owner) {
        field_begin(owner, look_field(owner));
        return;
    }
    if (recorder.what != DOING_WHEEL || recorder.first != what->widget) {
        record_begin(DOING_WHEEL, what->widget, "");
        recorder.first = what->widget;
        recorder.dx = recorder.dy = 0;
    }
    recorder.widget = what->widget;
    recorder.dx += what->dx;
    recorder.dy += what->dy;
}

static void point_out(const seen *what)
{
    node target = target_of(what);
    buffer name = {0};
    unique_node(&target, &name);
    if (strcmp(name.bytes, buffer_get(&self.under)) != 0) {
        buffer_clear(&self.under);
        buffer_text(&self.under, name.bytes);
        lines_say(name.bytes);
    }
    buffer_free(&name);
}

static void closed(const seen *what)
{
    buffer name = {0};
    unique_selector(what->widget, &name);
    record_begin(DOING_CLICK, what->widget, name.bytes);
    put_click("close", name.bytes, 0);
    record_settle();
    buffer_free(&name);
}

bool record_seen(const seen *what)
{
    if (self.mode == MODE_INSPECT) {
        if (what->kind == SEEN_MOVE)
            point_out(what);
        return false;
    }
    switch (what->kind) {
    case SEEN_PRESS:
    case SEEN_DOUBLE:
        if (what->again) {
            came_up(what);
            return self.swallow;
        }
        return pressed(what);
    case SEEN_RELEASE:
    case SEEN_DROP:
        return !what->again ? released(what) : false;
    case SEEN_FILES:
        files_dropped(what);
        return false;
    case SEEN_WHEEL:
        wheeled(what);
        return false;
    case SEEN_CLOSE:
        closed(what);
        return false;
    case SEEN_MOVE:
        return false;
    default:
        keys_pressed(what);
        return false;
    }
}

void record_end(void)
{
    buffer warnings = {0};
    record_settle();
    say_tabs();
    if (self.mode == MODE_RECORD) {
        agent_warnings(&warnings);
        lines_warn(buffer_get(&warnings));
    }
    self.mode = MODE_OFF;
    buffer_free(&warnings);
}

/* record [keep]: keep: the lines are asked for with "recorded", in place of being sent */
static outcome record(request *asked)
{
    self.mode = MODE_RECORD;
    lines_keep(strcmp(wire_text(asked->fields, 2), "keep") == 0);
    return OUTCOME_DONE;
}

static outcome inspect(request *asked)
{
    (void)asked;
    self.mode = MODE_INSPECT;
    return OUTCOME_DONE;
}

static outcome recorded(request *asked)
{
    record_end();
    lines_kept(&asked->value);
    return OUTCOME_DONE;
}

verb record_verb(const char *name)
{
    if (strcmp(name, "record") == 0)
        return record;
    if (strcmp(name, "recorded") == 0)
        return recorded;
    return strcmp(name, "inspect") == 0 ? inspect : NULL;
}
