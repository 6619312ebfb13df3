/* The points of a series and their summaries. */
#include "chart/series.h"

#include "core/door.h"

#include <math.h>
#include <string.h>

enum { BLOCK = 16, PER_BLOCK = 3, FIRST_ROOM = 256 };
static const double FARTHEST = 1e300;

bool bh__is_number(double number)
{
    return fabs(number) <= FARTHEST; /* not for NaN */
}

void bh__span_add(bh__span *span, bh__span with)
{
    span->low = fmin(span->low, with.low); /* fmin and fmax prefer what is no NaN */
    span->high = fmax(span->high, with.high);
}

static bool make_room(bh__series *self, size_t count)
{
    size_t room = self->room ? self->room : FIRST_ROOM;
    if (count > SIZE_MAX / 4 / sizeof(double) - self->count)
        return false;
    while (room < self->count + count)
        room *= 2;
    if (room == self->room)
        return true;
    double *x = bh__realloc(self->x, room * sizeof *x);
    self->x = x ? x : self->x;
    double *y = x ? bh__realloc(self->y, room * sizeof *y) : NULL;
    self->y = y ? y : self->y;
    double *blocks = y ? bh__realloc(self->blocks, room / BLOCK * PER_BLOCK * sizeof *blocks) : NULL;
    if (!blocks)
        return false;
    self->blocks = blocks;
    self->room = room;
    return true;
}

static void summarise(bh__series *self, size_t at, double y)
{
    double *block = self->blocks + at / BLOCK * PER_BLOCK;
    if (at % BLOCK == 0)
        block[0] = block[1] = block[2] = NAN;
    block[0] = fmin(block[0], y);
    block[1] = fmax(block[1], y);
    if (y > 0)
        block[2] = fmin(block[2], y);
}

bool bh__series_append(bh__series *self, const double *x, const double *y, size_t count)
{
    if (!make_room(self, count))
        return false;
    for (size_t i = 0; i < count; i++) {
        size_t at = self->count++;
        double next = at ? self->x[at - 1] + 1 : 0;
        self->x[at] = x ? x[i] : next;
        self->y[at] = bh__is_number(y[i]) ? y[i] : NAN;
        self->whole_x = (at == 0 || self->whole_x) && self->x[at] == floor(self->x[at]);
        summarise(self, at, self->y[at]);
    }
    return true;
}

void bh__series_clear(bh__series *self)
{
    bh__free(self->x);
    bh__free(self->y);
    bh__free(self->blocks);
    self->x = self->y = self->blocks = NULL;
    self->count = self->room = 0;
}

/* In steps that double, then by halves: what is near FROM is found at once. */
static size_t find(const bh__series *self, double x, size_t from, bool above)
{
    size_t step = 1, low = from, high = from;
    while (high < self->count && (above ? self->x[high] <= x : self->x[high] < x)) {
        low = high + 1;
        high += step;
        step *= 2;
    }
    high = high < self->count ? high : self->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (above ? self->x[middle] <= x : self->x[middle] < x)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t bh__series_find(const bh__series *self, double x, size_t from)
{
    return find(self, x, from, false);
}

size_t bh__series_find_above(const bh__series *self, double x, size_t from)
{
    return find(self, x, from, true);
}

size_t bh__series_nearest(const bh__series *self, double x)
{
    size_t at = bh__series_find(self, x, 0);
    if (at == self->count)
        return at ? at - 1 : 0;
    return at && x - self->x[at - 1] <= self->x[at] - x ? at - 1 : at;
}

/* Comparisons with NaN are false. */
static void add_points(const bh__series *self, size_t from, size_t to, bool positive, bh__span *span)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = from; i < to; i++) {
        double y = positive && self->y[i] <= 0 ? NAN : self->y[i];
        low = y < low ? y : low;
        high = y > high ? y : high;
    }
    if (low <= high)
        bh__span_add(span, (bh__span){low, high});
}

/* Of whole blocks. */
static void add_blocks(const bh__series *self, size_t from, size_t to, bool positive, bh__span *span)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = from; i < to; i++) {
        const double *block = self->blocks + i * PER_BLOCK;
        double lowest = positive ? block[2] : block[0];
        low = lowest < low ? lowest : low;
        high = block[1] > high ? block[1] : high;
    }
    if (low <= high)
        bh__span_add(span, (bh__span){low, high});
}

bh__span bh__series_span(const bh__series *self, size_t from, size_t to, bool positive)
{
    bh__span span = {NAN, NAN};
    size_t first = (from + BLOCK - 1) / BLOCK, last = to / BLOCK;
    if (first >= last) {
        add_points(self, from, to, positive, &span);
        return span;
    }
    add_points(self, from, first * BLOCK, positive, &span);
    add_blocks(self, first, last, positive, &span);
    add_points(self, last * BLOCK, to, positive, &span);
    return span;
}
