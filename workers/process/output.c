/* The ring of a worker's output. */
#include "process/output.h"

#include "base/memory.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void bh__output_init(bh__output *output, size_t size)
{
    *output = (bh__output){.kept = size ? bh__malloc(size) : NULL};
    output->size = output->kept ? size : 0;
}

void bh__output_free(bh__output *output)
{
    bh__free(output->kept);
    output->kept = NULL;
    output->size = 0;
}

void bh__output_add(bh__output *output, const char *bytes, size_t count)
{
    output->total += count;
    if (!output->size)
        return;
    if (count > output->size) {
        bytes += count - output->size;
        count = output->size;
    }
    size_t at = (size_t)((output->total - count) % output->size);
    size_t first = count < output->size - at ? count : output->size - at;
    memcpy(output->kept + at, bytes, first);
    memcpy(output->kept, bytes + first, count - first);
}

bool bh__output_read(bh__output *output, int descriptor)
{
    enum { MOST = 16 }; /* reads in a row: who prints without end must not keep the others waiting */
    char bytes[4096];
    for (int i = 0; i < MOST; i++) {
        ssize_t got = read(descriptor, bytes, sizeof bytes);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got < 0 && errno == EAGAIN;
        bh__output_add(output, bytes, (size_t)got);
    }
    return true;
}

size_t bh__output_length(const bh__output *output)
{
    uint64_t since = output->total - output->mark;
    return since < output->size ? (size_t)since : output->size;
}

void bh__output_copy(const bh__output *output, char *out, size_t length)
{
    for (size_t i = 0; i < length; i++)
        out[i] = output->kept[(output->total - length + i) % output->size];
}
