/* Where rows begin: groups of 64, each a place and 64 distances, so that a row costs 4 bytes and is found by its number. */
#include "jobs/table/row_index.h"

#include "jobs/table/error.h"
#include "jobs/table/split.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { GROUP = 64, TOO_FAR = -1 };

typedef struct row_index_header {
    char magic[8];
    uint64_t rows, columns;
    uint64_t size;                /* of the data */
    int64_t seconds, nanoseconds; /* when it was written last */
    uint64_t inode;
    char delimiter, quote, libsvm, zero[5];
} row_index_header;

typedef struct group {
    uint64_t place;
    uint32_t further[GROUP]; /* TOO_FAR: 4 GiB or more */
} group;

static const char magic[8] = "BHROWS1\n";

struct row_index_writer {
    FILE *file;
    char *path, *beside;
    row_index_header header;
    group rows;
};

struct row_index {
    int index, data;
    row_index_header header;
    split_rules rules;
    split_record record;
    table_row row;
    char bytes[ROW_INDEX_MAX_SHOWN + 1];
};

/* --- writing */

static bool describe(const char *data, row_index_header *header)
{
    struct stat facts;
    if (stat(data, &facts))
        return false;
    header->size = (uint64_t)facts.st_size;
    header->seconds = facts.st_mtim.tv_sec;
    header->nanoseconds = facts.st_mtim.tv_nsec;
    header->inode = facts.st_ino;
    return true;
}

bh_status row_index_begin(const char *path, const char *data, const table_facts *facts, row_index_writer **out,
                          table_error *error)
{
    *out = NULL;
    if (strcmp(facts->encoding, "plain") != 0)
        return table__fail(error, BH_ERROR_FORMAT, 0, "rows of a compressed file (%s) cannot be indexed: unpack it first",
                           facts->encoding);
    row_index_writer *writer = calloc(1, sizeof *writer);
    if (!writer)
        return table__no_memory(error);
    memcpy(writer->header.magic, magic, sizeof magic);
    writer->header.columns = facts->columns;
    writer->header.delimiter = facts->options.delimiter;
    writer->header.quote = facts->options.quote;
    writer->header.libsvm = facts->options.format == TABLE_LIBSVM;
    writer->path = table__copy(path, strlen(path));
    if (asprintf(&writer->beside, "%s.%d.part", path, (int)getpid()) < 0)
        writer->beside = NULL;
    if (writer->path && writer->beside && describe(data, &writer->header))
        writer->file = fopen(writer->beside, "wbe");
    if (!writer->file || fwrite(&writer->header, sizeof writer->header, 1, writer->file) != 1) {
        int why = errno;
        row_index_abandon(writer);
        return table__fail(error, BH_ERROR_IO, 0, "cannot write %s: %s", path, strerror(why));
    }
    *out = writer;
    return BH_OK;
}

static bool write_group(row_index_writer *writer)
{
    return fwrite(&writer->rows, sizeof writer->rows, 1, writer->file) == 1;
}

bh_status row_index_add(row_index_writer *writer, uint64_t offset, table_error *error)
{
    size_t place = writer->header.rows % GROUP;
    if (writer->header.rows == ROW_INDEX_MAX_ROWS)
        return BH_OK;
    if (place == 0)
        writer->rows.place = offset;
    uint64_t further = offset - writer->rows.place;
    writer->rows.further[place] = further < UINT32_MAX ? (uint32_t)further : (uint32_t)TOO_FAR;
    writer->header.rows++;
    if (place == GROUP - 1 && !write_group(writer))
        return table__fail(error, BH_ERROR_IO, 0, "cannot write %s: %s", writer->path, strerror(errno));
    return BH_OK;
}

bh_status row_index_finish(row_index_writer *writer, table_error *error)
{
    size_t left = writer->header.rows % GROUP;
    memset(&writer->rows.further[left], 0xFF, (GROUP - left) * sizeof writer->rows.further[0]);
    bool good = (left == 0 || write_group(writer)) && fseek(writer->file, 0, SEEK_SET) == 0 &&
                fwrite(&writer->header, sizeof writer->header, 1, writer->file) == 1;
    good = fclose(writer->file) == 0 && good;
    writer->file = NULL;
    good = good && rename(writer->beside, writer->path) == 0;
    bh_status status = good ? BH_OK : table__fail(error, BH_ERROR_IO, 0, "cannot write %s: %s", writer->path, strerror(errno));
    row_index_abandon(writer);
    return status;
}

void row_index_abandon(row_index_writer *writer)
{
    if (!writer)
        return;
    if (writer->file)
        fclose(writer->file);
    if (writer->beside)
        unlink(writer->beside); /* after it was renamed there is none */
    free(writer->path);
    free(writer->beside);
    free(writer);
}

/* --- reading */

static bh_status check_header(row_index *index, const char *path, const char *data, table_error *error)
{
    row_index_header now = {.size = 0}, *header = &index->header;
    struct stat facts;
    if (pread(index->index, header, sizeof *header, 0) != (ssize_t)sizeof *header ||
        memcmp(header->magic, magic, sizeof magic) != 0 || fstat(index->index, &facts) || header->rows > ROW_INDEX_MAX_ROWS ||
        (uint64_t)facts.st_size != sizeof *header + (header->rows + GROUP - 1) / GROUP * sizeof(group))
        return table__fail(error, BH_ERROR_FORMAT, 0, "%s is no index of rows: inspect %s again", path, data);
    if (!describe(data, &now))
        return table__fail(error, BH_ERROR_IO, 0, "cannot read %s: %s", data, strerror(errno));
    if (now.size != header->size || now.seconds != header->seconds || now.nanoseconds != header->nanoseconds ||
        now.inode != header->inode)
        return table__fail(error, BH_ERROR_STATE, 0, "%s has changed: inspect it again", data);
    return BH_OK;
}

bh_status row_index_open(const char *path, const char *data, row_index **out, table_error *error)
{
    *out = NULL;
    row_index *index = calloc(1, sizeof *index);
    if (!index)
        return table__no_memory(error);
    index->index = open(path, O_RDONLY | O_CLOEXEC);
    index->data = open(data, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    bh_status status = index->index < 0 || index->data < 0 ? table__fail(error, BH_ERROR_IO, 0, "cannot open %s: %s",
                                                                         index->index < 0 ? path : data, strerror(errno))
                                                           : check_header(index, path, data, error);
    if (status) {
        row_index_close(index);
        return status;
    }
    split_rules_make(&index->rules, index->header.delimiter, index->header.quote);
    *out = index;
    return BH_OK;
}

void row_index_close(row_index *index)
{
    if (!index)
        return;
    if (index->index >= 0)
        close(index->index);
    if (index->data >= 0)
        close(index->data);
    free(index->record.cells);
    free(index);
}

uint64_t row_index_rows(const row_index *index)
{
    return index->header.rows;
}

size_t row_index_columns(const row_index *index)
{
    return (size_t)index->header.columns;
}

/* Where row NUMBER begins; the end of the data for the one behind the last. */
static bool place_of(const row_index *index, uint64_t number, uint64_t *place)
{
    uint64_t begin = sizeof index->header + number / GROUP * sizeof(group);
    uint32_t further;
    *place = index->header.size;
    if (number == index->header.rows)
        return true;
    if (pread(index->index, place, sizeof *place, (off_t)begin) != (ssize_t)sizeof *place ||
        pread(index->index, &further, sizeof further,
              (off_t)(begin + offsetof(group, further) + number % GROUP * sizeof further)) != (ssize_t)sizeof further)
        return false;
    *place = further == (uint32_t)TOO_FAR ? index->header.size : *place + further;
    return *place <= index->header.size;
}

static void split_row(row_index *index, size_t length, bool *good)
{
    split_record *record = &index->record;
    split_end found = split_next(&index->rules, index->bytes, index->bytes + length, true, record);
    split_undouble(&index->rules, record);
    index->row.cells = record->cells;
    index->row.count = found == SPLIT_BLANK ? 0 : record->count;
    bool cut = length < index->row.length;
    *good = record->flaw == SPLIT_FINE &&
            (cut || (found == SPLIT_RECORD && (index->header.libsvm || record->count == index->header.columns)));
}

bh_status row_index_read(row_index *index, uint64_t number, const table_row **row, bool *good, table_error *error)
{
    uint64_t begin, end;
    *row = NULL;
    *good = false;
    if (number >= index->header.rows)
        return table__fail(error, BH_ERROR_RANGE, 0, "there is no row %llu among %llu", (unsigned long long)number,
                           (unsigned long long)index->header.rows);
    if (!place_of(index, number, &begin) || !place_of(index, number + 1, &end) || end < begin)
        return table__fail(error, BH_ERROR_FORMAT, 0, "the index of rows is damaged: inspect the file again");
    uint64_t length = end - begin;
    size_t wanted = length < ROW_INDEX_MAX_SHOWN ? (size_t)length : ROW_INDEX_MAX_SHOWN;
    if (pread(index->data, index->bytes, wanted, (off_t)begin) != (ssize_t)wanted)
        return table__fail(error, BH_ERROR_IO, 0, "the file has changed: inspect it again");
    index->row.offset = begin;
    index->row.length = length;
    split_row(index, wanted, good);
    *row = &index->row;
    return BH_OK;
}
