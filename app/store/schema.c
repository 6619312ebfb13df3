/* The schema, as steps that lead from each version to the next. A step that was released never changes: a new version is a new
 * step, and what it makes of a file of each old version is tested. */
#include "store/inner.h"

#include <string.h>

/* Version 1 */
static const char first[] =
    "CREATE TABLE data_sets ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " name TEXT NOT NULL CHECK (name <> ''),"
    " file TEXT NOT NULL UNIQUE CHECK (file <> ''),"
    " source TEXT NOT NULL,"
    " hash TEXT NOT NULL,"
    " options TEXT NOT NULL CHECK (CASE WHEN json_valid(options) THEN json_type(options) = 'object' ELSE 0 END),"
    " facts TEXT NOT NULL CHECK (facts = '' OR json_valid(facts)),"
    " suspect TEXT NOT NULL DEFAULT '',"
    " bytes INTEGER NOT NULL,"
    " row_count INTEGER NOT NULL DEFAULT -1,"
    " column_count INTEGER NOT NULL DEFAULT -1,"
    " opening INTEGER NOT NULL DEFAULT 0 CHECK (opening IN (0, 1)),"
    " added INTEGER NOT NULL,"
    " changed INTEGER NOT NULL) STRICT;"

    "CREATE TABLE fetches ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " url TEXT NOT NULL CHECK (url <> ''),"
    " name TEXT NOT NULL,"
    " expected_hash TEXT NOT NULL,"
    " manifest TEXT NOT NULL,"
    " error TEXT NOT NULL DEFAULT '',"
    " state TEXT NOT NULL DEFAULT 'queued'"
    "  CHECK (state IN ('queued', 'running', 'done', 'failed', 'interrupted', 'cancelled')),"
    " attempts INTEGER NOT NULL DEFAULT 0,"
    " bytes_done INTEGER NOT NULL DEFAULT 0,"
    " bytes_total INTEGER NOT NULL,"
    " data_set INTEGER REFERENCES data_sets ON DELETE SET NULL,"
    " added INTEGER NOT NULL,"
    " started INTEGER NOT NULL DEFAULT 0,"
    " ended INTEGER NOT NULL DEFAULT 0,"
    " changed INTEGER NOT NULL) STRICT;"
    "CREATE INDEX fetches_data_set ON fetches (data_set);"

    "CREATE TABLE runs ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " name TEXT NOT NULL,"
    " kind TEXT NOT NULL,"
    " parameters TEXT NOT NULL "
    "  CHECK (CASE WHEN json_valid(parameters) THEN json_type(parameters) = 'object' ELSE 0 END),"
    " data_hash TEXT NOT NULL,"
    " metrics TEXT NOT NULL DEFAULT '' CHECK (metrics = '' OR json_valid(metrics)),"
    " importance TEXT NOT NULL DEFAULT '' CHECK (importance = '' OR json_valid(importance)),"
    " model TEXT NOT NULL DEFAULT '',"
    " notes TEXT NOT NULL,"
    " error TEXT NOT NULL DEFAULT '',"
    " died TEXT NOT NULL DEFAULT '',"
    " state TEXT NOT NULL DEFAULT 'queued'"
    "  CHECK (state IN ('queued', 'running', 'stopped', 'killed', 'interrupted', 'done', 'failed')),"
    " mode TEXT NOT NULL CHECK (mode IN ('process', 'thread')),"
    " data_set INTEGER REFERENCES data_sets ON DELETE SET NULL,"
    " round INTEGER NOT NULL DEFAULT 0,"
    " rounds INTEGER NOT NULL,"
    " best_round INTEGER NOT NULL DEFAULT -1,"
    " spent_ms INTEGER NOT NULL DEFAULT 0,"
    " added INTEGER NOT NULL,"
    " started INTEGER NOT NULL DEFAULT 0,"
    " ended INTEGER NOT NULL DEFAULT 0,"
    " changed INTEGER NOT NULL) STRICT;"
    "CREATE INDEX runs_data_set ON runs (data_set);"

    "CREATE TABLE settings ("
    " name TEXT PRIMARY KEY NOT NULL CHECK (name <> ''),"
    " value TEXT NOT NULL) STRICT;"

    "CREATE TABLE events ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " time INTEGER NOT NULL,"
    " level TEXT NOT NULL CHECK (level IN ('debug', 'info', 'warning', 'error')),"
    " subject TEXT NOT NULL CHECK (subject IN ('', 'data_sets', 'fetches', 'runs', 'settings', 'events')),"
    " subject_id INTEGER NOT NULL,"
    " text TEXT NOT NULL) STRICT;"

    "CREATE TABLE sessions ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " pid INTEGER NOT NULL,"
    " boot TEXT NOT NULL,"
    " started INTEGER NOT NULL,"
    " ended INTEGER NOT NULL DEFAULT 0,"
    " how TEXT NOT NULL DEFAULT '') STRICT;";

const char *const store__steps[] = {first};
const int store__step_count = sizeof store__steps / sizeof store__steps[0];

static int run(sqlite3 *db, const char *sql)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

static int set_version(sqlite3 *db, int version)
{
    char *sql = sqlite3_mprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", STORE_APPLICATION_ID, version);
    int code = sql ? run(db, sql) : SQLITE_NOMEM;
    sqlite3_free(sql);
    return code;
}

/* All steps are one transaction: a death or a failure on the way leaves the old version. */
int store__migrate(sqlite3 *db, const char *const *steps, int from, int to)
{
    if (from >= to)
        return SQLITE_OK;
    int code = run(db, "BEGIN IMMEDIATE");
    for (int version = from; !code && version < to; version++)
        code = run(db, steps[version]);
    if (!code)
        code = set_version(db, to);
    if (!code)
        code = run(db, "COMMIT");
    if (code && !sqlite3_get_autocommit(db))
        run(db, "ROLLBACK");
    return code;
}

/* A column's text; CODE becomes SQLITE_NOMEM if there is one that there is no memory for. */
static const char *text_of(sqlite3_stmt *statement, int column, int *code)
{
    bool none = sqlite3_column_type(statement, column) == SQLITE_NULL;
    const char *text = none ? "" : (const char *)sqlite3_column_text(statement, column);
    if (!text)
        *code = SQLITE_NOMEM;
    return text ? text : "";
}

/* Looks for the row of OURS in THEIRS, a schema to search by type and name. */
static int find_same(sqlite3_stmt *ours, sqlite3_stmt *theirs, bool *same)
{
    int code = sqlite3_reset(theirs);
    for (int i = 0; i < 2 && !code; i++)
        code = sqlite3_bind_value(theirs, i + 1, sqlite3_column_value(ours, i));
    if (code)
        return code;
    int found = sqlite3_step(theirs);
    if (found != SQLITE_ROW && found != SQLITE_DONE)
        return found;
    *same = found == SQLITE_ROW && strcmp(text_of(theirs, 0, &code), text_of(ours, 2, &code)) == 0;
    return code;
}

static int compare(sqlite3 *fresh, sqlite3 *db, bool *same)
{
    sqlite3_stmt *ours = NULL, *theirs = NULL;
    int code = sqlite3_prepare_v2(fresh, "SELECT type, name, sql FROM sqlite_schema", -1, &ours, NULL);
    if (!code)
        code = sqlite3_prepare_v2(db, "SELECT sql FROM sqlite_schema WHERE type = ?1 AND name = ?2", -1, &theirs, NULL);
    *same = true;
    while (!code && *same && (code = sqlite3_step(ours)) == SQLITE_ROW)
        code = find_same(ours, theirs, same);
    sqlite3_finalize(ours);
    sqlite3_finalize(theirs);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

/* Whether all that a database of this VERSION has is in DB as it should be. More may be there, such as people's own
 * indexes. */
int store__compare_schema(sqlite3 *db, int version, bool *same)
{
    sqlite3 *fresh = NULL;
    *same = false;
    if (version < 0 || version > store__step_count)
        return SQLITE_MISUSE;
    int code = sqlite3_open_v2(":memory:", &fresh, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    if (!code)
        code = store__migrate(fresh, store__steps, 0, version);
    if (!code)
        code = compare(fresh, db, same);
    sqlite3_close(fresh);
    return code;
}
