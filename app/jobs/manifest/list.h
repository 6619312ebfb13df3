/* Inside of manifest: adding items and mistakes, and making addresses and names. */
#ifndef MANIFEST_LIST_H
#define MANIFEST_LIST_H

#include "jobs/manifest/manifest.h"

/* A list that is being read. */
typedef struct reading {
    manifest *out;
    const char *base; /* NULL: none */
    int line;
    bool no_memory;
} reading;

__attribute__((format(printf, 2, 3))) void list_mistake(reading *r, const char *format, ...);

/* Adds one. WHERE is an address, or a path beside the list. NAME NULL: as the address says. HASH NULL: none. What is wrong with it is a
 * mistake. */
void list_add(reading *r, const char *where, const char *name, const char *hash, int64_t bytes);

/* "sha256:…" in OUT of an algorithm's name, as anybody writes it ("sha-256", "SHA256"; NULL: by the number of digits), and digits. */
bool list_hash(char *out, size_t size, const char *name, size_t name_length, const char *digits);

/* Makes TEXT a file name, in place. */
void list_clean_name(char *text);

/* Gives those whose name is taken another one. */
void list_make_unique(reading *r);

/* json.c */
void json_read(reading *r, const char *text, size_t size);

#endif
