/* Reading curves, a line at a time. */
#include "curves/curves.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FIRST_ROOM = 1024, ASK_EVERY = 1024, LONGEST_LINE = 1 << 20 };
static const double FARTHEST = 1e300;

typedef struct reader {
    FILE *file;
    char *line, *why;
    size_t line_room, room, number; /* of the line, from 1 */
    char separator;
    double size; /* of the file, in bytes */
    curves *out;
} reader;

void curves_clear(curves *self)
{
    free(self->x);
    for (int i = 0; i < self->count; i++)
        free(self->y[i]);
    *self = (curves){0};
}

static bh_status fail(const reader *self, bh_status status, const char *what)
{
    if (self->number)
        snprintf(self->why, CURVES_REASON_SIZE, "line %zu: %s", self->number, what);
    else
        snprintf(self->why, CURVES_REASON_SIZE, "%s", what);
    return status;
}

/* --- fields */

/* The next field of a line, without blanks and quotes around it; *AT goes behind it, NULL at the end. */
static char *next_field(char **at, char separator)
{
    static char none[1];
    if (!*at)
        return none;
    char *begin = *at, *end = strchr(begin, separator);
    *at = end ? end + 1 : NULL;
    end = end ? end : begin + strlen(begin);
    while (*begin == ' ' || *begin == '"')
        begin++;
    while (end > begin && (end[-1] == ' ' || end[-1] == '"' || end[-1] == '\r' || end[-1] == '\n'))
        end--;
    *end = 0;
    return begin;
}

/* NaN, and false, for what is no number. */
static bool read_number(const char *field, double *out)
{
    char *end;
    *out = strtod(field, &end);
    bool whole = end != field && !*end;
    if (!whole || !(fabs(*out) <= FARTHEST))
        *out = NAN;
    return whole;
}

static int count_of(const char *line, char separator)
{
    int count = 0;
    for (; *line; line++)
        count += *line == separator;
    return count;
}

static char find_separator(const char *line)
{
    static const char known[] = ",;\t";
    char best = ',';
    for (int i = 0; known[i]; i++)
        if (count_of(line, known[i]) > count_of(line, best))
            best = known[i];
    return best;
}

/* --- the first line: how many columns there are, and perhaps what they are called */

static bool has_names(const char *line, char separator)
{
    char *copy = strdup(line), *at = copy;
    double number;
    bool names = copy && !read_number(next_field(&at, separator), &number);
    free(copy);
    return names;
}

static bh_status begin_columns(reader *self, bool *names)
{
    curves *out = self->out;
    self->separator = find_separator(self->line);
    int columns = count_of(self->line, self->separator) + 1;
    if (columns < 2)
        return fail(self, BH_ERROR_FORMAT, "one column alone is no curve; the first is the round, the others are values");
    if (columns - 1 > CURVES_MOST)
        return fail(self, BH_ERROR_FORMAT, "more than 65 columns are no curves");
    *names = has_names(self->line, self->separator);
    out->count = columns - 1;
    char *at = self->line;
    for (int i = 0; i < columns && at; i++) {
        char *name = i ? out->names[i - 1] : out->x_name;
        if (*names)
            snprintf(name, CURVES_NAME_SIZE, "%s", next_field(&at, self->separator));
        if (i && !name[0])
            snprintf(name, CURVES_NAME_SIZE, "Column %d", i + 1);
    }
    return BH_OK;
}

/* --- rows */

static bool make_room(reader *self)
{
    curves *out = self->out;
    if (out->rows < self->room)
        return true;
    size_t room = self->room ? self->room * 2 : FIRST_ROOM;
    double *more = realloc(out->x, room * sizeof *more);
    out->x = more ? more : out->x;
    for (int i = 0; more && i < out->count; i++) {
        more = realloc(out->y[i], room * sizeof *more);
        out->y[i] = more ? more : out->y[i];
    }
    self->room = more ? room : self->room;
    return more != NULL;
}

static bh_status add_row(reader *self)
{
    curves *out = self->out;
    char *at = self->line, what[CURVES_REASON_SIZE / 2];
    int columns = count_of(self->line, self->separator);
    if (columns != out->count) {
        snprintf(what, sizeof what, "%d fields, where the first line has %d", columns + 1, out->count + 1);
        return fail(self, BH_ERROR_FORMAT, what);
    }
    if (!make_room(self))
        return fail(self, BH_ERROR_MEMORY, "no memory for more rows");
    double x;
    const char *first = next_field(&at, self->separator);
    if (!read_number(first, &x) || isnan(x)) {
        snprintf(what, sizeof what, "'%.40s' is no round: the first column must be a number", first);
        return fail(self, BH_ERROR_FORMAT, what);
    }
    if (out->rows && x < out->x[out->rows - 1])
        return fail(self, BH_ERROR_FORMAT, "the first column goes back: rounds must be in order");
    out->x[out->rows] = x;
    for (int i = 0; i < out->count; i++)
        read_number(next_field(&at, self->separator), &out->y[i][out->rows]);
    out->rows++;
    return BH_OK;
}

static bool read_line(reader *self)
{
    ssize_t length;
    do {
        length = getline(&self->line, &self->line_room, self->file);
        self->number++;
    } while (length >= 0 && strspn(self->line, " \r\n\t") == (size_t)length);
    return length >= 0;
}

static bh_status read_all(reader *self, bool (*go_on)(void *user, int percent), void *user)
{
    bool names = false;
    bh_status status = BH_OK;
    if (!read_line(self))
        return self->number = 0, fail(self, BH_ERROR_FORMAT, "the file is empty");
    status = begin_columns(self, &names);
    for (bool more = !names || read_line(self); more && !status; more = !status && read_line(self)) {
        if (self->number % ASK_EVERY == 0 && go_on &&
            !go_on(user, (int)(100 * fmin((double)ftell(self->file) / fmax(self->size, 1), 1))))
            return BH_CANCELLED;
        status = self->line_room > LONGEST_LINE ? fail(self, BH_ERROR_FORMAT, "longer than a table of numbers has lines")
                                                : add_row(self);
    }
    if (!status && ferror(self->file))
        return fail(self, BH_ERROR_IO, strerror(errno));
    self->number = status ? self->number : 0;
    return status || self->out->rows ? status : fail(self, BH_ERROR_FORMAT, "there is no row in it");
}

static curve_summary summarise(const double *y, size_t rows)
{
    curve_summary found = {NAN, NAN, NAN};
    for (size_t i = 0; i < rows; i++) {
        found.last = isnan(y[i]) ? found.last : y[i];
        found.lowest = fmin(found.lowest, y[i]); /* of a number and NaN: the number */
        found.highest = fmax(found.highest, y[i]);
    }
    return found;
}

bh_status curves_read(const char *file, curves *out, bool (*go_on)(void *user, int percent), void *user,
                      char why[CURVES_REASON_SIZE])
{
    *out = (curves){0};
    why[0] = 0;
    reader self = {.why = why, .out = out};
    struct stat about;
    self.file = fopen(file, "re");
    if (!self.file || fstat(fileno(self.file), &about) || S_ISDIR(about.st_mode)) {
        bh_status status = fail(&self, BH_ERROR_IO, self.file ? "this is a folder" : strerror(errno));
        if (self.file)
            fclose(self.file);
        return status;
    }
    self.size = (double)about.st_size;
    bh_status status = read_all(&self, go_on, user);
    fclose(self.file);
    free(self.line);
    if (status) {
        curves_clear(out);
        return status;
    }
    for (int i = 0; i < out->count; i++)
        out->summaries[i] = summarise(out->y[i], out->rows);
    return BH_OK;
}
