/* A project in a folder of its own for each test, and all that its database holds as one text, to be compared. */
#ifndef TEST_PROJECT_H
#define TEST_PROJECT_H

#include "heard.h"

#include "store/data_sets.h"
#include "store/fetches.h"
#include "store/runs.h"
#include "store/settings.h"
#include "store/store.h"

#include <dirent.h>
#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char project[64]; /* the folder; made by the store */
static char project_base[48];

static inline int remove_entry(const char *path, const struct stat *found, int kind, struct FTW *place)
{
    (void)found;
    (void)kind;
    (void)place;
    return remove(path);
}

static inline void remove_project(void)
{
    nftw(project, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* For setup and teardown of each test. */
static inline int with_project(void **state)
{
    strcpy(project_base, "/tmp/test-store-XXXXXX");
    if (!mkdtemp(project_base))
        return -1;
    snprintf(project, sizeof project, "%s/project", project_base);
    return with_hearing(state);
}

static inline int without_project(void **state)
{
    (void)state;
    remove_project();
    return rmdir(project_base);
}

static inline store *open_project(store_opened *opened)
{
    store *s = store_open(project, NULL, opened);
    if (!s)
        fail_msg("%s", bh_last_error());
    return s;
}

/* The path of a file in the project; valid until the next but three. */
static inline const char *in_project(const char *name)
{
    static char paths[4][400];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", project, name);
    return path;
}

/* A file's bytes, to be freed; NULL if there is none. */
static inline char *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    struct stat found;
    assert_int_equal(fstat(fileno(file), &found), 0);
    *size = (size_t)found.st_size;
    char *bytes = calloc(1, *size + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *size, file), *size);
    fclose(file);
    return bytes;
}

static inline void write_file(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* How many files of the project's folder begin so. */
static inline int count_files(const char *prefix)
{
    int count = 0;
    DIR *entries = opendir(project);
    assert_non_null(entries);
    for (struct dirent *entry; (entry = readdir(entries));)
        count += strncmp(entry->d_name, prefix, strlen(prefix)) == 0;
    closedir(entries);
    return count;
}

/* Runs SQL on the database behind the store's back, and gives all values of the first column as one text, to be freed. */
static inline char *ask_sql(const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *statement;
    char *all = calloc(1, 1 << 20);
    assert_non_null(all);
    assert_int_equal(sqlite3_open(in_project("project.db"), &db), SQLITE_OK);
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK) {
        while (sqlite3_step(statement) == SQLITE_ROW) {
            const char *text = (const char *)sqlite3_column_text(statement, 0);
            strcat(strcat(all, text ? text : ""), "\n");
        }
        sqlite3_finalize(statement);
    }
    sqlite3_close(db);
    return all;
}

static inline void do_sql(const char *sql)
{
    sqlite3 *db;
    char *error = NULL;
    assert_int_equal(sqlite3_open(in_project("project.db"), &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK)
        fail_msg("%s: %s", sql, error);
    sqlite3_close(db);
}

/* Everything but times and sessions. */
static inline char *dump(void)
{
    return ask_sql("SELECT json_array('data_set', id, name, file, source, hash, options, facts, suspect, bytes, row_count, "
                   "column_count, opening)"
                   " FROM data_sets UNION ALL "
                   "SELECT json_array('fetch', id, url, name, expected_hash, manifest, error, state, attempts, bytes_done, "
                   "bytes_total, data_set)"
                   " FROM fetches UNION ALL "
                   "SELECT json_array('run', id, name, kind, parameters, data_hash, metrics, importance, model, notes, error, "
                   "died, state, mode,"
                   " data_set, round, rounds, best_round) FROM runs UNION ALL "
                   "SELECT json_array('setting', name, value) FROM settings UNION ALL "
                   "SELECT json_array('event', id, level, subject, subject_id, text) FROM events ORDER BY 1");
}

#endif
