/* The table of runs. */
#include "window/compare_inner.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CELL = 512 };

static const char *titles[COMPARE_COLUMNS + 1] = {
    [COMPARE_NAME] = "Run",        [COMPARE_DATA] = "Data set",         [COMPARE_STATE] = "State",
    [COMPARE_METRIC] = "Metric",   [COMPARE_VALID] = "Validation",      [COMPARE_TRAIN] = "Training",
    [COMPARE_BEST] = "Best round", [COMPARE_ROUND] = "Round",           [COMPARE_TIME] = "Time",
    [COMPARE_ADDED] = "Added",     [COMPARE_VALIDATION] = "validation", [COMPARE_SPLIT] = "split_seed",
    [COMPARE_NOTES] = "Notes",
};

static bool is_parameter(int column)
{
    return column >= COMPARE_PARAMETER && column <= COMPARE_SPLIT;
}

static const char *number_text(const compare_entry *entry, const store_run *row, int column, char out[CELL])
{
    char a[TEXT_SIZE], b[TEXT_SIZE];
    double value = compare_value(entry, row, column);
    if (column == COMPARE_ROUND)
        snprintf(out, CELL, row->round < row->rounds ? "%s / %s" : "%s", text_count(row->round, a), text_count(row->rounds, b));
    else if (column == COMPARE_ADDED)
        snprintf(out, CELL, "%s", run_date_text(row->added, a));
    else if (column == COMPARE_TIME && !isnan(value))
        snprintf(out, CELL, "%s", text_seconds(value, a));
    else if (column >= COMPARE_PARAMETER && column < COMPARE_VALIDATION)
        snprintf(out, CELL, "%s", run_parameter_text((parameter_id)(column - COMPARE_PARAMETER), value, a));
    else
        snprintf(out, CELL, "%s%s", column == COMPARE_VALID && entry->best ? "\xE2\x98\x85 " : "", run_number_text(value, a));
    return out;
}

static const char *cell_text(const compare_page *self, const compare_entry *entry, const store_run *row, int column)
{
    static char text[CELL];
    const store_data_set *set;
    switch (column) {
    case COMPARE_NAME:
        return text_short_run(row->name, COMPARE_LETTERS, text, sizeof text);
    case COMPARE_DATA:
        set = project_data_set(self->project, row->data_set);
        return set ? set->name : "";
    case COMPARE_STATE:
        return run_state_text(row, project_job_of(self->project, STORE_RUNS, row->id));
    case COMPARE_METRIC:
        return entry->facts.metric;
    case COMPARE_NOTES:
        return row->notes;
    default:
        return number_text(entry, row, column, text);
    }
}

/* A parameter that is another one than that of the selected run. */
static bool stands_out(const compare_page *self, const compare_entry *entry, const store_run *row, int column)
{
    const compare_entry *other = self->selected ? compare_rows_find(&self->rows, self->selected) : NULL;
    if (!other || other == entry || !is_parameter(column))
        return false;
    double a = compare_value(entry, row, column), b = compare_value(other, row, column);
    return a != b && !(isnan(a) && isnan(b));
}

static void tip(const compare_page *self, const compare_entry *entry, const store_run *row, int column, bh_value *out)
{
    if (column == COMPARE_VALID && entry->best)
        *out = BH_VALUE("The best of the runs on this data set that are shown");
    else if (column == COMPARE_NAME)
        *out = BH_VALUE(row->name);
    else if (column == COMPARE_STATE && (row->error[0] || row->died[0]))
        *out = BH_VALUE(row->error[0] ? row->error : row->died);
    else
        *out = BH_VALUE(cell_text(self, entry, row, column));
}

static void look(const compare_page *self, const compare_entry *entry, const store_run *row, int column, bh_table_role role,
                 bh_value *out)
{
    bool text = column <= COMPARE_METRIC || column == COMPARE_NOTES;
    if (role == BH_TABLE_ALIGNMENT)
        *out = BH_VALUE((int)((text ? BH_ALIGN_LEFT : BH_ALIGN_RIGHT) | BH_ALIGN_VCENTER));
    else if (role == BH_TABLE_EDIT && column == COMPARE_NAME)
        *out = BH_VALUE(row->name);
    else if (role == BH_TABLE_CHECKED && column == COMPARE_NAME)
        *out = BH_VALUE(entry->checked);
    else if (role == BH_TABLE_BOLD)
        *out = BH_VALUE((bool)(entry->best && (column == COMPARE_NAME || column == COMPARE_VALID)));
    else if (role == BH_TABLE_FOREGROUND && column == COMPARE_STATE)
        *out = BH_VALUE(run_state_color(row, project_job_of(self->project, STORE_RUNS, row->id)));
    else if (role == BH_TABLE_BACKGROUND && stands_out(self, entry, row, column))
        *out = BH_VALUE(BH_RGBA(part_active.red, part_active.green, part_active.blue, 46));
    else if (role == BH_TABLE_BAR && column == COMPARE_ROUND && row->state == STORE_RUN_RUNNING && row->rounds > 0)
        *out = BH_VALUE((double)row->round / (double)row->rounds);
    else if (role == BH_TABLE_MARK && column == COMPARE_NAME && entry->series >= 0) {
        bh_color color;
        if (bh_chart_get_series_color(self->chart, entry->series, &color) == BH_OK)
            *out = BH_VALUE(color);
    }
}

static void cell(void *user, int row_number, int column, bh_table_role role, bh_value *out)
{
    const compare_page *self = user;
    const compare_entry *entry = compare_rows_at(&self->rows, row_number);
    const store_run *row = entry ? project_run(self->project, entry->id) : NULL;
    if (!row)
        return;
    if (role == BH_TABLE_TEXT)
        *out = BH_VALUE(cell_text(self, entry, row, column));
    else if (role == BH_TABLE_TOOL_TIP)
        tip(self, entry, row, column, out);
    else
        look(self, entry, row, column, role, out);
}

static bool set_cell(void *user, int row, int column, bh_table_role role, const bh_value *value)
{
    compare_page *self = user;
    compare_entry *entry = compare_rows_at(&self->rows, row);
    if (!entry)
        return false;
    if (role == BH_TABLE_EDIT && column == COMPARE_NOTES)
        return project_set_run_notes(self->project, entry->id, value->of.as_string) == BH_OK;
    if (role == BH_TABLE_EDIT && column == COMPARE_NAME)
        return project_set_run_name(self->project, entry->id, value->of.as_string) == BH_OK;
    bool taken = role == BH_TABLE_CHECKED && column == COMPARE_NAME && compare_check(self, entry, value->of.as_bool);
    compare_say(self);
    return taken;
}

static bool editable(void *user, int row, int column)
{
    (void)user;
    (void)row;
    return column == COMPARE_NAME || column == COMPARE_NOTES;
}

/* --- which runs it has, in which order */

static bool lists_the_same(const compare_page *self)
{
    bool same = self->listed && self->listed_count == self->rows.shown_count;
    for (int i = 0; same && i < self->listed_count; i++)
        same = self->listed[i] == compare_rows_at(&self->rows, i)->id;
    return same;
}

static void remember_list(compare_page *self)
{
    free(self->listed);
    self->listed = calloc((size_t)self->rows.shown_count + 1, sizeof *self->listed);
    self->listed_count = self->rows.shown_count;
    for (int i = 0; self->listed && i < self->listed_count; i++)
        self->listed[i] = compare_rows_at(&self->rows, i)->id;
}

static void sort(void *user, int column, bool descending)
{
    compare_page *self = user;
    self->rows.column = (compare_column)column;
    self->rows.descending = descending;
    compare_rows_arrange(&self->rows);
    remember_list(self);
}

static bh_table_model model = {BH_TABLE_MODEL_INIT,  .columns = COMPARE_COLUMNS, .titles = titles, .cell = cell,
                               .set_cell = set_cell, .editable = editable,       .sort = sort};

/* --- the view */

static void on_current(void *user, bh_index now, bh_index before)
{
    compare_page *self = user;
    const compare_entry *entry = compare_rows_at(&self->rows, now.row);
    (void)before;
    if (self->filling)
        return;
    self->selected = entry ? entry->id : 0;
    compare_table_update(self);
}

static void set_widths(const compare_page *self)
{
    static const int first[COMPARE_PARAMETER] = {268, 116, 76, 72, 96, 80}, last[] = {84, 84, 72, 120};
    for (int i = 0; i < COMPARE_NOTES; i++) {
        int width = i < COMPARE_PARAMETER ? first[i] : i >= COMPARE_BEST ? last[i - COMPARE_BEST] : 80;
        bh_table_view_set_column_width(self->table, i, width);
    }
}

/* Parameters that are the same everywhere say nothing. */
static void show_columns(const compare_page *self)
{
    for (int i = COMPARE_PARAMETER; i <= COMPARE_SPLIT; i++) {
        bool shown = self->rows.differs[i] && i != COMPARE_PARAMETER + PARAMETER_ROUNDS;
        bh_call(self->table, shown ? "showColumn" : "hideColumn", i);
    }
}

bool compare_table_make(compare_page *self, bh_object *parent)
{
    for (int i = 0; i < PARAMETER_COUNT; i++)
        titles[COMPARE_PARAMETER + i] = parameters[i].name;
    self->table = part_table(parent, "compare-table", "Runs");
    self->model = bh_table_model_create(&model, 0, self->table, self);
    if (!self->model)
        return false;
    bh_table_view_set_model(self->table, self->model);
    bh_set_enum(self->table, "selectionMode", "SingleSelection");
    bh_set_enum(self->table, "horizontalScrollMode", "ScrollPerPixel");
    bh_connect(bh_table_view_selection(self->table), "currentRowChanged", BH_CALLBACK(on_current, bh_index, bh_index), self,
               NULL);
    set_widths(self);
    show_columns(self);
    self->rows.column = COMPARE_ADDED;
    self->rows.descending = true;
    self->filling = true;
    bh_call(self->table, "sortByColumn", (int)COMPARE_ADDED, 1);
    self->filling = false;
    return true;
}

/* Rows that are where they were stay: who clicks or writes there meanwhile is not disturbed. */
void compare_table_arrange(compare_page *self)
{
    if (lists_the_same(self)) {
        compare_table_update(self);
    } else {
        int64_t selected = self->selected;
        self->filling = true;
        remember_list(self);
        bh_table_model_reset(self->model, self->rows.shown_count);
        int row = selected ? compare_rows_row_of(&self->rows, selected) : -1;
        if (row >= 0)
            bh_call(self->table, "selectRow", row);
        self->filling = false;
    }
    show_columns(self);
}

/* A name or note that is being written would be taken back by the news of it. */
void compare_table_update(compare_page *self)
{
    bh_object **editors = NULL;
    size_t writing = 0;
    bh_find_all(self->table, NULL, "QLineEdit", &editors, &writing);
    bh_free(editors);
    if (self->rows.shown_count)
        bh_table_model_cells_changed(self->model, 0, writing ? COMPARE_NAME + 1 : COMPARE_NAME, self->rows.shown_count - 1,
                                     writing ? COMPARE_NOTES - 1 : COMPARE_NOTES);
}
