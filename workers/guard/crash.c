/* The crash hook of the program: what is done with the record that process/crash_hook.h writes. */
#include "guard/crash.h"

#include "core/door.h"
#include "process/crash_hook.h"

#include <bulkhead/crash.h>
#include <bulkhead/log.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RECORD = 256 * 1024 };

static char record[RECORD];
static _Atomic uint32_t record_used;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards changing all below */
static bool installed;
static char folder[4096];
static bool has_folder;                /* the program has named it, or named none */
static bh__crash_file files[2];        /* one is in use while the next is made */
static _Atomic(bh__crash_file *) file; /* NULL: none */

/* --- in the handler */

static void add_note(const char *name, const char *text, void *user)
{
    bh__crash_text *out = user;
    bh__crash_begin(out, "note");
    bh__crash_word(out, name, 32);
    bh__crash_word(out, text, 256);
    bh__crash_end(out);
}

static void on_more(bh__crash_text *text, const bh__crash_facts *facts)
{
    char line[BH__LOG_RING_SIZE];
    (void)facts;
    bh__crash_notes_each(add_note, text);
    for (unsigned place = BH__LOG_RING_LINES; place-- > 0;) {
        if (!bh__log_ring_get(place, line))
            continue;
        bh__crash_begin(text, "log");
        bh__crash_word(text, line, sizeof line);
        bh__crash_end(text);
    }
}

static bool write_all(int descriptor, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(descriptor, bytes, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        size -= (size_t)written;
    }
    return true;
}

/* A line for who sees stderr; not if that would have to wait for a reader. */
static void say(const bh__crash_facts *facts, const char *path)
{
    char line[5000];
    _Atomic uint32_t used = 0;
    bh__crash_text text = {line, sizeof line, &used, 0};
    const char *name = sigabbrev_np(facts->signal);
    struct pollfd out = {STDERR_FILENO, POLLOUT, 0};
    bh__crash_begin(&text, "bulkhead: the program crashes: signal");
    bh__crash_word(&text, name ? name : "?", 16);
    if (facts->address) {
        bh__crash_word(&text, "at address", 16);
        bh__crash_hex(&text, facts->address);
    }
    bh__crash_word(&text, path ? "; record:" : "; there is no record", 32);
    if (path)
        bh__crash_word(&text, path, 4096);
    bh__crash_end(&text);
    if (poll(&out, 1, 0) == 1 && (out.revents & POLLOUT))
        write_all(STDERR_FILENO, line, used);
}

static void on_done(bh__crash_text *text, const bh__crash_facts *facts)
{
    const bh__crash_file *to = atomic_load(&file);
    int descriptor = to ? to->descriptor : -1;
    if (to && descriptor < 0) /* it was removed at the end of the process, which goes on nevertheless */
        descriptor = open(to->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool written = descriptor >= 0 && write_all(descriptor, text->bytes, atomic_load(text->used));
    say(facts, written ? to->path : NULL);
}

/* --- the folder */

/* Under the lock. A file in FOLDER ("": none) takes the place of the one that there is. */
static bool use_folder(const char *wanted)
{
    bh__crash_file *before = atomic_load(&file), *next = before == &files[0] ? &files[1] : &files[0];
    if (wanted[0] && !bh__crash_file_create(wanted, next))
        return false;
    atomic_store(&file, wanted[0] ? next : NULL);
    if (before)
        bh__crash_file_remove(before);
    return true;
}

static bool choose(const char *wanted, char *out, size_t size)
{
    if (!wanted)
        return bh__crash_folder_default(out, size);
    return snprintf(out, size, "%s", wanted) < (int)size;
}

bh_status(bh_crash_set_folder)(const char *wanted)
{
    char chosen[sizeof folder - 64];
    if (!choose(wanted, chosen, sizeof chosen))
        return bh__fail(BH_ERROR_RANGE, "bh_crash_set_folder", "%s: name one of less than %zu bytes",
                        wanted ? "folder is too long" : "there is no default, as neither XDG_STATE_HOME nor HOME is set",
                        sizeof chosen);
    pthread_mutex_lock(&lock);
    bool used = !installed || use_folder(chosen);
    int error = errno;
    if (used) {
        has_folder = true;
        memcpy(folder, chosen, strlen(chosen) + 1);
    }
    pthread_mutex_unlock(&lock);
    if (!used)
        return bh__fail(BH_ERROR_IO, "bh_crash_set_folder", "no record can be kept in '%s': %s", chosen, strerror(error));
    return BH_OK;
}

void bh__crash_folder(char *out, size_t size)
{
    pthread_mutex_lock(&lock);
    bh__copy_text(out, size, folder);
    pthread_mutex_unlock(&lock);
}

/* --- the life of the program */

void bh__crash_hook_begin(void)
{
    char text[256] = "";
    pthread_mutex_lock(&lock);
    if (!installed) {
        bh__crash_sink sink = {.text = {record, sizeof record, &record_used, 0}, .more = on_more, .done = on_done};
        if (!has_folder && !bh__crash_folder_default(folder, sizeof folder - 64))
            folder[0] = 0;
        if (!use_folder(folder))
            snprintf(text, sizeof text, "%s", strerror(errno));
        bh__crash_install(&sink);
        installed = true;
        atexit(bh__crash_hook_end);
    }
    pthread_mutex_unlock(&lock);
    if (text[0])
        bh_log(BH_LOG_WARNING, "crash", "no record of a crash can be kept in '%s': %s", folder, text);
}

void bh__crash_hook_end(void)
{
    bh__crash_file *now = atomic_load(&file);
    if (now)
        bh__crash_file_remove(now);
}
