/* Process pools for bench_process.sh. A verb each; prints one number, or the figures of which there is no other side. */
#include "bench/bench.h"

#include <bulkhead/main_guard.h>
#include <bulkhead/process_pool.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKERS = 2, BIG = 16 << 20 };

static bh_status null_function(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)self;
    (void)arguments;
    (void)result;
    return BH_OK;
}

static bh_status pid_function(bh_job *self, bh_message_view arguments, bh_message *result)
{
    bh_job_percent(self, getpid(), "process"); /* for those who want to kill it */
    bh_job_sleep(self, (int)bh_message_get_int(arguments, "ms", 0));
    return bh_message_add_int(result, "pid", getpid());
}

static bh_status big_function(bh_job *self, bh_message_view arguments, bh_message *result)
{
    void *bytes;
    (void)self;
    bh_status status = bh_message_add_room(result, "bytes", BIG, &bytes);
    if (!status)
        memset(bytes, (int)bh_message_get_int(arguments, "byte", 1), BIG);
    return status;
}

static const bh_process_function functions[] = {{"null", null_function}, {"pid", pid_function}, {"big", big_function}, {0}};

static bh_process_pool *make_pool(const char *program)
{
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = WORKERS, .program = program,
                                       .budget_deaths = 100000, .launch = getenv("BENCH_LAUNCH")};
    bh_process_pool *pool = bh_process_pool_create(&options);
    bench_require(pool != NULL, "there is a pool");
    return pool;
}

static void end_pool(bh_process_pool *pool)
{
    bench_require(bh_process_pool_close(pool, 5000) == BH_OK, "the pool closes");
    bh_process_pool_destroy(pool);
}

static bh_future *submit_int(bh_process_pool *pool, const char *function, const char *key, int64_t value)
{
    bh_message *arguments = bh_message_create();
    bh_message_add_int(arguments, key, value);
    bh_future *future = bh_process_pool_submit(pool, function, arguments, NULL);
    bh_message_destroy(arguments);
    bench_require(future != NULL, "the task is queued");
    return future;
}

static bh_message_view result_of(bh_future *future)
{
    bh_message_view view = {NULL};
    bench_require(bh_future_wait(future, 60000) == BH_OK && bh_future_result(future, &view) == BH_OK, "the task has a result");
    return view;
}

/* Thousands of empty tasks a second. */
static void null_tasks(int count)
{
    bh_process_pool *pool = make_pool(NULL);
    bh_future **futures = calloc((size_t)count, sizeof *futures);
    for (int i = 0; i < 2 * WORKERS; i++) { /* all are up */
        bh_future *first = submit_int(pool, "pid", "ms", 5);
        result_of(first);
        bh_future_destroy(first);
    }
    double begun = bench_seconds();
    for (int i = 0; i < count; i++)
        futures[i] = bh_process_pool_submit(pool, "null", NULL, NULL);
    for (int i = 0; i < count; i++) {
        result_of(futures[i]);
        bh_future_destroy(futures[i]);
    }
    printf("%.3f\n", count / (bench_seconds() - begun) / 1000);
    free(futures);
    end_pool(pool);
}

/* Milliseconds from the wish for a pool to its first result. */
static void start(const char *program)
{
    double begun = bench_seconds();
    bh_process_pool *pool = make_pool(program);
    bh_future *future = bh_process_pool_submit(pool, "echo", NULL, NULL);
    result_of(future);
    printf("%.4f\n", (bench_seconds() - begun) * 1000);
    bh_future_destroy(future);
    end_pool(pool);
}

/* Milliseconds for 16 MiB of result: made, sent, and read here to the last byte. */
static void big(int count)
{
    static double times[256];
    bh_process_pool *pool = make_pool(NULL);
    for (int i = 0; i < count; i++) {
        double begun = bench_seconds();
        bh_future *future = submit_int(pool, "big", "byte", i % 100 + 1);
        const void *bytes;
        size_t size;
        bench_require(!bh_message_read_bytes(result_of(future), "bytes", &bytes, &size) && size == BIG, "all bytes are there");
        bench_require(memchr(bytes, i % 100 + 2, size) == NULL, "they are the right ones");
        times[i] = (bench_seconds() - begun) * 1000;
        bh_future_destroy(future);
    }
    printf("%.3f\n", bench_median(times, (size_t)count));
    end_pool(pool);
}

/* --- deaths */

/* One of the children, at random. */
static int some_child(void)
{
    char path[64], line[256];
    DIR *tasks = opendir("/proc/self/task");
    const struct dirent *entry;
    int pid = 0;
    while (tasks && !pid && (entry = readdir(tasks))) {
        snprintf(path, sizeof path, "/proc/self/task/%.20s/children", entry->d_name);
        FILE *file = fopen(path, "re");
        if (file && fgets(line, sizeof line, file)) {
            int found[16], count = 0;
            char *rest = line;
            for (char *word; count < 16 && (word = strtok_r(rest, " \n", &rest));)
                found[count++] = atoi(word);
            pid = count ? found[rand() % count] : 0;
        }
        if (file)
            fclose(file);
    }
    if (tasks)
        closedir(tasks);
    return pid;
}

static int published_pid(bh_future *future)
{
    bh_message *progress = bh_message_create();
    bh_message_view view;
    int64_t pid = 0;
    for (; pid == 0; usleep(200))
        if (!bh_future_progress(future, progress) && !bh_message_complete(progress, &view))
            pid = bh_message_get_int(view, "percent", 0);
    bh_message_destroy(progress);
    return (int)pid;
}

/* Milliseconds from SIGKILL to the failure of the task that ran. */
static void deaths(int count)
{
    static double times[2000];
    bh_process_pool *pool = make_pool(NULL);
    for (int i = 0; i < count; i++) {
        bh_process_failure failure;
        bh_future *future = submit_int(pool, "pid", "ms", 60000);
        int pid = published_pid(future);
        double begun = bench_seconds();
        bench_require(kill(pid, SIGKILL) == 0 && bh_future_wait(future, 10000) == BH_OK, "it ends when it is killed");
        times[i] = (bench_seconds() - begun) * 1000;
        bench_require(!bh_future_failure(future, &failure) && failure.signal == SIGKILL, "the task failed of it");
        bh_future_destroy(future);
    }
    bench_figure("process.death_to_error_ms_p50", bench_percentile(times, (size_t)count, 0.5), "ms");
    bench_figure("process.death_to_error_ms_p99", bench_percentile(times, (size_t)count, 0.99), "ms");
    end_pool(pool);
}

/* Random kills under load: each may cost the task that ran, and no other. */
static void innocents(int kills)
{
    enum { MOST = 400 };
    static bh_future *futures[MOST];
    long lost = 0, killed = 0, failed = 0, rounds = 0;
    bh_process_pool *pool = make_pool(NULL);
    while (killed < kills) {
        for (int i = 0; i < MOST; i++)
            futures[i] = i % 40 == 0 ? submit_int(pool, "pid", "ms", 2) : bh_process_pool_submit(pool, "null", NULL, NULL);
        for (int i = 0; i < 8; i++) {
            usleep((useconds_t)(rand() % 1500));
            int pid = some_child();
            killed += pid && kill(pid, SIGKILL) == 0;
        }
        for (int i = 0; i < MOST; i++) {
            bh_process_failure failure;
            bench_require(bh_future_wait(futures[i], 60000) == BH_OK, "each future completes");
            if (bh_future_get_state(futures[i]) == BH_FUTURE_FAILED) {
                bh_future_failure(futures[i], &failure);
                failed++;
                lost += failure.kind != BH_FAILURE_SIGNAL || failure.attempts != 1;
            }
            bh_future_destroy(futures[i]);
        }
        rounds++;
    }
    /* More failed than were killed: some of them had not been running where the signal went. */
    lost += failed > killed ? failed - killed : 0;
    fprintf(stderr, "innocents: %ld kills, %ld of %ld tasks failed of them\n", killed, failed, rounds * MOST);
    bench_figure("process.innocent_lost", (double)lost, "tasks");
    end_pool(pool);
}

/* --- orphans */

static int alive(const char *mark)
{
    DIR *list = opendir("/proc");
    const struct dirent *entry;
    int count = 0;
    while (list && (entry = readdir(list))) {
        char path[64], text[65536];
        snprintf(path, sizeof path, "/proc/%.20s/environ", entry->d_name);
        FILE *file = atoi(entry->d_name) > 0 && atoi(entry->d_name) != getpid() ? fopen(path, "re") : NULL;
        size_t got = file ? fread(text, 1, sizeof text, file) : 0;
        count += got && memmem(text, got, mark, strlen(mark)) != NULL;
        if (file)
            fclose(file);
    }
    if (list)
        closedir(list);
    return count;
}

/* A parent with busy workers, for its killer. */
static void doomed(void)
{
    bh_process_pool *pool = make_pool(NULL);
    for (int i = 0; i < 20; i++)
        submit_int(pool, "pid", "ms", i % 2 ? 1 : 60000);
    for (;;)
        pause();
}

static void orphans(int count, const char *self)
{
    char mark[64];
    snprintf(mark, sizeof mark, "BH_BENCH=%d", (int)getpid());
    int left = 0;
    for (int i = 0; i < count; i++) {
        pid_t child = fork();
        if (child == 0) {
            putenv(mark);
            execl(self, self, "doomed", (char *)NULL);
            _exit(127);
        }
        usleep((useconds_t)(rand() % 6000));
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
    for (int i = 0; i < 30 && (left = alive(mark)); i++)
        usleep(10000);
    bench_figure("process.orphans", left, "processes");
}

/* --- idling */

static double switches(void)
{
    DIR *tasks = opendir("/proc/self/task");
    const struct dirent *entry;
    double sum = 0;
    while (tasks && (entry = readdir(tasks))) {
        char path[64], line[256];
        snprintf(path, sizeof path, "/proc/self/task/%.20s/status", entry->d_name);
        FILE *file = atoi(entry->d_name) > 0 && atoi(entry->d_name) != getpid() ? fopen(path, "re") : NULL;
        while (file && fgets(line, sizeof line, file))
            if (strncmp(line, "voluntary_ctxt_switches:", 24) == 0)
                sum += atof(line + 24);
        if (file)
            fclose(file);
    }
    if (tasks)
        closedir(tasks);
    return sum;
}

static void idle(void)
{
    bh_process_pool *pool = make_pool(NULL);
    bh_future *future = submit_int(pool, "pid", "ms", 0);
    result_of(future);
    bh_future_destroy(future);
    sleep(1);
    double before = switches();
    sleep(2);
    bench_figure("process.idle_wakeups_per_s", (switches() - before) / 2, "1/s");
    end_pool(pool);
}

/* --- a long run, by hand */

static void print_state(long done, const char *when)
{
    char line[256];
    long pages = 0, descriptors = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file && fgets(line, sizeof line, file))
        pages = strtol(strchr(line, ' '), NULL, 10);
    if (file)
        fclose(file);
    DIR *list = opendir("/proc/self/fd");
    while (list && readdir(list))
        descriptors++;
    if (list)
        closedir(list);
    printf("%s: %ld tasks, %ld KiB, %ld descriptors\n", when, done, pages * 4, descriptors);
}

/* COUNT tasks, and a kill every 100 ms: memory and descriptors do not grow. */
static void soak(long count)
{
    enum { MOST = 2000 };
    static bh_future *futures[MOST];
    bh_process_pool *pool = make_pool(NULL);
    double next = 0;
    long failed = 0;
    for (long done = 0; done < count; done += MOST) {
        for (int i = 0; i < MOST; i++)
            futures[i] = bh_process_pool_submit(pool, "null", NULL, NULL);
        if (bench_seconds() >= next) {
            int pid = some_child();
            if (pid)
                kill(pid, SIGKILL);
            next = bench_seconds() + 0.1;
        }
        for (int i = 0; i < MOST; i++) {
            bench_require(bh_future_wait(futures[i], 60000) == BH_OK, "each future completes");
            failed += bh_future_get_state(futures[i]) != BH_FUTURE_DONE;
            bh_future_destroy(futures[i]);
        }
        if (done % (count / 10 / MOST * MOST + MOST) == 0)
            print_state(done, "soak");
    }
    bh_process_pool_statistics statistics;
    bh_process_pool_get_statistics(pool, &statistics);
    printf("soak: %ld failed, %llu deaths, %llu requeued\n", failed, (unsigned long long)statistics.deaths,
           (unsigned long long)statistics.requeued);
    bench_require(failed <= (long)statistics.deaths, "a death costs one task at most");
    end_pool(pool);
    print_state(count, "closed");
}

int main(int argc, char **argv)
{
    bh_main_guard(argc, argv, functions);
    const char *verb = argc > 1 ? argv[1] : "";
    int count = argc > 2 ? atoi(argv[2]) : 0;
    srand(1);
    if (strcmp(verb, "null") == 0)
        null_tasks(count);
    else if (strcmp(verb, "start") == 0 && argc > 2)
        start(argv[2]);
    else if (strcmp(verb, "big") == 0)
        big(count);
    else if (strcmp(verb, "deaths") == 0)
        deaths(count);
    else if (strcmp(verb, "innocents") == 0)
        innocents(count);
    else if (strcmp(verb, "doomed") == 0)
        doomed();
    else if (strcmp(verb, "orphans") == 0)
        orphans(count, argv[0]);
    else if (strcmp(verb, "soak") == 0)
        soak(count);
    else if (strcmp(verb, "idle") == 0)
        idle();
    else
        return 2;
    return 0;
}
