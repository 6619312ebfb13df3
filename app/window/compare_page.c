/* The page that compares: its life, its filters, and keeping up with the project. */
#include "window/compare_inner.h"

#include "window/export.h"
#include "window/new_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REFRESH_MS = 120, READ_FOR_MS = 4, CHECKED_AT_FIRST = 8, CHART_SHARE = 1, TABLE_SHARE = 1 };

/* --- keeping up */

static void on_gone(void *user, compare_entry *entry)
{
    compare_page *self = user;
    if (!entry->checked)
        return;
    bh_chart_remove_series(self->chart, entry->series);
    self->checked--;
}

void compare_say(compare_page *self)
{
    char text[160], a[TEXT_SIZE], b[TEXT_SIZE];
    snprintf(text, sizeof text, "%s of %s runs \xC2\xB7 %d in the chart%s", text_count(self->rows.shown_count, a),
             text_count((int64_t)self->rows.count, b), self->checked,
             self->checked >= COMPARE_MOST_CURVES ? ", which is as many as can be told apart" : "");
    bh_set_string(self->says, "text", text);
    bh_set_int(self->stack, "currentIndex", self->rows.count ? 1 : 0);
    const char *metric = "";
    for (size_t i = 0; i < self->rows.count; i++) {
        const compare_entry *entry = &self->rows.entries[i];
        if (entry->checked && entry->facts.metric[0] && strcmp(metric, entry->facts.metric) != 0)
            metric = metric[0] ? "Metric" : entry->facts.metric;
        if (strcmp(metric, "Metric") == 0)
            break;
    }
    bh_chart_set_titles(self->chart, "Round", metric);
}

void compare_arrange(compare_page *self)
{
    compare_rows_arrange(&self->rows);
    compare_table_arrange(self);
    compare_scale(self);
    compare_say(self);
}

/* The newest runs, so that there is something to see; what comes later is checked too, as long as there are few. */
static void check_new(compare_page *self, int64_t newest)
{
    for (size_t i = self->rows.count; i-- > 0 && self->checked < CHECKED_AT_FIRST;) {
        compare_entry *entry = &self->rows.entries[i];
        if (entry->id <= newest)
            break;
        compare_check(self, entry, true);
    }
}

static void fill_data_sets(compare_page *self)
{
    size_t count;
    self->data_changed = false;
    const store_data_set *const *rows = project_data_sets(self->project, &count);
    int64_t *ids = calloc(count + 1, sizeof *ids);
    if (!ids)
        return;
    self->filling = true;
    bh_call(self->data, "clear");
    bh_combo_box_add_item(self->data, "All data sets");
    for (size_t i = 0; i < count; i++) {
        ids[i] = rows[i]->id;
        bh_combo_box_add_item(self->data, rows[i]->name);
        if (ids[i] == self->rows.data_set)
            bh_set_int(self->data, "currentIndex", (int)i + 1);
    }
    free(self->data_sets);
    self->data_sets = ids;
    self->data_count = count;
    self->filling = false;
}

static void refresh(void *user)
{
    compare_page *self = user;
    int64_t newest = self->rows.count ? self->rows.entries[self->rows.count - 1].id : 0;
    self->refreshing = false;
    if (self->data_changed)
        fill_data_sets(self);
    compare_change change = compare_rows_sync(&self->rows, READ_FOR_MS, on_gone, self);
    check_new(self, newest);
    if (change.rows)
        compare_arrange(self);
    else if (change.values) {
        compare_table_update(self);
        compare_say(self);
    }
    compare_read_curves(self);
    if (change.unknown)
        self->refreshing = bh_timer_single_shot_for(self->page, 0, refresh, self) == BH_OK;
}

static void refresh_soon(compare_page *self)
{
    if (!self->refreshing)
        self->refreshing = bh_timer_single_shot_for(self->page, REFRESH_MS, refresh, self) == BH_OK;
}

/* --- filters */

static void on_filter(void *user, const char *text)
{
    compare_page *self = user;
    snprintf(self->rows.filter, sizeof self->rows.filter, "%s", text);
    compare_arrange(self);
}

static void on_data(void *user, int index)
{
    compare_page *self = user;
    if (self->filling)
        return;
    self->rows.data_set = index > 0 && (size_t)index <= self->data_count ? self->data_sets[index - 1] : 0;
    compare_arrange(self);
}

static void on_state(void *user, int index)
{
    compare_page *self = user;
    self->rows.state = index - 1;
    compare_arrange(self);
}

static void on_export(void *user)
{
    compare_page *self = user;
    export_runs(self->page, self->project);
}

static void on_new(void *user)
{
    compare_page *self = user;
    new_run_open(self->page, self->project, 0);
}

/* --- the parts */

static void make_empty(compare_page *self)
{
    const part_action actions[] = {{"compare-empty-new", "&New Run\xE2\x80\xA6", BH_CALLBACK(on_new)}, {0}};
    bh_object *page = part_empty(self->stack, "compare-empty",
                                 "No runs yet. Each run that is started stands here beside the others.", actions, self);
    bh_stacked_widget_add_widget(self->stack, page, NULL);
}

static void make_filters(compare_page *self, bh_object *page, bh_object *box)
{
    static const char *const states[] = {"All states",  "Waiting",  "Running", "Stopped", "Killed",
                                         "Interrupted", "Finished", "Failed",  NULL};
    bh_object *row = bh_create("QHBoxLayout", NULL);
    bh_layout_add_layout(box, row, 0);
    self->filter = part_widget(page, "QLineEdit", "compare-filter");
    self->data = part_widget(page, "QComboBox", "compare-data");
    self->state = part_widget(page, "QComboBox", "compare-state");
    self->export = part_button(page, "compare-export", "E&xport\xE2\x80\xA6", BH_CALLBACK(on_export), self);
    bh_set_string(self->filter, "placeholderText", "Filter by name, notes, parameters");
    bh_set_string(self->filter, "accessibleName", "Filter of runs");
    bh_set_bool(self->filter, "clearButtonEnabled", true);
    bh_set_string(self->data, "accessibleName", "Data set of runs");
    bh_set_int(self->data, "maximumWidth", 180);
    bh_set_string(self->state, "accessibleName", "State of runs");
    bh_combo_box_add_items(self->state, states);
    fill_data_sets(self);
    log_scale_make(&self->scale, page, "compare-log");
    log_scale_set_chart(&self->scale, self->chart);
    bh_connect(self->filter, "textChanged", BH_CALLBACK(on_filter, const char *), self, NULL);
    bh_connect(self->data, "currentIndexChanged", BH_CALLBACK(on_data, int), self, NULL);
    bh_connect(self->state, "currentIndexChanged", BH_CALLBACK(on_state, int), self, NULL);
    bh_layout_add_widget(row, self->scale.box, 0);
    bh_layout_add_widget(row, self->filter, 1);
    bh_layout_add_widget(row, self->data, 0);
    bh_layout_add_widget(row, self->state, 0);
    bh_layout_add_widget(row, self->export, 0);
}

static bool make_page(compare_page *self)
{
    bh_object *outer = part_box(self->page, "QVBoxLayout", 0);
    self->stack = part_widget(self->page, "QStackedWidget", "compare-stack");
    bh_layout_add_widget(outer, self->stack, 1);
    make_empty(self);
    bh_object *page = part_widget(self->stack, "QWidget", "compare-shown"), *box = part_box(page, "QVBoxLayout", PART_MARGIN);
    bh_object *splitter = part_widget(page, "QSplitter", "compare-splitter");
    bh_object *lower = part_widget(NULL, "QWidget", "compare-lower"), *below = part_box(lower, "QVBoxLayout", 0);
    bh_set_enum(splitter, "orientation", "Vertical");
    bh_set_bool(splitter, "childrenCollapsible", false);
    self->chart = bh_chart_create(splitter);
    bh_set_name(self->chart, "compare-chart");
    bh_set_string(self->chart, "accessibleName", "Curves of the checked runs");
    bh_chart_set_empty_text(self->chart, "Check runs below, and their curves are laid over one another here.");
    make_filters(self, lower, below);
    if (!compare_table_make(self, lower))
        return false;
    self->says = part_label(lower, "compare-says", "");
    part_secondary(self->says);
    bh_layout_add_widget(below, self->table, 1);
    bh_layout_add_widget(below, self->says, 0);
    bh_splitter_add_widget(splitter, self->chart, CHART_SHARE);
    bh_splitter_add_widget(splitter, lower, TABLE_SHARE);
    bh_layout_add_widget(box, splitter, 1);
    return bh_stacked_widget_add_widget(self->stack, page, NULL) == BH_OK;
}

/* --- its life */

static void on_changed(void *user, store_table of, int64_t id)
{
    compare_page *self = user;
    (void)id;
    self->data_changed |= of == STORE_DATA_SETS;
    if (of == STORE_RUNS || of == STORE_DATA_SETS)
        refresh_soon(self);
}

static void on_opened(void *user, const store_opened *found)
{
    compare_page *self = user;
    (void)found;
    self->data_changed = true;
    refresh_soon(self);
}

static void on_job(void *user, int64_t id, const project_job *job)
{
    (void)id;
    if (!job || job->table == STORE_RUNS)
        refresh_soon(user);
}

static void destroyed(void *user)
{
    compare_page *self = user;
    project_forget(self->project, self);
    project_release(self->project);
    compare_rows_free(&self->rows);
    free(self->data_sets);
    free(self->listed);
    free(self);
}

static const bh_class page_class = {BH_CLASS_INIT, .name = "BulkheadComparePage", .base = "QWidget", .destroyed = destroyed};

bh_object *compare_page_create(project *of, bh_object *parent)
{
    compare_page *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    self->project = self->rows.project = of;
    self->rows.state = -1;
    self->page = bh_create_instance(&page_class, parent, self);
    if (!self->page) {
        free(self);
        return NULL;
    }
    const project_observer observer = {.opened = on_opened, .changed = on_changed, .job = on_job, .user = self};
    project_take(of);
    bh_set_name(self->page, "compare-page");
    if (!make_page(self)) {
        bh_destroy(self->page);
        return NULL;
    }
    project_observe(of, &observer);
    refresh(self);
    return self->page;
}

void compare_page_select(bh_object *page, int64_t run)
{
    void *user = NULL;
    compare_page *self = bh_instance_user(page, &user) ? NULL : user;
    if (!self)
        return;
    refresh(self);
    compare_entry *entry = compare_rows_find(&self->rows, run);
    if (entry)
        compare_check(self, entry, true);
    int row = compare_rows_row_of(&self->rows, run);
    if (row >= 0) {
        bh_call(self->table, "selectRow", row);
        bh_table_view_scroll_to(self->table, row, 0);
    }
    compare_say(self);
}
