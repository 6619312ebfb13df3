/* Lists that grow together. */
#include "window/room.h"

#include <stdlib.h>

bool room_make(void **rows, size_t size, int **places, size_t *room, size_t count)
{
    if (count <= *room)
        return true;
    size_t wanted = count + count / 2 + 64;
    void *more_rows = realloc(*rows, wanted * size);
    if (more_rows)
        *rows = more_rows;
    int *more_places = realloc(*places, wanted * sizeof *more_places);
    if (more_places)
        *places = more_places;
    if (more_rows && more_places)
        *room = wanted;
    return more_rows && more_places;
}
