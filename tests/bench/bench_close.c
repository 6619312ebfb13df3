/* close.overrun_ms_max: how long after the deadline of a close the process is gone, at most, over 200 closes with work that hangs: in a
 * mutex, in read(), in a busy loop, in a callback on the window's own thread.
 * close.idle_ms_p50: from the close to the end of the process where nothing runs.
 *
 * Each close is a process of its own, this program called with a verb; it writes when it closes, and this one sees when it has ended. */
#include "bench.h"

#include <bulkhead/bulkhead.h>
#include <pthread.h>
#include <spawn.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { CLOSES = 200, IDLE_CLOSES = 51, TIMEOUT_MS = 100, RESULT = 0 };

static const char *const verbs[] = {"mutex", "read", "spin", "gui"};
enum { VERBS = sizeof verbs / sizeof verbs[0] };

/* --- the program that closes */

static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;
static _Atomic bool begun;
static const char *verb;
static bh_object *window;

static bh_status hang(bh_worker_context *self, void *user)
{
    (void)user;
    char byte;
    int ends[2];
    atomic_store(&begun, true);
    if (strcmp(verb, "mutex") == 0)
        pthread_mutex_lock(&held);
    else if (strcmp(verb, "read") == 0 && pipe(ends) == 0)
        return read(ends[0], &byte, 1) < 0 ? BH_ERROR_IO : BH_OK;
    while (strcmp(verb, "spin") == 0 && atomic_load(&begun))
        continue;
    while (bh_worker_sleep(self, 1000) == BH_OK)
        continue;
    bh_emit(self, RESULT, 1);
    return BH_CANCELLED;
}

static const bh_class hanging = {BH_CLASS_INIT, .name = "Hanging", .signals = {[RESULT] = "result(int)"}, .run = hang};

static void on_result(void *user, int number)
{
    (void)user;
    (void)number;
    pthread_mutex_lock(&held);
}

static void close_window(void *user)
{
    if (user && !atomic_load(&begun)) {
        bh_timer_single_shot(1, close_window, user);
        return;
    }
    double now = bench_seconds();
    if (write(STDOUT_FILENO, &now, sizeof now) == sizeof now)
        bh_call(window, "close");
}

static int be_program(void)
{
    pthread_mutex_lock(&held);
    bh_app_create(0, NULL);
    window = bh_create("QMainWindow", NULL);
    bh_call(window, "show");
    bh_worker *worker = NULL;
    if (strcmp(verb, "idle") != 0) {
        worker = bh_worker_create(&hanging, NULL);
        bh_connect(bh_worker_object(worker), "result", BH_CALLBACK(on_result, int), NULL, NULL);
        bh_close_waits_for(window, worker, TIMEOUT_MS);
        bh_worker_start(worker);
    }
    bh_timer_single_shot(50, close_window, worker);
    return bh_app_exec();
}

/* --- measuring */

/* Seconds from the close to the process's end. */
static double close_once(const char *how)
{
    int ends[2], status;
    double closing = 0;
    pid_t pid;
    char *arguments[] = {(char *)"/proc/self/exe", (char *)how, NULL};
    posix_spawn_file_actions_t actions;
    bench_require(pipe(ends) == 0, "pipe");
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", 1, 0);
    bench_require(posix_spawn(&pid, "/proc/self/exe", &actions, NULL, arguments, environ) == 0, "spawn");
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    bool told = read(ends[0], &closing, sizeof closing) == sizeof closing;
    bench_require(waitpid(pid, &status, 0) == pid && WIFEXITED(status), "the program ends by itself");
    double end = bench_seconds();
    close(ends[0]);
    bench_require(told, "the program closes");
    return end - closing;
}

int main(int argc, char **argv)
{
    double overrun[CLOSES], idle[IDLE_CLOSES];
    setenv("QT_QPA_PLATFORM", "offscreen", 0);
    if (argc > 1) {
        verb = argv[1];
        return be_program();
    }
    for (int i = 0; i < CLOSES; i++)
        overrun[i] = (close_once(verbs[i % VERBS]) - TIMEOUT_MS / 1e3) * 1e3;
    for (int i = 0; i < IDLE_CLOSES; i++)
        idle[i] = close_once("idle") * 1e3;
    bench_figure("close.overrun_ms_p50", bench_median(overrun, CLOSES), "ms");
    bench_figure("close.overrun_ms_max", overrun[CLOSES - 1], "ms");
    bench_figure("close.idle_ms_p50", bench_median(idle, IDLE_CLOSES), "ms");
    return 0;
}
