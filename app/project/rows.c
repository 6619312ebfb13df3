/* Rows as the GUI thread has them: kept in order, replaced when the store's thread sends newer ones. */
#include "project/inner.h"

#include <stdlib.h>
#include <string.h>

/* --- one list */

static int64_t id_of(const void *row)
{
    return *(const int64_t *)row; /* all rows begin with it */
}

/* Data sets by name, the others as they came. */
static int compare(store_table table, const void *a, const void *b)
{
    int order = 0;
    if (table == STORE_DATA_SETS)
        order = strcmp(((const store_data_set *)a)->name, ((const store_data_set *)b)->name);
    return order ? order : (id_of(a) > id_of(b)) - (id_of(a) < id_of(b));
}

/* Where the row ID is; the list's count if it is not there. */
static size_t place_of(const row_list *list, store_table table, int64_t id)
{
    size_t low = 0, high = list->count;
    if (table == STORE_DATA_SETS) { /* in another order; there are few */
        while (low < high && id_of(list->rows[low]) != id)
            low++;
        return low;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (id_of(list->rows[middle]) < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < list->count && id_of(list->rows[low]) == id ? low : list->count;
}

static size_t place_for(const row_list *list, store_table table, const void *row)
{
    size_t low = 0, high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(table, list->rows[middle], row) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void leave_block(row_block *block)
{
    if (--block->users > 0)
        return;
    store_free(block->rows);
    free(block);
}

static void take_out(row_list *list, size_t at)
{
    leave_block(list->blocks[at]);
    list->count--;
    memmove(&list->rows[at], &list->rows[at + 1], (list->count - at) * sizeof *list->rows);
    memmove(&list->blocks[at], &list->blocks[at + 1], (list->count - at) * sizeof *list->blocks);
}

static bool make_room(row_list *list)
{
    if (list->count < list->room)
        return true;
    size_t room = list->room ? list->room * 2 : 64;
    const void **rows = realloc(list->rows, room * sizeof *rows);
    if (rows)
        list->rows = rows;
    row_block **blocks = rows ? realloc(list->blocks, room * sizeof *blocks) : NULL;
    if (blocks)
        list->blocks = blocks;
    list->room = blocks ? room : list->room;
    return blocks != NULL;
}

static void put_in(row_list *list, store_table table, const void *row, row_block *block)
{
    if (!make_room(list))
        return;
    size_t at = place_for(list, table, row);
    memmove(&list->rows[at + 1], &list->rows[at], (list->count - at) * sizeof *list->rows);
    memmove(&list->blocks[at + 1], &list->blocks[at], (list->count - at) * sizeof *list->blocks);
    list->rows[at] = row;
    list->blocks[at] = block;
    list->count++;
    block->users++;
}

static size_t row_size(store_table table)
{
    return table == STORE_DATA_SETS ? sizeof(store_data_set) : table == STORE_FETCHES ? sizeof(store_fetch) : sizeof(store_run);
}

/* --- changes */

/* Puts the rows of CHANGE in the place of older ones. */
static void apply_rows(project *self, row_change *change)
{
    row_list *list = &self->lists[change->table];
    row_block *block = calloc(1, sizeof *block);
    if (!block)
        return;
    *block = (row_block){change->rows, 1};
    change->rows = NULL;
    if (change->id == 0)
        while (list->count > 0)
            take_out(list, list->count - 1);
    else if (place_of(list, change->table, change->id) < list->count)
        take_out(list, place_of(list, change->table, change->id));
    for (size_t i = 0; block->rows && i < change->count; i++)
        put_in(list, change->table, (const char *)block->rows + i * row_size(change->table), block);
    leave_block(block);
}

static void apply_settings(project *self, const row_change *change)
{
    const store_setting *rows = change->rows;
    for (size_t i = 0; i < change->count; i++) {
        setting *made = malloc(sizeof *made);
        if (!made)
            return;
        *made = (setting){strdup(rows[i].name), strdup(rows[i].value), self->settings};
        self->settings = made;
    }
}

static void tell_events(project *self, const row_change *change)
{
    const store_event *events = change->rows;
    for (size_t i = 0; i < change->count; i++)
        EACH_OBSERVER(self, event, (e->told.user, &events[i]));
}

/* All of it first, and then who is to know: so that a row that is told of and another one that it names fit each other. */
void rows_apply(project *self, row_change *changes)
{
    for (row_change *c = changes; c; c = c->next)
        if (c->table <= STORE_RUNS)
            apply_rows(self, c);
        else if (c->table == STORE_SETTINGS)
            apply_settings(self, c);
    for (row_change *c = changes; c; c = c->next) {
        if (c->table <= STORE_RUNS && self->loaded)
            jobs_notice(self, c->table, c->id);
        if (c->table <= STORE_RUNS)
            EACH_OBSERVER(self, changed, (e->told.user, c->table, c->id));
        else if (c->table == STORE_EVENTS)
            tell_events(self, c);
    }
    rows_drop(changes);
}

void rows_drop(row_change *changes)
{
    while (changes) {
        row_change *next = changes->next;
        store_free(changes->rows);
        free(changes);
        changes = next;
    }
}

void rows_clear(project *self)
{
    for (int i = 0; i < PROJECT_TABLES; i++) {
        row_list *list = &self->lists[i];
        while (list->count > 0)
            take_out(list, list->count - 1);
        free(list->rows);
        free(list->blocks);
    }
    while (self->settings) {
        setting *next = self->settings->next;
        free(self->settings->name);
        free(self->settings->value);
        free(self->settings);
        self->settings = next;
    }
}

/* --- what is there */

const void *rows_find(const project *self, store_table table, int64_t id)
{
    if (!self || id == 0)
        return NULL;
    const row_list *list = &self->lists[table];
    size_t at = place_of(list, table, id);
    return at < list->count ? list->rows[at] : NULL;
}

static const void *const *all(const project *self, store_table table, size_t *count)
{
    *count = self ? self->lists[table].count : 0;
    return self ? self->lists[table].rows : NULL;
}

const store_data_set *const *project_data_sets(const project *self, size_t *count)
{
    return (const store_data_set *const *)all(self, STORE_DATA_SETS, count);
}

const store_fetch *const *project_fetches(const project *self, size_t *count)
{
    return (const store_fetch *const *)all(self, STORE_FETCHES, count);
}

const store_run *const *project_runs(const project *self, size_t *count)
{
    return (const store_run *const *)all(self, STORE_RUNS, count);
}

const store_data_set *project_data_set(const project *self, int64_t id)
{
    return rows_find(self, STORE_DATA_SETS, id);
}

const store_fetch *project_fetch(const project *self, int64_t id)
{
    return rows_find(self, STORE_FETCHES, id);
}

const store_run *project_run(const project *self, int64_t id)
{
    return rows_find(self, STORE_RUNS, id);
}
