/* memfd_create and its seals; process_vm_readv. */
#include "process/fault.h"
#include "process/memory_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { SEALS = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE };

int bh__memory_file_open(void)
{
    return bh__fault_now(BH__FAULT_MEMFD) ? -1 : memfd_create("bulkhead-message", MFD_CLOEXEC | MFD_ALLOW_SEALING);
}

bool bh__memory_file_add(int descriptor, const void *data, size_t size)
{
    const unsigned char *bytes = data;
    while (size > 0) {
        ssize_t written = write(descriptor, bytes, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        size -= (size_t)written;
    }
    return true;
}

bool bh__memory_file_seal(int descriptor)
{
    return fcntl(descriptor, F_ADD_SEALS, SEALS | F_SEAL_SEAL) == 0;
}

int bh__memory_file_create(const void *data, size_t size)
{
    int descriptor = bh__memory_file_open();
    if (descriptor < 0)
        return -1;
    if (bh__memory_file_add(descriptor, data, size) && bh__memory_file_seal(descriptor))
        return descriptor;
    close(descriptor);
    return -1;
}

const void *bh__memory_file_map(int descriptor, size_t size)
{
    struct stat facts;
    void *data = MAP_FAILED;
    int seals = fcntl(descriptor, F_GET_SEALS);
    if (seals >= 0 && (seals & SEALS) == SEALS && fstat(descriptor, &facts) == 0 && facts.st_size >= 0 &&
        (uint64_t)facts.st_size == size && size > 0)
        data = mmap(NULL, size, PROT_READ, MAP_SHARED, descriptor, 0);
    close(descriptor);
    return data == MAP_FAILED ? NULL : data;
}

void bh__memory_file_unmap(const void *data, size_t size)
{
    if (data)
        munmap((void *)(uintptr_t)data, size);
}

void bh__memory_is_large(void *memory, size_t size)
{
    enum { LARGE_PAGE = 2 << 20 };
    uintptr_t begin = ((uintptr_t)memory + LARGE_PAGE - 1) & ~(uintptr_t)(LARGE_PAGE - 1);
    uintptr_t end = ((uintptr_t)memory + size) & ~(uintptr_t)(LARGE_PAGE - 1);
    if (size >= 2 * LARGE_PAGE && begin < end)
        madvise((void *)begin, end - begin, MADV_HUGEPAGE); /* a hint: that it fails changes nothing */
}

bh__fetch bh__memory_fetch(pid_t pid, uint64_t address, void *out, size_t size)
{
    size_t done = 0;
    while (done < size) {
        struct iovec here = {(unsigned char *)out + done, size - done};
        struct iovec there = {(void *)(uintptr_t)(address + done), size - done};
        if (bh__fault_now(BH__FAULT_FETCH))
            return BH__FETCH_IMPOSSIBLE;
        ssize_t got = process_vm_readv(pid, &here, 1, &there, 1, 0);
        if (got <= 0)
            return got < 0 && errno == EFAULT ? BH__FETCH_WRONG : BH__FETCH_IMPOSSIBLE;
        done += (size_t)got;
    }
    return BH__FETCH_OK;
}
