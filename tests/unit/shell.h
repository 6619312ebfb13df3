/* The main window over a project of its own, for tests; with BULKHEAD_SHOTS=FOLDER in the environment it leaves pictures there. */
#ifndef UNIT_SHELL_H
#define UNIT_SHELL_H

#include "workbench.h"

#include "window/window.h"

static settings shell_settings;
static options shell_options;
static window *shell;

static inline void shell_open(void)
{
    shell = window_create(bench.project, &shell_settings, &shell_options);
    assert_non_null(shell);
    assert_int_equal(project_close_with(bench.project, window_object(shell), 2000), BH_OK); /* as the program does */
    bh_app_process_events(100);
}

static inline void shell_close(void)
{
    bh_destroy(window_object(shell));
    shell = NULL;
    bh_app_process_events(0);
}

/* As the next start does. */
static inline void shell_start_again(void)
{
    shell_close();
    bench_close();
    bench_open();
    shell_open();
}

static inline int with_shell(void **state)
{
    if (with_bench(state))
        return -1;
    forget_heard();
    shell_settings = (settings){0};
    shell_options = (options){.quit_when_idle = true}; /* what is remembered of the window is not for tests */
    shell_open();
    return 0;
}

static inline int without_shell(void **state)
{
    int complaints = heard.count;
    if (complaints)
        print_message("heard %d errors, the last: %s\n", complaints, heard.sentence);
    if (shell)
        shell_close();
    return without_bench(state) || complaints;
}

static inline void shell_shot(const char *name)
{
    char path[512];
    const char *folder = getenv("BULKHEAD_SHOTS");
    if (!folder)
        return;
    bh_app_process_events(150);
    snprintf(path, sizeof path, "%s/%s.png", folder, name);
    assert_int_equal(bh_save_picture(window_object(shell), path), BH_OK);
}

static inline bh_object *shell_find(const char *name);

/* Of the dialog NAME alone. */
static inline void shell_shot_of(const char *name)
{
    char path[512];
    const char *folder = getenv("BULKHEAD_SHOTS");
    if (!folder)
        return;
    snprintf(path, sizeof path, "%s/%s.png", folder, name);
    assert_int_equal(bh_save_picture(shell_find(name), path), BH_OK);
}

static inline bh_object *shell_find(const char *name)
{
    bh_object *found = bh_find(window_object(shell), name, NULL);
    if (!found)
        fail_msg("there is no %s", name);
    return found;
}

static inline bool shell_has(const char *name)
{
    bh_object **found = NULL;
    size_t count = 0;
    assert_int_equal(bh_find_all(window_object(shell), name, NULL, &found, &count), BH_OK);
    bh_free(found);
    return count > 0;
}

static inline void shell_click(const char *name)
{
    bool enabled = false;
    bh_get_bool(shell_find(name), "enabled", &enabled);
    if (!enabled)
        fail_msg("%s is not enabled", name);
    bh_call(shell_find(name), "click");
}

static inline void shell_trigger(const char *name)
{
    bh_call(shell_find(name), "trigger");
}

static inline bool shell_shows(const char *name)
{
    bool visible = false;
    bh_get_bool(shell_find(name), "visible", &visible);
    return visible;
}

/* Whether the text of NAME has PART in it. */
static inline bool shell_says(const char *name, const char *part)
{
    char *text = NULL;
    if (!shell_has(name))
        return false;
    assert_int_equal(bh_get_string(shell_find(name), "text", &text), BH_OK);
    bool found = strstr(text, part) != NULL;
    bh_free(text);
    return found;
}

/* --- what a death leaves */

static inline void leave_running(store *s, bool reading)
{
    int64_t data, run, fetch;
    const store_data_set row = {.name = "table.csv", .file = bench_table("table.csv", 200)};
    assert_int_equal(store_add_data_set(s, &row, &data), BH_OK);
    if (reading)
        assert_int_equal(store_begin_opening(s, data), BH_OK);
    const store_run one = {
        .name = "first", .kind = "train", .data_set = data, .rounds = 10, .parameters = "{\"rounds\": 10, \"target\": \"kind\"}"};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(store_add_run(s, &one, &run), BH_OK);
        assert_int_equal(store_start_run(s, run), BH_OK);
    }
    const store_fetch get = {.url = "file:///nowhere.csv", .name = "nowhere.csv", .bytes_total = -1};
    assert_int_equal(store_add_fetch(s, &get, &fetch), BH_OK);
    assert_int_equal(store_start_fetch(s, fetch), BH_OK);
}

/* The project is opened anew: two trainings and a fetch were running when its last program died, and a data set was being read if READING. */
static inline void shell_open_interrupted(bool reading)
{
    shell_close();
    bench_close();
    store *s = store_open(bench.folder, NULL, NULL);
    assert_non_null(s);
    leave_running(s, reading);
    assert_int_equal(store_close(s), BH_OK);
    bench_open();
    shell_open();
}

#endif
