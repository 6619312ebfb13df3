/* The page of a data set: its head, its states, and how it follows the project. */
#include "window/data_inner.h"

#include "window/fetch_dialog.h"
#include "window/new_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT = 1400 };

void data_page_unref(void *user)
{
    data_page *self = user;
    if (--self->refs)
        return;
    rows_close(self->rows);
    choices_clear(&self->choices);
    facts_free(self->facts);
    free(self);
}

/* --- facts, read on the pool */

typedef struct reading {
    data_page *of;
    int generation;
    char *json;
    facts *facts;
} reading;

static bh_status read_facts(bh_task_context *context, void *user)
{
    reading *my = user;
    (void)context;
    my->facts = facts_read(my->json);
    return BH_OK;
}

static void on_facts(void *user, bh_task *task)
{
    reading *my = user;
    data_page *self = my->of;
    (void)task;
    if (self->gone || my->generation != self->generation)
        return;
    data_tables_show(self, my->facts);
    my->facts = NULL;
    self->seen = 0; /* the head says more now */
    data_page_update(self);
}

static void drop_reading(void *user)
{
    reading *my = user;
    data_page_unref(my->of);
    facts_free(my->facts);
    free(my->json);
    free(my);
}

static void begin_facts(data_page *self, const char *json)
{
    const bh_task_options options = {BH_TASK_INIT, .name = "facts", .done = on_facts, .drop = drop_reading};
    reading *my = calloc(1, sizeof *my);
    self->generation++;
    if (!my)
        return;
    *my = (reading){self, self->generation, strdup(json), NULL};
    self->refs++;
    if (!my->json || !bh_task_start(self->pool, read_facts, my, &options))
        drop_reading(my);
}

/* --- what it says */

static const char *found_out(const facts *of, char *out, size_t size)
{
    const char *format = bh_message_get_string(of->options, "format", "csv");
    const char *delimiter = bh_message_get_string(of->options, "delimiter", ",");
    const char *word = strcmp(delimiter, ",") == 0   ? "comma"
                       : strcmp(delimiter, ";") == 0 ? "semicolon"
                       : strcmp(delimiter, "|") == 0 ? "bar"
                                                     : delimiter;
    const char *encoding = bh_message_get_string(of->view, "encoding", "plain");
    bool header = bh_message_get_bool(of->options, "header", false),
         counted = bh_message_get_bool(of->options, "count_line", false);
    if (of->sparse)
        snprintf(out, size, "libsvm%s%s", strcmp(encoding, "plain") ? ", " : "", strcmp(encoding, "plain") ? encoding : "");
    else
        snprintf(out, size, "%s, %s, %s%s%s%s", strcmp(format, "tsv") ? "CSV" : "TSV", word,
                 header ? "names in the first row" : "no names", counted ? ", a count line" : "",
                 strcmp(encoding, "plain") ? ", " : "", strcmp(encoding, "plain") ? encoding : "");
    return out;
}

/* As much of it as there is room for beside the buttons. */
static void show_title(const data_page *self, const store_data_set *row)
{
    enum { BESIDE = 300, MOST_LETTERS = 120 };
    char text[4 * MOST_LETTERS];
    int letters = part_title_letters(part_int(self->body, "width", 0) - BESIDE);
    bh_set_string(self->title, "text",
                  text_short(row->name, (size_t)(letters < MOST_LETTERS ? letters : MOST_LETTERS), text, sizeof text));
    bh_set_string(self->title, "toolTip", row->file);
}

static bh_event_result on_resize(bh_object *object, void *user, const bh_event *event)
{
    const data_page *self = user;
    const store_data_set *row = self->shown ? project_data_set(self->project, self->shown) : NULL;
    (void)object;
    (void)event;
    if (row)
        show_title(self, row);
    return BH_EVENT_PASS;
}

static void show_head(data_page *self, const store_data_set *row)
{
    char text[TEXT], rows_text[TEXT_SIZE], columns[TEXT_SIZE], size[TEXT_SIZE], found[200] = "";
    show_title(self, row);
    text_bytes(row->bytes, size);
    if (row->row_count < 0 || !self->facts || self->facts->error)
        snprintf(text, sizeof text, "%s", row->bytes > 0 ? size : "");
    else
        snprintf(text, sizeof text, "%s row%s \xC2\xB7 %s column%s \xC2\xB7 %s \xC2\xB7 %s",
                 text_count(row->row_count, rows_text), row->row_count == 1 ? "" : "s", text_count(row->column_count, columns),
                 row->column_count == 1 ? "" : "s", size, found_out(self->facts, found, sizeof found));
    part_set_text(self->says, text);
    bh_set_string(self->says, "toolTip", row->source[0] ? row->source : row->file);
}

/* The line under the head: it is being read, or was not, and why. */
static void show_notice(data_page *self, const store_data_set *row, const project_job *job)
{
    char text[TEXT] = "";
    bool failed = !job && !row->suspect[0] && self->facts && self->facts->error;
    if (job)
        snprintf(text, sizeof text, job->state == PROJECT_WAITING ? "waits to be inspected" : "%s",
                 job->text ? job->text : "inspecting");
    else if (row->suspect[0])
        snprintf(text, sizeof text, "This file was not opened by itself: %s", row->suspect);
    else if (failed)
        snprintf(text, sizeof text, "%s", self->facts->error);
    bh_set_string(self->notice_text, "text", text);
    part_show(self->notice, text[0] != 0);
    part_show(self->bar, job != NULL);
    part_show(self->stop, job != NULL);
    part_show(self->open, !job && row->suspect[0]);
    if (!job)
        return;
    bh_set_int(self->bar, "maximum", job->fraction < 0 ? 0 : 1000);
    bh_set_int(self->bar, "value", job->fraction < 0 ? 0 : (int)(job->fraction * 1000));
    bh_set_bool(self->stop, "enabled", job->stoppable && job->state != PROJECT_STOPPING);
}

static const store_data_set *choose(data_page *self)
{
    size_t count;
    const store_data_set *row = project_data_set(self->project, self->shown);
    const store_data_set *const *all = project_data_sets(self->project, &count);
    if (!row && count) {
        row = all[0];
        self->seen = 0;
    }
    self->shown = row ? row->id : 0;
    return row;
}

void data_page_update(data_page *self)
{
    int64_t before = self->shown;
    const store_data_set *row = choose(self);
    part_show(self->body, row != NULL);
    part_show(self->empty, row == NULL);
    if (before != self->shown && (self->facts || !row))
        data_tables_show(self, NULL);
    if (!row)
        return;
    const project_job *job = project_job_of(self->project, STORE_DATA_SETS, row->id);
    if (row->changed != self->seen) {
        bool first = self->seen != 0 || before != self->shown || !self->facts;
        self->seen = row->changed;
        show_head(self, row);
        if (first && row->facts[0])
            begin_facts(self, row->facts);
        else if (first && self->facts)
            data_tables_show(self, NULL);
        else if (first)
            choices_load(&self->choices, NULL, row->options);
    }
    // NOLINTNEXTLINE(clang-analyzer-unix.Malloc): the window has a reference of its own
    show_notice(self, row, job);
    bh_set_bool(self->train, "enabled", !job && row->row_count > 0);
    bh_set_bool(self->again, "enabled", !job);
    part_show(self->again, !row->suspect[0]);
}

void data_page_show(data_page *self, int64_t data_set)
{
    if (data_set && data_set != self->shown) {
        self->shown = data_set;
        self->generation++;
        self->seen = 0;
        data_tables_show(self, NULL);
    }
    data_page_update(self);
}

int64_t data_page_shown(const data_page *self)
{
    return self->shown;
}

/* --- what it does */

static void check(data_page *self, bh_status status)
{
    if (status)
        part_set_text(self->notes, bh_last_error());
}

static void on_train(void *user)
{
    data_page *self = user;
    bh_object *window = NULL;
    for (bh_object *at = self->object; at; bh_parent(at, &at))
        window = at;
    new_run_open(window, self->project, self->shown);
}

static void on_inspect(void *user)
{
    data_page *self = user;
    check(self, project_inspect(self->project, self->shown));
}

static void on_stop(void *user)
{
    data_page *self = user;
    const project_job *job = project_job_of(self->project, STORE_DATA_SETS, self->shown);
    if (job)
        check(self, project_stop(self->project, job->id));
}

static void on_marked(void *user)
{
    data_tables_marked(user);
}

static void on_apply(void *user)
{
    data_page *self = user;
    char *json = choices_json(&self->choices);
    if (json)
        check(self, project_set_data_options(self->project, self->shown, json));
    bh_free(json);
}

static void on_fetch(void *user)
{
    data_page *self = user;
    fetch_dialog_open(self->object, self->project, NULL);
}

static void on_files(void *user, const char *const *paths)
{
    data_page *self = user;
    for (; *paths; paths++)
        check(self, project_add_file(self->project, *paths));
}

static void on_add(void *user)
{
    data_page *self = user;
    bh_file_dialog(self->object, BH_FILE_OPEN_MANY, "Add Files", NULL, NULL, on_files, self);
}

/* --- the parts */

static void create_head(data_page *self, bh_object *layout)
{
    bh_object *row = bh_create("QHBoxLayout", NULL);
    bh_layout_add_layout(layout, row, 0);
    self->title = part_label(self->body, "data-title", "");
    part_heading(self->title);
    bh_set_int(self->title, "minimumWidth", 60); /* rather than as wide as the text */
    bh_on_event(self->body, BH_EVENT_RESIZE, on_resize, self);
    self->again = part_button(self->body, "data-inspect", "&Inspect Again", BH_CALLBACK(on_inspect), self);
    self->train = part_button(self->body, "data-train", "&Train on It\xE2\x80\xA6", BH_CALLBACK(on_train), self);
    bh_layout_add_widget(row, self->title, 1);
    bh_layout_add_widget(row, self->again, 0);
    bh_layout_add_widget(row, self->train, 0);
    self->says = part_label(self->body, "data-facts", "");
    part_secondary(self->says);
    bh_layout_add_widget(layout, self->says, 0);
}

static void create_notice(data_page *self, bh_object *layout)
{
    self->notice = part_widget(self->body, "QWidget", "data-notice");
    bh_object *row = part_box(self->notice, "QHBoxLayout", 0);
    self->notice_text = part_label(self->notice, "data-notice-text", "");
    bh_set_bool(self->notice_text, "wordWrap", true);
    self->bar = part_widget(self->notice, "QProgressBar", "data-progress");
    bh_set_int(self->bar, "maximumWidth", 180);
    self->stop = part_button(self->notice, "data-stop", "Stop", BH_CALLBACK(on_stop), self);
    self->open = part_button(self->notice, "data-open", "Open An&yway", BH_CALLBACK(on_inspect), self);
    bh_layout_add_widget(row, self->notice_text, 1);
    bh_layout_add_widget(row, self->bar, 0);
    bh_layout_add_widget(row, self->stop, 0);
    bh_layout_add_widget(row, self->open, 0);
    bh_layout_add_widget(layout, self->notice, 0);
}

static void create_body(data_page *self)
{
    self->body = part_widget(self->object, "QWidget", "data-body");
    bh_object *layout = part_box(self->body, "QVBoxLayout", PART_MARGIN);
    create_head(self, layout);
    create_notice(self, layout);
    bh_object *row = bh_create("QHBoxLayout", NULL);
    bh_layout_add_layout(layout, row, 1);
    data_tables_create(self, self->body);
    self->choices.told = on_marked;
    self->choices.apply = on_apply;
    self->choices.user = self;
    choices_create(&self->choices, self->body);
    bh_layout_add_widget(row, self->tabs, 1);
    bh_layout_add_widget(row, self->choices.object, 0);
    self->notes = part_label(self->body, "data-notes", "");
    bh_set_bool(self->notes, "wordWrap", true);
    bh_set_string(self->notes, "styleSheet", "color: #c0841a");
    part_show(self->notes, false);
    bh_layout_add_widget(layout, self->notes, 0);
}

static void create_empty(data_page *self)
{
    const part_action actions[] = {{"data-first-fetch", "Fe&tch\xE2\x80\xA6", BH_CALLBACK(on_fetch)},
                                   {"data-first-file", "&Add File\xE2\x80\xA6", BH_CALLBACK(on_add)},
                                   {0}};
    self->empty = part_empty(self->object, "data-empty", "No data yet. Fetch some, add a file, or drop one onto the window.",
                             actions, self);
}

data_page *data_page_create(project *of, bh_object *parent)
{
    data_page *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    self->project = of;
    self->refs = 1;
    self->pool = bh_thread_pool_create("tables", 1);
    self->object = part_widget(parent, "QWidget", "data-page");
    bh_object *layout = part_box(self->object, "QVBoxLayout", 0);
    create_body(self);
    create_empty(self);
    bh_layout_add_widget(layout, self->body, 1);
    bh_layout_add_widget(layout, self->empty, 1);
    return self;
}

bh_object *data_page_object(const data_page *self)
{
    return self ? self->object : NULL;
}

bh_thread_pool *data_page_pool(const data_page *self)
{
    return self->pool;
}

void data_page_destroy(data_page *self)
{
    if (!self)
        return;
    self->gone = true;
    rows_close(self->rows);
    self->rows = NULL;
    data_page_unref(self);
}
