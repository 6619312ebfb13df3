/* The checklist: all rows, one after the other, each with its own look at the program. */
#include "checklist/rows.h"
#include "core/door.h"
#include "process/probe.h"

#include <bulkhead/app.h>
#include <bulkhead/checklist.h>
#include <bulkhead/main_guard.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ROWS = 16, TIMEOUT_MS = 20000 };

/* One block: the result, and all it points to. */
typedef struct block {
    bh_checklist_result result;
    bh_checklist_row rows[ROWS];
    char seen[ROWS][BH__SEEN];
    char program[4096];
} block;

/* --- what was asked for */

static bool refuse_here(const char *call)
{
    if ((bh_app() && bh_is_gui_thread()))
        bh__fail(BH_DEADLOCK, call, "called on the GUI thread, which it would hold up for up to a minute: start a task for it");
    else if (!bh__probe_has_guard())
        bh__fail(BH_ERROR_STATE, call, "bh_main_guard was not called: make it the first statement of main");
    else if (bh_is_worker_process())
        bh__fail(BH_ERROR_STATE, call, "this is a worker process: call it in the program");
    else if (bh__probe_action())
        bh__fail(BH_ERROR_STATE, call, "a checklist is looking at this program: it cannot look at itself meanwhile");
    else
        return false;
    return true;
}

static bool find_program(const char *wanted, char *out, size_t size, const char *call)
{
    ssize_t length = wanted ? 0 : readlink("/proc/self/exe", out, size - 1);
    if (!wanted && length > 0)
        out[length] = 0;
    else if (!wanted)
        bh__fail(BH_ERROR_SYSTEM, call, "this program's own path cannot be read: %s", strerror(errno));
    else if (snprintf(out, size, "%s", wanted) >= (int)size)
        bh__fail(BH_ERROR_RANGE, call, "program is longer than %zu bytes", size);
    if ((wanted && strlen(wanted) >= size) || (!wanted && length <= 0))
        return false;
    if (access(out, X_OK) == 0)
        return true;
    bh__fail(BH_ERROR_IO, call, "there is no program '%s' that can be started: %s", out, strerror(errno));
    return false;
}

static bool is_row(const char *name)
{
    const bh__row *row = bh__rows;
    while (row->name && strcmp(row->name, name) != 0)
        row++;
    return row->name != NULL;
}

static bool check(const bh_checklist_options *options, const char *call)
{
    if (options->size < sizeof *options)
        bh__fail(BH_ERROR_RANGE, call, "options->size is %zu: begin with BH_CHECKLIST_INIT", options->size);
    else if (options->timeout_ms < 0)
        bh__fail(BH_ERROR_RANGE, call, "timeout_ms is %d: pass 0 for %d, or how long a process may take", options->timeout_ms,
                 TIMEOUT_MS);
    else if (options->only && !is_row(options->only))
        bh__fail(BH_ERROR_NAME, call, "there is no row '%s'; the first is '%s'", options->only, bh__rows[0].name);
    else
        return true;
    return false;
}

/* --- the rows */

static void describe(bh_checklist_row *out, const bh__row *row)
{
    *out = (bh_checklist_row){
        .name = row->name, .list = row->list, .practice = row->practice, .why = row->why, .here = row->here, .seen = ""};
}

/* False if somebody has stopped it. */
static bool probe(const bh__row *row, const bh__look_at *at, bh_checklist_row *out, char *seen)
{
    bh__judging *self = bh__calloc(1, sizeof *self);
    int64_t begun = bh__clock_ms();
    bool stopped = false;
    out->seen = seen;
    if (self) {
        self->at = at;
        self->look.line = self->look.output_end = -1;
        out->passed = row->judge(self);
        stopped = self->look.stopped;
        bh__copy_text(seen, BH__SEEN, self->seen);
        bh__look_end(&self->look);
        bh__free(self);
    } else {
        bh__copy_text(seen, BH__SEEN, "no memory to look at the program");
    }
    out->took_ms = bh__clock_ms() - begun;
    return !stopped;
}

static bool probe_all(const bh_checklist_options *options, const bh__look_at *at, block *out)
{
    size_t all = options->only ? 1 : ROWS, index = 0;
    for (const bh__row *row = bh__rows; row->name; row++) {
        bh_checklist_row *to = &out->rows[index];
        if (options->only && strcmp(options->only, row->name) != 0)
            continue;
        describe(to, row);
        if (options->row)
            options->row(options->user, to, index, all, false);
        if ((options->stopped && options->stopped(options->user)) || !probe(row, at, to, out->seen[index]))
            return false;
        if (options->row)
            options->row(options->user, to, index, all, true);
        out->result.passed += to->passed;
        out->result.failed += !to->passed;
        index++;
    }
    out->result.count = index;
    return true;
}

bh_status(bh_checklist_run)(const bh_checklist_options *options, bh_checklist_result **out)
{
    static const char call[] = "bh_checklist_run";
    static const bh_checklist_options usual = {BH_CHECKLIST_INIT};
    if (out)
        *out = NULL;
    else
        return bh__fail(BH_ERROR_NULL, call, "out is NULL: pass where the result is to go");
    options = options ? options : &usual;
    if (refuse_here(call) || !check(options, call))
        return bh__last_status();
    block *made = bh__calloc(1, sizeof *made);
    if (!made)
        return bh__fail(BH_ERROR_MEMORY, call, "no memory for a result");
    const bh__look_at at = {.program = made->program,
                            .arguments = options->arguments,
                            .timeout_ms = options->timeout_ms ? options->timeout_ms : TIMEOUT_MS,
                            .stopped = options->stopped,
                            .user = options->user};
    made->result.program = made->program;
    made->result.rows = made->rows;
    bool found = find_program(options->program, made->program, sizeof made->program, call);
    if (found && probe_all(options, &at, made)) {
        *out = &made->result;
        return BH_OK;
    }
    bh__free(made);
    return found ? BH_CANCELLED : bh__last_status();
}
