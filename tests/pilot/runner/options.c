/* The command line. */
#include "options.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void pilot_options_help(void)
{
    puts("usage: bulkhead-pilot [OPTION…] SCRIPT.lua… -- PROGRAM [ARGUMENT…]\n"
         "       bulkhead-pilot record PROGRAM [ARGUMENT…] > script.lua\n"
         "       bulkhead-pilot inspect PROGRAM [ARGUMENT…]\n"
         "       bulkhead-pilot lint PROGRAM [ARGUMENT…]\n"
         "Runs scripted tests of a Qt 6 Widgets program.\n"
         "\n"
         "  -j N             N scripts at a time\n"
         "  --grep RE        only tests whose name matches the extended regular expression\n"
         "  --repeat N       each test N times\n"
         "  --retries N      a test that fails is tried N times more; if it passes then, it is flaky, and has not passed\n"
         "  --shard I/N      the I-th of N parts of the tests\n"
         "  --limit SECONDS  for a script (120)\n"
         "  --step-limit MS  for a step that waits (5000)\n"
         "  --headed         on the display, and not offscreen\n"
         "  --slow MS        waits after each step\n"
         "  --tap            writes TAP\n"
         "  --junit FILE     writes JUnit's XML too\n"
         "  --trace DIR      writes a page for each test: its steps, with pictures\n"
         "  --output DIR     where pictures of failures go (pilot-output)\n"
         "  --update         writes snapshots and pictures anew that are compared with\n"
         "\n"
         "Ends with 0 if all passed, 1 if one failed or is flaky, 2 after a mistake in the command line or a script, 3 after\n"
         "a crash, 4 if a time limit was reached.");
}

static bool complain(const char *what, const char *word)
{
    fprintf(stderr, "bulkhead-pilot: %s%s. Try: bulkhead-pilot --help\n", what, word);
    return false;
}

static bool take_number(const char *name, const char *text, int least, int *out)
{
    char *end;
    long number = text ? strtol(text, &end, 10) : 0;
    if (!text || end == text || *end || number < least || number > INT_MAX / 1000)
        return complain("a number must follow ", name);
    *out = (int)number;
    return true;
}

static bool take_shard(const char *text, pilot_options *out)
{
    if (!text || sscanf(text, "%d/%d", &out->shard, &out->shards) != 2 || out->shard < 1 || out->shard > out->shards)
        return complain("--shard needs I/N, such as 1/3", "");
    return true;
}

/* "-j4", as make takes it, too. True if it is that. */
static bool take_joined_jobs(const char *name, pilot_options *out, bool *fine)
{
    if (strncmp(name, "-j", 2) != 0 || !name[2])
        return false;
    *fine = take_number("-j", name + 2, 1, &out->jobs);
    return true;
}

/* An option with a number. False if it is none, or wrong. */
static bool take_numbered(const char *name, const char *value, pilot_options *out, bool *known)
{
    const struct {
        const char *name;
        int *number, least, scale;
    } numbers[] = {
        {"-j", &out->jobs, 1, 1},        {"--repeat", &out->repeats, 1, 1},    {"--retries", &out->retries, 0, 1},
        {"--slow", &out->slow_ms, 0, 1}, {"--limit", &out->limit_ms, 1, 1000}, {"--step-limit", &out->step_limit_ms, 1, 1}};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (strcmp(name, numbers[i].name) != 0)
            continue;
        *known = true;
        if (!take_number(name, value, numbers[i].least, numbers[i].number))
            return false;
        *numbers[i].number *= numbers[i].scale;
        return true;
    }
    return true;
}

static bool take_text(const char *name, const char *value, pilot_options *out, bool *known)
{
    const struct {
        const char *name, **text;
    } texts[] = {{"--grep", &out->grep}, {"--junit", &out->junit}, {"--trace", &out->trace}, {"--output", &out->output}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (strcmp(name, texts[i].name) != 0)
            continue;
        *known = true;
        *texts[i].text = value;
        return value || complain("something must follow ", name);
    }
    return true;
}

static bool take_flag(const char *name, pilot_options *out)
{
    const struct {
        const char *name;
        bool *flag;
    } flags[] = {
        {"--headed", &out->headed}, {"--tap", &out->tap}, {"--update", &out->update}, {"--help", &out->help}, {"-h", &out->help}};
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (strcmp(name, flags[i].name) == 0)
            return *flags[i].flag = true;
    return complain("there is no option ", name);
}

/* One option at argv[*i]; *i moves on to its last word. */
static bool take_option(int argc, char **argv, int *i, pilot_options *out)
{
    const char *name = argv[*i], *value = *i + 1 < argc ? argv[*i + 1] : NULL;
    bool known = false, fine;
    if (take_joined_jobs(name, out, &fine))
        return fine;
    if (strcmp(name, "--shard") == 0)
        known = true;
    if (known ? !take_shard(value, out) : !take_numbered(name, value, out, &known))
        return false;
    if (!known && !take_text(name, value, out, &known))
        return false;
    if (!known)
        return take_flag(name, out);
    ++*i;
    return true;
}

static bool is_command(const char *word)
{
    return strcmp(word, "record") == 0 || strcmp(word, "inspect") == 0 || strcmp(word, "lint") == 0;
}

static bool complete(const pilot_options *out)
{
    if (out->help)
        return true;
    if (!out->program_count)
        return complain("there is no program: it follows --", "");
    return out->script_count || strcmp(out->command, "test") != 0 || complain("there is no script", "");
}

bool pilot_options_parse(int argc, char **argv, pilot_options *out)
{
    *out = (pilot_options){.command = "test",
                           .jobs = 1,
                           .repeats = 1,
                           .shard = 1,
                           .shards = 1,
                           .limit_ms = 120000,
                           .step_limit_ms = 5000,
                           .output = "pilot-output"};
    int i = 1;
    if (argc > 1 && is_command(argv[1]))
        out->command = argv[i++];
    bool tests = strcmp(out->command, "test") == 0;
    for (; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (argv[i][0] == '-') {
            if (!take_option(argc, argv, &i, out))
                return false;
            continue;
        }
        if (!tests) {
            i--; /* the program itself, as if after "--" */
            break;
        }
        if (!out->scripts)
            out->scripts = argv + i;
        if (out->scripts + out->script_count != argv + i)
            return complain("options come before scripts, and so not before ", argv[i]);
        out->script_count++;
    }
    if (i + 1 < argc) {
        out->program = argv + i + 1;
        out->program_count = argc - i - 1;
    }
    return complete(out);
}
