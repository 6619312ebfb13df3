/*
 * The recorder: lines that do again what a person did, with selectors that find the same. What is typed becomes one fill() when something else
 * happens; a click that becomes a double click, or opens a combo box, waits to be said. With Ctrl+Shift a click says what is expected of its
 * target, and does nothing else. And "inspect" only says what is under the pointer.
 */
#include "record.h"

#include "match.h"

#include <string.h>

enum {
    LEFT = 1,
    RIGHT = 2,
    SHIFT = 0x02000000,
    CONTROL = 0x04000000,
    ALT = 0x08000000,
    SPECIAL = 0x01000000 /* keys without text */
};

typedef enum mode { MODE_OFF, MODE_RECORD, MODE_INSPECT } mode;

static struct {
    mode mode;
    buffer typed;   /* selector of what is typed into, "" if nothing is */
    void *editor;   /* the same, to ask what is in it */
    buffer waiting; /* a line that may change yet */
    buffer clicked; /* selector of the click in it */
    buffer under;   /* what inspect said last */
    bool swallow;   /* the release of a click that asserted */
} self;

bool record_is_on(void)
{
    return self.mode != MODE_OFF;
}

static void put_lua(buffer *out, const char *text)
{
    buffer_text(out, "\"");
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            buffer_text(out, "\\");
        if (*text == '\n')
            buffer_text(out, "\\n");
        else
            buffer_put(out, text, 1);
    }
    buffer_text(out, "\"");
}

static void flush(void)
{
    if (self.waiting.length)
        session_say(self.waiting.bytes);
    buffer_clear(&self.waiting);
    buffer_clear(&self.clicked);
}

static bool exists(void *widget)
{
    void *const *all;
    for (size_t count = look_widgets(&all), i = 0; i < count; i++)
        if (all[i] == widget)
            return true;
    return false;
}

/* What was typed is done: as one line, with what is in the field now */
static void flush_typed(void)
{
    buffer line = {0}, text = {0};
    if (!self.editor)
        return;
    if (exists(self.editor)) {
        look_text(self.editor, &text);
        buffer_text(&line, "fill(");
        put_lua(&line, buffer_get(&self.typed));
        buffer_text(&line, ", ");
        put_lua(&line, buffer_get(&text));
        buffer_text(&line, ")");
        session_say(line.bytes);
    }
    self.editor = NULL;
    buffer_free(&line);
    buffer_free(&text);
}

/* word(selector) or word(selector, value) waits to be said */
static void wait_with(const char *word, const char *name, const char *value)
{
    flush();
    buffer_format(&self.waiting, "%s(", word);
    put_lua(&self.waiting, name);
    if (value) {
        buffer_text(&self.waiting, ", ");
        put_lua(&self.waiting, value);
    }
    buffer_text(&self.waiting, ")");
    buffer_text(&self.clicked, name);
}

/* Fields inside of spin boxes and combo boxes belong to them */
static void *meant(void *widget)
{
    void *parent = look_parent(widget);
    if (parent && (look_is(parent, "QAbstractSpinBox") || look_is(parent, "QComboBox")) && look_window(widget) != widget)
        return parent;
    if (parent && look_is(parent, "QAbstractScrollArea") && look_has_name(widget, "qt_scrollarea_viewport"))
        return parent;
    return widget;
}

static node target_of(const seen *what)
{
    node target = {0};
    if (!look_part_at(what->widget, what->x, what->y, &target))
        target = (node){.widget = meant(what->widget)};
    return target;
}

/* An item in the list that a combo box opened: the click on the box said before was only the way there */
static bool chosen(const node *target)
{
    void *box = look_parent(look_window(target->widget));
    if (target->part != PART_ITEM || !box || !look_is(box, "QComboBox"))
        return false;
    buffer name = {0}, text = {0};
    unique_selector(box, &name);
    look_part_text(target, &text);
    if (strcmp(buffer_get(&self.clicked), name.bytes) == 0)
        buffer_clear(&self.waiting);
    wait_with("choose", name.bytes, buffer_get(&text));
    buffer_free(&name);
    buffer_free(&text);
    return true;
}

static void expect_of(const node *target, const char *name)
{
    buffer text = {0}, line = {0};
    if (target->part)
        look_part_text(target, &text);
    else
        look_text(target->widget, &text);
    flush();
    buffer_text(&line, "expect(");
    put_lua(&line, name);
    buffer_text(&line, text.length ? "):to_have_text(" : "):to_be_visible(");
    if (text.length)
        put_lua(&line, text.bytes);
    buffer_text(&line, ")");
    session_say(line.bytes);
    buffer_free(&text);
    buffer_free(&line);
}

static const char *word_for(const seen *what, const node *target)
{
    if (what->kind == SEEN_DOUBLE)
        return "double_click";
    if (what->button == RIGHT)
        return "right_click";
    if (!target->part && (look_is(target->widget, "QCheckBox") || look_is(target->widget, "QRadioButton")))
        return look_checked(target->widget) && look_is(target->widget, "QCheckBox") ? "uncheck" : "check";
    return "click";
}

static bool pressed(const seen *what)
{
    node target = target_of(what);
    buffer name = {0};
    flush_typed();
    unique_node(&target, &name);
    self.swallow = (what->modifiers & (CONTROL | SHIFT)) == (CONTROL | SHIFT);
    if (self.swallow) {
        expect_of(&target, name.bytes);
    } else if (!chosen(&target)) {
        if (what->kind == SEEN_DOUBLE && strcmp(buffer_get(&self.clicked), name.bytes) == 0)
            buffer_clear(&self.waiting);
        wait_with(word_for(what, &target), name.bytes, NULL);
    }
    buffer_free(&name);
    return self.swallow;
}

static bool is_text_key(const seen *what)
{
    return !(what->modifiers & (CONTROL | ALT)) && (what->key < SPECIAL || what->key == SPECIAL + 3 || what->key == SPECIAL + 7);
}

static bool is_modifier(const seen *what)
{
    return what->key >= SPECIAL + 0x20 && what->key <= SPECIAL + 0x26; /* Shift … ScrollLock */
}

static bool typed(const seen *what)
{
    void *editor = meant(what->widget);
    bool text = is_text_key(what) && look_editable(editor);
    if (is_modifier(what) ||
        (what->kind == SEEN_SHORTCUT) == text) /* a shortcut is heard before it is a key, and maybe instead */
        return false;
    flush();
    if (text && self.editor == editor)
        return false;
    flush_typed();
    if (text) {
        buffer_clear(&self.typed);
        unique_selector(editor, &self.typed);
        self.editor = editor;
    } else {
        buffer line = {0};
        buffer_text(&line, "press(");
        put_lua(&line, what->text);
        buffer_text(&line, ")");
        session_say(line.bytes);
        buffer_free(&line);
    }
    return false;
}

static void point_out(const seen *what)
{
    node target = target_of(what);
    buffer name = {0};
    unique_node(&target, &name);
    if (strcmp(name.bytes, buffer_get(&self.under)) != 0) {
        buffer_clear(&self.under);
        buffer_text(&self.under, name.bytes);
        session_say(name.bytes);
    }
    buffer_free(&name);
}

static void closed(const seen *what)
{
    buffer name = {0};
    flush_typed();
    unique_selector(what->widget, &name);
    wait_with("close", name.bytes, NULL);
    flush();
    buffer_free(&name);
}

bool record_seen(const seen *what)
{
    if (self.mode == MODE_INSPECT) {
        if (what->kind == SEEN_MOVE)
            point_out(what);
        return false;
    }
    if (what->kind == SEEN_PRESS || what->kind == SEEN_DOUBLE)
        return pressed(what);
    if (what->kind == SEEN_RELEASE)
        return self.swallow;
    if (what->kind == SEEN_CLOSE) {
        closed(what);
        return false;
    }
    return what->kind != SEEN_MOVE && typed(what);
}

void record_end(void)
{
    flush();
    flush_typed();
    self.mode = MODE_OFF;
}

static outcome record(request *asked)
{
    (void)asked;
    self.mode = MODE_RECORD;
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
    (void)asked;
    record_end();
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
