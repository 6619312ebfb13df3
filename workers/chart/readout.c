/* The read-out: a line at the cursor, a dot on each series, and a box with the values. */
#include "chart/paint.h"

#include <math.h>
#include <stdio.h>

enum { PAD = 8, SWATCH = 10, LONGEST_NAME = 240, AWAY = 14, MOST_ROWS = 16 };

typedef struct row {
    const bh__series *series;
    char value[BH__NUMBER_SIZE];
    int value_width;
} row;

typedef struct readout {
    int count, more; /* rows, and how many have no room */
    row rows[MOST_ROWS];
    char title[128 + BH__NUMBER_SIZE + 1];
    bh_rect box;
} readout;

static void paint_dots(const bh__painting *p)
{
    const bh__chart *chart = p->chart;
    for (int i = 0; i < chart->count; i++) {
        const bh__series *series = &chart->series[i];
        size_t at;
        if (!bh__chart_point_at(series, chart->cursor, &at) || !(series->y[at] > 0 || !chart->log_y))
            continue;
        double x = bh__axis_pixel(&chart->x, series->x[at]), y = bh__axis_pixel(&chart->y, series->y[at]);
        if (!(y >= p->plot.y - 1 && y <= p->plot.y + p->plot.height + 1 && x >= p->plot.x - 1 &&
              x <= p->plot.x + p->plot.width + 1))
            continue;
        (bh_painter_set_pen)(p->painter, p->paper, 2, BH_PEN_SOLID);
        (bh_painter_set_brush)(p->painter, bh__series_color(p->dark, series));
        (bh_painter_draw_ellipse)(p->painter, x - 4.5, y - 4.5, 9, 9);
    }
}

static void collect(const bh__painting *p, readout *out, int most)
{
    const bh__chart *chart = p->chart;
    for (int i = 0; i < chart->count; i++) {
        size_t at;
        if (!bh__chart_point_at(&chart->series[i], chart->cursor, &at))
            continue;
        if (out->count == most) {
            out->more++;
            continue;
        }
        row *next = &out->rows[out->count++];
        next->series = &chart->series[i];
        bh__value_text(next->series->y[at], next->value);
        next->value_width = bh__text_width(p, next->value);
    }
}

/* Beside the cursor, on the side where there is more room, and in the plot as far as it fits. */
static void place_box(const bh__painting *p, readout *out, double cursor)
{
    int names = 0, values = 0, title = bh__text_width(p, out->title);
    for (int i = 0; i < out->count; i++) {
        int name = bh__text_width(p, out->rows[i].series->name);
        names = name > names ? name : names;
        values = out->rows[i].value_width > values ? out->rows[i].value_width : values;
    }
    names = names < LONGEST_NAME ? names : LONGEST_NAME;
    int inner = SWATCH + PAD + names + 2 * PAD + values;
    out->box.width = (inner > title ? inner : title) + 2 * PAD;
    out->box.height = (out->count + 1 + (out->more > 0)) * (p->line + 2) + 2 * PAD - 2;
    bool left = cursor > p->plot.x + p->plot.width / 2.0;
    int x = (int)(left ? cursor - AWAY - out->box.width : cursor + AWAY), last = p->size.width - out->box.width - 2;
    out->box.x = x < 2 ? 2 : x > last ? last : x;
    out->box.y = p->plot.y + 4;
}

static void paint_box(const bh__painting *p, const readout *out)
{
    bh_color paper = p->dark ? bh__blend(p->paper, p->ink, 0.1) : p->paper;
    int x = out->box.x + PAD, y = out->box.y + PAD, inner = out->box.width - 2 * PAD;
    paper.alpha = 240;
    (bh_painter_set_pen)(p->painter, bh__blend(p->paper, p->ink, 0.28), 1, BH_PEN_SOLID);
    (bh_painter_set_brush)(p->painter, paper);
    (bh_painter_draw_rounded_rect)(p->painter, out->box.x + 0.5, out->box.y + 0.5, out->box.width, out->box.height, 5);
    bh__draw_text(p, bh__blend(p->paper, p->ink, 0.65), BH_RECT(x, y, inner, p->line), BH_ALIGN_LEFT | BH_TEXT_ELIDE, out->title);
    for (int i = 0; i < out->count; i++) {
        const row *each = &out->rows[i];
        int named = inner - SWATCH - 2 * PAD - each->value_width;
        y += p->line + 2;
        (bh_painter_set_pen)(p->painter, bh__series_color(p->dark, each->series), 3, BH_PEN_SOLID);
        (bh_painter_draw_line)(p->painter, x + 1, y + p->line / 2.0, x + SWATCH - 1, y + p->line / 2.0);
        bh__draw_text(p, p->ink, BH_RECT(x + SWATCH + PAD, y, named, p->line), BH_ALIGN_LEFT | BH_TEXT_ELIDE, each->series->name);
        bh__draw_text(p, p->ink, BH_RECT(x, y, inner, p->line), BH_ALIGN_RIGHT, each->value);
    }
    if (out->more) {
        char more[32];
        snprintf(more, sizeof more, "and %d more", out->more);
        bh__draw_text(p, bh__blend(p->paper, p->ink, 0.65), BH_RECT(x, y + p->line + 2, inner, p->line), BH_ALIGN_LEFT, more);
    }
}

void bh__paint_readout(const bh__painting *p)
{
    const bh__chart *chart = p->chart;
    readout out = {0};
    char number[BH__NUMBER_SIZE];
    double cursor = isnan(chart->cursor) ? NAN : bh__axis_pixel(&chart->x, chart->cursor);
    if (!(cursor >= p->plot.x - 1 && cursor <= p->plot.x + p->plot.width + 1))
        return;
    (bh_painter_fill_rect)(p->painter, BH_RECT((int)lround(cursor), p->plot.y, 1, p->plot.height),
                           bh__blend(p->paper, p->ink, 0.45));
    paint_dots(p);
    int most = (p->plot.height - 2 * PAD) / (p->line + 2) - 2;
    collect(p, &out, most < 1 ? 1 : most < MOST_ROWS ? most : MOST_ROWS);
    if (!out.count)
        return;
    bh__value_text(chart->cursor, number);
    snprintf(out.title, sizeof out.title, "%s%s%s", chart->x_title, chart->x_title[0] ? " " : "", number);
    place_box(p, &out, cursor);
    paint_box(p, &out);
}
