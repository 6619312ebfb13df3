/* The pairing heap: merging is all there is to it. */
#include "process/heap.h"

/* Of two roots, of which either may be NULL, the first; the other becomes its first child. */
static bh__heap_node *merge(const bh__heap *heap, bh__heap_node *a, bh__heap_node *b)
{
    if (!a || !b)
        return a ? a : b;
    if (heap->before(b, a)) {
        bh__heap_node *swap = a;
        a = b;
        b = swap;
    }
    b->previous = a;
    b->next = a->child;
    if (a->child)
        a->child->previous = b;
    a->child = b;
    return a;
}

/* Pairs of siblings from left to right, then all from right to left. */
static bh__heap_node *merge_all(const bh__heap *heap, bh__heap_node *first)
{
    bh__heap_node *pairs = NULL, *all = NULL;
    while (first) {
        bh__heap_node *a = first, *b = first->next;
        first = b ? b->next : NULL;
        a->next = a->previous = NULL;
        if (b)
            b->next = b->previous = NULL;
        bh__heap_node *pair = merge(heap, a, b);
        pair->next = pairs;
        pairs = pair;
    }
    while (pairs) {
        bh__heap_node *next = pairs->next;
        pairs->next = NULL;
        all = merge(heap, all, pairs);
        pairs = next;
    }
    return all;
}

void bh__heap_add(bh__heap *heap, bh__heap_node *node)
{
    *node = (bh__heap_node){NULL, NULL, NULL};
    heap->first = merge(heap, heap->first, node);
    heap->count++;
}

void bh__heap_remove(bh__heap *heap, bh__heap_node *node)
{
    if (node == heap->first) {
        bh__heap_take(heap);
        return;
    }
    if (node->previous->child == node)
        node->previous->child = node->next;
    else
        node->previous->next = node->next;
    if (node->next)
        node->next->previous = node->previous;
    heap->first = merge(heap, heap->first, merge_all(heap, node->child));
    heap->count--;
}

bh__heap_node *bh__heap_take(bh__heap *heap)
{
    bh__heap_node *first = heap->first;
    if (!first)
        return NULL;
    heap->first = merge_all(heap, first->child);
    heap->count--;
    return first;
}
