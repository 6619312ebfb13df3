/* Facts of a data set. */
#include "window/facts.h"

#include "project/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Numbers grouped or short, texts as they are, "" where there is none. */
static void say_value(bh_message_view of, const char *key, char out[TEXT_SIZE])
{
    bh_message_view value = bh_message_view_find(of, key);
    double number = 0;
    int64_t whole = 0;
    out[0] = 0;
    switch (bh_message_view_type(value)) {
    case BH_MESSAGE_INT:
        if (bh_message_read_int(value, NULL, &whole) == BH_OK)
            text_count(whole, out);
        break;
    case BH_MESSAGE_DOUBLE:
        if (bh_message_read_double(value, NULL, &number) == BH_OK)
            snprintf(out, TEXT_SIZE, "%.6g", number);
        break;
    case BH_MESSAGE_STRING:
        snprintf(out, TEXT_SIZE, "%s", bh_message_get_string(value, NULL, ""));
        break;
    default:
        break;
    }
}

static bool read_columns(facts *self)
{
    bh_message_view list = bh_message_view_find(self->view, "columns");
    size_t count = bh_message_view_count(list);
    self->columns = calloc(count + 1, sizeof *self->columns);
    for (size_t i = 0; self->columns && i < count; i++) {
        bh_message_view at = bh_message_view_at(list, i);
        fact_column *to = &self->columns[i];
        to->name = bh_message_get_string(at, "name", "");
        to->type = bh_message_get_string(at, "type", "");
        to->missing = bh_message_get_uint(at, "missing", 0);
        to->unique = bh_message_get_uint(at, "unique", 0);
        to->more = bh_message_get_bool(at, "unique_is_more", false);
        say_value(at, "min", to->min);
        say_value(at, "max", to->max);
        say_value(at, "mean", to->mean);
    }
    self->column_count = self->columns ? count : 0;
    return self->columns != NULL;
}

static bool read_preview(facts *self)
{
    bh_message_view list = bh_message_view_find(self->view, "preview");
    size_t count = bh_message_view_count(list), cells = 0;
    for (size_t i = 0; i < count; i++)
        cells += bh_message_view_count(bh_message_view_find(bh_message_view_at(list, i), "cells"));
    self->rows = calloc(count + 1, sizeof *self->rows);
    self->cells = calloc(cells + 1, sizeof *self->cells);
    const char **at = self->cells;
    for (size_t i = 0; self->rows && self->cells && i < count; i++) {
        bh_message_view row = bh_message_view_at(list, i), texts = bh_message_view_find(row, "cells");
        size_t width = bh_message_view_type(texts) == BH_MESSAGE_ARRAY ? bh_message_view_count(texts) : 0;
        self->rows[i] = (fact_row){bh_message_get_uint(row, "line", 0), bh_message_get_bool(row, "bad", false), width, at};
        for (size_t k = 0; k < width; k++)
            *at++ = bh_message_get_string(bh_message_view_at(texts, k), NULL, "");
        self->row_count++;
    }
    return self->rows && self->cells;
}

static bool read_bad(facts *self)
{
    bh_message_view bad = bh_message_view_find(self->view, "bad_rows"), list = bh_message_view_find(bad, "first");
    size_t count = bh_message_view_count(list);
    self->bad_all = bh_message_get_uint(bad, "count", 0);
    self->bad = calloc(count + 1, sizeof *self->bad);
    for (size_t i = 0; self->bad && i < count; i++) {
        bh_message_view at = bh_message_view_at(list, i);
        self->bad[self->bad_count++] = (fact_bad){bh_message_get_uint(at, "line", 0), bh_message_get_string(at, "reason", "")};
    }
    return self->bad != NULL;
}

static void read_notes(facts *self)
{
    bh_message_view list = bh_message_view_find(self->view, "notes");
    size_t used = 0;
    for (size_t i = 0; i < bh_message_view_count(list) && used < sizeof self->notes - 300; i++)
        used += (size_t)snprintf(self->notes + used, sizeof self->notes - used, "%s%.250s", i ? "\n" : "",
                                 bh_message_get_string(bh_message_view_at(list, i), NULL, ""));
    uint64_t line = bh_message_get_uint(self->view, "first_not_utf8", 0);
    if (line && used < sizeof self->notes - 100)
        snprintf(self->notes + used, sizeof self->notes - used, "%snot all of it is UTF-8: line %llu is the first that is not",
                 used ? "\n" : "", (unsigned long long)line);
}

facts *facts_read(const char *json)
{
    facts *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    if (!json_open(json, &self->message, &self->view) || !read_columns(self) || !read_preview(self) || !read_bad(self)) {
        facts_free(self);
        return NULL;
    }
    read_notes(self);
    self->options = bh_message_view_find(self->view, "options");
    self->index = bh_message_get_string(self->view, "index", NULL);
    self->error = bh_message_get_string(self->view, "error", NULL);
    self->sparse = strcmp(bh_message_get_string(self->options, "format", ""), "libsvm") == 0;
    return self;
}

void facts_free(facts *self)
{
    if (!self)
        return;
    bh_message_destroy(self->message);
    free(self->columns);
    free(self->rows);
    free((void *)self->cells);
    free(self->bad);
    free(self);
}
