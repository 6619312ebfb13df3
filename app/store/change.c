/* Changes: transactions, what they changed, and who is told. */
#include "store/inner.h"

#include <string.h>

enum { MOST_LISTED = 4096 };

static store_table table_by_name(const char *name)
{
    static const char *const names[STORE_TABLES] = {[STORE_DATA_SETS] = "data_sets",
                                                    [STORE_FETCHES] = "fetches",
                                                    [STORE_RUNS] = "runs",
                                                    [STORE_SETTINGS] = "settings",
                                                    [STORE_EVENTS] = "events"};
    for (int i = 1; i < STORE_TABLES; i++)
        if (strcmp(names[i], name) == 0)
            return (store_table)i;
    return 0;
}

static bool make_room(store *s)
{
    if (s->change_count < s->change_room)
        return true;
    size_t room = s->change_room ? s->change_room * 2 : 64;
    store__change *more = s->change_count < MOST_LISTED ? sqlite3_realloc64(s->changes, room * sizeof *more) : NULL;
    if (!more)
        return false;
    s->changes = more;
    s->change_room = room;
    return true;
}

/* SQLite calls it for each row, in the middle of the statement: it may only take notes. */
static void note_change(void *user, int operation, const char *database, const char *name, sqlite3_int64 id)
{
    store *s = user;
    store_table table = table_by_name(name);
    (void)database;
    if (!table)
        return;
    /* From the mark on: what came before it must stay as it is if this change is undone */
    for (size_t i = s->change_mark; i < s->change_count; i++) {
        store__change *known = &s->changes[i];
        if (known->table == table && known->id == id) {
            known->removed = operation == SQLITE_DELETE;
            known->quiet &= s->quiet;
            return;
        }
    }
    if (make_room(s))
        s->changes[s->change_count++] =
            (store__change){table, id, operation == SQLITE_INSERT, operation == SQLITE_DELETE, s->quiet};
    else
        s->changed_many[table] = true;
}

void store__watch(store *s)
{
    sqlite3_update_hook(s->db, note_change, s);
}

/* The same row may have been changed by several changes of one transaction. */
static bool told_before(const store__change *changes, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (changes[i].table == changes[at].table && changes[i].id == changes[at].id)
            return true;
    return false;
}

static void tell(store *s, store_table table, int64_t id)
{
    if (s->hook.changed)
        s->hook.changed(table, id, s->hook.user);
}

/* After a commit. The list is taken away first, because a hook may make changes of its own. */
static void deliver(store *s)
{
    store__change *changes = s->changes;
    size_t count = s->change_count;
    bool many[STORE_TABLES];
    memcpy(many, s->changed_many, sizeof many);
    memset(s->changed_many, 0, sizeof s->changed_many);
    s->changes = NULL;
    s->change_count = s->change_room = s->change_mark = 0;

    for (size_t i = 0; i < count; i++)
        if (changes[i].table == STORE_RUNS && !changes[i].quiet && !changes[i].removed)
            store__write_run_file(s, "store", changes[i].id);
        else if (changes[i].table == STORE_RUNS && changes[i].removed)
            store__remove_run_folder(s, changes[i].id);
    s->delivering++;
    for (size_t i = 0; i < count; i++)
        if (!many[changes[i].table] && !told_before(changes, i))
            tell(s, changes[i].table, changes[i].id);
    for (int i = 1; i < STORE_TABLES; i++)
        if (many[i])
            tell(s, (store_table)i, 0);
    s->delivering--;
    sqlite3_free(changes);
}

static void forget_changes(store *s, size_t from)
{
    for (size_t i = from; i < s->change_count; i++)
        if (s->changes[i].table == STORE_RUNS && s->changes[i].added)
            store__remove_run_folder(s, s->changes[i].id);
    s->change_count = from;
    if (from == 0)
        memset(s->changed_many, 0, sizeof s->changed_many);
}

/* Says nothing: what failed before has been said. */
static void quietly(store *s, const char *sql)
{
    sqlite3_exec(s->db, sql, NULL, NULL, NULL);
}

/* Some failures (no memory, disk full) end the whole transaction inside SQLite, whichever statement they hit. */
static void notice_end(store *s)
{
    if (s->transaction == STORE__OPEN && sqlite3_get_autocommit(s->db))
        s->transaction = STORE__GIVEN_UP;
}

static void undo(store *s)
{
    if (sqlite3_get_autocommit(s->db)) { /* SQLite gave the whole transaction up by itself */
        forget_changes(s, 0);
        notice_end(s);
    } else if (s->transaction == STORE__OPEN) {
        quietly(s, "ROLLBACK TO change");
        quietly(s, "RELEASE change");
        forget_changes(s, s->change_mark);
    } else {
        quietly(s, "ROLLBACK");
        forget_changes(s, 0);
    }
}

bh_status store__begin_change(store *s, const char *call)
{
    bh_status status = store__check_writer(s, call);
    if (status)
        return status;
    notice_end(s);
    if (s->transaction == STORE__GIVEN_UP)
        return store__fail(s, BH_ERROR_STATE, call, "the transaction was given up after an earlier failure: call store_rollback");
    s->change_mark = s->change_count;
    return store__run(s, call, s->transaction == STORE__OPEN ? "SAVEPOINT change" : "BEGIN IMMEDIATE", "");
}

bh_status store__end_change(store *s, const char *call, bh_status status)
{
    if (!status)
        status = store__run(s, call, s->transaction == STORE__OPEN ? "RELEASE change" : "COMMIT", "");
    if (status)
        undo(s);
    else if (s->transaction == STORE__NONE)
        deliver(s);
    s->change_mark = s->change_count;
    return status;
}

bh_status(store_begin)(store *s)
{
    bh_status status = store__check_writer(s, "store_begin");
    if (status)
        return status;
    if (s->transaction)
        return store__fail(s, BH_ERROR_STATE, "store_begin",
                           "a transaction is open already: end it with store_commit or store_rollback");
    status = store__run(s, "store_begin", "BEGIN IMMEDIATE", "");
    if (!status)
        s->transaction = STORE__OPEN;
    return status;
}

static bh_status check_open(store *s, const char *call)
{
    bh_status status = store__check_writer(s, call);
    if (!status && !s->transaction)
        status = store__fail(s, BH_ERROR_STATE, call, "there is no transaction: store_begin begins one");
    return status;
}

bh_status(store_commit)(store *s)
{
    bh_status status = check_open(s, "store_commit");
    if (status)
        return status;
    notice_end(s);
    if (s->transaction == STORE__GIVEN_UP)
        status = store__fail(s, BH_ERROR_STATE, "store_commit",
                             "nothing of the transaction was kept, after an earlier failure: do it again");
    else
        status = store__run(s, "store_commit", "COMMIT", "");
    s->transaction = STORE__NONE;
    if (status)
        undo(s);
    else
        deliver(s);
    return status;
}

bh_status(store_rollback)(store *s)
{
    bh_status status = check_open(s, "store_rollback");
    if (status)
        return status;
    s->transaction = STORE__NONE;
    undo(s);
    return BH_OK;
}

bh_status(store_set_hook)(store *s, store_hook hook)
{
    bh_status status = store__check_writer(s, "store_set_hook");
    if (status)
        return status;
    store_hook previous = s->hook;
    s->hook = hook;
    if (previous.drop)
        previous.drop(previous.user);
    return BH_OK;
}

void store__drop_hook(store *s)
{
    store_hook previous = s->hook;
    s->hook = (store_hook){0};
    if (previous.drop)
        previous.drop(previous.user);
}

bool(store_has)(store *s, store_table table, int64_t id)
{
    static const char *const questions[STORE_TABLES] = {[STORE_DATA_SETS] = "SELECT count(*) FROM data_sets WHERE id = ?1",
                                                        [STORE_FETCHES] = "SELECT count(*) FROM fetches WHERE id = ?1",
                                                        [STORE_RUNS] = "SELECT count(*) FROM runs WHERE id = ?1",
                                                        [STORE_EVENTS] = "SELECT count(*) FROM events WHERE id = ?1"};
    int64_t count = 0;
    if (store__check(s, "store_has") || (unsigned)table >= STORE_TABLES || !questions[table])
        return false;
    return store__number(s, "store_has", &count, questions[table], "i", id) == BH_OK && count > 0;
}
