/* Alternate signal stacks: mapped at a thread's first call, unmapped by the destructor of a thread-specific key. */
#include "base/altstack.h"

#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

enum { STACK_BYTES = 64 * 1024 };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static bool has_key;
static size_t guard_bytes, stack_bytes;

static void release(void *mapped)
{
    const stack_t off = {.ss_flags = SS_DISABLE};
    stack_t now;
    /* Somebody may have put another one in its place, and that stays. */
    if (sigaltstack(NULL, &now) == 0 && now.ss_sp == (char *)mapped + guard_bytes)
        sigaltstack(&off, NULL);
    munmap(mapped, guard_bytes + stack_bytes);
}

/* The least a handler needs grows with the processor's registers: the system says how much that is. */
static void prepare(void)
{
    long page = sysconf(_SC_PAGESIZE), least = sysconf(_SC_SIGSTKSZ);
    guard_bytes = page > 0 ? (size_t)page : 4096;
    stack_bytes = least > STACK_BYTES ? (size_t)least : STACK_BYTES;
    stack_bytes = (stack_bytes + guard_bytes - 1) / guard_bytes * guard_bytes;
    has_key = pthread_key_create(&key, release) == 0;
}

void bh__altstack_ensure(void)
{
    stack_t now;
    pthread_once(&once, prepare);
    if (!has_key || pthread_getspecific(key) || sigaltstack(NULL, &now) || !(now.ss_flags & SS_DISABLE))
        return;
    char *mapped = mmap(NULL, guard_bytes + stack_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapped == MAP_FAILED)
        return;
    const stack_t ours = {.ss_sp = mapped + guard_bytes, .ss_size = stack_bytes};
    if (mprotect(ours.ss_sp, stack_bytes, PROT_READ | PROT_WRITE) || pthread_setspecific(key, mapped) ||
        sigaltstack(&ours, NULL)) {
        pthread_setspecific(key, NULL);
        munmap(mapped, guard_bytes + stack_bytes);
    }
}
