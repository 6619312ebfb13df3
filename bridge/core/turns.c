/* Who hears of the turns of the GUI thread's event loop. */
#include "core/door.h"
#include "shim/shim.h"

#include <bulkhead/app.h>

static void (*listener)(bh__door_turn turn); /* the GUI thread's */

void bh__on_turn(int what)
{
    static const bh__door_turn turns[] = {
        [BHS_TURN_WAITS] = BH__TURN_WAITS, [BHS_TURN_BEGINS] = BH__TURN_BEGINS, [BHS_TURN_HANDLES] = BH__TURN_HANDLES};
    if (listener)
        listener(turns[what]);
}

bool bh__door_watch_turns(void (*fn)(bh__door_turn turn))
{
    listener = fn;
    return bh_app() && bhs_watch_turns(fn != NULL) == BH_OK;
}
