/* What comes from a worker: packets, output, and its end. Nothing of a packet is believed before all of it was checked, and what a task
 * gets from here is what a worker's death leaves as the truth: a result that had arrived counts, a task that had begun failed, any
 * other goes to the next worker. */
#include "process/process.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "process/fault.h"
#include "process/link.h"
#include "process/memory_file.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { MOST_PACKETS = 64 }; /* of one worker in a row */

void bh__process_break_off(bh__process *process)
{
    bh__process_kill(process, "sent what is no message");
}

/* --- results */

/* The payload for the future to keep: a copy, or a mapping of its own. One that was fetched is there already. */
static bool take_payload(const bh__result_record *record, const void *payload, int *file, bh__outcome *out)
{
    out->size = record->payload_size;
    if (record->flags & (BH__RECORD_FETCH | BH__RECORD_CHUNKS))
        return out->result != NULL;
    out->mapped = *file >= 0;
    if (out->mapped) {
        out->result = bh__memory_file_map(*file, record->payload_size);
        *file = -1;
        return out->result != NULL;
    }
    void *copy = bh__malloc(out->size);
    if (copy && out->size)
        memcpy(copy, payload, out->size);
    out->result = copy;
    return copy != NULL;
}

static void fail_returned(bh__process *process, bh__task *task, const bh__result_record *record, const char *text)
{
    bh_status status = record->status > BH_OK && record->status <= BH_ERROR_FULL ? (bh_status)record->status : BH_ERROR;
    bh_process_failure facts = {.kind = BH_FAILURE_RETURNED, .status = status, .exit_code = -1};
    bh__output_read(&process->output, process->at.output);
    if (task->reason) {
        bh__task_end_for(task, task->reason, &process->output);
        return;
    }
    if (record->flags & BH__RECORD_NO_FUNCTION) {
        facts.kind = BH_FAILURE_NO_FUNCTION;
        bh__task_fail(task, facts, &process->output, "is not in the table of the worker program '%s'", task->pool->program);
        return;
    }
    if (status == BH_ERROR_MEMORY)
        facts.kind = BH_FAILURE_MEMORY;
    bh__task_fail(task, facts, &process->output, "failed: %s", text);
}

static void finish(bh__process *process, bh__task *task, const bh__result_record *record, const void *payload, int *file,
                   void *fetched)
{
    bh__outcome outcome = {fetched, 0, false, NULL};
    task->attempts++;
    task->last_pid = process->link ? process->link->worker : process->at.pid;
    if (record->status != BH_OK) {
        fail_returned(process, task, record, payload);
    } else if (take_payload(record, payload, file, &outcome)) {
        bh__task_finish(task, outcome);
    } else {
        const bh_process_failure facts = {.kind = BH_FAILURE_MEMORY, .status = BH_ERROR_MEMORY, .exit_code = -1};
        bh__task_fail(task, facts, NULL, "ended well, but there is no memory for its %zu bytes of result", outcome.size);
    }
}

/* Tiny tasks are sent many at a time: how many, their average says. */
static void measure(bh__pool *pool, uint64_t ran_ns)
{
    int64_t ran = ran_ns > 60000000000u ? 60000000000 : (int64_t)ran_ns;
    pool->average_ns = pool->average_ns ? pool->average_ns + (ran - pool->average_ns) / 8 : ran + 1;
    if (pool->average_ns < 1)
        pool->average_ns = 1;
}

static void look_at_progress(bh__process *process);

void bh__process_become_ready(bh__process *process)
{
    process->state = BH__READY;
    process->start_by_ms = process->tasks ? bh__clock_ms() + process->pool->options.start_timeout_ms : 0;
    process->pool->spawn_failures = 0;
}

static void on_initialised(bh__process *process, const bh__result_record *record, const char *text)
{
    char sentence[512];
    if (record->status == BH_OK) {
        process->initialised = true;
        bh__process_become_ready(process);
        return;
    }
    snprintf(sentence, sizeof sentence, "its initialiser '%s' failed: %.400s", process->pool->initialiser,
             record->flags & BH__RECORD_NO_FUNCTION ? "the worker's table has no such function" : text);
    process->expected = true;
    bh__pool_give_up(process->pool, BH_FAILURE_INITIALISER, sentence);
    bh__process_kill(process, NULL);
}

static bool is_text(const bh__result_record *record, const char *payload)
{
    return record->payload_size > 0 && !(record->flags & (BH__RECORD_MEMFD | BH__RECORD_CHUNKS)) &&
           payload[record->payload_size - 1] == 0;
}

/* Copies a result from the worker's memory, if it is WANTED; and lets the worker go on. OUT stays NULL without memory. */
static bh__fetch fetch(bh__process *process, const bh__result_record *record, const void *payload, bool wanted, void **out)
{
    uint64_t address;
    bh__fetch how = BH__FETCH_OK;
    memcpy(&address, payload, sizeof address);
    *out = wanted ? bh__malloc(record->payload_size) : NULL;
    if (*out)
        bh__memory_is_large(*out, record->payload_size);
    if (*out)
        how = bh__memory_fetch(process->at.pid, address, *out, record->payload_size);
    if (how != BH__FETCH_OK) {
        bh__free(*out);
        *out = NULL;
    }
    if (how != BH__FETCH_WRONG)
        bh__page_answer_fetch(process->at.page, how == BH__FETCH_OK ? BH__FETCH_DONE : BH__FETCH_REFUSED);
    return how;
}

/* False: that cannot be. */
static bool on_result(bh__process *process, const bh__result_record *record, const void *payload, int *file)
{
    if (record->sequence != process->acked + 1 || process->acked == process->sent)
        return false;
    if (record->status != BH_OK && !is_text(record, payload))
        return false;
    bh__task **slot = &process->slots[record->sequence % BH__RING];
    bh__task *task = *slot;
    bool initialiser = record->flags & BH__RECORD_INITIALISE;
    void *fetched = NULL;
    if ((task && (initialiser || record->flags & BH__RECORD_SKIPPED)) || (initialiser && process->initialised))
        return false;
    if (record->flags & BH__RECORD_CHUNKS && !bh__link_take_chunks(process, record->payload_size, &fetched))
        return false;
    if (record->flags & BH__RECORD_FETCH) {
        bh__fetch how = fetch(process, record, payload, task != NULL, &fetched);
        if (how != BH__FETCH_OK)
            return how != BH__FETCH_WRONG; /* it comes again by another way, or its end is about to be seen */
    }
    look_at_progress(process); /* the last of this task's, before its end */
    *slot = NULL;
    process->acked++;
    if (initialiser)
        on_initialised(process, record, payload);
    if (!task) {
        bh__free(fetched);
        return true;
    }
    if (--process->tasks == 0)
        process->start_by_ms = 0;
    measure(process->pool, record->ran_ns);
    uint64_t most = process->pool->options.memory_growth;
    if (most && record->growth > most)
        process->retiring = true;
    bool was_ending = task->reason != BH__NO_REASON;
    finish(process, task, record, payload, file, fetched);
    process->output.mark = process->output.total;
    if (was_ending)
        bh__process_release(process);
    return true;
}

static void receive_result(bh__process *process, const void *packet, int *file)
{
    const void *payload;
    bh__packet_head head;
    size_t at = sizeof head;
    memcpy(&head, packet, sizeof head);
    uint32_t outside = *file >= 0 ? BH__RECORD_MEMFD : process->link && process->link->incoming_got ? BH__RECORD_CHUNKS : 0;
    const bh__result_record *record = head.count == 1 ? bh__wire_result(packet, &at, outside, &payload) : NULL;
    bool whole = record && at == head.size && !(process->link && record->flags & BH__RECORD_FETCH);
    if (!whole || !on_result(process, record, payload, file))
        bh__process_break_off(process);
}

/* --- progress */

/* The newest progress, unless the worker is writing it just now: then it rings again. */
static void look_at_progress(bh__process *process)
{
    uint64_t copy[BH_JOB_MAX_PROGRESS / 8];
    uint32_t sequence;
    size_t size = bh__page_read_progress(process->at.page, &process->progress_seen, &sequence, copy);
    bool here = sequence - process->acked - 1 < process->sent - process->acked;
    bh__task *task = here ? process->slots[sequence % BH__RING] : NULL;
    if (task && size)
        bh__task_progress(task, copy, size);
}

static void on_progress(bh__process *process)
{
    atomic_store(&process->at.page->progress_rung, 0); /* before it looks: what comes now rings again */
    look_at_progress(process);
}

/* --- packets */

static void on_hello(bh__process *process)
{
    if (process->state != BH__STARTING || !process->initialised)
        return;
    bh__process_become_ready(process);
}

/* *FILE is -1, or what came with the packet; it becomes -1 where it is used. */
static void on_packet(bh__process *process, const void *packet, size_t size, int *file)
{
    bh__packet_head head;
    bool known = bh__wire_check(packet, size, 0);
    memcpy(&head, packet, sizeof head);
    if (known && head.kind == BH__PACKET_RESULT)
        receive_result(process, packet, file);
    else if (known && head.kind == BH__PACKET_NOTE && process->link)
        bh__link_on_note(process, packet);
    else if (known && head.kind == BH__PACKET_HELLO && head.count == 0 && *file < 0 && !process->link)
        on_hello(process);
    else if (known && head.kind == BH__PACKET_PROGRESS && head.count == 0 && *file < 0 && !process->link)
        on_progress(process);
    else
        bh__process_break_off(process);
}

/* Returns what the transport said last. */
static int receive_packets(bh__process *process, int most)
{
    static _Alignas(8) unsigned char packet[BH__PACKET_SIZE];
    for (int i = 0; !process->broken && process->on_channel.descriptor >= 0; i++) {
        int file, size = 1;
        if (i >= most && !bh__stream_has_more(&process->at.channel)) /* what was read comes with no further event */
            break;
        if (process->link && !process->link->greeted)
            size = bh__link_greet(process);
        if (size == 0 || size == -1)
            return size;
        size = process->at.channel.ways->receive(&process->at.channel, packet, sizeof packet, &file, false);
        if (size == 0 || size == -1)
            return size;
        bh__fault_step();
        if (size < 0 || (size_t)size < sizeof(bh__packet_head))
            bh__process_break_off(process);
        else
            on_packet(process, packet, (size_t)size, &file);
        if (file >= 0)
            close(file);
    }
    return -1;
}

void bh__process_on_channel(void *user, uint32_t events)
{
    bh__process *process = user;
    if (process->on_channel.descriptor < 0)
        return;
    if (events & EPOLLOUT)
        bh__process_flush(process);
    if (process->link)
        process->link->heard_ms = bh__clock_ms();
    if (receive_packets(process, MOST_PACKETS) == 0 && process->state != BH__DEAD)
        bh__process_hung_up(process);
    if (process->link && process->on_channel.descriptor >= 0)
        bh__process_flush(process); /* what was to be said to it */
    if (process->broken && process->on_channel.descriptor >= 0) {
        bh__reactor_forget(&process->on_channel);
        process->on_channel.descriptor = -1;
    }
}

void bh__process_on_room(void *user, uint32_t events)
{
    bh__process *process = user;
    (void)events;
    if (process->on_room.descriptor >= 0)
        bh__process_flush(process);
}

void bh__process_on_output(void *user, uint32_t events)
{
    bh__process *process = user;
    (void)events;
    if (process->on_output.descriptor < 0 || bh__output_read(&process->output, process->at.output))
        return;
    bh__reactor_forget(&process->on_output);
    process->on_output.descriptor = -1;
}

/* --- the end */

/* Its crash is on record, and the record is of what it died of. */
static bool has_record(const bh__process *process)
{
    return !process->broken && process->end.signal && atomic_load(&process->at.page->crash.signal) == process->end.signal;
}

static void describe(const bh__process *process, char *out, size_t size)
{
    const bh__end *end = &process->end;
    if (process->broken)
        snprintf(out, size, "its worker %s, and was ended", process->broken);
    else if (process->link && (!process->link->told_end || process->link->why[0]))
        bh__link_describe(process, out, size);
    else if (!end->known)
        snprintf(out, size, "its worker ended, and other code of this program has collected how");
    else if (end->signal == SIGKILL && !process->killed)
        snprintf(out, size, "its worker was killed (SIGKILL), possibly for memory");
    else if (end->signal == SIGXCPU)
        snprintf(out, size, "it used up its processor time (SIGXCPU)");
    else if (end->signal)
        snprintf(out, size, "its worker died of SIG%s", sigabbrev_np(end->signal) ? sigabbrev_np(end->signal) : "?");
    else
        snprintf(out, size, "its worker ended with code %d before there was a result", end->exit_code);
    const bh__crash *crash = &process->at.page->crash;
    if (has_record(process) && crash->address)
        bh__append_text(out, size, " at address 0x%llx", (unsigned long long)crash->address);
}

static bh_process_failure facts_of(const bh__process *process)
{
    bh_process_failure facts = {.kind = BH_FAILURE_EXIT, .status = BH_ERROR_SYSTEM, .exit_code = process->end.exit_code};
    if (process->broken) {
        facts.kind = BH_FAILURE_PROTOCOL;
        facts.status = BH_ERROR_FORMAT;
        facts.exit_code = -1;
    } else if (process->end.signal) {
        facts.kind = BH_FAILURE_SIGNAL;
        facts.signal = process->end.signal;
    }
    if (has_record(process))
        facts.address = (uintptr_t)process->at.page->crash.address;
    if (process->stack)
        facts.stack = bh__stack_frames(process->stack);
    return facts;
}

/* The task was running when its worker died. */
static void judge(bh__process *process, bh__task *task, bool unknown)
{
    bh_process_failure facts = facts_of(process);
    const char *where = process->stack ? bh__stack_where(process->stack) : "";
    task->attempts++;
    task->last_pid = process->link ? process->link->worker : process->at.pid;
    if (task->reason) {
        bh__task_end_for(task, task->reason, &process->output);
        return;
    }
    if (unknown && task->retries == 0) {
        bh__task_fail(task, facts, &process->output, "was on its way when %s: whether it had begun nobody can say",
                      process->death);
        return;
    }
    task->kills += !unknown;
    if (task->kills >= 2) {
        facts.kind = BH_FAILURE_QUARANTINED;
        bh__task_fail(task, facts, &process->output, "has ended two workers and is not tried again: %s%s%s", process->death,
                      where[0] ? ", in " : "", where);
    } else if (task->retries > 0) {
        task->retries--;
        bh__pool_retry(process->pool, task);
    } else {
        bh__task_fail(task, facts, &process->output, "did not end: %s%s%s", process->death, where[0] ? ", in " : "", where);
    }
}

/* What it had not begun goes to others. Returns whether there is a task whose failure can show a stack. */
static bool give_back(bh__process *process)
{
    bool shows = false;
    for (uint32_t i = process->acked + 1; i != process->sent + 1; i++) {
        bh__task **slot = &process->slots[i % BH__RING];
        bh__task *task = *slot;
        if (!task)
            continue;
        if (atomic_load(&process->at.page->states[i % BH__RING]) != BH__SLOT_SENT) {
            shows = shows || (!task->reason && (task->kills > 0 || task->retries == 0));
            continue;
        }
        *slot = NULL;
        process->tasks--;
        if (task->reason) /* its worker was asked to end it, and had not begun it */
            bh__task_end_for(task, task->reason, NULL);
        else
            bh__pool_requeue(process->pool, task);
    }
    return shows;
}

void bh__process_settle(bh__process *process)
{
    char tag[BH__TAG_SIZE];
    bool clean = process->end.known && !process->end.signal && process->end.exit_code == 0 && process->expected;
    for (uint32_t i = process->acked + 1; i != process->sent + 1; i++) {
        bh__task *task = process->slots[i % BH__RING];
        process->slots[i % BH__RING] = NULL;
        if (!task)
            continue;
        process->tasks--;
        judge(process, task, atomic_load(&process->at.page->states[i % BH__RING]) == BH__SLOT_UNKNOWN);
    }
    bh__stack_free(process->stack);
    process->stack = NULL;
    memcpy(tag, process->at.tag, sizeof tag);
    bh__process_let_go(process);
    if (!clean && !process->link)
        bh__kill_tagged(tag); /* a launcher has still to end */
}

static void on_stack(void *process)
{
    bh__process_settle(process);
}

static void read_stack(bh__process *process)
{
    const bh__crash *crash = &process->at.page->crash;
    uint32_t used = atomic_load(&crash->used);
    if (has_record(process) && used <= sizeof crash->record)
        process->stack = bh__stack_begin(crash->record, used, on_stack, process);
}

void bh__process_bury(bh__process *process, bh__end end)
{
    process->end = end;
    if (process->link && !process->broken)
        process->broken = process->link->blame;
    describe(process, process->death, sizeof process->death);
    if (process->link)
        bh__link_lost(process);
    if (process->state != BH__LEAVING)
        process->pool->alive--;
    process->state = BH__DEAD;
    bh__fault_step();
    if (give_back(process))
        read_stack(process);
    if (!process->expected)
        bh__pool_count_death(process->pool, process->death);
    if (!process->stack)
        bh__process_settle(process);
}

void bh__process_on_end(void *user, uint32_t events)
{
    bh__process *process = user;
    (void)events;
    if (process->on_end.descriptor < 0)
        return;
    bh__fault_step();
    /* It is dead: all that it ever sent is there now, and is the truth about its tasks. */
    receive_packets(process, BH__RING * 4);
    bh__end end = bh__collect(process->at.pid, process->at.pidfd);
    bh__reactor_forget(&process->on_end);
    process->on_end.descriptor = -1;
    process->abandon_ms = process->kill_ms = process->term_ms = process->start_by_ms = process->check_ms = 0;
    if (process->link && (!process->expected || !end.known || end.signal || end.exit_code))
        bh__kill_tagged(process->at.tag);
    if (process->state == BH__DEAD)
        return; /* it had been given up */
    bh__output_read(&process->output, process->at.output);
    bh__process_bury(process, end);
}

void bh__process_abandon(bh__process *process)
{
    process->abandon_ms = 0;
    if (!process->broken)
        process->broken = "did not even end when it was killed";
    bh__process_bury(process, (bh__end){false, 0, -1});
}
