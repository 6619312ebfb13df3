/* What became of each job: told by its row, as the job itself is gone by then. */
#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct known_job {
    int64_t id, row;
    project_job_kind kind;
    char title[200];
    struct known_job *next;
} known_job;

struct report {
    project *of;
    bool print;
    int failures;
    known_job *jobs;
};

static void line(report *self, const known_job *job, const char *word, const char *more)
{
    static const char *const kinds[] = {"fetch", "unpack", "look at", "train", "predict"};
    self->failures += strcmp(word, "done") != 0;
    if (self->print)
        printf("%-9s %s %s%s%s\n", word, kinds[job->kind], job->title, more[0] ? ": " : "", more);
    if (self->print)
        fflush(stdout);
}

static void fetch_ended(report *self, const known_job *job)
{
    const store_fetch *row = project_fetch(self->of, job->row);
    char more[64] = "";
    if (!row) {
        line(self, job, "done", "");
        return;
    }
    snprintf(more, sizeof more, "%lld bytes%s", (long long)row->bytes_done, row->expected_hash[0] ? ", checksum matches" : "");
    bool good = row->state == STORE_FETCH_DONE || row->state == STORE_FETCH_RUNNING; /* it is unpacked next */
    line(self, job, good ? "done" : store_fetch_state_name(row->state), good ? more : row->error);
}

static void look_ended(report *self, const known_job *job)
{
    char more[100];
    const store_data_set *row = project_data_set(self->of, job->row);
    if (row && row->row_count >= 0) {
        snprintf(more, sizeof more, "%lld rows, %lld columns", (long long)row->row_count, (long long)row->column_count);
        line(self, job, "done", more);
    } else if (row) {
        line(self, job, "failed", row->suspect[0] ? row->suspect : row->facts);
    }
}

/* The number behind "valid": in a run's metrics, which the window shows in full. */
static void train_ended(report *self, const known_job *job)
{
    const store_run *row = project_run(self->of, job->row);
    const char *valid = row ? strstr(row->metrics, "\"valid\":") : NULL;
    char more[100];
    if (!row)
        return;
    int length = snprintf(more, sizeof more, "%lld rounds", (long long)row->round);
    if (valid)
        snprintf(more + length, sizeof more - (size_t)length, ", validation %.5g", strtod(valid + 8, NULL));
    line(self, job, store_run_state_name(row->state), row->state == STORE_RUN_DONE ? more : row->error);
}

static void ended(report *self, const known_job *job)
{
    if (job->kind == PROJECT_FETCH || job->kind == PROJECT_UNPACK)
        fetch_ended(self, job);
    else if (job->kind == PROJECT_INSPECT)
        look_ended(self, job);
    else if (job->kind == PROJECT_TRAIN)
        train_ended(self, job);
}

static void on_job(void *user, int64_t id, const project_job *job)
{
    report *self = user;
    known_job **at = &self->jobs;
    while (*at && (*at)->id != id)
        at = &(*at)->next;
    known_job *known = *at;
    if (!job && known) {
        *at = known->next;
        ended(self, known);
        free(known);
    } else if (job && !known && (known = malloc(sizeof *known))) {
        *known = (known_job){.id = id, .row = job->row, .kind = job->kind, .next = self->jobs};
        snprintf(known->title, sizeof known->title, "%s", job->title);
        self->jobs = known;
    }
}

report *report_create(project *of, bool print)
{
    report *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    *self = (report){.of = of, .print = print};
    const project_observer observer = {.job = on_job, .user = self};
    project_observe(of, &observer);
    return self;
}

int report_failures(const report *self)
{
    return self ? self->failures : 0;
}

void report_destroy(report *self)
{
    if (!self)
        return;
    project_forget(self->of, self);
    while (self->jobs) {
        known_job *next = self->jobs->next;
        free(self->jobs);
        self->jobs = next;
    }
    free(self);
}
