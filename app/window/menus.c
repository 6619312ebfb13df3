/* Menus, and what their actions do. */
#include "window/inner.h"

#include "window/checklist_dialog.h"
#include "window/events.h"
#include "window/export.h"
#include "window/fetch_dialog.h"
#include "window/live_view.h"
#include "window/new_run.h"
#include "window/predict.h"
#include "window/run_page.h"
#include "window/settings_dialog.h"

#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static bh_object *add(bh_object *menu, const char *name, const char *text, const char *shortcut, bh_callback callback, void *user)
{
    bh_object *action = bh_add_action(menu, text, shortcut);
    bh_set_name(action, name);
    bh_connect(action, "triggered", callback, user, NULL);
    return action;
}

/* The run that is selected, or else shown; 0: none. */
static int64_t chosen_run(const window *self)
{
    selected what = tree_selected(self->tree);
    return what.table == STORE_RUNS && what.id ? what.id : run_page_shown(self->run_page);
}

static void check(window *self, bh_status status)
{
    if (status)
        window_complain(self, bh_last_error());
}

/* --- File */

/* A program of its own for each project: what hangs or dies there is none of ours, and each has its store for itself. It is no child of
 * ours either, which we would have to wait for: the shell that has started it ends at once. */
static void on_project(void *user, const char *const *paths)
{
    char program[4096], folder[4096];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    pid_t pid;
    if (!paths[0] || length <= 0)
        return;
    program[length] = 0;
    snprintf(folder, sizeof folder, "%s", paths[0]);
    char shell[] = "/bin/sh", takes[] = "-c", command[] = "\"$0\" \"$1\" &";
    char *arguments[] = {shell, takes, command, program, folder, NULL};
    if (posix_spawn(&pid, shell, NULL, NULL, arguments, environ) != 0 || waitpid(pid, NULL, 0) != pid)
        window_complain(user, "The program could not be started once more for that project.");
}

static void on_open_project(void *user)
{
    window *self = user;
    bh_file_dialog(self->object, BH_FILE_FOLDER, "New or Existing Project: Choose a Folder", NULL, NULL, on_project, self);
}

static void on_fetch(void *user)
{
    window *self = user;
    fetch_dialog_open(self->object, self->project, NULL);
}

static void on_files(void *user, const char *const *paths)
{
    window_add_files(user, paths);
}

static void on_add(void *user)
{
    window *self = user;
    bh_file_dialog(self->object, BH_FILE_OPEN_MANY, "Add Files", NULL,
                   "Tables (*.csv *.tsv *.txt *.libsvm *.gz *.zst *.xz *.bz2 *.zip);;All files (*)", on_files, self);
}

static void on_export(void *user)
{
    window *self = user;
    export_runs(self->object, self->project);
}

static void on_settings(void *user)
{
    window *self = user;
    settings_dialog_open(self->object, self->project);
}

static void on_quit(void *user)
{
    closing_ask(user);
}

static void create_file_menu(window *self, bh_object *bar)
{
    bh_object *menu = bh_add_menu(bar, "&File");
    add(menu, "action-project", "&New or Open Project\xE2\x80\xA6", NULL, BH_CALLBACK(on_open_project), self);
    bh_add_separator(menu);
    add(menu, "action-fetch", "&Fetch\xE2\x80\xA6", "Ctrl+N", BH_CALLBACK(on_fetch), self);
    add(menu, "action-add", "&Add File\xE2\x80\xA6", "Ctrl+O", BH_CALLBACK(on_add), self);
    bh_add_separator(menu);
    self->actions.export = add(menu, "action-export", "&Export Runs\xE2\x80\xA6", "Ctrl+E", BH_CALLBACK(on_export), self);
    add(menu, "action-settings", "&Settings\xE2\x80\xA6", "Ctrl+,", BH_CALLBACK(on_settings), self);
    bh_add_separator(menu);
    add(menu, "action-quit", "&Quit", "Ctrl+Q", BH_CALLBACK(on_quit), self);
}

/* --- Run */

static void on_new_run(void *user)
{
    window *self = user;
    selected what = tree_selected(self->tree);
    new_run_open(self->object, self->project, what.table == STORE_DATA_SETS ? what.id : data_page_shown(self->data));
}

static void stop(window *self, bool kill)
{
    selected what = tree_selected(self->tree);
    const project_job *job = what.id ? project_job_of(self->project, what.table, what.id) : NULL;
    if (!job)
        job = project_job_of(self->project, STORE_RUNS, chosen_run(self));
    if (job)
        check(self, kill ? project_kill(self->project, job->id) : project_stop(self->project, job->id));
}

static void on_stop(void *user)
{
    stop(user, false);
}

static void on_kill(void *user)
{
    stop(user, true);
}

static void on_resume(void *user)
{
    window *self = user;
    check(self, project_resume_run(self->project, chosen_run(self)));
}

static void on_resume_all(void *user)
{
    window *self = user;
    check(self, project_resume_all(self->project));
}

static void on_predict(void *user)
{
    window *self = user;
    predict_open(self->object, self->project, chosen_run(self));
}

static void create_run_menu(window *self, bh_object *bar)
{
    bh_object *menu = bh_add_menu(bar, "&Run");
    self->actions.new_run = add(menu, "action-new-run", "&New Run\xE2\x80\xA6", "Ctrl+R", BH_CALLBACK(on_new_run), self);
    bh_add_separator(menu);
    self->actions.stop = add(menu, "action-stop", "&Stop", "Ctrl+.", BH_CALLBACK(on_stop), self);
    self->actions.kill = add(menu, "action-kill", "&Kill", "Ctrl+Shift+K", BH_CALLBACK(on_kill), self);
    self->actions.resume = add(menu, "action-resume", "&Resume", "Ctrl+Shift+R", BH_CALLBACK(on_resume), self);
    self->actions.resume_all = add(menu, "action-resume-all", "Resume &All", NULL, BH_CALLBACK(on_resume_all), self);
    bh_add_separator(menu);
    self->actions.predict = add(menu, "action-predict", "&Predict\xE2\x80\xA6", "Ctrl+P", BH_CALLBACK(on_predict), self);
}

/* --- View, Help */

static void set_scheme(window *self, bh_color_scheme scheme)
{
    self->settings->scheme = scheme;
    bh_app_set_color_scheme(scheme);
}

static void on_system(void *user)
{
    set_scheme(user, BH_COLORS_SYSTEM);
}

static void on_light(void *user)
{
    set_scheme(user, BH_COLORS_LIGHT);
}

static void on_dark(void *user)
{
    set_scheme(user, BH_COLORS_DARK);
}

static void on_full_screen(void *user)
{
    window *self = user;
    bool full = false;
    bh_get_bool(self->object, "fullScreen", &full);
    bh_call(self->object, full ? "showNormal" : "showFullScreen");
}

/* The action and the switches beside the charts are one. */
static void on_log(void *user, bool on)
{
    static const char *const names[] = {"action-log", "run-log", "compare-log"};
    window *self = user;
    self->settings->log_scale = on;
    for (int i = 0; i < 3; i++)
        bh_set_bool(bh_find(self->object, names[i], NULL), "checked", on);
}

static void create_log(window *self, bh_object *menu)
{
    bool remembered = !self->options->screenshot && !self->options->quit_when_idle;
    bh_object *action = bh_add_action(menu, "&Logarithmic Scale", "Ctrl+L");
    bh_object *const switches[] = {action, bh_find(self->run_page, "run-log", NULL),
                                   bh_find(self->compare_page, "compare-log", NULL)};
    bh_set_name(action, "action-log");
    bh_set_bool(action, "checkable", true);
    for (int i = 0; i < 3; i++)
        bh_connect(switches[i], "toggled", BH_CALLBACK(on_log, bool), self, NULL);
    bh_set_bool(action, "checked", self->settings->log_scale && remembered);
}

static void on_tab_data(void *user)
{
    bh_set_int(((window *)user)->tabs, "currentIndex", TAB_DATA);
}

static void on_tab_run(void *user)
{
    bh_set_int(((window *)user)->tabs, "currentIndex", TAB_RUN);
}

static void on_tab_compare(void *user)
{
    window_show_compare(user);
}

static void on_events(void *user)
{
    window *self = user;
    events_open(self->object, self->project);
}

static void create_view_menu(window *self, bh_object *bar)
{
    bh_object *menu = bh_add_menu(bar, "&View");
    add(menu, "action-data", "&Data", "Ctrl+1", BH_CALLBACK(on_tab_data), self);
    add(menu, "action-run", "&Run", "Ctrl+2", BH_CALLBACK(on_tab_run), self);
    add(menu, "action-compare", "&Compare", "Ctrl+3", BH_CALLBACK(on_tab_compare), self);
    add(menu, "action-events", "&Event Log\xE2\x80\xA6", "Ctrl+J", BH_CALLBACK(on_events), self);
    bh_add_separator(menu);
    create_log(self, menu);
    bh_add_separator(menu);
    add(menu, "action-system", "Colours of the S&ystem", NULL, BH_CALLBACK(on_system), self);
    add(menu, "action-light", "Ligh&t Colours", NULL, BH_CALLBACK(on_light), self);
    add(menu, "action-dark", "D&ark Colours", NULL, BH_CALLBACK(on_dark), self);
    bh_add_separator(menu);
    add(menu, "action-full", "&Full Screen", "F11", BH_CALLBACK(on_full_screen), self);
}

static void tell(window *self, const char *name, const char *title, const char *html)
{
    bh_object *box = bh_message_box(self->object, BH_MESSAGE_INFORMATION, title, "", BH_BUTTON_CLOSE, NULL, NULL);
    bh_set_name(box, name);
    bh_set_enum(box, "textFormat", "RichText");
    bh_set_string(box, "text", html);
}

static void on_keys(void *user)
{
    tell(user, "keys", "Keyboard Shortcuts",
         "<table cellpadding=3><tr><td>Ctrl+N</td><td>fetch from addresses</td></tr>"
         "<tr><td>Ctrl+O</td><td>add files of this computer</td></tr><tr><td>Ctrl+R</td><td>new run</td></tr>"
         "<tr><td>Ctrl+.</td><td>stop what is selected</td></tr><tr><td>Ctrl+Shift+K</td><td>kill it</td></tr>"
         "<tr><td>Ctrl+Shift+R</td><td>resume it</td></tr><tr><td>Ctrl+P</td><td>predict a file</td></tr>"
         "<tr><td>Ctrl+E</td><td>export runs</td></tr><tr><td>Ctrl+1, 2, 3</td><td>Data, Run, Compare</td></tr>"
         "<tr><td>Ctrl+J</td><td>what happened</td></tr>"
         "<tr><td>Delete</td><td>remove what is selected in the tree</td></tr>"
         "<tr><td>Ctrl+L</td><td>logarithmic scale</td></tr><tr><td>F11</td><td>full screen</td></tr>"
         "<tr><td>Ctrl+Q</td><td>quit</td></tr></table>");
}

static void on_live_view(void *user)
{
    live_view_open(((window *)user)->object);
}

static void on_about(void *user)
{
    char text[768];
    snprintf(text, sizeof text,
             "<h3>Bulkhead %s</h3><p>Fetches data, checks it, trains models on it and compares them; nothing of that is lost "
             "when a program dies.</p><p>Written in C on the library Bulkhead.</p>"
             "<p>MIT licence. Uses Qt under the LGPL, XGBoost under the Apache licence.</p>",
             bh_version());
    tell(user, "about", "About Bulkhead", text);
}

static void on_checklist(void *user)
{
    checklist_dialog_open(((window *)user)->object);
}

void menus_create(window *self)
{
    bh_object *bar = bh_main_window_menu_bar(self->object);
    create_file_menu(self, bar);
    create_run_menu(self, bar);
    create_view_menu(self, bar);
    bh_object *help = bh_add_menu(bar, "&Help");
    add(help, "action-keys", "&Keyboard Shortcuts", "F1", BH_CALLBACK(on_keys), self);
    add(help, "action-live", "&Live View", NULL, BH_CALLBACK(on_live_view), self);
    add(help, "action-checklist", "&Checklist", NULL, BH_CALLBACK(on_checklist), self);
    add(help, "action-about", "&About Bulkhead", NULL, BH_CALLBACK(on_about), self);
    menus_update(self);
}

static bool any_interrupted(const window *self)
{
    size_t count, i;
    const store_run *const *runs = project_runs(self->project, &count);
    for (i = 0; i < count; i++)
        if (runs[i]->state == STORE_RUN_INTERRUPTED)
            return true;
    const store_fetch *const *fetches = project_fetches(self->project, &count);
    for (i = 0; i < count; i++)
        if (fetches[i]->state == STORE_FETCH_INTERRUPTED)
            return true;
    return false;
}

void menus_update(window *self)
{
    if (!self->actions.new_run)
        return;
    size_t data_sets, runs;
    selected what = tree_selected(self->tree);
    const store_run *run = project_run(self->project, chosen_run(self));
    const project_job *job = what.id ? project_job_of(self->project, what.table, what.id) : NULL;
    if (!job && run)
        job = project_job_of(self->project, STORE_RUNS, run->id);
    project_data_sets(self->project, &data_sets);
    project_runs(self->project, &runs);
    bh_set_bool(self->actions.new_run, "enabled", data_sets > 0);
    bh_set_bool(self->actions.stop, "enabled", job && job->stoppable);
    bh_set_bool(self->actions.kill, "enabled", job && job->killable);
    bh_set_bool(self->actions.resume, "enabled", run && !job && run->state != STORE_RUN_DONE);
    bh_set_bool(self->actions.resume_all, "enabled", any_interrupted(self));
    bh_set_bool(self->actions.predict, "enabled", run && run->model[0]);
    bh_set_bool(self->actions.export, "enabled", runs > 0);
}
