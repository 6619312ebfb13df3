/* The modules of a record: all code that is mapped, with the build id of each file. Runs in the handler of a fatal signal. */
#include "process/crash_hook.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <unistd.h>

typedef struct mapping {
    uint64_t begin, end, offset, inode;
    bool readable, executable;
    const char *path;
} mapping;

static const char *read_hex(const char *at, uint64_t *out)
{
    *out = 0;
    for (;; at++) {
        int digit = *at >= '0' && *at <= '9' ? *at - '0' : *at >= 'a' && *at <= 'f' ? *at - 'a' + 10 : -1;
        if (digit < 0)
            return at;
        *out = *out * 16 + (uint64_t)digit;
    }
}

static const char *skip(const char *at, char past)
{
    while (*at && *at != past)
        at++;
    while (*at == past)
        at++;
    return at;
}

/* "55d0-55d1 r-xp 00001000 08:01 1234   /usr/bin/program" */
static bool read_mapping(const char *line, mapping *out)
{
    const char *at = read_hex(line, &out->begin);
    if (*at != '-')
        return false;
    at = read_hex(at + 1, &out->end);
    if (at[0] != ' ' || !at[1] || !at[2] || !at[3])
        return false;
    out->readable = at[1] == 'r';
    out->executable = at[3] == 'x';
    at = read_hex(skip(at + 1, ' '), &out->offset);
    at = skip(skip(at, ' '), ' ');
    out->inode = 0;
    for (; *at >= '0' && *at <= '9'; at++)
        out->inode = out->inode * 10 + (uint64_t)(*at - '0');
    out->path = skip(at, ' ');
    return out->path[0] != 0;
}

static void print_id(const unsigned char *id, size_t size, char *out, size_t room)
{
    for (; size > 0 && room > 2; size--, id++, room -= 2) {
        *out++ = "0123456789abcdef"[*id >> 4];
        *out++ = "0123456789abcdef"[*id & 15];
    }
    *out = 0;
}

/* The build id among the notes, as hex digits. */
static bool read_notes(uint64_t at, size_t size, char *out, size_t room)
{
    unsigned char notes[1024];
    ElfW(Nhdr) note;
    const unsigned char *next = notes;
    size_t left = size < sizeof notes ? size : sizeof notes;
    if (!bh__crash_read_memory(at, notes, left))
        return false;
    while (left > sizeof note) {
        memcpy(&note, next, sizeof note);
        size_t name = (note.n_namesz + 3ul) & ~3ul, id = (note.n_descsz + 3ul) & ~3ul;
        next += sizeof note;
        left -= sizeof note;
        if (name > left || id > left - name)
            return false;
        if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && memcmp(next, "GNU", 4) == 0) {
            print_id(next + name, note.n_descsz, out, room);
            return true;
        }
        next += name + id;
        left -= name + id;
    }
    return false;
}

/* HEADER is where the file's beginning is mapped. */
static void find_build_id(const mapping *header, char *out, size_t room)
{
    ElfW(Ehdr) file;
    ElfW(Phdr) part;
    uint64_t mapped = header->end - header->begin;
    out[0] = '-';
    out[1] = 0;
    if (!header->readable || !bh__crash_read_memory(header->begin, &file, sizeof file) ||
        memcmp(file.e_ident, ELFMAG, SELFMAG) != 0)
        return;
    for (int i = 0; i < file.e_phnum && i < 64; i++) {
        if (!bh__crash_read_memory(header->begin + file.e_phoff + (uint64_t)i * sizeof part, &part, sizeof part))
            return;
        bool here = part.p_type == PT_NOTE && part.p_offset < mapped && part.p_filesz <= mapped - part.p_offset;
        if (here && read_notes(header->begin + part.p_offset, part.p_filesz, out, room))
            return;
    }
}

static void write_module(bh__crash_text *text, const mapping *code, const mapping *header)
{
    char id[72];
    bool known = header->end && header->inode == code->inode;
    find_build_id(known ? header : code, id, sizeof id);
    bh__crash_begin(text, "module");
    bh__crash_hex(text, code->begin);
    bh__crash_hex(text, code->end);
    bh__crash_hex(text, code->offset);
    bh__crash_word(text, id, sizeof id);
    bh__crash_word(text, code->path, 1000);
    bh__crash_end(text);
}

/* Who has no descriptor left can do without the first where this process is at its end. */
static int open_maps(bool at_end)
{
    int file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    if (file >= 0 || errno != EMFILE || !at_end)
        return file;
    close(STDIN_FILENO);
    return open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
}

void bh__crash_write_modules(bh__crash_text *text, const bh__crash_facts *facts)
{
    char lines[4096];
    mapping header = {0}, one;
    size_t kept = 0;
    ssize_t got;
    int file = open_maps(facts->signal != 0);
    while (file >= 0 && (got = read(file, lines + kept, sizeof lines - 1 - kept)) > 0) {
        char *line = lines, *end;
        kept += (size_t)got;
        lines[kept] = 0;
        for (; (end = strchr(line, '\n')); line = end + 1) {
            *end = 0;
            if (!read_mapping(line, &one))
                continue;
            if (one.offset == 0)
                header = one;
            if (one.executable)
                write_module(text, &one, &header);
        }
        kept -= (size_t)(line - lines);
        memmove(lines, line, kept);
        if (kept >= sizeof lines - 1)
            kept = 0; /* no path is so long */
    }
    if (file >= 0)
        close(file);
}
