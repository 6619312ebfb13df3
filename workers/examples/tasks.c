/* Three pools with different limits: a window that shows what runs in each. Downloads may run six at a time, there is little to compute in
 * them; parsing takes what the machine has; the disk is written by one. Each file goes through all three, one task after the other. */
#include <bulkhead/bulkhead.h>
#include <stdio.h>

enum { FILES = 24, STEPS = 3 };

static const struct {
    const char *name;
    int most, step_ms; /* 0: one thread per core */
} kinds[STEPS] = {{"download", 6, 25}, {"parse", 0, 10}, {"write", 1, 5}};

static struct {
    bh_object *window, *status, *bars[STEPS], *labels[STEPS];
    bh_thread_pool *pools[STEPS];
    bh_task_group *group;
    int done[STEPS];
} ui;

static bh_status work(bh_task_context *self, void *user) /* on a thread of its pool: no widgets here */
{
    int step = (int)(intptr_t)user;
    for (int percent = 0; percent <= 100; percent += 20) {
        bh_task_progress(self, percent, kinds[step].name);
        if (bh_task_sleep(self, kinds[step].step_ms)) /* in place of real work; a cancel wakes it */
            return BH_CANCELLED;
    }
    return BH_OK;
}

static void show_active(int step)
{
    int active = 0;
    char text[64];
    bh_thread_pool_get_active_threads(ui.pools[step], &active);
    snprintf(text, sizeof text, "%s: %d at work", kinds[step].name, active);
    bh_set_string(ui.labels[step], "text", text);
}

static void on_progress(void *user, bh_task *task, int value, const char *text) /* GUI thread, as all that follows */
{
    (void)task;
    (void)value;
    (void)text;
    show_active((int)(intptr_t)user);
}

static void on_done(void *user, bh_task *task)
{
    int step = (int)(intptr_t)user;
    ui.done[step] += bh_task_get_state(task) == BH_TASK_FINISHED;
    bh_set_int(ui.bars[step], "value", ui.done[step]);
    show_active(step);
}

static void on_all_done(void *user, bh_task_group *group)
{
    bh_task_counts counts;
    char text[96];
    (void)user;
    bh_task_group_get_counts(group, &counts);
    snprintf(text, sizeof text, "%d finished, %d failed, %d cancelled", counts.finished, counts.failed, counts.cancelled);
    bh_set_string(ui.status, "text", text);
    bh_task_group_destroy(group);
    ui.group = NULL;
}

static void on_stop(void *user, bool checked)
{
    (void)user;
    (void)checked;
    if (ui.group)
        bh_task_group_cancel(ui.group);
}

static void start_file(void)
{
    bh_task *before = NULL;
    for (int step = 0; step < STEPS; step++) {
        const bh_task_options options = {BH_TASK_INIT,     .name = kinds[step].name, .done = on_done,  .progress = on_progress,
                                         .after = &before, .after_count = step > 0,  .group = ui.group};
        before = bh_task_start(ui.pools[step], work, (void *)(intptr_t)step, &options);
    }
}

static void make_window(void)
{
    ui.window = bh_create("QWidget", NULL);
    bh_object *layout = bh_create("QVBoxLayout", ui.window);
    bh_object *stop = bh_create("QPushButton", ui.window);
    bh_set_string(ui.window, "windowTitle", "Three pools");
    for (int step = 0; step < STEPS; step++) {
        ui.labels[step] = bh_create("QLabel", ui.window);
        ui.bars[step] = bh_create("QProgressBar", ui.window);
        bh_set_int(ui.bars[step], "maximum", FILES);
        bh_layout_add_widget(layout, ui.labels[step], 0);
        bh_layout_add_widget(layout, ui.bars[step], 0);
    }
    ui.status = bh_create("QLabel", ui.window);
    bh_set_string(stop, "text", "Stop");
    bh_connect(stop, "clicked(bool)", BH_CALLBACK(on_stop, bool), NULL, NULL);
    bh_layout_add_widget(layout, ui.status, 0);
    bh_layout_add_widget(layout, stop, 0);
    bh_call(ui.window, "show");
}

int main(int argc, char **argv)
{
    const bh_task_group_options all = {BH_TASK_GROUP_INIT, .name = "files", .done = on_all_done};
    if (!bh_app_create(argc, argv))
        return 1;
    make_window();
    for (int step = 0; step < STEPS; step++)
        ui.pools[step] = bh_thread_pool_create(kinds[step].name, kinds[step].most);
    ui.group = bh_task_group_create(&all);
    for (int i = 0; i < FILES; i++)
        start_file();
    bh_task_group_seal(ui.group);
    return bh_app_exec(); /* what is still at work is cancelled and told at the application's end */
}
