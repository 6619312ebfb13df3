/* The version of these headers, and of the library that runs. */
#ifndef BULKHEAD_VERSION_H
#define BULKHEAD_VERSION_H

#include <bulkhead/status.h>

#define BH_VERSION_MAJOR 0
#define BH_VERSION_MINOR 1
#define BH_VERSION_PATCH 0
#define BH_VERSION_STRING "0.1.0"

#ifdef __cplusplus
extern "C" {
#endif

/* The running library's version, "0.1.0". A static string. Any thread. */
BH_API const char *bh_version(void);

#ifdef __cplusplus
}
#endif
#endif
