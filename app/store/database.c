/* project.db at opening: is it ours, is it whole, is it of this version? A damaged one is set aside; anything else that is wrong
 * refuses, and changes nothing. */
#include "store/inner.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* No release gets there: a number above it is damage. */
enum { HIGHEST_VERSION = 1000 };

typedef enum verdict { FRESH, OURS, DAMAGED } verdict;

void store__tell(store_opened *opened, const char *format, ...)
{
    size_t used = strlen(opened->sentence);
    if (used && used < sizeof opened->sentence - 1)
        opened->sentence[used++] = ' ';
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(opened->sentence + used, sizeof opened->sentence - used, format, arguments);
    va_end(arguments);
}

bh_status store__connect(store *s, const char *call, int busy_ms)
{
    char *path = sqlite3_mprintf("%s/project.db", s->folder);
    if (!path)
        return store__fail(s, BH_ERROR_MEMORY, call, "no memory");
    int flags = s->reader ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    int code = sqlite3_open_v2(path, &s->db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    sqlite3_free(path);
    if (code)
        return store__code_failed(s, call, code);
    sqlite3_busy_timeout(s->db, busy_ms);
    if (!s->reader && sqlite3_db_readonly(s->db, "main") > 0)
        return store__code_failed(s, call, SQLITE_READONLY);
    /* The file may come from anybody */
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    /* Until it is known to be whole and ours, closing leaves it as it is */
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    code = sqlite3_exec(s->db, "PRAGMA cell_size_check = ON", NULL, NULL, NULL);
    return code ? store__code_failed(s, call, code) : BH_OK;
}

void store__disconnect(store *s)
{
    sqlite3_close(s->db);
    s->db = NULL;
}

static int ask_number(sqlite3 *db, const char *sql, int64_t *out)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    if (!code && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        *out = sqlite3_column_int64(statement, 0);
        code = SQLITE_OK;
    }
    sqlite3_finalize(statement);
    return code;
}

static int quick_check(sqlite3 *db, bool *whole)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &statement, NULL);
    if (!code && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(statement, 0);
        code = text ? SQLITE_OK : SQLITE_NOMEM;
        *whole = text && strcmp(text, "ok") == 0;
    }
    sqlite3_finalize(statement);
    return code;
}

/* SQLITE_ERROR too: these statements are right, so the file is wrong. */
static bool means_damage(int code)
{
    int primary = code & 0xff;
    return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB || primary == SQLITE_ERROR;
}

static bh_status judge_head(store *s, const char *call, verdict *out, int64_t tables, int64_t application, int64_t version)
{
    *out = OURS;
    if (tables == 0 && version == 0 && application == 0)
        *out = FRESH;
    else if (version < 1 || version > HIGHEST_VERSION)
        *out = application == STORE_APPLICATION_ID ? DAMAGED : OURS;
    if (*out != OURS)
        return BH_OK;
    if (application != STORE_APPLICATION_ID)
        return store__fail(s, BH_ERROR_FORMAT, call, "%s/project.db is a database of another program: choose another folder",
                           s->folder);
    if (version > store__step_count)
        return store__fail(
            s, BH_ERROR_FORMAT, call,
            "%s/project.db was written by a newer version of this program (schema %lld, this one knows %d): use that one",
            s->folder, (long long)version, store__step_count);
    return BH_OK;
}

/* To SQLite a file that is shorter than a page is an empty one, to be written over. */
static bool is_stump(const store *s)
{
    struct stat found;
    const char *path = sqlite3_db_filename(s->db, "main");
    return path && stat(path, &found) == 0 && found.st_size > 0 && found.st_size < 512;
}

/* What a damaged file says to the questions is damage; what the system says is a failure. */
static bh_status judge(store *s, const char *call, verdict *out, int64_t *version)
{
    int64_t tables = 0, application = 0;
    bool whole = true;
    *version = 0;
    int code = ask_number(s->db, "SELECT count(*) FROM sqlite_schema", &tables);
    if (!code)
        code = ask_number(s->db, "PRAGMA application_id", &application);
    if (!code)
        code = ask_number(s->db, "PRAGMA user_version", version);
    if (!code) {
        bh_status status = judge_head(s, call, out, tables, application, *version);
        if (!status && *out == FRESH && is_stump(s))
            *out = DAMAGED;
        if (status || *out != OURS)
            return status;
        code = quick_check(s->db, &whole);
    }
    if (!code && whole)
        code = store__compare_schema(s->db, (int)*version, &whole);
    if (code && !means_damage(code))
        return store__code_failed(s, call, code);
    *out = code || !whole ? DAMAGED : OURS;
    return BH_OK;
}

static bool rename_part(const store *s, const char *from, const char *to, const char *suffix)
{
    char *old = sqlite3_mprintf("%s/%s%s", s->folder, from, suffix);
    char *new = sqlite3_mprintf("%s/%s%s", s->folder, to, suffix);
    errno = ENOMEM;
    bool done = old && new && (rename(old, new) == 0 || errno == ENOENT);
    sqlite3_free(old);
    sqlite3_free(new);
    return done;
}

/* A name that is free: two damages in one second do not overwrite each other. */
static void choose_name(const store *s, char *out, size_t size)
{
    char when[32];
    time_t now = time(NULL);
    struct tm parts;
    strftime(when, sizeof when, "%Y%m%d-%H%M%S", localtime_r(&now, &parts));
    snprintf(out, size, "project.db.damaged-%s", when);
    for (int i = 2; i < 100; i++) {
        char *path = sqlite3_mprintf("%s/%s", s->folder, out);
        bool taken = path && access(path, F_OK) == 0;
        sqlite3_free(path);
        if (!taken)
            return;
        snprintf(out, size, "project.db.damaged-%s-%d", when, i);
    }
}

/* The database first: without it, what is left of it is known to be an orphan. */
static bh_status set_aside(store *s, const char *call, store_opened *opened)
{
    choose_name(s, opened->kept_as, sizeof opened->kept_as);
    if (!rename_part(s, "project.db", opened->kept_as, "") || !rename_part(s, "project.db", opened->kept_as, "-wal") ||
        !rename_part(s, "project.db", opened->kept_as, "-shm"))
        return store__fail(s, BH_ERROR_IO, call, "%s/project.db is damaged, and cannot be set aside (%s): move it away",
                           s->folder, strerror(errno));
    opened->damaged = true;
    store__tell(opened, "The project's database was damaged. It is kept as %s, and a new one was made.", opened->kept_as);
    store__fail(s, BH_ERROR_FORMAT, call, "%s/project.db is damaged: kept as %s, a new one is made", s->folder, opened->kept_as);
    return BH_OK;
}

/* A death in the middle of setting aside leaves a -wal without its database. */
static bh_status set_orphans_aside(store *s, const char *call, store_opened *opened)
{
    char *database = sqlite3_mprintf("%s/project.db", s->folder), *wal = sqlite3_mprintf("%s/project.db-wal", s->folder);
    bool orphan = database && wal && access(database, F_OK) != 0 && access(wal, F_OK) == 0;
    bh_status status = database && wal ? BH_OK : store__fail(s, BH_ERROR_MEMORY, call, "no memory");
    sqlite3_free(database);
    sqlite3_free(wal);
    return orphan ? set_aside(s, call, opened) : status;
}

static bh_status replace_damaged(store *s, const char *call, int busy_ms, store_opened *opened)
{
    store__disconnect(s);
    bh_status status = set_aside(s, call, opened);
    if (status)
        return status;
    return store__connect(s, call, busy_ms);
}

/* WAL lets readers go on while the store writes; FULL has every commit on the disk when the call returns. */
static bh_status set_up(store *s, const char *call)
{
    int code =
        sqlite3_exec(s->db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON", NULL, NULL, NULL);
    return code ? store__sql_failed(s, call) : BH_OK;
}

bh_status store__open_database(store *s, const char *call, int busy_ms, store_opened *opened)
{
    verdict found = FRESH;
    int64_t version = 0;
    bh_status status = set_orphans_aside(s, call, opened);
    if (!status)
        status = store__connect(s, call, busy_ms);
    if (!status)
        status = judge(s, call, &found, &version);
    if (!status && found == DAMAGED) {
        version = 0;
        status = replace_damaged(s, call, busy_ms, opened);
    }
    if (!status)
        status = set_up(s, call);
    int code = status ? SQLITE_OK : store__migrate(s->db, store__steps, (int)version, store__step_count);
    if (code)
        status = store__code_failed(s, call, code);
    if (status)
        return status;
    opened->created = version == 0;
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
    return BH_OK;
}
