/* Opening and closing a project. */
#include "store/inner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static store *make(const char *folder, const char *call)
{
    store *s = sqlite3_malloc64(sizeof *s);
    if (!s) {
        (bh_report)(BH_ERROR_MEMORY, call, "no memory");
        return NULL;
    }
    *s = (store){.thread = pthread_self(), .lock = -1};
    s->folder = sqlite3_mprintf("%s", folder);
    if (s->folder)
        return s;
    sqlite3_free(s);
    (bh_report)(BH_ERROR_MEMORY, call, "no memory");
    return NULL;
}

static void unmake(store *s)
{
    store__drop_hook(s);
    store__disconnect(s);
    if (s->lock >= 0) {
        flock(s->lock, LOCK_UN); /* a process that is just being started has the file open, too */
        close(s->lock);
    }
    store__free_pending(s);
    sqlite3_free(s->changes);
    sqlite3_free(s->folder);
    sqlite3_free(s);
}

static bh_status make_folder(store *s, const char *call, const char *name)
{
    char *path = sqlite3_mprintf("%s%s", s->folder, name);
    if (!path)
        return store__fail(s, BH_ERROR_MEMORY, call, "no memory");
    struct stat found;
    bh_status status = BH_OK;
    if (mkdir(path, 0777) != 0 && errno != EEXIST) {
        bool read_only = errno == EROFS || errno == EACCES || errno == EPERM;
        status = store__fail(s, read_only ? BH_ERROR_READ_ONLY : BH_ERROR_IO, call,
                             "cannot make the folder %s (%s): choose another place", path, strerror(errno));
    } else if (stat(path, &found) != 0 || !S_ISDIR(found.st_mode)) {
        status = store__fail(s, BH_ERROR_IO, call, "%s is no folder: choose another place, or move it away", path);
    }
    sqlite3_free(path);
    return status;
}

/* Other threads may change the working directory: what the store keeps is absolute. */
static bh_status make_absolute(store *s, const char *call)
{
    char *real = realpath(s->folder, NULL);
    if (!real)
        return store__fail(s, BH_ERROR_IO, call, "cannot find the folder %s (%s): see whether it is still there", s->folder,
                           strerror(errno));
    char *copy = sqlite3_mprintf("%s", real);
    free(real);
    if (!copy)
        return store__fail(s, BH_ERROR_MEMORY, call, "no memory");
    sqlite3_free(s->folder);
    s->folder = copy;
    return BH_OK;
}

static bh_status open_project(store *s, const char *call, const store_options *options, store_opened *opened)
{
    bh_status status = make_folder(s, call, "");
    if (!status)
        status = make_absolute(s, call);
    if (!status)
        status = make_folder(s, call, "/data");
    if (!status)
        status = make_folder(s, call, "/runs");
    if (!status)
        status = store__lock(s, call, opened);
    if (!status)
        status = store__open_database(s, call, options->busy_ms, opened);
    if (!status)
        status = store__recover(s, call, options->last_crash, opened);
    return status;
}

static bh_status check_arguments(const char *folder, const store_options *options, const char *call)
{
    if (!folder || !folder[0])
        return (bh_report)(BH_ERROR_NULL, call, "the folder is %s: name the project's", folder ? "empty" : "NULL");
    if (options && (options->size < sizeof *options || options->busy_ms < 0))
        return (bh_report)(BH_ERROR_RANGE, call, "options of %zu bytes with busy_ms %d: begin with STORE_OPTIONS_INIT",
                           options->size, options->size < sizeof *options ? 0 : options->busy_ms);
    return BH_OK;
}

store *(store_open)(const char *folder, const store_options *options, store_opened *opened)
{
    const char *call = "store_open";
    store_options defaults = STORE_OPTIONS_INIT;
    store_opened unseen;
    if (!opened)
        opened = &unseen;
    memset(opened, 0, sizeof *opened);
    opened->status = check_arguments(folder, options, call);
    store *s = opened->status ? NULL : make(folder, call);
    if (!s) {
        opened->status = opened->status ? opened->status : BH_ERROR_MEMORY;
        store__tell(opened, "%s", bh_status_text(opened->status));
        return NULL;
    }
    opened->status = open_project(s, call, options ? options : &defaults, opened);
    if (!opened->status) {
        store__watch(s);
        return s;
    }
    store__tell(opened, "%s", s->sentence);
    unmake(s);
    return NULL;
}

/* A reader asks less: the writer has judged the database. */
static bh_status open_to_read(store *s, const char *call)
{
    int64_t version = 0;
    char *path = sqlite3_mprintf("%s/project.db", s->folder);
    if (!path)
        return store__fail(s, BH_ERROR_MEMORY, call, "no memory");
    bool there = access(path, F_OK) == 0;
    sqlite3_free(path);
    if (!there)
        return store__fail(s, BH_ERROR_NAME, call, "there is no project in %s: store_open makes one", s->folder);
    store_options defaults = STORE_OPTIONS_INIT;
    bh_status status = store__connect(s, call, defaults.busy_ms);
    if (!status)
        status = store__number(s, call, &version, "PRAGMA user_version", "");
    if (!status && version != store__step_count)
        status = store__fail(s, BH_ERROR_FORMAT, call, "%s/project.db has schema %lld, and not %d: open it with store_open first",
                             s->folder, (long long)version, store__step_count);
    return status;
}

store *(store_open_reader)(const char *folder)
{
    const char *call = "store_open_reader";
    store *s = check_arguments(folder, NULL, call) ? NULL : make(folder, call);
    if (!s)
        return NULL;
    s->reader = true;
    if (!make_absolute(s, call) && !open_to_read(s, call))
        return s;
    unmake(s);
    return NULL;
}

static bh_status close_writer(store *s, const char *call)
{
    if (s->transaction)
        (store_rollback)(s);
    bh_status status = (store_flush)(s);
    bh_status ended = store__begin_change(s, call);
    if (!ended)
        ended = store__end_change(
            s, call, store__run(s, call, "UPDATE sessions SET ended = ?1, how = 'closed' WHERE ended = 0", "i", store__now()));
    return status ? status : ended;
}

bh_status(store_close)(store *s)
{
    const char *call = "store_close";
    if (!s)
        return BH_OK;
    bh_status status = store__check(s, call);
    if (!status && s->delivering)
        status = store__fail(s, BH_ERROR_STATE, call, "the hook is running: close after it has returned");
    if (status)
        return status;
    if (!s->reader)
        status = close_writer(s, call);
    unmake(s);
    return status;
}

const char *store_folder(const store *s)
{
    return s ? s->folder : "";
}
