/* The splash screen, and what is chained to its first paint. */
#include <bulkhead/window.h>

#include "base/memory.h"
#include "base/status.h"
#include "core/guard.h"
#include "core/widget.h"
#include "shim/widgets.h"

/* After this time `next` runs even if nothing was painted: the splash was hidden, closed, or covered. */
enum { PAINT_TIMEOUT_MS = 500 };

/* One showing. Freed by its `later`. */
typedef struct showing {
    bhs_later later; /* first: the shim's pointer is ours */
    void (*next)(void *user);
    void *user;
} showing;

static bh_object *current; /* GUI thread; stale when Qt has deleted it */

static bh__object *splash(void)
{
    return current ? bh__payload_of(current, BH__OBJECT) : NULL;
}

static void run_next(bhs_later *later)
{
    const showing *self = (const showing *)later;
    bh__run_void(self->next, self->user, "what comes after the splash screen");
}

static void drop_showing(bhs_later *later)
{
    bh__free(later);
}

/* Creates it; an image that cannot be read is reported, and replaced. */
static bhs_object *create(const char *image, const char *call)
{
    bool readable = true;
    bhs_object *made = bhs_splash_create(image, &readable);
    if (made && !readable)
        bh__fail(BH_ERROR_IO, call, "cannot read the image \"%s\": check the file's name and format", image);
    return made;
}

bh_status(bh_splash_show)(const char *image, void (*next)(void *user), void *user)
{
    static const char call[] = "bh_splash_show";
    if (bh__refuse_off_gui(call))
        return bh__last_status();
    if (!next)
        return bh__fail(BH_ERROR_NULL, call, "next is NULL: pass the function that comes after the splash screen");
    if (splash())
        return bh__fail(BH_ERROR_EXISTS, call, "there is a splash screen already: end it with bh_splash_finish first");
    showing *added = bh__malloc(sizeof *added);
    if (!added)
        return bh__fail(BH_ERROR_MEMORY, call, "no memory");
    *added = (showing){{run_next, drop_showing}, next, user};
    bhs_object *made = create(image, call);
    bh_object *handle = bh__adopt(made, call);
    if (!handle || bh__done(bhs_splash_show(made, &added->later, PAINT_TIMEOUT_MS), call)) {
        if (handle)
            bhs_delete(made);
        bh__free(added);
        return bh__last_status();
    }
    current = handle;
    return BH_OK;
}

bh_status(bh_splash_message)(const char *text)
{
    static const char call[] = "bh_splash_message";
    if (bh__refuse_off_gui(call) || !bh__check_text(text, call, "text"))
        return bh__last_status();
    return splash() ? bh__done(bhs_splash_message(splash()->qt, text), call) : BH_OK;
}

bh_status(bh_splash_finish)(bh_object *window)
{
    static const char call[] = "bh_splash_finish";
    if (bh__refuse_off_gui(call))
        return bh__last_status();
    bh__object *awaited = window ? bh__check_class(window, "QWidget", call, "window") : NULL;
    if (window && !awaited)
        return bh__last_status();
    bh__object *shown = splash();
    if (!shown)
        return BH_OK;
    if (awaited && awaited->qt == shown->qt)
        return bh__fail(BH_ERROR_STATE, call, "window is the splash screen itself: pass the window that replaces it");
    if (!window)
        current = NULL;
    return bh__done(bhs_splash_finish(shown->qt, awaited ? awaited->qt : NULL), call);
}
