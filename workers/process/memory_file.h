/* Large payloads: a memory file that is sealed, so that the sender can neither change it while it is read nor shorten it under the
 * reader's feet. Its pages are new ones each time, which costs more than copying what is in them: a result of some megabytes is copied
 * from the worker's memory to ours instead, where the system allows it. */
#ifndef PROCESS_MEMORY_FILE_H
#define PROCESS_MEMORY_FILE_H

#include <bulkhead/status.h>
#include <sys/types.h>

/* A sealed file with these bytes; -1 where the system has none to give. */
int bh__memory_file_create(const void *data, size_t size);

/* The same in pieces: opened, filled, sealed. The descriptor stays the caller's where one of them fails. */
int bh__memory_file_open(void);
bool bh__memory_file_add(int descriptor, const void *data, size_t size);
bool bh__memory_file_seal(int descriptor);

/* Maps SIZE bytes to read; NULL if the file is not sealed, has another size, or cannot be mapped. Closes the descriptor in any case. */
const void *bh__memory_file_map(int descriptor, size_t size);
void bh__memory_file_unmap(const void *data, size_t size);

/* Tells the system that SIZE bytes at MEMORY, which were just allocated, are best served in large pages. Only where they are many. */
void bh__memory_is_large(void *memory, size_t size);

/* Copies SIZE bytes from ADDRESS in process PID. Impossible: the system forbids it, or the process is gone; wrong: nothing is there. */
typedef enum bh__fetch { BH__FETCH_OK, BH__FETCH_IMPOSSIBLE, BH__FETCH_WRONG } bh__fetch;
bh__fetch bh__memory_fetch(pid_t pid, uint64_t address, void *out, size_t size);

#endif
