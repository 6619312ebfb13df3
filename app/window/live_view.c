/* What the program is doing right now, as two sentences and a table of threads and worker processes. */
#include "window/live_view.h"

#include "window/parts.h"
#include "window/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EACH_MS = 1000, WIDTH = 760, HEIGHT = 420, LINE = 512 };
enum { NAME, KIND, STATE, DOING, FOR, ID, COLUMNS };

static const char *const titles[COLUMNS] = {"Name", "Kind", "State", "Doing", "For", "Id"};
static const int widths[COLUMNS] = {150, 120, 76, 200, 90, 70};

typedef struct live_row {
    char name[32], kind[24], state[16], doing[64];
    int64_t for_ms;
    int id;
} live_row;

typedef struct live_view {
    bh_object *object, *loop, *mailbox, *table, *model, *text;
    live_row *rows;
    int count;
} live_view;

/* --- looking */

static const char *kind_text(bh_thread_kind kind)
{
    switch (kind) {
    case BH_THREAD_GUI:
        return "GUI thread";
    case BH_THREAD_PLAIN:
        return "thread";
    case BH_THREAD_LIBRARY:
        return "library's thread";
    default:
        return NULL;
    }
}

static void row_of_thread(const bh_thread_info *thread, live_row *out)
{
    const char *kind = kind_text(thread->kind);
    *out = (live_row){.for_ms = thread->for_ms, .id = thread->tid};
    snprintf(out->name, sizeof out->name, "%s", thread->name);
    snprintf(out->kind, sizeof out->kind, kind ? "%s" : "%s thread", kind ? kind : bh_thread_kind_name(thread->kind));
    snprintf(out->state, sizeof out->state, "%s", thread->alive ? "alive" : "ending");
    snprintf(out->doing, sizeof out->doing, "%s", thread->what);
}

static void row_of_worker(const bh_process_worker_info *worker, live_row *out)
{
    *out = (live_row){.for_ms = worker->for_ms, .id = worker->pid};
    snprintf(out->name, sizeof out->name, "%s", worker->pool);
    snprintf(out->kind, sizeof out->kind, "worker process");
    snprintf(out->state, sizeof out->state, "%s", bh_process_worker_state_name(worker->state));
    snprintf(out->doing, sizeof out->doing, "%s", worker->function);
}

/* The model is told after its rows have changed. */
static void tell_model(const live_view *self, int before)
{
    if (self->count > before)
        bh_table_model_rows_inserted(self->model, before, self->count - before);
    else if (self->count < before)
        bh_table_model_rows_removed(self->model, self->count, before - self->count);
    if (self->count)
        bh_table_model_cells_changed(self->model, 0, 0, self->count - 1, COLUMNS - 1);
}

static void look_at_rows(live_view *self)
{
    bh_thread_info *threads = NULL;
    bh_process_worker_info *workers = NULL;
    size_t thread_count = 0, worker_count = 0;
    int before = self->count;
    bh_threads_list(&threads, &thread_count);
    bh_process_workers_list(&workers, &worker_count);
    live_row *rows = calloc(thread_count + worker_count + 1, sizeof *rows);
    if (rows) {
        free(self->rows);
        self->rows = rows;
        for (size_t i = 0; i < thread_count; i++)
            row_of_thread(&threads[i], rows++);
        for (size_t i = 0; i < worker_count; i++)
            row_of_worker(&workers[i], rows++);
        self->count = (int)(thread_count + worker_count);
        tell_model(self, before);
    }
    bh_free(threads);
    bh_free(workers);
}

static void say_loop(char *out, size_t size)
{
    char turns[TEXT_SIZE], hangs[TEXT_SIZE];
    bh_watchdog_latency latency;
    if (bh_watchdog_get_latency(&latency))
        return;
    snprintf(out, size,
             "Event loop: %s turns, half of them took %.1f ms or less, 99 of 100 %.1f ms, the longest %.0f ms; %s hangs",
             text_count((int64_t)latency.turns, turns), latency.p50_ms, latency.p99_ms, latency.longest_ms,
             latency.hangs ? text_count((int64_t)latency.hangs, hangs) : "no");
}

static void say_mailbox(char *out, size_t size)
{
    char delivered[TEXT_SIZE], conflated[TEXT_SIZE], dropped[TEXT_SIZE], late[TEXT_SIZE], bytes[TEXT_SIZE];
    bh_mailbox_stats stats;
    if (bh_mailbox_get_stats(NULL, &stats))
        return;
    snprintf(out, size, "Mailbox: %s messages delivered, %zu waiting; %s replaced by newer ones, %s dropped, %s too late; %s",
             text_count((int64_t)stats.delivered, delivered), stats.waiting, text_count((int64_t)stats.conflated, conflated),
             text_count((int64_t)stats.dropped, dropped), text_count((int64_t)stats.late, late),
             text_bytes((int64_t)stats.bytes, bytes));
}

static void look(live_view *self)
{
    char line[LINE] = "";
    say_loop(line, sizeof line);
    bh_set_string(self->loop, "text", line);
    line[0] = 0;
    say_mailbox(line, sizeof line);
    bh_set_string(self->mailbox, "text", line);
    look_at_rows(self);
}

static void tick(void *user)
{
    live_view *self = user;
    bool visible = false, minimized = false;
    bh_get_bool(self->object, "visible", &visible);
    bh_get_bool(self->object, "minimized", &minimized);
    if (visible && !minimized)
        look(self);
}

/* --- the table */

static const char *cell_text(const live_row *row, int column, char out[TEXT_SIZE])
{
    switch (column) {
    case NAME:
        return row->name;
    case KIND:
        return row->kind;
    case STATE:
        return row->state;
    case DOING:
        return row->doing;
    case FOR:
        return row->for_ms ? text_seconds((double)row->for_ms / 1000, out) : "";
    default:
        snprintf(out, TEXT_SIZE, "%d", row->id);
        return out;
    }
}

static void cell(void *user, int row, int column, bh_table_role role, bh_value *out)
{
    static char text[TEXT_SIZE];
    const live_view *self = user;
    bool number = column >= FOR;
    if (row >= self->count)
        return;
    if (role == BH_TABLE_TEXT || (role == BH_TABLE_TOOL_TIP && !number))
        *out = BH_VALUE(cell_text(&self->rows[row], column, text));
    else if (role == BH_TABLE_ALIGNMENT)
        *out = BH_VALUE((int)((number ? BH_ALIGN_RIGHT : BH_ALIGN_LEFT) | BH_ALIGN_VCENTER));
}

static const bh_table_model model = {BH_TABLE_MODEL_INIT, .columns = COLUMNS, .titles = titles, .cell = cell};

/* --- copying */

typedef struct buffer {
    char *text;
    size_t used, size;
} buffer;

static void add(buffer *to, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(buffer *to, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(to->text + to->used, to->size - to->used, format, arguments);
    va_end(arguments);
    to->used += length > 0 ? (size_t)length : 0;
    to->used = to->used < to->size ? to->used : to->size - 1;
}

static void add_label(buffer *to, const bh_object *label)
{
    char *text = NULL;
    if (bh_get_string(label, "text", &text) == BH_OK)
        add(to, "%s\n", text);
    bh_free(text);
}

/* Columns are separated by tabs, so that a spreadsheet takes it, too. */
static void on_copy(void *user)
{
    enum { EACH_ROW = 256 };
    live_view *self = user;
    buffer all = {.size = 2 * LINE + ((size_t)self->count + 1) * EACH_ROW};
    char text[TEXT_SIZE];
    all.text = malloc(all.size);
    if (!all.text)
        return;
    add_label(&all, self->loop);
    add_label(&all, self->mailbox);
    for (int column = 0; column < COLUMNS; column++)
        add(&all, "%s%c", titles[column], column < ID ? '\t' : '\n');
    for (int row = 0; row < self->count; row++)
        for (int column = 0; column < COLUMNS; column++)
            add(&all, "%s%c", cell_text(&self->rows[row], column, text), column < ID ? '\t' : '\n');
    bh_call(self->text, "setPlainText", all.text);
    bh_call(self->text, "selectAll");
    bh_call(self->text, "copy");
    free(all.text);
}

/* --- the window */

static void on_close(void *user)
{
    live_view *self = user;
    bh_call(self->object, "close");
}

static void on_finished(void *user)
{
    live_view *self = user;
    bh_destroy(self->object);
}

static void destroyed(void *user)
{
    live_view *self = user;
    free(self->rows);
    free(self);
}

static const bh_class window_class = {BH_CLASS_INIT, .name = "LiveView", .base = "QDialog", .destroyed = destroyed};

static void make_table(live_view *self, bh_object *layout)
{
    self->table = part_table(self->object, "live-table", "Threads and worker processes");
    self->model = bh_table_model_create(&model, 0, self->table, self);
    bh_table_view_set_model(self->table, self->model);
    bh_set_enum(self->table, "selectionBehavior", "SelectRows");
    for (int i = 0; i < COLUMNS; i++)
        bh_table_view_set_column_width(self->table, i, widths[i]);
    part_finish_table(self->table, false);
    bh_layout_add_widget(layout, self->table, 1);
}

static bh_object *make_line(const live_view *self, bh_object *layout, const char *name, const char *accessible)
{
    bh_object *label = part_label(self->object, name, "");
    bh_set_string(label, "accessibleName", accessible);
    bh_set_bool(label, "wordWrap", true);
    bh_layout_add_widget(layout, label, 0);
    return label;
}

static void make_buttons(live_view *self, bh_object *layout)
{
    bh_object *row = bh_create("QHBoxLayout", NULL);
    bh_layout_add_layout(layout, row, 0);
    bh_layout_add_stretch(row, 1);
    bh_object *copy = part_button(self->object, "live-copy", "&Copy", BH_CALLBACK(on_copy), self);
    bh_set_string(copy, "toolTip", "Puts all of it into the clipboard, as text");
    bh_layout_add_widget(row, copy, 0);
    bh_layout_add_widget(row, part_button(self->object, "live-close", "C&lose", BH_CALLBACK(on_close), self), 0);
    self->text = part_widget(self->object, "QPlainTextEdit", "live-text"); /* through which text gets into the clipboard */
    part_show(self->text, false);
}

void live_view_open(bh_object *window)
{
    if (part_raise(window, "live-view"))
        return;
    live_view *self = calloc(1, sizeof *self);
    if (!self)
        return;
    self->object = bh_create_instance(&window_class, window, self);
    if (!self->object) {
        free(self);
        return;
    }
    bh_set_name(self->object, "live-view");
    bh_set_string(self->object, "windowTitle", "Live View");
    bh_object *layout = part_box(self->object, "QVBoxLayout", PART_MARGIN);
    self->loop = make_line(self, layout, "live-loop", "Event loop");
    self->mailbox = make_line(self, layout, "live-mailbox", "Mailbox");
    make_table(self, layout);
    make_buttons(self, layout);
    bh_connect(self->object, "finished", BH_CALLBACK(on_finished), self, NULL);
    look(self);
    bh_timer_start(EACH_MS, BH_TIMER_COARSE, self->object, tick, self);
    bh_set_size(self->object, "size", BH_SIZE(WIDTH, HEIGHT));
    bh_call(self->object, "show");
}
