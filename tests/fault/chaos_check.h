/* What became of the tasks of a round, held against what their functions have written down. */
#ifndef FAULT_CHAOS_CHECK_H
#define FAULT_CHAOS_CHECK_H

#include "fault/chaos_parent.h"

typedef struct written {
    int begins, ends;
    int64_t last_ns;
} written;

static void sum_up(const chaos_entry *entries, size_t count, written *of)
{
    for (size_t i = 0; i < count; i++) {
        if (entries[i].task >= TASKS) {
            WRONG_IF(true, "the log has a task %u", entries[i].task);
            continue;
        }
        written *one = &of[entries[i].task];
        one->begins += entries[i].begin == 1;
        one->ends += entries[i].begin == 0;
        one->last_ns = entries[i].time_ns > one->last_ns ? entries[i].time_ns : one->last_ns;
    }
    for (uint32_t i = 0; i < TASKS; i++)
        WRONG_IF(of[i].begins > 1 + retries_of(i), "task %u was run %d times", i, of[i].begins);
}

static void check_result(uint32_t number, const written *log)
{
    bh_message_view view;
    const void *bytes;
    size_t size = 0;
    uint64_t value = mix(round_plan.seed + number);
    fate what = all[number].what;
    bh_status status = bh_future_result(all[number].future, &view);
    WRONG_IF(status, "task %u is done and its result cannot be read: %s", number, bh_last_error());
    if (status)
        return;
    WRONG_IF(bh_message_get_uint(view, "value", 0) != value, "task %u has a wrong result", number);
    WRONG_IF(what != FATE_WELL && what != FATE_LARGE && what != FATE_PRINT, "task %u cannot have ended well", number);
    WRONG_IF(what == FATE_LARGE && (bh_message_read_bytes(view, "bytes", &bytes, &size) || size != 80000), "task %u: %zu bytes",
             number, size);
    WRONG_IF(!log->ends, "task %u is done, but was never at its end", number);
}

/* There was no memory even for the facts. */
static bool is_poor(const bh_process_failure *failure)
{
    return round_plan.no_memory && failure->attempts == 0;
}

/* Whether a task of this fate may have failed like this in this round. */
static bool is_plausible(const task *of, const bh_process_failure *failure, const bh_process_pool_statistics *counts)
{
    switch (failure->kind) {
    case BH_FAILURE_RETURNED:
        if (is_poor(failure))
            return of->what == FATE_FAIL || of->what == FATE_FULL_DISK;
        return (of->what == FATE_FAIL && failure->status == BH_ERROR_RANGE) ||
               (of->what == FATE_FULL_DISK && failure->status == BH_ERROR_IO) ||
               (round_plan.no_memory && failure->status == BH_ERROR_MEMORY);
    case BH_FAILURE_SIGNAL:
    case BH_FAILURE_EXIT:
        return counts->deaths > 0;
    case BH_FAILURE_QUARANTINED:
        return counts->deaths > 1;
    case BH_FAILURE_DEADLINE:
        return of->what == FATE_DEAF || of->what == FATE_STOP || round_plan.stops;
    case BH_FAILURE_CANCELLED:
        return of->cancelled;
    case BH_FAILURE_MEMORY:
        return round_plan.no_memory;
    case BH_FAILURE_PROTOCOL:
        return round_plan.lies;
    case BH_FAILURE_CLOSED:
        return round_plan.closes_early;
    case BH_FAILURE_BUDGET:
    case BH_FAILURE_LAUNCHER:
        return counts->gave_up;
    case BH_FAILURE_NONE:
    case BH_FAILURE_INITIALISER:
    case BH_FAILURE_NO_FUNCTION:
        break;
    }
    return false;
}

static bool is_by_death(bh_failure_kind kind)
{
    return kind == BH_FAILURE_SIGNAL || kind == BH_FAILURE_EXIT || kind == BH_FAILURE_PROTOCOL || kind == BH_FAILURE_QUARANTINED;
}

/* Returns 1 if a worker's death has cost it. */
static uint64_t check_failure(uint32_t number, const written *log, const bh_process_pool_statistics *counts)
{
    bh_process_failure failure;
    const task *of = &all[number];
    if (bh_future_failure(of->future, &failure)) {
        WRONG_IF(true, "task %u has neither result nor failure: %s", number, bh_last_error());
        return 0;
    }
    WRONG_IF(!is_plausible(of, &failure, counts), "task %u of fate %d cannot have failed so: %s %s", number, of->what,
             bh_failure_kind_name(failure.kind), failure.text);
    WRONG_IF(log->begins > failure.attempts && !is_poor(&failure), "task %u was begun %d times, but its failure (%s) says %d",
             number, log->begins, bh_failure_kind_name(failure.kind), failure.attempts);
    return is_by_death(failure.kind);
}

static void check_one(uint32_t number, const written *log)
{
    const task *of = &all[number];
    WRONG_IF(!of->future && log->begins, "task %u was refused, and was run", number);
    if (!of->future)
        return;
    WRONG_IF(of->done != of->watched || of->dropped != of->watched, "the callback of task %u ran %d times, its drop %d", number,
             of->done, of->dropped);
    WRONG_IF(of->watched && log->last_ns > of->done_ns, "task %u went on after its future was done", number);
}

static void check_all(const bh_process_pool_statistics *counts)
{
    written log[TASKS] = {0};
    size_t count;
    uint64_t lost = 0;
    chaos_entry *entries = read_log(getenv(CHAOS_LOG), &count);
    sum_up(entries, count, log);
    free(entries);
    for (uint32_t i = 0; i < TASKS; i++) {
        check_one(i, &log[i]);
        if (all[i].future && bh_future_get_state(all[i].future) == BH_FUTURE_DONE)
            check_result(i, &log[i]);
        else if (all[i].future)
            lost += check_failure(i, &log[i], counts);
        bh_future_destroy(all[i].future);
    }
    /* One each; but where an answer was no message, all that the worker had begun by then, as nothing after it is read; and of a launcher
     * that was killed all that was on its way, as nobody can say what of it had begun. */
    WRONG_IF(lost > counts->deaths && !round_plan.lies && !getenv("TEST_LAUNCH"), "%d tasks were lost to %d deaths", (int)lost,
             (int)counts->deaths);
}

#endif
