/* The strip below the tabs: a line for each job that runs, and the first that wait; and for each that failed until it is dismissed.
 *
 * A line is a handful of widgets, and a list of files is hundreds of jobs at once: so one line is made at a time, and the others wait for the
 * next update. */
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
    MOST_WAITING = 12, /* lines of jobs that wait */
    MADE_AT_ONCE = 1
};

typedef struct line {
    struct strip *strip;
    int64_t job; /* 0: it has failed */
    store_table table;
    int64_t row;
    bh_object *object, *name, *bar, *says, *eta, *stop, *kill;
    char shown_title[TEXT], shown_text[TEXT], shown_eta[TEXT_SIZE + 8];
    int shown_most, shown_value;
    bool waits;
    struct line *next;
} line;

/* A job that has no line yet. */
typedef struct pending {
    int64_t job;
    store_table table;
    int64_t row;
} pending;

struct strip {
    window *window;
    bh_object *area, *inside, *layout, *more;
    line *lines;
    int count, waiting, made; /* lines; those of jobs that wait; made since the last update */
    int shown_height;
    pending *pending; /* as they came */
    size_t pending_count, pending_room;
    int64_t newest; /* job */
};

/* For the lines that are still to be made, too: each other height is a layout and a picture of the whole window. */
static void set_height(strip *self)
{
    size_t lines = (size_t)self->count + self->pending_count;
    int rows = lines < SHOWN_ROWS ? (int)lines : SHOWN_ROWS;
    int height = lines ? rows * ROW_HEIGHT + (lines > SHOWN_ROWS ? ROW_HEIGHT / 2 : 0) + 10 : 0;
    if (height == self->shown_height)
        return;
    self->shown_height = height;
    bh_set_int(self->area, "minimumHeight", height);
    bh_set_int(self->area, "maximumHeight", height);
    part_show(self->area, lines > 0);
}

static void remove_line(line *self)
{
    strip *of = self->strip;
    line **at = &of->lines;
    while (*at != self)
        at = &(*at)->next;
    *at = self->next;
    of->count--;
    of->waiting -= self->waits;
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

static line *add_line(strip *self, const pending *of)
{
    line *made = calloc(1, sizeof *made);
    if (!made)
        return NULL;
    *made = (line){.strip = self, .job = of->job, .table = of->table, .row = of->row, .shown_most = -1, .shown_value = -1};
    self->made++;
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

/* What is there already costs nothing: ten times a second for each line, most of it is. */
static bool is_new(char *kept, size_t size, const char *text)
{
    if (strncmp(kept, text, size - 1) == 0)
        return false;
    snprintf(kept, size, "%s", text);
    return true;
}

static void show_title(line *self, const char *title)
{
    char shorter[4 * LETTERS + 4], name[TEXT];
    if (!is_new(self->shown_title, sizeof self->shown_title, title))
        return;
    bh_set_string(self->name, "text", text_short_run(title, LETTERS - 2, shorter, sizeof shorter));
    bh_set_string(self->name, "toolTip", title);
    snprintf(name, sizeof name, "Stop %.500s", title);
    bh_set_string(self->stop, "accessibleName", name);
    snprintf(name, sizeof name, "Kill %.500s", title);
    bh_set_string(self->kill, "accessibleName", name);
}

static void show_text(line *self, const char *text)
{
    if (!is_new(self->shown_text, sizeof self->shown_text, text))
        return;
    bh_set_string(self->says, "text", text);
    bh_set_string(self->says, "toolTip", text);
}

static void show_bar(line *self, int most, int value)
{
    if (most != self->shown_most)
        bh_set_int(self->bar, "maximum", most);
    if (value != self->shown_value)
        bh_set_int(self->bar, "value", value);
    self->shown_most = most;
    self->shown_value = value;
}

static void count_waiting(line *self, bool waits)
{
    self->strip->waiting += waits - self->waits;
    self->waits = waits;
}

static void show_job(line *self, const project_job *job)
{
    static const char *const verbs[] = {"fetch", "unpack", "inspect", "train", "predict"};
    char text[TEXT], time[TEXT_SIZE];
    bool known = job->fraction >= 0 || job->state == PROJECT_WAITING;
    count_waiting(self, job->state == PROJECT_WAITING);
    show_title(self, job->title);
    show_bar(self, known ? 1000 : 0, job->fraction >= 0 ? (int)(job->fraction * 1000) : 0);
    if (job->state == PROJECT_RUNNING)
        snprintf(text, sizeof text, "%s", job->text && job->text[0] ? job->text : verbs[job->kind]);
    else
        snprintf(text, sizeof text, job->state == PROJECT_WAITING ? "waits for its turn to %s" : "stopping: %s",
                 verbs[job->kind]);
    show_text(self, text);
    text[0] = 0;
    if (job->eta_s >= 0 && job->state == PROJECT_RUNNING)
        snprintf(text, sizeof text, "%s left", text_seconds(job->eta_s, time));
    if (is_new(self->shown_eta, sizeof self->shown_eta, text))
        bh_set_string(self->eta, "text", text);
    bh_set_bool(self->stop, "enabled", job->stoppable && job->state != PROJECT_STOPPING);
    bh_set_bool(self->kill, "enabled", job->killable);
}

/* --- the end of a job */

/* Why row ROW has failed; NULL: it has not. */
static const char *failure_of(const project *of, store_table table, int64_t row)
{
    const store_fetch *fetch = table == STORE_FETCHES ? project_fetch(of, row) : NULL;
    const store_run *run = table == STORE_RUNS ? project_run(of, row) : NULL;
    const store_data_set *data = table == STORE_DATA_SETS ? project_data_set(of, row) : NULL;
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
    const char *why = failure_of(self->strip->window->project, self->table, self->row);
    if (!why)
        return false;
    self->job = 0;
    count_waiting(self, false);
    snprintf(text, sizeof text, "failed: %s", why);
    part_show(self->bar, false);
    part_show(self->eta, false);
    show_text(self, text);
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

/* What its row is called, where the job has gone. */
static const char *title_of(const project *of, store_table table, int64_t row)
{
    const store_fetch *fetch = table == STORE_FETCHES ? project_fetch(of, row) : NULL;
    const store_run *run = table == STORE_RUNS ? project_run(of, row) : NULL;
    const store_data_set *data = table == STORE_DATA_SETS ? project_data_set(of, row) : NULL;
    return fetch ? fetch->name : run ? run->name : data ? data->name : "";
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

/* --- lines that are still to be made */

/* False: it is still to be made. A job that has ended meanwhile has one only if it failed. */
static bool make_line(strip *self, const pending *of)
{
    const project *in = self->window->project;
    const project_job *job = project_find_job(in, of->job);
    bool waits = job && job->state == PROJECT_WAITING;
    if (!job && !failure_of(in, of->table, of->row))
        return true;
    if (self->made >= MADE_AT_ONCE || (waits && self->waiting >= MOST_WAITING))
        return false;
    line *made = add_line(self, of);
    if (made && job)
        show_job(made, job);
    else if (made) {
        show_title(made, title_of(in, of->table, of->row));
        show_end(made);
    }
    return true;
}

/* Whether it has all lines that it should have; otherwise more are made in the next update. */
static bool make_lines(strip *self)
{
    size_t left = 0;
    for (size_t i = 0; i < self->pending_count; i++)
        if (!make_line(self, &self->pending[i]))
            self->pending[left++] = self->pending[i];
    self->pending_count = left;
    return self->made < MADE_AT_ONCE;
}

static void say_more(const strip *self)
{
    char text[96], number[TEXT_SIZE];
    snprintf(text, sizeof text, "and %s more that wait", text_count((int64_t)self->pending_count, number));
    part_set_text(self->more, self->pending_count ? text : "");
}

static void remember(strip *self, const pending *job)
{
    if (self->pending_count == self->pending_room) {
        size_t room = self->pending_room ? self->pending_room * 2 : 64;
        pending *list = realloc(self->pending, room * sizeof *list);
        if (!list)
            return;
        self->pending = list;
        self->pending_room = room;
    }
    self->pending[self->pending_count++] = *job;
}

/* --- */

void strip_job(strip *self, int64_t id, const project_job *job)
{
    if (!job || id <= self->newest)
        return;
    self->newest = id;
    forget_failure(self, job);
    const pending one = {job->id, job->table, job->row};
    if (self->pending_count || !make_line(self, &one))
        remember(self, &one);
    set_height(self);
}

bool strip_update(strip *self)
{
    for (line *each = self->lines, *next; each; each = next) {
        const project_job *job = each->job ? project_find_job(self->window->project, each->job) : NULL;
        next = each->next;
        if (job)
            show_job(each, job);
        else if (each->job && !show_end(each))
            remove_line(each);
    }
    self->made = 0;
    bool all = make_lines(self);
    say_more(self);
    set_height(self);
    return all;
}

void strip_destroy(strip *self)
{
    if (self)
        free(self->pending);
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
    bh_object *outer = part_box(self->inside, "QVBoxLayout", 0);
    bh_layout_set_margins(outer, PART_MARGIN, 3, PART_MARGIN, 3);
    bh_set_int(outer, "spacing", 0);
    self->layout = bh_create("QVBoxLayout", NULL);
    bh_set_int(self->layout, "spacing", 0);
    bh_layout_add_layout(outer, self->layout, 0);
    self->more = part_label(self->inside, "job-more", "");
    part_secondary(self->more);
    part_show(self->more, false);
    bh_layout_add_widget(outer, self->more, 0);
    self->shown_height = -1;
    bh_scroll_area_set_widget(self->area, self->inside);
    set_height(self);
    return self;
}
