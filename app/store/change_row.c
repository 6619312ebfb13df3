/* The usual change: of one row, which must be there, and often in a certain state. */
#include "store/inner.h"

#include <stdarg.h>

/* Nothing was changed: there is no such row, or it is in another state. */
static bh_status explain(store *s, const char *call, const store__shape *shape, int64_t id, const char *when)
{
    char *sql = sqlite3_mprintf("SELECT %s FROM %s WHERE id = ?1", when ? "state" : "1", shape->table);
    sqlite3_stmt *statement = store__prepare(s, call, sql, "i", id);
    sqlite3_free(sql);
    int found = statement ? store__step(s, call, statement) : -1;
    if (found == 0)
        store__fail(s, BH_ERROR_NAME, call, "there is no %s %lld: list them anew", shape->noun, (long long)id);
    else if (found > 0)
        store__fail(s, BH_ERROR_STATE, call, "%s %lld is %s: this can only be done to what is %s", shape->noun, (long long)id,
                    (const char *)sqlite3_column_text(statement, 0), when);
    sqlite3_finalize(statement);
    return s->status;
}

/* Takes SQL. A row's state is not changed before what was heard of it while it ran is written. */
static bh_status change_one(store *s, const char *call, const store__shape *shape, int64_t id, const char *when, char *sql,
                            const char *types, va_list values)
{
    bh_status status = when ? store__write_pending(s, call) : BH_OK;
    sqlite3_stmt *statement = status ? NULL : store__prepare_va(s, call, sql, types, values);
    if (!status && (!statement || store__step(s, call, statement) < 0))
        status = s->status;
    if (!status && sqlite3_changes(s->db) == 0)
        status = explain(s, call, shape, id, when);
    sqlite3_finalize(statement);
    sqlite3_free(sql);
    return status;
}

static bh_status change(store *s, const char *call, const store__shape *shape, int64_t id, const char *when, char *sql,
                        const char *types, va_list values)
{
    bh_status status = store__begin_change(s, call);
    if (status) {
        sqlite3_free(sql);
        return status;
    }
    status = store__end_change(s, call, change_one(s, call, shape, id, when, sql, types, values));
    if (!status && when)
        store__forget_pending(s);
    return status;
}

bh_status store__change_row(store *s, const char *call, const store__shape *shape, int64_t id, const char *when, const char *set,
                            const char *types, ...)
{
    char *sql = sqlite3_mprintf("UPDATE %s SET changed = %lld, %s WHERE id = %lld%s%s%s", shape->table, (long long)store__now(),
                                set, (long long)id, when ? " AND state IN (" : "", when ? when : "", when ? ")" : "");
    va_list values;
    va_start(values, types);
    bh_status status = change(s, call, shape, id, when, sql, types, values);
    va_end(values);
    return status;
}

static bh_status remove_row(store *s, const char *call, const store__shape *shape, int64_t id, const char *when, ...)
{
    char *sql = sqlite3_mprintf("DELETE FROM %s WHERE id = %lld%s%s%s", shape->table, (long long)id,
                                when ? " AND state IN (" : "", when ? when : "", when ? ")" : "");
    va_list none;
    va_start(none, when);
    bh_status status = change(s, call, shape, id, when, sql, "", none);
    va_end(none);
    return status;
}

bh_status store__remove_row(store *s, const char *call, const store__shape *shape, int64_t id, const char *when)
{
    return remove_row(s, call, shape, id, when);
}
