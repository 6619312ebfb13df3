/* Who started a native thread. The system does not tell: threads of OpenMP and BLAS have the name of the program.
 *
 * A thread that waits shows its stack pointer in /proc/self/task/TID/syscall. Upwards from there, above its frames, lies glibc's record
 * of the thread, recognised by the pointers to itself that the ABI puts at its beginning; in it is the function that the thread was
 * started with, and that function's library is the answer. Memory is read through /proc/self/mem, which fails where there is none
 * rather than to crash. Under a sanitizer the function is the sanitizer's; then the outermost frame that belongs to neither counts. */
#include "lifecycle/threads.h"

#include "core/door.h"

#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#if defined(__x86_64__) && defined(__GLIBC__)

enum {
    PART = 512,              /* words read at a time */
    MOST_PARTS = 64,         /* of a stack: 256 KiB */
    RECORD_WORDS = 2304 / 8, /* at least so large is struct pthread */
    SELF_WORD = 2            /* tcbhead_t: tcb, dtv, self */
};

typedef struct owner_search {
    uintptr_t address;
    const char *name; /* of the library that has code there */
} owner_search;

static int compare(struct dl_phdr_info *library, size_t size, void *user)
{
    owner_search *search = user;
    (void)size;
    for (int i = 0; i < library->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &library->dlpi_phdr[i];
        uintptr_t from = library->dlpi_addr + part->p_vaddr;
        if (part->p_type == PT_LOAD && (part->p_flags & PF_X) && search->address - from < part->p_memsz)
            search->name = library->dlpi_name[0] ? library->dlpi_name : "the program";
    }
    return search->name != NULL;
}

/* The file name of the library that has code at ADDRESS; NULL if there is none. */
static const char *owner_of(uintptr_t address)
{
    owner_search search = {address, NULL};
    if (address < 4096)
        return NULL;
    dl_iterate_phdr(compare, &search);
    const char *slash = search.name ? strrchr(search.name, '/') : NULL;
    return slash ? slash + 1 : search.name;
}

/* Below the code of every thread, and so the answer to nothing. */
static bool is_ground(const char *library)
{
    static const char *const names[] = {"libc.so",    "libpthread.so", "ld-linux",   "linux-vdso",
                                        "libasan.so", "libtsan.so",    "libubsan.so"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strncmp(library, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

static uintptr_t stack_pointer(int tid)
{
    char path[64], text[256] = "";
    snprintf(path, sizeof path, "/proc/self/task/%d/syscall", tid);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = file >= 0 ? read(file, text, sizeof text - 1) : 0;
    if (file >= 0)
        close(file);
    unsigned long pointer = 0;
    char *last = length > 0 ? strrchr(text, ' ') : NULL; /* "NUMBER ARGUMENTS… SP PC", or "running" */
    if (!last)
        return 0;
    *last = 0;
    last = strrchr(text, ' ');
    return last && sscanf(last, " %lx", &pointer) == 1 ? pointer : 0;
}

static bool read_words(int memory, uintptr_t from, uintptr_t *words, size_t count)
{
    size_t size = count * sizeof *words;
    return pread(memory, words, size, (off_t)from) == (ssize_t)size;
}

static void note_owner(uintptr_t word, const char **owner)
{
    const char *found = owner_of(word);
    if (found && !is_ground(found))
        *owner = found;
}

/* The owner of the start function in the record at ADDRESS; else OUTERMOST. */
static const char *owner_in_record(int memory, uintptr_t address, const char *outermost)
{
    uintptr_t words[RECORD_WORDS];
    const char *owner = NULL;
    if (!read_words(memory, address, words, RECORD_WORDS))
        return outermost;
    for (int i = SELF_WORD + 1; i < RECORD_WORDS && !owner; i++)
        note_owner(words[i], &owner);
    return owner ? owner : outermost;
}

static const char *search_stack(int memory, uintptr_t pointer)
{
    uintptr_t words[PART + SELF_WORD];
    const char *outermost = NULL;
    pointer &= ~(uintptr_t)7;
    for (int part = 0; part < MOST_PARTS; part++, pointer += PART * sizeof *words) {
        if (!read_words(memory, pointer, words, PART + SELF_WORD))
            return outermost;
        for (int i = 0; i < PART; i++) {
            uintptr_t at = pointer + (uintptr_t)i * sizeof *words;
            if (words[i] == at && words[i + SELF_WORD] == at)
                return owner_in_record(memory, at, outermost);
            note_owner(words[i], &outermost);
        }
    }
    return NULL;
}

void bh__thread_origin(int tid, char *out, size_t size)
{
    uintptr_t pointer = stack_pointer(tid);
    int memory = pointer ? open("/proc/self/mem", O_RDONLY | O_CLOEXEC) : -1;
    const char *owner = memory >= 0 ? search_stack(memory, pointer) : NULL;
    if (memory >= 0)
        close(memory);
    bh__copy_text(out, size, owner);
}

#else

void bh__thread_origin(int tid, char *out, size_t size)
{
    (void)tid;
    bh__copy_text(out, size, NULL);
}

#endif
