/* The journal beside a part file: see its header. */
#include "jobs/fetch/journal.h"

#include "jobs/fetch/fault.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE = 512, CHECK = 18 /* " ~" and 16 digits */ };

/* FNV-1a: it is to find lines that were cut, not forgeries. */
static uint64_t checksum_of(const char *text, size_t size)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static void read_boot(char *out, size_t size)
{
    snprintf(out, size, "unknown");
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
    if (!file)
        return;
    if (fgets(out, (int)size, file))
        out[strcspn(out, "\n")] = 0;
    fclose(file);
}

static bool write_all(int file, const char *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t wrote = write(file, bytes + done, size - done);
        if (wrote < 0 && errno != EINTR)
            return false;
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    return true;
}

__attribute__((format(printf, 2, 3))) static bool append(int file, const char *format, ...)
{
    char line[LINE];
    va_list values;
    va_start(values, format);
    int length = vsnprintf(line, sizeof line - CHECK - 1, format, values);
    va_end(values);
    if (length < 0 || length >= LINE - CHECK - 1) {
        errno = EOVERFLOW;
        return false;
    }
    length += snprintf(line + length, CHECK + 2, " ~%016" PRIx64 "\n", checksum_of(line, (size_t)length));
    fault_step();
    if (getenv("BH_FETCH_KILL_AT")) { /* so that a test can kill it in the middle of a line, too */
        bool fine = write_all(file, line, (size_t)length / 2);
        fault_step();
        return fine && write_all(file, line + length / 2, (size_t)(length - length / 2));
    }
    return write_all(file, line, (size_t)length);
}

bool journal_init(journal *j, const char *part)
{
    *j = (struct journal){.file = -1};
    return asprintf(&j->path, "%s.journal", part) > 0;
}

/* --- reading */

typedef struct reader {
    journal_story *story;
    range *records; /* lines "done", in their order */
    size_t count, room;
    uint64_t synced;
    int lines;
    bool same_boot;
} reader;

static bool read_header(reader *r, const char *line)
{
    char boot[64], now[64];
    if (sscanf(line, "bulkhead-fetch 1 %63s", boot) != 1)
        return false;
    read_boot(now, sizeof now);
    r->same_boot = strcmp(boot, now) == 0;
    return true;
}

static bool read_done(reader *r, const char *line)
{
    range done;
    if (sscanf(line, "done %" SCNd64 " %" SCNd64, &done.from, &done.to) != 2 || done.from < 0 || done.to <= done.from)
        return false;
    if (r->count == r->room) {
        size_t room = r->room ? 2 * r->room : 256;
        range *records = realloc(r->records, room * sizeof *records);
        if (!records)
            return false;
        r->records = records;
        r->room = room;
    }
    r->records[r->count++] = done;
    return true;
}

static void copy(char *out, size_t size, const char *line, const char *key)
{
    size_t length = strnlen(line + strlen(key), size - 1);
    memcpy(out, line + strlen(key), length);
    out[length] = 0;
}

/* False: what follows is not to be believed. */
static bool read_line(reader *r, const char *line)
{
    journal_facts *facts = &r->story->facts;
    if (r->lines++ == 0)
        return read_header(r, line);
    if (strncmp(line, "done ", 5) == 0)
        return read_done(r, line);
    if (strncmp(line, "synced ", 7) == 0)
        return sscanf(line, "synced %" SCNu64, &r->synced) == 1;
    if (strncmp(line, "total ", 6) == 0)
        return sscanf(line, "total %" SCNd64, &facts->total) == 1;
    if (strncmp(line, "etag ", 5) == 0)
        copy(facts->etag, sizeof facts->etag, line, "etag ");
    else if (strncmp(line, "modified ", 9) == 0)
        copy(facts->modified, sizeof facts->modified, line, "modified ");
    else if (strncmp(line, "complete ", 9) == 0)
        copy(r->story->complete, sizeof r->story->complete, line, "complete ");
    else
        return false;
    return true;
}

static bool line_holds(char *line)
{
    size_t length = strlen(line);
    uint64_t sum;
    if (length < CHECK + 1 || line[length - 1] != '\n')
        return false;
    char *mark = line + length - 1 - CHECK;
    if (sscanf(mark, " ~%16" SCNx64, &sum) != 1 || sum != checksum_of(line, (size_t)(mark - line)))
        return false;
    *mark = 0;
    return true;
}

bool journal_read(const journal *j, journal_story *story)
{
    reader r = {.story = story};
    char line[LINE];
    *story = (journal_story){.facts.total = -1};
    FILE *file = fopen(j->path, "re");
    if (!file)
        return false;
    while (fgets(line, sizeof line, file) && line_holds(line) && read_line(&r, line))
        ;
    fclose(file);
    bool fine = r.lines > 0 && story->facts.total >= 0;
    size_t believed = r.same_boot || r.synced > r.count ? r.count : (size_t)r.synced;
    for (size_t i = 0; fine && i < believed; i++)
        fine = ranges_add(&story->done, r.records[i].from, r.records[i].to);
    free(r.records);
    if (fine && *story->complete)
        fine = ranges_add(&story->done, 0, story->facts.total);
    ranges_cut(&story->done, story->facts.total);
    if (!fine) {
        ranges_free(&story->done);
        *story = (journal_story){.facts.total = -1};
    }
    return fine;
}

/* --- writing */

static bool write_beginning(int file, const journal_facts *facts, const ranges *done)
{
    char boot[64];
    read_boot(boot, sizeof boot);
    bool fine = append(file, "bulkhead-fetch 1 %s", boot) && append(file, "total %" PRId64, facts->total);
    if (fine && *facts->etag)
        fine = append(file, "etag %s", facts->etag);
    if (fine && *facts->modified)
        fine = append(file, "modified %s", facts->modified);
    for (size_t i = 0; fine && i < done->count; i++)
        fine = append(file, "done %" PRId64 " %" PRId64, done->items[i].from, done->items[i].to);
    return fine && append(file, "synced %zu", done->count) && fsync(file) == 0;
}

bool journal_begin(journal *j, const journal_facts *facts, const ranges *done)
{
    char *new_path;
    if (asprintf(&new_path, "%s.new", j->path) < 0) {
        errno = ENOMEM;
        return false;
    }
    if (j->file >= 0)
        close(j->file);
    j->records = j->synced = done->count;
    j->file = open(new_path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
    bool fine = j->file >= 0 && write_beginning(j->file, facts, done);
    fault_step();
    fine = fine && rename(new_path, j->path) == 0;
    fault_step();
    int why = errno;
    if (!fine) {
        unlink(new_path);
        if (j->file >= 0)
            close(j->file);
        j->file = -1;
    }
    free(new_path);
    errno = why;
    return fine;
}

bool journal_done(journal *j, int64_t from, int64_t to)
{
    if (j->file < 0 || from >= to)
        return true;
    if (!append(j->file, "done %" PRId64 " %" PRId64, from, to))
        return false;
    j->records++;
    return true;
}

bool journal_synced(journal *j, uint64_t records)
{
    if (j->file < 0 || records <= j->synced)
        return true;
    j->synced = records;
    return append(j->file, "synced %" PRIu64, records);
}

bool journal_complete(journal *j, const char *checksum)
{
    return j->file < 0 || (append(j->file, "complete %s", checksum) && fsync(j->file) == 0);
}

void journal_remove(journal *j)
{
    if (j->file >= 0)
        close(j->file);
    j->file = -1;
    unlink(j->path);
}

void journal_free(journal *j)
{
    if (j->file >= 0)
        close(j->file);
    free(j->path);
    *j = (struct journal){.file = -1};
}
