/* Finding out how a file is written: refuses what is no table, tells libsvm from CSV, and finds the delimiter. */
#include "jobs/table/sniff.h"

#include "jobs/table/error.h"
#include "jobs/table/number.h"
#include "jobs/table/sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_LIBSVM_LINES = 20, LOOK = 64 << 10 };

bool sniff_enough(const char *bytes, size_t size, bool whole)
{
    size_t lines = 0;
    if (whole || size >= TABLE_MAX_ROW)
        return true;
    for (const char *at = bytes; (at = memchr(at, '\n', size - (size_t)(at - bytes))); at++)
        if (++lines >= 3)
            return true;
    return lines == 0 && memchr(bytes, '\r', size) != NULL;
}

/* --- what is no table */

static const struct {
    size_t place, length;
    const char *magic, *what;
} others[] = {
    {0, 2, "\xFF\xFE", "text in UTF-16: save it as UTF-8"},
    {0, 2, "\xFE\xFF", "text in UTF-16: save it as UTF-8"},
    {0, 4, "PK\3\4", "a zip archive, or a document that is one: unpack it, or save it as CSV"},
    {257, 5, "ustar", "a tar archive: unpack it first"},
    {0, 6, "7z\xBC\xAF\x27\x1C", "a 7z archive: unpack it first"},
    {0, 4, "Rar!", "a rar archive: unpack it first"},
    {0, 4, "PAR1", "a Parquet file: save it as CSV"},
    {0, 4, "%PDF", "a PDF"},
    {0, 4, "\x89HDF", "an HDF5 file: save it as CSV"},
    {0, 6, "\x93NUMPY", "a NumPy file: save it as CSV"},
    {0, 15, "SQLite format 3", "an SQLite database: save a table of it as CSV"},
    {0, 9, "<!DOCTYPE", "a web page: the address is that of a page, not of the data"},
    {0, 9, "<!doctype", "a web page: the address is that of a page, not of the data"},
    {0, 5, "<html", "a web page: the address is that of a page, not of the data"},
    {0, 5, "<?xml", "XML: save it as CSV"},
    {0, 4, "\x28\xB5\x2F\xFD", "compressed twice: decompress it first"},
    {0, 3, "\x1F\x8B\x08", "compressed twice: decompress it first"},
};

static bool is_binary(const char *bytes, size_t size)
{
    size_t control = 0, look = size < LOOK ? size : LOOK;
    for (size_t i = 0; i < look; i++) {
        unsigned char c = (unsigned char)bytes[i];
        control += c < 32 && c != '\n' && c != '\r' && c != '\t' && c != '\f';
    }
    return control * 50 > look;
}

static bh_status refuse_others(const char *bytes, size_t size, table_error *error)
{
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (size >= others[i].place + others[i].length && memcmp(bytes + others[i].place, others[i].magic, others[i].length) == 0)
            return table__fail(error, BH_ERROR_FORMAT, 0, "this is no table but %s", others[i].what);
    size_t space = 0;
    while (space < size && strchr(" \t\r\n", bytes[space]) && bytes[space])
        space++;
    if (space == size)
        return table__fail(error, BH_ERROR_FORMAT, 0, "the file has no rows: nothing is in it");
    if (bytes[space] == '{' || (bytes[space] == '[' && space + 1 < size && strchr("{[\"", bytes[space + 1])))
        return table__fail(error, BH_ERROR_FORMAT, 0, "this is no table but JSON: save it as CSV");
    if (is_binary(bytes, size))
        return table__fail(error, BH_ERROR_FORMAT, 0, "this is no table but binary data");
    return BH_OK;
}

/* --- libsvm */

/* How many words "index:…" follow a first word that is a number; -1: there are others too. What is wrong with them is seen
 * later. */
static int libsvm_words(const char *at, const char *end)
{
    int words = 0;
    double label;
    for (bool first = true; at < end && *at != '#'; first = false) {
        const char *stop = at, *digit = at;
        while (stop < end && !strchr(" \t\r", *stop))
            stop++;
        while (digit < stop && *digit >= '0' && *digit <= '9')
            digit++;
        bool fits =
            first ? table__number(at, (size_t)(stop - at), &label) != NUMBER_NONE : digit > at && digit < stop && *digit == ':';
        if (!fits)
            return -1;
        words += !first;
        for (at = stop; at < end && strchr(" \t\r", *at);)
            at++;
    }
    return words;
}

static bool looks_like_libsvm(const char *bytes, size_t size, bool whole)
{
    const char *at = bytes, *end = bytes + size;
    int lines = 0, fitting = 0, entries = 0;
    while (at < end && lines < MOST_LIBSVM_LINES) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        if (!stop && !whole)
            break;
        int words = libsvm_words(at, stop ? stop : end);
        lines++;
        fitting += words >= 0;
        entries += words > 0;
        at = stop ? stop + 1 : end;
    }
    return entries > 0 && entries * 2 >= lines && fitting * 4 >= lines * 3;
}

/* --- delimiter */

/* How many of the cells look whole: without a character in them that may delimit, unless it may be a decimal comma. */
static double whole_cells(const sample *taken, char delimiter)
{
    size_t cells = 0, whole = 0;
    double value;
    char copy[40];
    for (size_t i = 0; i < taken->cell_count; i++, cells++) {
        const table_cell *cell = &taken->cells[i];
        bool suspect = false;
        for (uint32_t k = 0; !cell->quoted && k < cell->length && !suspect; k++)
            suspect = cell->text[k] != delimiter && strchr(",;\t|", cell->text[k]) != NULL && cell->text[k];
        if (suspect && cell->length < sizeof copy) {
            memcpy(copy, cell->text, cell->length);
            char *comma = memchr(copy, ',', cell->length);
            if (comma)
                *comma = '.';
            suspect = !comma || table__number(copy, cell->length, &value) == NUMBER_NONE;
        }
        whole += !suspect;
    }
    return cells ? (double)whole / (double)cells : 0;
}

static char find_delimiter(char *bytes, size_t size, bool whole, char quote)
{
    static const char candidates[] = {',', '\t', ';', '|', ' '};
    char best = ',';
    double best_score = 0;
    size_t best_columns = 0;
    for (size_t i = 0; i < sizeof candidates; i++) {
        sample taken;
        sample_take(&taken, bytes, size, whole, candidates[i], quote);
        size_t agree, columns = sample_columns(&taken, &agree);
        double part = taken.count ? (double)agree / (double)taken.count : 0;
        double score = columns < 2 || part < 0.6 ? 0 : part * whole_cells(&taken, candidates[i]);
        if (score > best_score || (score > 0 && score == best_score && columns > best_columns)) {
            best = candidates[i];
            best_score = score;
            best_columns = columns;
        }
        sample_clear(&taken);
    }
    return best;
}

/* --- all of it */

static bh_status sniff_csv(char *bytes, size_t size, bool whole, sniffed *out, table_error *error)
{
    sample taken;
    table_options *options = &out->options;
    if (options->format == TABLE_TSV)
        options->delimiter = '\t';
    if (!options->delimiter)
        options->delimiter = find_delimiter(bytes, size, whole, options->quote);
    options->format = options->delimiter == '\t' ? TABLE_TSV : TABLE_CSV;
    if (!sample_take(&taken, bytes, size, whole, options->delimiter, options->quote)) {
        sample_clear(&taken);
        return table__no_memory(error);
    }
    bh_status status =
        taken.count == 0
            ? table__fail(error, BH_ERROR_FORMAT, 1,
                          "the first row does not end within %d MiB: is its quote closed, is this a table?", TABLE_MAX_ROW >> 20)
            : sample_decide(&taken, out, error);
    sample_clear(&taken);
    return status;
}

bh_status sniff(char *bytes, size_t size, bool whole, const table_options *options, sniffed *out, table_error *error)
{
    *out = (sniffed){.options = *options, .count_line = -1, .header = -1, .count_line_rows = -1};
    if (size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
        out->skip = 3;
    bytes += out->skip;
    size -= out->skip;
    bh_status status = refuse_others(bytes, size, error);
    if (status)
        return status;
    if (options->format == TABLE_LIBSVM ||
        (options->format == TABLE_DETECT_FORMAT && !options->delimiter && looks_like_libsvm(bytes, size, whole))) {
        out->options.format = TABLE_LIBSVM;
        out->options.header = out->options.count_line = TABLE_NO;
        out->options.delimiter = ' ';
        out->options.quote = 0;
        return BH_OK;
    }
    status = sniff_csv(bytes, size, whole, out, error);
    if (status)
        sniff_clear(out);
    return status;
}

void sniff_clear(sniffed *found)
{
    for (size_t i = 0; found->names && i < found->columns; i++)
        free(found->names[i]);
    for (size_t i = 0; found->classes && i < found->class_count; i++)
        free(found->classes[i]);
    free(found->names);
    free(found->classes);
    found->names = found->classes = NULL;
    found->class_count = 0;
}
