/* A new database in a folder that is not new: what lies in data/ and runs/ is listed again. Runs come back with what their
 * run.json says, data sets with name and size; what only the database knew (fetches, settings, events) is in the damaged one. */
#include "store/data_sets.h"
#include "store/inner.h"
#include "store/runs.h"

#include <bulkhead/log.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_BYTES = 1 << 20 }; /* of a run.json */

/* Hidden files and .part are unfinished work of those who write there. */
static bool is_finished(const char *name)
{
    size_t length = strlen(name);
    return name[0] != '.' && (length < 5 || strcmp(name + length - 5, ".part") != 0);
}

static bh_status rescue_file(store *s, const char *call, const char *name, int *count)
{
    struct stat found;
    char *path = sqlite3_mprintf("%s/data/%s", s->folder, name);
    char *file = sqlite3_mprintf("data/%s", name);
    bh_status status = path && file ? BH_OK : store__fail(s, BH_ERROR_MEMORY, call, "no memory");
    if (!status && is_finished(name) && stat(path, &found) == 0 && S_ISREG(found.st_mode)) {
        status = store__run(s, call,
                            "INSERT INTO data_sets (name, file, source, hash, options, facts, bytes, added, changed)"
                            " VALUES (?1, ?2, '', '', '{}', '', ?3, ?4, ?4)",
                            "ttii", name, file, (int64_t)found.st_size, store__now());
        *count += !status;
    }
    sqlite3_free(path);
    sqlite3_free(file);
    return status;
}

static char *read_text(int file)
{
    struct stat found;
    if (fstat(file, &found) != 0 || !S_ISREG(found.st_mode) || found.st_size > MOST_BYTES)
        return NULL;
    char *text = sqlite3_malloc64((size_t)found.st_size + 1);
    if (!text)
        return NULL;
    ssize_t length = read(file, text, (size_t)found.st_size);
    text[length > 0 ? length : 0] = 0;
    return text;
}

/* The file as a text, or NULL if it cannot be read or is no run.json of ours. */
static char *read_small(const char *path)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return NULL;
    char *text = read_text(file);
    close(file);
    return text;
}

/* What a column is if run.json does not say. */
static const char *absent(const store__field *field)
{
    if (strcmp(field->column, "parameters") == 0)
        return "'{}'";
    if (strcmp(field->column, "mode") == 0)
        return "'process'";
    return field->kind == STORE__INT64 ? "0" : "''";
}

/* "INSERT INTO runs (…) SELECT …" with ?1 the id, ?2 the text of run.json. What was not finished is interrupted now. */
static char *insert_run(void)
{
    sqlite3_str *sql = sqlite3_str_new(NULL);
    sqlite3_str_appendall(sql, "INSERT INTO runs (id, data_set, state");
    for (int pass = 0; pass < 2; pass++) {
        for (const store__field *field = store__run_shape.fields; field->column; field++) {
            if (strcmp(field->column, "id") == 0 || strcmp(field->column, "data_set") == 0 || strcmp(field->column, "state") == 0)
                continue;
            if (pass == 0)
                sqlite3_str_appendf(sql, ", %s", field->column);
            else
                sqlite3_str_appendf(sql, ", coalesce(json_extract(?2, '$.%s'), %s)", field->column, absent(field));
        }
        if (pass == 0)
            sqlite3_str_appendall(sql, ") SELECT ?1, (SELECT id FROM data_sets WHERE file = json_extract(?2, '$.data_file')),"
                                       " iif(json_extract(?2, '$.state') IN ('stopped', 'killed', 'done', 'failed'),"
                                       " json_extract(?2, '$.state'), 'interrupted')");
    }
    return sqlite3_str_finish(sql);
}

/* The values were wrong, not the system. */
static bool is_refusal(sqlite3 *db)
{
    int code = sqlite3_errcode(db) & 0xff;
    return code == SQLITE_CONSTRAINT || code == SQLITE_MISMATCH;
}

/* A run.json that does not fit is passed over: its folder stays as it is. */
static bh_status rescue_run(store *s, const char *call, int64_t id, int *count)
{
    int64_t readable = 0;
    char *path = store__run_path(s, id, "/run.json");
    char *text = path ? read_small(path) : NULL;
    bh_status status = path ? BH_OK : store__fail(s, BH_ERROR_MEMORY, call, "no memory");
    if (!status && text)
        status = store__number(s, call, &readable, "SELECT json_valid(?1)", "t", text);
    if (!status && readable) {
        char *sql = insert_run();
        status = store__run(s, call, sql, "it", id, text);
        sqlite3_free(sql);
        *count += !status;
        if (status && is_refusal(s->db))
            status = BH_OK;
    }
    if (!status && !readable)
        bh_log(BH_LOG_WARNING, "store", "%s cannot be read: the run is not listed, its folder stays", path);
    sqlite3_free(path);
    sqlite3_free(text);
    return status;
}

/* Ids of folders that are there are never used again, whether they could be listed or not. */
static bh_status reserve_id(store *s, const char *call, int64_t highest)
{
    bh_status status = store__run(s, call, "DELETE FROM sqlite_sequence WHERE name = 'runs' AND seq < ?1", "i", highest);
    if (!status)
        status = store__run(s, call,
                            "INSERT INTO sqlite_sequence (name, seq) SELECT 'runs', ?1"
                            " WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'runs')",
                            "i", highest);
    return status;
}

typedef bh_status visit_function(store *s, const char *call, const char *name, int *count, int64_t *highest);

static bh_status visit_file(store *s, const char *call, const char *name, int *count, int64_t *highest)
{
    (void)highest;
    return rescue_file(s, call, name, count);
}

static bh_status visit_run(store *s, const char *call, const char *name, int *count, int64_t *highest)
{
    char *end;
    errno = 0;
    long long id = strtoll(name, &end, 10);
    if (errno || *end || id < 1 || name[0] < '1' || name[0] > '9')
        return BH_OK;
    *highest = id > *highest ? id : *highest;
    return rescue_run(s, call, id, count);
}

static bh_status visit_all(store *s, const char *call, const char *folder, visit_function *visit, int *count, int64_t *highest)
{
    char *path = sqlite3_mprintf("%s/%s", s->folder, folder);
    DIR *entries = path ? opendir(path) : NULL;
    bh_status status = BH_OK;
    if (!entries)
        status = path ? store__fail(s, BH_ERROR_IO, call, "cannot read the folder %s (%s)", path, strerror(errno))
                      : store__fail(s, BH_ERROR_MEMORY, call, "no memory");
    struct dirent *entry;
    // cppcheck-suppress readdirCalled ; no other thread reads from ENTRIES
    while (!status && (entry = readdir(entries)))
        status = visit(s, call, entry->d_name, count, highest);
    if (entries)
        closedir(entries);
    sqlite3_free(path);
    return status;
}

bh_status store__rescue(store *s, const char *call, store_opened *opened)
{
    int64_t highest = 0;
    bh_status status = visit_all(s, call, "data", visit_file, &opened->rescued_data_sets, NULL);
    if (!status)
        status = visit_all(s, call, "runs", visit_run, &opened->rescued_runs, &highest);
    if (!status && highest)
        status = reserve_id(s, call, highest);
    if (!status && (opened->rescued_data_sets || opened->rescued_runs))
        store__tell(opened, "Found in the project's folder and listed again: %d %s, %d %s.", opened->rescued_data_sets,
                    opened->rescued_data_sets == 1 ? "data set" : "data sets", opened->rescued_runs,
                    opened->rescued_runs == 1 ? "run" : "runs");
    return status;
}
