/* Allocation, with the injected failure of the Nth one for the fault tests. */
#include "base/memory.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static atomic_long countdown; /* 0: no failure is planned */
static atomic_bool failed;

static bool fails_now(void)
{
    if (atomic_load_explicit(&countdown, memory_order_relaxed) == 0)
        return false;
    if (atomic_fetch_sub(&countdown, 1) != 1)
        return false;
    atomic_store(&failed, true);
    return true;
}

void bh__fail_allocation(long count)
{
    atomic_store(&failed, false);
    atomic_store(&countdown, count > 0 ? count : 0);
}

bool bh__allocation_failed(void)
{
    return atomic_load(&failed);
}

void *bh__malloc(size_t size)
{
    return fails_now() ? NULL : malloc(size ? size : 1);
}

void *bh__calloc(size_t count, size_t size)
{
    return fails_now() ? NULL : calloc(count ? count : 1, size ? size : 1);
}

void *bh__realloc(void *memory, size_t size)
{
    return fails_now() ? NULL : realloc(memory, size ? size : 1);
}

char *bh__strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = bh__malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}

void bh__free(void *memory)
{
    free(memory);
}
