/* A heap of things that carry its links themselves: adding and removing allocates nothing, so it cannot fail. A pairing heap (Fredman,
 * Sedgewick, Sleator, Tarjan 1986). */
#ifndef PROCESS_HEAP_H
#define PROCESS_HEAP_H

#include <stdbool.h>
#include <stddef.h>

typedef struct bh__heap_node {
    struct bh__heap_node *child;    /* the first of those that come later */
    struct bh__heap_node *next;     /* sibling */
    struct bh__heap_node *previous; /* sibling, or the parent of a first child */
} bh__heap_node;

typedef bool bh__before(const bh__heap_node *a, const bh__heap_node *b);

typedef struct bh__heap {
    bh__heap_node *first; /* NULL: empty */
    bh__before *before;
    size_t count;
} bh__heap;

void bh__heap_add(bh__heap *heap, bh__heap_node *node);
void bh__heap_remove(bh__heap *heap, bh__heap_node *node); /* one that is in it */
bh__heap_node *bh__heap_take(bh__heap *heap);              /* removes the first; NULL: empty */

#endif
