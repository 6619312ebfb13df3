/* What inspect learns about one column: counts by kind of value, bounds, and how often each value comes, up to a bound. */
#include "jobs/inspect/column.h"

#include "jobs/table/error.h"
#include "jobs/table/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_boolean(const char *text, size_t length)
{
    static const char *const words[] = {"true", "false", "yes", "no", "t", "f", "y", "n"};
    if (length > 5)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strlen(words[i]) == length && strncasecmp(words[i], text, length) == 0)
            return true;
    return false;
}

static void add_number(column *in, double number, number_kind kind)
{
    if (in->numbers++ == in->infinite) /* the first finite one */
        in->least = INFINITY, in->greatest = -INFINITY;
    in->integers += kind == NUMBER_INTEGER;
    if (kind == NUMBER_INFINITE) {
        in->infinite++;
        return;
    }
    in->least = number < in->least ? number : in->least;
    in->greatest = number > in->greatest ? number : in->greatest;
    in->sum += number;
}

static void add_date(column *in, const char *text, size_t length)
{
    char date[sizeof in->first_date];
    snprintf(date, sizeof date, "%.*s", (int)(length < sizeof date ? length : sizeof date - 1), text);
    if (in->dates++ == 0 || strcmp(date, in->first_date) < 0)
        memcpy(in->first_date, date, sizeof date);
    if (in->dates == 1 || strcmp(date, in->last_date) > 0)
        memcpy(in->last_date, date, sizeof date);
}

/* Counts the value among those that are the same. */
static bool add_value(column *in, const char *text, size_t length, bool room)
{
    char cut[COLUMN_MAX_TEXT];
    if (in->closed)
        return true;
    if (length > COLUMN_MAX_TEXT) {
        memcpy(cut, text, sizeof cut - 17);
        snprintf(cut + sizeof cut - 17, 17, "%016llx", (unsigned long long)dictionary_hash(text, length));
        text = cut;
        length = sizeof cut - 1;
    }
    int64_t number = dictionary_count(&in->values, text, length, room ? COLUMN_MAX_UNIQUE : 0);
    if (number == DICTIONARY_NONE && !in->uncounted) {
        in->uncounted = true;
        in->closed = in->values.count * 2 > in->numbers + in->dates + in->booleans + in->texts;
    }
    return number != DICTIONARY_NO_MEMORY;
}

bool column_add(column *in, const char *text, size_t length, uint64_t line, bool room)
{
    double number;
    while (length && *text == ' ')
        text++, length--;
    while (length && text[length - 1] == ' ')
        length--;
    number_kind kind = length ? table__number(text, length, &number) : NUMBER_NONE;
    if (kind != NUMBER_NONE) {
        add_number(in, number, kind);
    } else if (table__is_missing(text, length)) {
        in->missing++;
        return true;
    } else if (table__is_date(text, length)) {
        add_date(in, text, length);
    } else if (is_boolean(text, length)) {
        in->booleans++;
    } else {
        in->texts++;
        if (!in->first_bad_utf8 && !table__is_utf8(text, length))
            in->first_bad_utf8 = line;
    }
    return add_value(in, text, length, room);
}

bool column_add_number(column *in, double number, bool room)
{
    bool integer = number == floor(number) && fabs(number) < 1e15;
    add_number(in, number, integer ? NUMBER_INTEGER : NUMBER_REAL);
    return add_value(in, (const char *)&number, sizeof number, room);
}

const char *column_type(const column *in, uint64_t *odd)
{
    uint64_t present = in->numbers + in->dates + in->booleans + in->texts;
    *odd = present - in->numbers;
    if (present == 0)
        return "empty";
    if (*odd * 20 <= present) /* as the loader does it */
        return in->integers == in->numbers ? "integer" : "number";
    *odd = 0;
    if (in->booleans == present)
        return "boolean";
    if (in->dates == present)
        return "date";
    size_t unique = in->values.count;
    bool few = unique <= COLUMN_MOST_CATEGORIES && (unique <= 20 || unique * 2 <= present);
    return !in->uncounted && few ? "category" : "text";
}

size_t column_top(const column *in, size_t *top)
{
    size_t count = 0;
    const dictionary_entry *entries = in->values.entries;
    for (size_t i = 0; !in->closed && i < in->values.count; i++) {
        size_t place = count;
        while (place > 0 && entries[top[place - 1]].times < entries[i].times)
            place--;
        if (place == COLUMN_TOP)
            continue;
        count += count < COLUMN_TOP;
        memmove(top + place + 1, top + place, (count - place - 1) * sizeof *top);
        top[place] = i;
    }
    return count;
}
