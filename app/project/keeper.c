/* The store's thread: it opens the store, works through requests in their order, and sends the rows that each has changed. */
#include "project/inner.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- what changed, on S */

static void note(project *self, store_table table, int64_t id, void *rows, size_t count)
{
    row_change *change = malloc(sizeof *change);
    if (!change) {
        store_free(rows);
        return;
    }
    *change = (row_change){table, id, rows, count, NULL};
    *self->last_change = change;
    self->last_change = &change->next;
}

static bh_status list(store *s, store_table table, void *rows, size_t *count)
{
    if (table == STORE_DATA_SETS)
        return store_list_data_sets(s, rows, count);
    return table == STORE_FETCHES ? store_list_fetches(s, rows, count) : store_list_runs(s, NULL, rows, count);
}

static bh_status get(store *s, store_table table, int64_t id, void *row)
{
    if (!store_has(s, table, id))
        return BH_ERROR_NAME;
    if (table == STORE_DATA_SETS)
        return store_get_data_set(s, id, row);
    return table == STORE_FETCHES ? store_get_fetch(s, id, row) : store_get_run(s, id, row);
}

static void note_all(project *self, store_table table)
{
    void *rows;
    size_t count;
    if (list(self->store, table, &rows, &count) == BH_OK)
        note(self, table, 0, rows, count);
}

static void note_events(project *self)
{
    store_event *rows;
    size_t count;
    if (store_list_events(self->store, self->last_event, 0, &rows, &count) || count == 0)
        return;
    self->last_event = rows[count - 1].id;
    note(self, STORE_EVENTS, 0, rows, count);
}

static void on_change(store_table table, int64_t id, void *user)
{
    project *self = user;
    void *row = NULL;
    if (table == STORE_EVENTS) {
        note_events(self);
    } else if (table <= STORE_RUNS) {
        if (id == 0)
            note_all(self, table);
        else
            note(self, table, id, get(self->store, table, id, &row) ? NULL : row, 1);
    }
}

static row_change *take_changes(project *self)
{
    row_change *changes = self->changes;
    self->changes = NULL;
    self->last_change = &self->changes;
    return changes;
}

void keeper_log(project *self, bh_log_level level, store_table table, int64_t row, const char *format, ...)
{
    char text[768];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (self->store)
        store_add_event(self->store, level, table, row, text);
}

/* --- from S to G */

static void free_request(request *self)
{
    project *of = self->of;
    if (self->drop)
        self->drop(self);
    rows_drop(self->changes);
    free(self);
    project_release(of);
}

static void drop_request(void *from)
{
    free_request(from);
}

static bh_status answer(void *from) /* G */
{
    request *self = from;
    project *of = self->of;
    if (of->gone)
        return BH_OK;
    row_change *changes = self->changes;
    self->changes = NULL;
    rows_apply(of, changes);
    if (self->done)
        self->done(self);
    of->asked -= self->counted;
    jobs_schedule(of);
    return BH_OK;
}

static void send_back(request *self)
{
    self->changes = take_changes(self->of);
    if (bh_post_completion(NULL, answer, self, drop_request) != BH_OK)
        free_request(self);
}

/* --- rounds and bytes that are collected */

static void flush(void *from);

static void plan_flush(project *self)
{
    int due = self->store && !self->flush ? store_flush_due_ms(self->store) : -1;
    if (due >= 0)
        self->flush = bh_timer_start(due, BH_TIMER_COARSE, NULL, flush, self);
}

static void end_flush(project *self)
{
    bh_timer_stop(self->flush);
    self->flush = NULL;
}

static void flush(void *from) /* S */
{
    project *self = from;
    end_flush(self);
    if (self->store && store_flush_due_ms(self->store) >= 0) {
        keeper_begin(self);
        store_flush(self->store);
        keeper_end(self, NULL);
    }
}

/* --- requests */

void keeper_begin(project *self)
{
    self->changes = NULL;
    self->last_change = &self->changes;
}

void keeper_end(project *self, request *what)
{
    const request nothing = {.of = self};
    request *made = malloc(sizeof *made);
    if (!made) {
        rows_drop(take_changes(self));
        return;
    }
    *made = what ? *what : nothing;
    made->of = project_take(self);
    send_back(made);
    plan_flush(self);
}

static void keep_sentence(request *self)
{
    if (self->status && !self->sentence[0])
        snprintf(self->sentence, sizeof self->sentence, "%s", bh_last_error());
}

static bh_status work(void *from) /* S */
{
    request *self = from;
    project *of = self->of;
    keeper_begin(of);
    if (self->work && !of->store)
        self->status = BH_ERROR_CLOSED;
    else if (self->work)
        self->status = self->work(self);
    keep_sentence(self);
    project_take(of);
    send_back(self);
    plan_flush(of);
    project_release(of);
    return BH_OK;
}

bh_status keeper_ask(project *self, const request *what)
{
    request *made = malloc(sizeof *made);
    if (!made)
        return bh_report(BH_ERROR_MEMORY, "project", "no memory for a request");
    *made = *what;
    made->of = project_take(self);
    made->counted = true;
    bh_status status = bh_post_completion(self->thread, work, made, NULL);
    if (!status) {
        self->asked++;
        self->busy = true;
        return BH_OK;
    }
    free(made);
    project_release(self);
    return status;
}

/* --- the store's life */

static void load(project *self)
{
    store_event *events = NULL;
    size_t count;
    note_all(self, STORE_DATA_SETS);
    note_all(self, STORE_FETCHES);
    note_all(self, STORE_RUNS);
    if (store_list_events(self->store, 0, 0, &events, &count) == BH_OK && count > 0)
        self->last_event = events[count - 1].id;
    store_free(events);
    store_setting *settings;
    if (store_list_settings(self->store, &settings, &count) == BH_OK)
        note(self, STORE_SETTINGS, 0, settings, count);
}

static bh_status open_store(void *from) /* S */
{
    request *self = from;
    project *of = self->of;
    keeper_begin(of);
    of->store = store_open(of->folder, NULL, &of->found);
    if (of->store) {
        load(of);
        store_set_hook(of->store, (store_hook){on_change, of, NULL});
        launcher_open(of);
    } else if (of->found.status == BH_ERROR_EXISTS) {
        of->raised = instance_ask(of->folder);
    }
    project_take(of);
    send_back(self);
    project_release(of);
    return BH_OK;
}

static void tell_opened(request *self) /* G */
{
    project *of = self->of;
    of->opened = of->loaded = true;
    of->usable = of->found.status == BH_OK;
    const request sweep = {.work = files_sweep};
    if (of->usable) {
        instance_start(of);
        keeper_ask(of, &sweep);
    }
    EACH_OBSERVER(of, opened, (e->told.user, &of->found));
    for (size_t i = 0; i < of->lists[STORE_DATA_SETS].count; i++)
        jobs_notice(of, STORE_DATA_SETS, *(const int64_t *)of->lists[STORE_DATA_SETS].rows[i]);
    of->busy = true;
}

bool keeper_start(project *self)
{
    self->last_change = &self->changes;
    self->thread = bh_thread_create("store");
    request *first = calloc(1, sizeof *first);
    if (!self->thread || !first || bh_thread_start(self->thread)) {
        free(first);
        return false;
    }
    first->of = project_take(self);
    first->done = tell_opened;
    if (bh_post_completion(self->thread, open_store, first, NULL) == BH_OK)
        return true;
    free(first);
    project_release(self);
    return false;
}

typedef struct last_wish {
    project *of;
    void (*closed)(void *user);
    void *user;
} last_wish;

static bh_status close_store(void *from) /* S */
{
    last_wish *it = from;
    project *self = it->of;
    keeper_begin(self);
    end_flush(self);
    if (self->store)
        store_close(self->store);
    self->store = NULL;
    rows_drop(take_changes(self));
    if (it->closed)
        it->closed(it->user);
    project_release(self);
    free(it);
    return BH_OK;
}

bh_status keeper_close(project *self, void (*closed)(void *user), void *user)
{
    last_wish *it = malloc(sizeof *it);
    if (!it || !self->thread) {
        free(it);
        return BH_ERROR_STATE;
    }
    *it = (last_wish){project_take(self), closed, user};
    bh_status status = bh_post_completion(self->thread, close_store, it, NULL);
    if (status) {
        project_release(self);
        free(it);
    }
    return status;
}

void keeper_stop(project *self, int timeout_ms)
{
    if (!self->thread)
        return;
    keeper_close(self, NULL, NULL);
    bh_thread_quit(self->thread);
    if (bh_thread_wait(self->thread, timeout_ms) == BH_OK)
        bh_thread_destroy(self->thread);
    self->thread = NULL;
}
