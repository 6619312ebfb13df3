/* The splash screen: what is chained to its first paint, and the window that it makes room for. */
#include <bulkhead/window.h>

#include "base/memory.h"
#include "base/status.h"
#include "core/widget.h"
#include "shim/widgets.h"

#include <bulkhead/call.h>
#include <bulkhead/event.h>
#include <bulkhead/mailbox.h>
#include <bulkhead/object.h>
#include <bulkhead/property.h>
#include <bulkhead/timer.h>

enum {
    PAINT_TIMEOUT_MS = 500, /* hidden or covered: `next` runs without a paint */
    OVERLAP_MS = 100,       /* from the window's show to its first paint */
    BAR_HEIGHT = 4,
    /* Qt's: AlignHCenter, AlignBottom, TextWordWrap; and a role of QPalette */
    MESSAGE_ALIGNMENT = 0x4 | 0x40 | 0x1000,
    HIGHLIGHT = 12
};

/* One showing. GUI thread. */
typedef struct showing {
    bh__end end; /* first. Of the splash screen */
    int refs;    /* the splash screen, and `next` that is under way */
    bool started;
    void (*next)(void *user);
    void *user;
    char *message; /* NULL: none */
    int percent;   /* negative: no bar */
} showing;

/* GUI thread. */
static bh_object *splash; /* stale when Qt has deleted it */
static showing *shown;    /* of it; NULL when it has ended */

/* The window that ends it. */
static struct {
    bh__end gone; /* first */
    bh_object *window;
    bh_event_handler *shown;
} awaited;

/* --- next */

static void unref(void *user)
{
    showing *self = user;
    if (--self->refs)
        return;
    bh__free(self->message);
    bh__free(self);
}

static bh_status run_next(void *user)
{
    const showing *self = user;
    self->next(self->user);
    return BH_OK;
}

/* From the event loop, so that the paint is over. */
static void start_next(void *user)
{
    showing *self = user;
    if (self->started)
        return;
    self->started = true;
    self->refs++;
    if ((bh_post)(NULL, run_next, self, unref) != BH_OK)
        self->refs--;
}

static void paint_message(bhs_painter *painter, bh_size size, const char *message)
{
    const bh_rect within = {8, 8, size.width - 16, size.height - 18};
    bhs_painter_set_pen(painter, (bh_color){255, 255, 255, 255}, 1, BH_PEN_SOLID);
    bhs_painter_draw_text(painter, within, MESSAGE_ALIGNMENT, message);
}

static void paint_bar(bhs_painter *painter, bh_size size, int percent)
{
    const bh__object *self = bh__payload_of(splash, BH__OBJECT);
    const bh_rect whole = {0, size.height - BAR_HEIGHT, size.width, BAR_HEIGHT};
    const bh_rect done = {whole.x, whole.y, whole.width * percent / 100, whole.height};
    bh_color color = {0, 0, 0, 96};
    bhs_painter_fill_rect(painter, whole, color);
    if (self && bhs_palette_color(self->qt, HIGHLIGHT, &color) == BH_OK)
        bhs_painter_fill_rect(painter, done, color);
}

void bh__on_splash_painted(void *payload, bhs_painter *painter, bh_size size)
{
    const showing *self = payload;
    if (self->message)
        paint_message(painter, size, self->message);
    if (self->percent >= 0)
        paint_bar(painter, size, self->percent);
    start_next(payload);
}

static void on_end(bh__end *end)
{
    if (shown == (showing *)end)
        shown = NULL;
    start_next(end);
    unref(end);
}

/* --- the end */

static void stop_waiting(void)
{
    bh__object *window = awaited.window ? bh__payload_of(awaited.window, BH__OBJECT) : NULL;
    if (window) {
        bh__end_remove(window, &awaited.gone);
        (bh_remove_event_handler)(awaited.shown);
    }
    awaited.window = NULL;
}

/* Hidden first: deleting a window that is seen may count as the last window's close, and end the program. */
static void finish(void *user)
{
    bh_object *ended = user;
    if (ended == splash)
        stop_waiting();
    if (!bh_is_alive(ended))
        return;
    (bh_call_values)(ended, "hide", NULL, 0, NULL);
    (bh_destroy)(ended);
}

static void on_window_gone(bh__end *end)
{
    (void)end;
    awaited.window = NULL;
    finish(splash);
}

static bh_event_result on_window_shown(bh_object *window, void *user, const bh_event *event)
{
    (void)window;
    (void)event;
    if (bh_is_alive(user))
        (bh_timer_single_shot_for)(user, OVERLAP_MS, finish, user);
    return BH_EVENT_PASS;
}

static bh_status wait_for(bh__object *window)
{
    bool visible = false;
    stop_waiting();
    if ((bh_get_bool)(window->handle, "visible", &visible) == BH_OK && visible)
        return (bh_timer_single_shot_for)(splash, OVERLAP_MS, finish, splash);
    awaited.shown = (bh_on_event)(window->handle, BH_EVENT_SHOW, on_window_shown, splash);
    if (!awaited.shown)
        return bh__last_status();
    awaited.window = window->handle;
    awaited.gone.run = on_window_gone;
    bh__end_add(window, &awaited.gone);
    return BH_OK;
}

/* --- the public calls */

/* Creates it hidden; an image that cannot be read is reported, and replaced. */
static bh_object *create(const char *image, showing *self, const char *call)
{
    bool readable = true;
    bhs_object *made = bhs_splash_create(image, &readable, self);
    if (made && !readable)
        bh__fail(BH_ERROR_IO, call, "cannot read the image \"%s\": check the file's name and format", image);
    return bh__adopt(made, call);
}

bh_status(bh_splash_show)(const char *image, void (*next)(void *user), void *user)
{
    static const char call[] = "bh_splash_show";
    if (bh__refuse_off_gui(call))
        return bh__last_status();
    if (!next)
        return bh__fail(BH_ERROR_NULL, call, "next is NULL: pass the function that comes after the splash screen");
    if (bh_is_alive(splash))
        return bh__fail(BH_ERROR_EXISTS, call, "there is a splash screen already: end it with bh_splash_finish first");
    showing *self = bh__malloc(sizeof *self);
    if (!self)
        return bh__fail(BH_ERROR_MEMORY, call, "no memory");
    *self = (showing){.end = {on_end, NULL}, .refs = 1, .next = next, .user = user, .percent = -1};
    bh_object *made = create(image, self, call);
    if (!made || (bh_timer_single_shot_for)(made, PAINT_TIMEOUT_MS, start_next, self) != BH_OK) {
        bh_status status = bh__last_status();
        (bh_destroy)(made);
        bh__free(self);
        return status;
    }
    bh__end_add(bh__payload_of(made, BH__OBJECT), &self->end);
    splash = made;
    shown = self;
    (bh_call_values)(made, "show", NULL, 0, NULL);
    return BH_OK;
}

/* Calls a slot or signal of the splash screen. */
static void invoke(const char *signature, void *argument)
{
    const bh__object *self = bh_is_alive(splash) ? bh__payload_of(splash, BH__OBJECT) : NULL;
    if (self)
        bhs_method_call(self->qt, bhs_method_index(bhs_meta_of(self->qt), signature), (void *[]){NULL, argument});
}

/* At once, where there may be no event loop yet. Qt's own showMessage would run one. */
static void repaint(void)
{
    invoke("repaint()", NULL);
}

static void tell_message(const char *text)
{
    char why[BHS_WHY_SIZE];
    bhs_storage line;
    const bh_value value = BH_VALUE(text);
    int id = bhs_type_id("QString");
    if (bhs_construct(id, &line, &value, why))
        return;
    void *argument = &line;
    invoke("messageChanged(QString)", argument);
    bhs_destroy_value(id, &line);
}

bh_status(bh_splash_message)(const char *text)
{
    static const char call[] = "bh_splash_message";
    if (bh__refuse_off_gui(call) || !bh__check_text(text, call, "text"))
        return bh__last_status();
    if (!shown || !bh_is_alive(splash))
        return BH_OK;
    char *message = bh__strdup(text);
    if (!message)
        return bh__fail(BH_ERROR_MEMORY, call, "no memory for the text");
    bh__free(shown->message);
    shown->message = message;
    repaint();
    tell_message(text);
    return BH_OK;
}

bh_status(bh_splash_set_progress)(int percent)
{
    static const char call[] = "bh_splash_set_progress";
    if (bh__refuse_off_gui(call))
        return bh__last_status();
    if (percent > 100)
        return bh__fail(BH_ERROR_RANGE, call, "percent is %d: pass 0 to 100, or -1 for no bar", percent);
    if (!shown || !bh_is_alive(splash))
        return BH_OK;
    shown->percent = percent;
    repaint();
    return BH_OK;
}

bh_status(bh_splash_finish)(bh_object *window)
{
    static const char call[] = "bh_splash_finish";
    if (bh__refuse_off_gui(call))
        return bh__last_status();
    bh__object *next = window ? bh__check_class(window, "QWidget", call, "window") : NULL;
    if (window && !next)
        return bh__last_status();
    if (!bh_is_alive(splash))
        return BH_OK;
    if (window && window == splash)
        return bh__fail(BH_ERROR_STATE, call, "window is the splash screen itself: pass the window that replaces it");
    if (next)
        return wait_for(next);
    finish(splash);
    return BH_OK;
}
