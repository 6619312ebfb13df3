/* Sets of bytes of a file: sorted ranges that neither overlap nor touch. */
#ifndef FETCH_RANGES_H
#define FETCH_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct range {
    int64_t from, to; /* TO is the first byte behind it */
} range;

typedef struct ranges {
    range *items;
    size_t count, room;
} ranges;

/* Adds FROM to TO, joining what it meets. Nothing if it is empty. False: no memory. */
bool ranges_add(ranges *set, int64_t from, int64_t to);

/* Makes it a copy of another. False: no memory. */
bool ranges_copy(ranges *set, const ranges *from);

/* The first gap below TOTAL. False: there is none. */
bool ranges_gap(const ranges *set, int64_t total, range *gap);

/* How many bytes there are without a gap from 0 on. */
int64_t ranges_front(const ranges *set);

int64_t ranges_size(const ranges *set);

/* Forgets what lies at and behind END. */
void ranges_cut(ranges *set, int64_t end);

void ranges_clear(ranges *set);
void ranges_free(ranges *set);

#endif
