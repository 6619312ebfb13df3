/* The part of a file that is in memory. Grows by doubling up to the longest row, so that a row that is split anew after each step
 * costs no more than twice its length. */
#include "jobs/table/window.h"

#include "jobs/table/error.h"

#include <stdlib.h>
#include <string.h>

enum { STEP = 256 << 10 };

bh_status window_make(window *view, table_error *error)
{
    *view = (window){.room = STEP, .bytes = malloc(STEP + 1)};
    return view->bytes ? BH_OK : table__no_memory(error);
}

void window_clear(window *view)
{
    source_close(view->from);
    free(view->bytes);
    *view = (window){0};
}

bool window_is_full(const window *view)
{
    return view->end - view->at >= TABLE_MAX_ROW;
}

static bh_status make_room(window *view, table_error *error)
{
    size_t left = view->end - view->at;
    if (view->at)
        memmove(view->bytes, view->bytes + view->at, left);
    view->base += view->at;
    view->at = 0;
    view->end = left;
    if (left <= view->room / 2 || view->room >= TABLE_MAX_ROW)
        return BH_OK;
    char *bytes = realloc(view->bytes, view->room * 2 + 1);
    if (!bytes)
        return table__no_memory(error);
    view->bytes = bytes;
    view->room *= 2;
    return BH_OK;
}

bh_status window_more(window *view, table_error *error)
{
    bh_status status = make_room(view, error);
    while (!status && !view->last && view->end < view->room) {
        size_t got, wish = view->room - view->end < STEP ? view->room - view->end : STEP;
        if (view->options && view->options->go_on &&
            !view->options->go_on(source_percent(view->from), *view->rows, view->options->user))
            return table__fail(error, BH_CANCELLED, 0, "cancelled");
        status = source_read(view->from, view->bytes + view->end, wish, &got, error);
        view->end += got;
        view->last = !status && got == 0;
    }
    return status;
}
