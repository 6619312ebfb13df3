/* The tables of a data set: its columns with marks, its rows as they are scrolled to, and its bad rows. */
#include "window/data_inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME, TYPE, ROLE, CATEGORY, MISSING, UNIQUE, LEAST, MOST, MEAN, COLUMNS, MOST_ROWS = 50000000, ROW_HEIGHT = 22 };

static const char *const column_titles[COLUMNS] = {"Column",    "Type",  "Role",     "Categories", "Missing",
                                                   "Different", "Least", "Greatest", "Mean"};
static const char *const bad_titles[] = {"Line", "What is wrong with it"};

/* --- columns */

static const char *role_of(const data_page *self, size_t i)
{
    if (self->choices.target == (int)i)
        return "target";
    return !self->choices.facts || self->choices.used[i] ? "feature" : "left out";
}

static const char *column_text(const data_page *self, size_t i, int column)
{
    static char text[TEXT_SIZE + 2];
    const fact_column *of = &self->facts->columns[i];
    switch (column) {
    case NAME:
        return of->name;
    case TYPE:
        return of->type;
    case ROLE:
        return role_of(self, i);
    case MISSING:
        return of->missing ? text_count((int64_t)of->missing, text) : "";
    case UNIQUE:
        text_count((int64_t)of->unique, text);
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s", of->more ? "+" : "");
        return text;
    case LEAST:
        return of->min;
    case MOST:
        return of->max;
    case MEAN:
        return of->mean;
    default:
        return "";
    }
}

static void column_mark(const data_page *self, size_t i, int column, bh_value *out)
{
    if (!self->choices.facts || self->facts->sparse || self->choices.target == (int)i)
        return;
    if (column == NAME)
        *out = BH_VALUE((bool)self->choices.used[i]);
    else if (column == CATEGORY && strcmp(self->facts->columns[i].type, "text") != 0)
        *out = BH_VALUE((bool)self->choices.category[i]);
}

static void column_cell(void *user, int row, int column, bh_table_role role, bh_value *out)
{
    const data_page *self = user;
    size_t i = (size_t)row;
    if (!self->facts || i >= self->facts->column_count)
        return;
    if (role == BH_TABLE_TEXT || (role == BH_TABLE_TOOL_TIP && column == NAME))
        *out = BH_VALUE(column_text(self, i, column));
    else if (role == BH_TABLE_CHECKED)
        column_mark(self, i, column, out);
    else if (role == BH_TABLE_ALIGNMENT && column >= MISSING)
        *out = BH_VALUE((int)(BH_ALIGN_RIGHT | BH_ALIGN_VCENTER));
    else if (role == BH_TABLE_FOREGROUND && column == ROLE)
        *out = BH_VALUE(self->choices.target == row ? part_active : part_quiet);
}

static bool set_column(void *user, int row, int column, bh_table_role role, const bh_value *value)
{
    data_page *self = user;
    size_t i = (size_t)row;
    if (role != BH_TABLE_CHECKED || !self->choices.facts)
        return false;
    choices_mark(&self->choices, i, column == NAME ? value->of.as_bool : self->choices.used[i],
                 column == CATEGORY ? value->of.as_bool : self->choices.category[i]);
    return true;
}

static bool editable(void *user, int row, int column)
{
    const data_page *self = user;
    bh_value mark = {.type = BH_TYPE_VOID};
    if (self->facts && (size_t)row < self->facts->column_count)
        column_mark(self, (size_t)row, column, &mark);
    return mark.type == BH_TYPE_BOOL;
}

static const bh_table_model columns_model = {BH_TABLE_MODEL_INIT,         .columns = COLUMNS,     .titles = column_titles,
                                             .cell = column_cell,         .set_cell = set_column, .editable = editable,
                                             .destroyed = data_page_unref};

void data_tables_marked(data_page *self)
{
    int count = self->facts ? (int)self->facts->column_count : 0;
    if (count)
        bh_table_model_cells_changed(self->columns_model, 0, 0, count - 1, COLUMNS - 1);
}

/* --- rows: a model for each data set, as each has columns of its own */

typedef struct rows_model {
    bh_table_model is;
    data_page *page;
    const char *titles[]; /* then their texts: a view may ask for them after the facts have gone */
} rows_model;

static void free_rows_model(void *user)
{
    rows_model *self = user;
    data_page_unref(self->page);
    free(self);
}

/* A model of SELF's. Views ask it until they go, which is after the window lets go of SELF. */
static bh_object *make_model(data_page *self, const bh_table_model *model, bh_object *table)
{
    bh_object *made = bh_table_model_create(model, 0, table, self);
    self->refs += made != NULL;
    return made;
}

static bool is_number(const facts *of, size_t column)
{
    const char *type = of && !of->sparse && column < of->column_count ? of->columns[column].type : "";
    return strcmp(type, "number") == 0 || strcmp(type, "integer") == 0;
}

static void row_cell(void *user, int row, int column, bh_table_role role, bh_value *out)
{
    const rows_model *my = user;
    const data_page *self = my->page;
    bool bad = false;
    const char *text = NULL;
    if (role == BH_TABLE_ALIGNMENT && is_number(self->facts, (size_t)column))
        *out = BH_VALUE((int)(BH_ALIGN_RIGHT | BH_ALIGN_VCENTER));
    if (role != BH_TABLE_TEXT && role != BH_TABLE_FOREGROUND && role != BH_TABLE_TOOL_TIP)
        return;
    if (self->rows) {
        text = rows_cell(self->rows, (uint64_t)row, (size_t)column, &bad);
    } else if (self->facts && (size_t)row < self->facts->row_count) {
        const fact_row *of = &self->facts->rows[row];
        text = (size_t)column < of->count ? of->cells[column] : "";
        bad = of->bad;
    }
    if (role == BH_TABLE_TEXT)
        *out = BH_VALUE(text ? text : "\xE2\x80\xA6");
    else if (role == BH_TABLE_FOREGROUND && bad)
        *out = BH_VALUE(part_bad);
    else if (role == BH_TABLE_TOOL_TIP && bad)
        *out = BH_VALUE("This row is bad, and not trained on");
}

static size_t shown_columns(const facts *of)
{
    size_t count = of->column_count;
    if (of->sparse)
        count = 32; /* the label and the first entries */
    return count < ROWS_MOST_COLUMNS ? count : ROWS_MOST_COLUMNS;
}

static bh_object *make_rows_model(data_page *self)
{
    static const char *const sparse_titles[] = {"label", ""};
    size_t columns = self->facts ? shown_columns(self->facts) : 0;
    size_t head = sizeof(rows_model) + columns * sizeof(const char *), size = head;
    for (size_t i = 0; i < columns; i++)
        size += self->facts->sparse ? 0 : strlen(self->facts->columns[i].name) + 1;
    rows_model *made = columns ? calloc(1, size) : NULL;
    if (!made)
        return NULL;
    char *text = (char *)made + head;
    for (size_t i = 0; i < columns; i++) {
        const char *name = self->facts->sparse ? sparse_titles[i > 0] : self->facts->columns[i].name;
        made->titles[i] = self->facts->sparse ? name : memcpy(text, name, strlen(name) + 1);
        text += self->facts->sparse ? 0 : strlen(name) + 1;
    }
    made->page = self;
    made->is = (bh_table_model){BH_TABLE_MODEL_INIT, .columns = (int)columns, .titles = made->titles, .cell = row_cell,
                                .destroyed = free_rows_model};
    bh_object *model = bh_table_model_create(&made->is, (int)self->facts->row_count, self->rows_view, made);
    if (model)
        self->refs++;
    else
        free(made);
    return model;
}

static void on_opened(void *user, uint64_t count, const char *failure)
{
    data_page *self = user;
    if (failure) { /* the file has changed since: the first rows are shown as they were */
        rows_close(self->rows);
        self->rows = NULL;
        part_set_text(self->notes, failure);
        return;
    }
    bh_table_model_reset(self->rows_model, count > MOST_ROWS ? MOST_ROWS : (int)count);
}

static void on_read(void *user, uint64_t first, uint64_t count)
{
    data_page *self = user;
    int all = 0, last = (int)(first + count) - 1;
    if (bh_table_model_get_rows(self->rows_model, &all) == BH_OK && all > (int)first)
        bh_table_model_cells_changed(self->rows_model, (int)first, 0, last < all ? last : all - 1,
                                     (int)shown_columns(self->facts) - 1);
}

static void open_rows(data_page *self)
{
    char data[4096], index[4096];
    const rows_told told = {on_opened, on_read, self};
    if (!self->rows_model || !self->facts || !self->facts->index ||
        !project_data_path(self->project, self->shown, data, sizeof data))
        return;
    if (self->facts->index[0] == '/')
        snprintf(index, sizeof index, "%s", self->facts->index);
    else
        snprintf(index, sizeof index, "%.2000s/%.2000s", project_folder(self->project), self->facts->index);
    self->rows = rows_open(self->pool, index, data, shown_columns(self->facts), &told);
}

static void show_rows(data_page *self)
{
    bh_object *before = self->rows_model;
    self->rows_model = make_rows_model(self);
    part_show(self->rows_view, self->rows_model != NULL);
    if (self->rows_model)
        bh_table_view_set_model(self->rows_view, self->rows_model);
    part_finish_table(self->rows_view, self->facts && self->facts->column_count < 6);
    bh_destroy(before);
    if (self->rows_model)
        open_rows(self);
}

/* --- bad rows */

static void bad_cell(void *user, int row, int column, bh_table_role role, bh_value *out)
{
    const data_page *self = user;
    static char number[TEXT_SIZE];
    if (!self->facts || (size_t)row >= self->facts->bad_count)
        return;
    const fact_bad *of = &self->facts->bad[row];
    if (role == BH_TABLE_TEXT || role == BH_TABLE_TOOL_TIP)
        *out = BH_VALUE(column ? of->reason : text_count((int64_t)of->line, number));
    else if (role == BH_TABLE_ALIGNMENT && column == 0)
        *out = BH_VALUE((int)(BH_ALIGN_RIGHT | BH_ALIGN_VCENTER));
}

static const bh_table_model bad_model = {BH_TABLE_MODEL_INIT, .columns = 2, .titles = bad_titles, .cell = bad_cell,
                                         .destroyed = data_page_unref};

static void set_tab(data_page *self, int tab, const char *name, uint64_t count)
{
    char text[96], number[TEXT_SIZE];
    snprintf(text, sizeof text, count ? "%s (%s)" : "%s", name, text_count((int64_t)count, number));
    bh_tab_widget_set_tab_text(self->tabs, tab, text);
}

/* --- all of them */

void data_tables_show(data_page *self, facts *fresh)
{
    facts *before = self->facts;
    rows_close(self->rows);
    self->rows = NULL;
    bh_table_model_reset(self->columns_model, 0);
    bh_table_model_reset(self->bad_model, 0);
    self->facts = fresh;
    const store_data_set *row = project_data_set(self->project, self->shown);
    choices_load(&self->choices, fresh, row ? row->options : "");
    bh_table_model_reset(self->columns_model, fresh ? (int)fresh->column_count : 0);
    bh_table_model_reset(self->bad_model, fresh ? (int)fresh->bad_count : 0);
    show_rows(self);
    facts_free(before);
    part_set_text(self->notes, fresh ? fresh->notes : "");
    set_tab(self, 0, "C&olumns", fresh ? fresh->column_count : 0);
    set_tab(self, 1, "Ro&ws", row && row->row_count > 0 ? (uint64_t)row->row_count : 0);
    set_tab(self, 2, "&Bad Rows", fresh ? fresh->bad_all : 0);
}

static bh_object *make_table(data_page *self, const char *name, const char *accessible, const char *tab)
{
    bh_object *table = part_table(self->tabs, name, accessible);
    bh_tab_widget_add_tab(self->tabs, table, tab, NULL);
    return table;
}

void data_tables_create(data_page *self, bh_object *parent)
{
    static const int widths[COLUMNS] = {160, 66, 66, 82, 66, 76, 84, 84, 84};
    self->tabs = part_widget(parent, "QTabWidget", "data-tables");
    self->columns = make_table(self, "data-columns", "Columns", "C&olumns");
    self->columns_model = make_model(self, &columns_model, self->columns);
    bh_table_view_set_model(self->columns, self->columns_model);
    for (int i = 0; i < COLUMNS; i++)
        bh_table_view_set_column_width(self->columns, i, widths[i]);
    part_finish_table(self->columns, true);
    bh_set_enum(self->columns, "editTriggers", "NoEditTriggers");
    bh_object *host = part_widget(self->tabs, "QWidget", "data-rows-page"), *layout = part_box(host, "QVBoxLayout", 0);
    self->rows_view = part_table(host, "data-rows", "Rows");
    bh_table_view_set_rows(self->rows_view, ROW_HEIGHT, true);
    bh_layout_add_widget(layout, self->rows_view, 1);
    bh_tab_widget_add_tab(self->tabs, host, "Ro&ws", NULL);
    self->bad = make_table(self, "data-bad", "Bad rows", "&Bad Rows");
    self->bad_model = make_model(self, &bad_model, self->bad);
    bh_table_view_set_model(self->bad, self->bad_model);
    part_finish_table(self->bad, true);
}
