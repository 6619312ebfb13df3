/* The handler of fatal signals: who writes the record, in which order, and how the signal then takes its course. */
#include "base/altstack.h"
#include "process/crash_hook.h"

#include <errno.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { SIGNALS = 6, AT_MOST_S = 10, WAIT_MS = 5000 };

static const int fatal[SIGNALS] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP};
static struct sigaction before[SIGNALS];
static bh__crash_sink sink;
static pid_t home; /* a child that was forked has our handler, and no record */

static atomic_int writer; /* the thread that writes the record; 0: none does */
static int stage;         /* the writer's */
static bool left;         /* the writer has done its part */
static bh__crash_facts first;
static siginfo_t first_info;

static atomic_int trying; /* the thread that is inside of bh__crash_try; 0: none is */
static sigjmp_buf way_back;

/* A sanitizer's runtime, where there is one. */
extern void __asan_init(void) __attribute__((weak));
extern void __tsan_init(void) __attribute__((weak));

/* --- how the signal takes its course */

static void restore(int number)
{
    for (int i = 0; i < SIGNALS; i++)
        if (fatal[i] == number)
            sigaction(number, &before[i], NULL);
}

/* What comes of an instruction comes again when the handler returns, with all its facts; anything else is sent again. A trap lies behind
 * its instruction. */
static void pass_on(int number, siginfo_t *info)
{
    restore(number);
    if (info->si_code <= 0 || number == SIGTRAP || number == SIGABRT)
        syscall(SYS_rt_tgsigqueueinfo, getpid(), (pid_t)syscall(SYS_gettid), number, info);
}

/* The handler itself has crashed, and cannot return to where it was. */
static void die_of_first(void)
{
    restore(first.signal);
    syscall(SYS_rt_tgsigqueueinfo, getpid(), (pid_t)syscall(SYS_gettid), first.signal, &first_info);
    signal(first.signal, SIG_DFL); /* the handler before ours has returned */
    raise(first.signal);
    _exit(128 + first.signal);
}

/* --- the record */

static void stage_begun(bh__crash_text *text, const bh__crash_facts *facts)
{
    (void)text;
    if (sink.begun)
        sink.begun(facts);
}

static void stage_more(bh__crash_text *text, const bh__crash_facts *facts)
{
    if (sink.more)
        sink.more(text, facts);
}

static void stage_end(bh__crash_text *text, const bh__crash_facts *facts)
{
    (void)facts;
    bh__crash_begin(text, "end");
    bh__crash_end(text);
}

static void stage_done(bh__crash_text *text, const bh__crash_facts *facts)
{
    if (sink.done)
        sink.done(text, facts);
}

static void write_record(void)
{
    static void (*const stages[])(bh__crash_text *, const bh__crash_facts *) = {stage_begun,
                                                                                bh__crash_write_head,
                                                                                bh__crash_write_registers,
                                                                                bh__crash_write_frames,
                                                                                stage_more,
                                                                                bh__crash_write_modules,
                                                                                stage_end,
                                                                                stage_done};
    enum { STAGES = sizeof stages / sizeof stages[0] };
    while (stage < STAGES) {
        sink.text.line = 0; /* of a line in which the stage before has crashed */
        stages[stage++](&sink.text, &first);
    }
}

static void note_first(int number, const siginfo_t *info, void *context, int thread)
{
    bool has_address = info->si_code > 0 && number != SIGABRT && number != SIGTRAP;
    first = (bh__crash_facts){number, info->si_code, 0, bh__crash_instruction(context), thread, context};
    if (has_address)
        first.address = (uint64_t)(uintptr_t)info->si_addr;
    first_info = *info;
}

/* Until the process has ended, which it does when the writer leaves its handler. */
static void await_end(void)
{
    const struct timespec while_ms = {0, 10 * 1000000};
    for (int waited = 0; waited < WAIT_MS; waited += 10)
        nanosleep(&while_ms, NULL);
}

/* The thread that writes has come back: the handler has crashed, or, once it had left, the one before ours has. */
static void come_back(int number, siginfo_t *info)
{
    if (left) {
        pass_on(number, info);
        return;
    }
    write_record();
    left = true;
    die_of_first();
}

static void on_fatal(int number, siginfo_t *info, void *context)
{
    int thread = (int)syscall(SYS_gettid), other = 0, error = errno;
    if (info->si_code > 0 && atomic_load(&trying) == thread)
        siglongjmp(way_back, 1);
    if (getpid() != home) {
        pass_on(number, info);
    } else if (atomic_compare_exchange_strong(&writer, &other, thread)) {
        signal(SIGALRM, SIG_DFL);
        alarm(AT_MOST_S);
        note_first(number, info, context, thread);
        write_record();
        left = true;
        alarm(0);
        pass_on(number, info);
    } else if (other == thread) {
        come_back(number, info);
    } else {
        await_end();
        pass_on(number, info);
    }
    errno = error;
}

bool bh__crash_try(void (*fn)(void *user), void *user)
{
    if (sigsetjmp(way_back, 1)) {
        atomic_store(&trying, 0);
        return false;
    }
    atomic_store(&trying, (int)syscall(SYS_gettid));
    fn(user);
    atomic_store(&trying, 0);
    return true;
}

void bh__crash_install(const bh__crash_sink *wanted)
{
    struct sigaction action;
    bool no_sanitizer = wanted->quiet_sanitizer && (&__asan_init || &__tsan_init);
    sink = *wanted;
    home = getpid();
    bh__altstack_ensure();
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_fatal;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER; /* what crashes in here comes here */
    sigfillset(&action.sa_mask);
    sigdelset(&action.sa_mask, SIGALRM);
    for (int i = 0; i < SIGNALS; i++)
        sigdelset(&action.sa_mask, fatal[i]);
    for (int i = 0; i < SIGNALS; i++) {
        if (sigaction(fatal[i], NULL, &before[i]))
            continue;
        if (no_sanitizer)
            before[i] = (struct sigaction){.sa_handler = SIG_DFL};
        if (before[i].sa_handler != SIG_IGN)
            sigaction(fatal[i], &action, NULL);
    }
}
