/* The tabs: the curves of one file, and all of them in comparison, with a table. */
#include "window/inner.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CURVE, POINTS, LAST, LOWEST, HIGHEST, COLUMNS, VERTICAL = 2, ROW_HEIGHT = 24, TEXT_SIZE = 256 };

static const char *const titles[] = {"Curve", "Rows", "Last", "Lowest", "Highest"};

/* --- the table of the comparison */

/* The file and the curve of a row; NULL beyond the last. */
static file *at_row(const window *self, int row, int *curve)
{
    for (file *each = self->files; each; each = each->next) {
        if (each->state != FILE_READ)
            continue;
        if (row < each->curves.count) {
            *curve = row;
            return each;
        }
        row -= each->curves.count;
    }
    return NULL;
}

static int count_rows(const window *self)
{
    int rows = 0;
    for (const file *each = self->files; each; each = each->next)
        rows += each->state == FILE_READ ? each->curves.count : 0;
    return rows;
}

static double number_of(const curves *of, int curve, int column)
{
    const curve_summary *summary = &of->summaries[curve];
    return column == LAST ? summary->last : column == LOWEST ? summary->lowest : summary->highest;
}

static const char *text_of(const file *of, int curve, int column)
{
    static char text[TEXT_SIZE];
    if (column == CURVE)
        snprintf(text, sizeof text, "%s \xC2\xB7 %s", of->name, of->curves.names[curve]);
    else if (column == POINTS)
        snprintf(text, sizeof text, "%zu", of->curves.rows);
    else {
        double number = number_of(&of->curves, curve, column);
        snprintf(text, sizeof text, isnan(number) ? "\xE2\x80\x93" : "%.6g", number);
    }
    return text;
}

static void cell(void *user, int row, int column, bh_table_role role, bh_value *out)
{
    int curve = 0;
    const file *of = at_row(user, row, &curve);
    if (!of)
        return;
    if (role == BH_TABLE_TEXT)
        *out = BH_VALUE(text_of(of, curve, column));
    else if (role == BH_TABLE_TOOL_TIP && column == CURVE)
        *out = BH_VALUE((const char *)of->path);
    else if (role == BH_TABLE_ALIGNMENT)
        *out = BH_VALUE((int)(column == CURVE ? BH_ALIGN_LEFT | BH_ALIGN_VCENTER : BH_ALIGN_RIGHT | BH_ALIGN_VCENTER));
    else if (role == BH_TABLE_CHECKED && column == CURVE)
        *out = BH_VALUE((bool)!of->hidden[curve]);
}

static bool set_cell(void *user, int row, int column, bh_table_role role, const bh_value *value)
{
    window *self = user;
    int curve = 0;
    file *of = at_row(self, row, &curve);
    if (!of || column != CURVE || role != BH_TABLE_CHECKED)
        return false;
    of->hidden[curve] = !value->of.as_bool;
    bh_chart_set_series_visible(self->compare_chart, of->series[curve], value->of.as_bool);
    return true;
}

/* The check box alone; no text is. */
static bool editable(void *user, int row, int column)
{
    (void)user;
    (void)row;
    return column == CURVE;
}

static const bh_table_model comparison = {BH_TABLE_MODEL_INIT, .columns = COLUMNS,   .titles = titles,
                                          .cell = cell,        .set_cell = set_cell, .editable = editable};

/* --- making */

static bool create_run(window *self, bh_object *tabs)
{
    bh_object *page = bh_create("QWidget", NULL);
    bh_object *layout = bh_create("QVBoxLayout", page);
    self->run_title = bh_create("QLabel", page);
    self->run_chart = bh_chart_create(page);
    bh_layout_set_margins(layout, 0, 0, 0, 0);
    bh_set_int(layout, "spacing", 0);
    bh_set_int(self->run_title, "minimumHeight", 34);
    bh_set_int(self->run_title, "indent", 12);
    bh_set_enum(self->run_title, "textInteractionFlags", "TextSelectableByMouse");
    bh_layout_add_widget(layout, self->run_title, 0);
    bh_layout_add_widget(layout, self->run_chart, 1);
    bh_chart_set_empty_text(self->run_chart,
                            "No curves yet.\n\nOpen a table of numbers with Ctrl+O: the round in the first column,\n"
                            "a value such as a loss in each other one.");
    return bh_tab_widget_add_tab(tabs, page, "Run", NULL) == BH_OK;
}

static bool create_comparison(window *self, bh_object *tabs)
{
    bh_object *splitter = bh_create("QSplitter", NULL);
    self->compare_chart = bh_chart_create(splitter);
    self->table = bh_create("QTableView", splitter);
    self->model = bh_table_model_create(&comparison, 0, self->table, self);
    bh_set_int(splitter, "orientation", VERTICAL);
    bh_set_bool(splitter, "childrenCollapsible", false);
    bh_splitter_add_widget(splitter, self->compare_chart, 2);
    bh_splitter_add_widget(splitter, self->table, 1);
    bh_table_view_set_model(self->table, self->model);
    bh_set_enum(self->table, "selectionBehavior", "SelectRows");
    bh_set_bool(self->table, "alternatingRowColors", true);
    bh_set_bool(self->table, "showGrid", false);
    bh_table_view_set_rows(self->table, ROW_HEIGHT, false);
    bh_set_string(self->table, "accessibleName", "Curves in comparison");
    bh_call(self->table, "hide");
    bh_chart_set_empty_text(self->compare_chart,
                            "Nothing to compare yet.\n\nEach file that is opened with Ctrl+O is laid over the others "
                            "here.");
    return bh_tab_widget_add_tab(tabs, splitter, "Compare", NULL) == BH_OK;
}

bool panels_create(window *self, bh_object *tabs)
{
    return create_run(self, tabs) && create_comparison(self, tabs);
}

/* --- showing */

static int add_curve(bh_object *chart, const curves *from, int curve, const char *name)
{
    int series;
    if (bh_chart_add_series(chart, name, &series) == BH_OK)
        bh_chart_append(chart, series, from->x, from->y[curve], from->rows);
    return series;
}

void panels_show_run(window *self)
{
    const file *of = self->current;
    char title[TEXT_SIZE] = "";
    bh_chart_clear(self->run_chart);
    bh_chart_set_view(self->run_chart, NAN, NAN, NAN, NAN);
    if (of)
        snprintf(title, sizeof title, "%s \xE2\x80\x94 %zu rows, %d curves", of->name, of->curves.rows, of->curves.count);
    bh_set_string(self->run_title, "text", title);
    bh_set_bool(self->run_title, "visible", of != NULL);
    bh_set_string(self->run_title, "toolTip", of ? of->path : "");
    if (!of)
        return;
    bh_chart_set_titles(self->run_chart, of->curves.x_name, NULL);
    for (int i = 0; i < of->curves.count; i++) {
        int series = add_curve(self->run_chart, &of->curves, i, of->curves.names[i]);
        bh_chart_set_series_style(self->run_chart, series, i % BH_CHART_COLORS, (bh_pen_style)(1 + i / BH_CHART_COLORS % 3));
    }
}

static void update_table(window *self)
{
    static const int widths[COLUMNS] = {340, 90, 110, 110, 110};
    int rows = count_rows(self);
    bh_table_model_reset(self->model, rows);
    bh_set_bool(self->table, "visible", rows > 0);
    for (int i = 0; i < COLUMNS; i++)
        bh_table_view_set_column_width(self->table, i, widths[i]);
}

/* A file has one colour, and each of its curves a pen of its own. */
void panels_add_curves(file *of)
{
    window *self = of->window;
    for (int i = 0; i < of->curves.count; i++) {
        char name[TEXT_SIZE];
        snprintf(name, sizeof name, "%s \xC2\xB7 %s", of->name, of->curves.names[i]);
        of->series[i] = add_curve(self->compare_chart, &of->curves, i, name);
        bh_chart_set_series_style(self->compare_chart, of->series[i], of->color, (bh_pen_style)(BH_PEN_SOLID + i % 3));
    }
    bh_chart_set_titles(self->compare_chart, of->curves.x_name, NULL);
    update_table(self);
}

void panels_remove_curves(file *of)
{
    window *self = of->window;
    if (of->state != FILE_READ)
        return;
    for (int i = 0; i < of->curves.count; i++)
        bh_chart_remove_series(self->compare_chart, of->series[i]);
    of->state = FILE_FAILED; /* on its way out: no row of the table any more */
    update_table(self);
}

void panels_set_log(window *self, bool on)
{
    bh_chart_set_log_y(self->run_chart, on);
    bh_chart_set_log_y(self->compare_chart, on);
}

/* --- export */

static void write_field(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text; text++)
        fputs((char[]){*text, *text == '"' ? '"' : 0, 0}, out);
    fputc('"', out);
}

bool panels_export(const window *self, const char *path)
{
    FILE *out = fopen(path, "we");
    int rows = count_rows(self), curve = 0;
    if (!out)
        return false;
    fputs("file,curve,rows,last,lowest,highest\n", out);
    for (int row = 0; row < rows; row++) {
        const file *of = at_row(self, row, &curve);
        write_field(out, of->path);
        fputc(',', out);
        write_field(out, of->curves.names[curve]);
        fprintf(out, ",%zu", of->curves.rows);
        for (int column = LAST; column <= HIGHEST; column++)
            fprintf(out, ",%.17g", number_of(&of->curves, curve, column));
        fputc('\n', out);
    }
    bool whole = !ferror(out);
    return fclose(out) == 0 && whole;
}
