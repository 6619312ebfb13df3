/* The record of a fatal signal in a worker: a few words in the shared page, which outlives the process. The handler has a stack of its
 * own, since the usual one may be what has run out; it calls nothing that could lock, allocate or fail. */
#include "process/worker_side.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

enum { STACK = 64 * 1024 };

static bh__page *record_page;
static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

static uint64_t instruction_of(const void *context)
{
    const ucontext_t *at = context;
#if defined(__x86_64__)
    return (uint64_t)at->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
    return at->uc_mcontext.pc;
#else
    (void)at;
    return 0;
#endif
}

static void on_fatal(int number, siginfo_t *facts, void *context)
{
    bh__crash *crash = &record_page->crash;
    if (atomic_load(&crash->signal) == 0) {
        crash->code = facts->si_code;
        crash->address = facts->si_code > 0 && number != SIGABRT ? (uint64_t)(uintptr_t)facts->si_addr : 0;
        crash->instruction = instruction_of(context);
        atomic_store(&crash->signal, number);
    }
    /* SA_RESETHAND has restored the default. Sent by somebody, it would not come again by itself. */
    if (facts->si_code <= 0)
        raise(number);
}

void bh__worker_install_crash_record(bh__page *page)
{
    record_page = page;
    void *memory = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (memory == MAP_FAILED)
        return;
    stack_t stack = {.ss_sp = memory, .ss_size = STACK};
    sigaltstack(&stack, NULL);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_fatal;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESETHAND;
    for (size_t i = 0; i < sizeof fatal / sizeof fatal[0]; i++)
        sigaction(fatal[i], &action, NULL);
}
