/* The record for people. */
#include "print.h"

#include <string.h>
#include <time.h>

const char *print_signal_name(int number, char *out, size_t size)
{
    const char *name = sigabbrev_np(number);
    if (name)
        snprintf(out, size, "SIG%s", name);
    else
        snprintf(out, size, "signal %d", number);
    return out;
}

static void print_place(FILE *out, const symbols_place *place)
{
    fprintf(out, "%s", place->function[0] ? place->function : "?");
    if (place->line)
        fprintf(out, " (%s:%d)", place->file, place->line);
}

static void print_frame(FILE *out, const bh__crash_record *record, symbols *names, int i)
{
    symbols_place places[MOST_PLACES];
    uint64_t offset;
    const bh__crash_module *module = bh__crash_module_of(record, &record->frames[i], &offset);
    const char *file = module ? bh__crash_base_name(module->path) : "?";
    int count = symbols_find(names, &record->frames[i], places, MOST_PLACES);
    if (!count)
        fprintf(out, "#%-3d%s+0x%llx\n", i, file, (unsigned long long)offset);
    for (int k = 0; k < count; k++) {
        fprintf(out, "#%-3d", i);
        print_place(out, &places[k]);
        fprintf(out, " [%s+0x%llx]\n", file, (unsigned long long)offset);
    }
}

/* How many frames from I on are the same call: recursion without end. */
static int count_same(const bh__crash_record *record, int i)
{
    int same = 1;
    while (i + same < record->frame_count && record->frames[i + same].address == record->frames[i].address)
        same++;
    return same;
}

static void print_stack(FILE *out, const bh__crash_record *record, symbols *names)
{
    for (int i = 0; i < record->frame_count; i++) {
        int same = count_same(record, i);
        print_frame(out, record, names, i);
        if (same < 3)
            continue;
        fprintf(out, "    and the same %d more times\n", same - 1);
        i += same - 1;
    }
}

/* Innermost of the program's own: what has a line, or else what is not the C library. */
static bool find_where(const bh__crash_record *record, symbols *names, symbols_place *out)
{
    symbols_place places[MOST_PLACES];
    uint64_t offset;
    bool found = false;
    for (int i = 0; i < record->frame_count; i++) {
        const bh__crash_module *module = bh__crash_module_of(record, &record->frames[i], &offset);
        int count = module ? symbols_find(names, &record->frames[i], places, MOST_PLACES) : 0;
        bool libc = module && strncmp(bh__crash_base_name(module->path), "libc.so", 7) == 0;
        if (!count || libc || !places[0].function[0] || (found && !places[0].line))
            continue;
        *out = places[0];
        found = true;
        if (places[0].line)
            break;
    }
    return found;
}

void print_frames(FILE *out, const bh__crash_record *record, symbols *names)
{
    symbols_place where;
    if (find_where(record, names, &where)) {
        fprintf(out, "%s", where.function);
        if (where.line)
            fprintf(out, " (%s:%d)", bh__crash_base_name(where.file), where.line);
    }
    fprintf(out, "\n");
    print_stack(out, record, names);
}

static void print_lines(FILE *out, const char *title, const bh__crash_lines *lines)
{
    if (lines->count)
        fprintf(out, "\n%s\n", title);
    for (int i = 0; i < lines->count; i++)
        fprintf(out, "  %s\n", lines->line[i]);
}

static void print_head(FILE *out, const bh__crash_record *record)
{
    char name[32], when[64] = "";
    struct tm parts;
    time_t time = (time_t)record->time_s;
    if (gmtime_r(&time, &parts))
        strftime(when, sizeof when, "%Y-%m-%d %H:%M:%S UTC", &parts);
    fprintf(out, "%s crashed at %s: %s", record->program, when, print_signal_name(record->signal, name, sizeof name));
    if (record->address)
        fprintf(out, " at address 0x%llx", (unsigned long long)record->address);
    fprintf(out, "\nprocess %d, thread %d '%s', code %d\n", record->process, record->thread, record->thread_name, record->code);
    if (!record->whole)
        fprintf(out, "The record ends early: the disk was full, or writing it crashed too.\n");
}

void print_text(FILE *out, const bh__crash_record *record, symbols *names)
{
    print_head(out, record);
    fprintf(out, "\nStack\n");
    print_stack(out, record, names);
    print_lines(out, "Notes", &record->notes);
    print_lines(out, "Last lines of the log", &record->log);
    print_lines(out, "Registers", &record->registers);
    if (record->module_count)
        fprintf(out, "\nModules\n");
    for (int i = 0; i < record->module_count; i++)
        fprintf(out, "  0x%llx  %s  %s\n", (unsigned long long)record->modules[i].begin, record->modules[i].path,
                record->modules[i].build_id);
}
