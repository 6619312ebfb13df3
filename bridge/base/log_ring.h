/* The last lines of the log, for the record of a crash: kept without a lock, so that a handler of signals can read them. */
#ifndef BASE_LOG_RING_H
#define BASE_LOG_RING_H

#include <bulkhead/log.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { BH__LOG_RING_LINES = 64, BH__LOG_RING_SIZE = 240 };

/* "warning: qt: text", cut to the size. Any thread. */
void bh__log_ring_add(bh_log_level level, const char *category, const char *line);

/* Copies the line that stands PLACE lines before the newest (0), if it is there and nobody writes it just now. In a handler too. */
BH_API bool bh__log_ring_get(unsigned place, char out[BH__LOG_RING_SIZE]);

#ifdef __cplusplus
}
#endif
#endif
