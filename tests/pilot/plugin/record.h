/* Watches a person, and says what that was as lines of a script. */
#ifndef PILOT_RECORD_H
#define PILOT_RECORD_H

#include "look.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum seen_kind { SEEN_PRESS, SEEN_DOUBLE, SEEN_RELEASE, SEEN_MOVE, SEEN_KEY, SEEN_SHORTCUT, SEEN_CLOSE } seen_kind;

typedef struct seen {
    seen_kind kind;
    void *widget; /* that gets it first */
    int x, y, button, key, modifiers;
    const char *text; /* of keys: their name */
} seen;

bool record_is_on(void);
bool record_seen(const seen *what); /* before the widget gets it; true: it shall not */
void record_end(void);

#ifdef __cplusplus
}
#endif
#endif
