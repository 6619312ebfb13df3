/* Lists of runs: sorted by any column, metric or parameter, and filtered. */
#include "store/inner.h"
#include "store/runs.h"

#include <string.h>

/* "$."NAME"" in OUT for json_extract; false if NAME cannot stand in a path. */
static bool make_path(char **out, const char *name)
{
    if (!name[0] || strchr(name, '"'))
        return false;
    *out = sqlite3_mprintf("$.\"%s\"", name);
    return true; /* out of memory too: the caller looks */
}

static const store__field *find_column(const char *name)
{
    for (const store__field *field = store__run_shape.fields; field->column; field++)
        if (strcmp(field->column, name) == 0)
            return field;
    return NULL;
}

/* What to sort by as SQL, in which ?4 is PATH. NULL if there is no such thing. */
static const char *sort_term(const char *sort, char **path)
{
    if (strncmp(sort, "metric:", 7) == 0)
        return make_path(path, sort + 7) ? "iif(metrics = '', NULL, json_extract(metrics, ?4))" : NULL;
    if (strncmp(sort, "parameter:", 10) == 0)
        return make_path(path, sort + 10) ? "json_extract(parameters, ?4)" : NULL;
    const store__field *field = find_column(sort);
    return field ? field->column : NULL;
}

static char *make_tail(const store_run_query *query, const char *term)
{
    sqlite3_str *sql = sqlite3_str_new(NULL);
    sqlite3_str_appendall(
        sql, "WHERE (?1 = 0 OR data_set = ?1) AND (?2 = ''"
             " OR instr(lower(name || char(10) || notes || char(10) || parameters || char(10) || error), lower(?2)))");
    if (query->states) {
        sqlite3_str_appendall(sql, " AND state IN (''");
        for (int i = 0; i <= STORE_RUN_FAILED; i++)
            if (query->states & (1u << i))
                sqlite3_str_appendf(sql, ", '%s'", store_run_state_name((store_run_state)i));
        sqlite3_str_appendall(sql, ")");
    }
    sqlite3_str_appendf(sql, " ORDER BY nullif(%s, '') IS NULL, %s COLLATE NOCASE %s, id %s LIMIT iif(?3 > 0, ?3, -1) OFFSET ?5",
                        term, term, query->descending ? "DESC" : "ASC", query->descending ? "DESC" : "ASC");
    return sqlite3_str_finish(sql);
}

bh_status(store_list_runs)(store *s, const store_run_query *query, store_run **rows, size_t *count)
{
    const char *call = "store_list_runs";
    static const store_run_query all = STORE_RUN_QUERY_INIT;
    bh_status status = store__check_list(s, call, rows, count);
    if (status)
        return status;
    query = query ? query : &all;
    if (query->size < sizeof *query || query->limit < 0 || query->offset < 0)
        return store__fail(s, BH_ERROR_RANGE, call,
                           "a query of %zu bytes: begin with STORE_RUN_QUERY_INIT; limit and offset are not negative",
                           query->size);
    char *path = NULL;
    const char *term = sort_term(query->sort ? query->sort : "id", &path);
    if (!term)
        return store__fail(s, BH_ERROR_NAME, call, "runs cannot be sorted by '%s': a column, metric:NAME or parameter:NAME",
                           query->sort);
    bool path_lost = strstr(term, "?4") && !path;
    char *tail = path_lost ? NULL : make_tail(query, term);
    if (tail)
        status = store__list(s, call, &store__run_shape, (void **)rows, count, tail, "itini", query->data_set, query->text,
                             query->limit, path, query->offset);
    else
        status = store__fail(s, BH_ERROR_MEMORY, call, "no memory");
    sqlite3_free(tail);
    sqlite3_free(path);
    return status;
}
