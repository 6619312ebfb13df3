/* The worker's loop: receives packets of tasks, runs them one by one, answers each. */
#include "base/clock.h"
#include "base/status.h"
#include "base/text.h"
#include "process/fault.h"
#include "process/memory_file.h"
#include "process/wire.h"
#include "process/worker_side.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BROKEN = 3 }; /* exit code when the parent sends what is no packet */

typedef struct loop {
    bh__channel *channel;
    bh__page *page;
    const bh_process_function *functions;
    bh_message *result;
    bh_message_view nothing; /* an empty map */
    bh__job job;
    uint64_t memory; /* after the first task */
    bool broken;
    bool no_fetch; /* the parent has refused to fetch results */
    _Alignas(8) unsigned char packet[BH__PACKET_SIZE];
} loop;

static bool send_all(const loop *self, const struct iovec *parts, int count, int descriptor)
{
    return self->channel->ways->send(self->channel, parts, count, descriptor, true) == BH__SENT;
}

/* Packet and payload in one piece, as the checksum goes over all. */
static bool send_record(const loop *self, bh__result_record *record, const void *inside, size_t size, int file)
{
    static _Alignas(8) unsigned char out[BH__PACKET_SIZE];
    size_t whole = sizeof(bh__packet_head) + sizeof *record + bh__padded(size);
    record->size = (uint32_t)(whole - sizeof(bh__packet_head));
    memset(out + whole - 8, 0, 8); /* what fills up to a multiple of 8 */
    memcpy(out + sizeof(bh__packet_head), record, sizeof *record);
    if (size)
        memcpy(out + sizeof(bh__packet_head) + sizeof *record, inside, size);
    bh__wire_seal(out, BH__PACKET_RESULT, whole, 1);
    struct iovec part = {out, whole};
    return send_all(self, &part, 1, file);
}

/* The parent copies it from here; it stays until that is done. False: it must be sent. */
static bool offer(loop *self, const bh__result_record *facts, const void *payload, bool *sent)
{
    bh__result_record record = *facts;
    uint64_t address = (uint64_t)(uintptr_t)payload;
    if (self->no_fetch || record.payload_size > BH__FETCH_SIZE)
        return false;
    record.flags |= BH__RECORD_FETCH;
    atomic_store(&self->page->fetched, BH__FETCH_OPEN);
    *sent = send_record(self, &record, &address, sizeof address, -1);
    if (*sent)
        bh__page_await_fetch(self->page);
    self->no_fetch = atomic_load(&self->page->fetched) == BH__FETCH_REFUSED;
    return !self->no_fetch;
}

static bool send_large(loop *self, bh__result_record *record, const void *payload, size_t size)
{
    static const char text[] = "no memory file for a result of this size";
    bool sent = false;
    if (offer(self, record, payload, &sent))
        return sent;
    int file = bh__memory_file_create(payload, size);
    if (file < 0) {
        record->status = BH_ERROR_MEMORY;
        record->payload_size = sizeof text;
        return send_record(self, record, text, sizeof text, -1);
    }
    record->flags |= BH__RECORD_MEMFD;
    bh__fault_step();
    sent = send_record(self, record, NULL, 0, file);
    close(file);
    return sent;
}

static bool send_result(loop *self, bh__result_record *record, const void *payload, size_t size)
{
    record->payload_size = size;
    return size > BH__INLINE_SIZE ? send_large(self, record, payload, size) : send_record(self, record, payload, size, -1);
}

static bool send_error(loop *self, bh__result_record *record, bh_status status, const char *text)
{
    record->status = status;
    return send_result(self, record, text, strlen(text) + 1);
}

static void after_task(loop *self, bh__result_record *record)
{
    fflush(stdout);
    fflush(stderr);
    if (!self->page->setup.memory_growth)
        return;
    uint64_t memory = bh__worker_memory();
    if (!self->memory)
        self->memory = memory;
    record->growth = memory > self->memory ? memory - self->memory : 0;
}

static bool run(loop *self, const bh__task_record *task, const char *name, bh_message_view arguments)
{
    const bh_process_function *function = bh__function_find(self->functions, name);
    bh__result_record record = {.sequence = task->sequence, .flags = task->flags & BH__RECORD_INITIALISE};
    if (!function) {
        record.flags |= BH__RECORD_NO_FUNCTION;
        return send_error(self, &record, BH_ERROR_NAME, name) && !(record.flags & BH__RECORD_INITIALISE);
    }
    bh__worker_limit_task(&self->page->setup);
    int64_t begun = atomic_load_explicit(&self->page->started_ns, memory_order_relaxed);
    bh__fault_step();
    (bh_message_clear)(self->result);
    bh_status status = bh__job_run(&self->job, function, arguments, self->result);
    record.ran_ns = (uint64_t)(bh__clock_ns() - begun);
    after_task(self, &record);
    const void *data = NULL;
    size_t size = 0;
    if (!status && (status = (bh_message_data)(self->result, &data, &size)))
        bh__copy_text(self->job.error, sizeof self->job.error, bh_last_error());
    bh__fault_step();
    if (status) /* where the initialiser failed nothing else is to run */
        return send_error(self, &record, status, self->job.error) && !(record.flags & BH__RECORD_INITIALISE);
    return send_result(self, &record, data, size);
}

static bool run_with(loop *self, const bh__task_record *task, const char *name, const void *payload)
{
    bh_message_view arguments = self->nothing;
    bh_status status = BH_OK;
    bh__fault_step();
    if (task->payload_size)
        status = (bh_message_open)(payload, task->payload_size, &arguments);
    if (!status)
        return run(self, task, name, arguments);
    bh__result_record record = {.sequence = task->sequence, .flags = task->flags & BH__RECORD_INITIALISE};
    return send_error(self, &record, status, bh_last_error());
}

/* Begins the task, unless the parent has taken it back. */
static bool take(loop *self, const bh__task_record *task, const char *name, const void *payload, int file)
{
    uint8_t sent = BH__SLOT_SENT;
    atomic_store(&self->page->started_ns, bh__clock_ns()); /* first: the parent reads it once the task has started */
    if (!atomic_compare_exchange_strong(&self->page->states[task->sequence % BH__RING], &sent, BH__SLOT_STARTED)) {
        bh__result_record record = {.sequence = task->sequence, .flags = BH__RECORD_SKIPPED};
        if (file >= 0)
            close(file);
        return send_error(self, &record, BH_CANCELLED, "");
    }
    self->job.sequence = task->sequence;
    self->job.attempt = (int)task->attempt;
    if (file < 0)
        return run_with(self, task, name, payload);
    const void *mapped = bh__memory_file_map(file, task->payload_size);
    if (!mapped) {
        bh__result_record record = {.sequence = task->sequence};
        return send_error(self, &record, BH_ERROR_MEMORY, "no memory to map the arguments");
    }
    bool alive = run_with(self, task, name, mapped);
    bh__memory_file_unmap(mapped, task->payload_size);
    return alive;
}

/* False: the parent is gone, or what it sent is no packet. */
static bool run_packet(loop *self, size_t size, int file)
{
    bh__packet_head head;
    self->broken = !bh__wire_check(self->packet, size, BH__PACKET_TASKS);
    if (self->broken)
        return false;
    memcpy(&head, self->packet, sizeof head);
    size_t at = sizeof head;
    for (uint32_t i = 0; i < head.count; i++) {
        const char *name;
        const void *payload;
        const bh__task_record *task = bh__wire_task(self->packet, &at, file >= 0 ? BH__RECORD_MEMFD : 0, &name, &payload);
        self->broken = !task;
        if (!task || !take(self, task, name, payload, file))
            return false;
        file = -1;
    }
    return true;
}

static bool prepare(loop *self)
{
    static bh_message *empty;
    self->result = (bh_message_create)();
    empty = (bh_message_create)();
    if (!self->result || !empty || (bh_message_complete)(empty, &self->nothing))
        return false;
    bh__packet_head hello;
    bh__wire_seal(&hello, BH__PACKET_HELLO, sizeof hello, 0);
    struct iovec part = {&hello, sizeof hello};
    return send_all(self, &part, 1, -1);
}

int bh__worker_loop(bh__channel *channel, bh__page *page, const bh_process_function *functions)
{
    static loop self;
    self.channel = channel;
    self.page = page;
    self.functions = functions;
    self.job.page = page;
    self.job.channel = channel;
    bool alive = prepare(&self);
    while (alive) {
        int file;
        int size = channel->ways->receive(channel, self.packet, sizeof self.packet, &file, true);
        bh__fault_step();
        self.broken = size == -2;
        alive = size > 0 && run_packet(&self, (size_t)size, file);
    }
    if (self.broken)
        fprintf(stderr, "bulkhead: the pool sent what is no packet; this worker ends\n");
    return self.broken ? BROKEN : 0;
}
