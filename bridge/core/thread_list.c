/* The list of the threads that run and have called us. */
#include "core/thread_list.h"

#include "base/altstack.h"

#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards the list, and `listed` of the records in it */
static bh__thread *first;

void bh__thread_list_add(bh__thread *thread)
{
    pthread_mutex_lock(&lock);
    thread->listed.tid = (int)syscall(SYS_gettid);
    thread->listed.since_ms = bh__clock_ms();
    thread->listed.next = first;
    thread->listed.place = &first;
    if (first)
        first->listed.place = &thread->listed.next;
    first = thread;
    pthread_mutex_unlock(&lock);
}

void bh__thread_list_remove(bh__thread *thread)
{
    pthread_mutex_lock(&lock);
    if (thread->listed.place) {
        *thread->listed.place = thread->listed.next;
        if (thread->listed.next)
            thread->listed.next->listed.place = thread->listed.place;
        thread->listed.place = NULL;
    }
    pthread_mutex_unlock(&lock);
}

void bh__thread_list_set(bh__thread *thread, bh__door_role role, const char *name)
{
    pthread_mutex_lock(&lock);
    thread->listed.role = role;
    if (name)
        bh__copy_text(thread->name, sizeof thread->name, name);
    pthread_mutex_unlock(&lock);
}

static void copy_out(const bh__thread *thread, bh__door_thread *out)
{
    int64_t runnable = atomic_load_explicit(&thread->runnable_since_ms, memory_order_relaxed);
    bh__copy_text(out->name, sizeof out->name, thread->name);
    bh__copy_text(out->doing, sizeof out->doing, thread->listed.doing);
    out->role = thread->listed.role;
    out->ended = atomic_load(&thread->state) == BH__THREAD_ENDED;
    out->since_ms = thread->listed.since_ms;
    if (!runnable || out->doing[0])
        return;
    bh__copy_text(out->doing, sizeof out->doing, "a runnable");
    out->since_ms = runnable;
}

bool bh__door_thread_of(int tid, bh__door_thread *out)
{
    pthread_mutex_lock(&lock);
    const bh__thread *at = first;
    while (at && at->listed.tid != tid)
        at = at->listed.next;
    if (at)
        copy_out(at, out);
    pthread_mutex_unlock(&lock);
    return at != NULL;
}

void bh__door_become(const char *name)
{
    char cut[16];
    bh__copy_text(cut, sizeof cut, name);
    pthread_setname_np(pthread_self(), cut);
    bh__altstack_ensure();
    bh__thread_list_set(bh__self(), BH__ROLE_LIBRARY, name);
}

void bh__door_doing_begin(bh__door_doing *before, const char *what)
{
    bh__thread *self = bh__self();
    pthread_mutex_lock(&lock);
    before->since_ms = self->listed.since_ms;
    bh__copy_text(before->what, sizeof before->what, self->listed.doing);
    bh__copy_text(self->listed.doing, sizeof self->listed.doing, what);
    bh__clean_text(self->listed.doing);
    self->listed.since_ms = bh__clock_ms();
    pthread_mutex_unlock(&lock);
}

void bh__door_doing_end(const bh__door_doing *before)
{
    bh__thread *self = bh__self();
    pthread_mutex_lock(&lock);
    self->listed.since_ms = before->since_ms;
    bh__copy_text(self->listed.doing, sizeof self->listed.doing, before->what);
    pthread_mutex_unlock(&lock);
}
