/* The context menu of the tree: what can be done with a row. */
#include "window/inner.h"

#include "window/export.h"
#include "window/fetch_dialog.h"
#include "window/new_run.h"
#include "window/predict.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct choice {
    window *window;
    selected what;
    bh_object *menu;
    void (*run)(window *self, int64_t id);
} choice;

static void on_choice(void *user)
{
    choice *self = user;
    self->run(self->window, self->what.id);
}

static void add(const choice *like, const char *text, void (*run)(window *self, int64_t id), bool enabled)
{
    choice *made = malloc(sizeof *made);
    bh_object *action = made ? bh_add_action(like->menu, text, NULL) : NULL;
    if (!action) {
        free(made);
        return;
    }
    *made = *like;
    made->run = run;
    bh_set_bool(action, "enabled", enabled);
    if (!bh_connect(action, "triggered", BH_CALLBACK(on_choice), made, &(bh_connect_options){BH_CONNECT_INIT, .drop = free}))
        free(made);
}

/* --- what they do */

static void check(window *self, bh_status status)
{
    if (status)
        window_complain(self, bh_last_error());
}

static void stop(window *self, store_table table, int64_t id, bool kill)
{
    const project_job *job = project_job_of(self->project, table, id);
    if (job)
        check(self, kill ? project_kill(self->project, job->id) : project_stop(self->project, job->id));
}

static void train(window *self, int64_t id)
{
    new_run_open(self->object, self->project, id);
}

static void inspect(window *self, int64_t id)
{
    check(self, project_inspect(self->project, id));
}

static void stop_data(window *self, int64_t id)
{
    stop(self, STORE_DATA_SETS, id, false);
}

static void remove_data(window *self, int64_t id)
{
    check(self, project_remove_data_set(self->project, id));
}

static void stop_fetch(window *self, int64_t id)
{
    stop(self, STORE_FETCHES, id, false);
}

static void retry_fetch(window *self, int64_t id)
{
    check(self, project_retry_fetch(self->project, id));
}

static void remove_fetch(window *self, int64_t id)
{
    check(self, project_remove_fetch(self->project, id));
}

static void stop_run(window *self, int64_t id)
{
    stop(self, STORE_RUNS, id, false);
}

static void kill_run(window *self, int64_t id)
{
    stop(self, STORE_RUNS, id, true);
}

static void resume_run(window *self, int64_t id)
{
    check(self, project_resume_run(self->project, id));
}

static void predict(window *self, int64_t id)
{
    predict_open(self->object, self->project, id);
}

static void save_model(window *self, int64_t id)
{
    export_model(self->object, self->project, id);
}

/* Its model goes with it, so a person is asked. */
typedef struct removal {
    window *window;
    int64_t run;
} removal;

static void on_removal(void *user, int button)
{
    removal *asked = user;
    if (button == BH_BUTTON_YES)
        check(asked->window, project_remove_run(asked->window->project, asked->run));
    free(asked);
}

static void remove_run(window *self, int64_t id)
{
    char text[512];
    const store_run *row = project_run(self->project, id);
    removal *asked = row ? malloc(sizeof *asked) : NULL;
    if (!asked)
        return;
    *asked = (removal){self, id};
    snprintf(text, sizeof text, "Remove the run '%.300s'? Its curve%s go with it.", row->name,
             row->model[0] ? " and its model" : "");
    bh_object *box = bh_message_box(self->object, BH_MESSAGE_QUESTION, "Remove Run", text, BH_BUTTON_YES | BH_BUTTON_CANCEL,
                                    on_removal, asked);
    bh_set_name(box, "remove-question");
    bh_message_box_set_button_text(box, BH_BUTTON_YES, "&Remove");
}

static void fetch(window *self, int64_t id)
{
    (void)id;
    fetch_dialog_open(self->object, self->project, NULL);
}

/* --- the menus */

static void fill_data(const choice *like, const store_data_set *row)
{
    bool busy = project_job_of(like->window->project, STORE_DATA_SETS, row->id) != NULL;
    add(like, "&Train on It\xE2\x80\xA6", train, !busy && row->row_count > 0);
    add(like, row->suspect[0] ? "&Open Anyway" : "&Inspect Again", inspect, !busy);
    add(like, "&Stop", stop_data, busy);
    bh_add_separator(like->menu);
    add(like, "&Remove from Project\tDel", remove_data, !busy);
}

static void fill_fetch(const choice *like, const store_fetch *row)
{
    bool busy = project_job_of(like->window->project, STORE_FETCHES, row->id) != NULL;
    add(like, "&Stop", stop_fetch, busy);
    add(like, "Re&try", retry_fetch, !busy && row->state != STORE_FETCH_DONE);
    bh_add_separator(like->menu);
    add(like, "Re&move\tDel", remove_fetch, !busy);
}

static void fill_run(const choice *like, const store_run *row)
{
    const project_job *job = project_job_of(like->window->project, STORE_RUNS, row->id);
    add(like, "&Stop", stop_run, job != NULL);
    add(like, "&Kill", kill_run, job && job->killable);
    add(like, "R&esume", resume_run, !job && row->state != STORE_RUN_DONE);
    bh_add_separator(like->menu);
    add(like, "&Predict\xE2\x80\xA6", predict, row->model[0] != 0);
    add(like, "Save &Model\xE2\x80\xA6", save_model, row->model[0] != 0);
    bh_add_separator(like->menu);
    add(like, "&Remove\xE2\x80\xA6\tDel", remove_run, !job);
}

static void fill(const choice *like)
{
    const project *of = like->window->project;
    int64_t id = like->what.id;
    if (id && like->what.table == STORE_DATA_SETS && project_data_set(of, id))
        fill_data(like, project_data_set(of, id));
    else if (id && like->what.table == STORE_FETCHES && project_fetch(of, id))
        fill_fetch(like, project_fetch(of, id));
    else if (id && like->what.table == STORE_RUNS && project_run(of, id))
        fill_run(like, project_run(of, id));
    else if (like->what.table == STORE_RUNS)
        add(like, "&New Run\xE2\x80\xA6", train, true);
    else
        add(like, "&Fetch\xE2\x80\xA6", fetch, true);
}

static void destroy(void *menu)
{
    bh_destroy(menu);
}

static void on_hidden(void *user)
{
    bh_timer_single_shot(0, destroy, user); /* after the action that was chosen */
}

void tree_menu_remove(window *self, selected what)
{
    bool busy = project_job_of(self->project, what.table, what.id) != NULL;
    if (what.id == 0 || busy)
        return;
    if (what.table == STORE_DATA_SETS)
        remove_data(self, what.id);
    else if (what.table == STORE_FETCHES)
        remove_fetch(self, what.id);
    else
        remove_run(self, what.id);
}

void tree_menu_open(window *self, selected what, bh_point at)
{
    choice like = {.window = self, .what = what, .menu = part_widget(self->object, "QMenu", "tree-menu")};
    fill(&like);
    bh_connect(like.menu, "aboutToHide", BH_CALLBACK(on_hidden), like.menu, NULL);
    bh_menu_popup(like.menu, at);
}
