/* The environment of workers: the program's, with what the pool's options change, the thread counts of numeric libraries, and the depth. */
#include "base/memory.h"
#include "process/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const thread_counts[] = {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"};
enum { COUNTS = sizeof thread_counts / sizeof thread_counts[0] };

static size_t name_length(const char *entry)
{
    return strcspn(entry, "=");
}

static size_t find(char **list, size_t count, const char *entry)
{
    size_t length = name_length(entry);
    for (size_t i = 1; i < count; i++)
        if (name_length(list[i]) == length && strncmp(list[i], entry, length) == 0)
            return i;
    return count;
}

/* Sets, or with a name alone removes. False without memory. */
static bool change(char **list, size_t *count, const char *entry)
{
    size_t at = find(list, *count, entry);
    bool sets = strchr(entry, '=') != NULL;
    char *copy = sets ? bh__strdup(entry) : NULL;
    if (sets && !copy)
        return false;
    if (at < *count)
        bh__free(list[at]);
    if (sets) {
        list[at] = copy;
        *count += at == *count;
    } else if (at < *count) {
        list[at] = list[--*count];
    }
    list[*count] = NULL;
    return true;
}

static bool change_number(char **list, size_t *count, const char *name, int number)
{
    char entry[64];
    snprintf(entry, sizeof entry, "%s=%d", name, number);
    return change(list, count, entry);
}

static bool fill(char **list, const char *const *changes, int threads, int depth)
{
    size_t count = 1;
    bool well = true;
    for (char **entry = environ; well && entry && *entry; entry++) {
        list[count] = bh__strdup(*entry);
        well = list[count] != NULL;
        count += well;
    }
    for (size_t i = 0; well && threads > 0 && i < COUNTS; i++)
        well = change_number(list, &count, thread_counts[i], threads);
    for (; well && changes && *changes; changes++)
        well = change(list, &count, *changes);
    return well && change_number(list, &count, BH__DEPTH_VARIABLE, depth);
}

char **bh__environment_make(const char *const *changes, int threads, int depth)
{
    size_t most = 3 + COUNTS;
    for (char **entry = environ; entry && *entry; entry++)
        most++;
    for (const char *const *entry = changes; entry && *entry; entry++)
        most++;
    char **list = bh__calloc(most, sizeof *list);
    if (!list || fill(list, changes, threads, depth))
        return list;
    bh__environment_free(list);
    return NULL;
}

void bh__environment_free(char **environment)
{
    for (char **entry = environment ? environment + 1 : NULL; entry && *entry; entry++)
        bh__free(*entry);
    bh__free(environment);
}

char **bh__environment_copy(const char *const *changes)
{
    size_t count = 0, size = 0;
    for (; changes && changes[count]; count++)
        size += strlen(changes[count]) + 1;
    char **copy = bh__malloc((count + 1) * sizeof *copy + size);
    char *text = copy ? (char *)(copy + count + 1) : NULL;
    for (size_t i = 0; copy && i < count; i++) {
        size_t length = strlen(changes[i]) + 1;
        copy[i] = memcpy(text, changes[i], length);
        text += length;
    }
    if (copy)
        copy[count] = NULL;
    return copy;
}
