/* Files that are whole or not there: written beside their place and renamed to it when they are on the disk. */
#ifndef TRAINER_NEW_FILE_H
#define TRAINER_NEW_FILE_H

#include "jobs/table/table.h"

enum { NEW_FILE_PATH = 4096, NEW_FILE_BUFFER = 1 << 16 };

typedef struct new_file {
    int descriptor;
    int failure; /* errno of the first write that failed; those after it do nothing */
    size_t used;
    char path[NEW_FILE_PATH];
    char temporary[NEW_FILE_PATH + 8]; /* PATH.part, in the same folder */
    char buffer[NEW_FILE_BUFFER];
} new_file;

/* Ends in new_file_keep or new_file_drop if it succeeds. */
bh_status new_file_open(new_file *file, const char *path, table_error *error);
void new_file_write(new_file *file, const void *data, size_t size);
void new_file_print(new_file *file, const char *format, ...) __attribute__((format(printf, 2, 3))); /* at most 1 KiB */

/* All is on the disk and has its name, or the old file of that name is as it was. Says which write failed, too. */
bh_status new_file_keep(new_file *file, table_error *error);
void new_file_drop(new_file *file);

/* The three in one. */
bh_status new_file_replace(const char *path, const void *const *parts, const size_t *sizes, size_t count, table_error *error);

/* A whole file. DATA is the caller's, to be freed; NULL, with BH_OK, if there is none of that name. */
bh_status file_read(const char *path, void **data, size_t *size, table_error *error);

/* 64 bits of SIZE bytes and of a HASH before them: tells what has changed by accident, not what somebody has forged. */
uint64_t file_hash(uint64_t hash, const void *data, size_t size);

#endif
