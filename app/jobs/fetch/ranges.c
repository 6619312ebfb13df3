/* Sets of bytes. There are few ranges at a time, as connections go through the file from its beginning: an array will do. */
#include "jobs/fetch/ranges.h"

#include <stdlib.h>
#include <string.h>

static bool make_room(ranges *set)
{
    if (set->count < set->room)
        return true;
    size_t room = set->room ? 2 * set->room : 16;
    range *items = realloc(set->items, room * sizeof *items);
    if (!items)
        return false;
    set->items = items;
    set->room = room;
    return true;
}

bool ranges_add(ranges *set, int64_t from, int64_t to)
{
    if (from >= to)
        return true;
    if (!make_room(set))
        return false;
    size_t first = 0, last;
    while (first < set->count && set->items[first].to < from)
        first++;
    for (last = first; last < set->count && set->items[last].from <= to; last++) {
        from = set->items[last].from < from ? set->items[last].from : from;
        to = set->items[last].to > to ? set->items[last].to : to;
    }
    memmove(set->items + first + 1, set->items + last, (set->count - last) * sizeof *set->items);
    set->items[first] = (range){from, to};
    set->count = set->count - (last - first) + 1;
    return true;
}

bool ranges_copy(ranges *set, const ranges *from)
{
    set->count = 0;
    for (size_t i = 0; i < from->count; i++) {
        if (!make_room(set))
            return false;
        set->items[set->count++] = from->items[i];
    }
    return true;
}

bool ranges_gap(const ranges *set, int64_t total, range *gap)
{
    size_t next = 0;
    *gap = (range){0, total};
    if (set->count > 0 && set->items[0].from == 0)
        gap->from = set->items[next++].to;
    if (next < set->count && set->items[next].from < total)
        gap->to = set->items[next].from;
    return gap->from < gap->to;
}

int64_t ranges_front(const ranges *set)
{
    return set->count > 0 && set->items[0].from == 0 ? set->items[0].to : 0;
}

int64_t ranges_size(const ranges *set)
{
    int64_t size = 0;
    for (size_t i = 0; i < set->count; i++)
        size += set->items[i].to - set->items[i].from;
    return size;
}

void ranges_cut(ranges *set, int64_t end)
{
    while (set->count > 0 && set->items[set->count - 1].from >= end)
        set->count--;
    if (set->count > 0 && set->items[set->count - 1].to > end)
        set->items[set->count - 1].to = end;
}

void ranges_clear(ranges *set)
{
    set->count = 0;
}

void ranges_free(ranges *set)
{
    free(set->items);
    *set = (ranges){0};
}
