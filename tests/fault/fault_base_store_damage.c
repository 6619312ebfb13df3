/* Damaged databases: kept aside byte for byte, reported, and what lies in the folder is listed again; never a crash, never a
 * healthy one thrown away. And databases that are none of ours to judge. */
#include "store_scenario.h"
#include "vfs.h"

/* A project with all steps done, a data file, and the bytes of its database as a death leaves them: with a -wal. */
static char *database, *wal;
static size_t database_size, wal_size;

static void make_dead_project(bool checkpoint)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        store *s = store_open(project, NULL, NULL);
        for (int i = 0; s && i < STEPS; i++)
            steps[i](s);
        write_file(in_project("data/spam.csv"), "a,b\n1,2\n", 8);
        write_file(in_project("data/half.csv.part"), "a", 1);
        if (checkpoint)
            store_close(s);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    database = read_file(in_project("project.db"), &database_size);
    wal = read_file(in_project("project.db-wal"), &wal_size);
    assert_non_null(database);
    assert_true(checkpoint == !wal);
}

static void put_back(void)
{
    DIR *entries = opendir(project);
    for (struct dirent *entry; (entry = readdir(entries));)
        if (strncmp(entry->d_name, "project.db", 10) == 0)
            remove(in_project(entry->d_name));
    closedir(entries);
    write_file(in_project("project.db"), database, database_size);
    if (wal)
        write_file(in_project("project.db-wal"), wal, wal_size);
}

static void forget_bytes(void)
{
    free(database);
    free(wal);
    database = wal = NULL;
}

/* The run and the file that are in the folder are in the new database too. */
static void check_rescued(store *s, const store_opened *opened)
{
    store_run *run;
    store_data_set *rows;
    size_t count;
    assert_int_equal(opened->rescued_runs, 1);
    assert_int_equal(opened->rescued_data_sets, 1);
    assert_int_equal(store_get_run(s, 1, &run), BH_OK);
    assert_string_equal(run->name, "a");
    assert_string_equal(run->parameters, "{\"eta\":0.3}");
    assert_int_equal(run->state, STORE_RUN_DONE);
    assert_string_equal(run->metrics, "{\"auc\":0.9}");
    assert_int_equal(strlen(run->notes), 20000);
    assert_int_equal(store_list_data_sets(s, &rows, &count), BH_OK);
    assert_int_equal(count, 1);
    assert_string_equal(rows[0].file, "data/spam.csv");
    assert_int_equal(rows[0].bytes, 8);
    assert_int_equal(run->data_set, rows[0].id);
    store_free(rows);
    store_free(run);
}

static void check_set_aside(const store_opened *opened, const char *bytes, size_t size)
{
    size_t kept_size;
    char *kept = read_file(in_project(opened->kept_as), &kept_size);
    assert_non_null(kept);
    assert_int_equal(kept_size, size);
    assert_memory_equal(kept, bytes, size);
    free(kept);
    assert_non_null(strstr(opened->sentence, "was damaged. It is kept as project.db.damaged-"));
}

static void test_garbage(void **state)
{
    (void)state;
    static char garbage[10000];
    for (size_t i = 0; i < sizeof garbage; i++)
        garbage[i] = (char)(i * 7 + 1);
    make_dead_project(true);
    for (int i = 0; i < 3; i++) { /* within one second: names differ */
        write_file(in_project("project.db"), garbage, sizeof garbage);
        store_opened opened;
        forget_heard();
        store *s = open_project(&opened);
        assert_heard(BH_ERROR_FORMAT, "is damaged: kept as project.db.damaged-");
        assert_true(opened.damaged && opened.created);
        check_set_aside(&opened, garbage, sizeof garbage);
        check_rescued(s, &opened);
        int64_t id;
        store_run more = {.name = "b", .kind = "train"};
        assert_int_equal(store_add_run(s, &more, &id), BH_OK);
        assert_int_equal(id, 2);
        assert_int_equal(store_remove_run(s, id), BH_OK);
        assert_int_equal(store_close(s), BH_OK);
        assert_int_equal(count_files("project.db.damaged"), i + 1);
    }
    forget_bytes();
}

/* A folder whose run.json is damaged too stays as it is, and its number is not used again. */
static void test_damaged_run_files(void **state)
{
    (void)state;
    static const char *const texts[] = {"",    "{", "{\"id\":1}", "[]", "{\"kind\":5,\"state\":\"done\",\"rounds\":\"many\"}",
                                        "null"};
    store_opened opened;
    assert_int_equal(mkdir(project, 0755), 0);
    assert_int_equal(mkdir(in_project("runs"), 0755), 0);
    for (int i = 0; i < (int)(sizeof texts / sizeof texts[0]); i++) {
        char name[64];
        snprintf(name, sizeof name, "runs/%d", i + 10);
        assert_int_equal(mkdir(in_project(name), 0755), 0);
        strcat(name, "/run.json");
        write_file(in_project(name), texts[i], strlen(texts[i]));
    }
    assert_int_equal(mkdir(in_project("runs/99999999999999999999"), 0755), 0);
    assert_int_equal(mkdir(in_project("runs/x"), 0755), 0);
    assert_int_equal(mkdir(in_project("runs/40"), 0755), 0);
    store *s = open_project(&opened);
    assert_true(opened.created);
    store_run *rows;
    size_t count;
    assert_int_equal(store_list_runs(s, NULL, &rows, &count), BH_OK);
    assert_int_equal(count, opened.rescued_runs);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(rows[i].state, STORE_RUN_INTERRUPTED);
    store_free(rows);
    store_run more = {.name = "b", .kind = "train"};
    int64_t id;
    assert_int_equal(store_add_run(s, &more, &id), BH_OK);
    assert_int_equal(id, 41);
    assert_int_equal(store_close(s), BH_OK);
}

/* Everything can be listed, or says why not. */
static void read_all(store *s)
{
    store_data_set *data_sets;
    store_fetch *fetches;
    store_run *runs;
    store_event *events;
    size_t count;
    if (store_list_data_sets(s, &data_sets, &count) == BH_OK)
        store_free(data_sets);
    if (store_list_fetches(s, &fetches, &count) == BH_OK)
        store_free(fetches);
    if (store_list_runs(s, NULL, &runs, &count) == BH_OK)
        store_free(runs);
    if (store_list_events(s, 0, 0, &events, &count) == BH_OK)
        store_free(events);
    store_set_setting(s, "after", "damage");
}

/* Opens what was damaged: it is set aside whole, or good enough, or refused and then left alone. Returns whether it was set
 * aside. */
static bool open_damaged(const char *bytes, size_t size)
{
    store_opened opened;
    store *s = store_open(project, NULL, &opened);
    if (s) {
        if (opened.damaged) {
            check_set_aside(&opened, bytes, size);
            check_rescued(s, &opened);
        }
        read_all(s);
        store_close(s);
        return opened.damaged;
    }
    assert_true(opened.sentence[0] && (opened.status == BH_ERROR_FORMAT || opened.status == BH_ERROR_READ_ONLY));
    size_t after;
    char *same = read_file(in_project("project.db"), &after);
    assert_int_equal(after, size);
    assert_memory_equal(same, bytes, size);
    free(same);
    return false;
}

static unsigned next_random(unsigned *seed)
{
    *seed = *seed * 1103515245u + 12345u;
    return *seed >> 16;
}

static void test_bytes_at_random(void **state)
{
    (void)state;
    unsigned seed = 1;
    int aside = 0;
    make_dead_project(true);
    char *bytes = malloc(database_size);
    for (int i = 0; i < 150; i++) {
        memcpy(bytes, database, database_size);
        for (unsigned many = 1u << (next_random(&seed) % 9); many > 0; many--) /* 1 to 256 bytes */
            bytes[next_random(&seed) % (i % 3 ? database_size : 100)] = (char)next_random(&seed);
        put_back();
        write_file(in_project("project.db"), bytes, database_size);
        aside += open_damaged(bytes, database_size);
    }
    free(bytes);
    forget_bytes();
    print_message("%d of 150 set aside\n", aside);
    assert_true(aside > 75);
}

static void test_every_length(void **state)
{
    (void)state;
    make_dead_project(true);
    for (size_t size = 1; size < database_size; size += size < 200 ? 33 : 4096 - size % 1000) {
        put_back();
        write_file(in_project("project.db"), database, size);
        if (!open_damaged(database, size))
            fail_msg("%zu of %zu bytes were not set aside: %s", size, database_size, bh_last_error());
    }
    forget_bytes();
}

/* What is wrong in the -wal ends at the last whole transaction before it: SQLite checks its sums. */
static void test_damaged_wal(void **state)
{
    (void)state;
    unsigned seed = 2;
    expect_steps();
    make_dead_project(false);
    for (int i = 0; i < 60; i++) {
        put_back();
        char *bytes = malloc(wal_size);
        memcpy(bytes, wal, wal_size);
        size_t size = i % 2 ? wal_size : next_random(&seed) % wal_size;
        bytes[next_random(&seed) % wal_size] ^= 0x55;
        write_file(in_project("project.db-wal"), bytes, size);
        free(bytes);
        store_opened opened;
        store *s = open_project(&opened);
        if (!opened.damaged) {
            read_all(s);
            char *check = ask_sql("PRAGMA integrity_check");
            assert_string_equal(check, "ok\n");
            free(check);
        }
        assert_int_equal(store_close(s), BH_OK);
    }
    forget_bytes();
    forget_steps();
}

/* A death between setting the database and its -wal aside. */
static void test_orphaned_wal(void **state)
{
    (void)state;
    store_opened opened;
    make_dead_project(false);
    assert_int_equal(remove(in_project("project.db")), 0);
    store *s = open_project(&opened);
    assert_true(opened.damaged && opened.created);
    check_rescued(s, &opened);
    char name[160];
    size_t size;
    snprintf(name, sizeof name, "%s-wal", opened.kept_as);
    char *kept = read_file(in_project(name), &size);
    assert_int_equal(size, wal_size);
    assert_memory_equal(kept, wal, wal_size);
    free(kept);
    assert_int_equal(store_close(s), BH_OK);
    forget_bytes();
}

static void check_refused_whole(const char *part)
{
    size_t size, after;
    store_opened opened;
    char *bytes = read_file(in_project("project.db"), &size);
    forget_heard();
    assert_null(store_open(project, NULL, &opened));
    assert_heard(BH_ERROR_FORMAT, part);
    assert_int_equal(opened.status, BH_ERROR_FORMAT);
    assert_non_null(strstr(opened.sentence, part));
    char *same = read_file(in_project("project.db"), &after);
    assert_int_equal(size, after);
    assert_memory_equal(bytes, same, size);
    free(bytes);
    free(same);
    assert_int_equal(count_files("project.db.damaged"), 0);
}

static void test_newer_and_foreign(void **state)
{
    (void)state;
    store *s = open_project(NULL);
    assert_int_equal(store_close(s), BH_OK);
    do_sql("PRAGMA user_version = 57");
    check_refused_whole("written by a newer version of this program (schema 57");
    assert_not_made(store_open_reader(project), BH_ERROR_FORMAT, "schema 57");
    do_sql("PRAGMA user_version = 3; PRAGMA application_id = 12345");
    check_refused_whole("a database of another program");
}

/* The schema is looked at as well as the pages. */
static void test_missing_table(void **state)
{
    (void)state;
    store_opened opened;
    store *s = open_project(NULL);
    assert_int_equal(store_close(s), BH_OK);
    do_sql("CREATE INDEX own ON runs (name)");
    s = open_project(&opened);
    assert_false(opened.damaged);
    assert_int_equal(store_close(s), BH_OK);
    do_sql("DROP TABLE settings");
    s = open_project(&opened);
    assert_true(opened.damaged);
    assert_int_equal(store_close(s), BH_OK);
}

/* To spare the disk */
static int with_vfs(void **state)
{
    (void)state;
    vfs_install();
    vfs_plan(VFS_NONE, 0);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_garbage, with_project, without_project),
        cmocka_unit_test_setup_teardown(test_damaged_run_files, with_project, without_project),
        cmocka_unit_test_setup_teardown(test_bytes_at_random, with_project, without_project),
        cmocka_unit_test_setup_teardown(test_every_length, with_project, without_project),
        cmocka_unit_test_setup_teardown(test_damaged_wal, with_project, without_project),
        cmocka_unit_test_setup_teardown(test_orphaned_wal, with_project, without_project),
        cmocka_unit_test_setup_teardown(test_newer_and_foreign, with_project, without_project),
        cmocka_unit_test_setup_teardown(test_missing_table, with_project, without_project),
    };
    return cmocka_run_group_tests(tests, with_vfs, NULL);
}
