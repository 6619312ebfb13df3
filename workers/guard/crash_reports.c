/* The records that nobody has seen yet, and marking them as seen. */
#include "core/door.h"
#include "guard/crash.h"
#include "process/crash_record.h"

#include <bulkhead/crash.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 256 * 1024, KEPT = 20 };

typedef struct call {
    bh_crash_report_function fn;
    void *user;
    bh_crash_report report;
} call;

static bh_status run(void *user)
{
    const call *what = user;
    what->fn(&what->report, what->user);
    return BH_OK;
}

/* The text of a record; NULL if it is empty, or its process is still there: it may crash yet. */
static char *read_record(const char *path)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0)
        return NULL;
    char *text = flock(file, LOCK_SH | LOCK_NB) == 0 ? bh__malloc(MOST + 1) : NULL;
    size_t used = 0;
    ssize_t got = 1;
    while (text && used < MOST && (got = read(file, text + used, MOST - used)) > 0)
        used += (size_t)got;
    close(file);
    if (text && used > 0) {
        text[used] = 0;
        return text;
    }
    bh__free(text);
    return NULL;
}

static void describe(const bh__crash_record *record, const char *signal_name, char *out, size_t size)
{
    char when[64] = "";
    struct tm parts;
    time_t time = (time_t)record->time_s;
    if (record->time_s && localtime_r(&time, &parts))
        strftime(when, sizeof when, " on %Y-%m-%d at %H:%M:%S", &parts);
    snprintf(out, size, "%s crashed%s: %s", record->program[0] ? bh__crash_base_name(record->program) : "the program", when,
             record->signal ? signal_name : "its record was cut");
    if (record->address)
        bh__append_text(out, size, " at address 0x%llx", (unsigned long long)record->address);
    if (record->thread_name[0])
        bh__append_text(out, size, ", on thread '%s'", record->thread_name);
}

static void show(const char *path, char *text, bh__crash_record *record, call *what)
{
    char sentence[1024], name[32] = "";
    memset(record, 0, sizeof *record);
    record->program = record->thread_name = "";
    bh__crash_record_read(text, record); /* one that was cut in its first line is told of, too */
    if (record->signal)
        snprintf(name, sizeof name, "SIG%s", sigabbrev_np(record->signal) ? sigabbrev_np(record->signal) : "?");
    describe(record, name, sentence, sizeof sentence);
    what->report = (bh_crash_report){.path = path,
                                     .text = sentence,
                                     .time_s = record->time_s,
                                     .signal = record->signal,
                                     .signal_name = name,
                                     .address = (uintptr_t)record->address,
                                     .thread = record->thread_name};
    bh__door_run(run, what, "bh_crash_reports");
}

/* Marks it first: a program that crashes while it shows one does not do so for ever. */
static void mark_and_show(const char *folder, const char *name, bh__crash_record *record, call *what)
{
    char path[8192], shown[8192];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    snprintf(shown, sizeof shown, "%s/%.*s" BH__CRASH_SHOWN, folder, (int)(strlen(name) - strlen(BH__CRASH_NEW)), name);
    char *text = read_record(path);
    if (text)
        show(rename(path, shown) ? path : shown, text, record, what);
    bh__free(text);
}

static void remove_old(const char *folder)
{
    char path[8192];
    bh__crash_names names = bh__crash_names_read(folder, BH__CRASH_SHOWN);
    for (int i = 0; i < names.count - KEPT; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names.name[i]);
        unlink(path);
    }
    bh__crash_names_free(&names);
}

bh_status(bh_crash_reports)(bh_crash_report_function fn, void *user)
{
    call what = {.fn = fn, .user = user};
    char folder[4096];
    if (bh__door_refuse_no_app("bh_crash_reports") || bh__door_refuse_off_gui("bh_crash_reports"))
        return bh__last_status();
    if (!fn)
        return bh__fail(BH_ERROR_NULL, "bh_crash_reports", "fn is NULL: pass a function that shows a report");
    bh__crash_folder(folder, sizeof folder);
    if (!folder[0])
        return BH_OK;
    bh__crash_record *record = bh__malloc(sizeof *record);
    if (!record)
        return bh__fail(BH_ERROR_MEMORY, "bh_crash_reports", "no memory to read records");
    bh__crash_names names = bh__crash_names_read(folder, BH__CRASH_NEW);
    for (int i = 0; i < names.count; i++)
        mark_and_show(folder, names.name[i], record, &what);
    bh__crash_names_free(&names);
    bh__free(record);
    remove_old(folder);
    return BH_OK;
}
