/* Jobs as a person sees them, and ends them. */
#include "project/inner.h"

job *jobs_find(const project *self, int64_t id)
{
    for (size_t i = 0; self && i < self->job_count; i++)
        if (self->jobs[i]->seen.id == id)
            return self->jobs[i];
    return NULL;
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

const project_job *project_job_of(const project *self, store_table table, int64_t row)
{
    for (size_t i = 0; self && i < self->job_count; i++)
        if (self->jobs[i]->seen.table == table && self->jobs[i]->seen.row == row && row != 0)
            return &self->jobs[i]->seen;
    return NULL;
}

static void tell(const job *which)
{
    EACH_OBSERVER(which->of, job, (e->told.user, which->seen.id, &which->seen));
}

void job_stop(job *which)
{
    bool waiting = !which->begun;
    if (which->stop)
        return;
    which->stop = true;
    which->begun = true; /* so that it does not begin */
    which->seen.state = PROJECT_STOPPING;
    which->seen.stoppable = false;
    if (waiting)
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
    for (size_t i = self->job_count; i > 0; i--)
        if (i <= self->job_count)
            job_stop(self->jobs[i - 1]);
    return BH_OK;
}
