/* One record of a CSV file, split into cells where it lies. */
#ifndef TABLE_SPLIT_H
#define TABLE_SPLIT_H

#include "jobs/table/table.h"

typedef struct split_rules {
    unsigned char special[256]; /* what ends an unquoted cell, and 0 */
    char delimiter, quote;      /* quote 0: none. Delimiter a space: any number of them is one, and those at the ends are none */
} split_rules;

typedef enum split_end {
    SPLIT_RECORD, /* complete */
    SPLIT_BLANK,  /* a line with nothing but spaces */
    SPLIT_MORE,   /* the bytes end before the record does */
    SPLIT_OPEN    /* so does the file: a quote has not ended */
} split_end;

typedef enum split_flaw { SPLIT_FINE, SPLIT_ZERO, SPLIT_BEHIND_QUOTE, SPLIT_CELLS } split_flaw;

typedef struct split_record {
    table_cell *cells; /* grows; free it */
    size_t room, count;
    char *next;     /* behind the record */
    uint64_t lines; /* that it takes */
    split_flaw flaw;
    size_t flaw_cell; /* from 1 */
    bool doubled;     /* there are doubled quotes to undo */
    bool in_quotes;   /* SPLIT_MORE, SPLIT_OPEN: the bytes ended between quotes */
    bool no_memory;
} split_record;

void split_rules_make(split_rules *rules, char delimiter, char quote);

/* The record that begins at AT. The byte at END can be written to. LAST: nothing comes after END. */
split_end split_next(const split_rules *rules, char *at, char *end, bool last, split_record *record);

/* Undoes doubled quotes, in the bytes themselves: a record can be split once only after that. */
void split_undouble(const split_rules *rules, split_record *record);

#endif
