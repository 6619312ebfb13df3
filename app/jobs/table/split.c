/* One record of a CSV file, split into cells where it lies (RFC 4180, and what is not in it but in files: other delimiters, CR
 * alone, quotes amid an unquoted cell, which are taken as they are). Reads each byte once. */
#include "jobs/table/split.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 64 };

void split_rules_make(split_rules *rules, char delimiter, char quote)
{
    memset(rules, 0, sizeof *rules);
    rules->delimiter = delimiter;
    rules->quote = quote;
    rules->special[0] = rules->special['\n'] = rules->special['\r'] = rules->special[(unsigned char)delimiter] = 1;
}

static void flaw(split_record *record, split_flaw what)
{
    if (record->flaw == SPLIT_FINE) {
        record->flaw = what;
        record->flaw_cell = record->count + 1;
    }
}

static bool grow(split_record *record)
{
    size_t room = record->room ? record->room * 2 : FIRST_ROOM;
    table_cell *cells = record->count < TABLE_MAX_COLUMNS ? realloc(record->cells, room * sizeof *cells) : NULL;
    if (!cells) {
        record->no_memory = record->count < TABLE_MAX_COLUMNS;
        flaw(record, SPLIT_CELLS);
        return false;
    }
    record->cells = cells;
    record->room = room;
    return true;
}

static inline void add(split_record *record, const char *from, const char *to, bool quoted)
{
    if (record->count < record->room || grow(record))
        record->cells[record->count++] = (table_cell){from, (uint32_t)(to - from), quoted};
}

/* Over a quoted cell, from behind its opening quote to its closing one; END if that is not there. */
static char *closing_quote(const split_rules *rules, char *at, const char *end, split_record *record)
{
    for (; at < end; at++) {
        if (*at == rules->quote) {
            if (at + 1 == end || at[1] != rules->quote)
                return at;
            record->doubled = true;
            at++;
        } else if (*at == '\n' || (*at == '\r' && at + 1 < end && at[1] != '\n')) {
            record->lines++;
        } else if (*at == 0) {
            flaw(record, SPLIT_ZERO);
        }
    }
    return at;
}

/* To what ends the cell, over what may not stand in it. There is a line end at END. */
static char *cell_end(const split_rules *rules, char *at, const char *end, split_record *record)
{
    for (;; at++) {
        while (!rules->special[(unsigned char)*at])
            at++;
        if (*at || at == end)
            return at;
        flaw(record, SPLIT_ZERO);
    }
}

/* One cell that is not quoted, or is. Gives where it ended: at END if more bytes are needed to know. */
static char *cell(const split_rules *rules, char *at, char *end, split_record *record)
{
    if (at == end || *at != rules->quote || !rules->quote) {
        char *stop = cell_end(rules, at, end, record);
        add(record, at, stop, false);
        return stop;
    }
    char *close = closing_quote(rules, at + 1, end, record);
    record->in_quotes = close == end;
    add(record, at + 1, close, true);
    if (close == end)
        return end;
    char *stop = close + 1;
    if (!rules->special[(unsigned char)*stop] || (*stop == 0 && stop < end)) {
        record->count--;
        flaw(record, SPLIT_BEHIND_QUOTE);
        record->count++;
        stop = cell_end(rules, stop, end, record);
    }
    return stop;
}

static char *skip_spaces(const split_rules *rules, char *at, const char *end)
{
    while (rules->delimiter == ' ' && at < end && *at == ' ')
        at++;
    return at;
}

static bool is_blank(const split_record *record)
{
    if (record->count != 1 || record->cells[0].quoted || record->flaw)
        return record->count == 0 && !record->flaw;
    for (uint32_t i = 0; i < record->cells[0].length; i++)
        if (record->cells[0].text[i] != ' ')
            return false;
    return true;
}

/* AT is where the last cell ended: behind the line end, if there is one. */
static split_end finish(char *at, const char *end, bool last, split_record *record)
{
    if (at == end || (*at == '\r' && at + 1 == end && !last)) {
        record->next = at;
        if (!last)
            return SPLIT_MORE;
        if (record->in_quotes)
            return SPLIT_OPEN;
    } else {
        record->next = at + 1 + (*at == '\r' && at + 1 < end && at[1] == '\n');
    }
    record->lines++;
    return is_blank(record) ? SPLIT_BLANK : SPLIT_RECORD;
}

split_end split_next(const split_rules *rules, char *at, char *end, bool last, split_record *record)
{
    record->count = 0;
    record->lines = 0;
    record->flaw = SPLIT_FINE;
    record->doubled = record->in_quotes = record->no_memory = false;
    char kept = *end;
    *end = '\n';
    bool spaces = rules->delimiter == ' ';
    at = skip_spaces(rules, at, end);
    if (!spaces || (*at != '\n' && *at != '\r'))
        at = cell(rules, at, end, record);
    while (at < end && *at == rules->delimiter) {
        at = skip_spaces(rules, at + 1, end);
        if (spaces && (*at == '\n' || *at == '\r'))
            break;
        at = cell(rules, at, end, record);
    }
    split_end result = finish(at, end, last, record);
    *end = kept;
    return result;
}

void split_undouble(const split_rules *rules, split_record *record)
{
    for (size_t i = 0; record->doubled && i < record->count; i++) {
        table_cell *cell = &record->cells[i];
        char *out = cell->quoted ? memchr(cell->text, rules->quote, cell->length) : NULL;
        const char *end = cell->text + cell->length;
        if (!out)
            continue;
        for (const char *from = out; from < end; from++) {
            *out++ = *from;
            from += *from == rules->quote && from + 1 < end && from[1] == rules->quote;
        }
        cell->length = (uint32_t)(out - cell->text);
    }
}
