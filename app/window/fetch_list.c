/* The list of files in the fetch dialog. */
#include "window/fetch_list.h"

#include "window/parts.h"
#include "window/text.h"

#include <stdlib.h>
#include <string.h>

enum { NAME, SIZE, HASH, URL, COLUMNS };

static const char *const titles[COLUMNS] = {"File", "Size", "Checksum", "Address"};

static const char *text_of(const project_fetch_item *item, int column)
{
    static char text[TEXT_SIZE];
    switch (column) {
    case NAME:
        return item->name;
    case SIZE:
        return item->bytes > 0 ? text_bytes(item->bytes, text) : "";
    case HASH:
        return item->hash;
    default:
        return item->url;
    }
}

static void cell(void *user, int row, int column, bh_table_role role, bh_value *out)
{
    const fetch_list *self = user;
    if (role == BH_TABLE_TEXT || role == BH_TABLE_TOOL_TIP)
        *out = BH_VALUE(text_of(&self->items[row], column));
    else if (role == BH_TABLE_CHECKED && column == NAME)
        *out = BH_VALUE(self->chosen[row]);
    else if (role == BH_TABLE_ALIGNMENT && column == SIZE)
        *out = BH_VALUE((int)(BH_ALIGN_RIGHT | BH_ALIGN_VCENTER));
}

static bool set_cell(void *user, int row, int column, bh_table_role role, const bh_value *value)
{
    fetch_list *self = user;
    if (role != BH_TABLE_CHECKED || column != NAME)
        return false;
    self->chosen[row] = value->of.as_bool;
    self->changed(self->user);
    return true;
}

static bool editable(void *user, int row, int column)
{
    (void)user;
    (void)row;
    return column == NAME;
}

static const bh_table_model model = {BH_TABLE_MODEL_INIT, .columns = COLUMNS,   .titles = titles,
                                     .cell = cell,        .set_cell = set_cell, .editable = editable};

void fetch_list_create(fetch_list *self, bh_object *parent)
{
    static const int widths[] = {230, 80, 140, 200};
    self->table = part_table(parent, "fetch-list", "Files to fetch");
    self->model = bh_table_model_create(&model, 0, self->table, self);
    bh_table_view_set_model(self->table, self->model);
    bh_set_enum(self->table, "editTriggers", "NoEditTriggers");
    for (int i = 0; i < COLUMNS; i++)
        bh_table_view_set_column_width(self->table, i, widths[i]);
    part_finish_table(self->table, true);
}

/* --- the copy */

void fetch_list_clear(fetch_list *self)
{
    for (size_t i = 0; i < self->count; i++)
        free((void *)self->items[i].url); /* all strings of an item */
    free(self->items);
    free(self->chosen);
    self->items = NULL;
    self->chosen = NULL;
    self->count = 0;
}

static bool copy_item(project_fetch_item *out, const manifest_item *from, const char *source)
{
    const char *hash = from->hash ? from->hash : "", *name = from->name ? from->name : "";
    size_t lengths[] = {strlen(from->url) + 1, strlen(name) + 1, strlen(hash) + 1, source ? strlen(source) + 1 : 0};
    char *at = malloc(lengths[0] + lengths[1] + lengths[2] + lengths[3]);
    if (!at)
        return false;
    out->url = memcpy(at, from->url, lengths[0]);
    out->name = memcpy(at += lengths[0], name, lengths[1]);
    out->hash = memcpy(at += lengths[1], hash, lengths[2]);
    out->manifest = source ? memcpy(at + lengths[2], source, lengths[3]) : NULL;
    out->bytes = from->bytes > 0 ? from->bytes : 0;
    // cppcheck-suppress memleak ; it is OUT's url
    return true;
}

void fetch_list_set(fetch_list *self, const manifest *list, const char *source)
{
    bh_table_model_reset(self->model, 0);
    fetch_list_clear(self);
    self->items = calloc(list->count + 1, sizeof *self->items);
    self->chosen = calloc(list->count + 1, sizeof *self->chosen);
    for (size_t i = 0; self->items && self->chosen && i < list->count; i++) {
        if (!copy_item(&self->items[i], &list->items[i], source))
            break;
        self->chosen[i] = true;
        self->count++;
    }
    bh_table_model_reset(self->model, (int)self->count);
}

size_t fetch_list_chosen(const fetch_list *self, int64_t *bytes)
{
    size_t count = 0;
    *bytes = 0;
    for (size_t i = 0; i < self->count; i++)
        if (self->chosen[i]) {
            count++;
            *bytes += self->items[i].bytes;
        }
    return count;
}

void fetch_list_choose_all(fetch_list *self, bool chosen)
{
    for (size_t i = 0; i < self->count; i++)
        self->chosen[i] = chosen;
    if (self->count)
        bh_table_model_cells_changed(self->model, 0, NAME, (int)self->count - 1, NAME);
}

bh_status fetch_list_start(const fetch_list *self, project *of)
{
    size_t count = 0;
    project_fetch_item *items = calloc(self->count + 1, sizeof *items);
    if (!items)
        return bh_report(BH_ERROR_MEMORY, "fetch", "no memory for %zu files", self->count);
    for (size_t i = 0; i < self->count; i++)
        if (self->chosen[i])
            items[count++] = self->items[i];
    bh_status status = project_add_fetches(of, items, count);
    free(items);
    return status;
}
