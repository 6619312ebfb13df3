/* A staged start: splash screen first, main window last. Stages in the background leave the splash screen alive; the news is optional,
 * and its stage fails where there is no file news.txt. Then the earlier stages are undone, and the start asks what to do. */
#include <bulkhead/bulkhead.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>

typedef struct program {
    double *rows; /* what the stage "Loading the data" loads */
    int row_count;
    char news[80];
    bh_object *window;
} program;

static bh_status load_data(bh_startup *self, void *user) /* in the background */
{
    program *my = user;
    for (int i = 0; i < 40; i++) { /* something that takes its time */
        if (bh_startup_cancelled(self))
            return BH_CANCELLED;
        thrd_sleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    my->row_count = 1204;
    my->rows = calloc((size_t)my->row_count, sizeof *my->rows);
    return my->rows ? BH_OK : BH_ERROR_MEMORY;
}

static void unload_data(void *user)
{
    program *my = user;
    free(my->rows);
    my->rows = NULL;
}

static bh_status fetch_news(bh_startup *self, void *user) /* in the background */
{
    program *my = user;
    FILE *file = fopen("news.txt", "r");
    if (!file)
        return bh_startup_fail(self, BH_ERROR_IO, "Cannot read news.txt: %s.", strerror(errno));
    if (!fgets(my->news, sizeof my->news, file))
        my->news[0] = 0;
    my->news[strcspn(my->news, "\n")] = 0;
    fclose(file);
    return BH_OK;
}

static bh_status make_window(bh_startup *self, void *user) /* on the GUI thread */
{
    program *my = user;
    char text[160];
    snprintf(text, sizeof text, "%d rows\n%s", my->row_count, my->news[0] ? my->news : "No news.");
    my->window = bh_create("QMainWindow", NULL);
    bh_object *label = bh_create("QLabel", my->window);
    bh_set_string(my->window, "windowTitle", "A staged start");
    bh_set_string(label, "text", text);
    bh_set_enum(label, "alignment", "AlignCenter");
    bh_main_window_set_central_widget(my->window, label);
    bh_set_size(my->window, "size", BH_SIZE(480, 270));
    bh_call(my->window, "show");
    return bh_startup_set_window(self, my->window); /* the splash screen ends on it */
}

static void destroy_window(void *user)
{
    program *my = user;
    bh_destroy(my->window);
    my->window = NULL;
}

static const bh_startup_stage stages[] = {
    {BH_STARTUP_STAGE_INIT, .name = "Loading the data", .run = load_data, .undo = unload_data, .background = true, .weight = 4},
    {BH_STARTUP_STAGE_INIT, .name = "Fetching the news", .run = fetch_news, .background = true, .optional = true, .weight = 2},
    {BH_STARTUP_STAGE_INIT, .name = "Preparing the window", .run = make_window, .undo = destroy_window},
};

static bh_status release(void *user) /* at the end of the program, whichever way it ends */
{
    unload_data(user);
    return BH_OK;
}

int main(int argc, char **argv)
{
    static program my;
    if (!bh_app_create(argc, argv))
        return 1;
    bh_set_string(bh_app(), "applicationDisplayName", "Harbour");
    bh_finalizer_add("data", release, &my, 1000);
    bh_startup_start(&(bh_startup_options){BH_STARTUP_INIT, .stages = stages, .stage_count = 3, .user = &my});
    return bh_app_exec();
}
