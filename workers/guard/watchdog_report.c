/* What is said of a hang: a sentence, the GUI thread's stack, all threads; first to the program's function, then to the log. The GUI thread
 * hangs meanwhile, and may hold any lock: what needs the loader was asked before, and the log is not waited for. */
#include "guard/watchdog.h"
#include "lifecycle/threads.h"
#include "process/crash_hook.h"
#include "process/crash_program.h"

#include <bulkhead/exit_report.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    RECORD = 256 * 1024,
    ANSWER = 16 * 1024,
    TEXT = 128 * 1024,
    ANSWER_MS = 500,   /* of a thread; those that block signals never do */
    SYMBOLS_MS = 3000, /* for one stack */
    REPORT_MS = 15000, /* for all; then frames are addresses */
    SLICE_MS = 50,     /* looks so often whether to stop */
    LOG_WAIT_MS = 200,
};

/* Allocated before, because the GUI thread may hang in the allocator. */
typedef struct room {
    char program[4096]; /* bulkhead-crash; "": there is none */
    char stack[BH__THREAD_STACK_SIZE];
    char record[RECORD + 1]; /* one byte more, for the end of the text */
    char answer[ANSWER];
    char where[256];
    char text[TEXT];
    bh__crash_record parsed;
    bh_hang_stage stage;
    const bh__hang_facts *facts;
    int64_t until_ms; /* symbols are looked for */
} room;

static room *here;

bool bh__hang_prepare(void)
{
    here = bh__calloc(1, sizeof *here);
    if (here && !bh__crash_program_find(here->program, sizeof here->program))
        here->program[0] = 0;
    return here != NULL;
}

void bh__hang_release(void)
{
    bh__free(here);
    here = NULL;
}

/* --- symbols */

/* SIZE lines of a stack, the modules, the end. */
static size_t compose_record(size_t size)
{
    const bh__crash_facts nothing = {0};
    _Atomic uint32_t used = (uint32_t)size;
    bh__crash_text text = {here->record, RECORD, &used, 0};
    memcpy(here->record, here->stack, size);
    bh__crash_write_modules(&text, &nothing);
    bh__crash_begin(&text, "end");
    bh__crash_end(&text);
    here->record[used] = 0;
    return used;
}

/* Until it is closed. False if that takes too long, or more comes than there is room for. */
static bool read_answer(int output)
{
    size_t got = 0;
    int64_t until = bh__clock_ms() + SYMBOLS_MS;
    while (got < ANSWER - 1 && bh__clock_ms() < until && !atomic_load(here->facts->stopping)) {
        struct pollfd ready = {output, POLLIN, 0};
        if (poll(&ready, 1, SLICE_MS) <= 0)
            continue;
        ssize_t more = read(output, here->answer + got, ANSWER - 1 - got);
        here->answer[got += more > 0 ? (size_t)more : 0] = 0;
        if (more == 0)
            return true;
        if (more < 0 && errno != EINTR && errno != EAGAIN)
            return false;
    }
    return false;
}

/* The frames, with what bulkhead-crash says of them; NULL if it says nothing. */
static char *ask_program(size_t size)
{
    pid_t pid, ended;
    int output, status = 0;
    if (!here->program[0] || bh__clock_ms() > here->until_ms ||
        !bh__crash_program_start(here->program, here->record, size, &pid, &output))
        return NULL;
    here->answer[0] = 0;
    bool whole = read_answer(output);
    close(output);
    if (!whole)
        kill(pid, SIGKILL);
    do
        ended = waitpid(pid, &status, 0);
    while (ended < 0 && errno == EINTR);
    bool well = whole && ended == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    return well ? bh__crash_program_answer(here->answer) : NULL;
}

static const char *print_addresses(void)
{
    here->answer[0] = 0;
    if (bh__crash_record_read(here->record, &here->parsed))
        bh__crash_print_frames(&here->parsed, here->answer, sizeof here->answer);
    return here->answer;
}

/* The frames of the thread, a line each; "" if it does not answer. WHERE, if not NULL, gets the place. */
static const char *take_stack(int tid, char *where, size_t size)
{
    size_t length = bh__thread_stack_take(tid, here->stack, ANSWER_MS);
    if (!length)
        return "";
    char *frames = ask_program(compose_record(length));
    if (where)
        bh__copy_text(where, size, frames ? here->answer : "");
    return frames ? frames : print_addresses();
}

/* --- the text */

static void add(const char *text)
{
    size_t used = strlen(here->text);
    bh__copy_text(here->text + used, sizeof here->text - used, text);
}

static void add_frames(const char *frames)
{
    add(frames[0] ? frames : "(it does not answer)");
    if (frames[0] == 0 || frames[strlen(frames) - 1] != '\n')
        add("\n");
}

static bool is_ours(const bh_thread_info *thread)
{
    bool gui = thread->tid == here->facts->gui_tid; /* before the application it is not known as that */
    return (gui || thread->kind <= BH_THREAD_LIBRARY) && thread->tid != (int)syscall(SYS_gettid);
}

static void add_thread(const bh_thread_info *thread, void *user)
{
    char line[256];
    (void)user;
    if (atomic_load(here->facts->stopping))
        return;
    snprintf(line, sizeof line, "Thread: %s, %s: %s for %lld ms (id %d)\n", thread->name, bh_thread_kind_name(thread->kind),
             thread->what, (long long)thread->for_ms, thread->tid);
    add(line);
    if (is_ours(thread))
        add_frames(take_stack(thread->tid, thread->tid == here->facts->gui_tid ? here->where : NULL, sizeof here->where));
}

/* It may have gone on before its stack was taken, and that is then of something else. */
static bool still_hangs(void)
{
    bh__beat beat;
    return bh__beat_read(&beat) && beat.turn == here->facts->turn;
}

static void add_stack(void)
{
    const char *frames = take_stack(here->facts->gui_tid, here->where, sizeof here->where);
    if (still_hangs()) {
        add_frames(frames);
        return;
    }
    here->where[0] = 0;
    add("It went on before its stack could be taken.\n");
}

static void write_sentence(char *out, size_t size)
{
    const bh_hang *hang = &here->facts->hang;
    if (hang->stage == BH_HANG_OVER)
        snprintf(out, size, "hang %llu is over after %lld ms\n", (unsigned long long)hang->number, (long long)hang->for_ms);
    else
        snprintf(out, size, "hang %llu: the GUI thread has been busy for %lld ms, %s%s%s%s\n", (unsigned long long)hang->number,
                 (long long)hang->for_ms, here->facts->phase, here->where[0] ? ", in " : "", here->where,
                 hang->stage == BH_HANG_REPORT ? "; all threads:" : "");
}

/* The sentence stands before what it takes its place from. */
static void compose(void)
{
    char sentence[1024];
    here->where[0] = here->text[0] = 0;
    if (here->facts->hang.stage == BH_HANG_STACK)
        add_stack();
    else if (here->facts->hang.stage == BH_HANG_REPORT)
        bh__threads_each(add_thread, NULL);
    write_sentence(sentence, sizeof sentence);
    size_t length = strlen(sentence), used = strlen(here->text), room_left = sizeof here->text - 1 - length;
    used = used < room_left ? used : room_left;
    memmove(here->text + length, here->text, used);
    memcpy(here->text, sentence, length);
    here->text[length + used] = 0;
}

/* --- telling it */

static bh_status call_program(void *user)
{
    bh_hang hang = here->facts->hang;
    (void)user;
    hang.where = here->where;
    hang.text = here->text;
    here->facts->fn(&hang, here->facts->user);
    return BH_OK;
}

/* The first line is among the last ones of a crash record; a report of all threads would leave no others there. */
static void log_lines(void)
{
    bh_log_level level = here->facts->hang.stage == BH_HANG_OVER ? BH_LOG_INFO : BH_LOG_WARNING;
    bool first = true, written = true;
    for (char *line = here->text, *end; written && (end = strchr(line, '\n')); line = end + 1) {
        *end = 0;
        written = bh__log_within(LOG_WAIT_MS, first, level, "watchdog", line);
        first = false;
    }
}

void bh__hang_report(const bh__hang_facts *facts)
{
    here->facts = facts;
    here->until_ms = bh__clock_ms() + REPORT_MS;
    compose();
    if (facts->fn)
        bh__door_run(call_program, NULL, "bh_watchdog_start");
    log_lines();
}
