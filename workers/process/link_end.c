/* The end of a launcher and of what is behind it. See link.h. */
#include "process/link.h"

#include "base/clock.h"
#include "base/text.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

enum {
    TELL_MS = 500,      /* for the relay to end the worker and for the launcher to see that, before it gets SIGTERM */
    TERM_MS = 2000,     /* from SIGTERM to SIGKILL: a launcher has to tell others, who have allotted it a machine */
    LET_END_MS = 10000, /* for a launcher whose worker has ended */
    MOST_STARTS = 3     /* workers that never came up, in a row */
};

static void end_launcher(bh__process *process, int64_t term_ms)
{
    bh__link *link = process->link;
    if (link->launcher_kill_ms && link->launcher_kill_ms <= term_ms + TERM_MS)
        return;
    link->launcher_term_ms = term_ms;
    link->launcher_kill_ms = term_ms + TERM_MS;
}

void bh__link_kill(bh__process *process)
{
    bool told =
        process->link->greeted && process->at.channel.stream && !process->broken && process->state != BH__DEAD && !process->gone;
    if (told) {
        bh__link_tell(process, BH__NOTE_KILL, 0);
        bh__process_flush(process);
    }
    end_launcher(process, bh__clock_ms() + (told ? TELL_MS : 0));
}

void bh__link_let_end(bh__process *process)
{
    end_launcher(process, bh__clock_ms() + LET_END_MS);
}

void bh__link_dismiss(bh__process *process)
{
    process->expected = true;
    if (process->link->greeted)
        bh__process_leave(process);
    else
        bh__process_kill(process, NULL);
}

static void check_silence(bh__process *process, int64_t now)
{
    bh__link *link = process->link;
    int silence_ms = process->pool->options.silence_ms;
    link->ping_ms = now + silence_ms / 3;
    if (now - link->heard_ms >= silence_ms) {
        bh__process_kill(process, "was not heard of any more");
        return;
    }
    bh__link_tell(process, BH__NOTE_PING, 0);
    bh__process_flush(process);
}

void bh__link_tick(bh__process *process, int64_t now)
{
    bh__link *link = process->link;
    if (process->state == BH__READY && link->ping_ms && now >= link->ping_ms)
        check_silence(process, now);
    if (process->on_end.descriptor < 0)
        link->launcher_term_ms = link->launcher_kill_ms = 0;
    if (link->launcher_term_ms && now >= link->launcher_term_ms) {
        link->launcher_term_ms = 0;
        bh__signal_group(process->at.pid, process->at.pidfd, SIGTERM);
    }
    if (link->launcher_kill_ms && now >= link->launcher_kill_ms) {
        link->launcher_kill_ms = 0;
        bh__signal_group(process->at.pid, process->at.pidfd, SIGKILL);
    }
}

int64_t bh__link_next_time(const bh__process *process)
{
    const bh__link *link = process->link;
    int64_t ping = process->state == BH__READY ? link->ping_ms : 0, next = 0;
    const int64_t times[] = {ping, link->launcher_term_ms, link->launcher_kill_ms};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        if (times[i] && (!next || times[i] < next))
            next = times[i];
    return next;
}

/* --- what the end means */

static void note_failed_start(bh__process *process)
{
    enum { TAIL = 200, BACKOFF_MS = 100 };
    char sentence[640], tail[TAIL + 1] = "";
    bh__pool *pool = process->pool;
    pool->spawn_ms = bh__clock_ms() + BACKOFF_MS;
    if (++pool->spawn_failures < MOST_STARTS)
        return;
    size_t length = bh__output_length(&process->output);
    bh__output_copy(&process->output, tail, length < TAIL ? length : TAIL);
    bh__clean_text(tail);
    snprintf(sentence, sizeof sentence, "the launcher '%.120s' started no worker, %d times: %.160s%s%s", pool->launch,
             MOST_STARTS, process->death, tail[0] ? "; it printed: " : "", tail);
    bh__pool_give_up(pool, BH_FAILURE_LAUNCHER, sentence);
}

void bh__link_lost(bh__process *process)
{
    const bh__link *link = process->link;
    for (uint32_t i = process->acked + 1; !link->told_end && i != process->sent + 1; i++) {
        _Atomic uint8_t *state = &process->at.page->states[i % BH__RING];
        uint8_t now = atomic_load(state);
        if (now == BH__SLOT_SENT || now == BH__SLOT_ASKED)
            atomic_store(state, BH__SLOT_UNKNOWN);
    }
    bool greeted_only = link->greeted && (!link->why[0] || process->broken); /* a worker that dies is a death like others */
    if (!link->worker && !process->expected && !greeted_only)
        note_failed_start(process);
}

void bh__link_describe(const bh__process *process, char *out, size_t size)
{
    const bh__link *link = process->link;
    const bh__end *end = &process->end;
    if (link->told_end)
        snprintf(out, size, "its worker on %s was ended: %s", link->host, link->why);
    else if (!end->known)
        snprintf(out, size, "its launcher ended, and other code of this program has collected how");
    else if (end->signal)
        snprintf(out, size, "its launcher died of SIG%s", sigabbrev_np(end->signal) ? sigabbrev_np(end->signal) : "?");
    else
        snprintf(out, size, "its launcher ended with code %d", end->exit_code);
}
