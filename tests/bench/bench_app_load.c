/* For bench_app.sh: bench_app_load FOLDER [CLOSES] runs the program with its window, 4 fetches and 2 trainings at once, for some seconds, and
 * closes the window amid them.
 *   app.gui_latency_p99_ms, _max_ms   from a post to the GUI thread until it runs, asked by another thread every few milliseconds
 *   app.rss_loaded_mb                 the most that the program held
 *   close.busy_ms_max                 from the wish to close until the process is gone, the longest of CLOSES
 * Each round is a process of its own: this program, called with "child". */
#include "bench.h"

#include "program.h"

#include <bulkhead/bulkhead.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <spawn.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { MOST_SAMPLES = 20000, SAMPLE_US = 2000, FILES = 24, FILE_MB = 256, PATH = 512 };

/* --- the program under load */

static project *of;
static char base[PATH], url[64];
static double load_s, samples[MOST_SAMPLES];
static size_t sample_count;
static atomic_bool sampling;
static sem_t arrived;
static bh_process_pool *pool;
static bh_future *server;

static bh_status arrive(void *user)
{
    (void)user;
    sem_post(&arrived);
    return BH_OK;
}

static void *sample(void *user)
{
    (void)user;
    while (atomic_load(&sampling) && sample_count < MOST_SAMPLES) {
        double begun = bench_seconds();
        if (bh_post(NULL, arrive, NULL, NULL) != BH_OK)
            break;
        while (sem_wait(&arrived) != 0)
            continue;
        samples[sample_count++] = (bench_seconds() - begun) * 1000;
        usleep(SAMPLE_US);
    }
    return NULL;
}

static pthread_t sampler;

/* Enough is known: the last lines before the close, and then the close. */
static void end_load(void *user)
{
    size_t count;
    int running[PROJECT_PREDICT + 1] = {0};
    (void)user;
    const project_job *const *jobs = project_jobs(of, &count);
    for (size_t i = 0; i < count; i++)
        running[jobs[i]->kind] += jobs[i]->state == PROJECT_RUNNING;
    atomic_store(&sampling, false);
    sem_post(&arrived);
    pthread_join(sampler, NULL);
    bench_require(running[PROJECT_FETCH] == 4 && running[PROJECT_TRAIN] == 2, "4 fetches and 2 trainings run to the end");
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double p99 = bench_percentile(samples, sample_count, 0.99);
    printf("%.3f %.3f %.1f %zu %.6f\n", p99, samples[sample_count - 1], (double)usage.ru_maxrss / 1024, sample_count,
           bench_seconds());
    fflush(stdout);
    bh_close_all_windows(0);
}

static void begin_load(void)
{
    char urls[FILES][128], path[PATH + 16];
    size_t count;
    project_fetch_item items[FILES];
    const char *parameters = "{\"rounds\":100000,\"max_depth\":6,\"target\":\"y\",\"nthread\":1}";
    for (int i = 0; i < FILES; i++) {
        snprintf(urls[i], sizeof urls[i], "%slarge", url);
        snprintf(path, sizeof path, "large-%d.bin", i);
        items[i] = (project_fetch_item){urls[i], strdup(path), NULL, NULL, 0};
    }
    const store_data_set *const *sets = project_data_sets(of, &count);
    bench_require(count == 1, "there is the table");
    const store_run run = {.name = "load", .parameters = parameters, .data_set = sets[0]->id};
    const store_run runs[] = {run, run};
    project_set_setting(of, PROJECT_TRAININGS_AT_ONCE, "2");
    bench_require(project_add_runs(of, runs, 2) == BH_OK && project_add_fetches(of, items, FILES) == BH_OK, "the load begins");
    atomic_store(&sampling, true);
    bench_require(pthread_create(&sampler, NULL, sample, NULL) == 0, "there is a thread");
    bh_timer_single_shot((int)(load_s * 1000), end_load, NULL);
}

static void on_idle(void *user)
{
    size_t count;
    char path[PATH + 16];
    (void)user;
    project_data_sets(of, &count);
    snprintf(path, sizeof path, "%s/table.csv", base);
    if (count == 0)
        project_add_file(of, path);
    else
        begin_load();
    if (count > 0)
        project_forget(of, base);
}

static void on_server(bh_future *future, void *user)
{
    bh_message_view said;
    (void)user;
    bh_message *message = bh_message_create();
    if (!url[0] && bh_future_progress(future, message) == BH_OK && bh_message_complete(message, &said) == BH_OK) {
        snprintf(url, sizeof url, "%s", bh_message_get_string(said, "url", ""));
        const project_observer observer = {.idle = on_idle, .user = base};
        project_observe(of, &observer);
        on_idle(NULL);
    }
    bh_message_destroy(message);
}

static bh_object *create(project *made, settings *kept, const options *asked)
{
    of = made;
    return program_usual_face.create(made, kept, asked);
}

static void shown(bh_object *window)
{
    const bh_process_pool_options how = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = 1, .spares = -1, .program = project_worker(of)};
    (void)window;
    bh_message *arguments = bh_message_create();
    bh_message_add_string(arguments, "folder", base);
    pool = bh_process_pool_create(&how);
    server = bh_process_pool_submit(pool, "serve", arguments, NULL);
    bh_message_destroy(arguments);
    bench_require(bh_future_when_progress(server, NULL, on_server, NULL, NULL) == BH_OK, "the server starts");
}

static int child(const char *folder, const char *seconds)
{
    char path[PATH + 16];
    const program_face face = {create, shown, NULL};
    bench_require(program_usual_face.create != NULL, "the program has a window");
    snprintf(base, sizeof base, "%s", folder);
    snprintf(path, sizeof path, "%s/project", folder);
    load_s = strtod(seconds, NULL);
    sem_init(&arrived, 0, 0);
    char *arguments[] = {(char *)(uintptr_t) "bulkhead", path, NULL};
    return program_run(2, arguments, &face);
}

/* --- the rounds */

static void make_files(const char *folder)
{
    char path[PATH];
    unsigned state = 1;
    snprintf(path, sizeof path, "%s/large", folder);
    int large = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    bench_require(large >= 0 && ftruncate(large, (off_t)FILE_MB << 20) == 0, "there is a file to fetch");
    close(large);
    snprintf(path, sizeof path, "%s/table.csv", folder);
    FILE *table = fopen(path, "w");
    bench_require(table != NULL, "there is a table");
    fputs("a,b,c,d,y\n", table);
    for (int i = 0; i < 20000; i++) {
        double v[4];
        for (int k = 0; k < 4; k++)
            v[k] = (double)((state = state * 1664525 + 1013904223) >> 8) / (1 << 24);
        fprintf(table, "%.5f,%.5f,%.5f,%.5f,%.5f\n", v[0], v[1], v[2], v[3], v[0] * v[1] + v[2] * v[2] + 0.1 * v[3]);
    }
    fclose(table);
}

typedef struct load {
    double p99, most, mb, closing, gone;
    size_t count;
} load;

static load run_child(const char *self, const char *folder, const char *seconds)
{
    int out[2], status;
    char text[256], command[PATH * 2];
    pid_t pid;
    load it;
    posix_spawn_file_actions_t actions;
    char *const arguments[] = {(char *)(uintptr_t)self, (char *)(uintptr_t) "child", (char *)(uintptr_t)folder,
                               (char *)(uintptr_t)seconds, NULL};
    snprintf(command, sizeof command, "rm -rf '%s/project'", folder);
    bench_require(system(command) == 0 && pipe(out) == 0, "a round begins");
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    posix_spawn_file_actions_addclose(&actions, out[0]);
    bench_require(posix_spawn(&pid, self, &actions, NULL, arguments, environ) == 0, "the program starts");
    close(out[1]);
    FILE *said = fdopen(out[0], "r");
    bool read = fgets(text, sizeof text, said) &&
                sscanf(text, "%lf %lf %lf %zu %lf", &it.p99, &it.most, &it.mb, &it.count, &it.closing) == 5;
    bench_require(waitpid(pid, &status, 0) == pid && read && WIFEXITED(status), "the program ends");
    it.gone = bench_seconds();
    fclose(said);
    posix_spawn_file_actions_destroy(&actions);
    return it;
}

int main(int argc, char **argv)
{
    bh_main_guard(argc, argv, NULL);
    if (argc == 4 && strcmp(argv[1], "child") == 0)
        return child(argv[2], argv[3]);
    bench_require(argc >= 2, "a folder is named");
    int closes = argc > 2 ? atoi(argv[2]) : 5;
    make_files(argv[1]);
    load first = run_child("/proc/self/exe", argv[1], "8");
    double longest = (first.gone - first.closing) * 1000;
    for (int i = 1; i < closes; i++) {
        load next = run_child("/proc/self/exe", argv[1], "1.5");
        longest = (next.gone - next.closing) * 1000 > longest ? (next.gone - next.closing) * 1000 : longest;
    }
    bench_figure("app.gui_latency_p99_ms", first.p99, "ms");
    bench_figure("app.gui_latency_max_ms", first.most, "ms");
    bench_figure("app.gui_latency_samples", (double)first.count, "samples");
    bench_figure("app.rss_loaded_mb", first.mb, "MB");
    bench_figure("close.busy_ms_max", longest, "ms");
    return 0;
}
