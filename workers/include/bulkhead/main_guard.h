/* The guard at the beginning of main: what tells a program from its own worker processes.
 *
 *     int main(int argc, char **argv)
 *     {
 *         bh_main_guard(argc, argv, functions);
 *         …
 *
 * A process pool starts workers by spawning this program again, or a worker program. A spawned worker never gets past the guard: it
 * runs functions of the table until it is told to end. Without the guard a spawned program would open a second window, which would
 * spawn again; so no pool is made in a program that has not called it. */
#ifndef BULKHEAD_MAIN_GUARD_H
#define BULKHEAD_MAIN_GUARD_H

#include <bulkhead/process_job.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The first statement of main, before threads, windows and files. In a program that a person or a shell started it notes FUNCTIONS
 * and returns at once. In a spawned worker it runs the worker and does not return: the process ends with code 0 when the pool is done
 * with it, and with code 2 and a sentence on stderr if something about it is not as a pool would have made it (no descriptors,
 * another parent, another build of the library, too deep).
 * FUNCTIONS ends with {0}, is not copied, and must stay; NULL: none. It is the same table in program and worker, as it is the same
 * program. Not from other threads. */
BH_API void bh_main_guard(int argc, char **argv, const bh_process_function *functions);

/* True in a spawned worker process. */
BH_API bool bh_is_worker_process(void);

/* How deep workers of workers are: 0 in a program that no pool started, at most BH_MAX_WORKER_DEPTH. */
BH_API int bh_worker_depth(void);

#define BH_MAX_WORKER_DEPTH 3

/* All of main for a worker program, as the shipped bulkhead-worker is one: `return bh_worker_main(argc, argv, functions);`. Calls the
 * guard; and gives people the functions alone, without a pool:
 *
 *     PROGRAM run NAME [KEY=VALUE…]    runs NAME with these arguments (bh_message_from_words) in this process: progress on stderr,
 *                                      the result as one line of JSON on stdout; Ctrl-C cancels, and once more ends it
 *     PROGRAM list                     the names of the functions
 *
 * Returns what main shall return: 0, 1 if the function failed (its error is on stderr), 2 for a wrong command line, 130 if it was
 * cancelled. */
BH_API int bh_worker_main(int argc, char **argv, const bh_process_function *functions);

#ifdef __cplusplus
}
#endif
#endif
