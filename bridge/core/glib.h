/* Messages of GLib, which Qt may use, and libraries that Qt loads: through the log, as Qt's own. */
#ifndef CORE_GLIB_H
#define CORE_GLIB_H

/* From now on, if GLib is in the process by now. May be called again. GUI thread. */
void bh__glib_begin(void);

/* The handler that was there before is back, unless somebody has put another one in our place: then that one stays. */
void bh__glib_end(void);

#endif
