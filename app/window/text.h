/* Numbers, sizes and times as people read them. Each fills OUT and returns it. */
#ifndef APP_WINDOW_TEXT_H
#define APP_WINDOW_TEXT_H

#include <stddef.h>
#include <stdint.h>

enum { TEXT_SIZE = 48 };

const char *text_count(int64_t count, char out[TEXT_SIZE]);    /* "20,190" */
const char *text_bytes(int64_t bytes, char out[TEXT_SIZE]);    /* "12.3 MB" */
const char *text_seconds(double seconds, char out[TEXT_SIZE]); /* "12 s", "3 min 20 s", "2 h 5 min" */

/* TEXT, or its two ends around "…" where it has more than LETTERS; SIZE of OUT should be four bytes a letter. */
const char *text_short(const char *text, size_t letters, char *out, size_t size);

/* The same for a run. What is varied in a grid stands behind the last ": ", and is what its runs differ in: that stays as long as it fits,
 * and then its values: "first: 0.1, 3". */
const char *text_short_run(const char *name, size_t letters, char *out, size_t size);

/* The last part of a path or address. */
const char *text_base(const char *path);

#endif
