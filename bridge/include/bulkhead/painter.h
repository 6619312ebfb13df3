/* Painting, inside the paint function of a widget defined in C (class.h).
 *
 * A painter is a checked handle that is valid during its paint function only. Coordinates are pixels of the widget, from its upper
 * left corner. All of them: GUI thread.
 *
 * While a widget is painted, by a paint function or by Qt, which asks a table model for its cells, no event loop runs: bh_app_process_events,
 * bh_app_exec, exec of a dialog and moves to another parent are refused (BH_ERROR_STATE). A repaint that is asked for comes afterwards. */
#ifndef BULKHEAD_PAINTER_H
#define BULKHEAD_PAINTER_H

#include <bulkhead/value.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bh_painter bh_painter;

typedef enum bh_pen_style { BH_PEN_NONE, BH_PEN_SOLID, BH_PEN_DASH, BH_PEN_DOT } bh_pen_style;

/* Where text stands in its rectangle; one of each line, added up. */
enum {
    BH_ALIGN_LEFT = 0x01,
    BH_ALIGN_RIGHT = 0x02,
    BH_ALIGN_HCENTER = 0x04,
    BH_ALIGN_TOP = 0x20,
    BH_ALIGN_BOTTOM = 0x40,
    BH_ALIGN_VCENTER = 0x80,
    BH_ALIGN_CENTER = BH_ALIGN_HCENTER | BH_ALIGN_VCENTER,
    BH_TEXT_WORD_WRAP = 0x1000,
    BH_TEXT_ELIDE = 0x10000 /* one line, and "…" at its end where it does not fit */
};

/* Roles of the widget's palette, so that what is painted fits light and dark themes. */
typedef enum bh_color_role {
    BH_ROLE_WINDOW,
    BH_ROLE_WINDOW_TEXT,
    BH_ROLE_BASE,
    BH_ROLE_TEXT,
    BH_ROLE_BUTTON,
    BH_ROLE_HIGHLIGHT,
    BH_ROLE_HIGHLIGHTED_TEXT,
    BH_ROLE_MID,
    BH_ROLE_COUNT
} bh_color_role;

/* An opaque colour. */
#define BH_RGB(red, green, blue) BH_RGBA(red, green, blue, 255)

/* A colour of WIDGET's palette, for the state it is in; black for a bad handle. */
BH_API bh_status bh_palette_color(const bh_object *widget, bh_color_role role, bh_color *color);

/* WIDTH in pixels, 0 to 1000; 0 is one device pixel whatever the scale. */
BH_API bh_status bh_painter_set_pen(bh_painter *painter, bh_color color, double width, bh_pen_style style);

/* What shapes are filled with. Alpha 0: not at all. */
BH_API bh_status bh_painter_set_brush(bh_painter *painter, bh_color color);
BH_API bh_status bh_painter_set_font(bh_painter *painter, const bh_font *font);
BH_API bh_status bh_painter_set_antialiasing(bh_painter *painter, bool on);

/* Paints only inside RECT from now on. bh_painter_restore takes it back. */
BH_API bh_status bh_painter_clip_rect(bh_painter *painter, bh_rect rect);
BH_API bh_status bh_painter_translate(bh_painter *painter, double dx, double dy);
BH_API bh_status bh_painter_rotate(bh_painter *painter, double degrees);

/* Puts pen, brush, font, clipping and transformation aside, and back. A restore without a save is BH_ERROR_STATE. */
BH_API bh_status bh_painter_save(bh_painter *painter);
BH_API bh_status bh_painter_restore(bh_painter *painter);

BH_API bh_status bh_painter_draw_line(bh_painter *painter, double x1, double y1, double x2, double y2);
BH_API bh_status bh_painter_draw_rect(bh_painter *painter, double x, double y, double width, double height);
/* With round corners of RADIUS pixels, 0 to 1000. */
BH_API bh_status bh_painter_draw_rounded_rect(bh_painter *painter, double x, double y, double width, double height,
                                              double radius);
BH_API bh_status bh_painter_draw_ellipse(bh_painter *painter, double x, double y, double width, double height);

/* Fills without an outline. */
BH_API bh_status bh_painter_fill_rect(bh_painter *painter, bh_rect rect, bh_color color);

/* How many device pixels a pixel is wide: 2 on a screen of high density. What is painted in finer steps than 1 / SCALE cannot be told
 * apart. */
BH_API bh_status bh_painter_get_scale(bh_painter *painter, double *scale);

/* COUNT points, at least 2 (polyline) or 3 (polygon); not kept. */
BH_API bh_status bh_painter_draw_polyline(bh_painter *painter, const bh_pointf *points, size_t count);
BH_API bh_status bh_painter_draw_polygon(bh_painter *painter, const bh_pointf *points, size_t count);

/* TEXT in RECT with ALIGNMENT (BH_ALIGN_…). */
BH_API bh_status bh_painter_draw_text(bh_painter *painter, bh_rect rect, int alignment, const char *text);

/* The size that TEXT takes on one line with the painter's font. */
BH_API bh_status bh_painter_text_size(bh_painter *painter, const char *text, bh_size *size);

#define bh_palette_color(...) BH_AT(bh_palette_color(__VA_ARGS__))
#define bh_painter_clip_rect(...) BH_AT(bh_painter_clip_rect(__VA_ARGS__))
#define bh_painter_draw_ellipse(...) BH_AT(bh_painter_draw_ellipse(__VA_ARGS__))
#define bh_painter_draw_line(...) BH_AT(bh_painter_draw_line(__VA_ARGS__))
#define bh_painter_draw_polygon(...) BH_AT(bh_painter_draw_polygon(__VA_ARGS__))
#define bh_painter_draw_polyline(...) BH_AT(bh_painter_draw_polyline(__VA_ARGS__))
#define bh_painter_draw_rect(...) BH_AT(bh_painter_draw_rect(__VA_ARGS__))
#define bh_painter_draw_text(...) BH_AT(bh_painter_draw_text(__VA_ARGS__))
#define bh_painter_draw_rounded_rect(...) BH_AT(bh_painter_draw_rounded_rect(__VA_ARGS__))
#define bh_painter_fill_rect(...) BH_AT(bh_painter_fill_rect(__VA_ARGS__))
#define bh_painter_get_scale(...) BH_AT(bh_painter_get_scale(__VA_ARGS__))
#define bh_painter_restore(...) BH_AT(bh_painter_restore(__VA_ARGS__))
#define bh_painter_rotate(...) BH_AT(bh_painter_rotate(__VA_ARGS__))
#define bh_painter_save(...) BH_AT(bh_painter_save(__VA_ARGS__))
#define bh_painter_set_antialiasing(...) BH_AT(bh_painter_set_antialiasing(__VA_ARGS__))
#define bh_painter_set_brush(...) BH_AT(bh_painter_set_brush(__VA_ARGS__))
#define bh_painter_set_font(...) BH_AT(bh_painter_set_font(__VA_ARGS__))
#define bh_painter_set_pen(...) BH_AT(bh_painter_set_pen(__VA_ARGS__))
#define bh_painter_text_size(...) BH_AT(bh_painter_text_size(__VA_ARGS__))
#define bh_painter_translate(...) BH_AT(bh_painter_translate(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
