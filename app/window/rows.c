/* Pages of rows. One task at a time has the index, so it needs no lock; what it reads is handed over when it is done. */
#include "window/rows.h"

#include "jobs/table/row_index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGES = 48, WANTED = 4, CELL_SIZE = 200 };

typedef struct page {
    uint64_t number, used; /* USED: when, for throwing out what was not looked at for longest */
    size_t rows;
    uint32_t *begins; /* in TEXT, of each cell */
    char *text;
    bool bad[ROWS_PAGE];
} page;

struct rows {
    int refs; /* the owner, and a task */
    bool closed, opened, running;
    bh_thread_pool *pool;
    rows_told told;
    char *index_path, *data_path;
    size_t columns;
    page *pages[PAGES];
    uint64_t clock, count, wanted[WANTED];
    int wanted_count;
    /* the task's while one runs */
    row_index *index;
    uint64_t asked;
    page *fresh;
    table_error error;
};

static void free_page(page *self)
{
    if (self) {
        free(self->begins);
        free(self->text);
    }
    free(self);
}

static void unref(void *user)
{
    rows *self = user;
    if (--self->refs)
        return;
    for (int i = 0; i < PAGES; i++)
        free_page(self->pages[i]);
    free_page(self->fresh);
    row_index_close(self->index);
    free(self->index_path);
    free(self->data_path);
    free(self);
}

/* --- the task */

typedef struct growing {
    char *text;
    size_t used, room;
} growing;

static bool add_cell(growing *to, const char *text, size_t length)
{
    if (to->room - to->used < CELL_SIZE) {
        size_t room = to->room ? to->room * 2 : 16 << 10;
        char *more = realloc(to->text, room);
        if (!more)
            return false;
        to->text = more;
        to->room = room;
    }
    table_clean(to->text + to->used, CELL_SIZE, text, length);
    to->used += strlen(to->text + to->used) + 1;
    return true;
}

/* A libsvm row has its label, then its entries. */
static bool add_sparse(growing *to, const table_row *row, size_t column)
{
    char text[48] = "";
    if (column == 0)
        snprintf(text, sizeof text, "%.9g", row->label);
    else if (column <= row->count)
        snprintf(text, sizeof text, "%u:%.9g", row->index[column - 1], row->value[column - 1]);
    return add_cell(to, text, strlen(text));
}

static bool fill_row(const rows *self, page *out, growing *to, size_t at, const table_row *row)
{
    for (size_t i = 0; i < self->columns; i++) {
        bool has = row->cells && i < row->count;
        out->begins[at * self->columns + i] = (uint32_t)to->used;
        if (!(row->index ? add_sparse(to, row, i) : add_cell(to, has ? row->cells[i].text : "", has ? row->cells[i].length : 0)))
            return false;
    }
    return true;
}

static page *read_page(rows *self)
{
    page *out = calloc(1, sizeof *out);
    growing text = {0};
    uint64_t first = self->asked * ROWS_PAGE, all = row_index_rows(self->index);
    if (out)
        out->begins = calloc(ROWS_PAGE * self->columns, sizeof *out->begins);
    bool good = out && out->begins;
    for (size_t i = 0; good && i < ROWS_PAGE && first + i < all; i++) {
        const table_row *row;
        bool fine = true;
        good = row_index_read(self->index, first + i, &row, &fine, &self->error) == BH_OK && fill_row(self, out, &text, i, row);
        out->bad[i] = !fine;
        out->rows += good;
    }
    if (out) {
        out->number = self->asked;
        out->text = text.text;
    }
    return out;
}

static bh_status work(bh_task_context *context, void *user)
{
    rows *self = user;
    (void)context;
    if (!self->index)
        return row_index_open(self->index_path, self->data_path, &self->index, &self->error);
    self->fresh = read_page(self);
    return BH_OK;
}

/* --- on the GUI thread */

static void start(rows *self);

static void keep(rows *self, page *fresh)
{
    int oldest = 0;
    for (int i = 0; i < PAGES && self->pages[oldest]; i++)
        if (!self->pages[i] || self->pages[i]->used < self->pages[oldest]->used)
            oldest = i;
    free_page(self->pages[oldest]);
    self->pages[oldest] = fresh;
    fresh->used = ++self->clock;
}

static void tell_page(rows *self)
{
    page *fresh = self->fresh;
    self->fresh = NULL;
    if (!fresh)
        return;
    if (fresh->rows) {
        keep(self, fresh);
        self->told.read(self->told.user, fresh->number * ROWS_PAGE, fresh->rows);
    } else {
        free_page(fresh);
    }
}

static void on_done(void *user, bh_task *task)
{
    rows *self = user;
    (void)task;
    self->running = false;
    if (self->closed)
        return;
    if (!self->opened) {
        self->opened = true;
        self->count = self->index ? row_index_rows(self->index) : 0;
        self->told.opened(self->told.user, self->count, self->index ? NULL : self->error.text);
    } else {
        tell_page(self);
    }
    if (!self->closed && self->index)
        start(self);
}

/* The newest wish first: what was wanted before may have been scrolled past. */
static void start(rows *self)
{
    const bh_task_options options = {BH_TASK_INIT, .name = "rows", .done = on_done, .drop = unref};
    if (self->running || (self->opened && self->wanted_count == 0))
        return;
    if (self->opened)
        self->asked = self->wanted[--self->wanted_count];
    self->refs++;
    self->running = bh_task_start(self->pool, work, self, &options) != NULL;
    if (!self->running)
        self->refs--;
}

static void want(rows *self, uint64_t number)
{
    if (self->running && self->opened && self->asked == number)
        return;
    for (int i = 0; i < self->wanted_count; i++)
        if (self->wanted[i] == number)
            return;
    if (self->wanted_count == WANTED) {
        memmove(self->wanted, self->wanted + 1, (WANTED - 1) * sizeof self->wanted[0]);
        self->wanted_count--;
    }
    self->wanted[self->wanted_count++] = number;
    start(self);
}

const char *rows_cell(rows *self, uint64_t row, size_t column, bool *bad)
{
    uint64_t number = row / ROWS_PAGE, at = row % ROWS_PAGE;
    if (bad)
        *bad = false;
    if (!self || !self->opened || column >= self->columns)
        return NULL;
    for (int i = 0; i < PAGES; i++) {
        page *each = self->pages[i];
        if (!each || each->number != number || at >= each->rows)
            continue;
        each->used = ++self->clock;
        if (bad)
            *bad = each->bad[at];
        return each->text + each->begins[at * self->columns + column];
    }
    want(self, number);
    return NULL;
}

rows *rows_open(bh_thread_pool *pool, const char *index, const char *data, size_t columns, const rows_told *told)
{
    rows *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    *self = (rows){.refs = 1,
                   .pool = pool,
                   .told = *told,
                   .index_path = strdup(index),
                   .data_path = strdup(data),
                   .columns = columns < ROWS_MOST_COLUMNS ? columns : ROWS_MOST_COLUMNS};
    if (self->index_path && self->data_path && self->columns)
        start(self);
    if (self->running)
        return self;
    unref(self);
    return NULL;
}

void rows_close(rows *self)
{
    if (!self)
        return;
    self->closed = true;
    unref(self);
}
