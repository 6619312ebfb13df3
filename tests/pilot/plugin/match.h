/* From a selector to what it means, now. Nothing found is kept: the next attempt looks again. */
#ifndef PILOT_MATCH_H
#define PILOT_MATCH_H

#include "look.h"
#include "session.h"

enum { MATCH_MAX = 64 };

typedef struct matches {
    size_t count; /* may be more than fit */
    bool shown;   /* they are visible ones */
    node nodes[MATCH_MAX];
} matches;

/* Visible ones; or, if there is none, hidden ones. */
void match_all(const selector *wanted, matches *out);

/* How many visible ones the text matches. False with self->why: it is no selector. */
bool match_count(request *self, const char *text, size_t *count);

/* The one of field `field`. OUTCOME_DONE with self->target set, OUTCOME_AGAIN with the sentence, OUTCOME_WRONG. An empty selector means the
   window in front. */
outcome match_one(request *self, size_t field);

/* A selector that finds this widget only, the shortest there is. */
void unique_selector(void *widget, buffer *out);
void unique_node(const node *what, buffer *out);

/* What names a part within its host, as choose() takes it: its text, its path, or row and column. */
void unique_part(const node *what, buffer *out);

/* Whether TEXT means this widget and no other. */
bool unique_is(const char *text, void *widget);

/* What was nearly it. */
void match_near(const selector *wanted, buffer *out);

/* The widgets below (and with) one as text; NULL: all windows that show. */
void tree_text(void *widget, buffer *out);
void tree_line(void *widget, buffer *out);

/* What keeps people and tests from finding their way: a line each. */
void lint_text(buffer *out);

bool node_visible(const node *what);
bool node_enabled(const node *what);
rect node_rect(const node *what);

#endif
