/* Sessions: a second start, a start after a death, and a start with the database of an older version. */
#include "store_scenario.h"
#include "store_version_1.h"

#include "store/inner.h"

/* A process that opens the project, does the first COUNT steps, says so, and waits for its end. */
static pid_t start_other(int count)
{
    int ready[2];
    char byte;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        store *s = store_open(project, NULL, NULL);
        for (int i = 0; s && i < count; i++)
            steps[i](s);
        if (s && write(ready[1], "x", 1) == 1)
            pause();
        _exit(1);
    }
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    return child;
}

static void end_other(pid_t child)
{
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
}

static void test_second_start(void **state)
{
    (void)state;
    store_opened opened;
    pid_t other = start_other(5);
    forget_heard();
    assert_null(store_open(project, NULL, &opened));
    assert_heard(BH_ERROR_EXISTS, "is open already, in process");
    assert_int_equal(opened.status, BH_ERROR_EXISTS);
    assert_int_equal(opened.other_pid, other);
    /* But it can be read meanwhile */
    store *reader = store_open_reader(project);
    assert_non_null(reader);
    store_run *run;
    assert_int_equal(store_get_run(reader, 1, &run), BH_OK);
    assert_int_equal(run->state, STORE_RUN_RUNNING);
    store_free(run);
    assert_int_equal(store_close(reader), BH_OK);
    end_other(other);

    store *s = open_project(&opened);
    assert_true(opened.crashed);
    assert_int_equal(opened.interrupted_runs, 1);
    assert_int_equal(opened.interrupted_fetches, 1);
    assert_int_equal(opened.suspects, 0);
    char part[64];
    snprintf(part, sizeof part, "(process %ld) was killed or crashed", (long)other);
    assert_non_null(strstr(opened.sentence, part));
    assert_int_equal(store_get_run(s, 1, &run), BH_OK);
    assert_int_equal(run->state, STORE_RUN_INTERRUPTED);
    assert_non_null(strstr(run->died, part));
    assert_true(run->ended >= run->started);
    store_free(run);
    assert_int_equal(store_requeue_run(s, 1), BH_OK);
    /* In the same process too */
    forget_heard();
    assert_null(store_open(project, NULL, &opened));
    assert_int_equal(opened.other_pid, getpid());
    assert_int_equal(store_close(s), BH_OK);
    s = open_project(&opened);
    assert_false(opened.crashed);
    assert_int_equal(store_get_run(s, 1, &run), BH_OK);
    assert_int_equal(run->state, STORE_RUN_QUEUED); /* what waits goes on waiting */
    store_free(run);
    assert_int_equal(store_close(s), BH_OK);
}

static void test_how_it_died(void **state)
{
    (void)state;
    store_opened opened;
    store_options options = STORE_OPTIONS_INIT;
    options.last_crash = "signal 11 (SIGSEGV) in paint";
    end_other(start_other(9)); /* while a data set was being read */
    store *s = store_open(project, &options, &opened);
    assert_non_null(s);
    assert_int_equal(opened.suspects, 1);
    assert_non_null(strstr(opened.sentence, "signal 11 (SIGSEGV) in paint"));
    store_data_set *row;
    assert_int_equal(store_get_data_set(s, 1, &row), BH_OK);
    assert_false(row->opening);
    assert_string_equal(row->suspect, "it was being read when the program ended: signal 11 (SIGSEGV) in paint");
    store_free(row);
    assert_int_equal(store_begin_opening(s, 1), BH_OK);
    assert_int_equal(store_end_opening(s, 1, 1, 1, NULL), BH_OK);
    assert_int_equal(store_get_data_set(s, 1, &row), BH_OK);
    assert_string_equal(row->suspect, "");
    store_free(row);
    assert_int_equal(store_close(s), BH_OK);

    end_other(start_other(0));
    do_sql("UPDATE sessions SET boot = 'another start of the computer'");
    s = open_project(&opened);
    assert_true(opened.crashed);
    assert_non_null(strstr(opened.sentence, "the computer was switched off or restarted"));
    assert_int_equal(store_close(s), BH_OK);

    /* Closed, but without having ended what ran */
    s = open_project(NULL);
    assert_int_equal(store_start_fetch(s, 9), BH_OK);
    assert_int_equal(store_close(s), BH_OK);
    s = open_project(&opened);
    assert_false(opened.crashed);
    assert_int_equal(opened.interrupted_fetches, 1);
    assert_non_null(strstr(opened.sentence, "the program was closed while it ran"));
    assert_int_equal(store_close(s), BH_OK);
}

static const char *const more_steps[] = {
    NULL, "ALTER TABLE runs ADD COLUMN seed INTEGER NOT NULL DEFAULT 0; UPDATE runs SET seed = id + 100",
    "CREATE TABLE tags (run INTEGER REFERENCES runs, tag TEXT) STRICT; INSERT INTO tags SELECT id, name FROM runs",
    "UPDATE runs SET seed = 1; CREATE TABLE tags (again)"};

static sqlite3 *open_behind(void)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(in_project("project.db"), &db), SQLITE_OK);
    return db;
}

/* Steps run in order, all or none of them, and keep what is there. */
static void test_steps_between_versions(void **state)
{
    (void)state;
    store *s = open_project(NULL);
    for (int i = 0; i < STEPS; i++)
        assert_int_equal(steps[i](s), BH_OK);
    assert_int_equal(store_close(s), BH_OK);
    char *before = dump();
    sqlite3 *db = open_behind();
    assert_int_equal(store__migrate(db, more_steps, 1, 4), SQLITE_ERROR); /* the third fails, so none is done */
    sqlite3_close(db);
    char *version = ask_sql("PRAGMA user_version");
    assert_string_equal(version, "1\n");
    free(version);
    s = open_project(NULL); /* and the file is good for this version as before */
    assert_int_equal(store_close(s), BH_OK);
    db = open_behind();
    assert_int_equal(store__migrate(db, more_steps, 1, 3), SQLITE_OK);
    sqlite3_close(db);
    version =
        ask_sql("SELECT seed || tag FROM runs JOIN tags ON runs.id = run UNION ALL SELECT user_version FROM pragma_user_version");
    assert_string_equal(version, "101a\n3\n");
    free(version);
    char *after = dump();
    assert_non_null(strstr(after, "spam.csv"));
    assert_int_equal(strlen(before) <= strlen(after), 1);
    free(before);
    free(after);
}

/* A file as version 1 wrote it: this text is never changed, so that every later version is tested with it. */
static void test_version_1(void **state)
{
    (void)state;
    assert_int_equal(mkdir(project, 0755), 0);
    do_sql(version_1[0]);
    do_sql(version_1[1]);
    store_opened opened;
    store *s = open_project(&opened);
    assert_false(opened.damaged || opened.created);
    store_run *run;
    assert_int_equal(store_get_run(s, 2, &run), BH_OK);
    assert_string_equal(run->name, "two");
    assert_string_equal(run->parameters, "{\"eta\":0.1,\"max_depth\":6}");
    assert_int_equal(run->state, STORE_RUN_INTERRUPTED);
    assert_int_equal(run->data_set, 1);
    assert_int_equal(run->round, 12);
    store_free(run);
    char *value;
    assert_int_equal(store_get_setting(s, "window", &value), BH_OK);
    assert_string_equal(value, "1 2 3 4");
    store_free(value);
    store_fetch *fetch;
    assert_int_equal(store_get_fetch(s, 1, &fetch), BH_OK);
    assert_int_equal(fetch->state, STORE_FETCH_DONE);
    store_free(fetch);
    char *version = ask_sql("SELECT user_version FROM pragma_user_version");
    assert_int_equal(atoi(version), store__step_count);
    free(version);
    assert_int_equal(store_close(s), BH_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_second_start, with_project, without_project),
        cmocka_unit_test_setup_teardown(test_how_it_died, with_project, without_project),
        cmocka_unit_test_setup_teardown(test_steps_between_versions, with_project, without_project),
        cmocka_unit_test_setup_teardown(test_version_1, with_project, without_project),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
