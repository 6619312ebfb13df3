/* Inside the libraries: whether the log's handler runs, and lines that do not wait for it. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/tls.h"

#include <bulkhead/log.h>

/* True while a log handler runs on the calling thread. */
BH_API extern BH_THREAD_LOCAL bool bh__log_runs BH__TLS;
static inline bool bh__in_log(void)
{
    return bh__log_runs;
}

/* A line that is not written (false) if somebody holds the log for longer than WAIT_MS, as who hangs in a handler of it does; REMEMBER: it is
 * among the last lines in any case. */
BH_API bool bh__log_within(int wait_ms, bool remember, bh_log_level level, const char *category, const char *line);

#endif
