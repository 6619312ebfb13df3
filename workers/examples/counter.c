/* A counter that works in the background: progress, Stop, start again, and a close that waits for it. */
#include <bulkhead/bulkhead.h>

enum { PROGRESS };

static bh_status count(bh_worker_context *self, void *user) /* on the worker's thread */
{
    (void)user;
    for (int i = 0; i <= 100; i++) {
        bh_emit(self, PROGRESS, i, i < 100 ? "counting" : "done");
        if (bh_worker_sleep(self, 30) == BH_CANCELLED)
            return BH_CANCELLED;
    }
    return BH_OK;
}

static const bh_class counter = {
    BH_CLASS_INIT,
    .name = "Counter",
    .signals = {[PROGRESS] = "progress(int,QString)"},
    .queues = {[PROGRESS] = {.policy = BH_QUEUE_NEWEST}},
    .run = count,
};

static struct {
    bh_object *bar, *start, *stop;
    bh_worker *worker;
} ui;

static void on_progress(void *user, int percent, const char *text) /* GUI thread */
{
    (void)user;
    bh_set_int(ui.bar, "value", percent);
    bh_set_string(ui.bar, "format", text);
}

static void show_running(bool running)
{
    bh_set_bool(ui.start, "enabled", !running);
    bh_set_bool(ui.stop, "enabled", running);
}

static void on_finished(void *user)
{
    (void)user;
    show_running(false);
    if (bh_worker_get_state(ui.worker) == BH_WORKER_CANCELLED)
        bh_set_string(ui.bar, "format", "stopped");
}

static void on_start(void *user)
{
    (void)user;
    bh_status status =
        bh_worker_get_state(ui.worker) == BH_WORKER_READY ? bh_worker_start(ui.worker) : bh_worker_restart(ui.worker);
    show_running(status == BH_OK);
}

static void on_stop(void *user)
{
    (void)user;
    bh_worker_cancel(ui.worker);
}

int main(int argc, char **argv)
{
    if (!bh_app_create(argc, argv))
        return 1;
    bh_object *window = bh_create("QWidget", NULL);
    bh_object *layout = bh_create("QHBoxLayout", window);
    bh_set_string(window, "windowTitle", "Counter");
    ui.bar = bh_create("QProgressBar", window);
    ui.start = bh_create("QPushButton", window);
    ui.stop = bh_create("QPushButton", window);
    bh_set_string(ui.start, "text", "&Start");
    bh_set_string(ui.stop, "text", "S&top");
    bh_layout_add_widget(layout, ui.bar, 1);
    bh_layout_add_widget(layout, ui.start, 0);
    bh_layout_add_widget(layout, ui.stop, 0);

    ui.worker = bh_worker_create(&counter, NULL);
    bh_connect(bh_worker_object(ui.worker), "progress", BH_CALLBACK(on_progress, int, const char *), NULL, NULL);
    bh_connect(bh_worker_object(ui.worker), "finished", BH_CALLBACK(on_finished), NULL, NULL);
    bh_connect(ui.start, "clicked", BH_CALLBACK(on_start), NULL, NULL);
    bh_connect(ui.stop, "clicked", BH_CALLBACK(on_stop), NULL, NULL);
    bh_close_waits_for(window, ui.worker, 1000);
    on_start(NULL);
    bh_call(window, "show");
    return bh_app_exec();
}
