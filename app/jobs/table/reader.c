/* Rows, one after another: the window is filled, a record is split, and what makes no sense is bad, with its line and the
 * reason. */
#include "jobs/table/error.h"
#include "jobs/table/libsvm.h"
#include "jobs/table/sniff.h"
#include "jobs/table/window.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A quote that does not end, or only where another one begins: reading goes on in the next line, unless so many bytes more than
 * the file has so far have been read twice for it. */
enum { MOST_READ_TWICE = 256 << 20 };

struct table_reader {
    window view;
    table_facts facts;
    sniffed found; /* owns the names */
    split_rules rules;
    split_record record;
    libsvm_line libsvm;
    uint64_t read_twice;
    bool skip;       /* the rest of a row that was too long comes first */
    bool after_skip; /* its first part is still in the window */
    uint64_t line;   /* of the next record */
    uint64_t number; /* of the next record, from 0 */
    uint64_t rows, blank;
    table_row row;
    table_cell whole; /* the one cell of a row that could not be split */
    char reason[120];
    table_bad bad;
};

/* --- opening */

static bh_status look_at_file(table_reader *reader, const char *path, table_error *error)
{
    window *view = &reader->view;
    table_options *options = &reader->facts.options;
    view->options = options;
    view->rows = &reader->rows;
    bh_status status = source_open(path, &view->from, error);
    if (!status)
        status = window_more(view, error);
    while (!status && !sniff_enough(view->bytes, view->end, view->last))
        status = window_more(view, error);
    if (!status)
        status = sniff(view->bytes, view->end, view->last, options, &reader->found, error);
    if (status)
        return status;
    view->at = reader->found.skip;
    *options = reader->found.options;
    reader->facts.columns = reader->found.columns;
    reader->facts.names = reader->found.names;
    reader->facts.class_count = reader->found.class_count;
    reader->facts.classes = reader->found.classes;
    reader->facts.count_line_rows = reader->found.count_line_rows;
    reader->facts.bytes = source_size(view->from);
    snprintf(reader->facts.encoding, sizeof reader->facts.encoding, "%s", source_encoding(view->from));
    split_rules_make(&reader->rules, options->delimiter, options->quote);
    return BH_OK;
}

bh_status table_reader_open(const char *path, const table_options *options, table_reader **out, table_error *error)
{
    *out = NULL;
    table_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        return table__no_memory(error);
    reader->line = 1;
    if (options)
        reader->facts.options = *options;
    else
        table_options_init(&reader->facts.options);
    bh_status status = window_make(&reader->view, error);
    if (!status)
        status = look_at_file(reader, path, error);
    if (status) {
        table_reader_close(reader);
        return status;
    }
    *out = reader;
    return BH_OK;
}

void table_reader_close(table_reader *reader)
{
    if (!reader)
        return;
    window_clear(&reader->view);
    sniff_clear(&reader->found);
    free(reader->record.cells);
    free(reader->libsvm.value);
    free(reader);
}

const table_facts *table_reader_facts(const table_reader *reader)
{
    return &reader->facts;
}

const table_bad *table_reader_bad(const table_reader *reader)
{
    return &reader->bad;
}

uint64_t table_reader_rows(const table_reader *reader)
{
    return reader->rows;
}

uint64_t table_reader_blank(const table_reader *reader)
{
    return reader->blank;
}

/* --- one record */

/* The record is what lies between the window's place and NEXT. */
static void begin_row(table_reader *reader, const char *next)
{
    window *view = &reader->view;
    reader->row.line = reader->line;
    reader->row.offset = view->base + view->at;
    reader->row.length = (uint64_t)(next - (view->bytes + view->at));
    view->at = (size_t)(next - view->bytes);
}

/* The row is one cell: its first line, or what there is of it. */
static void give_whole(table_reader *reader, const char *begin, const char *end)
{
    const char *stop = memchr(begin, '\n', (size_t)(end - begin));
    size_t length = (size_t)((stop ? stop : end) - begin);
    reader->whole = (table_cell){begin, (uint32_t)length, false};
    reader->row.cells = &reader->whole;
    reader->row.count = 1;
}

/* A row that fills the window. The rest of it is skipped when the next one is wanted. */
static void too_long(table_reader *reader)
{
    window *view = &reader->view;
    const char *begin = view->bytes + view->at;
    size_t at = view->at;
    begin_row(reader, view->bytes + view->end);
    view->at = at;
    give_whole(reader, begin, view->bytes + view->end);
    reader->skip = reader->after_skip = true;
    snprintf(reader->reason, sizeof reader->reason, "longer than %d MiB%s", TABLE_MAX_ROW >> 20,
             reader->record.in_quotes ? ": a quote does not end" : "");
}

/* Whether SIZE bytes may be read again. */
static bool may_read_twice(table_reader *reader, size_t size)
{
    reader->read_twice += size;
    return reader->read_twice <= MOST_READ_TWICE + reader->view.base;
}

/* A quote does not end in this line, nor rightly in another one: only the line is bad. */
static void open_quote(table_reader *reader, size_t cell)
{
    window *view = &reader->view;
    char *begin = view->bytes + view->at, *end = view->bytes + view->end;
    char *stop = memchr(begin, '\n', (size_t)(end - begin));
    begin_row(reader, stop ? stop + 1 : end);
    give_whole(reader, begin, end);
    reader->line++;
    snprintf(reader->reason, sizeof reader->reason, "the quote that begins cell %zu does not end", cell);
}

/* The rest of a row that was too long. */
static bh_status skip_rest(table_reader *reader, table_error *error)
{
    window *view = &reader->view;
    bool first = reader->after_skip;
    reader->after_skip = false;
    bh_status status = BH_OK;
    for (; !status; status = window_more(view, error)) {
        char *at = view->bytes + view->at, *end = view->bytes + view->end, *stop = NULL;
        while (at < end && (stop = memchr(at, '\n', (size_t)(end - at)))) {
            reader->line++;
            at = stop + 1;
            if (!first)
                break;
        }
        view->at = (size_t)((!first && stop ? at : end) - view->bytes);
        if ((!first && stop) || view->last) {
            reader->skip = false;
            return BH_OK;
        }
        first = false;
    }
    return status;
}

/* What is wrong with the record that was split; "" if nothing is. */
static void judge(table_reader *reader)
{
    split_record *record = &reader->record;
    size_t columns = reader->facts.columns, size = sizeof reader->reason;
    char *reason = reader->reason;
    *reason = 0;
    if (record->flaw == SPLIT_ZERO)
        snprintf(reason, size, "a zero byte in cell %zu", record->flaw_cell);
    else if (record->flaw == SPLIT_BEHIND_QUOTE)
        snprintf(reason, size, "text behind the closing quote of cell %zu", record->flaw_cell);
    else if (record->flaw == SPLIT_CELLS)
        snprintf(reason, size, "more than %d cells", TABLE_MAX_COLUMNS);
    else if (record->count != columns)
        snprintf(reason, size, "%zu cell%s, not %zu", record->count, record->count == 1 ? "" : "s", columns);
}

/* Whether a record was found; if not, the window needs more. */
static bool csv_record(table_reader *reader)
{
    window *view = &reader->view;
    split_record *record = &reader->record;
    split_end found = split_next(&reader->rules, view->bytes + view->at, view->bytes + view->end, view->last, record);
    if (found == SPLIT_OPEN || (found == SPLIT_MORE && window_is_full(view))) {
        if (record->in_quotes && may_read_twice(reader, view->end - view->at))
            open_quote(reader, record->count);
        else
            too_long(reader);
        return true;
    }
    if (found == SPLIT_MORE)
        return false;
    size_t length = (size_t)(record->next - view->bytes) - view->at;
    if (record->flaw == SPLIT_BEHIND_QUOTE && record->lines > 1 && may_read_twice(reader, length)) {
        open_quote(reader, record->flaw_cell);
        return true;
    }
    begin_row(reader, record->next);
    reader->line += record->lines;
    reader->row.count = 0;
    if (found == SPLIT_BLANK)
        return true;
    split_undouble(&reader->rules, record);
    reader->row.cells = record->cells;
    reader->row.count = record->count;
    judge(reader);
    return true;
}

static bool libsvm_record(table_reader *reader)
{
    window *view = &reader->view;
    char *begin = view->bytes + view->at, *end = view->bytes + view->end;
    char *stop = memchr(begin, '\n', (size_t)(end - begin));
    table_row *row = &reader->row;
    *reader->reason = 0;
    *row = (table_row){0};
    if (!stop && window_is_full(view)) {
        too_long(reader);
        row->count = 0;
        return true;
    }
    if (!stop && !view->last)
        return false;
    begin_row(reader, stop ? stop + 1 : end);
    reader->line++;
    if (memchr(begin, 0, (size_t)((stop ? stop : end) - begin)))
        snprintf(reader->reason, sizeof reader->reason, "a zero byte");
    else if (!libsvm_read(begin, stop ? stop : end, &reader->libsvm))
        memcpy(reader->reason, reader->libsvm.reason, sizeof reader->reason);
    row->count = *reader->reason ? 0 : reader->libsvm.count;
    row->label = reader->libsvm.label;
    row->index = reader->libsvm.index;
    row->value = reader->libsvm.value;
    return true;
}

static bool is_blank(const table_reader *reader, bool libsvm)
{
    return !*reader->reason && (libsvm ? reader->libsvm.blank : reader->row.count == 0);
}

/* The next record of any kind but blank ones; END: there is none. */
static bh_status next_record(table_reader *reader, bool *end, table_error *error)
{
    window *view = &reader->view;
    bool libsvm = reader->facts.options.format == TABLE_LIBSVM;
    bh_status status = reader->skip ? skip_rest(reader, error) : BH_OK;
    *end = false;
    while (!status) {
        if (view->at == view->end && view->last) {
            *end = true;
            return BH_OK;
        }
        *reader->reason = 0;
        if (!(libsvm ? libsvm_record(reader) : csv_record(reader)))
            status = window_more(view, error);
        else if (reader->record.no_memory)
            return table__no_memory(error);
        else if (is_blank(reader, libsvm))
            reader->blank++;
        else
            return BH_OK;
    }
    return status;
}

/* --- rows */

static void note_bad(table_reader *reader, uint64_t line, const char *reason)
{
    table_bad *bad = &reader->bad;
    if (bad->kept < TABLE_BAD_KEPT) {
        bad->first[bad->kept].line = line;
        snprintf(bad->first[bad->kept++].reason, sizeof bad->first[0].reason, "%s", reason);
    }
    bad->count++;
}

static bh_status stop_at(const table_reader *reader, uint64_t line, const char *reason, table_error *error)
{
    if (reader->facts.options.bad_rows == TABLE_SKIP)
        return BH_OK;
    return table__fail(error, BH_ERROR_FORMAT, line, "line %llu: %s: mend it, or choose to skip bad rows",
                       (unsigned long long)line, reason);
}

bh_status table_reader_any(table_reader *reader, const table_row **row, const char **reason, table_error *error)
{
    bool end;
    *row = NULL;
    *reason = NULL;
    for (;;) {
        bh_status status = next_record(reader, &end, error);
        if (status || end)
            return status;
        uint64_t number = reader->number++;
        bool special = (int64_t)number == reader->found.count_line || (int64_t)number == reader->found.header;
        if (special)
            continue;
        *row = &reader->row;
        if (*reader->reason) {
            *reason = reader->reason;
            note_bad(reader, reader->row.line, reader->reason);
        } else {
            reader->rows++;
        }
        return BH_OK;
    }
}

bh_status table_reader_next(table_reader *reader, const table_row **row, table_error *error)
{
    const char *reason;
    bh_status status;
    do {
        status = table_reader_any(reader, row, &reason, error);
        if (!status && reason)
            status = stop_at(reader, reader->row.line, reason, error);
    } while (!status && reason);
    if (status)
        *row = NULL;
    return status;
}

bh_status table_reader_reject(table_reader *reader, const table_row *row, table_error *error, const char *format, ...)
{
    char text[sizeof reader->reason * 2], reason[sizeof reader->reason];
    uint64_t line = row->line;
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    table_clean(reason, sizeof reason, text, strlen(text));
    reader->rows--;
    note_bad(reader, line, reason);
    return stop_at(reader, line, reason, error);
}
