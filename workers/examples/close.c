/* Closing with work in flight: a worker that writes what it has before it ends, a pool with work that cannot be cancelled, and a text that
 * asks to be saved first. */
#include <bulkhead/bulkhead.h>
#include <stdio.h>
#include <threads.h>

enum { SAVED, STEPS = 40 };

static struct {
    bh_object *window, *text, *status;
    bool unsaved;
} ui;

/* --- work that heeds the cancel, and takes its time to end well */

static bh_status record(bh_worker_context *self, void *user)
{
    (void)user;
    int rows = 0;
    while (bh_worker_sleep(self, 10) == BH_OK)
        rows++;
    for (int i = 0; i < STEPS; i++) /* flushes: no worker can be made to hurry */
        thrd_sleep(&(struct timespec){0, 50000000}, NULL);
    bh_emit(self, SAVED, rows);
    return BH_CANCELLED;
}

static const bh_class recorder = {BH_CLASS_INIT, .name = "Recorder", .signals = {[SAVED] = "saved(int)"}, .run = record};

static void on_saved(void *user, int rows) /* arrives although the window is closing */
{
    char text[64];
    (void)user;
    snprintf(text, sizeof text, "%d rows saved", rows);
    bh_set_string(ui.status, "text", text);
}

/* --- work that does not */

static bh_status compress(void *user)
{
    (void)user;
    thrd_sleep(&(struct timespec){1, 0}, NULL);
    return BH_OK;
}

/* --- the veto, which comes first */

static void on_answer(void *user, int button)
{
    (void)user;
    if (button != BH_BUTTON_DISCARD)
        return;
    ui.unsaved = false;
    bh_call(ui.window, "close");
}

static bh_event_result on_close(bh_object *self, void *user, const bh_event *event)
{
    (void)user;
    (void)event;
    if (!ui.unsaved)
        return BH_EVENT_PASS;
    bh_message_box(self, BH_MESSAGE_QUESTION, "Close", "The note has not been saved. Discard it?",
                   BH_BUTTON_DISCARD | BH_BUTTON_CANCEL, on_answer, NULL);
    return BH_EVENT_IGNORE;
}

static void on_edited(void *user)
{
    (void)user;
    ui.unsaved = true;
}

int main(int argc, char **argv)
{
    if (!bh_app_create(argc, argv))
        return 1;
    ui.window = bh_create("QWidget", NULL);
    bh_object *layout = bh_create("QVBoxLayout", ui.window);
    bh_set_string(ui.window, "windowTitle", "Close with work in flight");
    ui.text = bh_create("QPlainTextEdit", ui.window);
    bh_set_string(ui.text, "placeholderText", "A note. Once there is one, closing asks first.");
    ui.status = bh_create("QLabel", ui.window);
    bh_set_string(ui.status, "text", "recording");
    bh_layout_add_widget(layout, ui.text, 1);
    bh_layout_add_widget(layout, ui.status, 0);

    bh_worker *worker = bh_worker_create(&recorder, NULL);
    bh_thread_pool *pool = bh_thread_pool_create("compress", 1);
    bh_connect(bh_worker_object(worker), "saved", BH_CALLBACK(on_saved, int), NULL, NULL);
    bh_connect(ui.text, "textChanged", BH_CALLBACK(on_edited), NULL, NULL);
    bh_on_event(ui.window, BH_EVENT_CLOSE, on_close, NULL);
    bh_close_waits_for(ui.window, worker, 5000);
    bh_close_waits_for_pool(ui.window, pool, 5000);
    bh_worker_start(worker);
    for (int i = 0; i < 20; i++)
        bh_thread_pool_start(pool, compress, NULL, NULL, 0, NULL);
    bh_call(ui.window, "show");
    return bh_app_exec();
}
