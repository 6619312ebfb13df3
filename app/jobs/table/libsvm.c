/* Lines of libsvm files. Indices rise, and lie in bounds: other readers take 99999999999 as 1215752192. */
#include "jobs/table/libsvm.h"

#include "jobs/table/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 64, SHOWN = 24 };

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool bad(libsvm_line *line, const char *what, const char *at, const char *end)
{
    char word[SHOWN + 1];
    size_t length = 0;
    while (at + length < end && length < SHOWN && !is_space(at[length]))
        length++;
    table_clean(word, sizeof word, at, length);
    snprintf(line->reason, sizeof line->reason, "%s: '%s'", what, word);
    return false;
}

static bool grow(libsvm_line *line)
{
    size_t room = line->room ? line->room * 2 : FIRST_ROOM;
    double *value = malloc(room * (sizeof *line->value + sizeof *line->index));
    if (!value)
        return false;
    uint32_t *index = (void *)(value + room);
    if (line->count) {
        memcpy(value, line->value, line->count * sizeof *value);
        memcpy(index, line->index, line->count * sizeof *index);
    }
    free(line->value);
    line->value = value;
    line->index = index;
    line->room = room;
    return true;
}

/* One "index:value" from AT to END. */
static bool entry(const char *at, const char *end, libsvm_line *line)
{
    const char *digit = at;
    uint64_t index = 0;
    double value;
    for (; digit < end && *digit >= '0' && *digit <= '9'; digit++)
        index = index > TABLE_MAX_INDEX ? index : index * 10 + (uint64_t)(*digit - '0');
    if (digit == at || digit == end || *digit != ':')
        return bad(line, "this is no index:value", at, end);
    if (index > TABLE_MAX_INDEX)
        return bad(line, "an index greater than 100000000", at, end);
    if (line->count && line->index[line->count - 1] >= index)
        return bad(line, "an index that is not greater than the one before", at, end);
    number_kind kind = table__number(digit + 1, (size_t)(end - digit - 1), &value);
    if (kind == NUMBER_NONE)
        return bad(line, "a value that is no number", at, end);
    if (kind == NUMBER_INFINITE || fabs(value) > 3.4028235e38)
        return bad(line, "a value that is too great", at, end);
    if (line->count == line->room && !grow(line))
        return bad(line, "there is no memory for so many values", at, end);
    line->index[line->count] = (uint32_t)index;
    line->value[line->count++] = value;
    return true;
}

bool libsvm_read(const char *at, const char *end, libsvm_line *line)
{
    const char *comment = memchr(at, '#', (size_t)(end - at));
    end = comment ? comment : end;
    line->count = 0;
    line->blank = true;
    for (bool first = true;; first = false) {
        while (at < end && is_space(*at))
            at++;
        if (at == end)
            return true;
        const char *stop = at;
        while (stop < end && !is_space(*stop))
            stop++;
        if (!first && !entry(at, stop, line))
            return false;
        if (first) {
            line->blank = false;
            number_kind kind = table__number(at, (size_t)(stop - at), &line->label);
            if (kind == NUMBER_NONE || kind == NUMBER_INFINITE)
                return bad(line, "a label that is no number", at, stop);
        }
        at = stop;
    }
}
