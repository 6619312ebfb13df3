/* Memory that can be made to fail: in tests the Nth allocation, so that each failure path runs. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <bulkhead/status.h>

#ifdef __cplusplus
extern "C" {
#endif

BH_API void *bh__malloc(size_t size);
BH_API void *bh__calloc(size_t count, size_t size);
BH_API void *bh__realloc(void *memory, size_t size);
BH_API char *bh__strdup(const char *text);
BH_API void bh__free(void *memory);

/* The COUNTth allocation from now on (counted from 1, over all threads) fails, and only that one; 0: none does. */
BH_API void bh__fail_allocation(long count);

/* True once that allocation has failed. */
BH_API bool bh__allocation_failed(void);

#ifdef __cplusplus
}
#endif
#endif
