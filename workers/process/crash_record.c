/* Reading the record of a crash. */
#include "process/crash_record.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* The next word of a line, cut off; "" at its end. */
static const char *next_word(char **at)
{
    char *word = *at;
    char *space = strchr(word, ' ');
    *at = space ? space + 1 : word + strlen(word);
    if (space)
        *space = 0;
    return word;
}

static uint64_t next_number(char **at)
{
    return strtoull(next_word(at), NULL, 0);
}

static void add_line(bh__crash_lines *lines, const char *text)
{
    if (lines->count < BH__CRASH_LINES)
        lines->line[lines->count++] = text;
}

static void add_frame(bh__crash_record *out, uint64_t address, bool is_return)
{
    if (out->frame_count < BH__CRASH_FRAMES)
        out->frames[out->frame_count++] = (bh__crash_frame){address, is_return};
}

static void add_module(bh__crash_record *out, char *rest)
{
    bh__crash_module module;
    module.begin = next_number(&rest);
    module.end = next_number(&rest);
    module.offset = next_number(&rest);
    module.build_id = next_word(&rest);
    module.path = rest;
    if (module.begin < module.end && rest[0] && out->module_count < BH__CRASH_MODULES)
        out->modules[out->module_count++] = module;
}

static void read_line(bh__crash_record *out, char *rest)
{
    const char *word = next_word(&rest);
    if (strcmp(word, "frame") == 0 || strcmp(word, "return") == 0) {
        add_frame(out, next_number(&rest), word[0] == 'r');
    } else if (strcmp(word, "module") == 0) {
        add_module(out, rest);
    } else if (strcmp(word, "signal") == 0) {
        out->signal = (int)next_number(&rest);
        out->code = (int)next_number(&rest);
        out->address = next_number(&rest);
    } else if (strcmp(word, "time") == 0) {
        out->time_s = (int64_t)next_number(&rest);
    } else if (strcmp(word, "process") == 0) {
        out->process = (int)next_number(&rest);
        out->program = rest;
    } else if (strcmp(word, "thread") == 0) {
        out->thread = (int)next_number(&rest);
        out->thread_name = rest;
    } else if (strcmp(word, "register") == 0) {
        add_line(&out->registers, rest);
    } else if (strcmp(word, "note") == 0) {
        add_line(&out->notes, rest);
    } else if (strcmp(word, "log") == 0) {
        add_line(&out->log, rest);
    } else if (strcmp(word, "end") == 0) {
        out->whole = true;
    }
}

bool bh__crash_record_read(char *text, bh__crash_record *out)
{
    static const char first[] = "bulkhead-crash 1\n";
    memset(out, 0, sizeof *out);
    out->program = out->thread_name = "";
    if (strncmp(text, first, sizeof first - 1) != 0)
        return false;
    char *end;
    for (char *line = text + sizeof first - 1; (end = strchr(line, '\n')); line = end + 1) {
        *end = 0; /* what has no end was cut, and is not read */
        bh__clean_text(line);
        read_line(out, line);
    }
    return true;
}

const bh__crash_module *bh__crash_module_of(const bh__crash_record *record, const bh__crash_frame *frame, uint64_t *place)
{
    uint64_t at = frame->address - frame->is_return; /* the call, not what comes after it */
    for (int i = 0; i < record->module_count; i++) {
        const bh__crash_module *module = &record->modules[i];
        if (at < module->begin || at >= module->end)
            continue;
        *place = at - module->begin + module->offset;
        return module;
    }
    *place = at;
    return NULL;
}

const char *bh__crash_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

void bh__crash_print_frames(const bh__crash_record *record, char *out, size_t size)
{
    out[0] = 0;
    for (int i = 0; i < record->frame_count; i++) {
        uint64_t place;
        const bh__crash_module *module = bh__crash_module_of(record, &record->frames[i], &place);
        bh__append_text(out, size, "%s#%-3d%s+0x%llx", i ? "\n" : "", i, module ? bh__crash_base_name(module->path) : "?",
                        (unsigned long long)place);
    }
}
