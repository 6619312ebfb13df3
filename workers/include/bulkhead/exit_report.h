/* What is still there: threads by name, descriptors, objects, signals that came too late, finalisers that took too long. Python's
 * `threading.enumerate()` at exit, and what it cannot see: the threads and descriptors of native libraries.
 *
 * At the end of bh_app_exec the log has "🔴 Qt event loop ended with code: 0", as it has "🟢 Starting Qt event loop..." at its
 * beginning. At the end of the application, after the finalisers, it has a line for each thing that is left, category "exit":
 *
 *   warning   a thread of ours that was left running, an object that is still alive, a finaliser that timed out or failed
 *   info      threads of OpenMP, BLAS or of unknown libraries, and sockets, io_uring and the like that were opened after
 *             bh_app_create and that nobody has closed
 *   debug     the two lines above, and what is usual: threads and descriptors of Qt and GLib, counts
 *
 * So a program that cleans up after itself says nothing; with BH_LOG=debug it says all. */
#ifndef BULKHEAD_EXIT_REPORT_H
#define BULKHEAD_EXIT_REPORT_H

#include <bulkhead/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum bh_thread_kind {
    BH_THREAD_GUI,     /* the program's main thread */
    BH_THREAD_WORKER,  /* of a bh_worker */
    BH_THREAD_PLAIN,   /* a bh_thread */
    BH_THREAD_POOL,    /* of a bh_thread_pool */
    BH_THREAD_LIBRARY, /* the library's own: it runs a finaliser, say */
    BH_THREAD_QT,      /* Qt's, or a QThread that a library in C++ made */
    BH_THREAD_GLIB,    /* GLib's, D-Bus's */
    BH_THREAD_OPENMP,
    BH_THREAD_BLAS,
    BH_THREAD_NATIVE /* of another library, or of the program */
} bh_thread_kind;

/* One thread of the process. Fields are only ever added. */
typedef struct bh_thread_info {
    int tid; /* the system's id of it */
    bh_thread_kind kind;
    bool awaited;   /* the end of the application waits for it; otherwise a daemon, which ends with the process */
    bool alive;     /* false: about to end, or a zombie */
    int64_t for_ms; /* how long it has been doing WHAT */
    char name[32];
    char what[64]; /* what it does, "Counter" or "a runnable"; "idle"; of a native thread who started it: "libgomp.so.1" */
} bh_thread_info;

/* All threads of the process now, the main thread first, in the order of their start: one block, yours: bh_free. Who started a native
 * thread is read from its stack, on x86-64 with glibc; elsewhere, and where the thread does not wait just then, its name must do.
 * Any thread; before the application exists, too. Linux only: BH_ERROR_SYSTEM where /proc cannot be read. */
BH_API bh_status bh_threads_list(bh_thread_info **out, size_t *count);

/* "gui", "worker", "thread", "pool", "library", "Qt", "GLib", "OpenMP", "BLAS", "native". Static, never NULL. */
BH_API const char *bh_thread_kind_name(bh_thread_kind kind);

typedef enum bh_descriptor_owner {
    BH_DESCRIPTOR_EARLIER, /* was there before bh_app_create: the program's, or inherited */
    BH_DESCRIPTOR_QT,      /* was opened by bh_app_create, or belongs to the event loop of a thread of theirs: Qt's, GLib's */
    BH_DESCRIPTOR_OURS,    /* the event loop of a bh_thread, worker or pool; what watches worker processes */
    BH_DESCRIPTOR_UNKNOWN  /* was opened later, by whomever: hidden async I/O of a library, if not the program's own */
} bh_descriptor_owner;

/* An open descriptor that can bring events: a socket, pipe, epoll, eventfd, timerfd, signalfd, inotify or io_uring. */
typedef struct bh_descriptor_info {
    int fd;
    bh_descriptor_owner owner;
    char what[64]; /* "socket:[81234]", "eventfd" */
} bh_descriptor_info;

typedef struct bh_exit_report {
    bool has_ended; /* the event loop has run, and has ended with CODE */
    int code;
    size_t thread_count; /* all there are now */
    const bh_thread_info *threads;
    size_t descriptor_count;
    const bh_descriptor_info *descriptors;
    size_t objects_at_end;    /* existed when the application ended, which destroyed them */
    size_t objects_left;      /* exist now, while there is no application: their threads still run */
    uint64_t late_signals;    /* of the GUI thread: their connection, context or receiver had gone */
    uint64_t dropped_signals; /* not taken because of a bound */
    size_t openmp_released;   /* threads of OpenMP that were ended at the application's end */
    size_t late_finalizer_count;
    const char *const *late_finalizers; /* names of those that took longer than their time, in the order in which they began */
    size_t failed_finalizer_count;
} bh_exit_report;

/* How things stand now: threads and descriptors as they are, the rest of the last application. One block, yours: bh_free. Any thread,
 * any time; may take some milliseconds with many threads. */
BH_API bh_status bh_exit_report_get(bh_exit_report **out);

#define bh_threads_list(...) BH_AT(bh_threads_list(__VA_ARGS__))
#define bh_exit_report_get(...) BH_AT(bh_exit_report_get(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
