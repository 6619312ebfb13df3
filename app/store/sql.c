/* Statements with values, and how SQLite's failures become statuses and sentences. */
#include "store/inner.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t milliseconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t store__now(void)
{
    return milliseconds(CLOCK_REALTIME);
}

int64_t store__monotonic(void)
{
    return milliseconds(CLOCK_MONOTONIC);
}

bh_status(store__fail)(store *s, bh_status status, const char *call, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(s->sentence, sizeof s->sentence, format, arguments);
    va_end(arguments);
    s->status = status;
    return (bh_report)(status, call, "%s", s->sentence);
}

static bh_status constraint_failed(store *s, const char *call, int code)
{
    const char *what = sqlite3_errmsg(s->db);
    switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
        return store__fail(s, BH_ERROR_EXISTS, call, "there is one already (%s)", what);
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return store__fail(s, BH_ERROR_NAME, call, "it refers to a row that is not there: list the rows anew");
    default:
        return store__fail(s, BH_ERROR_FORMAT, call, "a value that the table does not take (%s)", what);
    }
}

static bh_status io_failed(store *s, const char *call, int code)
{
    int reason = sqlite3_system_errno(s->db);
    if (code == SQLITE_IOERR_NOMEM)
        return store__fail(s, BH_ERROR_MEMORY, call, "no memory");
    return store__fail(s, BH_ERROR_IO, call, "cannot read or write %s/project.db (%s%s%s): what was stored before is kept",
                       s->folder, sqlite3_errstr(code), reason ? ", " : "", reason ? strerror(reason) : "");
}

bh_status store__sql_failed(store *s, const char *call)
{
    return store__code_failed(s, call, sqlite3_extended_errcode(s->db));
}

bh_status store__code_failed(store *s, const char *call, int code)
{
    switch (code & 0xff) {
    case SQLITE_NOMEM:
        return store__fail(s, BH_ERROR_MEMORY, call, "no memory");
    case SQLITE_FULL:
        return store__fail(s, BH_ERROR_IO, call,
                           "the disk is full: free some space for %s, and try again; what was stored before is kept", s->folder);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return store__fail(s, BH_TIMEOUT, call,
                           "another program has locked %s/project.db: close the project there, and try again", s->folder);
    case SQLITE_READONLY:
        return store__fail(s, BH_ERROR_READ_ONLY, call,
                           "%s/project.db cannot be written: give yourself the right to, or copy the project", s->folder);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return store__fail(s, BH_ERROR_FORMAT, call, "%s/project.db is damaged (%s): open the project anew, which sets it aside",
                           s->folder, sqlite3_errmsg(s->db));
    case SQLITE_ERROR:
        return store__fail(s, BH_ERROR_FORMAT, call, "the database does not take this: %s", sqlite3_errmsg(s->db));
    case SQLITE_TOOBIG:
        return store__fail(s, BH_ERROR_RANGE, call, "a text that is longer than a database takes");
    case SQLITE_CONSTRAINT:
        return constraint_failed(s, call, code);
    default:
        return io_failed(s, call, code);
    }
}

bh_status store__check(store *s, const char *call)
{
    if (!s)
        return (bh_report)(BH_ERROR_NULL, call, "the store is NULL: open one with store_open");
    if (!pthread_equal(pthread_self(), s->thread))
        return (bh_report)(BH_ERROR_THREAD, call,
                           "a store belongs to the thread that opened it: post there, or open a reader here");
    return BH_OK;
}

bh_status store__check_writer(store *s, const char *call)
{
    bh_status status = store__check(s, call);
    if (!status && s->reader)
        status = store__fail(s, BH_ERROR_READ_ONLY, call, "this store was opened for reading: use the one of the store thread");
    return status;
}

static int bind(sqlite3_stmt *statement, int index, char type, va_list *values)
{
    if (type == 'i')
        return sqlite3_bind_int64(statement, index, va_arg(*values, int64_t));
    const char *text = va_arg(*values, const char *);
    if (!text && type == 't')
        text = "";
    return sqlite3_bind_text(statement, index, text, -1, SQLITE_TRANSIENT);
}

sqlite3_stmt *store__prepare_va(store *s, const char *call, const char *sql, const char *types, va_list values)
{
    sqlite3_stmt *statement = NULL;
    int code = sql ? sqlite3_prepare_v2(s->db, sql, -1, &statement, NULL) : SQLITE_NOMEM;
    va_list left;
    va_copy(left, values);
    for (int i = 0; !code && types[i]; i++)
        code = bind(statement, i + 1, types[i], &left);
    va_end(left);
    if (!code)
        return statement;
    if (sql)
        store__sql_failed(s, call);
    else
        store__fail(s, BH_ERROR_MEMORY, call, "no memory");
    sqlite3_finalize(statement);
    return NULL;
}

sqlite3_stmt *store__prepare(store *s, const char *call, const char *sql, const char *types, ...)
{
    va_list values;
    va_start(values, types);
    sqlite3_stmt *statement = store__prepare_va(s, call, sql, types, values);
    va_end(values);
    return statement;
}

int store__step(store *s, const char *call, sqlite3_stmt *statement)
{
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        return 1;
    if (code == SQLITE_DONE)
        return 0;
    store__sql_failed(s, call);
    return -1;
}

bh_status store__number(store *s, const char *call, int64_t *out, const char *sql, const char *types, ...)
{
    va_list values;
    va_start(values, types);
    sqlite3_stmt *statement = store__prepare_va(s, call, sql, types, values);
    va_end(values);
    *out = 0;
    int found = statement ? store__step(s, call, statement) : -1;
    if (found > 0)
        *out = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return found < 0 ? s->status : BH_OK;
}

bh_status store__run(store *s, const char *call, const char *sql, const char *types, ...)
{
    va_list values;
    va_start(values, types);
    sqlite3_stmt *statement = store__prepare_va(s, call, sql, types, values);
    va_end(values);
    int found = 1;
    while (statement && found > 0)
        found = store__step(s, call, statement);
    sqlite3_finalize(statement);
    return found ? s->status : BH_OK;
}
