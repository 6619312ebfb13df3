/* The window of what happened: a table of events, newest first, that is filtered and copied as text. */
#include "window/events.h"

#include "window/parts.h"
#include "window/room.h"
#include "window/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TIME, LEVEL, ABOUT, WHAT, COLUMNS, WIDTH = 820, HEIGHT = 460 };

static const char *const titles[COLUMNS] = {"Time", "Kind", "About", "What happened"};
static const char *const kinds[] = {"Everything", "Warnings and errors", "Errors", NULL};
static const bh_log_level least[] = {BH_LOG_DEBUG, BH_LOG_WARNING, BH_LOG_ERROR};

typedef struct entry {
    int64_t time;
    bh_log_level level;
    store_table table;
    char *text;
} entry;

typedef struct events {
    project *project;
    bh_object *dialog, *filter, *kind, *table, *model, *says, *clipboard;
    entry *entries; /* as they happened */
    size_t count, room;
    int *shown; /* places in entries, newest first */
    int shown_count;
    int64_t newest; /* event */
    bool reading, again;
    char wanted[128];
    bh_log_level least;
} events;

/* --- the table */

static const char *time_text(int64_t ms, char out[TEXT_SIZE])
{
    struct tm parts;
    time_t seconds = (time_t)(ms / 1000);
    out[0] = 0;
    if (localtime_r(&seconds, &parts))
        strftime(out, TEXT_SIZE, "%Y-%m-%d %H:%M:%S", &parts);
    return out;
}

static const char *text_of(const entry *of, int column)
{
    static char text[TEXT_SIZE];
    static const char *const levels[] = {"detail", "note", "\xE2\x9A\xA0 warning", "\xE2\x9C\x97 error"};
    static const char *const tables[] = {"Project", "Data set", "Fetch", "Run"};
    switch (column) {
    case TIME:
        return time_text(of->time, text);
    case LEVEL:
        return of->level <= BH_LOG_ERROR ? levels[of->level] : levels[BH_LOG_ERROR];
    case ABOUT:
        return of->table <= STORE_RUNS ? tables[of->table] : tables[0];
    default:
        return of->text;
    }
}

static const entry *entry_at(const events *self, int row)
{
    return row < self->shown_count ? &self->entries[self->shown[row]] : NULL;
}

static void cell(void *user, int row, int column, bh_table_role role, bh_value *out)
{
    const entry *of = entry_at(user, row);
    if (!of)
        return;
    if (role == BH_TABLE_TEXT || role == BH_TABLE_TOOL_TIP)
        *out = BH_VALUE(text_of(of, column));
    else if (role == BH_TABLE_FOREGROUND && column == LEVEL && of->level >= BH_LOG_WARNING)
        *out = BH_VALUE(of->level == BH_LOG_WARNING ? part_warning : part_bad);
}

static const bh_table_model model = {BH_TABLE_MODEL_INIT, .columns = COLUMNS, .titles = titles, .cell = cell};

static bool is_shown(const events *self, const entry *of)
{
    return of->level >= self->least &&
           (!self->wanted[0] || strcasestr(of->text, self->wanted) || strcasestr(text_of(of, ABOUT), self->wanted));
}

static void show(events *self)
{
    char text[96], some[TEXT_SIZE], all[TEXT_SIZE];
    self->shown_count = 0;
    for (size_t i = self->count; i > 0; i--)
        if (is_shown(self, &self->entries[i - 1]))
            self->shown[self->shown_count++] = (int)i - 1;
    bh_table_model_reset(self->model, self->shown_count);
    snprintf(text, sizeof text, "%s of %s events", text_count(self->shown_count, some), text_count((int64_t)self->count, all));
    bh_set_string(self->says, "text", self->count ? text : "Nothing has happened yet that is worth a note.");
}

/* --- what happened */

static bool has_room(events *self, size_t count)
{
    void *entries = self->entries;
    bool made = room_make(&entries, sizeof *self->entries, &self->shown, &self->room, count);
    self->entries = entries;
    return made;
}

static void take(events *self, const store_event *rows, size_t count)
{
    if (!count || !has_room(self, self->count + count))
        return;
    for (size_t i = 0; i < count; i++) {
        char *text = strdup(rows[i].text);
        if (!text)
            break;
        self->newest = rows[i].id;
        self->entries[self->count++] = (entry){rows[i].time, rows[i].level, rows[i].table, text};
    }
}

static void read_more(events *self);

static void on_read(void *user, const store_event *rows, size_t count)
{
    void *found = NULL;
    events *self = bh_is_alive(user) && !bh_instance_user(user, &found) ? found : NULL;
    if (!self)
        return;
    self->reading = false;
    take(self, rows, count);
    show(self);
    if (self->again)
        read_more(self);
}

static void read_more(events *self)
{
    self->again = self->reading;
    if (!self->reading)
        self->reading = project_read_events(self->project, self->newest, on_read, self->dialog) == BH_OK;
}

static void on_event(void *user, const store_event *event)
{
    (void)event;
    read_more(user);
}

/* --- what it does */

static void on_filter(void *user, const char *text)
{
    events *self = user;
    snprintf(self->wanted, sizeof self->wanted, "%s", text);
    show(self);
}

static void on_kind(void *user, int index)
{
    events *self = user;
    self->least = least[index >= 0 && index < 3 ? index : 0];
    show(self);
}

static void copy_rows(const events *self, const int *rows, size_t count, FILE *out)
{
    for (size_t i = 0; i < count; i++) {
        const entry *of = entry_at(self, rows ? rows[i] : (int)i);
        for (int column = 0; of && column < COLUMNS; column++)
            fprintf(out, "%s%c", text_of(of, column), column == WHAT ? '\n' : '\t');
    }
}

/* What is selected, or else all that is shown, as lines with tabs. A text field that nobody sees has what puts texts on the clipboard. */
static void on_copy(void *user)
{
    const events *self = user;
    int *rows = NULL;
    size_t count = 0, size;
    char *text = NULL;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return;
    bh_table_view_get_selected_rows(self->table, &rows, &count);
    copy_rows(self, count ? rows : NULL, count ? count : (size_t)self->shown_count, out);
    bh_free(rows);
    if (fclose(out) == 0) {
        bh_set_string(self->clipboard, "plainText", text);
        bh_call(self->clipboard, "selectAll");
        bh_call(self->clipboard, "copy");
    }
    free(text);
}

static void on_close(void *user)
{
    bh_call(((const events *)user)->dialog, "close");
}

static void on_finished(void *user, int result)
{
    (void)result;
    bh_destroy(((const events *)user)->dialog);
}

/* --- the parts */

static void make_filters(events *self, bh_object *box)
{
    bh_object *row = bh_create("QHBoxLayout", NULL);
    bh_layout_add_layout(box, row, 0);
    self->filter = part_widget(self->dialog, "QLineEdit", "events-filter");
    bh_set_string(self->filter, "placeholderText", "Filter");
    bh_set_string(self->filter, "accessibleName", "Filter of events");
    bh_set_bool(self->filter, "clearButtonEnabled", true);
    self->kind = part_widget(self->dialog, "QComboBox", "events-kind");
    bh_set_string(self->kind, "accessibleName", "Kind of events");
    bh_combo_box_add_items(self->kind, kinds);
    bh_layout_add_widget(row, self->filter, 1);
    bh_layout_add_widget(row, self->kind, 0);
    bh_connect(self->filter, "textChanged", BH_CALLBACK(on_filter, const char *), self, NULL);
    bh_connect(self->kind, "currentIndexChanged", BH_CALLBACK(on_kind, int), self, NULL);
}

static bool make_table(events *self, bh_object *box)
{
    static const int widths[COLUMNS] = {140, 90, 70, 400};
    self->table = part_table(self->dialog, "events-table", "Events");
    self->model = bh_table_model_create(&model, 0, self->table, self);
    if (!self->model || bh_table_view_set_model(self->table, self->model))
        return false;
    for (int i = 0; i < COLUMNS; i++)
        bh_table_view_set_column_width(self->table, i, widths[i]);
    part_finish_table(self->table, true);
    bh_layout_add_widget(box, self->table, 1);
    return true;
}

static void make_foot(events *self, bh_object *box)
{
    bh_object *row = bh_create("QHBoxLayout", NULL);
    bh_layout_add_layout(box, row, 0);
    self->says = part_label(self->dialog, "events-says", "");
    part_secondary(self->says);
    bh_object *copy = part_button(self->dialog, "events-copy", "Co&py", BH_CALLBACK(on_copy), self);
    bh_object *close = part_button(self->dialog, "events-close", "&Close", BH_CALLBACK(on_close), self);
    bh_set_string(copy, "toolTip", "What is selected, or all that is shown, as text");
    bh_set_bool(copy, "autoDefault", false);
    bh_layout_add_widget(row, self->says, 1);
    bh_layout_add_widget(row, copy, 0);
    bh_layout_add_widget(row, close, 0);
    self->clipboard = part_widget(self->dialog, "QPlainTextEdit", "events-text");
    part_show(self->clipboard, false);
}

static bool make(events *self)
{
    bh_object *box = part_box(self->dialog, "QVBoxLayout", PART_MARGIN);
    bh_set_name(self->dialog, "events");
    bh_set_string(self->dialog, "windowTitle", "Event Log");
    make_filters(self, box);
    if (!make_table(self, box))
        return false;
    make_foot(self, box);
    bh_connect(self->dialog, "finished", BH_CALLBACK(on_finished, int), self, NULL);
    bh_set_size(self->dialog, "size", BH_SIZE(WIDTH, HEIGHT));
    return true;
}

static void destroyed(void *user)
{
    events *self = user;
    project_forget(self->project, self);
    project_release(self->project);
    for (size_t i = 0; i < self->count; i++)
        free(self->entries[i].text);
    free(self->entries);
    free(self->shown);
    free(self);
}

static const bh_class dialog_class = {BH_CLASS_INIT, .name = "BulkheadEvents", .base = "QDialog", .destroyed = destroyed};

void events_open(bh_object *window, project *of)
{
    events *self = part_raise(window, "events") ? NULL : calloc(1, sizeof *self);
    if (!self)
        return;
    self->project = of;
    self->dialog = bh_create_instance(&dialog_class, window, self);
    if (!self->dialog) {
        free(self);
        return;
    }
    const project_observer observer = {.event = on_event, .user = self};
    project_take(of);
    if (!make(self)) {
        bh_destroy(self->dialog);
        return;
    }
    project_observe(of, &observer);
    read_more(self);
    bh_call(self->dialog, "show");
}
