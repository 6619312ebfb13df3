/* painter.h. Inside of a paint function (entries_classes.c) the newest painter is live, anywhere else all are stale. */
#include "fuzz.h"

#include <string.h>

enum { POINTS = 64 };

#define PAINTER fuzz_thing(FUZZ_PAINTER)
#define NUMBER fuzz_double()

static bh_status palette_color(void)
{
    bh_color color = {1, 2, 3, 4};
    bh_color_role role = fuzz_chance(90) ? (bh_color_role)fuzz_below(BH_ROLE_COUNT) : (bh_color_role)fuzz_int();
    return bh_palette_color(fuzz_object("QWidget"), role, fuzz_chance(95) ? &color : NULL);
}

static fuzz_result run_bh_palette_color(void)
{
    return fuzz_status(palette_color());
}

static bh_pen_style any_pen_style(void)
{
    return fuzz_chance(95) ? (bh_pen_style)fuzz_below(4) : (bh_pen_style)fuzz_int();
}

static double any_width(void)
{
    return fuzz_chance(70) ? fuzz_small(0, 50) / 10.0 : fuzz_double();
}

static int any_alignment(void)
{
    static const int known[] = {BH_ALIGN_CENTER, BH_ALIGN_LEFT | BH_TEXT_ELIDE, BH_ALIGN_TOP | BH_TEXT_WORD_WRAP, 0};
    return fuzz_chance(80) ? known[fuzz_below(4)] : fuzz_int();
}

FUZZ_CALL(bh_painter_set_pen, PAINTER, fuzz_color(), any_width(), any_pen_style())
FUZZ_CALL(bh_painter_set_brush, PAINTER, fuzz_color())
FUZZ_CALL(bh_painter_set_font, PAINTER, fuzz_font())
FUZZ_CALL(bh_painter_set_antialiasing, PAINTER, fuzz_bool())
FUZZ_CALL(bh_painter_clip_rect, PAINTER, fuzz_rect())
FUZZ_CALL(bh_painter_translate, PAINTER, NUMBER, NUMBER)
FUZZ_CALL(bh_painter_rotate, PAINTER, NUMBER)
FUZZ_CALL(bh_painter_save, PAINTER)
FUZZ_CALL(bh_painter_restore, PAINTER)
FUZZ_CALL(bh_painter_draw_line, PAINTER, NUMBER, NUMBER, NUMBER, NUMBER)
FUZZ_CALL(bh_painter_draw_rect, PAINTER, NUMBER, NUMBER, NUMBER, NUMBER)
FUZZ_CALL(bh_painter_draw_rounded_rect, PAINTER, NUMBER, NUMBER, NUMBER, NUMBER, any_width())
FUZZ_CALL(bh_painter_draw_ellipse, PAINTER, NUMBER, NUMBER, NUMBER, NUMBER)
FUZZ_CALL(bh_painter_fill_rect, PAINTER, fuzz_rect(), fuzz_color())
FUZZ_CALL(bh_painter_draw_text, PAINTER, fuzz_rect(), any_alignment(), fuzz_text())

static fuzz_result run_bh_painter_get_scale(void)
{
    double scale = 7;
    bool no_place = fuzz_chance(5);
    bh_status status = bh_painter_get_scale(PAINTER, no_place ? NULL : &scale);
    if (!no_place && (status ? scale != 1 : !(scale > 0)))
        fuzz_complain("bh_painter_get_scale", "the scale is neither positive nor 1 on failure", "");
    return fuzz_status(status);
}

static fuzz_result run_bh_painter_text_size(void)
{
    bh_size size = {7, 7};
    bool no_place = fuzz_chance(5);
    bh_status status = bh_painter_text_size(PAINTER, fuzz_text(), no_place ? NULL : &size);
    if (status && !no_place && (size.width || size.height))
        fuzz_complain("bh_painter_text_size", "the result was not cleared on failure", "");
    return fuzz_status(status);
}

/* COUNT is the points' true number, or too small; a greater one nobody could check. */
static const bh_pointf *any_points(size_t *count)
{
    static _Thread_local bh_pointf points[POINTS];
    *count = fuzz_chance(90) ? 2 + fuzz_below(POINTS - 2) : fuzz_below(3);
    for (size_t i = 0; i < *count; i++)
        points[i] = (bh_pointf){fuzz_chance(90) ? fuzz_small(-50, 400) : fuzz_double(), fuzz_small(-50, 400)};
    return fuzz_chance(96) ? points : NULL;
}

static fuzz_result run_bh_painter_draw_polyline(void)
{
    size_t count;
    const bh_pointf *points = any_points(&count);
    return fuzz_status(bh_painter_draw_polyline(PAINTER, points, count));
}

static fuzz_result run_bh_painter_draw_polygon(void)
{
    size_t count;
    const bh_pointf *points = any_points(&count);
    return fuzz_status(bh_painter_draw_polygon(PAINTER, points, count));
}

const fuzz_entry fuzz_paint_entries[] = {
    FUZZ_ENTRY(bh_palette_color),
    FUZZ_ENTRY(bh_painter_set_pen),
    FUZZ_ENTRY(bh_painter_set_brush),
    FUZZ_ENTRY(bh_painter_set_font),
    FUZZ_ENTRY(bh_painter_set_antialiasing),
    FUZZ_ENTRY(bh_painter_clip_rect),
    FUZZ_ENTRY(bh_painter_translate),
    FUZZ_ENTRY(bh_painter_rotate),
    FUZZ_ENTRY(bh_painter_save),
    FUZZ_ENTRY(bh_painter_restore),
    FUZZ_ENTRY(bh_painter_draw_line),
    FUZZ_ENTRY(bh_painter_draw_rect),
    FUZZ_ENTRY(bh_painter_draw_rounded_rect),
    FUZZ_ENTRY(bh_painter_draw_ellipse),
    FUZZ_ENTRY(bh_painter_fill_rect),
    FUZZ_ENTRY(bh_painter_draw_polyline),
    FUZZ_ENTRY(bh_painter_draw_polygon),
    FUZZ_ENTRY(bh_painter_draw_text),
    FUZZ_ENTRY(bh_painter_get_scale),
    FUZZ_ENTRY(bh_painter_text_size),
    {NULL, NULL, 0},
};
