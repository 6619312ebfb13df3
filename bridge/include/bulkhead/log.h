/* The log: one line a message, with level and category. The default handler writes to stderr. */
#ifndef BULKHEAD_LOG_H
#define BULKHEAD_LOG_H

#include <bulkhead/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum bh_log_level { BH_LOG_DEBUG, BH_LOG_INFO, BH_LOG_WARNING, BH_LOG_ERROR } bh_log_level;

/* Where lines go. Runs on the thread that logs, one line at a time: the library holds the log's lock meanwhile, so what the
 * handler logs itself goes to stderr. LINE is UTF-8 without a line end and valid during the call. */
typedef struct bh_log_handler {
    void (*write)(bh_log_level level, const char *category, const char *line, void *user);
    void *user;
} bh_log_handler;

/* Installs a handler and returns the previous one. A NULL write restores the default: "bulkhead: warning: qt: …" on stderr,
 * debug lines left out unless the environment has BH_LOG=debug. Any thread. */
BH_API bh_log_handler bh_set_log_handler(bh_log_handler handler);

/* Writes one line. CATEGORY is a short word ("app", "qt"); NULL means "app". FORMAT as printf's. Any thread. */
BH_API void bh_log(bh_log_level level, const char *category, const char *format, ...) __attribute__((format(printf, 3, 4)));

#ifdef __cplusplus
}
#endif
#endif
