/* A project: opening it, who observes it, its settings and paths. */
#include "project/inner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- its memory, which all that is under way shares */

project *project_take(project *self)
{
    atomic_fetch_add(&self->references, 1);
    return self;
}

static void free_observers(project *self)
{
    while (self->observers) {
        observer_entry *next = self->observers->next;
        free(self->observers);
        self->observers = next;
    }
}

void project_release(project *self)
{
    if (atomic_fetch_sub(&self->references, 1) > 1)
        return;
    free_observers(self);
    free(self->launcher);
    free(self);
}

/* --- observers */

void project_observe(project *self, const project_observer *observer)
{
    observer_entry *made = self && observer ? calloc(1, sizeof *made) : NULL;
    if (!made)
        return;
    made->told = *observer;
    observer_entry **last = &self->observers;
    while (*last)
        last = &(*last)->next;
    *last = made;
    if (self->opened && observer->opened)
        observer->opened(observer->user, &self->found);
}

/* Those that are being told may be in the middle of the list: it is swept when nobody is. */
void project_forget(project *self, void *user)
{
    if (!self)
        return;
    for (observer_entry *e = self->observers; e; e = e->next)
        e->gone |= e->told.user == user;
    for (observer_entry **e = &self->observers; self->telling == 0 && *e;) {
        observer_entry *next = (*e)->next;
        if ((*e)->gone) {
            free(*e);
            *e = next;
        } else {
            e = &(*e)->next;
        }
    }
}

void project_tell_idle(project *self)
{
    if (!self->busy || !self->opened)
        return;
    self->busy = false;
    EACH_OBSERVER(self, idle, (e->told.user));
}

bool project_is_idle(const project *self)
{
    return self && self->opened && !self->busy;
}

/* --- opening */

static bool set_folder(project *self, const char *folder)
{
    if (folder[0] == '/')
        return snprintf(self->folder, sizeof self->folder, "%s", folder) < (int)sizeof self->folder;
    char here[PROJECT_PATH];
    return getcwd(here, sizeof here) &&
           snprintf(self->folder, sizeof self->folder, "%s/%s", here, folder) < (int)sizeof self->folder;
}

static bool set_worker(project *self, const project_options *options)
{
    if (options && options->worker)
        return snprintf(self->worker, sizeof self->worker, "%s", options->worker) < (int)sizeof self->worker;
    return place_worker(self->worker, sizeof self->worker);
}

project *project_open(const char *folder, const project_options *options)
{
    if (!folder || !folder[0]) {
        bh_report(BH_ERROR_NULL, "project_open", "folder is %s: give the project's folder", folder ? "empty" : "NULL");
        return NULL;
    }
    project *self = calloc(1, sizeof *self);
    if (!self) {
        bh_report(BH_ERROR_MEMORY, "project_open", "no memory");
        return NULL;
    }
    self->references = 1;
    if (!set_folder(self, folder))
        bh_report(BH_ERROR_RANGE, "project_open", "the path %.200s… is too long", folder);
    else if (!set_worker(self, options))
        bh_report(BH_ERROR_NAME, "project_open", "there is no bulkhead-worker beside this program: install it, too");
    else if (keeper_start(self))
        return self;
    project_release(self);
    return NULL;
}

bool project_is_open(const project *self)
{
    return self && self->usable && !self->closing;
}

const char *project_folder(const project *self)
{
    return self ? self->folder : "";
}

bool project_raised_other(const project *self)
{
    return self && self->raised;
}

const char *project_worker(const project *self)
{
    return self ? self->worker : "";
}

bh_status project_check(const project *self, const char *call)
{
    if (!self)
        return bh_report(BH_ERROR_NULL, call, "project is NULL");
    if (!self->usable)
        return bh_report(BH_ERROR_STATE, call, "the project %s is not open%s", self->folder, self->opened ? "" : " yet");
    return self->closing ? bh_report(BH_ERROR_CLOSED, call, "the project %s is being closed", self->folder) : BH_OK;
}

/* --- paths */

bool project_data_path(const project *self, int64_t data_set, char *out, size_t size)
{
    const store_data_set *row = project_data_set(self, data_set);
    if (!row)
        return false;
    int length =
        row->file[0] == '/' ? snprintf(out, size, "%s", row->file) : snprintf(out, size, "%s/%s", self->folder, row->file);
    return length > 0 && (size_t)length < size;
}

bool project_run_path(const project *self, int64_t run, char *out, size_t size)
{
    int length = project_run(self, run) ? snprintf(out, size, "%s/runs/%lld", self->folder, (long long)run) : -1;
    return length > 0 && (size_t)length < size;
}

bool project_model_path(const project *self, int64_t run, char *out, size_t size)
{
    const store_run *row = project_run(self, run);
    int length = row && row->model[0] ? snprintf(out, size, "%s/%s", self->folder, row->model) : -1;
    return length > 0 && (size_t)length < size;
}

/* --- settings */

const char *project_setting(const project *self, const char *name)
{
    const setting *found = self ? self->settings : NULL;
    while (found && name && strcmp(found->name, name) != 0)
        found = found->next;
    return found && name ? found->value : "";
}

int project_number(const project *self, const char *name, int fallback, int least, int most)
{
    const char *text = project_setting(self, name);
    char *end;
    long value = strtol(text, &end, 10);
    if (!text[0] || *end)
        return fallback;
    return value < least ? least : value > most ? most : (int)value;
}

typedef struct new_setting {
    char *name, *value;
} new_setting;

static bh_status write_setting(request *self)
{
    const new_setting *it = self->data;
    return store_set_setting(self->of->store, it->name, it->value);
}

static void free_setting(new_setting *it)
{
    if (!it)
        return;
    free(it->name);
    free(it->value);
    free(it);
}

static void drop_setting(request *self)
{
    free_setting(self->data);
}

static bool remember(project *self, const char *name, const char *value)
{
    setting *known = self->settings;
    while (known && strcmp(known->name, name) != 0)
        known = known->next;
    char *copy = strdup(value);
    if (!known && copy && (known = calloc(1, sizeof *known))) {
        known->name = strdup(name);
        known->next = self->settings;
        self->settings = known;
    }
    if (!known || !copy) {
        free(copy);
        return false;
    }
    free(known->value);
    known->value = copy;
    return known->name != NULL;
}

bh_status project_set_setting(project *self, const char *name, const char *value)
{
    bh_status status = project_check(self, "project_set_setting");
    if (status)
        return status;
    if (!name || !name[0] || !value)
        return bh_report(BH_ERROR_NULL, "project_set_setting", "name or value is NULL, or the name is empty");
    new_setting *it = calloc(1, sizeof *it);
    if (it)
        *it = (new_setting){strdup(name), strdup(value)};
    if (!it || !it->name || !it->value || !remember(self, name, value)) {
        free_setting(it);
        return bh_report(BH_ERROR_MEMORY, "project_set_setting", "no memory");
    }
    const request asked = {.work = write_setting, .drop = drop_setting, .data = it};
    status = keeper_ask(self, &asked);
    if (!status)
        jobs_schedule(self);
    return status;
}
