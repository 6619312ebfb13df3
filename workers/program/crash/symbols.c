/* Symbols by libdwfl: files are opened by the paths in the record, and believed only if their build id is that of the record. */
#include "symbols.h"

#include <dlfcn.h>
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwelf.h>
#include <elfutils/libdwfl.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct symbols {
    Dwfl *dwfl;
    char *(*demangle)(const char *name, char *out, size_t *size, int *status); /* of libstdc++, where there is one */
};

/* --- modules */

static bool is_same_build(Elf *elf, const char *wanted)
{
    const void *id = NULL;
    char text[2 * 64 + 1] = "-";
    ssize_t size = dwelf_elf_gnu_build_id(elf, &id);
    for (ssize_t i = 0; i < size && i < 64; i++)
        snprintf(text + 2 * i, 3, "%02x", ((const unsigned char *)id)[i]);
    return strcmp(text, wanted) == 0;
}

/* What is to be added to addresses of the file. */
static bool find_bias(Elf *elf, const bh__crash_module *module, GElf_Addr *out)
{
    size_t count = 0;
    GElf_Phdr part;
    if (elf_getphdrnum(elf, &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!gelf_getphdr(elf, (int)i, &part) || part.p_type != PT_LOAD || !(part.p_flags & PF_X))
            continue;
        GElf_Off begin = part.p_align > 1 ? part.p_offset & ~(part.p_align - 1) : part.p_offset;
        if (module->offset < begin || module->offset >= part.p_offset + part.p_filesz)
            continue;
        *out = module->begin - (part.p_vaddr + module->offset - part.p_offset);
        return true;
    }
    return false;
}

static bool look_into(int file, const bh__crash_module *module, GElf_Addr *bias)
{
    struct stat facts;
    if (fstat(file, &facts) || !S_ISREG(facts.st_mode))
        return false;
    Elf *elf = elf_begin(file, ELF_C_READ, NULL);
    bool same = elf && elf_kind(elf) == ELF_K_ELF && is_same_build(elf, module->build_id) && find_bias(elf, module, bias);
    elf_end(elf);
    return same;
}

static void report(Dwfl *dwfl, const bh__crash_module *module)
{
    GElf_Addr bias = 0;
    /* The path may be that of anything */
    int file = module->path[0] == '/' ? open(module->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1;
    if (file < 0)
        return;
    if (!look_into(file, module, &bias) || !dwfl_report_elf(dwfl, module->path, module->path, file, bias, true))
        close(file); /* otherwise it belongs to libdwfl */
}

/* Debug information in files of their own, by build id; no search in folders, and no server. */
static int find_local(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base, const char *file, const char *link,
                      GElf_Word checksum, char **out)
{
    return dwfl_build_id_find_debuginfo(module, user, name, base, file, link, checksum, out);
}

symbols *symbols_open(const bh__crash_record *record, bool download)
{
    static const Dwfl_Callbacks local = {
        .find_elf = dwfl_build_id_find_elf, .find_debuginfo = find_local, .section_address = dwfl_offline_section_address};
    static const Dwfl_Callbacks all = {.find_elf = dwfl_build_id_find_elf,
                                       .find_debuginfo = dwfl_standard_find_debuginfo,
                                       .section_address = dwfl_offline_section_address};
    symbols *self = calloc(1, sizeof *self);
    const bh__crash_module *last = NULL;
    if (!self)
        return NULL;
    elf_version(EV_CURRENT);
    self->dwfl = dwfl_begin(download ? &all : &local);
    if (!self->dwfl)
        return self;
    dwfl_report_begin(self->dwfl);
    for (int i = 0; i < record->module_count; i++) {
        const bh__crash_module *module = &record->modules[i];
        bool used = false;
        uint64_t place;
        for (int f = 0; f < record->frame_count; f++)
            used = used || bh__crash_module_of(record, &record->frames[f], &place) == module;
        if (!used || (last && strcmp(last->path, module->path) == 0))
            continue;
        last = module;
        report(self->dwfl, module);
    }
    dwfl_report_end(self->dwfl, NULL, NULL);
    return self;
}

void symbols_close(symbols *self)
{
    if (self && self->dwfl)
        dwfl_end(self->dwfl);
    free(self);
}

/* --- names */

static void copy(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text ? text : "");
}

/* Names of C++ as people write them. It is loaded when there is one: C programs have none. */
static void copy_name(symbols *self, char *out, size_t size, const char *name)
{
    int status = -1;
    if (name && strncmp(name, "_Z", 2) == 0 && !self->demangle) {
        void *library = dlopen("libstdc++.so.6", RTLD_LAZY);
        void *found = library ? dlsym(library, "__cxa_demangle") : NULL;
        memcpy(&self->demangle, &found, sizeof found);
        // cppcheck-suppress resourceLeak ; it stays, as its function does
    }
    char *readable = name && strncmp(name, "_Z", 2) == 0 && self->demangle ? self->demangle(name, NULL, NULL, &status) : NULL;
    copy(out, size, readable && status == 0 ? readable : name);
    free(readable);
}

/* --- places */

static void set_line(symbols_place *place, const char *file, int line)
{
    copy(place->file, sizeof place->file, file);
    place->line = file ? line : 0;
}

/* Where an inlined function was called. */
static void set_call(symbols_place *place, Dwarf_Die *unit, Dwarf_Die *inlined)
{
    Dwarf_Attribute attribute;
    Dwarf_Word file = 0, line = 0;
    Dwarf_Files *files = NULL;
    bool known = dwarf_getsrcfiles(unit, &files, NULL) == 0 &&
                 dwarf_formudata(dwarf_attr(inlined, DW_AT_call_file, &attribute), &file) == 0 &&
                 dwarf_formudata(dwarf_attr(inlined, DW_AT_call_line, &attribute), &line) == 0;
    set_line(place, known ? dwarf_filesrc(files, file, NULL, NULL) : NULL, (int)line);
}

static bool is_function(Dwarf_Die *scope)
{
    int tag = dwarf_tag(scope);
    return tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine;
}

/* From the innermost scope outwards, as they were compiled into each other. */
static int walk_scopes(Dwarf_Die *unit, Dwarf_Addr address, symbols_place *places, int most)
{
    Dwarf_Die *around = NULL, *scopes = NULL;
    int found = 0, count = dwarf_getscopes(unit, address, &around);
    if (count > 0)
        count = dwarf_getscopes_die(&around[0], &scopes); /* those of the concrete function, not of the abstract one */
    for (int i = 0; i < count && found < most; i++) {
        if (!is_function(&scopes[i]))
            continue;
        copy(places[found].function, sizeof places[found].function, dwarf_diename(&scopes[i]));
        found++;
        if (dwarf_tag(&scopes[i]) == DW_TAG_subprogram)
            break;
        if (found < most)
            set_call(&places[found], unit, &scopes[i]);
    }
    free(scopes);
    free(around);
    return found;
}

int symbols_find(symbols *self, const bh__crash_frame *frame, symbols_place *places, int most)
{
    Dwarf_Addr address = frame->address - frame->is_return, bias = 0;
    GElf_Off offset;
    GElf_Sym symbol;
    int line = 0, found = 0;
    memset(places, 0, (size_t)most * sizeof *places);
    Dwfl_Module *module = self && self->dwfl ? dwfl_addrmodule(self->dwfl, address) : NULL;
    if (!module)
        return 0;
    const char *name = dwfl_module_addrinfo(module, address, &offset, &symbol, NULL, NULL, NULL);
    Dwfl_Line *source = dwfl_module_getsrc(module, address);
    const char *file = source ? dwfl_lineinfo(source, NULL, &line, NULL, NULL, NULL) : NULL;
    set_line(&places[0], file, line);
    Dwarf_Die *unit = dwfl_module_addrdie(module, address, &bias);
    if (unit)
        found = walk_scopes(unit, address - bias, places, most);
    /* The linker's name has what the debug information leaves out: classes, parameters */
    if (name && (found == 0 || strncmp(name, "_Z", 2) == 0)) {
        found = found ? found : 1;
        copy_name(self, places[found - 1].function, sizeof places[0].function, name);
    }
    return found ? found : file != NULL;
}
