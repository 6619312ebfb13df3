/* Fetches of a project from servers that people use and from servers that misbehave: which state a row is in, what is said where a person looks, and
 * what Retry and another address make of it; across a death of the program; and a real list of 73 files. */
#include "../unit/sha256.h"
#include "../unit/shell.h"

#include "jobs/manifest/manifest.h"
#include "window/inner.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <sys/wait.h>

extern char **environ;

/* --- the servers */

static pid_t servers;
static FILE *to_servers, *from_servers;
static int nginx_port, server_port;

/* A line to them, and what they answer. */
static const char *tell(const char *format, ...) __attribute__((format(printf, 1, 2)));
static const char *tell(const char *format, ...)
{
    static char answer[256];
    va_list values;
    va_start(values, format);
    vfprintf(to_servers, format, values);
    va_end(values);
    fputc('\n', to_servers);
    fflush(to_servers);
    if (!fgets(answer, sizeof answer, from_servers))
        fail_msg("the servers do not answer");
    return answer;
}

static long long sent(const char *question)
{
    long long bytes = -1;
    assert_int_equal(sscanf(tell("%s", question), "{\"sent\": %lld", &bytes), 1);
    return bytes;
}

static void start_servers(void)
{
    int in[2], out[2];
    char script[512], line[256];
    const char *folder = getenv("BULKHEAD_TESTS");
    posix_spawn_file_actions_t actions;
    assert_non_null(folder);
    snprintf(script, sizeof script, "%s/fault/servers.py", folder);
    char *arguments[] = {(char *)(uintptr_t) "python3", script, NULL};
    assert_int_equal(pipe2(in, O_CLOEXEC), 0);
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    assert_int_equal(posix_spawnp(&servers, "python3", &actions, NULL, arguments, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(in[0]);
    close(out[1]);
    to_servers = fdopen(in[1], "w");
    from_servers = fdopen(out[0], "r");
    if (!fgets(line, sizeof line, from_servers) || sscanf(line, "{\"nginx\": %d, \"server\": %d", &nginx_port, &server_port) != 2)
        fail_msg("the servers do not start");
}

static int with_servers(void **state)
{
    int failed = with_shell(state);
    start_servers();
    return failed;
}

static int without_servers(void **state)
{
    fclose(to_servers);
    waitpid(servers, NULL, 0);
    fclose(from_servers);
    forget_heard();
    return without_shell(state);
}

static const char *at(int port, const char *path)
{
    static char text[6][256];
    static int turn;
    turn = (turn + 1) % 6;
    snprintf(text[turn], sizeof text[turn], "http://127.0.0.1:%d%s", port, path);
    return text[turn];
}

/* --- files */

/* A table of some megabytes: each of ROWS has SEED in it. */
static const char *table(const char *name, int rows, int seed)
{
    static char paths[4][256];
    static int turn;
    char *path = paths[turn = (turn + 1) % 4];
    snprintf(path, sizeof paths[0], "%s", bench_path(name));
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("id,seed,text\n", file);
    for (int i = 0; i < rows; i++)
        fprintf(file, "%d,%d,some words that take their place on the disk %d\n", i, seed, i * seed);
    fclose(file);
    return path;
}

static void assert_same_file(const store_fetch *fetch, const char *path)
{
    char command[700];
    snprintf(command, sizeof command, "cmp -s '%s/data/%s' '%s'", bench.folder, fetch->name, path);
    assert_int_equal(system(command), 0);
}

/* --- the rows */

static const store_fetch *fetch_at(size_t i)
{
    size_t count;
    const store_fetch *const *rows = project_fetches(bench.project, &count);
    assert_true(i < count);
    return rows[i];
}

static size_t add(const char *url, const char *name, const char *hash)
{
    size_t before, count;
    const project_fetch_item item = {url, name, hash, NULL, 0};
    project_fetches(bench.project, &before);
    assert_int_equal(project_add_fetches(bench.project, &item, 1), BH_OK);
    BENCH_UNTIL((project_fetches(bench.project, &count), count > before));
    return before;
}

static const project_job *job_of(size_t i)
{
    return project_job_of(bench.project, STORE_FETCHES, fetch_at(i)->id);
}

static bool is_in_strip(const char *part)
{
    bh_object **lines = NULL;
    size_t count = 0, told = 0;
    bh_find_all(window_object(shell), "job-text", NULL, &lines, &count);
    for (size_t k = 0; k < count; k++) {
        char *text = NULL;
        bh_get_string(lines[k], "text", &text);
        told += text && strncmp(text, "failed: ", 8) == 0 && strstr(text, part) != NULL;
        bh_free(text);
    }
    bh_free(lines);
    return told >= 1;
}

/* What a person who looks at it reads: on the page of fetches, and in the strip. */
static void assert_told(size_t i, const char *part)
{
    window_select(shell, (selected){STORE_FETCHES, fetch_at(i)->id});
    BENCH_UNTIL(is_in_strip(part));
    assert_int_equal(fetch_at(i)->state, STORE_FETCH_FAILED);
    if (!shell_says("fetch-error", part))
        fail_msg("'%s' does not say '%s'", fetch_at(i)->error, part);
    assert_null(strstr(fetch_at(i)->error, "function '"));
    assert_true(shell_shows("fetch-error"));
}

static void assert_done(size_t i, const char *path)
{
    const store_fetch *row = fetch_at(i);
    if (row->state != STORE_FETCH_DONE)
        fail_msg("%s is %s: %s", row->name, store_fetch_state_name(row->state), row->error);
    assert_same_file(row, path);
    assert_string_equal(row->error, "");
}

/* --- */

static void what_is_refused_is_said_and_can_be_retried(void **state)
{
    (void)state;
    const char *path = table("a.csv", 2000, 1);
    tell("{\"add\": \"/a.csv\", \"file\": \"%s\", \"status\": [403, {}]}", path);
    size_t i = add(at(server_port, "/a.csv"), NULL, hash_of(path));
    bench_finish();
    assert_told(i, "403");
    shell_shot("fetch-failed");
    shell_click("fetch-retry");
    BENCH_UNTIL(fetch_at(i)->attempts == 2 && !job_of(i));
    assert_told(i, "403");
    tell("{\"set\": \"/a.csv\", \"status\": null}");
    shell_click("fetch-retry");
    BENCH_UNTIL(fetch_at(i)->state == STORE_FETCH_DONE && !job_of(i));
    assert_done(i, path);
    bench_finish();
    assert_int_equal(project_data_set(bench.project, fetch_at(i)->data_set)->row_count, 2000);
}

static void a_lying_checksum_is_refused_and_another_address_has_the_file(void **state)
{
    (void)state;
    char wanted[80];
    const char *path = table("a.csv", 2000, 1), *other = table("other.csv", 2000, 2);
    strcpy(wanted, hash_of(path));
    tell("{\"add\": \"/wrong.csv\", \"file\": \"%s\"}", other);
    tell("{\"add\": \"/right.csv\", \"file\": \"%s\"}", path);
    size_t i = add(at(server_port, "/wrong.csv"), "a.csv", wanted), count;
    bench_finish();
    assert_told(i, "checksum");
    assert_true(shell_says("fetch-error", wanted));
    project_data_sets(bench.project, &count);
    assert_int_equal(count, 0);
    bh_set_string(shell_find("fetch-address"), "text", at(server_port, "/right.csv"));
    shell_click("fetch-set-address");
    BENCH_UNTIL(fetch_at(i)->state == STORE_FETCH_DONE && !job_of(i));
    assert_done(i, path);
    assert_non_null(strstr(fetch_at(i)->url, "/right.csv"));
}

static void servers_that_stumble_give_the_file_all_the_same(void **state)
{
    (void)state;
    static const char *const hows[] = {"\"cut_after\": 700000",
                                       "\"ranges\": false",
                                       "\"ranges\": false, \"chunked\": true",
                                       "\"wrong_range\": true",
                                       "\"etag\": null, \"modified\": null",
                                       "\"redirect\": \"/there\"",
                                       "\"length_error\": 500"};
    enum { HOWS = sizeof hows / sizeof hows[0] };
    size_t rows[HOWS];
    const char *path = table("large.csv", 100000, 1);
    tell("{\"add\": \"/there\", \"file\": \"%s\"}", path);
    for (size_t i = 0; i < HOWS; i++) {
        char name[32];
        tell("{\"add\": \"/%zu.csv\", \"file\": \"%s\", %s}", i, path, hows[i]);
        snprintf(name, sizeof name, "/%zu.csv", i);
        rows[i] = add(at(server_port, name), NULL, hash_of(path));
    }
    bench_finish();
    for (size_t i = 0; i < HOWS; i++)
        assert_done(rows[i], path);
}

/* Not at once: what a server pours into sockets that are closed again is sent, and fetched by nobody. */
#define FASTER "{\"set\": \"/slow.csv\", \"rate\": 3000000}"

/* Begins a fetch that takes its time, and stops it when some of it is there. */
static size_t begin_and_stop(const char *path)
{
    tell("{\"add\": \"/slow.csv\", \"file\": \"%s\", \"rate\": 1000000}", path);
    size_t i = add(at(server_port, "/slow.csv"), NULL, NULL);
    BENCH_UNTIL(job_of(i) && job_of(i)->done > 1500000);
    assert_int_equal(project_stop(bench.project, job_of(i)->id), BH_OK);
    BENCH_UNTIL(!job_of(i));
    assert_int_equal(fetch_at(i)->state, STORE_FETCH_CANCELLED);
    assert_true(fetch_at(i)->bytes_done > 1000000);
    return i;
}

static void what_was_stopped_goes_on_unless_the_file_has_changed(void **state)
{
    (void)state;
    const char *path = table("large.csv", 100000, 1), *other = table("other.csv", 120000, 2), *small = table("small.csv", 10, 3);
    size_t i = begin_and_stop(path);
    long long before = sent("{\"sent\": \"/slow.csv\"}");
    tell(FASTER);
    window_select(shell, (selected){STORE_FETCHES, fetch_at(i)->id});
    bh_app_process_events(60);
    shell_click("fetch-retry");
    BENCH_UNTIL(fetch_at(i)->state == STORE_FETCH_DONE);
    assert_done(i, path);
    struct stat facts;
    assert_int_equal(stat(path, &facts), 0);
    assert_true(sent("{\"sent\": \"/slow.csv\"}") - before < facts.st_size - 500000); /* what was there was not fetched again */

    i = begin_and_stop(path);
    tell("{\"set\": \"/slow.csv\", \"rate\": null, \"etag\": \"\\\"2\\\"\", \"file\": \"%s\"}", other);
    assert_int_equal(project_retry_fetch(bench.project, fetch_at(i)->id), BH_OK);
    BENCH_UNTIL(fetch_at(i)->state == STORE_FETCH_DONE);
    assert_done(i, other);

    i = begin_and_stop(path); /* what is left lies behind the file's end now: 416 */
    tell("{\"set\": \"/slow.csv\", \"rate\": null, \"if_range\": false, \"file\": \"%s\"}", small);
    assert_int_equal(project_retry_fetch(bench.project, fetch_at(i)->id), BH_OK);
    BENCH_UNTIL(fetch_at(i)->state == STORE_FETCH_DONE || fetch_at(i)->state == STORE_FETCH_FAILED);
    assert_done(i, small);
    bench_finish();
}

/* --- workers that hang */

static pid_t worker_of(const char *open_file)
{
    char command[512], line[64] = "";
    snprintf(command, sizeof command,
             "for p in $(cat /proc/%d/task/*/children); do ls -l /proc/$p/fd 2>/dev/null | grep -q '%s' && echo $p; done",
             (int)getpid(), open_file);
    FILE *said = popen(command, "r");
    assert_non_null(said);
    if (!fgets(line, sizeof line, said))
        line[0] = 0;
    pclose(said);
    return (pid_t)atoi(line);
}

static void a_fetch_that_hangs_is_ended_by_stop_and_goes_on(void **state)
{
    (void)state;
    const char *path = table("large.csv", 100000, 1);
    tell("{\"add\": \"/slow.csv\", \"file\": \"%s\", \"rate\": 1000000}", path);
    size_t i = add(at(server_port, "/slow.csv"), NULL, hash_of(path));
    BENCH_UNTIL(job_of(i) && job_of(i)->done > 1500000);
    pid_t worker = worker_of("slow.csv.part");
    assert_true(worker > 0);
    assert_int_equal(kill(worker, SIGSTOP), 0);
    double before = bench_seconds();
    assert_int_equal(project_stop(bench.project, job_of(i)->id), BH_OK);
    BENCH_UNTIL(!job_of(i));
    assert_true(bench_seconds() - before < 15); /* it is asked for 5 s, then told, then killed */
    assert_int_equal(fetch_at(i)->state, STORE_FETCH_CANCELLED);
    tell(FASTER);
    assert_int_equal(project_retry_fetch(bench.project, fetch_at(i)->id), BH_OK);
    BENCH_UNTIL(fetch_at(i)->state == STORE_FETCH_DONE);
    assert_done(i, path); /* how much of it is fetched again is a benchmark's to say: what was not noted yet when it was killed */
    bench_finish();
}

/* --- a program that dies, against nginx */

/* That program. */
static int fetch_until_killed(const char *base, const char *url)
{
    strcpy(bench.base, base);
    snprintf(bench.folder, sizeof bench.folder, "%s/project", base);
    bench_open();
    const project_fetch_item item = {url, NULL, NULL, NULL, 0};
    assert_int_equal(project_add_fetches(bench.project, &item, 1), BH_OK);
    return bh_app_exec();
}

static void a_program_that_is_killed_goes_on_where_it_was(void **state)
{
    (void)state;
    const char *path = table("large.csv", 400000, 1); /* some 24 MB, at 2 MB/s and connection */
    char part[256];
    struct stat facts;
    tell("{\"link\": \"%s\", \"as\": \"large.csv\"}", path);
    shell_close();
    bench_close();
    pid_t child = fork();
    if (child == 0) {
        execl("/proc/self/exe", "fault_project_fetch_data", "fetch", bench.base, at(nginx_port, "/slow/large.csv"), (char *)NULL);
        _exit(127);
    }
    snprintf(part, sizeof part, "%s/data/large.csv.part", bench.folder);
    BENCH_UNTIL(stat(part, &facts) == 0 && facts.st_blocks * 512 > 6000000);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    bench_open();
    shell_open();
    assert_int_equal(bench.found.interrupted_fetches, 1);
    assert_int_equal(fetch_at(0)->state, STORE_FETCH_INTERRUPTED);
    BENCH_UNTIL(shell_shows("recovery-banner"));
    long long before = sent("{\"nginx sent\": true}");
    shell_click("recovery-resume");
    BENCH_UNTIL(fetch_at(0)->state == STORE_FETCH_DONE);
    assert_done(0, path);
    assert_int_equal(stat(path, &facts), 0);
    print_message("of %lld bytes %lld were fetched before the death, and %lld after it\n", (long long)facts.st_size, before,
                  sent("{\"nginx sent\": true}") - before);
    assert_true(sent("{\"nginx sent\": true}") - before < facts.st_size - 1000000);
    bench_finish();
}

/* --- a real list */

static bool listed;

/* What lies beside the list lies at nginx, too. */
static void on_list(void *user, const manifest *list)
{
    static project_fetch_item items[73];
    static char urls[73][512];
    const char *folder = user;
    assert_int_equal(list->count, 73);
    assert_int_equal(list->mistake_count, 0);
    for (size_t i = 0; i < list->count; i++) {
        const char *beside = strstr(list->items[i].url, folder);
        assert_non_null(beside);
        snprintf(urls[i], sizeof urls[i], "http://127.0.0.1:%d/vega%s", nginx_port, beside + strlen(folder));
        items[i] =
            (project_fetch_item){urls[i], list->items[i].name, list->items[i].hash, "datapackage.json", list->items[i].bytes};
    }
    assert_int_equal(project_add_fetches(bench.project, items, list->count), BH_OK);
    listed = true;
}

static void assert_vega_is_whole(size_t count)
{
    size_t tables = 0, sets;
    for (size_t i = 0; i < count; i++) {
        const store_fetch *row = fetch_at(i);
        if (row->state != STORE_FETCH_DONE)
            fail_msg("%s is %s: %s", row->name, store_fetch_state_name(row->state), row->error);
        assert_true(row->expected_hash[0] != 0);
        tables += row->data_set != 0;
    }
    const store_data_set *const *rows = project_data_sets(bench.project, &sets);
    assert_int_equal(sets, tables);
    for (size_t i = 0; i < sets; i++)
        if (rows[i]->row_count <= 0)
            fail_msg("%s was not read: %.300s", rows[i]->name, rows[i]->facts);
    print_message("73 files, %zu of them tables\n", tables);
    assert_true(tables >= 15);
}

static void all_of_vega_datasets_comes_by_its_list(void **state)
{
    (void)state;
    char path[512];
    size_t count;
    const char *folder = getenv("BULKHEAD_PACKAGE_DATA");
    char *beside = realpath(folder ? folder : "package-data", NULL);
    snprintf(path, sizeof path, "%s/vega-datasets/datapackage.json", beside ? beside : "");
    free(beside);
    if (access(path, R_OK) != 0) {
        print_message("NOT TESTED: there is no %s, as npm is not there or reaches no registry\n", path);
        return;
    }
    listed = false;
    assert_int_equal(project_read_list(bench.project, path, NULL, on_list, (char *)(uintptr_t) "/vega-datasets"), BH_OK);
    *strrchr(path, '/') = 0;
    tell("{\"link\": \"%s\", \"as\": \"vega\"}", path);
    BENCH_UNTIL(listed);
    BENCH_UNTIL((project_fetches(bench.project, &count), count == 73));
    bench_finish();
    assert_vega_is_whole(73);
    bh_app_process_events(200);
    window_select(shell, (selected){STORE_FETCHES, 0});
    shell_shot("vega");
}

static int tests(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, with_servers, without_servers)
    const struct CMUnitTest all[] = {
        TEST(what_is_refused_is_said_and_can_be_retried),      TEST(a_lying_checksum_is_refused_and_another_address_has_the_file),
        TEST(servers_that_stumble_give_the_file_all_the_same), TEST(what_was_stopped_goes_on_unless_the_file_has_changed),
        TEST(a_fetch_that_hangs_is_ended_by_stop_and_goes_on), TEST(a_program_that_is_killed_goes_on_where_it_was),
        TEST(all_of_vega_datasets_comes_by_its_list),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}

static char **alone;

static int fetch_alone(void)
{
    return fetch_until_killed(alone[0], alone[1]);
}

int main(int argc, char **argv)
{
    alone = argc == 4 && strcmp(argv[1], "fetch") == 0 ? argv + 2 : NULL;
    return bench_main(argc, argv, alone ? fetch_alone : tests);
}
