/* How the chart looks: paper, axes, legend. */
#include "chart/paint.h"

#include "core/door.h"

#include <bulkhead/property.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { EDGE = 12, GAP = 6, SWATCH = 18, LONGEST_NAME = 200, LEAST_PLOT = 24, TICK_ROOM = 84 };

bh_color bh__blend(bh_color paper, bh_color ink, double share)
{
    return BH_RGB((uint8_t)lround(paper.red + (ink.red - paper.red) * share),
                  (uint8_t)lround(paper.green + (ink.green - paper.green) * share),
                  (uint8_t)lround(paper.blue + (ink.blue - paper.blue) * share));
}

/* Hues that colour-blind people tell apart (after Okabe and Ito), darkened or lightened until they stand out from the paper. */
bh_color bh__series_color(bool is_dark, const bh__series *series)
{
    static const bh_color light[BH_CHART_COLORS] = {{0, 114, 178, 255},  {213, 94, 0, 255},  {0, 138, 100, 255},
                                                    {184, 84, 146, 255}, {160, 112, 0, 255}, {58, 155, 209, 255},
                                                    {92, 70, 160, 255},  {90, 90, 90, 255}};
    static const bh_color dark[BH_CHART_COLORS] = {{86, 170, 230, 255},  {240, 138, 75, 255}, {60, 199, 154, 255},
                                                   {230, 150, 200, 255}, {235, 195, 80, 255}, {155, 215, 245, 255},
                                                   {180, 160, 235, 255}, {190, 190, 190, 255}};
    return is_dark ? dark[series->color] : light[series->color];
}

int bh__text_width(const bh__painting *p, const char *text)
{
    bh_size size = {0, 0};
    (bh_painter_text_size)(p->painter, text, &size);
    return size.width;
}

void bh__draw_text(const bh__painting *p, bh_color color, bh_rect place, int alignment, const char *text)
{
    if (place.width <= 0 || place.height <= 0)
        return;
    (bh_painter_set_pen)(p->painter, color, 1, BH_PEN_SOLID);
    (bh_painter_draw_text)(p->painter, place, alignment, text);
}

bool bh__is_dark(bh_color paper, bh_color ink)
{
    return paper.red + paper.green + paper.blue < ink.red + ink.green + ink.blue;
}

static bh__painting begin(bh__chart *chart, bh_painter *painter, bh_size size)
{
    bh__painting p = {.chart = chart, .painter = painter, .size = size};
    bh_size letter = {0, 0};
    (bh_palette_color)(chart->widget, BH_ROLE_BASE, &p.paper);
    (bh_palette_color)(chart->widget, BH_ROLE_TEXT, &p.ink);
    (bh_palette_color)(chart->widget, BH_ROLE_HIGHLIGHT, &p.accent);
    p.dark = bh__is_dark(p.paper, p.ink);
    (bh_painter_text_size)(painter, "0", &letter);
    (bh_painter_get_scale)(painter, &p.scale);
    p.line = letter.height;
    (bh_painter_fill_rect)(painter, BH_RECT(0, 0, size.width, size.height), p.paper);
    return p;
}

static bool has_points(const bh__chart *chart)
{
    for (int i = 0; i < chart->count; i++)
        if (chart->series[i].count)
            return true;
    return false;
}

bh_status(bh_chart_get_series_color)(const bh_object *chart, int number, bh_color *color)
{
    static const char call[] = "bh_chart_get_series_color";
    const bh__series *series = bh__chart_series(chart, number, call);
    bh_color paper, ink;
    if (color)
        *color = BH_RGB(0, 0, 0);
    if (!series)
        return bh__last_status();
    if (!color)
        return bh__fail(BH_ERROR_NULL, call, "color is NULL: pass a place for the result");
    (bh_palette_color)(chart, BH_ROLE_BASE, &paper);
    (bh_palette_color)(chart, BH_ROLE_TEXT, &ink);
    *color = bh__series_color(bh__is_dark(paper, ink), series);
    return BH_OK;
}

/* --- the legend */

static void paint_entry(const bh__painting *p, const bh__series *series, bh_rect place)
{
    bh_color color = bh__series_color(p->dark, series);
    double middle = place.y + place.height / 2.0;
    (bh_painter_set_pen)(p->painter, series->visible ? color : bh__blend(p->paper, p->ink, 0.25), 2.5,
                         (bh_pen_style)series->style);
    (bh_painter_draw_line)(p->painter, place.x + 1, middle, place.x + SWATCH - 1, middle);
    bh__draw_text(p, bh__blend(p->paper, p->ink, series->visible ? 0.85 : 0.4),
                  BH_RECT(place.x + SWATCH + GAP, place.y, place.width - SWATCH - GAP, place.height),
                  BH_ALIGN_LEFT | BH_ALIGN_VCENTER | BH_TEXT_ELIDE, series->name);
}

static void keep_entry(bh__chart *chart, const bh__series *series, bh_rect place)
{
    chart->legend[chart->legend_count++] = (bh__legend_entry){place, series->number};
}

/* In lines from the top of the plot, at most a third of the height. Takes its room from the plot. */
static void paint_legend(bh__painting *p)
{
    bh__chart *chart = p->chart;
    bh_rect *plot = &p->plot;
    int height = p->line + 4, x = plot->x, y = plot->y, lowest = plot->y + plot->height / 3, shown = 0;
    chart->legend_count = 0;
    for (; shown < chart->count && shown < BH__LEGEND_SHOWN; shown++) {
        const bh__series *series = &chart->series[shown];
        int width = bh__text_width(p, series->name);
        width = SWATCH + GAP + (width < LONGEST_NAME ? width : LONGEST_NAME) + 2;
        if (x > plot->x && x + width > plot->x + plot->width) {
            x = plot->x;
            y += height;
        }
        if (y + height > lowest)
            break;
        bh_rect place = {x, y, width, height};
        keep_entry(chart, series, place);
        paint_entry(p, series, place);
        x += width + 3 * GAP;
    }
    if (shown && shown < chart->count && y + height <= lowest) {
        char more[32];
        snprintf(more, sizeof more, "and %d more", chart->count - shown);
        bh__draw_text(p, bh__blend(p->paper, p->ink, 0.6), BH_RECT(x, y, plot->x + plot->width - x, height), BH_ALIGN_VCENTER,
                      more);
    }
    int used = shown ? (y + height <= lowest ? y + height : y) - plot->y + GAP : 0;
    plot->y += used;
    plot->height -= used;
}

/* --- axes */

static void paint_y_axis(const bh__painting *p, const bh__ticks *ticks)
{
    const bh_rect *plot = &p->plot;
    bh_color faint = bh__blend(p->paper, p->ink, 0.11), quiet = bh__blend(p->paper, p->ink, 0.65);
    for (int i = 0; i < ticks->count; i++) {
        char text[BH__NUMBER_SIZE];
        int y = (int)lround(bh__axis_pixel(&p->chart->y, ticks->at[i]));
        bh__tick_text(ticks->at[i], ticks->step, text);
        (bh_painter_fill_rect)(p->painter, BH_RECT(plot->x, y, plot->width, 1), faint);
        bh__draw_text(p, quiet, BH_RECT(0, y - p->line / 2, plot->x - GAP, p->line), BH_ALIGN_RIGHT | BH_ALIGN_VCENTER, text);
    }
}

static void paint_x_axis(const bh__painting *p, const bh__ticks *ticks)
{
    const bh_rect *plot = &p->plot;
    int bottom = plot->y + plot->height;
    bh_color quiet = bh__blend(p->paper, p->ink, 0.65), line = bh__blend(p->paper, p->ink, 0.4);
    (bh_painter_fill_rect)(p->painter, BH_RECT(plot->x, bottom, plot->width, 1), line);
    for (int i = 0; i < ticks->count; i++) {
        char text[BH__NUMBER_SIZE];
        int x = (int)lround(bh__axis_pixel(&p->chart->x, ticks->at[i]));
        bh__tick_text(ticks->at[i], ticks->step, text);
        int width = bh__text_width(p, text) + 2, left = x - width / 2, last = p->size.width - width;
        (bh_painter_fill_rect)(p->painter, BH_RECT(x, plot->y, 1, plot->height), bh__blend(p->paper, p->ink, 0.06));
        (bh_painter_fill_rect)(p->painter, BH_RECT(x, bottom, 1, 4), line);
        bh__draw_text(p, quiet, BH_RECT(left < last ? left : last, bottom + GAP, width, p->line), BH_ALIGN_CENTER, text);
    }
}

static bool whole_x(const bh__chart *chart)
{
    for (int i = 0; i < chart->count; i++)
        if (chart->series[i].count && !chart->series[i].whole_x)
            return false;
    return true;
}

static int widest(const bh__painting *p, const bh__ticks *ticks)
{
    int most = 0;
    for (int i = 0; i < ticks->count; i++) {
        char text[BH__NUMBER_SIZE];
        bh__tick_text(ticks->at[i], ticks->step, text);
        int width = bh__text_width(p, text);
        most = width > most ? width : most;
    }
    return most;
}

static void paint_titles(const bh__painting *p)
{
    const bh_rect *plot = &p->plot;
    bh_color color = bh__blend(p->paper, p->ink, 0.75);
    int below = plot->y + plot->height + GAP + p->line + 2;
    if (p->chart->x_title[0])
        bh__draw_text(p, color, BH_RECT(plot->x, below, plot->width, p->line), BH_ALIGN_RIGHT | BH_TEXT_ELIDE, p->chart->x_title);
    if (p->chart->y_title[0])
        bh__draw_text(p, color, BH_RECT(EDGE, plot->y - p->line - GAP, p->size.width - 2 * EDGE, p->line),
                      BH_ALIGN_LEFT | BH_TEXT_ELIDE, p->chart->y_title);
}

/* Where the plot is, once titles and numbers have their room; too small a widget goes without them. */
static void paint_axes(bh__painting *p)
{
    bh__chart *chart = p->chart;
    bh_rect *plot = &p->plot;
    bh__ticks y_ticks, x_ticks;
    bool roomy = plot->height > 6 * p->line && plot->width > 2 * TICK_ROOM;
    int above = roomy && chart->y_title[0] ? p->line + GAP : 0;
    int below = roomy ? p->line + GAP + (chart->x_title[0] ? p->line + 2 : 0) : 0;
    plot->y += above;
    plot->height -= above + below;
    chart->y.from = plot->y + plot->height;
    chart->y.to = plot->y;
    bh__axis_ticks(&chart->y, 2.4 * p->line, false, &y_ticks);
    int left = roomy ? widest(p, &y_ticks) + GAP : 0;
    plot->x += left;
    plot->width -= left;
    chart->x.from = plot->x;
    chart->x.to = plot->x + plot->width;
    if (plot->width < LEAST_PLOT || plot->height < LEAST_PLOT)
        return;
    bh__axis_ticks(&chart->x, TICK_ROOM, whole_x(chart), &x_ticks);
    if (!roomy)
        return;
    paint_y_axis(p, &y_ticks);
    paint_x_axis(p, &x_ticks);
    paint_titles(p);
}

/* Its text is on the side where it has room. */
static void paint_marker(const bh__painting *p)
{
    const bh__chart *chart = p->chart;
    const bh_rect *plot = &p->plot;
    double x = isnan(chart->marker) ? NAN : bh__axis_pixel(&chart->x, chart->marker);
    if (!(x >= plot->x && x <= plot->x + plot->width))
        return;
    int at = (int)lround(x), width = bh__text_width(p, chart->marker_text) + 2;
    bool left = at + GAP + width > plot->x + plot->width;
    (bh_painter_set_pen)(p->painter, bh__blend(p->paper, p->ink, 0.5), 1, BH_PEN_DASH);
    (bh_painter_draw_line)(p->painter, at + 0.5, plot->y, at + 0.5, plot->y + plot->height);
    if (chart->marker_text[0])
        bh__draw_text(p, bh__blend(p->paper, p->ink, 0.65), BH_RECT(left ? at - GAP - width : at + GAP, plot->y, width, p->line),
                      BH_ALIGN_CENTER, chart->marker_text);
}

static void paint_empty(const bh__painting *p)
{
    int margin = 2 * EDGE;
    bh__draw_text(p, bh__blend(p->paper, p->ink, 0.6),
                  BH_RECT(margin, margin, p->size.width - 2 * margin, p->size.height - 2 * margin),
                  BH_ALIGN_CENTER | BH_TEXT_WORD_WRAP, p->chart->empty_text);
}

static void paint_focus(const bh__painting *p)
{
    bool focus = false;
    (bh_get_bool)(p->chart->widget, "focus", &focus);
    if (!focus)
        return;
    (bh_painter_set_brush)(p->painter, BH_RGBA(0, 0, 0, 0));
    (bh_painter_set_pen)(p->painter, p->accent, 1, BH_PEN_SOLID);
    (bh_painter_draw_rect)(p->painter, 0.5, 0.5, p->size.width - 1, p->size.height - 1);
}

void bh__chart_paint(bh_object *widget, void *user, bh_painter *painter, bh_size size)
{
    bh__chart *chart = user;
    (void)widget;
    bh__painting p = begin(chart, painter, size);
    chart->update_asked = false;
    chart->legend_count = 0;
    chart->x.from = chart->x.to = 0;
    (bh_painter_set_antialiasing)(painter, true);
    if (has_points(chart)) {
        p.plot = BH_RECT(EDGE, EDGE, size.width - 2 * EDGE, size.height - 2 * EDGE);
        bh__chart_fit(chart);
        paint_legend(&p);
        paint_axes(&p);
        if (p.plot.width >= LEAST_PLOT && p.plot.height >= LEAST_PLOT) {
            bh__paint_lines(&p);
            paint_marker(&p);
            bh__paint_readout(&p);
        }
    } else {
        paint_empty(&p);
    }
    paint_focus(&p);
}
