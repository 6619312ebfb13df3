/* The handler of GLib's messages. GLib is nothing that this library links: it is asked for where something else has loaded it.
 *
 * It is the default handler of g_log, which can be given back; the writer of structured messages can be set once per process, by
 * whomever, and a second one is a fatal error in GLib. What calls g_log_structured itself goes on to GLib's own writer. */
#include "core/glib.h"

#include <bulkhead/log.h>
#include <dlfcn.h>
#include <stdint.h>

/* As GLib declares them. */
typedef void (*glib_handler)(const char *domain, int level, const char *message, void *user);
typedef glib_handler (*glib_set_default_handler)(glib_handler handler, void *user);
enum { GLIB_ERROR = 1 << 2, GLIB_CRITICAL = 1 << 3, GLIB_WARNING = 1 << 4, GLIB_MESSAGE = 1 << 5 };

static void *library;
static glib_set_default_handler set_handler; /* NULL: ours is not there */
static glib_handler before;

/* Info is what GLib, too, keeps to itself if nobody asks. */
static bh_log_level level_of(int level)
{
    if (level & (GLIB_ERROR | GLIB_CRITICAL))
        return BH_LOG_ERROR;
    if (level & GLIB_WARNING)
        return BH_LOG_WARNING;
    return level & GLIB_MESSAGE ? BH_LOG_INFO : BH_LOG_DEBUG;
}

/* Any thread. Of a fatal message GLib aborts when this returns, and the crash hook has its line. */
static void on_message(const char *domain, int level, const char *message, void *user)
{
    (void)user;
    bh_log(level_of(level), domain && domain[0] ? domain : "glib", "%s", message ? message : "");
}

void bh__glib_begin(void)
{
    if (set_handler)
        return;
    library = dlopen("libglib-2.0.so.0", RTLD_LAZY | RTLD_NOLOAD);
    set_handler = library ? (glib_set_default_handler)(uintptr_t)dlsym(library, "g_log_set_default_handler") : NULL;
    if (set_handler)
        before = set_handler(on_message, NULL);
    else if (library)
        dlclose(library);
}

void bh__glib_end(void)
{
    if (!set_handler)
        return;
    glib_handler ours = set_handler(before, NULL);
    if (ours != on_message)
        set_handler(ours, NULL);
    set_handler = NULL;
    dlclose(library);
}
