/* Inside the libraries: whether the log's handler runs. */
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

#endif
