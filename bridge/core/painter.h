/* Painting: a widget's paint function, with its painter. */
#ifndef CORE_PAINTER_H
#define CORE_PAINTER_H

#include "core/object.h"

#include <bulkhead/painter.h>

typedef void (*bh__paint_function)(bh_object *self, void *user, bh_painter *painter, bh_size size);

/* Reports and returns true while a widget is painted, where no widget may be moved to another parent and no events handled. */
bool bh__refuse_painting(const char *call);

/* Runs PAINT as a handler with a painter on QPAINTER, which is stale afterwards. What it saved and did not restore is restored. */
void bh__paint(bh_object *widget, bhs_object *qt, void *qpainter, bh__paint_function paint, void *user, bh_size size);

#endif
