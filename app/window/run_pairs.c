/* Names and values in a table. */
#include "window/run_pairs.h"

#include "window/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_COLUMNS = 3, TEXT_ROOM = 256, NAME_WIDTH = 150, SHORT_NAME = 96, VALUE_WIDTH = 96 };

typedef struct pair {
    char text[MOST_COLUMNS][TEXT_ROOM];
    const char *tip; /* static */
    double share;
    bool bold;
} pair;

struct run_pairs {
    bh_object *table, *model;
    pair *rows;
    int count, room, columns;
};

void run_pairs_destroyed(void *user)
{
    run_pairs *self = user;
    free(self->rows);
    free(self);
}

void run_pairs_cell(void *user, int row, int column, bh_table_role role, bh_value *out)
{
    const run_pairs *self = user;
    const pair *one = &self->rows[row];
    if (role == BH_TABLE_TEXT)
        *out = BH_VALUE((const char *)one->text[column]);
    else if (role == BH_TABLE_TOOL_TIP)
        *out = BH_VALUE(one->tip ? one->tip : (const char *)one->text[column]);
    else if (role == BH_TABLE_ALIGNMENT)
        *out = BH_VALUE((int)((column ? BH_ALIGN_RIGHT : BH_ALIGN_LEFT) | BH_ALIGN_VCENTER));
    else if (role == BH_TABLE_BOLD)
        *out = BH_VALUE(one->bold);
    else if (role == BH_TABLE_BAR && column == 1 && one->share >= 0)
        *out = BH_VALUE(one->share);
}

run_pairs *run_pairs_create(bh_object *parent, const char *name, const char *accessible, const bh_table_model *description)
{
    run_pairs *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    self->columns = description->columns;
    self->table = part_table(parent, name, accessible);
    self->model = bh_table_model_create(description, 0, self->table, self);
    if (!self->model) {
        free(self);
        return NULL;
    }
    bh_table_view_set_model(self->table, self->model);
    bh_set_enum(self->table, "selectionMode", "SingleSelection");
    bh_set_enum(self->table, "editTriggers", "NoEditTriggers");
    bh_set_enum(self->table, "frameShape", "NoFrame");
    bh_table_view_set_column_width(self->table, 0, self->columns > 2 ? SHORT_NAME : NAME_WIDTH);
    for (int i = 1; i < self->columns; i++)
        bh_table_view_set_column_width(self->table, i, VALUE_WIDTH);
    return self;
}

bh_object *run_pairs_table(const run_pairs *self)
{
    return self ? self->table : NULL;
}

void run_pairs_begin(run_pairs *self)
{
    self->count = 0;
}

void run_pairs_add(run_pairs *self, const char *const *texts, const char *tip, double share, bool bold)
{
    if (self->count == self->room) {
        int room = self->room ? self->room * 2 : 32;
        pair *rows = realloc(self->rows, (size_t)room * sizeof *rows);
        if (!rows)
            return;
        self->rows = rows;
        self->room = room;
    }
    pair *one = &self->rows[self->count++];
    for (int i = 0; i < self->columns; i++)
        snprintf(one->text[i], TEXT_ROOM, "%s", texts[i] ? texts[i] : "");
    one->tip = tip;
    one->share = share;
    one->bold = bold;
}

/* Between begin and here nobody asks: the loop has not gone round. */
void run_pairs_show(run_pairs *self)
{
    int before = 0;
    bh_table_model_get_rows(self->model, &before);
    if (before != self->count)
        bh_table_model_reset(self->model, self->count);
    else if (self->count)
        bh_table_model_cells_changed(self->model, 0, 0, self->count - 1, self->columns - 1);
}
