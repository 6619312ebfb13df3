/* The relay's life: greeting, starting the worker, its loop, its end. See relay.h. */
#include "process/relay.h"

#include "base/clock.h"
#include "base/host.h"
#include "base/memory.h"
#include "base/text.h"
#include "process/options.h"
#include "process/worker_side.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    WRONG = 2,
    ABOVE = 16,
    SETUP_MS = 60000, /* for the pool to answer the greeting */
    LEAVE_MS = 1000,
    FAREWELL_MS = 5000 /* for the last words to be read */
};

static volatile sig_atomic_t told; /* a signal that asks to end; 0: none */

static void on_signal(int number)
{
    told = number;
}

static int refuse(const char *why)
{
    fprintf(stderr, "bulkhead: a relay must not go on: %s\n", why);
    return WRONG;
}

/* --- beginning */

/* Moves the stream to descriptors that nothing prints to. */
static bool take_streams(bh__relay *relay)
{
    int in = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, ABOVE), out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, ABOVE);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    bool moved = in >= 0 && out >= 0 && null >= 0 && dup2(null, STDIN_FILENO) == STDIN_FILENO;
    if (moved && fcntl(STDERR_FILENO, F_GETFD) < 0)
        moved = dup2(null, STDERR_FILENO) == STDERR_FILENO;
    moved = moved && dup2(STDERR_FILENO, STDOUT_FILENO) == STDOUT_FILENO;
    close(null);
    if (!moved || fcntl(in, F_SETFL, fcntl(in, F_GETFL) | O_NONBLOCK) || fcntl(out, F_SETFL, fcntl(out, F_GETFL) | O_NONBLOCK))
        return false;
    return bh__stream_open(&relay->pool, in, out);
}

static bool greet(const bh__relay *relay, const char *cookie)
{
    char line[BH__GREETING_SIZE];
    bh__greeting_make(line, cookie);
    size_t length = strlen(line);
    return write(bh__stream_output(&relay->pool), line, length) == (ssize_t)length; /* it is shorter than any pipe */
}

static int wait_for_setup(bh__relay *relay, void *packet)
{
    int64_t until = bh__clock_ms() + SETUP_MS;
    for (;;) {
        int none, size = relay->pool.ways->receive(&relay->pool, packet, BH__PACKET_SIZE, &none, false);
        int64_t left = until - bh__clock_ms();
        if (size != -1 || left <= 0)
            return size;
        struct pollfd from = {relay->pool.descriptor, POLLIN, 0};
        poll(&from, 1, (int)left);
    }
}

/* The texts of the setup: cookie, folder, changes. CHANGES ends with NULL, and points into them. */
static char **split_texts(const bh__remote_setup *setup, const char *texts, const char **cookie, const char **folder)
{
    char **changes = bh__calloc(setup->texts, sizeof *changes);
    *cookie = texts;
    *folder = texts + strlen(texts) + 1;
    const char *at = *folder;
    for (uint32_t i = 0; changes && i + 2 < setup->texts; i++) {
        at += strlen(at) + 1;
        changes[i] = (char *)(uintptr_t)at;
    }
    return changes;
}

static const char *start_worker(bh__relay *relay, const bh__remote_setup *setup, const char *folder, char **changes)
{
    static char why[sizeof relay->why];
    bh__spawn_plan plan = {.program = "/proc/self/exe", .folder = folder[0] ? folder : NULL, .depth = setup->depth};
    plan.setup = setup->setup;
    plan.environment = bh__environment_make((const char *const *)changes, setup->threads, setup->depth);
    if (plan.environment && bh__spawn(&plan, &relay->worker))
        why[0] = 0;
    else
        snprintf(why, sizeof why, "it could not be started in '%.40s': %.30s", folder,
                 strerror(plan.environment ? errno : ENOMEM));
    bh__environment_free(plan.environment);
    return why[0] ? why : NULL;
}

/* NULL, or why it must not go on. What the pool is to be told is in relay->why. */
static const char *set_up(bh__relay *relay, int depth, const char *cookie)
{
    static _Alignas(8) unsigned char packet[BH__PACKET_SIZE];
    const char *texts, *named, *folder, *why;
    int size = wait_for_setup(relay, packet);
    if (size <= 0)
        return size == -2 ? "what came was no packet of a pool" : "no pool answered its greeting";
    const bh__note *note = bh__wire_check(packet, (size_t)size, BH__PACKET_NOTE) ? bh__note_read(packet) : NULL;
    if (!note || note->what != BH__NOTE_SETUP || !bh__note_read_setup(note, &relay->setup, &texts))
        return "the pool's answer to its greeting is none";
    char **changes = split_texts(&relay->setup, texts, &named, &folder);
    if (!changes)
        return "there is no memory";
    bool ours = strcmp(named, cookie) == 0 && relay->setup.depth == depth;
    why = ours ? start_worker(relay, &relay->setup, folder, changes) : NULL;
    if (why)
        bh__copy_text(relay->why, sizeof relay->why, why);
    bh__free(changes);
    return ours ? NULL : "the pool that answered is not the one that started it";
}

/* --- the end */

void bh__relay_end(bh__relay *relay, const char *why)
{
    if (!relay->why[0] && why)
        bh__copy_text(relay->why, sizeof relay->why, why);
    bh__signal_group(relay->worker.pid, relay->worker.pidfd, SIGKILL);
}

void bh__relay_break_off(bh__relay *relay, const char *why)
{
    relay->broken = relay->broken || !relay->why[0];
    bh__relay_end(relay, why);
}

/* The stream has ended: nobody waits for anything any more. */
void bh__relay_leave(bh__relay *relay)
{
    if (relay->leaving)
        return;
    relay->leaving = true;
    bh__stream_end_output(&relay->pool);
    if (relay->sent != relay->acked) {
        bh__relay_end(relay, NULL);
        return;
    }
    relay->worker.channel.ways->close(&relay->worker.channel); /* the worker reads the end of it */
    relay->kill_ms = bh__clock_ms() + LEAVE_MS;
}

static void tell_end(bh__relay *relay, bh__end end)
{
    static char bytes[sizeof(bh__remote_end) + BH__CRASH_SIZE];
    const bh__crash *crash = relay->worker.page ? &relay->worker.page->crash : NULL;
    bh__remote_end facts = {.known = end.known, .signal = end.signal, .exit_code = end.exit_code, .broken = relay->broken};
    for (uint32_t i = relay->acked + 1; i != relay->sent + 1; i++) {
        uint8_t state = atomic_load(&relay->worker.page->states[i % BH__RING]);
        facts.begun[i % BH__RING / 64] |= (uint64_t)(state == BH__SLOT_STARTED || state == BH__SLOT_CANCEL) << i % 64;
    }
    size_t used = 0;
    if (crash && end.signal && atomic_load(&crash->signal) == end.signal) {
        facts.crash_signal = end.signal;
        facts.crash_code = crash->code;
        facts.crash_address = crash->address;
        used = atomic_load(&crash->used);
        used = used > sizeof crash->record ? 0 : used;
        memcpy(bytes + sizeof facts, crash->record, used);
    }
    bh__copy_text(facts.why, sizeof facts.why, relay->why);
    memcpy(bytes, &facts, sizeof facts);
    bh__relay_tell(relay, (bh__note){.what = BH__NOTE_GONE}, bytes, sizeof facts + used);
}

/* Until all is written, or nobody reads it. */
static void write_rest(bh__relay *relay)
{
    int64_t until = bh__clock_ms() + FAREWELL_MS;
    while (bh__stream_flush(&relay->pool) == BH__SENT_FULL) {
        int64_t left = until - bh__clock_ms();
        struct pollfd to = {bh__stream_output(&relay->pool), POLLOUT, 0};
        if (left <= 0 || (poll(&to, 1, (int)left) < 0 && errno != EINTR))
            return;
    }
}

static void finish(bh__relay *relay)
{
    bh__end end = {false, 0, -1};
    if (relay->worker.pidfd >= 0)
        end = bh__collect(relay->worker.pid, relay->worker.pidfd);
    if (!end.known || end.signal || end.exit_code)
        bh__kill_tagged(relay->worker.tag);
    if (relay->leaving)
        return;
    if (relay->worker.output >= 0)
        bh__relay_output(relay);
    write_rest(relay);
    tell_end(relay, end);
    write_rest(relay);
}

/* --- the loop */

void bh__relay_tell(bh__relay *relay, bh__note note, const void *bytes, size_t size)
{
    static _Alignas(8) unsigned char packet[BH__PACKET_SIZE];
    struct iovec part = {packet, bh__note_make(packet, note, bytes, size)};
    relay->pool.ways->send(&relay->pool, &part, 1, -1, false); /* gone: its end is about to be seen */
}

bool bh__relay_has_room(const bh__relay *relay)
{
    return !relay->large.data && bh__stream_has_room(&relay->pool, 3 * BH__PACKET_SIZE);
}

static int64_t next_time(const bh__relay *relay)
{
    const int64_t times[] = {relay->look_ms, relay->kill_ms, relay->leaving ? 0 : relay->heard_ms + relay->setup.silence_ms};
    int64_t next = 0;
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        if (times[i] && (!next || times[i] < next))
            next = times[i];
    return next;
}

/* Waits for something to happen. */
static void wait_for_news(const bh__relay *relay, struct pollfd *of, int count)
{
    sigset_t none;
    sigemptyset(&none);
    int64_t next = next_time(relay), left = next ? next - bh__clock_ms() : 0;
    struct timespec time = {.tv_sec = left > 0 ? left / 1000 : 0, .tv_nsec = left > 0 ? left % 1000 * 1000000 : 0};
    if (ppoll(of, (nfds_t)count, next ? &time : NULL, &none) < 0)
        for (int i = 0; i < count; i++)
            of[i].revents = 0;
}

static void check_times(bh__relay *relay)
{
    int64_t now = bh__clock_ms();
    if (told && !relay->leaving) {
        char why[sizeof relay->why];
        snprintf(why, sizeof why, "it was told to end by SIG%s", sigabbrev_np(told));
        bh__relay_end(relay, why);
    }
    if (relay->look_ms && now >= relay->look_ms)
        bh__relay_look(relay, now);
    if (relay->kill_ms && now >= relay->kill_ms) {
        relay->kill_ms = 0;
        if (relay->leaving)
            bh__relay_end(relay, NULL);
        else
            bh__relay_break_off(relay, "closed its socket");
    }
    if (!relay->leaving && now - relay->heard_ms >= relay->setup.silence_ms)
        bh__relay_leave(relay);
}

/* As far as there is room; what is left waits for more, and is pending then. */
static void send_rest(bh__relay *relay)
{
    bh__sent sent = BH__SENT;
    do {
        bh__relay_chunks(relay);
        if (!relay->leaving)
            sent = bh__stream_flush(&relay->pool);
    } while (relay->large.data && !relay->leaving && sent == BH__SENT);
    if (sent == BH__SENT_GONE)
        bh__relay_leave(relay);
}

static void turn(bh__relay *relay)
{
    enum { POOL_IN, POOL_OUT, WORKER, OUTPUT, END, COUNT };
    bool room = bh__relay_has_room(relay) && !relay->broken;
    short worker = (short)((room ? POLLIN : 0) | (relay->waiting ? POLLOUT : 0));
    struct pollfd of[COUNT] = {
        [POOL_IN] = {relay->leaving ? -1 : relay->pool.descriptor, POLLIN, 0},
        [POOL_OUT] = {bh__stream_is_pending(&relay->pool) ? bh__stream_output(&relay->pool) : -1, POLLOUT, 0},
        [WORKER] = {worker ? relay->worker.channel.descriptor : -1, worker, 0},
        [OUTPUT] = {room ? relay->worker.output : -1, POLLIN, 0},
        [END] = {relay->worker.pidfd, POLLIN, 0},
    };
    wait_for_news(relay, of, COUNT);
    if (of[POOL_IN].revents) {
        relay->heard_ms = bh__clock_ms();
        bh__relay_from_pool(relay);
    }
    if (of[WORKER].revents & POLLOUT)
        bh__relay_to_worker(relay);
    if (of[WORKER].revents & (POLLIN | POLLHUP))
        bh__relay_from_worker(relay);
    if (of[OUTPUT].revents)
        bh__relay_output(relay);
    relay->dead = of[END].revents != 0;
    check_times(relay);
    send_rest(relay);
}

/* All that the worker has sent before its death is the truth about its tasks. */
static void drain(bh__relay *relay)
{
    int64_t until = bh__clock_ms() + FAREWELL_MS;
    while (!relay->leaving && bh__clock_ms() < until) {
        bh__relay_chunks(relay);
        if (bh__relay_has_room(relay) && !bh__relay_from_worker(relay))
            return;
        struct pollfd to = {bh__stream_output(&relay->pool), POLLOUT, 0};
        if (bh__stream_flush(&relay->pool) == BH__SENT_GONE)
            relay->leaving = true;
        else if (bh__stream_is_pending(&relay->pool))
            poll(&to, 1, FAREWELL_MS);
    }
}

static void watch_signals(void)
{
    sigset_t asked;
    struct sigaction ask = {.sa_handler = on_signal};
    sigemptyset(&asked);
    for (const int *number = (const int[]){SIGTERM, SIGINT, SIGHUP, 0}; *number; number++) {
        sigaddset(&asked, *number);
        sigaction(*number, &ask, NULL);
    }
    sigprocmask(SIG_BLOCK, &asked, NULL); /* they come while it waits */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_DFL); /* who ignores it has no children to collect */
}

/* "VERSION:DEPTH:COOKIE" */
static bool read_place(const char *place, int *depth, char cookie[BH__COOKIE_SIZE])
{
    int version = 0, used = 0;
    bool read = sscanf(place, "%9d:%9d:%19[0-9a-f]%n", &version, depth, cookie, &used) == 3 && !place[used];
    return read && version > 0 && strlen(cookie) == 16;
}

int bh__relay_run(const char *place)
{
    static bh__relay relay = {.arguments = -1, .worker = {.pid = -1, .pidfd = -1, .output = -1, .channel = {NULL, -1, NULL}}};
    char cookie[BH__COOKIE_SIZE];
    int depth = 0;
    if (!read_place(place, &depth, cookie) || isatty(STDIN_FILENO))
        return refuse("its command line was not made by a pool; " BH__STREAM_MARK " is not for people");
    if (depth < 1 || depth > BH_MAX_WORKER_DEPTH)
        return refuse("workers of workers of workers: it is too deep");
    bh__become_worker_process(depth);
    watch_signals();
    if (!take_streams(&relay) || !greet(&relay, cookie))
        return refuse("it has no streams to its pool");
    const char *why = set_up(&relay, depth, cookie);
    if (why)
        return refuse(why);
    relay.heard_ms = bh__clock_ms();
    if (relay.worker.pidfd >= 0)
        bh__relay_from_pool(&relay); /* what came together with the setup */
    while (relay.worker.pidfd >= 0 && !relay.dead)
        turn(&relay);
    drain(&relay);
    finish(&relay);
    return 0;
}
