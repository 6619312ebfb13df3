/* The program under test: its start in a clean profile, with the plug-in, and its end. One at a time. */
#ifndef PILOT_PROGRAM_H
#define PILOT_PROGRAM_H

#include "../wire.h"
#include "options.h"

typedef struct program {
    int pid, pidfd, fd; /* fd: the plug-in's other end; all -1 if it does not run */
    char base[200];     /* folders of this script; removed by the supervisor */
    char profile[240];  /* those of this start */
    int starts;
    long told; /* of what it wrote: how much program_written has given */
    wire_frame in;
} program;

typedef enum program_end { PROGRAM_RUNS, PROGRAM_EXITED, PROGRAM_SIGNALED } program_end;

/* Starts it, and waits until its event loop runs. keep: with the folders of the start before. False with a sentence. */
bool program_start(program *self, const pilot_options *options, bool keep, int count, const char *const *arguments, buffer *why);

/* Waits for its end. PROGRAM_RUNS: it has not come in time. */
program_end program_wait(program *self, int limit_ms, int *number);
void program_kill(program *self);

/* The last of what it wrote to standard output and standard error. */
void program_output(const program *self, size_t most, buffer *out);

/* The folder that this program is in. */
void program_folder(buffer *out);
/* What it has written since this was asked the last time, of one start: at most the last `most` bytes of that. */
void program_written(program *self, size_t most, buffer *out);

/* A file in its profile. */
void program_file(const program *self, const char *name, buffer *out);

#endif
