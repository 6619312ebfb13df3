/* A window that says what crashed last time, and a button that crashes: press it, start the program again, and read where it
 * was. The record is told of once; the place comes from bulkhead-crash, asked by a task, as that may take a moment. */
#define _XOPEN_SOURCE 700
#include <bulkhead/bulkhead.h>

#include <stdlib.h>
#include <string.h>

static struct {
    bh_object *window, *says, *record;
    bh_thread_pool *pool;
} ui;

/* --- what crashed last time */

static bh_status read_record(bh_task_context *self, void *path)
{
    char *text;
    if (bh_crash_read(path, &text))
        return bh_task_fail_because(self, BH_ERROR_IO, "there is no more to say");
    return bh_task_set_result(self, text, bh_free);
}

static void on_read(void *path, bh_task *task)
{
    void *text;
    (void)path;
    if (bh_task_get_state(task) == BH_TASK_FINISHED && bh_task_get_result(task, &text) == BH_OK)
        bh_set_string(ui.record, "plainText", text);
}

static void on_report(const bh_crash_report *report, void *user) /* once for each crash, the newest last */
{
    const bh_task_options options = {BH_TASK_INIT, .name = "record", .done = on_read, .drop = free};
    char *path = strdup(report->path);
    (void)user;
    bh_set_string(ui.says, "text", report->text);
    if (path && !bh_task_start(ui.pool, read_record, path, &options))
        free(path);
}

/* --- a crash */

static volatile int *nowhere; /* NULL: what programs touch that crash */

static void on_crash(void *user)
{
    (void)user;
    bh_crash_note("last action", "the button was pressed");
    *nowhere = 1;
}

static void create_window(void)
{
    ui.window = bh_create("QWidget", NULL);
    bh_object *layout = bh_create("QVBoxLayout", ui.window), *button = bh_create("QPushButton", ui.window);
    ui.says = bh_create("QLabel", ui.window);
    ui.record = bh_create("QPlainTextEdit", ui.window);
    bh_set_string(ui.window, "windowTitle", "Crash");
    bh_set_string(ui.says, "text", "Nothing has crashed since this program was looked at.");
    bh_set_bool(ui.record, "readOnly", true);
    bh_set_string(button, "text", "&Crash");
    bh_connect(button, "clicked", BH_CALLBACK(on_crash), NULL, NULL);
    bh_layout_add_widget(layout, ui.says, 0);
    bh_layout_add_widget(layout, ui.record, 1);
    bh_layout_add_widget(layout, button, 0);
    bh_set_size(ui.window, "size", BH_SIZE(720, 480));
}

int main(int argc, char **argv)
{
    if (!bh_app_create(argc, argv)) /* the crash hook is in place from here on */
        return 1;
    ui.pool = bh_thread_pool_create("records", 1);
    create_window();
    bh_close_waits_for_pool(ui.window, ui.pool, 1000);
    bh_crash_reports(on_report, NULL);
    bh_call(ui.window, "show");
    return bh_app_exec();
}
