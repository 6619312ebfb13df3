/* runs/ID and its run.json: a second copy of the run's row, for the case that the database is damaged. It is replaced as a whole,
 * and not waited for (no fsync): what counts is the database. */
#include "store/inner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

char *store__run_path(const store *s, int64_t id, const char *file)
{
    return sqlite3_mprintf("%s/runs/%lld%s", s->folder, (long long)id, file);
}

static bh_status write_all(store *s, const char *call, const char *path, const char *text, size_t length)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool written = file >= 0;
    while (written && length > 0) {
        ssize_t count = write(file, text, length);
        written = count >= 0 || errno == EINTR;
        text += count > 0 ? count : 0;
        length -= count > 0 ? (size_t)count : 0;
    }
    int reason = errno;
    if (file >= 0 && close(file) != 0 && written) {
        reason = errno;
        written = false;
    }
    if (written)
        return BH_OK;
    unlink(path);
    return store__fail(s, BH_ERROR_IO, call, "cannot write %s (%s): see whether the disk is full", path, strerror(reason));
}

static bh_status replace_file(store *s, const char *call, int64_t id, const char *text, size_t length)
{
    char *path = store__run_path(s, id, "/run.json"), *fresh = store__run_path(s, id, "/run.json.new");
    bh_status status =
        path && fresh ? write_all(s, call, fresh, text, length) : store__fail(s, BH_ERROR_MEMORY, call, "no memory");
    if (!status && rename(fresh, path) != 0)
        status = store__fail(s, BH_ERROR_IO, call, "cannot write %s (%s)", path, strerror(errno));
    sqlite3_free(path);
    sqlite3_free(fresh);
    return status;
}

/* "SELECT json_object('id', id, …) FROM runs WHERE id = ?1", or NULL. */
static char *select_json(void)
{
    sqlite3_str *sql = sqlite3_str_new(NULL);
    sqlite3_str_appendall(sql, "SELECT json_object(");
    for (const store__field *field = store__run_shape.fields; field->column; field++)
        sqlite3_str_appendf(sql, field->kind == STORE__JSON ? "'%s', iif(%s = '', '', json(%s)), " : "'%s', %s, ", field->column,
                            field->column, field->column);
    sqlite3_str_appendall(
        sql, "'data_file', coalesce((SELECT file FROM data_sets WHERE data_sets.id = runs.data_set), '')) || char(10)"
             " FROM runs WHERE id = ?1");
    return sqlite3_str_finish(sql);
}

/* A run that is gone again has none, which is no failure. */
bh_status store__write_run_file(store *s, const char *call, int64_t id)
{
    char *sql = select_json();
    sqlite3_stmt *statement = store__prepare(s, call, sql, "i", id);
    sqlite3_free(sql);
    int found = statement ? store__step(s, call, statement) : -1;
    bh_status status = found < 0 ? s->status : BH_OK;
    if (found > 0) {
        const char *text = (const char *)sqlite3_column_text(statement, 0);
        status = text ? replace_file(s, call, id, text, (size_t)sqlite3_column_bytes(statement, 0))
                      : store__fail(s, BH_ERROR_MEMORY, call, "no memory");
    }
    sqlite3_finalize(statement);
    return status;
}

void store__remove_run_folder(store *s, int64_t id)
{
    static const char *const names[] = {"/run.json.new", "/run.json"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char *path = store__run_path(s, id, names[i]);
        if (path)
            unlink(path);
        sqlite3_free(path);
    }
    char *folder = store__run_path(s, id, "");
    if (folder)
        rmdir(folder);
    sqlite3_free(folder);
}
