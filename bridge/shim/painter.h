/* Painting: QPainter, a function at a time. See shim.h. The core has checked all numbers. */
#ifndef SHIM_PAINTER_H
#define SHIM_PAINTER_H

#include "shim/shim.h"

#include <bulkhead/painter.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bhs_painter bhs_painter; /* a QPainter */

bh_status bhs_palette_color(const bhs_object *widget, int role, bh_color *color); /* QPalette::ColorRole */
bh_status bhs_painter_set_pen(bhs_painter *painter, bh_color color, double width, bh_pen_style style);
bh_status bhs_painter_set_brush(bhs_painter *painter, bh_color color);
bh_status bhs_painter_set_font(bhs_painter *painter, const void *font); /* a QFont */
bh_status bhs_painter_set_antialiasing(bhs_painter *painter, bool on);
bh_status bhs_painter_clip_rect(bhs_painter *painter, bh_rect rect);
bh_status bhs_painter_transform(bhs_painter *painter, double dx, double dy, double degrees);
bh_status bhs_painter_save(bhs_painter *painter);
bh_status bhs_painter_restore(bhs_painter *painter);
bh_status bhs_painter_draw_line(bhs_painter *painter, double x1, double y1, double x2, double y2);
bh_status bhs_painter_draw_ellipse(bhs_painter *painter, double x, double y, double width, double height);
bh_status bhs_painter_draw_rect(bhs_painter *painter, double x, double y, double width, double height, double radius);
bh_status bhs_painter_fill_rect(bhs_painter *painter, bh_rect rect, bh_color color);
bh_status bhs_painter_draw_points(bhs_painter *painter, bool closed, const bh_pointf *points, int count);
bh_status bhs_painter_draw_text(bhs_painter *painter, bh_rect rect, int alignment, const char *text);
bh_status bhs_painter_scale(bhs_painter *painter, double *scale);
bh_status bhs_painter_text_size(bhs_painter *painter, const char *text, bh_size *size);

#ifdef __cplusplus
}
#endif
#endif
