/* The command line of bulkhead-pilot. */
#ifndef PILOT_OPTIONS_H
#define PILOT_OPTIONS_H

#include <stdbool.h>

typedef struct pilot_options {
    const char *command; /* "test", "record", "inspect", "lint" */
    int jobs, repeats, retries, shard, shards;
    int slow_ms, limit_ms, step_limit_ms;
    bool headed, tap, update, help;
    const char *grep, *junit, *trace, *output;
    char **scripts;
    int script_count;
    char **program; /* with its arguments; NULL after the last */
    int program_count;
} pilot_options;

/* False after a sentence on standard error. */
bool pilot_options_parse(int argc, char **argv, pilot_options *out);
void pilot_options_help(void);

#endif
