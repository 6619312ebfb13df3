/* bulkhead-pilot: runs scripts that use a program as a person would, and looks on while a person does. */
#include "options.h"
#include "supervisor.h"
#include "watch.h"

#include <regex.h>
#include <stdio.h>
#include <string.h>

static bool grep_is_fine(const char *text)
{
    regex_t compiled;
    if (!text)
        return true;
    if (regcomp(&compiled, text, REG_EXTENDED | REG_NOSUB) != 0) {
        fprintf(stderr, "bulkhead-pilot: %s is no regular expression\n", text);
        return false;
    }
    regfree(&compiled);
    return true;
}

int main(int argc, char **argv)
{
    pilot_options options;
    if (!pilot_options_parse(argc, argv, &options) || !grep_is_fine(options.grep))
        return 2;
    if (options.help) {
        pilot_options_help();
        return 0;
    }
    return strcmp(options.command, "test") == 0 ? supervisor_run(&options) : watch_run(&options);
}
