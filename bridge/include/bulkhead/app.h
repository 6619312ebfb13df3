/* The application: QApplication, its event loop, and what runs at the end of a handler.
 *
 * The thread that calls bh_app_create is the GUI thread until bh_app_destroy. No object of Qt exists before it: every call that
 * needs one is refused with BH_ERROR_NO_APP. */
#ifndef BULKHEAD_APP_H
#define BULKHEAD_APP_H

#include <bulkhead/value.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Creates the one QApplication and makes the calling thread the GUI thread. It must be the program's main thread. ARGC and ARGV
 * as main got them (copied; Qt's own options such as -style are understood); 0 and NULL are allowed.
 * Without a display Qt would end the process; this call checks first and is refused with BH_ERROR_SYSTEM.
 * Returns the application's object, which belongs to the library; NULL if there is one already, on another thread, or in a
 * worker process. */
BH_API bh_object *bh_app_create(int argc, char **argv);

/* The application's object, for its properties and signals ("quitOnLastWindowClosed", "aboutToQuit"). NULL without one; that is
 * no error. Any thread. */
BH_API bh_object *bh_app(void);

/* Runs the event loop until bh_app_quit or the last window is closed, delivers what tasks have completed meanwhile, and returns
 * the exit code; 1 with a sentence where it cannot run (no application, another thread, already running). GUI thread; blocks.
 * With BH_QUIT_AFTER_MS in the environment the windows are asked to close after that time, and the loop ends then, which lets a
 * script try a program. */
BH_API int bh_app_exec(void);

/* Ends the event loop with CODE; bh_app_exec returns it. Windows are not asked. Any thread. Does not block. */
BH_API bh_status bh_app_quit(int code);

/* Handles what is waiting, for at most MAX_MS milliseconds (0: one pass), and returns. For long work on the GUI thread that
 * cannot be moved to a worker, and for tests. GUI thread. Callbacks run inside. */
BH_API bh_status bh_app_process_events(int max_ms);

/* Destroys what is left, in this order: threads are asked to quit and waited for, windows, objects without parent, the
 * application. Each handle is stale afterwards. bh_app_create works again. GUI thread; refused while the event loop runs.
 * Called at exit() by itself if the program did not, once bh_app_exec has returned. */
BH_API bh_status bh_app_destroy(void);

typedef enum bh_color_scheme {
    BH_COLORS_SYSTEM, /* what the desktop says */
    BH_COLORS_LIGHT,
    BH_COLORS_DARK
} bh_color_scheme;

/* The colours of all windows, from now on. LIGHT and DARK use Qt's own style "Fusion", which can have any colours; SYSTEM takes back
 * the colours, and leaves the style. GUI thread. */
BH_API bh_status bh_app_set_color_scheme(bh_color_scheme scheme);

/* True on the GUI thread. Any thread; false without an application. */
BH_API bool bh_is_gui_thread(void);

/* Runs FN(USER) when the running handler (a callback, slot, event handler, timer or posted function of this library) ends,
 * whichever way it ends; the last deferred first. Refused outside of a handler. The calling thread's handler, that thread. */
BH_API bh_status bh_defer(void (*fn)(void *user), void *user);

#define bh_app_create(...) BH_AT(bh_app_create(__VA_ARGS__))
#define bh_app_exec() BH_AT(bh_app_exec())
#define bh_app_quit(...) BH_AT(bh_app_quit(__VA_ARGS__))
#define bh_app_process_events(...) BH_AT(bh_app_process_events(__VA_ARGS__))
#define bh_app_set_color_scheme(...) BH_AT(bh_app_set_color_scheme(__VA_ARGS__))
#define bh_app_destroy() BH_AT(bh_app_destroy())
#define bh_defer(...) BH_AT(bh_defer(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
