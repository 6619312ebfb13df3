/* posix_spawn with everything that a worker gets: two descriptors, a pipe for what it prints, a process group of its own. What can only
 * be done by the child to itself does worker_setup_linux.c. A launcher gets three pipes instead, and its own process group. */
#include "base/memory.h"
#include "base/spawn_attributes.h"
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
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ABOVE = 16 }; /* where our ends go, out of the way of the numbers that the worker's get */

/* The child's ends, in this process. Of a launcher SOCKET and PAGE are none, and `out` is not `err`. */
typedef struct ends {
    int in, out, err, socket, page;
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

/* Our end, READS or not, does not block; the child's does. */
static bool make_pipe(int *ours, int *childs, bool reads)
{
    int pair[2];
    if (pipe2(pair, O_CLOEXEC))
        return false;
    *ours = pair[!reads];
    *childs = pair[reads];
    return lift(ours) && lift(childs) && fcntl(*ours, F_SETFL, O_NONBLOCK) == 0;
}

static bool make_ends(const bh__spawn_plan *plan, bh__spawned *out, ends *child)
{
    if (!bh__seqpacket_pair(&out->channel, &child->socket) || !lift(&out->channel.descriptor) || !lift(&child->socket))
        return false;
    if (!make_pipe(&out->output, &child->err, true))
        return false;
    child->out = fcntl(child->err, F_DUPFD_CLOEXEC, ABOVE);
    child->in = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return child->out >= 0 && child->in >= 0 && lift(&child->in) && make_page(&plan->setup, out, child);
}

static bool make_cookie(char out[BH__COOKIE_SIZE])
{
    uint64_t random;
    if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
        return false;
    snprintf(out, BH__COOKIE_SIZE, "%016llx", (unsigned long long)random);
    return true;
}

static bool make_streams(const bh__spawn_plan *plan, bh__spawned *out, ends *child)
{
    enum { LARGE = 256 * 1024 };
    int to = -1, from = -1;
    bool made = make_pipe(&to, &child->in, false) && make_pipe(&from, &child->out, true);
    if (made) { /* fewer turns for large payloads; the usual size does too */
        fcntl(to, F_SETPIPE_SZ, LARGE);
        fcntl(from, F_SETPIPE_SZ, LARGE);
    }
    if (!made) {
        close_one(&to);
        close_one(&from);
        return false;
    }
    if (!bh__stream_open(&out->channel, from, to) || !make_pipe(&out->output, &child->err, true) || !make_cookie(out->cookie))
        return false;
    void *page = mmap(NULL, sizeof(bh__page), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        return false;
    out->page = page;
    out->page->setup = plan->setup;
    return true;
}

static int add_actions(posix_spawn_file_actions_t *actions, const bh__spawn_plan *plan, const ends *child)
{
    int error = posix_spawn_file_actions_adddup2(actions, child->in, STDIN_FILENO);
    error = error ? error : posix_spawn_file_actions_adddup2(actions, child->out, STDOUT_FILENO);
    error = error ? error : posix_spawn_file_actions_adddup2(actions, child->err, STDERR_FILENO);
    if (plan->launch)
        return error ? error : posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
    error = error ? error : posix_spawn_file_actions_adddup2(actions, child->socket, BH__SOCKET_DESCRIPTOR);
    error = error ? error : posix_spawn_file_actions_adddup2(actions, child->page, BH__PAGE_DESCRIPTOR);
    error = error ? error : posix_spawn_file_actions_addclosefrom_np(actions, BH__PAGE_DESCRIPTOR + 1);
    return error || !plan->folder ? error : posix_spawn_file_actions_addchdir_np(actions, plan->folder);
}

/* One of the program itself, or LAUNCHER… PROGRAM and so on. */
static int run(const bh__spawn_plan *plan, bh__spawned *out, const posix_spawn_file_actions_t *actions,
               const posix_spawnattr_t *attributes)
{
    char build[BH__BUILD_SIZE], place[BH__BUILD_SIZE + 32], mark[] = BH__WORKER_MARK, stream[] = BH__STREAM_MARK;
    char *arguments[BH__LAUNCH_WORDS + 4];
    size_t count = 0;
    if (!plan->launch) {
        bh__build_id(build);
        snprintf(place, sizeof place, "%d:%d:%s", (int)getpid(), plan->depth, build);
        char *alone[] = {program_invocation_name, mark, place, NULL};
        return posix_spawn(&out->pid, plan->program, actions, attributes, alone, plan->environment);
    }
    snprintf(place, sizeof place, "%d:%d:%s", BH__STREAM_VERSION, plan->depth, out->cookie);
    for (; count < plan->launch_count; count++)
        arguments[count] = plan->launch[count];
    arguments[count++] = (char *)(uintptr_t)plan->program;
    arguments[count++] = stream;
    arguments[count++] = place;
    arguments[count] = NULL;
    return posix_spawnp(&out->pid, arguments[0], actions, attributes, arguments, plan->environment);
}

static int start(const bh__spawn_plan *plan, bh__spawned *out, const ends *child)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error)
        return error;
    error = bh__spawn_attributes(&attributes, true);
    if (!error) {
        error = add_actions(&actions, plan, child);
        error = error ? error : run(plan, out, &actions, &attributes);
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
    ends child = {-1, -1, -1, -1, -1};
    *out = (bh__spawned){.pid = -1, .pidfd = -1, .output = -1, .channel = BH__NO_CHANNEL};
    /* With the depth in its name: workers of a worker keep the tag of the outer one beside their own */
    snprintf(out->tag, sizeof out->tag, BH__TAG_VARIABLE "%d=%d.%u", plan->depth, (int)getpid(), atomic_fetch_add(&number, 1));
    plan->environment[0] = out->tag;
    int error = EAGAIN;
    if (!bh__fault_now(BH__FAULT_SPAWN))
        error = (plan->launch ? make_streams : make_ends)(plan, out, &child) ? start(plan, out, &child) : errno;
    bh__fault_step();
    close_one(&child.in);
    close_one(&child.out);
    close_one(&child.err);
    close_one(&child.socket);
    close_one(&child.page);
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
