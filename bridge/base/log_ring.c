/* The last lines of the log. Who adds a line takes the next number; its number stands before it once it is whole, and 0 meanwhile. */
#include "base/log_ring.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { WORDS = BH__LOG_RING_SIZE / sizeof(uint64_t) };

static atomic_uint count; /* lines that were begun */
static struct {
    atomic_uint number;
    _Atomic uint64_t text[WORDS];
} ring[BH__LOG_RING_LINES];

void bh__log_ring_add(bh_log_level level, const char *category, const char *line)
{
    static const char *const names[] = {"debug", "info", "warning", "error"};
    char text[BH__LOG_RING_SIZE];
    uint64_t words[WORDS] = {0};
    snprintf(text, sizeof text, "%s: %.40s: %s", names[level], category, line);
    memcpy(words, text, strlen(text) + 1);
    unsigned number = atomic_fetch_add(&count, 1) + 1, at = number % BH__LOG_RING_LINES;
    atomic_store(&ring[at].number, 0);
    for (size_t i = 0; i < WORDS; i++)
        atomic_store_explicit(&ring[at].text[i], words[i], memory_order_release);
    atomic_store(&ring[at].number, number);
}

bool bh__log_ring_get(unsigned place, char out[BH__LOG_RING_SIZE])
{
    unsigned newest = atomic_load(&count);
    if (place >= BH__LOG_RING_LINES || place >= newest)
        return false;
    unsigned number = newest - place, at = number % BH__LOG_RING_LINES;
    if (atomic_load(&ring[at].number) != number)
        return false;
    for (size_t i = 0; i < WORDS; i++) {
        uint64_t word = atomic_load_explicit(&ring[at].text[i], memory_order_acquire);
        memcpy(out + i * sizeof word, &word, sizeof word);
    }
    out[BH__LOG_RING_SIZE - 1] = 0;
    return atomic_load(&ring[at].number) == number;
}
