/* Painters: checked handles of QPainters, which live during one paint function. */
#include "core/painter.h"

#include "base/status.h"
#include "core/guard.h"
#include "core/thread.h"
#include "shim/painter.h"

#include <bulkhead/app.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Qt computes on with any number; beyond these it computes nonsense, or for minutes. */
enum { LARGEST = 1000000, MOST_POINTS = 50000000, LONGEST_TEXT = 1000000, WIDEST_PEN = 1000, MOST_SAVES = 10000 };

typedef struct painter {
    bhs_painter *qt;
    int saves;
} painter;

struct frame {
    bh__paint_function paint;
    bh_object *widget;
    void *user;
    bh_painter *handle;
    bh_size size;
};

static void paint_thunk(void *frame)
{
    struct frame *call = frame;
    call->paint(call->widget, call->user, call->handle, call->size);
}

bool bh__refuse_painting(const char *call)
{
    if (!bh_is_gui_thread() || !bhs_is_painting())
        return false;
    bh__fail(BH_ERROR_STATE, call,
             "a widget is being painted: what is painted on would change under it; use bh_timer_single_shot");
    return true;
}

void bh__paint(bh_object *widget, bhs_object *qt, void *qpainter, bh__paint_function paint, void *user, bh_size size)
{
    painter self = {qpainter, 0};
    struct frame call = {paint, widget, user, NULL, size};
    char what[96];
    snprintf(what, sizeof what, "paint function of %s", bhs_meta_name(bhs_meta_of(qt)));
    call.handle = bh__handle_create(BH__PAINTER, &self, bh__gui(), what);
    if (!call.handle)
        return;
    bh__run_handler(paint_thunk, &call, what, NULL);
    bh__handle_destroy(call.handle, BH__PAINTER);
    for (; self.saves; self.saves--)
        bhs_painter_restore(self.qt);
}

/* --- checks */

static painter *check(bh_painter *handle, const char *call)
{
    return bh__check_here(handle, BH__PAINTER, call, "painter");
}

/* Reports what Qt threw, if it did. */
static bh_status done(bh_status status, const char *call)
{
    return status ? bh__fail(status, call, "Qt threw a C++ exception: %s", bhs_exception_text()) : BH_OK;
}

static bool is_sane(double number)
{
    return isfinite(number) && fabs(number) <= LARGEST;
}

/* NAMES has a word per number: "x1 y1 x2 y2". */
static bool all_sane(const char *call, const char *names, const double *numbers)
{
    for (; *names; numbers++) {
        int length = (int)strcspn(names, " ");
        if (!is_sane(*numbers)) {
            bh__fail(BH_ERROR_RANGE, call, "%.*s is %g: pixels are numbers from -%d to %d", length, names, *numbers, LARGEST,
                     LARGEST);
            return false;
        }
        names += length + (names[length] == ' ');
    }
    return true;
}

static bool rect_sane(const char *call, bh_rect rect)
{
    return all_sane(call, "rect.x rect.y rect.width rect.height", (const double[]){rect.x, rect.y, rect.width, rect.height});
}

static bool points_sane(const char *call, const bh_pointf *points, size_t count, size_t least)
{
    if (!points)
        return bh__fail(BH_ERROR_NULL, call, "points is NULL: pass an array of %zu points or more", least), false;
    if (count < least || count > MOST_POINTS) {
        bh__fail(BH_ERROR_RANGE, call, "count is %zu: pass %zu to %d points", count, least, MOST_POINTS);
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (is_sane(points[i].x) && is_sane(points[i].y))
            continue;
        bh__fail(BH_ERROR_RANGE, call, "point %zu is (%g, %g): pixels are numbers from -%d to %d", i, points[i].x, points[i].y,
                 LARGEST, LARGEST);
        return false;
    }
    return true;
}

static bool text_sane(const char *call, const char *text)
{
    if (!text)
        return bh__fail(BH_ERROR_NULL, call, "text is NULL: pass a text, \"\" for none"), false;
    if (strnlen(text, LONGEST_TEXT + 1) <= LONGEST_TEXT)
        return true;
    bh__fail(BH_ERROR_RANGE, call, "text is longer than %d bytes: paint what can be seen of it", LONGEST_TEXT);
    return false;
}

/* --- colours, pen, brush, font */

bh_status(bh_palette_color)(const bh_object *widget, bh_color_role role, bh_color *color)
{
    static const char call[] = "bh_palette_color";
    static const int roles[BH_ROLE_COUNT] = {
        [BH_ROLE_WINDOW] = 10,    [BH_ROLE_WINDOW_TEXT] = 0,       [BH_ROLE_BASE] = 9, [BH_ROLE_TEXT] = 6, [BH_ROLE_BUTTON] = 1,
        [BH_ROLE_HIGHLIGHT] = 12, [BH_ROLE_HIGHLIGHTED_TEXT] = 13, [BH_ROLE_MID] = 5,
    }; /* QPalette::ColorRole */
    if (!color)
        return bh__fail(BH_ERROR_NULL, call, "color is NULL: pass the address of a bh_color");
    *color = BH_RGB(0, 0, 0);
    bh__object *object = bh__check_class(widget, "QWidget", call, "widget");
    if (!object)
        return bh__last_status();
    if ((unsigned)role >= BH_ROLE_COUNT)
        return bh__fail(BH_ERROR_RANGE, call, "role %d is no colour role: pass one of BH_ROLE_WINDOW (0) to BH_ROLE_MID (%d)",
                        (int)role, BH_ROLE_COUNT - 1);
    return done(bhs_palette_color(object->qt, roles[role], color), call);
}

bh_status(bh_painter_set_pen)(bh_painter *handle, bh_color color, double width, bh_pen_style style)
{
    static const char call[] = "bh_painter_set_pen";
    painter *self = check(handle, call);
    if (!self)
        return bh__last_status();
    if (!(width >= 0 && width <= WIDEST_PEN))
        return bh__fail(BH_ERROR_RANGE, call, "width is %g: a pen is 0 to %d pixels wide", width, WIDEST_PEN);
    if ((unsigned)style > BH_PEN_DOT)
        return bh__fail(BH_ERROR_RANGE, call, "style %d is no pen style: pass one of BH_PEN_NONE (0) to BH_PEN_DOT (%d)",
                        (int)style, BH_PEN_DOT);
    return done(bhs_painter_set_pen(self->qt, color, width, style), call);
}

bh_status(bh_painter_set_brush)(bh_painter *handle, bh_color color)
{
    painter *self = check(handle, "bh_painter_set_brush");
    return self ? done(bhs_painter_set_brush(self->qt, color), "bh_painter_set_brush") : bh__last_status();
}

bh_status(bh_painter_set_font)(bh_painter *handle, const bh_font *font)
{
    static const char call[] = "bh_painter_set_font";
    painter *self = check(handle, call);
    if (!self)
        return bh__last_status();
    if (!font)
        return bh__fail(BH_ERROR_NULL, call, "font is NULL: pass the address of a bh_font");
    bhs_storage made;
    char why[256] = "no memory";
    int id = bhs_type_id("QFont");
    bh_value value = {.of = {.as_font = font}, .type = BH_TYPE_FONT};
    bh_status status = bhs_construct(id, &made, &value, why);
    if (status == BH_ERROR_RANGE)
        return bh__fail(status, call, "font: %s", why);
    if (status)
        return done(status, call);
    status = done(bhs_painter_set_font(self->qt, &made), call);
    bhs_destroy_value(id, &made);
    return status;
}

bh_status(bh_painter_set_antialiasing)(bh_painter *handle, bool on)
{
    painter *self = check(handle, "bh_painter_set_antialiasing");
    return self ? done(bhs_painter_set_antialiasing(self->qt, on), "bh_painter_set_antialiasing") : bh__last_status();
}

/* --- clipping and transformation */

bh_status(bh_painter_clip_rect)(bh_painter *handle, bh_rect rect)
{
    painter *self = check(handle, "bh_painter_clip_rect");
    if (!self || !rect_sane("bh_painter_clip_rect", rect))
        return bh__last_status();
    return done(bhs_painter_clip_rect(self->qt, rect), "bh_painter_clip_rect");
}

bh_status(bh_painter_translate)(bh_painter *handle, double dx, double dy)
{
    painter *self = check(handle, "bh_painter_translate");
    if (!self || !all_sane("bh_painter_translate", "dx dy", (const double[]){dx, dy}))
        return bh__last_status();
    return done(bhs_painter_transform(self->qt, dx, dy, 0), "bh_painter_translate");
}

bh_status(bh_painter_rotate)(bh_painter *handle, double degrees)
{
    painter *self = check(handle, "bh_painter_rotate");
    if (!self)
        return bh__last_status();
    if (!is_sane(degrees))
        return bh__fail(BH_ERROR_RANGE, "bh_painter_rotate", "degrees is %g: pass -%d to %d", degrees, LARGEST, LARGEST);
    return done(bhs_painter_transform(self->qt, 0, 0, degrees), "bh_painter_rotate");
}

bh_status(bh_painter_save)(bh_painter *handle)
{
    painter *self = check(handle, "bh_painter_save");
    if (!self)
        return bh__last_status();
    if (self->saves >= MOST_SAVES)
        return bh__fail(BH_ERROR_STATE, "bh_painter_save", "%d saves without a restore: each save needs its bh_painter_restore",
                        self->saves);
    bh_status status = done(bhs_painter_save(self->qt), "bh_painter_save");
    self->saves += status == BH_OK;
    return status;
}

bh_status(bh_painter_restore)(bh_painter *handle)
{
    painter *self = check(handle, "bh_painter_restore");
    if (!self)
        return bh__last_status();
    if (!self->saves)
        return bh__fail(BH_ERROR_STATE, "bh_painter_restore", "nothing is saved: call bh_painter_save before");
    self->saves--;
    return done(bhs_painter_restore(self->qt), "bh_painter_restore");
}

/* --- shapes and text */

bh_status(bh_painter_draw_line)(bh_painter *handle, double x1, double y1, double x2, double y2)
{
    painter *self = check(handle, "bh_painter_draw_line");
    if (!self || !all_sane("bh_painter_draw_line", "x1 y1 x2 y2", (const double[]){x1, y1, x2, y2}))
        return bh__last_status();
    return done(bhs_painter_draw_line(self->qt, x1, y1, x2, y2), "bh_painter_draw_line");
}

bh_status(bh_painter_draw_rect)(bh_painter *handle, double x, double y, double width, double height)
{
    painter *self = check(handle, "bh_painter_draw_rect");
    if (!self || !all_sane("bh_painter_draw_rect", "x y width height", (const double[]){x, y, width, height}))
        return bh__last_status();
    return done(bhs_painter_draw_rect(self->qt, x, y, width, height, 0), "bh_painter_draw_rect");
}

bh_status(bh_painter_draw_rounded_rect)(bh_painter *handle, double x, double y, double width, double height, double radius)
{
    static const char call[] = "bh_painter_draw_rounded_rect";
    painter *self = check(handle, call);
    if (!self || !all_sane(call, "x y width height", (const double[]){x, y, width, height}))
        return bh__last_status();
    if (!(radius >= 0 && radius <= WIDEST_PEN))
        return bh__fail(BH_ERROR_RANGE, call, "radius is %g: pass 0 to %d pixels", radius, WIDEST_PEN);
    return done(bhs_painter_draw_rect(self->qt, x, y, width, height, radius), call);
}

bh_status(bh_painter_draw_ellipse)(bh_painter *handle, double x, double y, double width, double height)
{
    painter *self = check(handle, "bh_painter_draw_ellipse");
    if (!self || !all_sane("bh_painter_draw_ellipse", "x y width height", (const double[]){x, y, width, height}))
        return bh__last_status();
    return done(bhs_painter_draw_ellipse(self->qt, x, y, width, height), "bh_painter_draw_ellipse");
}

bh_status(bh_painter_fill_rect)(bh_painter *handle, bh_rect rect, bh_color color)
{
    painter *self = check(handle, "bh_painter_fill_rect");
    if (!self || !rect_sane("bh_painter_fill_rect", rect))
        return bh__last_status();
    return done(bhs_painter_fill_rect(self->qt, rect, color), "bh_painter_fill_rect");
}

bh_status(bh_painter_draw_polyline)(bh_painter *handle, const bh_pointf *points, size_t count)
{
    painter *self = check(handle, "bh_painter_draw_polyline");
    if (!self || !points_sane("bh_painter_draw_polyline", points, count, 2))
        return bh__last_status();
    return done(bhs_painter_draw_points(self->qt, false, points, (int)count), "bh_painter_draw_polyline");
}

bh_status(bh_painter_draw_polygon)(bh_painter *handle, const bh_pointf *points, size_t count)
{
    painter *self = check(handle, "bh_painter_draw_polygon");
    if (!self || !points_sane("bh_painter_draw_polygon", points, count, 3))
        return bh__last_status();
    return done(bhs_painter_draw_points(self->qt, true, points, (int)count), "bh_painter_draw_polygon");
}

bh_status(bh_painter_draw_text)(bh_painter *handle, bh_rect rect, int alignment, const char *text)
{
    static const char call[] = "bh_painter_draw_text";
    const int known =
        BH_ALIGN_CENTER | BH_ALIGN_LEFT | BH_ALIGN_RIGHT | BH_ALIGN_TOP | BH_ALIGN_BOTTOM | BH_TEXT_WORD_WRAP | BH_TEXT_ELIDE;
    painter *self = check(handle, call);
    if (!self || !text_sane(call, text) || !rect_sane(call, rect))
        return bh__last_status();
    if (alignment & ~known)
        return bh__fail(BH_ERROR_RANGE, call, "alignment 0x%x has bits that are no alignment: add up BH_ALIGN_… constants",
                        (unsigned)alignment);
    return done(bhs_painter_draw_text(self->qt, rect, alignment, text), call);
}

bh_status(bh_painter_get_scale)(bh_painter *handle, double *scale)
{
    static const char call[] = "bh_painter_get_scale";
    if (!scale)
        return bh__fail(BH_ERROR_NULL, call, "scale is NULL: pass the address of a double");
    *scale = 1;
    painter *self = check(handle, call);
    return self ? done(bhs_painter_scale(self->qt, scale), call) : bh__last_status();
}

bh_status(bh_painter_text_size)(bh_painter *handle, const char *text, bh_size *size)
{
    static const char call[] = "bh_painter_text_size";
    if (!size)
        return bh__fail(BH_ERROR_NULL, call, "size is NULL: pass the address of a bh_size");
    *size = BH_SIZE(0, 0);
    painter *self = check(handle, call);
    if (!self || !text_sane(call, text))
        return bh__last_status();
    return done(bhs_painter_text_size(self->qt, text, size), call);
}
