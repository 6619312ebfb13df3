/* One who sees all that fails and all that is logged, beside the hook and the handler of the program and without taking anything from
 * them: the probe of the checklist. */
#ifndef BASE_OBSERVER_H
#define BASE_OBSERVER_H

#include <bulkhead/log.h>
#include <bulkhead/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Called on any thread, before hook and handler, and not under a lock. What they do themselves must not fail or log. */
typedef struct bh__observer {
    void (*failed)(const bh_error *error);
    void (*logged)(bh_log_level level, const char *category, const char *line);
} bh__observer;

/* From now on; it stays for the life of the process. */
BH_API void bh__observe(const bh__observer *observer);

/* For those who tell it: does nothing without an observer. */
void bh__observer_failed(const bh_error *error);
void bh__observer_logged(bh_log_level level, const char *category, const char *line);

#ifdef __cplusplus
}
#endif
#endif
