/* The curve file of a run: a line for each round, as they come. Lines are of one length, so the round tells the place; after a death at any
 * moment all whole lines are good. It reads as CSV, too. One writer at a time: it holds a lock, which also keeps a run from being trained
 * twice at once. Any number of readers, in other processes too. */
#ifndef TRAINER_CURVE_H
#define TRAINER_CURVE_H

#include "jobs/table/table.h"

#define CURVE_NAME "curve.csv"

typedef struct curve_point {
    int round;           /* from 1 */
    double train, valid; /* NaN: there is none */
    double seconds;      /* of training up to the end of this round, resumed parts added up */
} curve_point;

typedef struct curve {
    int descriptor;
    char path[4096];
} curve;

/* Opens or makes the curve of the run in FOLDER, and locks it. Refused: somebody else trains it (BH_ERROR_STATE). */
bh_status curve_open(curve *self, const char *folder, table_error *error);

/* Forgets what comes after ROUNDS. What is before is not looked at. */
bh_status curve_cut(curve *self, int rounds, table_error *error);
bh_status curve_add(curve *self, const curve_point *point, table_error *error);
bh_status curve_sync(curve *self, table_error *error);
void curve_close(curve *self);

/* At most ROOM points of the curve in FOLDER, from round AFTER + 1 on, to POINTS; COUNT how many. None, with BH_OK, if there is no curve
 * yet. Stops before a line that is not whole or damaged. */
bh_status curve_read(const char *folder, int after, curve_point *points, size_t room, size_t *count, table_error *error);

#endif
