/* The crash hook of the program, between crash.c, which is called by the handler, and its files. */
#ifndef GUARD_CRASH_H
#define GUARD_CRASH_H

#include <bulkhead/status.h>
#include <stddef.h>

/* In bh_app_create, before anything of Qt exists; and at the end of the process, when nothing of it is left. */
void bh__crash_hook_begin(void);
void bh__crash_hook_end(void);

/* The file for a record: made, empty, and locked as long as this process lives, so that others can tell that it is not left over. Room is
 * reserved, so that a full disk does not cost the record. */
typedef struct bh__crash_file {
    char path[4096];
    int descriptor; /* -1: there is none */
} bh__crash_file;

/* Makes the folder and a file in it, and removes empty ones of processes that have ended. False, with errno. */
bool bh__crash_file_create(const char *folder, bh__crash_file *out);

/* Removes it if it is empty. */
void bh__crash_file_remove(bh__crash_file *file);

/* The default folder. False if it is too long, or nobody has a home. */
bool bh__crash_folder_default(char *out, size_t size);

/* Names of records in FOLDER that end with SUFFIX, sorted: the oldest first. *OUT is to be freed with bh__crash_names_free. */
typedef struct bh__crash_names {
    char **name;
    int count;
} bh__crash_names;
#define BH__CRASH_NEW ".crash"
#define BH__CRASH_SHOWN ".shown"
bh__crash_names bh__crash_names_read(const char *folder, const char *suffix);
void bh__crash_names_free(bh__crash_names *names);

/* What the program has noted: calls EACH(name, text) in a handler. */
void bh__crash_notes_each(void (*each)(const char *name, const char *text, void *user), void *user);

/* Copies where records go now; "": nowhere. */
void bh__crash_folder(char *out, size_t size);

#endif
