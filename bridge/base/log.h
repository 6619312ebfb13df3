/* Inside the libraries: whether the log's handler runs. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <bulkhead/log.h>

/* True while a log handler runs on the calling thread. */
BH_API bool bh__in_log(void);

#endif
