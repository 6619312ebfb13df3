/* The first transaction of a session: what was running when the last one ended is interrupted. */
#include "store/inner.h"

#include "store/settings.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Of the session that did not end; *CRASHED is false if there is none. */
static bh_status find_death(store *s, const char *call, bool *crashed, int64_t *pid, bool *same_boot)
{
    char boot[64];
    store__boot_id(boot, sizeof boot);
    sqlite3_stmt *last =
        store__prepare(s, call, "SELECT pid, boot = ?1 FROM sessions WHERE ended = 0 ORDER BY id DESC LIMIT 1", "t", boot);
    int found = last ? store__step(s, call, last) : -1;
    *crashed = found > 0;
    if (found > 0) {
        *pid = sqlite3_column_int64(last, 0);
        *same_boot = sqlite3_column_int(last, 1) != 0;
    }
    sqlite3_finalize(last);
    return found < 0 ? s->status : BH_OK;
}

static void describe(char *out, size_t size, const char *last_crash, bool crashed, int64_t pid, bool same_boot)
{
    if (last_crash && last_crash[0])
        snprintf(out, size, "%s", last_crash);
    else if (!crashed)
        snprintf(out, size, "the program was closed while it ran");
    else if (same_boot)
        snprintf(out, size, "the program (process %lld) was killed or crashed", (long long)pid);
    else
        snprintf(out, size, "the computer was switched off or restarted, or the program (process %lld) was killed before that",
                 (long long)pid);
}

/* One statement; how many rows it changed goes to COUNT, which may be NULL. */
static bh_status mark(store *s, const char *call, int *count, const char *sql, const char *how)
{
    bh_status status = store__run(s, call, sql, "it", store__now(), how);
    if (!status && count)
        *count = sqlite3_changes(s->db);
    return status;
}

/* They ended when they were last heard of: nobody knows better. */
static bh_status interrupt(store *s, const char *call, const char *how, store_opened *opened)
{
    bh_status status = mark(s, call, &opened->interrupted_runs,
                            "UPDATE runs SET state = 'interrupted', died = ?2, ended = changed,"
                            " spent_ms = spent_ms + max(changed - started, 0), changed = ?1 WHERE state = 'running'",
                            how);
    if (!status)
        status = mark(
            s, call, &opened->interrupted_fetches,
            "UPDATE fetches SET state = 'interrupted', error = ?2, ended = changed, changed = ?1 WHERE state = 'running'", how);
    if (!status)
        status = mark(s, call, &opened->suspects,
                      "UPDATE data_sets SET opening = 0, suspect = 'it was being read when the program ended: ' || ?2, changed = "
                      "?1 WHERE opening",
                      how);
    if (!status)
        status = mark(s, call, NULL, "UPDATE sessions SET ended = ?1, how = ?2 WHERE ended = 0", how);
    return status;
}

static bh_status begin_session(store *s, const char *call)
{
    char boot[64];
    store__boot_id(boot, sizeof boot);
    bh_status status = store__run(s, call, "INSERT INTO sessions (pid, boot, started) VALUES (?1, ?2, ?3)", "iti",
                                  (int64_t)getpid(), boot, store__now());
    if (!status)
        status = store__run(s, call, "DELETE FROM events WHERE id <= (SELECT max(id) FROM events) - ?1", "i",
                            (int64_t)STORE_MAX_EVENTS);
    return status;
}

static bh_status log_opening(store *s, const char *call, const store_opened *opened)
{
    if (!opened->sentence[0])
        return BH_OK;
    return store__run(s, call, "INSERT INTO events (time, level, subject, subject_id, text) VALUES (?1, 'warning', '', 0, ?2)",
                      "it", store__now(), opened->sentence);
}

static void tell(store_opened *opened, const char *how)
{
    int runs = opened->interrupted_runs, fetches = opened->interrupted_fetches, suspects = opened->suspects;
    if (runs || fetches)
        store__tell(opened, "Interrupted: %d %s, %d %s (%s).", runs, runs == 1 ? "run" : "runs", fetches,
                    fetches == 1 ? "fetch" : "fetches", how);
    else if (opened->crashed)
        store__tell(opened, "The last session ended without closing the project (%s); nothing was running.", how);
    if (suspects)
        store__tell(opened, "Not opened again by itself: %d %s that was being read then.", suspects,
                    suspects == 1 ? "data set" : "data sets");
}

/* A database without any session is new, also after a death between its making and this. */
static bh_status rescue_if_new(store *s, const char *call, store_opened *opened)
{
    int64_t sessions = 0;
    bh_status status = store__number(s, call, &sessions, "SELECT count(*) FROM sessions", "");
    return status || sessions ? status : store__rescue(s, call, opened);
}

bh_status store__recover(store *s, const char *call, const char *last_crash, store_opened *opened)
{
    char how[512];
    int64_t pid = 0;
    bool same_boot = false;
    bh_status status = store__begin_change(s, call);
    if (status)
        return status;
    status = rescue_if_new(s, call, opened);
    if (!status)
        status = find_death(s, call, &opened->crashed, &pid, &same_boot);
    describe(how, sizeof how, last_crash, opened->crashed, pid, same_boot);
    if (!status)
        status = interrupt(s, call, how, opened);
    if (!status)
        status = begin_session(s, call);
    if (!status) {
        tell(opened, how);
        status = log_opening(s, call, opened);
    }
    return store__end_change(s, call, status);
}
