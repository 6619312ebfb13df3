/* The rows of the checklist: what each says, and how it is judged. */
#ifndef CHECKLIST_ROWS_H
#define CHECKLIST_ROWS_H

#include "checklist/look.h"

enum { BH__SEEN = 1024 };

/* One row being probed. LOOK is of the program's latest process; the judge need not end it. */
typedef struct bh__judging {
    const bh__look_at *at;
    bh__look look;
    char seen[BH__SEEN];
} bh__judging;

typedef struct bh__row {
    const char *name, *list, *practice, *why, *here;
    bool (*judge)(bh__judging *self); /* true: it passes; SEEN says what was seen, either way */
} bh__row;

/* All of them, in the document's order; ended by one without a name. */
extern const bh__row bh__rows[];

/* rows_judge.c: what judges share. SEEN becomes what FORMAT says; the result is what the judge is to return. */
bool bh__passes(bh__judging *self, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool bh__fails(bh__judging *self, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A look at the program with ACTION, which is over when it returns. False, and SEEN says why, if it could not be started,
 * crashed, took too long, never called bh_app_create or showed no window. */
bool bh__see(bh__judging *self, const char *action);

/* The same for those that may end as they like. False only if it could not be started, or was stopped. */
bool bh__see_any_end(bh__judging *self, const char *action, const char *const *words);

/* A number behind NAME= in a line of the latest look that begins with BEGINS; -1: there is none. */
int bh__number(const bh__judging *self, const char *begins, const char *name);

/* The first line of a failure that IS(line) says yes to; NULL: none. */
const char *bh__find_failure(const bh__judging *self, bool (*is)(const char *line));

/* The rows' judges. */
bool bh__judge_main(bh__judging *self);
bool bh__judge_freeze(bh__judging *self);
bool bh__judge_close(bh__judging *self);
bool bh__judge_threads(bh__judging *self);
bool bh__judge_finally(bh__judging *self);
bool bh__judge_atexit(bh__judging *self);
bool bh__judge_signals(bh__judging *self);
bool bh__judge_staged(bh__judging *self);
bool bh__judge_do_main(bh__judging *self);
bool bh__judge_do_freeze(bh__judging *self);
bool bh__judge_do_delay(bh__judging *self);
bool bh__judge_do_window(bh__judging *self);
bool bh__judge_dont_module(bh__judging *self);
bool bh__judge_dont_qt(bh__judging *self);
bool bh__judge_dont_global(bh__judging *self);
bool bh__judge_dont_ui(bh__judging *self);

#endif
