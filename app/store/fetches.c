/* Fetches: see fetches.h. */
#include "store/fetches.h"

#include "store/inner.h"

static const char *const states[] = {"queued", "running", "done", "failed", "interrupted", "cancelled", NULL};

static const store__field fields[] = {
    {"id", STORE__INT64, offsetof(store_fetch, id), NULL},
    {"url", STORE__TEXT, offsetof(store_fetch, url), NULL},
    {"name", STORE__TEXT, offsetof(store_fetch, name), NULL},
    {"expected_hash", STORE__TEXT, offsetof(store_fetch, expected_hash), NULL},
    {"manifest", STORE__TEXT, offsetof(store_fetch, manifest), NULL},
    {"error", STORE__TEXT, offsetof(store_fetch, error), NULL},
    {"state", STORE__WORD, offsetof(store_fetch, state), states},
    {"attempts", STORE__INT, offsetof(store_fetch, attempts), NULL},
    {"bytes_done", STORE__INT64, offsetof(store_fetch, bytes_done), NULL},
    {"bytes_total", STORE__INT64, offsetof(store_fetch, bytes_total), NULL},
    {"data_set", STORE__INT64, offsetof(store_fetch, data_set), NULL},
    {"added", STORE__INT64, offsetof(store_fetch, added), NULL},
    {"started", STORE__INT64, offsetof(store_fetch, started), NULL},
    {"ended", STORE__INT64, offsetof(store_fetch, ended), NULL},
    {"changed", STORE__INT64, offsetof(store_fetch, changed), NULL},
    {0},
};
const store__shape store__fetch_shape = {"fetches", "fetch", sizeof(store_fetch), fields};

const char *store_fetch_state_name(store_fetch_state state)
{
    return store__word(states, (int)state);
}

bh_status(store_add_fetch)(store *s, const store_fetch *row, int64_t *id)
{
    const char *call = "store_add_fetch";
    if (id)
        *id = 0;
    bh_status status = store__check_writer(s, call);
    if (!status && (!row || !row->url || !row->url[0]))
        status = store__fail(s, BH_ERROR_NULL, call, "a fetch needs a URL");
    if (!status)
        status = store__begin_change(s, call);
    if (status)
        return status;
    status = store__run(s, call,
                        "INSERT INTO fetches (url, name, expected_hash, manifest, bytes_total, added, changed)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)",
                        "ttttii", row->url, row->name, row->expected_hash, row->manifest,
                        row->bytes_total > 0 ? row->bytes_total : INT64_C(-1), store__now());
    int64_t made = sqlite3_last_insert_rowid(s->db);
    status = store__end_change(s, call, status);
    if (id && !status)
        *id = made;
    return status;
}

bh_status(store_set_fetch_url)(store *s, int64_t id, const char *url)
{
    return store__change_row(s, "store_set_fetch_url", &store__fetch_shape, id, "'queued', 'failed', 'interrupted', 'cancelled'",
                             "url = ?1", "t", url);
}

bh_status(store_start_fetch)(store *s, int64_t id)
{
    return store__change_row(s, "store_start_fetch", &store__fetch_shape, id, "'queued'",
                             "state = 'running', attempts = attempts + 1, started = ?1, ended = 0, error = ''", "i",
                             store__now());
}

bh_status(store_finish_fetch)(store *s, int64_t id, store_fetch_state state, const char *error, int64_t data_set)
{
    const char *call = "store_finish_fetch";
    bh_status status = store__check_writer(s, call);
    if (status)
        return status;
    if (state != STORE_FETCH_DONE && state != STORE_FETCH_FAILED && state != STORE_FETCH_CANCELLED)
        return store__fail(s, BH_ERROR_RANGE, call, "a fetch does not end as %s (%d): done, failed or cancelled",
                           store_fetch_state_name(state), (int)state);
    return store__change_row(s, call, &store__fetch_shape, id, "'queued', 'running'",
                             "state = ?1, error = ?2, data_set = nullif(?3, 0), ended = ?4", "ttii", states[state], error,
                             data_set, store__now());
}

bh_status(store_requeue_fetch)(store *s, int64_t id)
{
    return store__change_row(s, "store_requeue_fetch", &store__fetch_shape, id, "'failed', 'interrupted', 'cancelled'",
                             "state = 'queued'", "");
}

bh_status(store_remove_fetch)(store *s, int64_t id)
{
    return store__remove_row(s, "store_remove_fetch", &store__fetch_shape, id,
                             "'queued', 'done', 'failed', 'interrupted', 'cancelled'");
}

bh_status(store_list_fetches)(store *s, store_fetch **rows, size_t *count)
{
    return store__list(s, "store_list_fetches", &store__fetch_shape, (void **)rows, count, "ORDER BY id", "");
}

bh_status(store_get_fetch)(store *s, int64_t id, store_fetch **row)
{
    return store__get(s, "store_get_fetch", &store__fetch_shape, id, (void **)row);
}
