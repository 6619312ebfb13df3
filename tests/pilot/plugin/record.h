/* Watches a person, and says what that was as lines of a script. */
#ifndef PILOT_RECORD_H
#define PILOT_RECORD_H

#include "look.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum seen_kind {
    SEEN_PRESS,
    SEEN_DOUBLE,
    SEEN_RELEASE,
    SEEN_DROP,  /* the release at the end of a drag that the program itself leads */
    SEEN_FILES, /* that come from another program */
    SEEN_MOVE,
    SEEN_WHEEL,
    SEEN_KEY,
    SEEN_SHORTCUT, /* the same key, as it is offered before it is delivered */
    SEEN_WRITTEN,  /* text without keys: of an input method */
    SEEN_CLOSE
} seen_kind;

typedef struct seen {
    seen_kind kind;
    bool again;   /* the widget before left it to this one, its parent */
    void *widget; /* that gets it */
    int x, y;     /* in it */
    int global_x, global_y;
    int dx, dy; /* of a wheel: eighths of a degree */
    int button, key, modifiers;
    const char *text;    /* of keys: their name; of files: their paths, a line each */
    const char *letters; /* of keys: what they write */
} seen;

bool record_is_on(void);
bool record_seen(const seen *what); /* before the widget gets it; true: it shall not */
void record_end(void);

#ifdef __cplusplus
}
#endif
#endif
