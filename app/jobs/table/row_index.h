/* Where each row of a plain file begins, in a file of its own: so that a table of millions of rows can be scrolled through,
 * each row read when it is looked at. Written by inspect, read by whoever shows the rows.
 *
 * The file, little-endian: "BHROWS1\n", then the fields of the header (row_index_header in row_index.c), then a group for each
 * 64 rows: place(8) of the first in the data, and for each row how much further it is(4). A row takes 4.1 bytes and is found in
 * one read. All rows are in it, bad ones too, but not the header, the count line and blank lines. */
#ifndef TABLE_ROW_INDEX_H
#define TABLE_ROW_INDEX_H

#include "jobs/table/table.h"

enum { ROW_INDEX_MAX_ROWS = 1 << 27, ROW_INDEX_MAX_SHOWN = 64 << 10 };

/* --- Writing --- */

typedef struct row_index_writer row_index_writer;

/* Begins PATH, beside it until it is finished. DATA is the file that FACTS are about; compressed ones are refused
 * (BH_ERROR_FORMAT): their rows cannot be read from the middle. The caller's: row_index_finish or row_index_abandon. */
bh_status row_index_begin(const char *path, const char *data, const table_facts *facts, row_index_writer **out,
                          table_error *error);

/* The next row begins at OFFSET. After ROW_INDEX_MAX_ROWS nothing more is added. */
bh_status row_index_add(row_index_writer *writer, uint64_t offset, table_error *error);

/* Puts the file in its place. The writer is gone, whatever comes of it. */
bh_status row_index_finish(row_index_writer *writer, table_error *error);
void row_index_abandon(row_index_writer *writer); /* NULL does nothing */

/* --- Reading: nothing is mapped, so a file that is cut meanwhile is an error and no signal --- */

typedef struct row_index row_index;

/* Opens both. Refused: an index of another file, or of one that has changed since (BH_ERROR_STATE: inspect it again). */
bh_status row_index_open(const char *path, const char *data, row_index **out, table_error *error);
void row_index_close(row_index *index); /* NULL does nothing */

uint64_t row_index_rows(const row_index *index);
size_t row_index_columns(const row_index *index); /* 0 for libsvm */

/* Row NUMBER, from 0: two reads, whatever its place and its length; of a row longer than ROW_INDEX_MAX_SHOWN bytes its
 * beginning. ROW is good until the next call; its line is 0. Cells are bytes of the file: table_clean. GOOD: it has as many
 * cells as there are columns, and nothing is wrong with them. */
bh_status row_index_read(row_index *index, uint64_t number, const table_row **row, bool *good, table_error *error);

#endif
