/* table_model.h */
#include "fuzz.h"

#include <limits.h>
#include <string.h>

enum { DESCRIPTIONS = 32 };

static const char *const titles[] = {"One", "Two", "Three", "\xC3\xA4", ""};

static void set_any(bh_value *out, bh_table_role role)
{
    static const bh_type fitting[] = {
        [BH_TABLE_TEXT] = BH_TYPE_STRING,   [BH_TABLE_EDIT] = BH_TYPE_STRING,      [BH_TABLE_TOOL_TIP] = BH_TYPE_STRING,
        [BH_TABLE_ALIGNMENT] = BH_TYPE_INT, [BH_TABLE_FOREGROUND] = BH_TYPE_COLOR, [BH_TABLE_BACKGROUND] = BH_TYPE_COLOR,
        [BH_TABLE_CHECKED] = BH_TYPE_BOOL,  [BH_TABLE_MARK] = BH_TYPE_COLOR,       [BH_TABLE_BOLD] = BH_TYPE_BOOL,
        [BH_TABLE_BAR] = BH_TYPE_DOUBLE,
    };
    if (fuzz_chance(40))
        return;
    *out = fuzz_value(fuzz_chance(80) ? fitting[role] : fuzz_type());
    if (out->type == BH_TYPE_STRING && out->of.as_string && strlen(out->of.as_string) > 1000)
        out->of.as_string = "short"; /* laying out 100 kB in each cell is Qt's time, not ours */
}

static void cell(void *user, int row, int column, bh_table_role role, bh_value *out)
{
    fuzz_token_check(user, "cell");
    if (row < 0 || column < 0 || column >= 5 || (unsigned)role > BH_TABLE_BAR || !out)
        fuzz_complain("bh_table_model_create", "cell was asked for what there is not", "");
    set_any(out, role);
}

static bool set_cell(void *user, int row, int column, bh_table_role role, const bh_value *value)
{
    (void)row;
    (void)column;
    fuzz_token_check(user, "set_cell");
    if (!value || value->type != (role == BH_TABLE_EDIT ? BH_TYPE_STRING : BH_TYPE_BOOL))
        fuzz_complain("bh_table_model_create", "set_cell got a value of another type", "");
    fuzz_nested("set_cell");
    return fuzz_chance(50);
}

static bool editable(void *user, int row, int column)
{
    fuzz_token_check(user, "editable");
    return (row + column) % 2 == 0;
}

static void row_title(void *user, int row, bh_value *out)
{
    (void)row;
    fuzz_token_check(user, "row_title");
    set_any(out, BH_TABLE_TEXT);
}

static void sort(void *user, int column, bool descending)
{
    (void)column;
    (void)descending;
    fuzz_token_check(user, "sort");
    fuzz_nested("sort");
}

/* A description, which stays as it is for good once it has been used. */
static const bh_table_model *any_description(void)
{
    static bh_table_model made[DESCRIPTIONS];
    static unsigned count; /* GUI thread only: others get the first, which is refused there */
    if (fuzz_lane != 0 || (count > 0 && !fuzz_chance(20)) || count == DESCRIPTIONS)
        return &made[count ? fuzz_below(count) : 0];
    bh_table_model *one = &made[count++];
    one->size = fuzz_chance(95) ? sizeof *one : fuzz_size_t();
    one->columns = fuzz_chance(95) ? fuzz_small(1, 5) : fuzz_small(-5, 0);
    one->titles = fuzz_chance(70) ? titles : NULL;
    one->cell = fuzz_chance(95) ? cell : NULL;
    one->set_cell = fuzz_chance(60) ? set_cell : NULL;
    one->editable = fuzz_chance(60) ? editable : NULL;
    one->row_title = fuzz_chance(60) ? row_title : NULL;
    one->sort = fuzz_chance(60) ? sort : NULL;
    one->destroyed = fuzz_chance(80) ? fuzz_token_drop : NULL;
    return one;
}

static int any_rows(void)
{
    /* No million: a view that is not shown measures each row of them, and that is Qt's way. */
    static const int rows[] = {0, 1, 10, 100, 2000, -1, INT_MIN};
    int count = rows[fuzz_chance(80) ? fuzz_below(5) : fuzz_below(7)];
    fuzz_note("%d rows", count);
    return count;
}

static fuzz_result run_bh_table_model_create(void)
{
    const bh_table_model *description = fuzz_chance(97) ? any_description() : NULL;
    void *user = description && description->destroyed ? fuzz_token_new() : NULL;
    bh_object *model = bh_table_model_create(description, any_rows(), fuzz_chance(60) ? NULL : fuzz_object(NULL), user);
    if (!model) {
        fuzz_token_drop(user);
        return FUZZ_REFUSED;
    }
    fuzz_keep(FUZZ_MODEL, model);
    bh_object *view = fuzz_live("QTableView");
    if (fuzz_chance(50) && view) {
        bh_table_view_set_model(view, model);
        bh_call(view, "show");
    }
    return FUZZ_OK;
}

#define MODEL fuzz_thing(FUZZ_MODEL)
#define VIEW fuzz_object(fuzz_chance(80) ? "QTableView" : fuzz_chance(50) ? "QComboBox" : "QAbstractItemView")

FUZZ_CALL(bh_table_model_rows_inserted, MODEL, fuzz_row(), any_rows())
FUZZ_CALL(bh_table_model_rows_removed, MODEL, fuzz_row(), fuzz_row())
FUZZ_CALL(bh_table_model_cells_changed, MODEL, fuzz_row(), fuzz_small(0, 2), fuzz_row(),
          fuzz_chance(80) ? fuzz_small(0, 2) : fuzz_int())
FUZZ_CALL(bh_table_model_reset, MODEL, any_rows())
FUZZ_CALL(bh_table_view_set_model, VIEW, MODEL)
FUZZ_CALL(bh_table_view_set_rows, VIEW, fuzz_chance(80) ? fuzz_small(1, 40) : fuzz_int(), fuzz_bool())
FUZZ_CALL(bh_table_view_scroll_to, VIEW, fuzz_row(), fuzz_chance(80) ? fuzz_small(0, 2) : fuzz_int())
FUZZ_CALL(bh_table_view_set_column_width, VIEW, fuzz_row(), fuzz_int())

static fuzz_result run_bh_table_view_selection(void)
{
    bh_object *selection = bh_table_view_selection(VIEW);
    if (selection && !bh_inherits(selection, "QItemSelectionModel"))
        fuzz_complain("bh_table_view_selection", "it gave something else", bh_class_name(selection));
    return selection ? FUZZ_OK : FUZZ_REFUSED;
}

static fuzz_result run_bh_table_model_get_rows(void)
{
    int rows = 77;
    bool no_place = fuzz_chance(5);
    bh_status status = bh_table_model_get_rows(MODEL, no_place ? NULL : &rows);
    if (status ? !no_place && rows : rows < 0)
        fuzz_complain("bh_table_model_get_rows", status ? "the result was not cleared on failure" : "negative rows", "");
    return fuzz_status(status);
}

static fuzz_result run_bh_table_view_get_selected_rows(void)
{
    int *rows = fuzz_garbage();
    size_t count = 77;
    bool no_place = fuzz_chance(5);
    bh_object *view = VIEW;
    if (fuzz_chance(30) && bh_is_alive(view) && fuzz_lane == 0)
        bh_call(view, "selectRow", 0);
    bh_status status = bh_table_view_get_selected_rows(view, no_place ? NULL : &rows, fuzz_chance(95) ? &count : NULL);
    if (status && !no_place && rows)
        fuzz_complain("bh_table_view_get_selected_rows", "a result was left after a failure", "");
    if (!status)
        bh_free(rows);
    return fuzz_status(status);
}

const fuzz_entry fuzz_table_entries[] = {
    FUZZ_ENTRY(bh_table_model_create),
    FUZZ_ENTRY(bh_table_model_rows_inserted),
    FUZZ_ENTRY(bh_table_model_rows_removed),
    FUZZ_ENTRY(bh_table_model_cells_changed),
    FUZZ_ENTRY(bh_table_model_reset),
    FUZZ_ENTRY(bh_table_model_get_rows),
    FUZZ_ENTRY(bh_table_view_set_model),
    FUZZ_ENTRY(bh_table_view_set_rows),
    FUZZ_ENTRY(bh_table_view_scroll_to),
    FUZZ_ENTRY(bh_table_view_selection),
    FUZZ_ENTRY(bh_table_view_set_column_width),
    FUZZ_ENTRY(bh_table_view_get_selected_rows),
    {NULL, NULL, 0},
};
