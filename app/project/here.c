/* Trainings on a thread of this program: the same code as in a worker process, from the same module, loaded when it is first needed. Stop
 * takes up to a round, and a crash takes the program with it; nothing else is different. */
#include "project/inner.h"

#include "jobs/trainer/train_file.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

struct here {
    pthread_mutex_t lock; /* guards what follows */
    size_t size;
    _Alignas(8) unsigned char newest[BH_JOB_MAX_PROGRESS];
    int niceness; /* fixed */
    bh_task_context *context;
};

/* The module stays loaded: its library has threads of its own. */
static train_here_function *find_function(const char *worker, char *why, size_t size)
{
    char path[PROJECT_PATH];
    train_here_function *found = NULL;
    if (!place_module(worker, "train", path, sizeof path)) {
        snprintf(why, size, "the module of trainings, jobs/train.so, is not installed");
        return NULL;
    }
    void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (module)
        *(void **)&found = dlsym(module, "train_here");
    if (!found) {
        const char *error = dlerror();
        snprintf(why, size, "cannot load %.200s: %.200s", path, error ? error : "it is of another version");
    }
    return found; // cppcheck-suppress resourceLeak ; RTLD_NODELETE
}

/* --- on the thread */

static bool cancelled(void *user)
{
    const job *which = user;
    return which->stop || bh_task_cancelled(which->here->context);
}

static void on_progress(bh_message *message, void *user)
{
    struct here *self = ((const job *)user)->here;
    const void *data;
    size_t size;
    if (bh_message_data(message, &data, &size) || size > sizeof self->newest)
        return;
    pthread_mutex_lock(&self->lock);
    memcpy(self->newest, data, size);
    self->size = size;
    pthread_mutex_unlock(&self->lock);
}

static void destroy_result(void *result)
{
    bh_message_destroy(result);
}

static bh_status train(bh_task_context *context, job *which, train_here_function *function, bh_message *result)
{
    const trainer_callbacks callbacks = {cancelled, on_progress, which};
    table_error error = {.status = BH_OK};
    bh_message_view arguments;
    bh_status status = bh_message_complete(which->arguments, &arguments);
    if (!status)
        status = function(arguments, &callbacks, result, &error);
    if (status && status != BH_CANCELLED)
        return bh_task_fail(context, status, "%s", error.text);
    return status ? status : bh_task_set_result(context, result, destroy_result);
}

static bh_status run(bh_task_context *context, void *user)
{
    char why[512];
    job *which = user;
    which->here->context = context;
    setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), which->here->niceness); /* of this thread, and those that it starts */
    train_here_function *function = find_function(which->of->worker, why, sizeof why);
    if (!function)
        return bh_task_fail(context, BH_ERROR_SYSTEM, "%s", why);
    bh_message *result = bh_message_create();
    if (!result)
        return bh_task_fail(context, BH_ERROR_MEMORY, "no memory");
    bh_status status = train(context, which, function, result);
    if (status)
        bh_message_destroy(result);
    return status;
}

/* --- its end, on S */

static void on_done(void *user, bh_task *task)
{
    job *which = user;
    void *result = NULL;
    bh_thread_failure failure = {.status = BH_OK};
    outcome came = {.status = BH_OK};
    bh_message *last = bh_message_create();
    bool said = last && here_progress(which, last);
    bh_task_get_failure(task, &failure);
    bh_task_get_result(task, &result);
    if (bh_task_get_state(task) == BH_TASK_CANCELLED)
        came.status = BH_CANCELLED;
    else if (failure.status)
        came = (outcome){.status = failure.status, .text = failure.text};
    else if ((came.status = bh_message_complete(result, &came.result)))
        came.text = bh_last_error();
    came.last = said ? last : NULL;
    job_finish(job_take(which), &came);
    bh_message_destroy(last);
}

static void drop_job(void *user)
{
    job_release(user);
}

/* --- on G */

static bool make_threads(project *self)
{
    enum { MOST = 32 }; /* the limit is jobs.c's */
    if (self->threads)
        return true;
    self->threads = bh_thread_pool_create("training", MOST);
    if (self->threads && self->window)
        bh_close_waits_for_pool(self->window, self->threads, self->budget_ms);
    return self->threads != NULL;
}

bool here_submit(job *which, char *sentence, size_t size)
{
    project *self = which->of;
    const bh_task_options options = {BH_TASK_INIT, .name = "training", .done = on_done, .thread = self->thread, .drop = drop_job};
    which->here = calloc(1, sizeof *which->here);
    if (which->here) {
        pthread_mutex_init(&which->here->lock, NULL);
        which->here->niceness = project_number(self, PROJECT_NICENESS, 10, 0, 19);
    }
    if (which->here && make_threads(self))
        which->task = bh_task_start(self->threads, run, job_take(which), &options);
    if (which->task)
        return true;
    snprintf(sentence, size, "%s", which->here ? bh_last_error() : "no memory");
    if (which->here && self->threads)
        job_release(which);
    return false;
}

bool here_progress(const job *which, bh_message *out)
{
    bh_message_view view;
    struct here *self = which->here;
    if (!self)
        return false;
    pthread_mutex_lock(&self->lock);
    bool some = self->size > 0 && bh_message_clear(out) == BH_OK && bh_message_open(self->newest, self->size, &view) == BH_OK &&
                bh_message_add_view(out, NULL, view) == BH_OK;
    pthread_mutex_unlock(&self->lock);
    return some;
}

void here_free(struct here *self)
{
    if (!self)
        return;
    pthread_mutex_destroy(&self->lock);
    free(self);
}
