/* Rounds and bytes: heard up to thousands of times a second, written a few times a second, the newest only. */
#include "store/fetches.h"
#include "store/inner.h"
#include "store/runs.h"

#include <string.h>

enum { COLLECT_MS = 200, RETRY_MS = 1000 };

static store__pending *find(store *s, store_table table, int64_t id)
{
    for (size_t i = 0; i < s->pending_count; i++)
        if (s->pending[i].table == table && s->pending[i].id == id)
            return &s->pending[i];
    return NULL;
}

/* An entry of the row, or one that is free, or a new one. */
static store__pending *entry_for(store *s, const char *call, store_table table, int64_t id)
{
    store__pending *entry = find(s, table, id);
    if (entry)
        return entry;
    for (size_t i = 0; !entry && i < s->pending_count; i++)
        if (!s->pending[i].waits)
            entry = &s->pending[i];
    if (!entry) {
        store__pending *more = sqlite3_realloc64(s->pending, (s->pending_count + 1) * sizeof *more);
        if (!more) {
            store__fail(s, BH_ERROR_MEMORY, call, "no memory");
            return NULL;
        }
        s->pending = more;
        entry = &more[s->pending_count++];
        *entry = (store__pending){0};
    }
    entry->table = table;
    entry->id = id;
    return entry;
}

static bool keep_metrics(store__pending *entry, const char *metrics)
{
    size_t size = strlen(metrics) + 1;
    if (!entry->metrics || size > entry->metrics_room) {
        char *more = sqlite3_realloc64(entry->metrics, size * 2);
        if (!more)
            return false;
        entry->metrics = more;
        entry->metrics_room = size * 2;
    }
    memcpy(entry->metrics, metrics, size);
    return true;
}

/* METRICS NULL: those that wait already stay, if any do. */
static bh_status hear(store *s, const char *call, store_table table, int64_t id, int64_t first, int64_t second,
                      const char *metrics)
{
    bh_status status = store__check_writer(s, call);
    store__pending *entry = status ? NULL : entry_for(s, call, table, id);
    if (!entry)
        return status ? status : s->status;
    if (!entry->waits && entry->metrics)
        entry->metrics[0] = 0;
    if (metrics && !keep_metrics(entry, metrics))
        return store__fail(s, BH_ERROR_MEMORY, call, "no memory");
    entry->first = first;
    entry->second = second;
    entry->waits = true;

    int64_t now = store__monotonic();
    if (!s->flush_at)
        s->flush_at = now + COLLECT_MS;
    return now >= s->flush_at && !s->transaction ? (store_flush)(s) : BH_OK;
}

bh_status(store_run_round)(store *s, int64_t id, int64_t round, int64_t best_round, const char *metrics)
{
    return hear(s, "store_run_round", STORE_RUNS, id, round, best_round, metrics);
}

bh_status(store_fetch_bytes)(store *s, int64_t id, int64_t done, int64_t total)
{
    return hear(s, "store_fetch_bytes", STORE_FETCHES, id, done, total < 0 ? -1 : total, NULL);
}

static bh_status write_one(store *s, const char *call, const store__pending *entry)
{
    if (entry->table == STORE_FETCHES)
        return store__run(
            s, call, "UPDATE fetches SET bytes_done = ?1, bytes_total = ?2, changed = ?3 WHERE id = ?4 AND state = 'running'",
            "iiii", entry->first, entry->second, store__now(), entry->id);
    bool metrics = entry->metrics && entry->metrics[0];
    return store__run(s, call,
                      "UPDATE runs SET round = ?1, best_round = ?2, changed = ?3, metrics = coalesce(?5, metrics)"
                      " WHERE id = ?4 AND state = 'running'",
                      "iiiin", entry->first, entry->second, store__now(), entry->id, metrics ? entry->metrics : NULL);
}

/* What the table does not take (metrics that are no JSON) was reported, and is given up; it must not keep the others from the
 * disk. */
bh_status store__write_pending(store *s, const char *call)
{
    bh_status status = BH_OK;
    s->quiet = true;
    for (size_t i = 0; i < s->pending_count && !status; i++) {
        if (!s->pending[i].waits)
            continue;
        status = write_one(s, call, &s->pending[i]);
        if (status == BH_ERROR_FORMAT && (sqlite3_errcode(s->db) & 0xff) == SQLITE_CONSTRAINT)
            status = BH_OK;
    }
    s->quiet = false;
    return status;
}

void store__forget_pending(store *s)
{
    for (size_t i = 0; i < s->pending_count; i++)
        s->pending[i].waits = false;
    s->flush_at = 0;
}

void store__free_pending(store *s)
{
    for (size_t i = 0; i < s->pending_count; i++)
        sqlite3_free(s->pending[i].metrics);
    sqlite3_free(s->pending);
}

bh_status(store_flush)(store *s)
{
    const char *call = "store_flush";
    bh_status status = store__check_writer(s, call);
    if (status || !s->flush_at)
        return status;
    status = store__begin_change(s, call);
    if (!status)
        status = store__end_change(s, call, store__write_pending(s, call));
    if (status)
        s->flush_at = store__monotonic() + RETRY_MS;
    else
        store__forget_pending(s);
    return status;
}

int(store_flush_due_ms)(store *s)
{
    if (store__check_writer(s, "store_flush_due_ms") || !s->flush_at)
        return -1;
    int64_t left = s->flush_at - store__monotonic();
    return left > 0 ? (int)left : 0;
}
