/* The record of a crash of the program: what a fatal signal leaves behind.
 *
 * bh_app_create installs the hook. From then on SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT and SIGTRAP on any thread leave one record: a
 * file with signal, address, registers, thread, stack, modules with their build ids, the last lines of the log, and what the program has
 * noted with bh_crash_note. std::terminate, a pure virtual call, a failed assertion without guard and Qt's fatal messages come as
 * SIGABRT, with their text in the log. Then the signal takes its course, to the handler that was there before or to a core dump:
 * nothing goes on after a crash.
 *
 *     bh_crash_set_folder("/home/someone/.local/state/editor/crashes");   (or the default)
 *     bh_app_create(argc, argv);
 *     bh_crash_reports(show_note, window);                                what crashed last time
 *     bh_crash_read(path, &text);                                         all of it, for people
 *
 * The program `bulkhead-crash FILE` says what a record says, with function, file and line of each frame; --json for programs.
 *
 * There is no record after SIGKILL, and none where a thread's stack has overflowed that is neither ours nor has called us: it
 * has no stack on which a handler could run. A record holds no memory of the program, but what was noted and logged; it is readable by
 * its owner only, and is never sent anywhere. */
#ifndef BULKHEAD_CRASH_H
#define BULKHEAD_CRASH_H

#include <bulkhead/status.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where records are kept. It is made, with what is above it, for its owner only. FOLDER NULL, and without this call:
 * $XDG_STATE_HOME/NAME/crashes, or ~/.local/state/NAME/crashes, NAME being that of the executable. "" means that there are to be no
 * records. After bh_app_create it moves there at once. BH_ERROR_IO if it cannot be made or written to: then records go where they
 * went before; BH_ERROR_RANGE if it is too long. Before the application exists that is found out, and logged, by bh_app_create, which
 * goes on without records. Any thread. */
BH_API bh_status bh_crash_set_folder(const char *folder);

/* Keeps "NAME TEXT" for the record of a crash, such as bh_crash_note("job", "training of wine"), in place of what NAME had before. TEXT
 * NULL takes it back. Copied; names are cut to 31 bytes, texts to 255, and there are 32 names at a time: BH_ERROR_FULL beyond.
 * Cheap. Any thread, at any time. */
BH_API bh_status bh_crash_note(const char *name, const char *text);

/* A record, valid during the call. Fields are only ever added. */
typedef struct bh_crash_report {
    const char *path;        /* of the record, as it is called once it was shown */
    const char *text;        /* a sentence: what crashed, when, of what, and on which thread */
    int64_t time_s;          /* when: seconds since 1970 */
    int signal;              /* its number; 0: the record was cut before it */
    const char *signal_name; /* "SIGSEGV" */
    uintptr_t address;       /* that is meant; 0: none */
    const char *thread;      /* its name */
} bh_crash_report;

typedef void (*bh_crash_report_function)(const bh_crash_report *report, void *user);

/* Calls FN(REPORT, USER) for each record that it was not called for before, the oldest first, and marks it as shown. The newest 20 that
 * were shown are kept. FN runs in here. BH_OK also if there are none; BH_ERROR_NO_APP before bh_app_create. Reads files. GUI thread. */
BH_API bh_status bh_crash_reports(bh_crash_report_function fn, void *user);

/* What bulkhead-crash says of the record PATH, with function, file and line of each frame; where that program is missing, fails, or
 * takes more than ten seconds, the record as it is. OUT: yours, bh_free; NULL on failure. BH_ERROR_IO if PATH cannot be read. Any thread;
 * blocks for some tens of milliseconds, and for seconds with much debug information: a task is the place. */
BH_API bh_status bh_crash_read(const char *path, char **out);

#define bh_crash_set_folder(...) BH_AT(bh_crash_set_folder(__VA_ARGS__))
#define bh_crash_note(...) BH_AT(bh_crash_note(__VA_ARGS__))
#define bh_crash_reports(...) BH_AT(bh_crash_reports(__VA_ARGS__))
#define bh_crash_read(...) BH_AT(bh_crash_read(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
