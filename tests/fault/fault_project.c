/* A project whose workers crash, hang and are killed for memory, whose store cannot be opened, and which is opened twice. */
#include "../unit/workbench.h"

#include <dirent.h>
#include <signal.h>
#include <sys/wait.h>

/* The newest process that this one has started, which is no server here. */
static pid_t newest_child(void)
{
    pid_t newest = 0;
    DIR *all = opendir("/proc");
    for (struct dirent *entry; (entry = readdir(all));) {
        char path[300], text[512] = "";
        snprintf(path, sizeof path, "/proc/%s/stat", entry->d_name);
        FILE *file = atoi(entry->d_name) > 0 ? fopen(path, "r") : NULL;
        if (!file)
            continue;
        size_t size = fread(text, 1, sizeof text - 1, file);
        text[size] = 0;
        fclose(file);
        int parent = 0;
        char state = 'Z', *after = strrchr(text, ')');
        if (after && sscanf(after + 1, " %c %d", &state, &parent) == 2 && parent == getpid() && state != 'Z')
            newest = atoi(entry->d_name) > newest ? atoi(entry->d_name) : newest;
    }
    closedir(all);
    return newest;
}

static const char *const longer = "{\"rounds\": 20000, \"max_depth\": 6, \"target\": \"kind\", \"nthread\": 1}";

static int64_t training(int64_t data)
{
    int64_t run = bench_run(data, longer, STORE_RUN_PROCESS);
    BENCH_UNTIL(project_job_of(bench.project, STORE_RUNS, run) && project_job_of(bench.project, STORE_RUNS, run)->round > 10);
    return run;
}

static void a_worker_that_dies_fails_its_run_and_no_other(void **state)
{
    (void)state;
    static const int signals[] = {SIGSEGV, SIGKILL};
    int64_t data = bench_data(bench_table("table.csv", 2000));
    for (int i = 0; i < 2; i++) {
        int64_t run = training(data);
        kill(newest_child(), signals[i]);
        bench_finish();
        const store_run *row = project_run(bench.project, run);
        assert_int_equal(row->state, STORE_RUN_FAILED);
        assert_non_null(strstr(row->died, signals[i] == SIGSEGV ? "SIGSEGV" : "SIGKILL"));
        assert_true(bench.events > i);
        assert_int_equal(project_resume_run(bench.project, run), BH_OK);
        BENCH_UNTIL(project_job_of(bench.project, STORE_RUNS, run) && project_job_of(bench.project, STORE_RUNS, run)->round > 12);
        assert_int_equal(project_stop_all(bench.project), BH_OK);
        bench_finish();
        assert_int_equal(project_run(bench.project, run)->state, STORE_RUN_STOPPED);
    }
}

static void a_worker_that_hangs_is_killed_without_being_asked(void **state)
{
    (void)state;
    int64_t data = bench_data(bench_table("table.csv", 2000)), run = training(data);
    kill(newest_child(), SIGSTOP);
    double before = bench_seconds();
    assert_int_equal(project_kill(bench.project, project_job_of(bench.project, STORE_RUNS, run)->id), BH_OK);
    bench_finish();
    assert_true(bench_seconds() - before < 2); /* without being asked first, which is 2 s */
    assert_int_equal(project_run(bench.project, run)->state, STORE_RUN_KILLED);
}

/* Large enough that a person, or this test, comes in between. */
static int64_t begin_to_look(void)
{
    size_t count;
    assert_int_equal(project_add_file(bench.project, bench_table("large.csv", 3000000)), BH_OK);
    BENCH_UNTIL((project_data_sets(bench.project, &count), count == 1));
    int64_t id = project_data_sets(bench.project, &count)[0]->id;
    BENCH_UNTIL(project_job_of(bench.project, STORE_DATA_SETS, id) &&
                project_job_of(bench.project, STORE_DATA_SETS, id)->killable);
    BENCH_UNTIL(project_job_of(bench.project, STORE_DATA_SETS, id)->fraction >= 0);
    return id;
}

static void a_file_that_killed_its_reader_is_not_opened_by_itself_again(void **state)
{
    (void)state;
    int64_t id = begin_to_look();
    kill(newest_child(), SIGSEGV);
    bench_finish();
    assert_non_null(strstr(project_data_set(bench.project, id)->suspect, "SIGSEGV"));
    bench_close();
    bench_open();
    bench_finish();
    assert_int_equal(project_data_set(bench.project, id)->row_count, -1);
    assert_int_equal(project_inspect(bench.project, id), BH_OK); /* unless a person asks for it */
    bench_finish();
    assert_int_equal(project_data_set(bench.project, id)->row_count, 3000000);
    assert_string_equal(project_data_set(bench.project, id)->suspect, "");
}

static void a_look_that_is_stopped_or_killed_can_be_had_again(void **state)
{
    (void)state;
    int64_t id = begin_to_look();
    assert_int_equal(project_stop(bench.project, project_job_of(bench.project, STORE_DATA_SETS, id)->id), BH_OK);
    bench_finish();
    assert_non_null(strstr(project_data_set(bench.project, id)->facts, "\"stopped\":true"));
    assert_int_equal(project_inspect(bench.project, id), BH_OK);
    BENCH_UNTIL(project_job_of(bench.project, STORE_DATA_SETS, id) &&
                project_job_of(bench.project, STORE_DATA_SETS, id)->killable);
    assert_int_equal(project_kill(bench.project, project_job_of(bench.project, STORE_DATA_SETS, id)->id), BH_OK);
    bench_finish();
    assert_non_null(strstr(project_data_set(bench.project, id)->suspect, "killed"));
}

/* A process may take less memory than its job wants: that job fails, and says so; what needs less goes on. */
static void a_job_that_wants_too_much_memory_fails_alone(void **state)
{
    (void)state;
    size_t count;
#ifdef __SANITIZE_ADDRESS__
    skip(); /* it takes terabytes of addresses for itself */
#endif
    int64_t small = bench_data(bench_table("small.csv", 500));
    bench_close();
    bench_open();
    assert_int_equal(project_set_setting(bench.project, PROJECT_MEMORY, "250"), BH_OK);
    int64_t large = bench_data(bench_table("large.csv", 3000000));
    assert_int_equal(project_data_set(bench.project, large)->row_count, 3000000); /* reading takes little, whatever its size */
    int64_t run = bench_run(large, "{\"rounds\": 5, \"max_depth\": 12, \"target\": \"kind\", \"nthread\": 1}", STORE_RUN_PROCESS);
    bench_finish();
    const store_run *row = project_run(bench.project, run);
    assert_int_equal(row->state, STORE_RUN_FAILED);
    if (!strstr(row->error, "memory"))
        fail_msg("'%s' does not say that memory was wanting", row->error);
    assert_string_equal(row->died, "");
    assert_non_null(strstr(bench.last_event, "memory"));
    run = bench_run(small, "{\"rounds\": 5, \"target\": \"kind\", \"nthread\": 1}", STORE_RUN_PROCESS);
    bench_finish();
    assert_int_equal(project_run(bench.project, run)->state, STORE_RUN_DONE);
    assert_int_equal(project_add_file(bench.project, bench_table("other.csv", 100)), BH_OK);
    bench_finish();
    project_data_sets(bench.project, &count);
    assert_int_equal(count, 3);
}

static void a_look_that_hangs_is_ended(void **state)
{
    (void)state;
    int64_t id = begin_to_look();
    kill(newest_child(), SIGSTOP);
    double before = bench_seconds();
    assert_int_equal(project_stop(bench.project, project_job_of(bench.project, STORE_DATA_SETS, id)->id), BH_OK);
    bench_finish();
    assert_true(bench_seconds() - before < 10); /* it is asked for 2 s, then told, then killed */
    assert_non_null(strstr(project_data_set(bench.project, id)->facts, "\"stopped\":true"));
    assert_int_equal(project_inspect(bench.project, id), BH_OK);
    BENCH_UNTIL(project_job_of(bench.project, STORE_DATA_SETS, id) &&
                project_job_of(bench.project, STORE_DATA_SETS, id)->fraction >= 0);
    kill(newest_child(), SIGSTOP);
    before = bench_seconds();
    assert_int_equal(project_kill(bench.project, project_job_of(bench.project, STORE_DATA_SETS, id)->id), BH_OK);
    bench_finish();
    assert_true(bench_seconds() - before < 2);
    assert_non_null(strstr(project_data_set(bench.project, id)->suspect, "killed"));
    int64_t other = bench_data(bench_table("small.csv", 100)); /* others are read meanwhile */
    assert_int_equal(project_data_set(bench.project, other)->row_count, 100);
}

/* It dies when something has been unpacked, before anybody knows what: what lies there then is nobody's. */
static void what_was_unpacked_before_a_death_is_unpacked_once(void **state)
{
    (void)state;
    char command[512], path[160];
    size_t count;
    bench_table("inner.csv", 50);
    snprintf(
        command, sizeof command,
        "cd '%s' && tar cf both.tar inner.csv && mkdir -p project/data/both project/data/own && touch project/data/both/half",
        bench.base);
    assert_int_equal(system(command), 0);
    bench_close();
    store *s = store_open(bench.folder, NULL, NULL);
    assert_non_null(s);
    assert_int_equal(store_set_setting(s, "unpacking:data/both", ""), BH_OK);
    assert_int_equal(store_set_setting(s, "unpacking:data/../../small.csv", ""), BH_OK);
    assert_int_equal(store_set_setting(s, "unpacking:/etc", ""), BH_OK);
    store_close(s);
    bench_table("small.csv", 5);
    bench_open();
    bench_finish();
    snprintf(path, sizeof path, "%s/data/both", bench.folder);
    assert_int_not_equal(access(path, F_OK), 0);
    snprintf(path, sizeof path, "%s/data/own", bench.folder);
    assert_int_equal(access(path, F_OK), 0);
    assert_int_equal(access(bench_path("small.csv"), F_OK), 0);
    assert_int_equal(access("/etc", F_OK), 0);
    assert_int_equal(project_add_file(bench.project, bench_path("both.tar")), BH_OK);
    bench_finish();
    assert_string_equal(project_data_sets(bench.project, &count)[0]->file, "data/both/inner.csv");
    bench_close();
    bench_open(); /* what is known stays */
    bench_finish();
    snprintf(path, sizeof path, "%s/data/both/inner.csv", bench.folder);
    assert_int_equal(access(path, F_OK), 0);
}

static void a_project_that_dies_shows_what_ran_as_interrupted(void **state)
{
    (void)state;
    bench_close();
    pid_t child = fork(); /* a program of its own, as this one has threads: it opens the project, trains, and is killed */
    if (child == 0) {
        execl("/proc/self/exe", "fault_project", "train", bench.base, (char *)NULL);
        _exit(127);
    }
    char path[160];
    snprintf(path, sizeof path, "%s/runs/1/checkpoint", bench.folder);
    BENCH_UNTIL(access(path, F_OK) == 0);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    bench_open();
    assert_true(bench.found.crashed);
    assert_int_equal(bench.found.interrupted_runs, 1);
    assert_int_equal(project_run(bench.project, 1)->state, STORE_RUN_INTERRUPTED);
    assert_int_equal(project_resume_all(bench.project), BH_OK);
    BENCH_UNTIL(project_job_of(bench.project, STORE_RUNS, 1) && project_job_of(bench.project, STORE_RUNS, 1)->round > 0);
    assert_int_equal(project_stop_all(bench.project), BH_OK);
    bench_finish();
    assert_int_equal(project_run(bench.project, 1)->state, STORE_RUN_STOPPED);
}

/* That program. */
static int train_until_killed(const char *base)
{
    strcpy(bench.base, base);
    snprintf(bench.folder, sizeof bench.folder, "%s/project", base);
    bench_open();
    training(bench_data(bench_table("table.csv", 2000)));
    return bh_app_exec();
}

static store_opened second_found;

static void on_second(void *user, const store_opened *found)
{
    (void)user;
    second_found = *found;
}

static void a_second_opening_asks_the_first_to_show_itself(void **state)
{
    (void)state;
    memset(&second_found, 0, sizeof second_found);
    const project_observer observer = {.opened = on_second, .user = &second_found};
    project *second = project_open(bench.folder, NULL);
    project_observe(second, &observer);
    BENCH_UNTIL(second_found.status);
    BENCH_UNTIL(bench.raised == 1);
    assert_int_equal(second_found.status, BH_ERROR_EXISTS);
    assert_true(project_raised_other(second));
    assert_false(project_is_open(second));
    assert_int_equal(project_stop_all(second), BH_OK);
    assert_int_equal(project_add_file(second, "/x"), BH_ERROR_STATE);
    project_destroy(second);
    assert_true(project_is_open(bench.project));
}

static void a_run_that_is_removed_takes_its_folder_along(void **state)
{
    (void)state;
    char path[512];
    size_t count;
    int64_t data = bench_data(bench_table("table.csv", 500));
    int64_t run = bench_run(data, "{\"rounds\": 5, \"target\": \"kind\"}", STORE_RUN_PROCESS);
    assert_int_equal(project_remove_run(bench.project, run), BH_ERROR_STATE);
    bench_finish();
    assert_true(project_run_path(bench.project, run, path, sizeof path));
    assert_int_equal(access(path, F_OK), 0);
    assert_int_equal(project_remove_run(bench.project, run), BH_OK);
    BENCH_UNTIL((project_runs(bench.project, &count), count == 0));
    assert_int_not_equal(access(path, F_OK), 0);
}

static int tests(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, with_bench, without_bench)
    const struct CMUnitTest all[] = {
        TEST(a_worker_that_dies_fails_its_run_and_no_other),
        TEST(a_worker_that_hangs_is_killed_without_being_asked),
        TEST(a_file_that_killed_its_reader_is_not_opened_by_itself_again),
        TEST(a_look_that_is_stopped_or_killed_can_be_had_again),
        TEST(a_look_that_hangs_is_ended),
        TEST(a_job_that_wants_too_much_memory_fails_alone),
        TEST(what_was_unpacked_before_a_death_is_unpacked_once),
        TEST(a_project_that_dies_shows_what_ran_as_interrupted),
        TEST(a_second_opening_asks_the_first_to_show_itself),
        TEST(a_run_that_is_removed_takes_its_folder_along),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}

static const char *alone;

static int train_alone(void)
{
    return train_until_killed(alone);
}

int main(int argc, char **argv)
{
    alone = argc == 3 && strcmp(argv[1], "train") == 0 ? argv[2] : NULL;
    return bench_main(argc, argv, alone ? train_alone : tests);
}
