/* The stack of a running thread, taken by the thread itself in the handler of a real-time signal: it alone knows it without being stopped.
 * What runs in the handler is what the crash hook runs (process/crash_hook.h): no lock, no memory, and a stack that is not whole ends the
 * walk and not the process. The handler stays for good, because a signal may arrive long after it was sent. */
#include "guard/watchdog.h"
#include "process/crash_hook.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { WRITING_MS = 1000 };

static int number;       /* of the signal; 0: none is chosen */
static atomic_int asked; /* the thread that is to answer; 0: none */
static sem_t answered;
static char lines[BH__THREAD_STACK_SIZE];
static _Atomic uint32_t used;
static bool stuck; /* a handler has begun to write, and never ended */

/* --- in the handler */

static void write_lines(void *facts)
{
    bh__crash_text text = {lines, sizeof lines, &used, 0};
    bh__crash_write_head(&text, facts);
    bh__crash_write_frames(&text, facts);
}

static void on_asked(int signal_number, siginfo_t *info, void *context)
{
    int error = errno, self = (int)syscall(SYS_gettid), who = self;
    (void)signal_number;
    if (info->si_code == SI_TKILL && info->si_pid == getpid() && atomic_compare_exchange_strong(&asked, &who, 0)) {
        bh__crash_facts facts = {.instruction = bh__crash_instruction(context), .thread = self, .context = context};
        bh__crash_try(write_lines, &facts);
        sem_post(&answered);
    }
    errno = error;
}

/* --- who asks */

static bool is_free(int candidate)
{
    struct sigaction now;
    return sigaction(candidate, NULL, &now) == 0 && !(now.sa_flags & SA_SIGINFO) && now.sa_handler == SIG_DFL;
}

bool bh__thread_stack_prepare(void)
{
    struct sigaction action;
    int candidate = SIGRTMAX;
    if (number)
        return true;
    while (candidate >= SIGRTMIN && !is_free(candidate))
        candidate--;
    if (candidate < SIGRTMIN || sem_init(&answered, 0, 0))
        return false;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_asked;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
    sigfillset(&action.sa_mask);
    static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP};
    for (size_t i = 0; i < sizeof fatal / sizeof fatal[0]; i++)
        sigdelset(&action.sa_mask, fatal[i]);
    if (sigaction(candidate, &action, NULL))
        return false;
    number = candidate;
    return true;
}

static bool wait_for_answer(int timeout_ms)
{
    const struct timespec until = bh__clock_timespec_ms(bh__clock_ms() + timeout_ms);
    int result;
    do
        result = sem_clockwait(&answered, CLOCK_MONOTONIC, &until);
    while (result && errno == EINTR);
    return result == 0;
}

size_t bh__thread_stack_take(int tid, char out[BH__THREAD_STACK_SIZE], int timeout_ms)
{
    int who = tid;
    if (stuck || !number)
        return 0;
    atomic_store(&used, 0);
    atomic_store(&asked, tid);
    if (syscall(SYS_tgkill, getpid(), tid, number)) {
        atomic_store(&asked, 0);
        return 0;
    }
    if (!wait_for_answer(timeout_ms)) {
        if (atomic_compare_exchange_strong(&asked, &who, 0))
            return 0;
        stuck = !wait_for_answer(WRITING_MS);
    }
    size_t size = stuck ? 0 : atomic_load(&used);
    memcpy(out, lines, size);
    return size;
}
