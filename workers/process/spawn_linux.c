/* posix_spawn with everything that a worker gets: two descriptors, a pipe for what it prints, a process group of its own. What can only
 * be done by the child to itself does worker_setup_linux.c. */
#include "base/memory.h"
#include "process/fault.h"
#include "process/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ABOVE = 16 }; /* where our ends go, out of the way of the numbers that the worker's get */

/* The child's ends, in this process. */
typedef struct ends {
    int socket, page, output, null;
} ends;

/* Moves a descriptor out of the way. */
static bool lift(int *descriptor)
{
    if (*descriptor >= ABOVE)
        return true;
    int high = fcntl(*descriptor, F_DUPFD_CLOEXEC, ABOVE);
    if (high < 0)
        return false;
    close(*descriptor);
    *descriptor = high;
    return true;
}

static void close_one(int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
    *descriptor = -1;
}

/* Sealed against shrinking: nothing that the worker does to it takes memory away from under us. */
static bool make_page(const bh__setup *setup, bh__spawned *out, ends *child)
{
    child->page = memfd_create("bulkhead-page", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (child->page < 0 || !lift(&child->page) || ftruncate(child->page, sizeof(bh__page)) ||
        fcntl(child->page, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL))
        return false;
    void *page = mmap(NULL, sizeof(bh__page), PROT_READ | PROT_WRITE, MAP_SHARED, child->page, 0);
    if (page == MAP_FAILED)
        return false;
    out->page = page;
    out->page->setup = *setup;
    return true;
}

static bool make_ends(const bh__spawn_plan *plan, bh__spawned *out, ends *child)
{
    int pipe_ends[2];
    if (!bh__seqpacket_pair(&out->channel, &child->socket) || !lift(&out->channel.descriptor) || !lift(&child->socket))
        return false;
    if (pipe2(pipe_ends, O_CLOEXEC))
        return false;
    out->output = pipe_ends[0];
    child->output = pipe_ends[1];
    if (!lift(&out->output) || !lift(&child->output) || fcntl(out->output, F_SETFL, O_NONBLOCK))
        return false;
    child->null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return child->null >= 0 && lift(&child->null) && make_page(&plan->setup, out, child);
}

static int add_actions(posix_spawn_file_actions_t *actions, const bh__spawn_plan *plan, const ends *child)
{
    int error = posix_spawn_file_actions_adddup2(actions, child->null, STDIN_FILENO);
    error = error ? error : posix_spawn_file_actions_adddup2(actions, child->output, STDOUT_FILENO);
    error = error ? error : posix_spawn_file_actions_adddup2(actions, child->output, STDERR_FILENO);
    error = error ? error : posix_spawn_file_actions_adddup2(actions, child->socket, BH__SOCKET_DESCRIPTOR);
    error = error ? error : posix_spawn_file_actions_adddup2(actions, child->page, BH__PAGE_DESCRIPTOR);
    error = error ? error : posix_spawn_file_actions_addclosefrom_np(actions, BH__PAGE_DESCRIPTOR + 1);
    return error || !plan->folder ? error : posix_spawn_file_actions_addchdir_np(actions, plan->folder);
}

static int add_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int error = posix_spawnattr_setsigmask(attributes, &none);
    error = error ? error : posix_spawnattr_setsigdefault(attributes, &all);
    error = error ? error : posix_spawnattr_setpgroup(attributes, 0);
    short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP;
    return error ? error : posix_spawnattr_setflags(attributes, flags);
}

static int start(const bh__spawn_plan *plan, bh__spawned *out, const ends *child)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    char build[BH__BUILD_SIZE], place[BH__BUILD_SIZE + 32];
    bh__build_id(build);
    snprintf(place, sizeof place, "%d:%d:%s", (int)getpid(), plan->depth, build);
    char mark[] = BH__WORKER_MARK;
    char *arguments[] = {program_invocation_name, mark, place, NULL};
    int error = posix_spawn_file_actions_init(&actions);
    if (error)
        return error;
    error = posix_spawnattr_init(&attributes);
    if (!error) {
        error = add_actions(&actions, plan, child);
        error = error ? error : add_attributes(&attributes);
        error = error ? error : posix_spawn(&out->pid, plan->program, &actions, &attributes, arguments, plan->environment);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

static void drop(bh__spawned *out)
{
    if (out->channel.ways)
        out->channel.ways->close(&out->channel);
    close_one(&out->output);
    close_one(&out->pidfd);
    if (out->page)
        munmap(out->page, sizeof *out->page);
    out->page = NULL;
}

bool bh__spawn(const bh__spawn_plan *plan, bh__spawned *out)
{
    static atomic_uint number;
    ends child = {-1, -1, -1, -1};
    *out = (bh__spawned){.pid = -1, .pidfd = -1, .output = -1, .channel = {NULL, -1}};
    /* With the depth in its name: workers of a worker keep the tag of the outer one beside their own */
    snprintf(out->tag, sizeof out->tag, BH__TAG_VARIABLE "%d=%d.%u", plan->depth, (int)getpid(), atomic_fetch_add(&number, 1));
    plan->environment[0] = out->tag;
    int error = EAGAIN;
    if (!bh__fault_now(BH__FAULT_SPAWN))
        error = make_ends(plan, out, &child) ? start(plan, out, &child) : errno;
    bh__fault_step();
    close_one(&child.socket);
    close_one(&child.page);
    close_one(&child.output);
    close_one(&child.null);
    plan->environment[0] = NULL;
    if (!error) {
        out->pidfd = (int)syscall(SYS_pidfd_open, out->pid, 0);
        error = out->pidfd < 0 ? errno : 0;
        if (error) { /* out of descriptors: a child that cannot be watched is ended */
            kill(-out->pid, SIGKILL);
            waitpid(out->pid, NULL, 0);
        }
    }
    if (!error)
        return true;
    drop(out);
    errno = error;
    return false;
}
