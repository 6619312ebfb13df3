/* Different values, each with how often it came: a hash table of bytes with bounds. */
#ifndef TABLE_DICTIONARY_H
#define TABLE_DICTIONARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct dictionary_entry {
    uint64_t hash, times;
    size_t place; /* of its bytes in text */
    uint32_t length;
} dictionary_entry;

/* {0} is empty. */
typedef struct dictionary {
    dictionary_entry *entries; /* in the order in which they came */
    uint32_t *slots;           /* 1 + number of the entry; 0: free */
    size_t count, slot_count;
    char *text;
    size_t used, room;
} dictionary;

enum { DICTIONARY_NONE = -1, DICTIONARY_NO_MEMORY = -2 };

uint64_t dictionary_hash(const char *text, size_t length);

/* The value's number, after having counted it: added, if there are fewer than MOST. DICTIONARY_NONE: it is not there, and there
 * is no room for it. */
int64_t dictionary_count(dictionary *words, const char *text, size_t length, size_t most);

/* The value's number, DICTIONARY_NONE if it is not there. Counts nothing. */
int64_t dictionary_find(const dictionary *words, const char *text, size_t length);

/* Its bytes; not ended by 0. */
const char *dictionary_text(const dictionary *words, size_t number);

/* Bytes of memory that it takes. */
size_t dictionary_size(const dictionary *words);
void dictionary_clear(dictionary *words);

#endif
