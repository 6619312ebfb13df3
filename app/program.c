/* The program: staged start, event loop, end. */
#include "program.h"

#include "checklist.h"
#include "demo/demo.h"
#include "place.h"
#include "report.h"

#include <bulkhead/bulkhead.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct program {
    options options;
    settings settings;
    place place;
    project *project;
    report *report;
    demo *demo;
    const program_face *face;
    bh_object *window;
    sem_t opened; /* posted when the project has been opened, or cannot be */
    bool finished, demo_failed;
    int code;
} program;

/* Why a project cannot be opened is said by on_opened, to a person; and all else as the library does. */
static void on_error(const bh_error *error, void *user)
{
    (void)user;
    if (strcmp(error->call, "store_open") != 0)
        bh_log(BH_LOG_ERROR, "error", "%s", error->sentence);
}

/* --- the end of what was asked for */

static void take_picture(program *my)
{
    if (!my->options.screenshot)
        return;
    if (!my->window)
        fprintf(stderr, "bulkhead: there is no window to take a picture of\n");
    if (!my->window || bh_save_picture(my->window, my->options.screenshot))
        my->code = 1;
}

static void quit(void *user)
{
    program *my = user;
    take_picture(my);
    if (my->options.quit_when_idle)
        bh_app_quit(my->code);
}

/* Curves and the like are still being read when the last job has ended. */
static void finish(program *my)
{
    enum { SETTLE_MS = 1000 };
    if (my->finished)
        return;
    my->finished = true;
    if (my->demo && my->window && my->face->compare)
        my->face->compare();
    if (report_failures(my->report) > 0 || my->demo_failed)
        my->code = 1;
    bh_timer_single_shot(my->options.screenshot ? SETTLE_MS : 0, quit, my);
}

static void on_idle(void *user)
{
    program *my = user;
    if (!project_is_open(my->project) || (my->demo && demo_advance(my->demo)))
        return;
    finish(my);
}

static void on_demo_failed(void *user, const char *sentence)
{
    program *my = user;
    fprintf(stderr, "bulkhead: the demo cannot go on: %s\n", sentence);
    my->demo_failed = true;
    finish(my);
}

/* --- the project has been opened */

static void give_up(program *my, int code)
{
    my->code = code;
    bh_app_quit(code);
}

static void open_elsewhere(program *my, const store_opened *found)
{
    if (project_raised_other(my->project))
        printf("This project is open already, in process %d: its window comes to the front.\n", (int)found->other_pid);
    else
        fprintf(stderr, "bulkhead: %s\n", found->sentence);
    give_up(my, project_raised_other(my->project) ? 0 : 1);
}

static void on_opened(void *user, const store_opened *found)
{
    program *my = user;
    sem_post(&my->opened);
    if (found->status == BH_ERROR_EXISTS) {
        open_elsewhere(my, found);
        return;
    }
    if (found->sentence[0])
        fprintf(stderr, "bulkhead: %s\n", found->sentence);
    if (found->status) {
        if (my->options.quit_when_idle)
            give_up(my, 1);
        return;
    }
    if (my->options.demo && !(my->demo = demo_create(my->project, on_demo_failed, my)))
        on_demo_failed(my, bh_last_error());
    if (my->options.resume)
        project_resume_all(my->project);
}

/* --- the start */

static bh_status read_settings(bh_startup *self, void *user) /* in the background */
{
    program *my = user;
    (void)self;
    settings_read(&my->settings);
    return BH_OK;
}

static bh_status open_project(bh_startup *self, void *user)
{
    program *my = user;
    my->project = project_open(my->place.folder, NULL);
    if (!my->project)
        return bh_startup_fail(self, BH_ERROR, "%s", bh_last_error());
    const project_observer observer = {.opened = on_opened, .idle = on_idle, .user = my};
    my->report = report_create(my->project, my->options.quit_when_idle);
    project_observe(my->project, &observer);
    return BH_OK;
}

static void close_project(void *user)
{
    program *my = user;
    if (bh_is_alive(my->window))
        bh_destroy(my->window); /* it observes the project until it goes */
    my->window = NULL;
    demo_destroy(my->demo);
    report_destroy(my->report);
    project_destroy(my->project);
    my->demo = NULL;
    my->report = NULL;
    my->project = NULL;
}

static bh_status await_project(bh_startup *self, void *user) /* in the background */
{
    program *my = user;
    (void)self;
    while (sem_wait(&my->opened) != 0)
        continue;
    return BH_OK;
}

static bh_status make_window(bh_startup *self, void *user)
{
    enum { CLOSE_MS = 1800 };
    program *my = user;
    if (!my->face->create)
        return BH_OK;
    my->window = my->face->create(my->project, &my->settings, &my->options);
    if (!my->window)
        return bh_startup_fail(self, BH_ERROR, "%s", bh_last_error());
    project_close_with(my->project, my->window, CLOSE_MS);
    if (my->face->shown)
        my->face->shown(my->window);
    return bh_startup_set_window(self, my->window);
}

static void destroy_window(void *user)
{
    program *my = user;
    bh_destroy(my->window);
    my->window = NULL;
}

static const bh_startup_stage stages[] = {
    {BH_STARTUP_STAGE_INIT, .name = "Reading the settings", .run = read_settings, .background = true},
    {BH_STARTUP_STAGE_INIT, .name = "Opening the project", .run = open_project, .undo = close_project},
    {BH_STARTUP_STAGE_INIT, .name = "Opening the project", .run = await_project, .background = true},
    {BH_STARTUP_STAGE_INIT, .name = "Preparing the window", .run = make_window, .undo = destroy_window},
};

static bool has_display(void)
{
    static const char *const names[] = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"};
    for (int i = 0; i < 3; i++) {
        const char *value = getenv(names[i]);
        if (value && value[0])
            return true;
    }
    return false;
}

/* Who wants no window to look at needs no display. */
static bool prepare_display(const options *asked)
{
    if (has_display())
        return true;
    if (asked->screenshot || asked->quit_when_idle)
        return setenv("QT_QPA_PLATFORM", "offscreen", 1) == 0;
    fputs("bulkhead: there is no display here; to run without one: QT_QPA_PLATFORM=offscreen bulkhead …\n", stderr);
    return false;
}

static int run(program *my, int argc, char **argv)
{
    setenv("OMP_WAIT_POLICY", "passive", 0); /* and of its workers: several trainings, whose threads would spin where they wait */
    if (!place_find(&my->options, &my->place))
        return 1;
    bh_watchdog_start(NULL); /* first: the start may hang, too */
    if (!bh_app_create(argc, argv))
        return 1;
    bh_set_string(bh_app(), "applicationName", "bulkhead");
    bh_set_string(bh_app(), "applicationDisplayName", "Bulkhead");
    bh_set_string(bh_app(), "applicationVersion", bh_version());
    sem_init(&my->opened, 0, 0);
    bh_set_error_hook((bh_error_hook){on_error, NULL});
    bh_startup_start(&(bh_startup_options){BH_STARTUP_INIT, .stages = stages, .stage_count = sizeof stages / sizeof *stages,
                                           .user = my, .no_splash = my->options.quit_when_idle});
    int code = bh_app_exec();
    destroy_window(my); /* it looks at the project until it is gone */
    close_project(my);
    place_remove(&my->place);
    return code ? code : my->code;
}

int program_run(int argc, char **argv, const program_face *face)
{
    static program my;
    my.face = face;
    if (!options_parse(argc, argv, &my.options))
        return 2;
    if (my.options.help)
        return options_help(), 0;
    if (my.options.version)
        return printf("bulkhead %s\n", bh_version()), 0;
    if (my.options.checklist || my.options.checklist_json)
        return checklist_print(my.options.checklist_json);
    return prepare_display(&my.options) ? run(&my, argc, argv) : 1;
}
