/* The threads of the process, ours and others': for the close and the exit report. What is special to Linux is in threads_linux.c. */
#ifndef LIFECYCLE_THREADS_H
#define LIFECYCLE_THREADS_H

#include <bulkhead/exit_report.h>

/* Calls VISIT for each thread of the process, the main thread first. False where the system does not tell. Takes no lock while VISIT
 * runs; allocates nothing. */
bool bh__threads_each(void (*visit)(const bh_thread_info *thread, void *user), void *user);

/* Writes one line about it to the log: "Thread: Fetcher, worker, awaited, alive: Fetcher for 1204 ms (id 4711)". */
void bh__thread_log(const bh_thread_info *thread, const char *category, int level);

/* The file name of the library that started the native thread TID, in OUT; "" if it cannot be told. */
void bh__thread_origin(int tid, char *out, size_t size);

#endif
