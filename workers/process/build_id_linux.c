/* Which build of the library this is: its version, and the build id that the linker has put into it, if there is one. */
#include "process/spawn.h"
#include "process/wire.h"

#include <bulkhead/version.h>
#include <elf.h>
#include <link.h>
#include <stdio.h>
#include <string.h>

typedef struct search {
    uintptr_t inside; /* an address in the library */
    char *out;
} search;

static void print_id(const unsigned char *id, size_t size, char *out)
{
    size_t used = strlen(out);
    for (size_t i = 0; i < size && i < 16; i++)
        used += (size_t)snprintf(out + used, BH__BUILD_SIZE - used, "%02x", id[i]);
}

static void read_notes(const unsigned char *at, size_t size, char *out)
{
    ElfW(Nhdr) note;
    while (size >= sizeof note) {
        memcpy(&note, at, sizeof note);
        size_t name = (note.n_namesz + 3u) & ~3u, text = (note.n_descsz + 3u) & ~3u;
        if (name + text > size - sizeof note)
            return;
        if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && memcmp(at + sizeof note, "GNU", 4) == 0)
            print_id(at + sizeof note + name, note.n_descsz, out);
        at += sizeof note + name + text;
        size -= sizeof note + name + text;
    }
}

static int look(struct dl_phdr_info *object, size_t size, void *user)
{
    search *wanted = user;
    bool here = false;
    (void)size;
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        uintptr_t begin = object->dlpi_addr + part->p_vaddr;
        here = here || (part->p_type == PT_LOAD && wanted->inside >= begin && wanted->inside - begin < part->p_memsz);
    }
    for (int i = 0; here && i < object->dlpi_phnum; i++)
        if (object->dlpi_phdr[i].p_type == PT_NOTE)
            read_notes((const unsigned char *)(object->dlpi_addr + object->dlpi_phdr[i].p_vaddr), object->dlpi_phdr[i].p_memsz,
                       wanted->out);
    return here;
}

void bh__build_id(char out[BH__BUILD_SIZE])
{
    search wanted = {(uintptr_t)&bh__seqpacket, out};
    snprintf(out, BH__BUILD_SIZE, "%s-%d-", BH_VERSION_STRING, BH__WIRE_VERSION);
    dl_iterate_phdr(look, &wanted);
}
