/* Selectors for what is there: the shortest unique one, and what comes near to one that found nothing. */
#include "match.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static void quote(const char *text, buffer *out)
{
    buffer_text(out, "\"");
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            buffer_text(out, "\\");
        buffer_put(out, text, 1);
    }
    buffer_text(out, "\"");
}

static bool is_plain(const char *name)
{
    for (const char *at = name; *at; at++)
        if (!isalnum((unsigned char)*at) && *at != '_' && *at != '-')
            return false;
    return *name;
}

bool unique_is(const char *text, void *widget)
{
    const char *why;
    static matches found;
    selector *wanted = selector_parse(text, &why);
    if (!wanted)
        return false;
    match_all(wanted, &found);
    selector_free(wanted);
    return found.count == 1 && found.nodes[0].widget == widget;
}

static void put_name(void *widget, buffer *out)
{
    buffer name = {0};
    look_name(widget, &name);
    if (name.length) {
        buffer_text(out, "#");
        if (is_plain(name.bytes))
            buffer_text(out, name.bytes);
        else
            quote(name.bytes, out);
    }
    buffer_free(&name);
}

static void put_said(void *widget, const char *condition, void (*look)(void *, buffer *), buffer *out)
{
    buffer text = {0};
    look(widget, &text);
    if (text.length && text.length < 60 && !strchr(text.bytes, '\n')) {
        buffer_format(out, "%s:%s(", look_class(widget), condition);
        quote(text.bytes, out);
        buffer_text(out, ")");
    }
    buffer_free(&text);
}

/* What is written in a field is what a test puts there: no way to find it */
static bool is_field(void *widget)
{
    static const char *const kinds[] = {"QLineEdit", "QAbstractSpinBox", "QComboBox", "QTextEdit", "QPlainTextEdit"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (look_is(widget, kinds[i]))
            return true;
    return false;
}

/* Ways to name a widget, the best first. Each adds nothing if the widget has none of that. */
enum { WAY_NAME, WAY_TEXT, WAY_LABEL, WAY_TITLE, WAY_CLASS, WAYS };

static void put_way(int way, void *widget, buffer *out)
{
    if (way == WAY_NAME)
        put_name(widget, out);
    else if (way == WAY_TEXT && !is_field(widget))
        put_said(widget, "text", look_text, out);
    else if (way == WAY_LABEL)
        put_said(widget, "label", look_label, out);
    else if (way == WAY_TITLE && look_window(widget) == widget)
        put_said(widget, "window", look_title, out);
    else if (way == WAY_CLASS)
        buffer_format(out, ".%s", look_class(widget));
}

/* BEFORE, a way, BEHIND: the first that means only it */
static bool try_ways(int ways, void *widget, const char *before, const char *behind, buffer *out)
{
    for (int way = 0; way < ways; way++) {
        buffer_clear(out);
        buffer_text(out, before);
        size_t length = out->length;
        put_way(way, widget, out);
        if (out->length == length)
            continue;
        buffer_text(out, behind);
        if (unique_is(out->bytes, widget))
            return true;
    }
    return false;
}

/* By the title of its window */
static bool try_window(void *widget, buffer *out)
{
    buffer title = {0}, behind = {0};
    look_title(look_window(widget), &title);
    buffer_text(&behind, ":window(");
    quote(buffer_get(&title), &behind);
    buffer_text(&behind, ")");
    bool found = title.length && try_ways(WAYS, widget, "", behind.bytes, out);
    buffer_free(&title);
    buffer_free(&behind);
    return found;
}

static bool try_nth(void *widget, buffer *out)
{
    for (int n = 1; n <= MATCH_MAX; n++) {
        buffer_clear(out);
        buffer_format(out, ".%s:nth(%d)", look_class(widget), n);
        if (unique_is(out->bytes, widget))
            return true;
    }
    return false;
}

/* Within a parent that has a short selector itself */
static bool try_parents(void *widget, buffer *out)
{
    buffer prefix = {0};
    bool found = false;
    for (void *parent = look_parent(widget); parent && !found; parent = look_parent(parent)) {
        if (!try_ways(WAY_NAME + 1, parent, "", "", &prefix))
            continue;
        buffer_text(&prefix, " ");
        found = try_ways(WAYS, widget, prefix.bytes, "", out);
    }
    buffer_free(&prefix);
    return found;
}

void unique_selector(void *widget, buffer *out)
{
    buffer text = {0};
    if (!try_ways(WAYS, widget, "", "", &text) && !try_parents(widget, &text) && !try_window(widget, &text) &&
        !try_nth(widget, &text)) {
        buffer_clear(&text);
        buffer_format(&text, ".%s", look_class(widget));
    }
    buffer_text(out, buffer_get(&text));
    buffer_free(&text);
}

static bool part_is_one(const char *host, const char *word, const char *argument)
{
    const char *why;
    static matches found;
    buffer text = {0};
    buffer_format(&text, "%s %s(%s)", host, word, argument);
    selector *wanted = selector_parse(text.bytes, &why);
    if (wanted)
        match_all(wanted, &found);
    bool one = wanted && found.count == 1;
    selector_free(wanted);
    buffer_free(&text);
    return one;
}

/* Items by their text, else by the path to it, else by row and column; the rest by their text */
static void put_part(const node *what, const char *host, buffer *out)
{
    buffer text = {0}, path = {0};
    bool item = what->part == PART_ITEM || what->part == PART_CELL;
    look_part_text(what, &text);
    quote(buffer_get(&text), &path);
    if (item && what->depth > 1 && !part_is_one(host, "item", path.bytes)) {
        buffer_clear(&text);
        look_part_path(what, &text);
        buffer_clear(&path);
        quote(buffer_get(&text), &path);
    }
    if (item && what->depth == 1 && (!text.length || !part_is_one(host, "item", path.bytes)))
        buffer_format(out, "%d, %d", what->rows[0] + 1, what->column + 1);
    else
        buffer_text(out, path.bytes);
    buffer_free(&text);
    buffer_free(&path);
}

void unique_part(const node *what, buffer *out)
{
    buffer host = {0};
    unique_selector(look_part_host(what), &host);
    put_part(what, host.bytes, out);
    buffer_free(&host);
}

void unique_node(const node *what, buffer *out)
{
    static const char *const names[] = {
        [PART_ITEM] = "item", [PART_CELL] = "item", [PART_ACTION] = "action", [PART_TAB] = "tab", [PART_HEADER] = "header"};
    buffer host = {0};
    unique_selector(what->part ? look_part_host(what) : what->widget, &host);
    buffer_text(out, host.bytes);
    if (what->part) {
        buffer_format(out, " %s(", names[what->part]);
        put_part(what, host.bytes, out);
        buffer_text(out, ")");
    }
    buffer_free(&host);
}

/* Changes that turn one word into the other, at most 99, case apart */
static int distance(const char *a, const char *b)
{
    int row[101];
    size_t length = strlen(b);
    if (length > 99 || strlen(a) > 99)
        return 99;
    for (size_t j = 0; j <= length; j++)
        row[j] = (int)j;
    for (; *a; a++) {
        int corner = row[0]++;
        for (size_t j = 0; j < length; j++) {
            int best = corner + (tolower((unsigned char)*a) != tolower((unsigned char)b[j]));
            corner = row[j + 1];
            best = best < corner + 1 ? best : corner + 1;
            row[j + 1] = best < row[j] + 1 ? best : row[j] + 1;
        }
    }
    return row[length];
}

static void put_class(void *widget, buffer *out)
{
    buffer_text(out, look_class(widget));
}

static int nearness(const selector_test *test, void *widget)
{
    static void (*const looks[])(void *, buffer *) = {look_name, put_class, look_text, look_label};
    buffer text = {0};
    int best = 99;
    bool class = test->kind == TEST_CLASS || test->kind == TEST_EXACT;
    size_t first = test->kind == TEST_NAME ? 0 : class ? 1 : 2, last = test->kind == TEST_NAME ? 1 : class ? 2 : 4;
    for (size_t i = first; i < last; i++) {
        buffer_clear(&text);
        looks[i](widget, &text);
        if (!text.length)
            continue;
        int away = distance(test->value, text.bytes);
        bool inside = strlen(test->value) > 2 && strstr(text.bytes, test->value);
        away = inside ? 1 : away * 2 > (int)strlen(test->value) ? 99 : away;
        best = away < best ? away : best;
    }
    buffer_free(&text);
    return best;
}

/* By what says most; only if there is nothing else by the class */
static int nearness_of_all(const selector *wanted, void *widget)
{
    int best = 99;
    const selector_step *last = &wanted->steps[wanted->count - 1];
    for (size_t i = 0; i < last->count; i++) {
        test_kind kind = last->tests[i].kind;
        bool class = (kind == TEST_CLASS || kind == TEST_EXACT) && last->count == 1;
        if (!class && kind != TEST_NAME && kind != TEST_TEXT && kind != TEST_LABEL && kind != TEST_CONTAINS)
            continue;
        int away = nearness(&last->tests[i], widget);
        best = away < best ? away : best;
    }
    return best;
}

/* The part is not there, but what should show it may be */
static bool near_parts(const selector *wanted, buffer *out)
{
    static matches hosts;
    selector host = *wanted;
    host.part = PART_NONE;
    if (wanted->count)
        match_all(&host, &hosts);
    if (!wanted->part || !wanted->count || !hosts.count)
        return false;
    buffer_text(out, "; there is: ");
    look_part_names(hosts.nodes[0].widget, wanted->part, out);
    return true;
}

void match_near(const selector *wanted, buffer *out)
{
    enum { NEAR = 5 };
    void *const *all;
    void *near[NEAR] = {0};
    int away[NEAR] = {99, 99, 99, 99, 99};
    if (near_parts(wanted, out) || !wanted->count)
        return;
    size_t count = look_widgets(&all);
    for (size_t i = 0; i < count; i++) {
        int here = nearness_of_all(wanted, all[i]);
        void *widget = all[i];
        for (int j = 0; j < NEAR; j++)
            if (here < away[j]) { /* what was there moves on */
                int next = away[j];
                void *other = near[j];
                away[j] = here;
                near[j] = widget;
                here = next;
                widget = other;
            }
    }
    for (int j = 0; j < NEAR && near[j]; j++) {
        buffer_text(out, j ? "\n  " : "; near to it:\n  ");
        unique_selector(near[j], out);
        if (!look_visible(near[j]))
            buffer_text(out, "  (hidden)");
    }
}
