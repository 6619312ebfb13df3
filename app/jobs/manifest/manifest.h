/* Lists of files to fetch: which addresses, under which names, with which checksums. Free of Qt; used by the window and by tests.
 *
 * One function reads all kinds, and tells them apart by itself, line by line:
 *
 *     # a comment                                         an address a line
 *     https://example.org/iris.csv
 *       out=flowers.csv                                   options of aria2's input files: out, checksum
 *     0123…cdef  iris.csv                                 sha256sum and its like: md5, sha1, sha256, sha384, sha512
 *     SHA256 (iris.csv) = 0123…cdef                       the same with --tag
 *     {"resources": [{"path": "iris.csv", …}]}            a Frictionless datapackage.json */
#ifndef MANIFEST_MANIFEST_H
#define MANIFEST_MANIFEST_H

#include <bulkhead/status.h>

typedef struct manifest_item {
    char *url;     /* complete */
    char *name;    /* a file name: no slash, no control characters, UTF-8, unique in the list */
    char *hash;    /* "sha256:0123…", as the job fetch takes it; NULL: not known */
    int64_t bytes; /* -1: not known */
    int line;      /* 0 in JSON */
    int same;      /* for the list itself: how many further ones had this name */
} manifest_item;

typedef struct manifest {
    manifest_item *items;
    size_t count, room;
    char **mistakes; /* a sentence each, with its line */
    size_t mistake_count;
} manifest;

enum { MANIFEST_MAX_ITEMS = 200000, MANIFEST_MAX_MISTAKES = 100, MANIFEST_MAX_BYTES = 64 << 20 };

/* Reads SIZE bytes of TEXT. BASE_URL is where the list came from: what has no address of its own lies beside it; NULL: there is none. OUT
 * is the caller's: manifest_free, whatever is returned. BH_OK; BH_ERROR_FORMAT: there are mistakes, or there is nothing to fetch, which is
 * one too (OUT has what could be read, besides); BH_ERROR_MEMORY. Blocks for as long as reading takes. Any thread. */
bh_status manifest_read(const char *text, size_t size, const char *base_url, manifest *out);

/* The same from a file; BASE_URL NULL: what has no address of its own lies beside this file. BH_ERROR_IO too, with a mistake that says
 * why. */
bh_status manifest_read_file(const char *path, const char *base_url, manifest *out);

void manifest_free(manifest *manifest);

#endif
