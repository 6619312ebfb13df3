/* The strip below the tabs: a line for each job, and for each that failed until it is dismissed. */
#include "window/inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROW_HEIGHT = 36,
    SHOWN_ROWS = 3,
    NAME_WIDTH = 190,
    BAR_WIDTH = 140,
    ETA_WIDTH = 100,
    LETTERS = 28,
    TEXT = 640,
    MOST = 200
};

typedef struct line {
    struct strip *strip;
    int64_t job; /* 0: it has failed */
    store_table table;
    int64_t row;
    bh_object *object, *name, *bar, *says, *eta, *stop, *kill;
    struct line *next;
} line;

struct strip {
    window *window;
    bh_object *area, *inside, *layout;
    line *lines;
    int count;
};

static void set_height(strip *self)
{
    int rows = self->count < SHOWN_ROWS ? self->count : SHOWN_ROWS;
    int height = rows * ROW_HEIGHT + (self->count > SHOWN_ROWS ? ROW_HEIGHT / 2 : 0) + 10;
    bh_set_int(self->area, "minimumHeight", height);
    bh_set_int(self->area, "maximumHeight", height);
    part_show(self->area, self->count > 0);
}

static void remove_line(line *self)
{
    strip *of = self->strip;
    line **at = &of->lines;
    while (*at != self)
        at = &(*at)->next;
    *at = self->next;
    of->count--;
    bh_call(self->object, "hide");
    bh_destroy(self->object);
    free(self);
}

/* --- the buttons */

static void retry(const line *self)
{
    project *of = self->strip->window->project;
    bh_status status = self->table == STORE_FETCHES     ? project_retry_fetch(of, self->row)
                       : self->table == STORE_RUNS      ? project_resume_run(of, self->row)
                       : self->table == STORE_DATA_SETS ? project_inspect(of, self->row)
                                                        : BH_OK;
    if (status)
        window_complain(self->strip->window, bh_last_error());
}

static void dismiss(void *user)
{
    line *self = user;
    strip *of = self->strip;
    remove_line(self);
    set_height(of);
}

static void on_first(void *user)
{
    line *self = user;
    if (self->job) {
        project_stop(self->strip->window->project, self->job);
        return;
    }
    retry(self);
    bh_timer_single_shot_for(self->object, 0, dismiss, self);
}

static void on_second(void *user)
{
    line *self = user;
    if (self->job)
        project_kill(self->strip->window->project, self->job);
    else
        bh_timer_single_shot_for(self->object, 0, dismiss, self);
}

/* --- a line */

static bh_object *add(bh_object *layout, bh_object *widget, int width, int stretch)
{
    if (width) {
        bh_set_int(widget, "minimumWidth", width);
        bh_set_int(widget, "maximumWidth", width);
    }
    bh_layout_add_widget(layout, widget, stretch);
    return widget;
}

static void fill_line(line *self)
{
    bh_object *at = self->object, *layout = part_box(at, "QHBoxLayout", 0);
    self->name = add(layout, part_label(at, "job-title", ""), NAME_WIDTH, 0);
    self->bar = add(layout, part_widget(at, "QProgressBar", "job-progress"), BAR_WIDTH, 0);
    self->says = add(layout, part_label(at, "job-text", ""), 0, 1);
    bh_set_int(self->says, "minimumWidth", 60); /* rather than as wide as the text */
    self->eta = add(layout, part_label(at, "job-eta", ""), ETA_WIDTH, 0);
    bh_set_enum(self->eta, "alignment", "AlignRight|AlignVCenter");
    part_secondary(self->eta);
    self->stop = add(layout, part_button(at, "job-stop", "Stop", BH_CALLBACK(on_first), self), 0, 0);
    self->kill = add(layout, part_button(at, "job-kill", "Kill", BH_CALLBACK(on_second), self), 0, 0);
    bh_set_int(at, "maximumHeight", ROW_HEIGHT);
    bh_set_int(at, "minimumHeight", ROW_HEIGHT - 4);
}

static line *add_line(strip *self, const project_job *job)
{
    line *made = self->count < MOST ? calloc(1, sizeof *made) : NULL;
    if (!made)
        return NULL;
    *made = (line){.strip = self, .job = job->id, .table = job->table, .row = job->row};
    made->object = part_widget(self->inside, "QWidget", "job");
    fill_line(made);
    bh_layout_add_widget(self->layout, made->object, 0);
    line **end = &self->lines;
    while (*end)
        end = &(*end)->next;
    *end = made;
    self->count++;
    return made;
}

static void show_title(const line *self, const char *title)
{
    char shorter[4 * LETTERS + 4];
    bh_set_string(self->name, "text", text_short(title, LETTERS - 2, shorter, sizeof shorter));
    bh_set_string(self->name, "toolTip", title);
}

static void show_job(line *self, const project_job *job)
{
    static const char *const verbs[] = {"fetch", "unpack", "inspect", "train", "predict"};
    char text[TEXT], time[TEXT_SIZE], name[TEXT];
    bool known = job->fraction >= 0 || job->state == PROJECT_WAITING;
    show_title(self, job->title);
    bh_set_int(self->bar, "maximum", known ? 1000 : 0);
    bh_set_int(self->bar, "value", job->fraction >= 0 ? (int)(job->fraction * 1000) : 0);
    if (job->state == PROJECT_RUNNING)
        snprintf(text, sizeof text, "%s", job->text && job->text[0] ? job->text : verbs[job->kind]);
    else
        snprintf(text, sizeof text, job->state == PROJECT_WAITING ? "waits for its turn to %s" : "stopping: %s",
                 verbs[job->kind]);
    bh_set_string(self->says, "text", text);
    bh_set_string(self->says, "toolTip", text);
    snprintf(text, sizeof text, "%s left", text_seconds(job->eta_s, time));
    bh_set_string(self->eta, "text", job->eta_s >= 0 && job->state == PROJECT_RUNNING ? text : "");
    bh_set_bool(self->stop, "enabled", job->stoppable && job->state != PROJECT_STOPPING);
    bh_set_bool(self->kill, "enabled", job->killable);
    snprintf(name, sizeof name, "Stop %s", job->title);
    bh_set_string(self->stop, "accessibleName", name);
    snprintf(name, sizeof name, "Kill %s", job->title);
    bh_set_string(self->kill, "accessibleName", name);
}

/* --- the end of a job */

/* Why its row has failed; NULL: it has not. */
static const char *failure_of(const line *self)
{
    const project *of = self->strip->window->project;
    const store_fetch *fetch = self->table == STORE_FETCHES ? project_fetch(of, self->row) : NULL;
    const store_run *run = self->table == STORE_RUNS ? project_run(of, self->row) : NULL;
    const store_data_set *data = self->table == STORE_DATA_SETS ? project_data_set(of, self->row) : NULL;
    if (fetch && fetch->state == STORE_FETCH_FAILED)
        return fetch->error;
    if (run && run->state == STORE_RUN_FAILED)
        return run->error[0] ? run->error : run->died;
    if (data && data->suspect[0])
        return data->suspect;
    return data && data->row_count < 0 && strncmp(data->facts, "{\"error\"", 8) == 0 && !strstr(data->facts, "\"stopped\"")
               ? "it could not be read: its page says why"
               : NULL;
}

/* False: it ended well, and its line goes. */
static bool show_end(line *self)
{
    char text[TEXT], name[TEXT];
    const char *why = failure_of(self);
    if (!why)
        return false;
    self->job = 0;
    snprintf(text, sizeof text, "failed: %s", why);
    part_show(self->bar, false);
    part_show(self->eta, false);
    bh_set_string(self->says, "text", text);
    bh_set_string(self->says, "toolTip", text);
    bh_set_string(self->says, "styleSheet", "color: #d94848");
    bh_set_string(self->stop, "text", "Retry");
    bh_set_string(self->kill, "text", "Dismiss");
    bh_set_bool(self->stop, "enabled", true);
    bh_set_bool(self->kill, "enabled", true);
    snprintf(name, sizeof name, "Retry: %.300s", why);
    bh_set_string(self->stop, "accessibleName", name);
    bh_set_string(self->kill, "accessibleName", "Dismiss");
    return true;
}

static const project_job *find_job(const strip *self, int64_t id)
{
    size_t count;
    const project_job *const *jobs = project_jobs(self->window->project, &count);
    for (size_t i = 0; i < count; i++)
        if (jobs[i]->id == id)
            return jobs[i];
    return NULL;
}

static line *find_line(const strip *self, const project_job *job)
{
    line *found = self->lines;
    while (found && found->job != job->id)
        found = found->next;
    return found;
}

/* The same row has begun again: what it said before is over. */
static void forget_failure(strip *self, const project_job *job)
{
    for (line *each = self->lines, *next; each; each = next) {
        next = each->next;
        if (!each->job && each->table == job->table && each->row == job->row)
            remove_line(each);
    }
}

void strip_job(strip *self, int64_t id, const project_job *job)
{
    (void)id;
    if (!job || find_line(self, job))
        return;
    forget_failure(self, job);
    line *made = add_line(self, job);
    if (made)
        show_job(made, job);
    set_height(self);
}

void strip_update(strip *self)
{
    for (line *each = self->lines, *next; each; each = next) {
        const project_job *job = each->job ? find_job(self, each->job) : NULL;
        next = each->next;
        if (job)
            show_job(each, job);
        else if (each->job && !show_end(each))
            remove_line(each);
    }
    set_height(self);
}

void strip_destroy(strip *self)
{
    for (line *each = self ? self->lines : NULL, *next; each; each = next) {
        next = each->next;
        free(each);
    }
    free(self);
}

bh_object *strip_object(const strip *self)
{
    return self->area;
}

strip *strip_create(window *w, bh_object *parent)
{
    strip *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    self->window = w;
    self->area = part_widget(parent, "QScrollArea", "job-strip");
    bh_set_bool(self->area, "widgetResizable", true);
    bh_set_string(self->area, "accessibleName", "Jobs");
    bh_set_enum(self->area, "frameShape", "StyledPanel");
    bh_set_enum(self->area, "horizontalScrollBarPolicy", "ScrollBarAlwaysOff");
    self->inside = part_widget(NULL, "QWidget", "jobs");
    self->layout = part_box(self->inside, "QVBoxLayout", 0);
    bh_layout_set_margins(self->layout, PART_MARGIN, 3, PART_MARGIN, 3);
    bh_set_int(self->layout, "spacing", 0);
    bh_scroll_area_set_widget(self->area, self->inside);
    set_height(self);
    return self;
}
