/* The guard: tells a spawned worker from the program, and lets nothing pass that a pool would not have made. */
#include "base/host.h"
#include "process/fault.h"
#include "process/probe.h"
#include "process/relay.h"
#include "process/spawn.h"
#include "process/worker_side.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WRONG = 2, LEFT_PROCESSES = 4 };

static const bh_process_function *table;
static bool guarded;
static int depth;

const bh_process_function *bh__functions(void)
{
    return table;
}

bool bh__is_guarded(void)
{
    return guarded;
}

bool bh_is_worker_process(void)
{
    return bh__worker_process_depth() > 0;
}

int bh_worker_depth(void)
{
    return depth;
}

const bh_process_function *bh__function_find(const bh_process_function *functions, const char *name)
{
    for (const bh_process_function *f = functions; f && f->name; f++)
        if (strcmp(f->name, name) == 0)
            return f->run ? f : NULL;
    return NULL;
}

static _Noreturn void refuse(const char *why)
{
    fprintf(stderr, "bulkhead: a worker process must not go on: %s\n", why);
    fflush(stderr);
    _exit(WRONG);
}

/* "PARENT:DEPTH:BUILD" */
static void check_place(const char *place)
{
    char build[BH__BUILD_SIZE], *end;
    long parent = strtol(place, &end, 10);
    if (*end != ':' || parent <= 1)
        refuse("its command line was not made by a pool; " BH__WORKER_MARK " is not for people");
    depth = (int)strtol(end + 1, &end, 10);
    bh__build_id(build);
    if (depth < 1 || depth > BH_MAX_WORKER_DEPTH)
        refuse("workers of workers of workers: it is too deep");
    if (*end != ':' || strcmp(end + 1, build) != 0)
        refuse("program and worker use different builds of the library");
    /* In this order: a parent that dies between the two is seen by the second. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0))
        refuse("it would outlive its parent");
    if (getppid() != (pid_t)parent)
        refuse("its parent is gone, or another one has started it");
}

static void check_socket(void)
{
    int type = 0;
    socklen_t size = sizeof type;
    if (getsockopt(BH__SOCKET_DESCRIPTOR, SOL_SOCKET, SO_TYPE, &type, &size) || type != SOCK_SEQPACKET)
        refuse("it has no socket to its pool");
    fcntl(BH__SOCKET_DESCRIPTOR, F_SETFD, FD_CLOEXEC);
}

static bh__page *check_page(void)
{
    struct stat facts;
    if (fstat(BH__PAGE_DESCRIPTOR, &facts) || facts.st_size != (off_t)sizeof(bh__page))
        refuse("it has no page that it shares with its pool");
    bh__page *page = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, BH__PAGE_DESCRIPTOR, 0);
    if (page == MAP_FAILED || page->setup.magic != BH__PAGE_MAGIC)
        refuse("the page that it shares with its pool is none");
    close(BH__PAGE_DESCRIPTOR);
    return page;
}

static _Noreturn void run_worker(const char *place)
{
    char why[128];
    check_place(place);
    close_range(BH__PAGE_DESCRIPTOR + 1, ~0U, 0);
    check_socket();
    bh__page *page = check_page();
    bh__fault_from_environment();
    bh__become_worker_process(depth);
    bh__probe_worker();
    setvbuf(stdout, NULL, _IOLBF, 0); /* what was printed before a crash is to be seen */
    if (!bh__worker_setup(&page->setup, why, sizeof why))
        refuse(why);
    bh__worker_install_crash_record(page);
    bh__channel channel = {&bh__seqpacket, BH__SOCKET_DESCRIPTOR, NULL};
    int code = bh__worker_loop(&channel, page, table);
    fflush(stdout);
    if (!code && bh__worker_left_any())
        code = LEFT_PROCESSES; /* for the parent to look for them */
    _exit(code);               /* handlers of exit belong to what ran in here, and might hang */
}

void bh_main_guard(int argc, char **argv, const bh_process_function *functions)
{
    const char *deep = getenv(BH__DEPTH_VARIABLE);
    table = functions;
    guarded = true;
    depth = deep ? (int)strtol(deep, NULL, 10) : 0;
    const char *mark = argv && argc > 1 && argv[1] ? argv[1] : "";
    if (strcmp(mark, BH__STREAM_MARK) == 0) {
        if (argc != 3 || !argv[2])
            refuse("its command line was not made by a pool; " BH__STREAM_MARK " is not for people");
        _exit(bh__relay_run(argv[2]));
    }
    if (strcmp(mark, BH__WORKER_MARK) != 0) {
        bh__probe_guard(__builtin_return_address(0));
        return;
    }
    if (argc != 3 || !argv[2])
        refuse("its command line was not made by a pool; " BH__WORKER_MARK " is not for people");
    run_worker(argv[2]);
}
