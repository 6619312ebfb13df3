/* Small text helpers for sentences. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <bulkhead/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Copies at most SIZE - 1 bytes, never half a UTF-8 character, and ends with 0. NULL copies as "". */
BH_API void bh__copy_text(char *out, size_t size, const char *text);

/* Makes TEXT one line of valid UTF-8, in place: line ends become spaces, and each byte that belongs to no character a '?'. */
BH_API void bh__clean_text(char *text);

/* How many of SIZE bytes, from the first on, are UTF-8 without a 0 among them: SIZE if all are. A 0 must stand behind them. */
BH_API size_t bh__utf8_prefix(const char *text, size_t size);

/* Appends printf-like text at the end of OUT, as far as it fits. */
BH_API void bh__append_text(char *out, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Finds the nearest of several names to a wrong one: start with bh__nearest_begin, offer all, then ask. */
typedef struct bh__nearest {
    const char *wanted;
    char best[64];
    int distance;
} bh__nearest;

BH_API void bh__nearest_begin(bh__nearest *nearest, const char *wanted);
BH_API void bh__nearest_offer(bh__nearest *nearest, const char *name);

/* "; did you mean 'value'?" in OUT, or "" if nothing is near. Returns OUT. */
BH_API const char *bh__nearest_hint(const bh__nearest *nearest, char *out, size_t size);

#ifdef __cplusplus
}
#endif
#endif
