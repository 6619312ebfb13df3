/* Runs: see runs.h. */
#include "store/runs.h"

#include "store/inner.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static const char *const states[] = {"queued", "running", "stopped", "killed", "interrupted", "done", "failed", NULL};
static const char *const modes[] = {"process", "thread", NULL};

static const store__field fields[] = {
    {"id", STORE__INT64, offsetof(store_run, id), NULL},
    {"name", STORE__TEXT, offsetof(store_run, name), NULL},
    {"kind", STORE__TEXT, offsetof(store_run, kind), NULL},
    {"parameters", STORE__JSON, offsetof(store_run, parameters), NULL},
    {"data_hash", STORE__TEXT, offsetof(store_run, data_hash), NULL},
    {"metrics", STORE__JSON, offsetof(store_run, metrics), NULL},
    {"importance", STORE__JSON, offsetof(store_run, importance), NULL},
    {"model", STORE__TEXT, offsetof(store_run, model), NULL},
    {"notes", STORE__TEXT, offsetof(store_run, notes), NULL},
    {"error", STORE__TEXT, offsetof(store_run, error), NULL},
    {"died", STORE__TEXT, offsetof(store_run, died), NULL},
    {"state", STORE__WORD, offsetof(store_run, state), states},
    {"mode", STORE__WORD, offsetof(store_run, mode), modes},
    {"data_set", STORE__INT64, offsetof(store_run, data_set), NULL},
    {"round", STORE__INT64, offsetof(store_run, round), NULL},
    {"rounds", STORE__INT64, offsetof(store_run, rounds), NULL},
    {"best_round", STORE__INT64, offsetof(store_run, best_round), NULL},
    {"spent_ms", STORE__INT64, offsetof(store_run, spent_ms), NULL},
    {"added", STORE__INT64, offsetof(store_run, added), NULL},
    {"started", STORE__INT64, offsetof(store_run, started), NULL},
    {"ended", STORE__INT64, offsetof(store_run, ended), NULL},
    {"changed", STORE__INT64, offsetof(store_run, changed), NULL},
    {0},
};
const store__shape store__run_shape = {"runs", "run", sizeof(store_run), fields};

const char *store_run_state_name(store_run_state state)
{
    return store__word(states, (int)state);
}

/* Makes a folder that was not there: an earlier run of this id, which the database lost, keeps its files. */
static bh_status make_folder(store *s, const char *call, int64_t *id)
{
    bh_status status =
        store__number(s, call, id, "SELECT 1 + coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'runs'), 0)", "");
    while (!status) {
        char *path = store__run_path(s, *id, "");
        if (!path)
            return store__fail(s, BH_ERROR_MEMORY, call, "no memory");
        bool made = mkdir(path, 0777) == 0, taken = errno == EEXIST;
        if (!made && !taken)
            status = store__fail(s, BH_ERROR_IO, call, "cannot make the folder %s (%s): see whether the disk is full", path,
                                 strerror(errno));
        sqlite3_free(path);
        if (made)
            return BH_OK;
        ++*id;
    }
    return status;
}

static bh_status insert(store *s, const char *call, const store_run *row, int64_t id)
{
    bool parameters = row->parameters && row->parameters[0];
    return store__run(
        s, call,
        "INSERT INTO runs (id, name, kind, parameters, data_hash, notes, mode, data_set, rounds, added, changed)"
        " VALUES (?1, ?2, ?3, ?4, coalesce((SELECT hash FROM data_sets WHERE id = ?7), ''), ?5, ?6, nullif(?7, 0), ?8, ?9, ?9)",
        "itttttiii", id, row->name, row->kind, parameters ? row->parameters : "{}", row->notes, modes[row->mode], row->data_set,
        row->rounds, store__now());
}

static bh_status check_run(store *s, const char *call, const store_run *row)
{
    bh_status status = store__check_writer(s, call);
    if (!status && !row)
        status = store__fail(s, BH_ERROR_NULL, call, "the run is NULL: fill a store_run");
    if (!status && row->mode != STORE_RUN_PROCESS && row->mode != STORE_RUN_THREAD)
        status =
            store__fail(s, BH_ERROR_RANGE, call, "there is no mode %d: STORE_RUN_PROCESS or STORE_RUN_THREAD", (int)row->mode);
    if (!status && row->rounds < 0)
        status = store__fail(s, BH_ERROR_RANGE, call, "%lld rounds: 0 or more", (long long)row->rounds);
    return status;
}

bh_status(store_add_run)(store *s, const store_run *row, int64_t *id)
{
    const char *call = "store_add_run";
    if (id)
        *id = 0;
    int64_t made = 0;
    bh_status status = check_run(s, call, row);
    if (!status)
        status = store__begin_change(s, call);
    if (status)
        return status;
    status = make_folder(s, call, &made);
    bool folder = !status;
    if (!status)
        status = insert(s, call, row, made);
    if (!status)
        status = store__write_run_file(s, call, made);
    status = store__end_change(s, call, status);
    if (status && folder)
        store__remove_run_folder(s, made);
    if (id && !status)
        *id = made;
    return status;
}

bh_status(store_start_run)(store *s, int64_t id)
{
    return store__change_row(s, "store_start_run", &store__run_shape, id, "'queued'",
                             "state = 'running', started = ?1, ended = 0, error = '', died = ''", "i", store__now());
}

bh_status(store_finish_run)(store *s, int64_t id, store_run_state state, const store_run_result *result)
{
    static const store_run_result nothing;
    const char *call = "store_finish_run";
    bh_status status = store__check_writer(s, call);
    if (status)
        return status;
    if (state != STORE_RUN_DONE && state != STORE_RUN_STOPPED && state != STORE_RUN_KILLED && state != STORE_RUN_FAILED)
        return store__fail(s, BH_ERROR_RANGE, call, "a run does not end as %s (%d): done, stopped, killed or failed",
                           store_run_state_name(state), (int)state);
    if (!result)
        result = &nothing;
    return store__change_row(
        s, call, &store__run_shape, id, "'queued', 'running'",
        "spent_ms = spent_ms + iif(state = 'running', max(?2 - started, 0), 0), state = ?1, ended = ?2,"
        " metrics = coalesce(?3, metrics), importance = coalesce(?4, importance), model = coalesce(?5, model),"
        " error = coalesce(?6, error), died = coalesce(?7, died)",
        "tinnnnn", states[state], store__now(), result->metrics, result->importance, result->model, result->error, result->died);
}

bh_status(store_requeue_run)(store *s, int64_t id)
{
    return store__change_row(s, "store_requeue_run", &store__run_shape, id, "'stopped', 'killed', 'interrupted', 'failed'",
                             "state = 'queued'", "");
}

bh_status(store_set_run_name)(store *s, int64_t id, const char *name)
{
    return store__change_row(s, "store_set_run_name", &store__run_shape, id, NULL, "name = ?1", "t", name);
}

bh_status(store_set_run_notes)(store *s, int64_t id, const char *notes)
{
    return store__change_row(s, "store_set_run_notes", &store__run_shape, id, NULL, "notes = ?1", "t", notes);
}

bh_status(store_remove_run)(store *s, int64_t id)
{
    return store__remove_row(s, "store_remove_run", &store__run_shape, id,
                             "'queued', 'stopped', 'killed', 'interrupted', 'done', 'failed'");
}

bh_status(store_get_run)(store *s, int64_t id, store_run **row)
{
    return store__get(s, "store_get_run", &store__run_shape, id, (void **)row);
}

bh_status(store_run_folder)(const store *s, int64_t id, char **folder)
{
    const char *call = "store_run_folder";
    if (folder)
        *folder = NULL;
    if (!s || !folder)
        return (bh_report)(BH_ERROR_NULL, call, "%s is NULL", s ? "folder" : "the store");
    char *path = store__run_path(s, id, "");
    *folder = path ? store__give_text(path) : NULL;
    sqlite3_free(path);
    return *folder ? BH_OK : (bh_report)(BH_ERROR_MEMORY, call, "no memory");
}
