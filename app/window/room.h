/* Memory of a table's rows: the rows as they came, and beside them places, in which order they are shown. */
#ifndef APP_WINDOW_ROOM_H
#define APP_WINDOW_ROOM_H

#include <stdbool.h>
#include <stddef.h>

/* Makes *ROWS, of SIZE bytes each, and *PLACES longer if there is no room for COUNT, and says so in *ROOM. False without memory: then there is
 * room for as many as before, though perhaps elsewhere. */
bool room_make(void **rows, size_t size, int **places, size_t *room, size_t count);

#endif
