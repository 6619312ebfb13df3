/* What is under way and what waits: which rows want a job, which job begins when, and how they are stopped. */
#include "project/inner.h"

#include "monotonic.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TICK_MS = 100, SECONDS_TICKS = 10, LOOKS_AT_ONCE = 2 };

/* --- one */

job *job_take(job *which)
{
    atomic_fetch_add(&which->references, 1);
    return which;
}

void job_release(job *which)
{
    if (atomic_fetch_sub(&which->references, 1) > 1)
        return;
    bh_message_destroy(which->arguments);
    here_free(which->here);
    free(which);
}

static bool make_room(project *self)
{
    if (self->job_count < self->job_room)
        return true;
    size_t room = self->job_room ? self->job_room * 2 : 32;
    job **jobs = realloc(self->jobs, room * sizeof *jobs);
    if (jobs)
        self->jobs = jobs;
    const project_job **shown = jobs ? realloc(self->shown, room * sizeof *shown) : NULL;
    if (shown)
        self->shown = shown;
    self->job_room = shown ? room : self->job_room;
    return shown != NULL;
}

job *jobs_add(project *self, project_job_kind kind, store_table table, int64_t row, const char *title)
{
    job *made = make_room(self) ? calloc(1, sizeof *made) : NULL;
    if (!made)
        return NULL;
    made->references = 1;
    made->of = self;
    snprintf(made->title, sizeof made->title, "%s", title);
    made->seen = (project_job){.id = ++self->last_job,
                               .kind = kind,
                               .table = table,
                               .row = row,
                               .title = made->title,
                               .text = made->text,
                               .fraction = -1,
                               .eta_s = -1,
                               .stoppable = true,
                               .metric = made->metric,
                               .train = NAN,
                               .valid = NAN};
    self->jobs[self->job_count++] = made;
    job **bucket = jobs_bucket(self, table, row);
    made->neighbour = *bucket;
    *bucket = made;
    self->busy = true;
    EACH_OBSERVER(self, job, (e->told.user, made->seen.id, &made->seen));
    return made;
}

static void tell(const job *which)
{
    EACH_OBSERVER(which->of, job, (e->told.user, which->seen.id, &which->seen));
}

static void take_out(project *self, const job *which)
{
    size_t at = 0;
    while (at < self->job_count && self->jobs[at] != which)
        at++;
    if (at == self->job_count)
        return;
    job **in_bucket = jobs_bucket(self, which->seen.table, which->seen.row);
    while (*in_bucket != which)
        in_bucket = &(*in_bucket)->neighbour;
    *in_bucket = which->neighbour;
    self->job_count--;
    memmove(&self->jobs[at], &self->jobs[at + 1], (self->job_count - at) * sizeof *self->jobs);
}

/* --- which rows want one */

static bool has_job(const project *self, store_table table, int64_t row)
{
    return project_job_of(self, table, row) != NULL;
}

static void notice_data_set(project *self, const store_data_set *row)
{
    if (row->row_count < 0 && !row->facts[0] && !row->suspect[0] && !row->opening)
        jobs_add(self, PROJECT_INSPECT, STORE_DATA_SETS, row->id, row->name);
}

static void notice_run(project *self, const store_run *row)
{
    job *made = row->state == STORE_RUN_QUEUED ? jobs_add(self, PROJECT_TRAIN, STORE_RUNS, row->id, row->name) : NULL;
    if (!made)
        return;
    made->seen.round = row->round;
    made->seen.rounds = row->rounds;
    made->seen.best_round = row->best_round;
}

void jobs_notice(project *self, store_table table, int64_t row)
{
    if (self->closing || row == 0 || has_job(self, table, row))
        return;
    const void *found = rows_find(self, table, row);
    const store_fetch *fetch = found;
    if (found && table == STORE_DATA_SETS)
        notice_data_set(self, found);
    else if (found && table == STORE_RUNS)
        notice_run(self, found);
    else if (found && fetch->state == STORE_FETCH_QUEUED)
        jobs_add(self, PROJECT_FETCH, STORE_FETCHES, row, fetch->name);
}

/* --- beginning */

static int limit_of(const project *self, project_job_kind kind)
{
    if (kind == PROJECT_FETCH)
        return project_number(self, PROJECT_FETCHES_AT_ONCE, 4, 1, 32);
    return kind == PROJECT_TRAIN ? project_number(self, PROJECT_TRAININGS_AT_ONCE, 1, 1, 32) : LOOKS_AT_ONCE;
}

/* The disk is full, say: the row waits on, and nothing can be written about it. */
static void cannot_begin(request *asked)
{
    const job *which = asked->data;
    const store_event event = {
        .level = BH_LOG_ERROR, .table = which->seen.table, .row = which->seen.row, .text = asked->sentence};
    EACH_OBSERVER(asked->of, event, (e->told.user, &event));
    jobs_end(asked);
}

/* Its row says that it runs. */
static void started(request *asked)
{
    job *which = asked->data;
    char sentence[512] = "";
    if (asked->status) {
        cannot_begin(asked);
    } else if (which->stop || which->kill || asked->of->closing) {
        job_finish_later(which, BH_CANCELLED, NULL);
    } else if (job_submit(which, sentence, sizeof sentence)) {
        which->seen.killable = which->future != NULL;
        tell(which);
    } else {
        job_finish_later(which, asked->of->closing ? BH_CANCELLED : BH_ERROR, sentence);
    }
}

static void begin(project *self, job *which)
{
    const request asked = {
        .work = job_start_row, .done = started, .drop = jobs_drop, .id = which->seen.row, .data = job_take(which)};
    which->begun = true;
    which->began_at = monotonic_s();
    which->seen.state = PROJECT_RUNNING;
    tell(which);
    if (keeper_ask(self, &asked) == BH_OK)
        return;
    take_out(self, which);
    EACH_OBSERVER(self, job, (e->told.user, which->seen.id, NULL));
    job_release(which); /* the request's */
    // NOLINTNEXTLINE(clang-analyzer-unix.Malloc): it had two references
    job_release(which);
}

static void tick(void *user);

static void begin_what_may(project *self)
{
    int running[PROJECT_KINDS] = {0};
    for (size_t i = 0; i < self->job_count; i++)
        running[self->jobs[i]->seen.kind] += self->jobs[i]->begun;
    for (size_t i = 0; i < self->job_count; i++) {
        job *which = self->jobs[i];
        if (!which->begun && running[which->seen.kind] < limit_of(self, which->seen.kind)) {
            running[which->seen.kind]++;
            begin(self, which);
        }
    }
}

void jobs_schedule(project *self)
{
    if (self->scheduling)
        return;
    self->scheduling = true;
    if (!self->closing)
        begin_what_may(self);
    self->scheduling = false;
    if (self->job_count > 0 && !self->timer)
        self->timer = bh_timer_start(TICK_MS, BH_TIMER_COARSE, NULL, tick, self);
    if (self->job_count > 0 || self->asked > 0)
        return;
    bh_timer_stop(self->timer);
    self->timer = NULL;
    project_tell_idle(self);
    project_all_ended(self);
}

/* --- the end */

void jobs_drop(request *ended)
{
    job_release(ended->data);
}

/* What it has unpacked to becomes known with the next batch. */
static void unpack_next(const job *after)
{
    job *made = jobs_add(after->of, PROJECT_UNPACK, STORE_FETCHES, after->seen.row, after->title);
    if (!made)
        return;
    const store_fetch *fetch = project_fetch(after->of, after->seen.row);
    snprintf(made->file, sizeof made->file, "%s", after->output);
    snprintf(made->origin, sizeof made->origin, "%s", fetch ? fetch->url : "");
}

void jobs_end(request *ended)
{
    job *which = ended->data;
    project *self = which->of;
    take_out(self, which);
    bh_future_destroy(which->future);
    which->future = NULL;
    which->task = NULL;
    EACH_OBSERVER(self, job, (e->told.user, which->seen.id, NULL));
    if (which->unpack && !self->closing)
        unpack_next(which);
    if (which->predicted)
        which->predicted(which->user, which->failure[0] ? which->failure : NULL, which->rows, which->bad_rows);
    job_release(which); /* the list's */
}

/* What has not begun stays queued in the store; nobody is told, as all is about to go. */
void jobs_close(project *self)
{
    self->closing = true;
    for (size_t i = self->job_count; i > 0; i--) {
        job *which = self->jobs[i - 1];
        if (which->begun) {
            job_stop(which);
        } else {
            take_out(self, which);
            job_release(which);
        }
    }
}

void jobs_clear(project *self)
{
    bh_timer_stop(self->timer);
    self->timer = NULL;
    for (size_t i = 0; i < self->job_count; i++) {
        bh_future_destroy(self->jobs[i]->future);
        self->jobs[i]->future = NULL;
        job_release(self->jobs[i]);
    }
    memset(self->by_row, 0, sizeof self->by_row);
    free(self->jobs);
    free(self->shown);
    self->jobs = NULL;
    self->shown = NULL;
    self->job_count = self->job_room = 0;
}

/* --- progress */

static void look(job *which, bh_message *message)
{
    bh_message_view said;
    bool some = which->future ? bh_future_progress(which->future, message) == BH_OK : here_progress(which, message);
    if (some && bh_message_complete(message, &said) == BH_OK && bh_message_view_count(said) > 0)
        which->dirty |= progress_read(which, said);
}

/* Ten times a second while there are jobs: what is told more often is not seen. */
static void tick(void *user)
{
    project *self = user;
    bh_message *message = bh_message_create();
    for (size_t i = 0; message && i < self->job_count; i++) {
        job *which = self->jobs[i];
        double ran = which->begun ? monotonic_s() - which->began_at : 0;
        which->dirty |= (int64_t)ran != (int64_t)which->seen.seconds;
        which->seen.seconds = ran;
        if (which->future || which->task)
            look(which, message);
        if (!which->dirty)
            continue;
        which->dirty = false;
        progress_keep(which);
        tell(which);
    }
    bh_message_destroy(message);
}
