/* Jobs as a person sees them, and ends them. */
#include "project/inner.h"

#include <stdlib.h>

job *jobs_find(const project *self, int64_t id)
{
    size_t low = 0, high = self ? self->job_count : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (self->jobs[middle]->seen.id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return self && low < self->job_count && self->jobs[low]->seen.id == id ? self->jobs[low] : NULL;
}

const project_job *project_find_job(const project *self, int64_t id)
{
    const job *found = jobs_find(self, id);
    return found ? &found->seen : NULL;
}

const project_job *const *project_jobs(const project *self, size_t *count)
{
    size_t found = 0;
    for (int begun = 1; self && begun >= 0; begun--)
        for (size_t i = 0; i < self->job_count; i++)
            if (self->jobs[i]->begun == begun)
                self->shown[found++] = &self->jobs[i]->seen;
    *count = found;
    return self ? self->shown : NULL;
}

static size_t bucket_of(store_table table, int64_t row)
{
    return ((uint64_t)row * 4 + (uint64_t)table) % PROJECT_BUCKETS;
}

job **jobs_bucket(project *self, store_table table, int64_t row)
{
    return &self->by_row[bucket_of(table, row)];
}

/* Asked for each row that is shown, each time. */
const project_job *project_job_of(const project *self, store_table table, int64_t row)
{
    const job *at = self && row != 0 ? self->by_row[bucket_of(table, row)] : NULL;
    while (at && (at->seen.table != table || at->seen.row != row))
        at = at->neighbour;
    return at ? &at->seen : NULL;
}

static void tell(const job *which)
{
    EACH_OBSERVER(which->of, job, (e->told.user, which->seen.id, &which->seen));
}

/* True: it only waits, and was not told to stop before. */
static bool mark_stopped(job *which)
{
    bool waiting = !which->begun && !which->stop;
    which->stop = true;
    which->begun = true; /* so that it does not begin */
    which->seen.state = PROJECT_STOPPING;
    which->seen.stoppable = false;
    return waiting;
}

void job_stop(job *which)
{
    if (which->stop)
        return;
    if (mark_stopped(which))
        job_finish_later(which, BH_CANCELLED, NULL);
    else if (which->future)
        bh_future_cancel(which->future);
    else if (which->task)
        bh_task_cancel(which->task);
    tell(which);
}

static job *find_or_say(project *self, int64_t id, const char *call)
{
    job *found = jobs_find(self, id);
    if (!found)
        bh_report(BH_ERROR_STALE, call, "there is no job %lld any more", (long long)id);
    return found;
}

bh_status project_stop(project *self, int64_t id)
{
    job *found = find_or_say(self, id, "project_stop");
    if (found)
        job_stop(found);
    return found ? BH_OK : BH_ERROR_STALE;
}

bh_status project_kill(project *self, int64_t id)
{
    job *found = find_or_say(self, id, "project_kill");
    if (!found)
        return BH_ERROR_STALE;
    if (found->task)
        return bh_report(BH_ERROR_STATE, "project_kill",
                         "'%s' trains on a thread of this program, which cannot be killed: stop it", found->title);
    if (!found->begun || !found->future) {
        job_stop(found);
        found->kill = true;
        return BH_OK;
    }
    found->stop = found->kill = true;
    found->seen.state = PROJECT_STOPPING;
    found->seen.stoppable = found->seen.killable = false;
    bh_future_kill(found->future);
    tell(found);
    return BH_OK;
}

bh_status project_stop_all(project *self)
{
    if (!self)
        return bh_report(BH_ERROR_NULL, "project_stop_all", "project is NULL");
    job **waiting = calloc(self->job_count + 1, sizeof *waiting); /* thousands, perhaps: one change of the store */
    size_t count = 0;
    for (size_t i = 0; waiting && i < self->job_count; i++)
        if (!self->jobs[i]->begun && mark_stopped(self->jobs[i]))
            waiting[count++] = self->jobs[i];
    if (count && !jobs_cancel_waiting(self, waiting, count))
        for (size_t i = 0; i < count; i++)
            job_finish_later(waiting[i], BH_CANCELLED, NULL);
    for (size_t i = 0; i < count; i++)
        tell(waiting[i]);
    free(waiting);
    for (size_t i = self->job_count; i > 0; i--)
        if (i <= self->job_count)
            job_stop(self->jobs[i - 1]);
    return BH_OK;
}
