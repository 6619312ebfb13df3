/* The pool's end of a stream: what the relay says, and what it is told. See link.h. */
#include "process/link.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "process/fault.h"
#include "process/memory_file.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

bool bh__link_create(bh__process *process)
{
    process->link = bh__calloc(1, sizeof *process->link);
    return process->link != NULL;
}

void bh__link_free(bh__process *process)
{
    if (process->link)
        bh__free(process->link->incoming);
    bh__free(process->link);
    process->link = NULL;
}

/* --- telling */

void bh__link_tell(bh__process *process, bh__news what, uint32_t sequence)
{
    _Alignas(8) unsigned char packet[sizeof(bh__packet_head) + sizeof(bh__note)];
    size_t size = bh__note_make(packet, (bh__note){.what = what, .sequence = sequence}, NULL, 0);
    bh__process_post(process, packet, size, -1); /* without memory it stays untold: signals and time do the rest */
}

bool bh__link_ask(bh__process *process, uint32_t sequence, bool cancel)
{
    _Atomic uint8_t *state = &process->at.page->states[sequence % BH__RING];
    bool begun = atomic_load(state) == BH__SLOT_STARTED;
    if (cancel || !begun)
        bh__link_tell(process, cancel ? BH__NOTE_CANCEL : BH__NOTE_REVOKE, sequence);
    if (!begun)
        atomic_store(state, BH__SLOT_ASKED);
    return !begun;
}

bool bh__link_is_asking(const bh__process *process)
{
    for (uint32_t i = process->acked + 1; process->link && i != process->sent + 1; i++)
        if (atomic_load(&process->at.page->states[i % BH__RING]) == BH__SLOT_ASKED)
            return true;
    return false;
}

/* --- the greeting */

static size_t add_text(char *out, size_t used, size_t size, const char *text)
{
    size_t length = strlen(text) + 1;
    if (used > size || length > size - used)
        return SIZE_MAX;
    memcpy(out + used, text, length);
    return used + length;
}

static bool send_setup(bh__process *process)
{
    static _Alignas(8) unsigned char packet[BH__PACKET_SIZE];
    static char bytes[BH__NOTE_MOST];
    const bh__pool *pool = process->pool;
    bh__remote_setup setup = {.setup = pool->plan.setup, .depth = pool->plan.depth, .texts = 2};
    setup.threads = pool->options.threads;
    setup.silence_ms = pool->options.silence_ms;
    size_t used = add_text(bytes, sizeof setup, sizeof bytes, process->at.cookie);
    used = add_text(bytes, used, sizeof bytes, pool->folder ? pool->folder : "");
    for (char **change = pool->remote_changes; *change; change++, setup.texts++)
        used = add_text(bytes, used, sizeof bytes, *change);
    if (used == SIZE_MAX)
        return false;
    memcpy(bytes, &setup, sizeof setup);
    size_t size = bh__note_make(packet, (bh__note){.what = BH__NOTE_SETUP}, bytes, used);
    return bh__process_post(process, packet, size, -1);
}

/* What is no worker is none the next time either. */
static void refuse(bh__process *process)
{
    char sentence[512];
    const bh__link *link = process->link;
    snprintf(sentence, sizeof sentence, "the launcher '%.120s' started no worker to work with: %s", process->pool->launch,
             link->why);
    process->expected = true;
    bh__pool_give_up(process->pool, BH_FAILURE_LAUNCHER, sentence);
    bh__process_kill(process, "is none to work with");
}

int bh__link_greet(bh__process *process)
{
    char line[BH__GREETING_SIZE], quote[60];
    bh__greeting greeting;
    bh__link *link = process->link;
    bh__channel *channel = &process->at.channel;
    int got = bh__stream_receive_line(channel, BH__GREETING, line, sizeof line);
    if (got == 0 || got == -1)
        return got;
    link->heard_ms = bh__clock_ms();
    if (got == -2) {
        bh__stream_quote(channel, quote, sizeof quote);
        snprintf(link->why, sizeof link->why, "it sent '%s' where a worker greets", quote);
    } else if (bh__greeting_check(line, process->at.cookie, &greeting, link->why, sizeof link->why) && !send_setup(process)) {
        snprintf(link->why, sizeof link->why, "there is no room for folder and environment of the pool in one packet");
    }
    if (link->why[0]) {
        refuse(process);
        return -1;
    }
    link->greeted = true;
    bh__copy_text(link->host, sizeof link->host, greeting.host);
    if (process->pool->initialiser)
        bh__process_send_initialiser(process);
    bh__process_flush(process);
    return 1;
}

/* --- being told */

static bh__task *task_of(const bh__process *process, uint32_t sequence)
{
    bool here = sequence - process->acked - 1 < process->sent - process->acked;
    return here ? process->slots[sequence % BH__RING] : NULL;
}

static void on_ready(bh__process *process, const bh__note *note)
{
    process->link->worker = (pid_t)note->value;
    process->link->ping_ms = bh__clock_ms() + process->pool->options.silence_ms / 3;
    if (process->state == BH__STARTING && process->initialised)
        bh__process_become_ready(process);
}

static void on_begun(bh__process *process, const bh__note *note)
{
    bh__task *task = task_of(process, note->sequence);
    _Atomic uint8_t *state = &process->at.page->states[note->sequence % BH__RING];
    int64_t now = bh__clock_ns();
    if (!task)
        return;
    bool asked = atomic_load(state) == BH__SLOT_ASKED;
    atomic_store(&process->at.page->started_ns, now - (note->value < (uint64_t)now ? (int64_t)note->value : 0));
    atomic_store(state, BH__SLOT_STARTED);
    if (asked && task->reason)
        bh__process_arm(process, task, task->reason);
}

/* False: it was not asked for. */
static bool on_revoked(bh__process *process, const bh__note *note)
{
    bh__task *task = task_of(process, note->sequence);
    _Atomic uint8_t *state = &process->at.page->states[note->sequence % BH__RING];
    if (!task || atomic_load(state) != BH__SLOT_ASKED)
        return false;
    atomic_store(state, BH__SLOT_REVOKED);
    process->slots[note->sequence % BH__RING] = NULL;
    process->tasks--;
    if (!task->reason) {
        bh__pool_requeue(process->pool, task);
        return true;
    }
    bh__task_end_for(task, task->reason, NULL);
    bh__process_release(process);
    return true;
}

static bool on_chunk(bh__process *process, const bh__note *note)
{
    bh__link *link = process->link;
    if (!bh__note_is_next_chunk(note, link->incoming_got, link->incoming_whole))
        return false;
    if (link->incoming_got == 0) {
        link->incoming_whole = note->whole;
        link->incoming = bh__malloc(note->whole);
        if (link->incoming)
            bh__memory_is_large(link->incoming, note->whole);
    }
    if (link->incoming)
        memcpy((unsigned char *)link->incoming + link->incoming_got, note + 1, note->size);
    link->incoming_got += note->size;
    return true;
}

bool bh__link_take_chunks(bh__process *process, uint64_t whole, void **out)
{
    bh__link *link = process->link;
    *out = link->incoming;
    bool came = link->incoming_got == link->incoming_whole && link->incoming_whole == whole;
    if (!came)
        bh__free(link->incoming);
    if (!came)
        *out = NULL;
    link->incoming = NULL;
    link->incoming_got = link->incoming_whole = 0;
    return came;
}

static bool on_progress(bh__process *process, const bh__note *note)
{
    bh__task *task = task_of(process, note->sequence);
    if (!note->size || note->size % 8 || note->size > BH_JOB_MAX_PROGRESS)
        return false;
    if (task)
        bh__task_progress(task, note + 1, note->size);
    bh__link_tell(process, BH__NOTE_SEEN, 0);
    return true;
}

/* All that it had not begun is known not to have begun. */
static bool on_gone(bh__process *process, const bh__note *note)
{
    const char *record;
    size_t size;
    bh__remote_end end;
    bh__link *link = process->link;
    bh__page *page = process->at.page;
    if (!bh__note_read_end(note, &end, &record, &size))
        return false;
    for (uint32_t i = process->acked + 1; i != process->sent + 1; i++)
        if (process->slots[i % BH__RING])
            atomic_store(&page->states[i % BH__RING],
                         end.begun[i % BH__RING / 64] >> i % 64 & 1 ? BH__SLOT_STARTED : BH__SLOT_SENT);
    page->crash.code = end.crash_code;
    page->crash.address = end.crash_address;
    memcpy(page->crash.record, record, size);
    atomic_store(&page->crash.used, (uint32_t)size);
    atomic_store(&page->crash.signal, end.crash_signal);
    link->told_end = true;
    bh__copy_text(link->why, sizeof link->why, end.why);
    if (end.broken && !process->broken)
        process->broken = link->why;
    bh__output_read(&process->output, process->at.output); /* what launcher and relay had to say to it */
    bh__reactor_forget(&process->on_channel);
    process->on_channel.descriptor = -1;
    bh__link_let_end(process);
    process->abandon_ms = process->kill_ms = process->term_ms = process->start_by_ms = process->check_ms = 0;
    bh__process_bury(process, (bh__end){end.known != 0, end.signal, end.exit_code});
    return true;
}

static bool take_note(bh__process *process, const bh__note *note)
{
    switch ((bh__news)note->what) {
    case BH__NOTE_READY:
        on_ready(process, note);
        return true;
    case BH__NOTE_BEGUN:
        on_begun(process, note);
        return true;
    case BH__NOTE_REVOKED:
        return on_revoked(process, note);
    case BH__NOTE_PROGRESS:
        return on_progress(process, note);
    case BH__NOTE_OUTPUT:
        bh__output_add(&process->output, (const char *)(note + 1), note->size);
        return true;
    case BH__NOTE_CHUNK:
        return on_chunk(process, note);
    case BH__NOTE_GONE:
        return on_gone(process, note);
    case BH__NOTE_PONG:
        return true;
    case BH__NOTE_SETUP:
    case BH__NOTE_PING:
    case BH__NOTE_REVOKE:
    case BH__NOTE_CANCEL:
    case BH__NOTE_TERM:
    case BH__NOTE_KILL:
    case BH__NOTE_SEEN:
        break;
    }
    return false;
}

void bh__link_on_note(bh__process *process, const void *packet)
{
    const bh__note *note = bh__note_read(packet);
    if (!note || !take_note(process, note))
        bh__process_break_off(process);
}
