/* The record for programs. Addresses are strings, as numbers of JSON lose digits. */
#include "print.h"

#include <time.h>

static void print_string(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            fprintf(out, "\\%c", *text);
        else if ((unsigned char)*text < ' ')
            fprintf(out, "\\u%04x", (unsigned char)*text);
        else
            fputc(*text, out);
    }
    fputc('"', out);
}

static void print_text_field(FILE *out, const char *name, const char *text)
{
    fprintf(out, ",\n  \"%s\": ", name);
    print_string(out, text);
}

static void print_lines(FILE *out, const char *name, const bh__crash_lines *lines)
{
    fprintf(out, ",\n  \"%s\": [", name);
    for (int i = 0; i < lines->count; i++) {
        fprintf(out, "%s", i ? ", " : "");
        print_string(out, lines->line[i]);
    }
    fprintf(out, "]");
}

static void print_place(FILE *out, const symbols_place *place)
{
    fprintf(out, "{\"function\": ");
    print_string(out, place->function);
    fprintf(out, ", \"file\": ");
    print_string(out, place->file);
    fprintf(out, ", \"line\": %d}", place->line);
}

static void print_frame(FILE *out, const bh__crash_record *record, const bh__crash_frame *frame, symbols *names)
{
    symbols_place places[MOST_PLACES];
    uint64_t offset;
    const bh__crash_module *module = bh__crash_module_of(record, frame, &offset);
    int count = symbols_find(names, frame, places, MOST_PLACES);
    fprintf(out, "{\"address\": \"0x%llx\", \"module\": ", (unsigned long long)frame->address);
    print_string(out, module ? module->path : "");
    fprintf(out, ", \"offset\": \"0x%llx\", \"places\": [", (unsigned long long)offset);
    for (int i = 0; i < count; i++) {
        fprintf(out, "%s", i ? ", " : "");
        print_place(out, &places[i]);
    }
    fprintf(out, "]}");
}

static void print_module(FILE *out, const bh__crash_module *module)
{
    fprintf(out, "{\"begin\": \"0x%llx\", \"end\": \"0x%llx\", \"offset\": \"0x%llx\", \"build_id\": ",
            (unsigned long long)module->begin, (unsigned long long)module->end, (unsigned long long)module->offset);
    print_string(out, module->build_id);
    fprintf(out, ", \"path\": ");
    print_string(out, module->path);
    fprintf(out, "}");
}

void print_json(FILE *out, const bh__crash_record *record, symbols *names)
{
    char name[32], when[64] = "";
    struct tm parts;
    time_t time = (time_t)record->time_s;
    if (gmtime_r(&time, &parts))
        strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &parts);
    fprintf(out, "{\n  \"version\": 1");
    print_text_field(out, "program", record->program);
    print_text_field(out, "time", when);
    print_text_field(out, "signal", print_signal_name(record->signal, name, sizeof name));
    fprintf(out, ",\n  \"code\": %d,\n  \"address\": \"0x%llx\"", record->code, (unsigned long long)record->address);
    fprintf(out, ",\n  \"process\": %d,\n  \"thread\": %d", record->process, record->thread);
    print_text_field(out, "thread_name", record->thread_name);
    fprintf(out, ",\n  \"whole\": %s,\n  \"frames\": [", record->whole ? "true" : "false");
    for (int i = 0; i < record->frame_count; i++) {
        fprintf(out, "%s\n    ", i ? "," : "");
        print_frame(out, record, &record->frames[i], names);
    }
    fprintf(out, "]");
    print_lines(out, "notes", &record->notes);
    print_lines(out, "log", &record->log);
    print_lines(out, "registers", &record->registers);
    fprintf(out, ",\n  \"modules\": [");
    for (int i = 0; i < record->module_count; i++) {
        fprintf(out, "%s\n    ", i ? "," : "");
        print_module(out, &record->modules[i]);
    }
    fprintf(out, "]\n}\n");
}
