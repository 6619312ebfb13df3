/* The page of a run: its parts. */
#include "window/run_inner.h"

#include "window/export.h"
#include "window/new_run.h"
#include "window/predict.h"

enum { NOTES_AFTER_MS = 700, CHART_SHARE = 3, TABS_SHARE = 2, LEAST_TABS = 316 };

/* --- buttons */

static const project_job *job_of(const run_page *self)
{
    return project_job_of(self->project, STORE_RUNS, self->run);
}

static void on_stop(void *user)
{
    run_page *self = user;
    const project_job *job = job_of(self);
    if (job)
        project_stop(self->project, job->id);
}

static void on_kill(void *user)
{
    run_page *self = user;
    const project_job *job = job_of(self);
    if (job)
        project_kill(self->project, job->id);
}

static void on_resume(void *user)
{
    run_page *self = user;
    if (project_resume_run(self->project, self->run))
        part_set_text(self->trouble, bh_last_error());
}

static void on_predict(void *user)
{
    run_page *self = user;
    predict_open(self->page, self->project, self->run);
}

static void on_save(void *user)
{
    run_page *self = user;
    export_model(self->page, self->project, self->run);
}

static void on_curve(void *user)
{
    run_page *self = user;
    export_curve(self->page, self->project, self->run);
}

static void on_new(void *user)
{
    run_page *self = user;
    new_run_open(self->page, self->project, 0);
}

/* --- notes */

static void on_pause(void *user)
{
    run_page *self = user;
    if (--self->notes_turn == 0)
        run_page_save_notes(self);
}

static void on_notes(void *user)
{
    run_page *self = user;
    if (self->filling)
        return;
    self->notes_edited = true;
    if (bh_timer_single_shot_for(self->page, NOTES_AFTER_MS, on_pause, self) == BH_OK)
        self->notes_turn++;
}

/* --- the parts */

static bh_event_result on_resize(bh_object *object, void *user, const bh_event *event)
{
    const run_page *self = user;
    const store_run *row = self->run ? project_run(self->project, self->run) : NULL;
    (void)object;
    (void)event;
    if (row)
        run_page_show_title(self, row);
    return BH_EVENT_PASS;
}

static void make_empty(run_page *self)
{
    const part_action actions[] = {{"run-empty-new", "&New Run\xE2\x80\xA6", BH_CALLBACK(on_new)}, {0}};
    bh_object *page =
        part_empty(self->stack, "run-empty", "No run is chosen. Choose one in the tree, or start one.", actions, self);
    bh_stacked_widget_add_widget(self->stack, page, NULL);
}

static void make_head(run_page *self, bh_object *page, bh_object *box)
{
    bh_object *row = bh_create("QHBoxLayout", NULL);
    bh_layout_add_layout(box, row, 0);
    self->title = part_label(page, "run-title", "");
    self->state = part_label(page, "run-state", "");
    self->stop = part_button(page, "run-stop", "&Stop", BH_CALLBACK(on_stop), self);
    self->kill = part_button(page, "run-kill", "&Kill", BH_CALLBACK(on_kill), self);
    self->resume = part_button(page, "run-resume", "R&esume", BH_CALLBACK(on_resume), self);
    self->predict = part_button(page, "run-predict", "&Predict\xE2\x80\xA6", BH_CALLBACK(on_predict), self);
    self->save = part_button(page, "run-save-model", "Save &Model\xE2\x80\xA6", BH_CALLBACK(on_save), self);
    part_heading(self->title);
    bh_set_int(self->title, "minimumWidth", 60);
    bh_set_string(self->stop, "toolTip", "Ends it after this round. It can be resumed, to the same model.");
    bh_set_string(self->kill, "toolTip",
                  "Ends its process at once. It can be resumed from its last checkpoint, to the same model.");
    bh_set_string(self->resume, "toolTip", "Goes on from the last checkpoint, to the same model.");
    bh_layout_add_widget(row, self->title, 0);
    bh_layout_add_widget(row, self->state, 0);
    bh_layout_add_stretch(row, 1);
    bh_object *const buttons[] = {self->stop, self->kill, self->resume, self->predict, self->save};
    for (int i = 0; i < 5; i++)
        bh_layout_add_widget(row, buttons[i], 0);
}

static void make_lines(run_page *self, bh_object *page, bh_object *box)
{
    bh_object *row = bh_create("QHBoxLayout", NULL);
    self->about = part_label(page, "run-about", "");
    self->progress = part_label(page, "run-progress-text", "");
    log_scale_make(&self->scale, page, "run-log");
    self->bar = part_widget(page, "QProgressBar", "run-progress");
    self->trouble = part_label(page, "run-trouble", "");
    part_secondary(self->about);
    bh_set_int(self->about, "minimumWidth", 60);
    bh_set_int(self->progress, "minimumWidth", 60);
    bh_set_bool(self->trouble, "wordWrap", true);
    bh_set_enum(self->trouble, "textInteractionFlags", "TextSelectableByMouse");
    bh_set_string(self->bar, "accessibleName", "Progress of the run");
    bh_set_bool(self->bar, "textVisible", false);
    bh_set_int(self->bar, "maximumHeight", 6);
    bh_set_int(self->bar, "maximum", 1000);
    bh_layout_add_widget(box, self->about, 0);
    bh_layout_add_widget(box, self->trouble, 0);
    bh_layout_add_layout(box, row, 0);
    bh_layout_add_widget(row, self->progress, 1);
    bh_layout_add_widget(row, self->scale.box, 0);
    bh_layout_add_widget(box, self->bar, 0);
}

static bool make_tabs(run_page *self, bh_object *splitter)
{
    static const char *const three[] = {"Metric", "Training", "Validation"}, *const gain[] = {"Feature", "Gain"},
                             *const two[] = {"Parameter", "Value"};
    static const bh_table_model metrics = RUN_PAIRS(3, three), features = RUN_PAIRS(2, gain), values = RUN_PAIRS(2, two);
    self->tabs = part_widget(splitter, "QTabWidget", "run-details");
    self->metrics = run_pairs_create(self->tabs, "run-metrics", "Metrics", &metrics);
    self->features = run_pairs_create(self->tabs, "run-importance", "Importance of features", &features);
    self->parameters = run_pairs_create(self->tabs, "run-parameters", "Parameters", &values);
    self->notes = part_widget(self->tabs, "QPlainTextEdit", "run-notes");
    if (!self->metrics || !self->features || !self->parameters)
        return false;
    bh_set_bool(self->tabs, "documentMode", true);
    bh_set_int(self->tabs, "minimumWidth", LEAST_TABS);
    bh_set_string(self->notes, "accessibleName", "Notes");
    bh_set_string(self->notes, "placeholderText", "What this run was for, what came of it");
    bh_set_bool(self->notes, "tabChangesFocus", true);
    bh_connect(self->notes, "textChanged", BH_CALLBACK(on_notes), self, NULL);
    bh_tab_widget_add_tab(self->tabs, run_pairs_table(self->metrics), "Metrics", NULL);
    bh_tab_widget_add_tab(self->tabs, run_pairs_table(self->features), "Features", NULL);
    bh_tab_widget_add_tab(self->tabs, run_pairs_table(self->parameters), "Parameters", NULL);
    bh_tab_widget_add_tab(self->tabs, self->notes, "Notes", NULL);
    return true;
}

bool run_page_make(run_page *self)
{
    bh_object *outer = part_box(self->page, "QVBoxLayout", 0);
    self->stack = part_widget(self->page, "QStackedWidget", "run-stack");
    bh_layout_add_widget(outer, self->stack, 1);
    bh_on_event(self->stack, BH_EVENT_RESIZE, on_resize, self);
    make_empty(self);
    bh_object *page = part_widget(self->stack, "QWidget", "run-shown"), *box = part_box(page, "QVBoxLayout", PART_MARGIN);
    make_head(self, page, box);
    make_lines(self, page, box);
    bh_object *splitter = part_widget(page, "QSplitter", "run-splitter");
    bh_set_bool(splitter, "childrenCollapsible", false);
    self->chart = bh_chart_create(splitter);
    bh_set_name(self->chart, "run-chart");
    bh_set_string(self->chart, "accessibleName", "Curve of the run");
    log_scale_set_chart(&self->scale, self->chart);
    bh_splitter_add_widget(splitter, self->chart, CHART_SHARE);
    if (!make_tabs(self, splitter))
        return false;
    bh_splitter_add_widget(splitter, self->tabs, TABS_SHARE);
    bh_layout_add_widget(box, splitter, 1);
    bh_object *export = bh_add_action(self->chart, "Export &Curve\xE2\x80\xA6", NULL);
    bh_connect(export, "triggered", BH_CALLBACK(on_curve), self, NULL);
    bh_set_enum(self->chart, "contextMenuPolicy", "ActionsContextMenu");
    return bh_stacked_widget_add_widget(self->stack, page, NULL) == BH_OK;
}
