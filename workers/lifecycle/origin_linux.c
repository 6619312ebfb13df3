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
    SELF_WORD = 2,           /* tcbhead_t: tcb, dtv, self */
    MOST_CODE = 512
};

typedef struct code {
    uintptr_t from, size;
    const char *library;
} code;

/* Where code is that may be the answer, by address. Each word of a stack is looked up in it: the loader would take too long to ask,
 * on the time of a close. */
typedef struct code_map {
    code parts[MOST_CODE];
    int count;
} code_map;

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

/* Not qsort, which may allocate. */
static void insert(code_map *map, code part)
{
    int at = map->count;
    if (at == MOST_CODE)
        return;
    for (; at > 0 && map->parts[at - 1].from > part.from; at--)
        map->parts[at] = map->parts[at - 1];
    map->parts[at] = part;
    map->count++;
}

static int note_code(struct dl_phdr_info *library, size_t size, void *map)
{
    const char *slash = strrchr(library->dlpi_name, '/');
    const char *name = slash ? slash + 1 : library->dlpi_name;
    (void)size;
    for (int i = 0; i < library->dlpi_phnum && !is_ground(name); i++) {
        const ElfW(Phdr) *part = &library->dlpi_phdr[i];
        if (part->p_type == PT_LOAD && (part->p_flags & PF_X))
            insert(map, (code){library->dlpi_addr + part->p_vaddr, part->p_memsz, name[0] ? name : "the program"});
    }
    return 0;
}

/* The library that has code at ADDRESS; OTHERWISE if there is none. */
static const char *owner_of(const code_map *map, uintptr_t address, const char *otherwise)
{
    int low = 0, high = map->count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (map->parts[middle].from <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && address - map->parts[low - 1].from < map->parts[low - 1].size ? map->parts[low - 1].library : otherwise;
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

/* The owner of the start function in the record at ADDRESS; else OUTERMOST. */
static const char *owner_in_record(const code_map *map, int memory, uintptr_t address, const char *outermost)
{
    uintptr_t words[RECORD_WORDS];
    const char *owner = NULL;
    if (!read_words(memory, address, words, RECORD_WORDS))
        return outermost;
    for (int i = SELF_WORD + 1; i < RECORD_WORDS && !owner; i++)
        owner = owner_of(map, words[i], NULL);
    return owner ? owner : outermost;
}

static const char *search_stack(const code_map *map, int memory, uintptr_t pointer)
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
                return owner_in_record(map, memory, at, outermost);
            outermost = owner_of(map, words[i], outermost);
        }
    }
    return NULL;
}

void bh__thread_origin(int tid, char *out, size_t size)
{
    code_map map = {.count = 0};
    uintptr_t pointer = stack_pointer(tid);
    int memory = pointer ? open("/proc/self/mem", O_RDONLY | O_CLOEXEC) : -1;
    const char *owner = NULL;
    if (memory >= 0) {
        dl_iterate_phdr(note_code, &map);
        owner = search_stack(&map, memory, pointer);
        close(memory);
    }
    bh__copy_text(out, size, owner);
}

#else

void bh__thread_origin(int tid, char *out, size_t size)
{
    (void)tid;
    bh__copy_text(out, size, NULL);
}

#endif
