/* Reading the record of a crash (crash_hook.h writes it). Lines of text, a word in front of each:
 *
 *     bulkhead-crash 1                       the form of this text
 *     signal 11 1 0x1238                     number, si_code, address (0: none)
 *     time 1732312345                        seconds since 1970, UTC
 *     process 4711 /usr/bin/program
 *     thread 4713 fetch
 *     register rip 0x5581…
 *     frame 0x5581…                          innermost first; an instruction
 *     return 0x5581…                         the same as the address to which a call returns
 *     note job training of wine              what the program has noted
 *     log warning: app: disk is nearly full
 *     module 0x5580… 0x5582… 0x1000 BUILDID /usr/bin/program      begin, end, offset in the file, "-" where there is no build id
 *     end
 *
 * A record without "end" was cut: by a full disk, or by a second crash. What is there counts. What comes from a worker may be anything:
 * nothing of it is believed. */
#ifndef PROCESS_CRASH_RECORD_H
#define PROCESS_CRASH_RECORD_H

#include <bulkhead/status.h>
#include <stddef.h>
#include <stdint.h>

enum { BH__CRASH_FRAMES = 64, BH__CRASH_MODULES = 1024, BH__CRASH_LINES = 128 };

typedef struct bh__crash_frame {
    uint64_t address;
    bool is_return;
} bh__crash_frame;

typedef struct bh__crash_module {
    uint64_t begin, end, offset;
    const char *build_id; /* "-": none */
    const char *path;
} bh__crash_module;

/* Lines of one kind, without their first word. */
typedef struct bh__crash_lines {
    int count;
    const char *line[BH__CRASH_LINES];
} bh__crash_lines;

/* Texts are parts of the text that was read; never NULL. */
typedef struct bh__crash_record {
    int signal, code;
    uint64_t address;
    int64_t time_s;
    int process, thread;
    const char *program, *thread_name;
    bool whole;
    int frame_count, module_count;
    bh__crash_frame frames[BH__CRASH_FRAMES];
    bh__crash_lines registers, notes, log;
    bh__crash_module modules[BH__CRASH_MODULES];
} bh__crash_record;

/* Cuts TEXT into lines, in place. False if it is no record. */
BH_API bool bh__crash_record_read(char *text, bh__crash_record *out);

/* Where a frame is: the module, and the place in its file; NULL: in none. */
BH_API const bh__crash_module *bh__crash_module_of(const bh__crash_record *record, const bh__crash_frame *frame, uint64_t *place);

/* What follows the last '/'. */
BH_API const char *bh__crash_base_name(const char *path);

/* "#0  program+0x1234", a line per frame: what can be said without symbols. */
BH_API void bh__crash_print_frames(const bh__crash_record *record, char *out, size_t size);

#endif
