/* The program: command line, staged start, event loop. */
#include "options.h"
#include "settings.h"
#include "window/window.h"

#include <bulkhead/bulkhead.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct program {
    options options;
    settings settings;
    window *window;
} program;

static bh_status read_settings(bh_startup *self, void *user) /* in the background */
{
    program *my = user;
    (void)self;
    settings_read(&my->settings);
    return BH_OK;
}

static bh_status make_window(bh_startup *self, void *user)
{
    program *my = user;
    my->window = window_create(&my->settings, &my->options);
    if (!my->window)
        return bh_startup_fail(self, BH_ERROR, "%s", bh_last_error());
    return bh_startup_set_window(self, window_object(my->window));
}

static void destroy_window(void *user)
{
    program *my = user;
    bh_destroy(window_object(my->window));
    my->window = NULL;
}

static const bh_startup_stage stages[] = {
    {BH_STARTUP_STAGE_INIT, .name = "Reading the settings", .run = read_settings, .background = true},
    {BH_STARTUP_STAGE_INIT, .name = "Preparing the window", .run = make_window, .undo = destroy_window},
};

static void on_started(void *user, bh_status status)
{
    program *my = user;
    for (int i = 0; !status && i < my->options.file_count; i++)
        window_open_file(my->window, my->options.files[i]);
    if (!status)
        window_started(my->window);
}

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

int main(int argc, char **argv)
{
    static program my;
    if (!options_parse(argc, argv, &my.options))
        return 2;
    if (my.options.help)
        return options_help(), 0;
    if (my.options.version)
        return printf("bulkhead %s\n", bh_version()), 0;
    if (!prepare_display(&my.options) || !bh_app_create(argc, argv))
        return 1;
    bh_set_string(bh_app(), "applicationName", "bulkhead");
    bh_set_string(bh_app(), "applicationDisplayName", "Bulkhead");
    bh_set_string(bh_app(), "applicationVersion", bh_version());
    bh_startup_start(&(bh_startup_options){BH_STARTUP_INIT, .stages = stages, .stage_count = 2, .user = &my, .ended = on_started,
                                           .no_splash = my.options.quit_when_idle});
    return bh_app_exec();
}
