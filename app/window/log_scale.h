/* The switch beside a chart that makes its y axis logarithmic. It can be set only where all values are above 0: a curve that ends where it
 * gets to 0 would not be the whole of it. */
#ifndef APP_WINDOW_LOG_SCALE_H
#define APP_WINDOW_LOG_SCALE_H

#include <bulkhead/bulkhead.h>

typedef struct log_scale {
    bh_object *box, *chart;
    double least; /* value of the chart */
    bool on;      /* the chart's axis is logarithmic now */
} log_scale;

/* The box, NAME, under PARENT; the chart may come later, and SELF must live as long as the box. */
void log_scale_make(log_scale *self, bh_object *parent, const char *name);
void log_scale_set_chart(log_scale *self, bh_object *chart);

/* The least value that the chart has; INFINITY: it has none. What is wanted holds again when it can. */
void log_scale_set_least(log_scale *self, double least);

#endif
