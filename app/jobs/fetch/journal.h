/* What is known of a part file, in a small text file beside it: so that after any death, of the process (SIGKILL) or of the machine, it
 * is known exactly which bytes are there.
 *
 *     bulkhead-fetch 1 BOOT      written anew as a whole, synced and renamed
 *     total 60000000
 *     etag "5f-60"
 *     modified Sun, 22 Nov 2026 20:00:00 GMT
 *     done 0 524288              appended once these bytes have been written to the part file
 *     synced 1                   the first N lines "done" are on the disk
 *     complete sha256:…          the part file has its final bytes, is on the disk, and its checksum is right: it may be renamed
 *
 * Each line ends with a checksum of itself; reading ends at the first line that is broken. Bytes of lines "done" that no "synced" covers
 * are in the system's memory: they are believed only if the system has not been started anew since, which BOOT tells. */
#ifndef FETCH_JOURNAL_H
#define FETCH_JOURNAL_H

#include "jobs/fetch/ranges.h"

/* How to tell the file on the server from another one of the same address. */
typedef struct journal_facts {
    int64_t total; /* bytes; -1: not known */
    char etag[256], modified[64];
} journal_facts;

typedef struct journal {
    char *path;
    int file;         /* -1: none is written */
    uint64_t records; /* lines "done" */
    uint64_t synced;  /* as the last line "synced" says */
} journal;

/* What a journal says. */
typedef struct journal_story {
    journal_facts facts;
    ranges done;
    char complete[160]; /* the checksum; "-" if there was none to compare with; "": it is not complete */
} journal_story;

/* For a part file of that name. False: no memory. */
bool journal_init(journal *journal, const char *part);

/* Reads one that was left behind. False: there is none, or its beginning is broken; STORY is empty then. */
bool journal_read(const journal *journal, journal_story *story);

/* Writes it anew with FACTS, and with DONE, which must be on the disk. False, with errno. */
bool journal_begin(journal *journal, const journal_facts *facts, const ranges *done);

/* Each appends one line. Nothing if none has begun. False, with errno. */
bool journal_done(journal *journal, int64_t from, int64_t to);
bool journal_synced(journal *journal, uint64_t records);
bool journal_complete(journal *journal, const char *checksum); /* on the disk when it returns */

/* Removes it. */
void journal_remove(journal *journal);
void journal_free(journal *journal);

#endif
