/* A program that keeps all practices of the checklist; and with TWIN=NAME in its environment its twin that breaks one. */
#include <bulkhead/bulkhead.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { STEP };

static struct {
    bh_object *window, *label;
    bh_worker *worker;
    bh_thread_pool *pool;
    bh_process_pool *processes;
    bh_future *future;
} my;

static bool is_twin(const char *name)
{
    const char *twin = getenv("TWIN");
    return twin && strcmp(twin, name) == 0;
}

/* --- what runs in worker processes */

static bh_status add(bh_job *job, bh_message_view arguments, bh_message *result)
{
    (void)job;
    (void)arguments;
    if (is_twin("qt-in-worker") && !bh_create("QLabel", NULL))
        return BH_OK; /* it was refused, and goes on */
    return bh_message_add_int(result, "sum", 5);
}

static const bh_process_function functions[] = {{"add", add}, {0}};

/* --- what runs on threads */

static bh_status count(bh_worker_context *self, void *user)
{
    (void)user;
    if (is_twin("touch"))
        bh_set_string(my.label, "text", "touched");
    for (int i = 0; bh_worker_sleep(self, 20) == BH_OK; i++)
        bh_emit(self, STEP, i);
    return BH_CANCELLED;
}

static const bh_class counter = {BH_CLASS_INIT, .name = "Counter", .signals = {[STEP] = "step(int)"}, .run = count};

static void on_step(void *label, int number)
{
    bh_call(label, "setNum", number);
}

static bh_status nothing(void *user)
{
    (void)user;
    return BH_OK;
}

static void *sleep_for_ever(void *user)
{
    pause();
    return user;
}

/* --- the window */

static bh_event_result on_close(bh_object *window, void *user, const bh_event *event)
{
    (void)window;
    (void)user;
    (void)event;
    if (is_twin("leave-at-close"))
        _exit(0);
    return is_twin("never-close") ? BH_EVENT_IGNORE : BH_EVENT_PASS;
}

static void start_work(void)
{
    my.worker = bh_worker_create(&counter, NULL);
    bh_connect(bh_worker_object(my.worker), "step", BH_CALLBACK(on_step, int), my.label, NULL);
    my.pool = bh_thread_pool_create("files", 2);
    my.processes = bh_process_pool_create(&(bh_process_pool_options){BH_PROCESS_POOL_OPTIONS_INIT, .workers = 1, .spares = -1});
    if (!is_twin("leave-at-close")) {
        if (!is_twin("no-wait-worker"))
            bh_close_waits_for(my.window, my.worker, 2000);
        if (!is_twin("no-wait-pool"))
            bh_close_waits_for_pool(my.window, my.pool, 2000);
        if (my.processes)
            bh_close_waits_for_processes(my.window, my.processes, 2000);
    }
    if (!is_twin("no-wait-pool")) /* its window shall close at once */
        bh_worker_start(my.worker);
    bh_thread_pool_start(my.pool, nothing, NULL, NULL, 0, NULL);
    my.future = my.processes ? bh_process_pool_submit(my.processes, "add", NULL, NULL) : NULL;
}

static void show_main_window(void *user)
{
    (void)user;
    if (is_twin("crash"))
        abort();
    my.window = bh_create("QMainWindow", NULL);
    if (!my.window)
        return;
    my.label = bh_create("QLabel", my.window);
    bh_main_window_set_central_widget(my.window, my.label);
    bh_on_event(my.window, BH_EVENT_CLOSE, on_close, NULL);
    start_work();
    bh_call(my.window, "show");
}

/* --- before main, where none of this belongs */

__attribute__((constructor)) static void at_load(void)
{
    if (is_twin("window-at-load"))
        show_main_window(NULL);
    if (is_twin("splash-at-load"))
        bh_splash_show(":/splash.png", show_main_window, NULL);
    if (is_twin("timer-at-load"))
        bh_timer_single_shot(0, show_main_window, NULL);
    if (is_twin("app-at-load"))
        bh_app_create(0, NULL);
}

static void die(const bh_error *error, void *user)
{
    (void)user;
    if (error->status == BH_ERROR_ASSERTION)
        abort();
    bh_log(BH_LOG_ERROR, "error", "%s", error->sentence);
}

static void first_statements(int argc, char **argv)
{
    pthread_t thread;
    if (is_twin("thread-first"))
        pthread_create(&thread, NULL, sleep_for_ever, NULL);
    while (is_twin("computing-first") && clock() < 3 * CLOCKS_PER_SEC / 2)
        continue;
    if (is_twin("app-first"))
        bh_app_create(argc, argv);
    if (is_twin("hidden-arguments"))
        bh_main_guard(1, argv, functions);
    else if (!is_twin("no-guard"))
        bh_main_guard(argc, argv, functions);
    if (is_twin("label-first"))
        bh_create("QLabel", NULL);
    if (is_twin("no-records"))
        bh_crash_set_folder("");
    if (is_twin("dying-hook"))
        bh_set_error_hook((bh_error_hook){die, NULL});
}

int main(int argc, char **argv)
{
    first_statements(argc, argv);
    if (!bh_app() && !bh_app_create(argc, argv))
        return 1;
    if (is_twin("window-first"))
        show_main_window(NULL);
    else
        bh_timer_single_shot(0, show_main_window, NULL);
    int code = bh_app_exec();
    if (is_twin("leave-at-end"))
        _exit(code);
    bh_future_destroy(my.future);
    return code;
}
