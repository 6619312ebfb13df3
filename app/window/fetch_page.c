/* The page of fetches. */
#include "window/fetch_page.h"

#include "window/fetch_dialog.h"
#include "window/parts.h"
#include "window/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME, STATE, SIZE, HASH, URL, COLUMNS, TEXT = 1024 };

struct fetch_page {
    project *project;
    bh_object *object, *title, *empty, *body, *table, *model, *name, *says, *error, *address, *retry, *set, *remove;
    int64_t shown;
    size_t rows;
};

static const char *const titles[COLUMNS] = {"File", "State", "Size", "Checksum", "Address"};

/* --- the table */

static const store_fetch *row_at(const fetch_page *self, int row)
{
    size_t count;
    const store_fetch *const *all = project_fetches(self->project, &count);
    return (size_t)row < count ? all[row] : NULL;
}

static const char *size_text(const store_fetch *row, const project_job *job, char *out)
{
    char done[TEXT_SIZE], all[TEXT_SIZE];
    int64_t bytes = job ? job->done : row->bytes_done, total = job ? job->total : row->bytes_total;
    if (row->state == STORE_FETCH_DONE || total <= 0)
        snprintf(out, TEXT, "%s", bytes > 0 ? text_bytes(bytes, done) : "");
    else
        snprintf(out, TEXT, "%s of %s", text_bytes(bytes, done), text_bytes(total, all));
    return out;
}

static const char *hash_text(const store_fetch *row)
{
    if (!row->expected_hash[0])
        return "none given";
    if (row->state == STORE_FETCH_DONE)
        return "\xE2\x9C\x93 matched";
    return row->state == STORE_FETCH_FAILED ? "not confirmed" : "to be checked"; /* its error says why */
}

/* In the words of the tree. */
static const char *state_text(const store_fetch *row, const project_job *job, char *out)
{
    static const char *const words[] = {"waiting", "fetching", "done", "failed", "interrupted", "stopped"};
    if (job && job->state == PROJECT_RUNNING && job->text && job->text[0])
        snprintf(out, TEXT, "%s", job->text);
    else
        snprintf(out, TEXT, "%s", words[row->state]);
    return out;
}

static const char *text_of(const fetch_page *self, const store_fetch *row, int column)
{
    static char text[TEXT];
    const project_job *job = project_job_of(self->project, STORE_FETCHES, row->id);
    switch (column) {
    case NAME:
        return row->name;
    case STATE:
        return state_text(row, job, text);
    case SIZE:
        return size_text(row, job, text);
    case HASH:
        return hash_text(row);
    default:
        return row->url;
    }
}

static const bh_color *color_of(store_fetch_state state)
{
    static const bh_color *const colors[] = {&part_quiet, &part_active, &part_good, &part_bad, &part_warning, &part_quiet};
    return colors[state];
}

static void cell(void *user, int row, int column, bh_table_role role, bh_value *out)
{
    const fetch_page *self = user;
    const store_fetch *of = row_at(self, row);
    if (!of)
        return;
    if (role == BH_TABLE_TEXT)
        *out = BH_VALUE(text_of(self, of, column));
    else if (role == BH_TABLE_TOOL_TIP)
        *out = BH_VALUE(column == STATE && of->error[0] ? of->error
                        : column == HASH                ? of->expected_hash
                                                        : text_of(self, of, column));
    else if (role == BH_TABLE_ALIGNMENT && column == SIZE)
        *out = BH_VALUE((int)(BH_ALIGN_RIGHT | BH_ALIGN_VCENTER));
    else if (role == BH_TABLE_FOREGROUND && column == STATE)
        *out = BH_VALUE(*color_of(of->state));
}

static const bh_table_model model = {BH_TABLE_MODEL_INIT, .columns = COLUMNS, .titles = titles, .cell = cell};

static void on_clicked(void *user, bh_index index)
{
    fetch_page *self = user;
    const store_fetch *row = row_at(self, index.row);
    if (row)
        fetch_page_show(self, row->id);
}

/* --- the chosen one */

static void show_details(fetch_page *self, const store_fetch *row)
{
    char text[TEXT], state[TEXT];
    const project_job *job = row ? project_job_of(self->project, STORE_FETCHES, row->id) : NULL;
    bool may = row && !job && row->state != STORE_FETCH_DONE;
    bh_set_string(self->name, "text", row ? row->name : "Choose a fetch to see more of it.");
    text[0] = 0;
    if (row)
        snprintf(text, sizeof text, "%.400s%s%.400s", state_text(row, job, state), row->expected_hash[0] ? " \xC2\xB7 " : "",
                 row->expected_hash);
    part_set_text(self->says, text);
    part_set_text(self->error, row ? row->error : "");
    bh_set_bool(self->retry, "enabled", may);
    bh_set_bool(self->set, "enabled", may);
    bh_set_bool(self->address, "enabled", may);
    bh_set_bool(self->remove, "enabled", row && !job);
}

static void say(fetch_page *self, bh_status status)
{
    if (status)
        part_set_text(self->error, bh_last_error());
}

static void on_retry(void *user)
{
    fetch_page *self = user;
    say(self, project_retry_fetch(self->project, self->shown));
}

static void on_set(void *user)
{
    fetch_page *self = user;
    char *url = NULL;
    if (bh_get_string(self->address, "text", &url) == BH_OK)
        say(self, project_set_fetch_url(self->project, self->shown, url));
    bh_free(url);
}

static void on_remove(void *user)
{
    fetch_page *self = user;
    say(self, project_remove_fetch(self->project, self->shown));
}

static void on_fetch(void *user)
{
    fetch_page *self = user;
    fetch_dialog_open(self->object, self->project, NULL);
}

void fetch_page_show(fetch_page *self, int64_t fetch)
{
    const store_fetch *row = project_fetch(self->project, fetch ? fetch : self->shown);
    self->shown = row ? row->id : 0;
    if (row)
        bh_set_string(self->address, "text", row->url);
    show_details(self, row);
}

void fetch_page_update(fetch_page *self)
{
    size_t count, done = 0;
    char text[160], number[TEXT_SIZE];
    const store_fetch *const *all = project_fetches(self->project, &count);
    for (size_t i = 0; i < count; i++)
        done += all[i]->state == STORE_FETCH_DONE;
    if (count != self->rows)
        bh_table_model_reset(self->model, (int)count);
    else if (count)
        bh_table_model_cells_changed(self->model, 0, 0, (int)count - 1, COLUMNS - 1);
    self->rows = count;
    snprintf(text, sizeof text, "%zu of %s fetched", done, text_count((int64_t)count, number));
    bh_set_string(self->title, "text", count ? text : "Fetches");
    part_show(self->body, count > 0);
    part_show(self->empty, count == 0);
    if (!project_fetch(self->project, self->shown) && count)
        fetch_page_show(self, all[0]->id);
    else
        show_details(self, project_fetch(self->project, self->shown));
}

/* --- the parts */

static void create_details(fetch_page *self, bh_object *layout)
{
    bh_object *row = bh_create("QHBoxLayout", NULL);
    self->name = part_label(self->body, "fetch-name", "");
    self->says = part_label(self->body, "fetch-state", "");
    self->error = part_label(self->body, "fetch-error", "");
    self->address = part_widget(self->body, "QLineEdit", "fetch-address");
    part_secondary(self->says);
    bh_set_bool(self->says, "wordWrap", true);
    bh_set_string(self->error, "styleSheet", "color: #d94848");
    bh_set_bool(self->error, "wordWrap", true);
    bh_set_string(self->address, "accessibleName", "Address");
    bh_set_string(self->address, "toolTip", "Another address for the same file: what has been fetched is kept");
    self->retry = part_button(self->body, "fetch-retry", "Re&try", BH_CALLBACK(on_retry), self);
    self->set = part_button(self->body, "fetch-set-address", "Retry from This &Address", BH_CALLBACK(on_set), self);
    self->remove = part_button(self->body, "fetch-remove", "Re&move", BH_CALLBACK(on_remove), self);
    bh_layout_add_widget(layout, self->name, 0);
    bh_layout_add_widget(layout, self->says, 0);
    bh_layout_add_widget(layout, self->error, 0);
    bh_layout_add_layout(layout, row, 0);
    bh_layout_add_widget(row, self->address, 1);
    bh_layout_add_widget(row, self->set, 0);
    bh_layout_add_widget(row, self->retry, 0);
    bh_layout_add_widget(row, self->remove, 0);
}

fetch_page *fetch_page_create(project *of, bh_object *parent)
{
    static const int widths[COLUMNS] = {210, 190, 90, 110, 100};
    fetch_page *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    self->project = of;
    self->object = part_widget(parent, "QWidget", "fetch-page");
    bh_object *layout = part_box(self->object, "QVBoxLayout", PART_MARGIN);
    self->title = part_label(self->object, "fetch-title", "Fetches");
    part_heading(self->title);
    bh_layout_add_widget(layout, self->title, 0);
    self->body = part_widget(self->object, "QWidget", "fetch-body");
    bh_object *inside = part_box(self->body, "QVBoxLayout", 0);
    self->table = part_table(self->body, "fetch-table", "Fetches");
    self->model = bh_table_model_create(&model, 0, self->table, self);
    bh_table_view_set_model(self->table, self->model);
    for (int i = 0; i < COLUMNS; i++)
        bh_table_view_set_column_width(self->table, i, widths[i]);
    part_finish_table(self->table, true);
    bh_layout_add_widget(inside, self->table, 1);
    create_details(self, inside);
    const part_action first[] = {{"fetch-first", "Fe&tch\xE2\x80\xA6", BH_CALLBACK(on_fetch)}, {0}};
    self->empty = part_empty(self->object, "fetch-empty", "Nothing has been fetched yet.", first, self);
    bh_layout_add_widget(layout, self->body, 1);
    bh_layout_add_widget(layout, self->empty, 1);
    bh_connect(self->table, "clicked", BH_CALLBACK(on_clicked, bh_index), self, NULL);
    bh_connect(self->table, "activated", BH_CALLBACK(on_clicked, bh_index), self, NULL);
    return self;
}

bh_object *fetch_page_object(const fetch_page *self)
{
    return self ? self->object : NULL;
}

void fetch_page_destroy(fetch_page *self)
{
    free(self);
}
