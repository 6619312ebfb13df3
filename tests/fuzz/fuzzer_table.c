/* libFuzzer: any bytes as a table. It is refused with a sentence, or its rows are whole: as many cells as columns, lines that
 * rise, each cell inside its row; what the options found say leads to the same rows; and what a schema is made of can be
 * loaded. The first byte chooses options. */
#include "jobs/table/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check(bool holds, const char *promise)
{
    if (!holds) {
        fprintf(stderr, "broken promise: %s\n", promise);
        abort();
    }
}

/* What reading the file gave. */
typedef struct reading {
    bh_status status;
    uint64_t rows, bad, hash;
    table_options options;
} reading;

static void look_at(const table_reader *reader, const table_row *row, reading *out)
{
    const table_facts *facts = table_reader_facts(reader);
    bool libsvm = facts->options.format == TABLE_LIBSVM;
    check(libsvm || row->count == facts->columns, "a good row has as many cells as there are columns");
    for (size_t i = 0; i < row->count; i++) {
        check(!libsvm || i == 0 || row->index[i] > row->index[i - 1], "indices rise");
        check(libsvm || row->cells[i].length <= row->length, "a cell is no longer than its row");
        for (uint32_t k = 0; !libsvm && k < row->cells[i].length; k++) {
            check(row->cells[i].text[k] != 0, "a good row has no zero bytes");
            out->hash = out->hash * 31 + (unsigned char)row->cells[i].text[k];
        }
        out->hash = out->hash * 31 + (libsvm ? row->index[i] : 1);
    }
}

static reading read_file(const char *path, const table_options *options)
{
    reading out = {.options = *options};
    table_reader *reader;
    table_error error = {0};
    const table_row *row;
    uint64_t line = 0;
    out.status = table_reader_open(path, options, &reader, &error);
    check(!out.status == !!reader, "a reader, or a refusal");
    check(!out.status || (error.status == out.status && error.text[0]), "a refusal has a sentence");
    if (out.status)
        return out;
    out.options = table_reader_facts(reader)->options;
    while (!(out.status = table_reader_next(reader, &row, &error)) && row) {
        check(row->line > line, "lines rise");
        line = row->line;
        look_at(reader, row, &out);
        out.rows++;
    }
    check(out.rows == table_reader_rows(reader), "rows are counted");
    out.bad = table_reader_bad(reader)->count;
    table_reader_close(reader);
    return out;
}

static void load(const char *path, const table_options *options, bool target)
{
    table_choices choices = {.target = target ? "#1" : NULL, .as = TABLE_TARGET_CLASS};
    table_schema *schema;
    table *data;
    table_error error = {0};
    if (table_schema_make(path, options, &choices, &schema, &error)) {
        check(error.text[0] != 0 && !schema, "a refusal has a sentence");
        return;
    }
    if (table_load(path, options, schema, target, &data, &error) == BH_OK) {
        check(data->rows > 0 && data->features == schema->feature_count, "there are rows");
        for (size_t i = 0; target && i < data->rows; i++)
            check(data->label[i] >= 0 && data->label[i] < (float)schema->target.category_count, "a label is one of the classes");
        table_destroy(data);
    }
    table_schema_destroy(schema);
}

static void choose(table_options *options, uint8_t choice)
{
    static const char delimiters[] = {0, ',', ' ', '\t'};
    table_options_init(options);
    options->format = choice & 1 ? (table_format)(choice >> 1 & 3) : TABLE_DETECT_FORMAT;
    options->delimiter = choice & 8 ? delimiters[choice >> 4 & 3] : 0;
    options->header = choice & 64 ? TABLE_YES : TABLE_DETECT;
    options->bad_rows = choice & 128 ? TABLE_STOP : TABLE_SKIP;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static int file = -1;
    static char path[64];
    table_options options;
    if (size == 0)
        return 0;
    if (file < 0) {
        file = memfd_create("fuzzer_table", MFD_CLOEXEC);
        snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    }
    check(ftruncate(file, 0) == 0 && pwrite(file, bytes + 1, size - 1, 0) == (ssize_t)(size - 1), "there is memory");
    choose(&options, bytes[0]);
    reading first = read_file(path, &options);
    if (!first.status) {
        reading second = read_file(path, &first.options);
        check(second.status == first.status && second.rows == first.rows && second.hash == first.hash,
              "what was found out leads to the same");
    }
    load(path, &options, bytes[0] & 1);
    return 0;
}
