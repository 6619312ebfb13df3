/* Starting a worker process, and what both sides agree on about it. */
#ifndef PROCESS_SPAWN_H
#define PROCESS_SPAWN_H

#include "process/note.h"
#include "process/shared_page.h"
#include "process/transport.h"

#include <sys/types.h>

/* A worker's command line is PROGRAM BH__WORKER_MARK "PARENT:DEPTH:BUILD". Behind a launcher there is a relay between it and its pool,
 * LAUNCHER… PROGRAM BH__STREAM_MARK "VERSION:DEPTH:COOKIE", which starts it on its machine as a pool would: relay.h. */
#define BH__WORKER_MARK "--bulkhead-worker"
#define BH__DEPTH_VARIABLE "BH_WORKER_DEPTH"
#define BH__TAG_VARIABLE "BH_WORKER_TAG"

enum {
    BH__SOCKET_DESCRIPTOR = 3, /* in the worker */
    BH__PAGE_DESCRIPTOR = 4,
    BH__TAG_SIZE = 48,
    BH__BUILD_SIZE = 64,
    BH__LAUNCH_WORDS = 64 /* of a launcher */
};

/* What is the same for all workers of a pool. */
typedef struct bh__spawn_plan {
    const char *program;
    char *const *launch; /* words of the launcher in front of it, and NULL; or NULL: none */
    size_t launch_count;
    const char *folder; /* NULL: the program's */
    char **environment; /* [0] is left free for the worker's tag */
    int depth;          /* of the worker */
    bh__setup setup;
} bh__spawn_plan;

typedef struct bh__spawned {
    pid_t pid; /* of the worker; or of the launcher */
    int pidfd;
    int output; /* the reading end of its stdout and stderr; of the launcher's stderr */
    bh__channel channel;
    bh__page *page;               /* shared with it; of one behind a launcher a copy of our own */
    char cookie[BH__COOKIE_SIZE]; /* "": there is no launcher */
    char tag[BH__TAG_SIZE];       /* "BH_WORKER_TAG1=…", in its environment and that of all it starts */
} bh__spawned;

/* Starts one; false, with errno, and nothing is left of it. On the thread that lives as long as the program: the worker gets a
 * signal when that thread ends. */
bool bh__spawn(const bh__spawn_plan *plan, bh__spawned *out);

/* Which build of this library it is, and of which version. */
void bh__build_id(char out[BH__BUILD_SIZE]);

/* How a dead child ended. */
typedef struct bh__end {
    bool known; /* false: other code of the program has collected it */
    int signal; /* 0: none */
    int exit_code;
} bh__end;

/* Of a process whose pidfd is readable: kills what is left of its group, and collects it. */
bh__end bh__collect(pid_t pid, int pidfd);

/* Signals the whole process group of a child that was not collected yet. */
void bh__signal_group(pid_t pid, int pidfd, int signal);

/* Kills every process that has TAG in its environment; for what a worker has started and left behind in a session of its own. */
void bh__kill_tagged(const char *tag);

#endif
