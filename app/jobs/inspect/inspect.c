/* The job inspect: reads a table once and says what is in it.
 *
 * {"file": path, "index": path of the index of rows to write, if one is wanted, and the options of table_options_read} gives what
 * report.c writes. Progress: {"percent", "rows", "text"}. Memory has a bound, whatever is in the file. */
#include "jobs/inspect/inspect.h"

#include "jobs/table/row_index.h"
#include "monotonic.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double TELL_EVERY_S = 0.05;

__attribute__((visibility("default"))) bh_status job_inspect(bh_job *self, bh_message_view arguments, bh_message *result);

static bool go_on(double percent, uint64_t rows, void *user)
{
    inspection *work = user;
    char text[64];
    if (bh_job_cancelled(work->job))
        return false;
    double now = monotonic_s();
    if (now - work->told_at < TELL_EVERY_S)
        return true;
    work->told_at = now;
    bh_message *progress = bh_message_create();
    snprintf(text, sizeof text, "%llu rows", (unsigned long long)rows);
    bh_message_add_int(progress, "percent", (int64_t)percent);
    bh_message_add_uint(progress, "rows", rows);
    bh_message_add_string(progress, "text", text);
    bh_job_progress(work->job, progress);
    bh_message_destroy(progress);
    return true;
}

/* --- preview */

/* One cell, if there is room. */
static bool preview_text(inspection *work, const char *text, size_t length)
{
    if (work->preview_used + PREVIEW_TEXT > PREVIEW_SIZE)
        return false;
    char *out = work->texts + work->preview_used;
    table_clean(out, PREVIEW_TEXT, text, length < 4 * PREVIEW_TEXT ? length : 4 * PREVIEW_TEXT);
    work->preview_used += strlen(out) + 1;
    return true;
}

static bool preview_entry(inspection *work, const table_row *row, size_t i)
{
    char text[64];
    int length = i == 0 ? snprintf(text, sizeof text, "%.9g", row->label)
                        : snprintf(text, sizeof text, "%u:%.9g", row->index[i - 1], row->value[i - 1]);
    return preview_text(work, text, (size_t)length);
}

static void preview(inspection *work, const table_row *row, bool bad)
{
    if (work->preview_rows == PREVIEW_ROWS)
        return;
    size_t all = row->cells ? row->count : bad ? 0 : row->count + 1;
    preview_row *shown = &work->preview[work->preview_rows++];
    *shown = (preview_row){.line = row->line, .bad = bad, .first = work->preview_used, .all = all};
    for (size_t i = 0; i < all && i < PREVIEW_CELLS; i++, shown->count++)
        if (!(row->cells ? preview_text(work, row->cells[i].text, row->cells[i].length) : preview_entry(work, row, i)))
            return;
}

/* --- columns */

/* Whether values may still be added to those that are counted; asked once in a while. */
static void look_at_memory(inspection *work, uint64_t length)
{
    size_t size = 0;
    work->unlooked += length;
    if (work->full || work->unlooked < COUNT_AFTER)
        return;
    work->unlooked = 0;
    for (size_t i = 0; i < work->count; i++)
        size += dictionary_size(&work->columns[i].values);
    work->full = size > MAX_COUNTED;
}

static bool make_columns(inspection *work, size_t count)
{
    if (count > work->room) {
        size_t room = count < 2 * work->room ? 2 * work->room : count;
        column *columns = realloc(work->columns, room * sizeof *columns);
        if (!columns)
            return false;
        memset(columns + work->room, 0, (room - work->room) * sizeof *columns);
        work->columns = columns;
        work->room = room;
    }
    work->count = count > work->count ? count : work->count;
    return true;
}

static bool add_sparse(inspection *work, const table_row *row)
{
    uint32_t last = row->count ? row->index[row->count - 1] : 0;
    size_t needed = last < MAX_SPARSE ? (size_t)last + 2 : MAX_SPARSE + 1;
    bool good = make_columns(work, needed) && column_add_number(&work->columns[0], row->label, !work->full);
    work->greatest = last > work->greatest ? last : work->greatest;
    work->entries += row->count;
    for (size_t i = 0; good && i < row->count && row->index[i] < MAX_SPARSE; i++)
        good = column_add_number(&work->columns[row->index[i] + 1], row->value[i], !work->full);
    return good;
}

static bool add_row(inspection *work, const table_row *row)
{
    look_at_memory(work, row->length);
    if (work->sparse)
        return add_sparse(work, row);
    for (size_t i = 0; i < row->count; i++)
        if (!column_add(&work->columns[i], row->cells[i].text, row->cells[i].length, row->line, !work->full))
            return false;
    return true;
}

/* --- the file */

static bh_status read_rows(inspection *work, row_index_writer *writer, table_error *error)
{
    const table_row *row;
    const char *reason;
    bh_status status;
    while (!(status = table_reader_any(work->reader, &row, &reason, error)) && row) {
        preview(work, row, reason != NULL);
        if (!reason && !add_row(work, row)) {
            snprintf(error->text, sizeof error->text, "there is no memory for the columns");
            return error->status = BH_ERROR_MEMORY;
        }
        if (writer)
            status = row_index_add(writer, row->offset, error);
        if (status)
            return status;
    }
    return status;
}

static bh_status inspect(inspection *work, const char *path, const table_options *options, table_error *error)
{
    row_index_writer *writer = NULL;
    table_error refused = {0};
    bh_status status = table_reader_open(path, options, &work->reader, error);
    if (status)
        return status;
    const table_facts *facts = table_reader_facts(work->reader);
    work->sparse = facts->options.format == TABLE_LIBSVM;
    work->texts = malloc(PREVIEW_SIZE);
    if (!work->texts || !make_columns(work, work->sparse ? 1 : facts->columns)) {
        snprintf(error->text, sizeof error->text, "there is no memory for %zu columns", facts->columns);
        return error->status = BH_ERROR_MEMORY;
    }
    if (work->index && row_index_begin(work->index, path, facts, &writer, &refused)) {
        snprintf(work->index_refused, sizeof work->index_refused, "%.199s", refused.text);
        work->index = NULL;
    }
    status = read_rows(work, writer, error);
    if (writer && status)
        row_index_abandon(writer);
    else if (writer)
        status = row_index_finish(writer, error);
    return status;
}

static void clear(inspection *work)
{
    for (size_t i = 0; i < work->room; i++)
        dictionary_clear(&work->columns[i].values);
    free(work->columns);
    free(work->texts);
    table_reader_close(work->reader);
}

bh_status job_inspect(bh_job *self, bh_message_view arguments, bh_message *result)
{
    const char *path;
    table_options options;
    table_error error = {0};
    inspection work = {.job = self, .index = bh_message_get_string(arguments, "index", NULL)};
    table_options_init(&options);
    bh_status status = bh_message_read_string(arguments, "file", &path);
    if (status)
        return status;
    options.go_on = go_on;
    options.user = &work;
    status = table_options_read(arguments, &options, &error);
    if (!status)
        status = inspect(&work, path, &options, &error);
    if (!status)
        status = inspection_report(&work, result);
    else if (status != BH_CANCELLED)
        bh_job_fail(self, status, "%s", error.text);
    clear(&work);
    return status;
}
