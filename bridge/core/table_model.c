/* Table models: what the program's functions are asked, and never for a row or column that is not there. */
#include <bulkhead/table_model.h>

#include "base/memory.h"
#include "base/status.h"
#include "core/guard.h"
#include "core/table_model.h"
#include "core/value.h"
#include "core/widget.h"
#include "shim/widgets.h"

#include <string.h>

/* Qt's views keep eight bytes a row and count pixels in an int. */
enum { MOST_ROWS = 50000000, MOST_COLUMNS = 10000 };

static const char *const role_names[] = {
    [BH_TABLE_TEXT] = "BH_TABLE_TEXT",
    [BH_TABLE_EDIT] = "BH_TABLE_EDIT",
    [BH_TABLE_TOOL_TIP] = "BH_TABLE_TOOL_TIP",
    [BH_TABLE_ALIGNMENT] = "BH_TABLE_ALIGNMENT",
    [BH_TABLE_FOREGROUND] = "BH_TABLE_FOREGROUND",
    [BH_TABLE_BACKGROUND] = "BH_TABLE_BACKGROUND",
    [BH_TABLE_CHECKED] = "BH_TABLE_CHECKED",
    [BH_TABLE_MARK] = "BH_TABLE_MARK",
    [BH_TABLE_BOLD] = "BH_TABLE_BOLD",
    [BH_TABLE_BAR] = "BH_TABLE_BAR",
};

/* Qt::ItemDataRole, and what it is here. */
static const struct {
    int qt;
    bh_table_role role;
} roles[] = {
    {0, BH_TABLE_TEXT},       {2, BH_TABLE_EDIT},           {3, BH_TABLE_TOOL_TIP}, {7, BH_TABLE_ALIGNMENT},
    {9, BH_TABLE_FOREGROUND}, {8, BH_TABLE_BACKGROUND},     {10, BH_TABLE_CHECKED}, {1, BH_TABLE_MARK},
    {6, BH_TABLE_BOLD},       {BHS_ROLE_BAR, BH_TABLE_BAR},
};

/* Qt::CheckState */
enum { UNCHECKED = 0, CHECKED = 2 };

/* GUI thread. Freed when the model is gone and nothing on the stack uses it. */
typedef struct table {
    bh_table_model is; /* copy: of older programs shorter, the rest is zero */
    void *user;
    int rows;     /* what Qt has been told */
    int readable; /* rows that the program has too: fewer while a removal is being told */
    int pins;     /* of calls on the stack that go on using this */
    int reading;  /* functions on the stack that Qt asks while it paints or measures */
    bool changing, complained, gone;
} table;

/* --- asking the program */

typedef struct question {
    table *of;
    bool writes; /* may change the rows: Qt is not painting now */
    int row, column;
    bh_table_role role;
    bh_value *out;
    const bh_value *value;
    bool flag;
} question;

static void unpin(table *self)
{
    if (!--self->pins && self->gone)
        bh__free(self);
}

/* Runs THUNK as a handler. False if the model has gone, or the function has failed, meanwhile: do not use the table then. */
static bool ask(question *asked, void (*thunk)(void *frame), const char *what)
{
    table *self = asked->of;
    self->pins++;
    self->reading += !asked->writes;
    bool completed = bh__run_handler(thunk, asked, what, NULL);
    self->reading -= !asked->writes;
    bool usable = completed && !self->gone;
    unpin(self);
    return usable;
}

static bool exists(const table *self, int row, int column)
{
    return !self->gone && row >= 0 && row < self->readable && column >= 0 && column < self->is.columns;
}

static void ask_cell(void *frame)
{
    const question *asked = frame;
    asked->of->is.cell(asked->of->user, asked->row, asked->column, asked->role, asked->out);
}

static bh_type type_of_role(bh_table_role role)
{
    static const bh_type types[] = {
        [BH_TABLE_TOOL_TIP] = BH_TYPE_STRING,  [BH_TABLE_ALIGNMENT] = BH_TYPE_INT, [BH_TABLE_FOREGROUND] = BH_TYPE_COLOR,
        [BH_TABLE_BACKGROUND] = BH_TYPE_COLOR, [BH_TABLE_CHECKED] = BH_TYPE_BOOL,  [BH_TABLE_MARK] = BH_TYPE_COLOR,
        [BH_TABLE_BOLD] = BH_TYPE_BOOL,        [BH_TABLE_BAR] = BH_TYPE_DOUBLE,
    };
    return role < BH_TABLE_TOOL_TIP ? BH_TYPE_VOID : types[role];
}

static bool is_showable(bh_type type)
{
    return (type >= BH_TYPE_BOOL && type <= BH_TYPE_STRING) || (type >= BH_TYPE_DATE && type <= BH_TYPE_DATE_TIME);
}

/* Makes VALUE, which is not void, what Qt is told for ROLE; false if it cannot be. */
static bool convert(bh_table_role role, bh_value *value)
{
    bh_value given = *value;
    bh_type type = type_of_role(role);
    if (type == BH_TYPE_VOID && is_showable(given.type))
        return true;
    return bh__value_convert(&given, type == BH_TYPE_VOID ? BH_TYPE_STRING : type, value) == BH_OK;
}

/* Once a model, or a wrong type would fill the log at each paint. */
static void complain(table *self, const question *asked, const bh_value *given)
{
    char text[96];
    bh_type type = type_of_role(asked->role);
    if (!self->complained)
        bh__fail(BH_ERROR_TYPE, "cell of a table model", "row %d, column %d gave %s for %s: give a %s", asked->row, asked->column,
                 bh__value_text(given, text, sizeof text), role_names[asked->role],
                 type == BH_TYPE_VOID ? "string, number or date" : bh_type_name(type));
    self->complained = true;
}

static bool cell(table *self, int row, int column, bh_table_role role, bh_value *out)
{
    question asked = {.of = self, .row = row, .column = column, .role = role, .out = out};
    memset(out, 0, sizeof *out);
    if (!ask(&asked, ask_cell, "cell of a table model") || out->type == BH_TYPE_VOID)
        return false;
    bh_value given = *out;
    if (convert(role, out))
        return true;
    complain(self, &asked, &given);
    return false;
}

/* -1: a role that the program is not asked for. */
static int role_of(int qt)
{
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++)
        if (roles[i].qt == qt)
            return (int)roles[i].role;
    return -1;
}

bool bh__on_table_cell(void *payload, int row, int column, int qt_role, bh_value *out)
{
    table *self = payload;
    int role = role_of(qt_role);
    if (role < 0 || !exists(self, row, column))
        return false;
    self->pins++;
    bool found = cell(self, row, column, (bh_table_role)role, out);
    if (!found && role == BH_TABLE_EDIT && exists(self, row, column))
        found = cell(self, row, column, BH_TABLE_TEXT, out);
    unpin(self);
    if (found && role == BH_TABLE_CHECKED)
        *out = BH_VALUE(out->of.as_bool ? CHECKED : UNCHECKED);
    return found;
}

static void ask_row_title(void *frame)
{
    const question *asked = frame;
    asked->of->is.row_title(asked->of->user, asked->row, asked->out);
}

bool bh__on_table_title(void *payload, int section, bool of_row, bh_value *out)
{
    table *self = payload;
    question asked = {.of = self, .row = section, .role = BH_TABLE_TEXT, .out = out};
    if (self->gone || section < 0 || section >= (of_row ? self->readable : self->is.columns))
        return false;
    *out = BH_VALUE(section + 1);
    if (!of_row && self->is.titles)
        *out = BH_VALUE(self->is.titles[section]);
    if (of_row && self->is.row_title) {
        memset(out, 0, sizeof *out);
        if (!ask(&asked, ask_row_title, "row_title of a table model") || out->type == BH_TYPE_VOID ||
            !convert(BH_TABLE_TEXT, out))
            return false;
    }
    return true;
}

static void ask_editable(void *frame)
{
    question *asked = frame;
    asked->flag = asked->of->is.editable(asked->of->user, asked->row, asked->column);
}

bool bh__on_table_editable(void *payload, int row, int column)
{
    table *self = payload;
    question asked = {.of = self, .row = row, .column = column};
    if (!exists(self, row, column) || !self->is.set_cell)
        return false;
    return !self->is.editable || (ask(&asked, ask_editable, "editable of a table model") && asked.flag);
}

static void ask_set_cell(void *frame)
{
    question *asked = frame;
    asked->flag = asked->of->is.set_cell(asked->of->user, asked->row, asked->column, asked->role, asked->value);
}

bool bh__on_table_set(void *payload, int row, int column, int qt_role, const char *text, bool checked)
{
    table *self = payload;
    int role = role_of(qt_role);
    bh_value value = BH_VALUE(text);
    if (role == BH_TABLE_CHECKED)
        value = BH_VALUE(checked);
    question asked = {self, true, row, column, (bh_table_role)role, NULL, &value, false};
    if (role != BH_TABLE_CHECKED && role != BH_TABLE_EDIT)
        return false;
    return bh__on_table_editable(self, row, column) && ask(&asked, ask_set_cell, "set_cell of a table model") && asked.flag;
}

static void ask_sort(void *frame)
{
    const question *asked = frame;
    asked->of->is.sort(asked->of->user, asked->column, asked->flag);
}

void bh__on_table_sort(void *payload, int column, bool descending)
{
    table *self = payload;
    question asked = {.of = self, .writes = true, .column = column, .flag = descending};
    if (self->gone || !self->is.sort || column < 0 || column >= self->is.columns)
        return;
    bool before = self->changing;
    self->changing = true;
    self->pins++;
    ask(&asked, ask_sort, "sort of a table model");
    self->changing = before;
    unpin(self);
}

int bh__on_table_rows(const void *payload)
{
    return ((const table *)payload)->rows;
}

int bh__on_table_columns(const void *payload)
{
    return ((const table *)payload)->is.columns;
}

void bh__on_table_gone(void *payload)
{
    table *self = payload;
    self->gone = true;
    self->rows = self->readable = 0;
    self->pins++;
    if (self->is.destroyed)
        bh__run_void(self->is.destroyed, self->user, "destroyed of a table model");
    unpin(self);
}

/* --- creating */

static bool check_titles(const bh_table_model *is, const char *call)
{
    for (int i = 0; is->titles && i < is->columns; i++)
        if (!is->titles[i]) {
            bh__fail(BH_ERROR_NULL, call, "the title of column %d is NULL: give %d titles, or none at all", i, is->columns);
            return false;
        }
    return true;
}

static bool check_description(const bh_table_model *is, const char *call)
{
    if (!is)
        bh__fail(BH_ERROR_NULL, call, "description is NULL: pass a static const bh_table_model");
    else if (is->size == 0)
        bh__fail(BH_ERROR_RANGE, call, "the description's size is 0: define it with BH_TABLE_MODEL_INIT");
    else if (is->size < offsetof(bh_table_model, set_cell) || is->size > sizeof *is)
        bh__fail(BH_ERROR_RANGE, call, "the description's size is %zu, not %zu: define it with BH_TABLE_MODEL_INIT", is->size,
                 sizeof *is);
    else if (!is->cell)
        bh__fail(BH_ERROR_NULL, call, "the description has no cell function: set .cell");
    else
        return bh__check_number(is->columns, 1, MOST_COLUMNS, call, "columns") && check_titles(is, call);
    return false;
}

static table *table_create(const bh_table_model *is, int rows, void *user, const char *call)
{
    table *self = bh__calloc(1, sizeof *self);
    if (!self) {
        bh__fail(BH_ERROR_MEMORY, call, "no memory");
        return NULL;
    }
    memcpy(&self->is, is, is->size);
    self->user = user;
    self->rows = self->readable = rows;
    return self;
}

bh_object *(bh_table_model_create)(const bh_table_model *description, int rows, bh_object *parent, void *user)
{
    static const char call[] = "bh_table_model_create";
    if (bh__refuse_off_gui(call) || !check_description(description, call) || !bh__check_number(rows, 0, MOST_ROWS, call, "rows"))
        return NULL;
    bh__object *above = parent ? bh__check_object(parent, call, "parent") : NULL;
    table *self = !parent || above ? table_create(description, rows, user, call) : NULL;
    if (!self)
        return NULL;
    void (*destroyed)(void *) = self->is.destroyed;
    self->is.destroyed = NULL; /* not before it is certain that there is a model */
    bhs_object *model = bhs_table_create(above ? above->qt : NULL, self);
    bh_object *handle = bh__adopt(model, call);
    if (handle)
        self->is.destroyed = destroyed;
    else if (!model)
        bh__free(self);
    return handle;
}

bool bh__table_sorts(const void *payload)
{
    return ((const table *)payload)->is.sort != NULL;
}

/* --- telling of changes */

/* The table behind MODEL, and its QObject in *QT. */
static table *check_model(const bh_object *model, bhs_object **qt, const char *call)
{
    char text[128];
    bh__object *object = bh__check_class(model, "QAbstractTableModel", call, "model");
    table *self = object ? bhs_table_of(object->qt) : NULL;
    if (object && !self)
        bh__fail(BH_ERROR_CLASS, call, "model is %s, not one of bh_table_model_create",
                 bh__object_text(object, text, sizeof text));
    if (self)
        *qt = object->qt;
    return self;
}

/* The same for a change of rows, which Qt does not survive while it paints, sorts, or is being told of another. */
static table *check_change(const bh_object *model, bhs_object **qt, const char *call)
{
    table *self = check_model(model, qt, call);
    if (!self || (!self->changing && !self->reading))
        return self;
    bh__fail(BH_ERROR_STATE, call, "the model is just being %s: do it afterwards, with bh_timer_single_shot",
             self->changing ? "sorted or changed" : "asked for a cell");
    return NULL;
}

/* Tells Qt that there are ROWS now. While it is told, only rows that were there before and after can be asked for. */
static void change(table *self, bhs_object *qt, bhs_table_change what, int row, int count, int rows)
{
    self->changing = true;
    self->pins++; /* somebody who listens may destroy the model */
    self->readable = rows < self->rows ? rows : self->rows;
    bhs_table_begin(qt, what, row, count);
    if (!self->gone) {
        self->rows = self->readable = rows;
        bhs_table_end(qt, what);
    }
    self->changing = false;
    unpin(self);
}

bh_status(bh_table_model_rows_inserted)(bh_object *model, int row, int count)
{
    static const char call[] = "bh_table_model_rows_inserted";
    bhs_object *qt;
    table *self = check_change(model, &qt, call);
    if (!self || !bh__check_number(row, 0, self->rows, call, "row") ||
        !bh__check_number(count, 0, MOST_ROWS - self->rows, call, "count"))
        return bh__last_status();
    if (count)
        change(self, qt, BHS_TABLE_INSERT, row, count, self->rows + count);
    return BH_OK;
}

bh_status(bh_table_model_rows_removed)(bh_object *model, int row, int count)
{
    static const char call[] = "bh_table_model_rows_removed";
    bhs_object *qt;
    table *self = check_change(model, &qt, call);
    if (!self || !bh__check_number(row, 0, self->rows, call, "row") ||
        !bh__check_number(count, 0, self->rows - row, call, "count"))
        return bh__last_status();
    if (count)
        change(self, qt, BHS_TABLE_REMOVE, row, count, self->rows - count);
    return BH_OK;
}

bh_status(bh_table_model_cells_changed)(bh_object *model, int first_row, int first_column, int last_row, int last_column)
{
    static const char call[] = "bh_table_model_cells_changed";
    bhs_object *qt;
    table *self = check_model(model, &qt, call);
    if (!self || !bh__check_number(first_row, 0, self->rows - 1, call, "first_row") ||
        !bh__check_number(last_row, first_row, self->rows - 1, call, "last_row") ||
        !bh__check_number(first_column, 0, self->is.columns - 1, call, "first_column") ||
        !bh__check_number(last_column, first_column, self->is.columns - 1, call, "last_column"))
        return bh__last_status();
    bhs_table_changed(qt, first_row, first_column, last_row, last_column);
    return BH_OK;
}

bh_status(bh_table_model_reset)(bh_object *model, int rows)
{
    static const char call[] = "bh_table_model_reset";
    bhs_object *qt;
    table *self = check_change(model, &qt, call);
    if (!self || !bh__check_number(rows, 0, MOST_ROWS, call, "rows"))
        return bh__last_status();
    change(self, qt, BHS_TABLE_RESET, 0, 0, rows);
    return BH_OK;
}

bh_status(bh_table_model_get_rows)(const bh_object *model, int *rows)
{
    static const char call[] = "bh_table_model_get_rows";
    bhs_object *qt;
    if (!bh__check_out(rows, call, "rows"))
        return bh__last_status();
    *rows = 0;
    table *self = check_model(model, &qt, call);
    if (!self)
        return bh__last_status();
    *rows = self->rows;
    return BH_OK;
}
