/* Large payloads: a memory file that is sealed, so that the sender can neither change it while it is read nor shorten it under the
 * reader's feet. */
#ifndef PROCESS_MEMORY_FILE_H
#define PROCESS_MEMORY_FILE_H

#include <bulkhead/status.h>

/* A sealed file with these bytes; -1 where the system has none to give. */
int bh__memory_file_create(const void *data, size_t size);

/* Maps SIZE bytes to read; NULL if the file is not sealed, has another size, or cannot be mapped. Closes the descriptor in any case. */
const void *bh__memory_file_map(int descriptor, size_t size);
void bh__memory_file_unmap(const void *data, size_t size);

#endif
