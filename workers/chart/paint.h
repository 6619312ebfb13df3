/* What the parts of the painting share. */
#ifndef CHART_PAINT_H
#define CHART_PAINT_H

#include "chart/chart.h"

typedef struct bh__painting {
    bh__chart *chart;
    bh_painter *painter;
    bh_size size;
    bh_rect plot;
    int line;     /* height of a line of text */
    double scale; /* device pixels per pixel */
    bool dark;
    bh_color paper, ink, accent;
} bh__painting;

/* INK on PAPER, SHARE of it (0 to 1). */
bh_color bh__blend(bh_color paper, bh_color ink, double share);
bh_color bh__series_color(bool dark, const bh__series *series);
bool bh__is_dark(bh_color paper, bh_color ink);
int bh__text_width(const bh__painting *p, const char *text);
void bh__draw_text(const bh__painting *p, bh_color color, bh_rect place, int alignment, const char *text);

/* The cursor's line, its points and its box (readout.c). */
void bh__paint_readout(const bh__painting *p);

/* The lines of all series (lines.c). */
void bh__paint_lines(const bh__painting *p);

#endif
