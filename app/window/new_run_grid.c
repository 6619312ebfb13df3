/* Lists of values, and all combinations of them. */
#include "window/new_run_grid.h"

#include "window/run_facts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool complain(grid_values *out, const char *sentence)
{
    out->count = 0;
    snprintf(out->wrong, sizeof out->wrong, "%.*s", GRID_SENTENCE - 1, sentence);
    return false;
}

static void add(parameter_id id, double value, grid_values *out)
{
    table_error error = {.status = BH_OK};
    for (int i = 0; i < out->count; i++)
        if (out->list[i] == value)
            return;
    if (out->count == GRID_MOST_VALUES)
        complain(out, "more than 200 values: give fewer");
    else if (!isfinite(value))
        complain(out, "this is no number");
    else if (parameters_check_value(id, value, &error)) {
        const char *after = strstr(error.text, ": "); /* the field says which parameter it is */
        complain(out, after ? after + 2 : error.text);
    } else
        out->list[out->count++] = value;
}

static void add_range(parameter_id id, double from, double to, grid_values *out)
{
    if (from != floor(from) || to != floor(to) || to < from)
        complain(out, "a range goes from a whole number up to a greater one, as in 3..6");
    else if (to - from >= GRID_MOST_VALUES)
        complain(out, "more than 200 values: give fewer");
    for (double value = from; value <= to && !out->wrong[0]; value++)
        add(id, value, out);
}

static const char *skip(const char *at)
{
    return at + strspn(at, " \t");
}

/* A number or a range at *AT, which moves behind it and its comma. False: it is wrong, or was the last one. */
static bool read_part(parameter_id id, const char **at, grid_values *out)
{
    char *end;
    double value = strtod(*at, &end);
    if (end == *at)
        return complain(out, "this is no number; several are divided by commas");
    if (end[-1] == '.' && *end == '.') /* "3..6": strtod has taken the first point */
        end--;
    *at = skip(end);
    if (strncmp(*at, "..", 2) == 0) {
        double to = strtod(*at + 2, &end);
        if (end == *at + 2)
            return complain(out, "the range has no end, as in 3..6");
        *at = skip(end);
        add_range(id, value, to, out);
    } else
        add(id, value, out);
    if (**at && **at != ',' && **at != ';')
        return complain(out, "several values are divided by commas");
    if (**at)
        *at = skip(*at + 1);
    return **at && !out->wrong[0];
}

void grid_read(parameter_id id, const char *text, grid_values *out)
{
    const parameter *of = &parameters[id];
    out->count = 0;
    out->wrong[0] = 0;
    text = skip(text);
    if (!*text) {
        out->list[out->count++] = of->fallback;
        return;
    }
    if (of->kind != PARAMETER_CHOICE) {
        while (read_part(id, &text, out))
            ;
        return;
    }
    for (int i = 0; of->choices[i]; i++)
        if (strcmp(of->choices[i], text) == 0)
            out->list[out->count++] = i;
    if (!out->count)
        complain(out, "there is no such choice");
}

double grid_count(const grid *self)
{
    double count = 1;
    for (int i = 0; i < PARAMETER_COUNT; i++)
        count *= self->values[i].count;
    return count;
}

void grid_at(const grid *self, size_t number, double out[PARAMETER_COUNT])
{
    for (int i = PARAMETER_COUNT - 1; i >= 0; i--) {
        size_t count = (size_t)self->values[i].count;
        out[i] = self->values[i].list[number % count];
        number /= count;
    }
}

void grid_name(const grid *self, const double values[PARAMETER_COUNT], char *out, size_t size)
{
    size_t used = 0;
    char text[TEXT_SIZE];
    out[0] = 0;
    for (int i = 0; i < PARAMETER_COUNT; i++)
        if (self->values[i].count > 1 && used < size)
            used += (size_t)snprintf(out + used, size - used, "%s%s %s", used ? ", " : "", parameters[i].name,
                                     run_parameter_text((parameter_id)i, values[i], text));
}
