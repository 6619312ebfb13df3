/* The command line. */
#include "options.h"

#include <bulkhead/app.h>
#include <stdio.h>
#include <string.h>

void options_help(void)
{
    puts("usage: bulkhead [OPTION…] [PROJECT]\n"
         "Fetches tables, looks at them, trains on them, and compares what came of it. PROJECT is a folder, which\n"
         "is made if need be; without it, bulkhead/default among the user's data.\n"
         "\n"
         "  --demo              a project with data that come with the program: fetched over HTTP from itself,\n"
         "                      checked, trained on, compared. Without PROJECT a temporary one\n"
         "  --resume            go on with all that was interrupted, or waits\n"
         "  --quit-when-idle    end when no job is left: 0 if all succeeded, else 1; a line per job on\n"
         "                      standard output\n"
         "  --screenshot FILE   save a picture of the window when no job is left\n"
         "  --light, --dark     colours; otherwise what was chosen last\n"
         "  --checklist         probe this program against each row of the golden checklist, and print what was seen:\n"
         "                      0 if all pass, else 1; --checklist=json for programs\n"
         "  --version           print the version\n"
         "  --help              print this\n"
         "\n"
         "Without a display: QT_QPA_PLATFORM=offscreen bulkhead …");
}

static bool complain(const char *format, const char *word)
{
    fputs("bulkhead: ", stderr);
    fprintf(stderr, "%s%s. Try: bulkhead --help\n", format, word);
    return false;
}

static bool take_value(const char *name, int argc, char **argv, int *i, const char **out, bool *taken)
{
    size_t length = strlen(name);
    if (strncmp(argv[*i], name, length) != 0 || (argv[*i][length] && argv[*i][length] != '='))
        return true;
    *taken = true;
    *out = argv[*i][length] ? argv[*i] + length + 1 : *i + 1 < argc ? argv[++*i] : "";
    return (*out)[0] || complain("a file name must follow ", name);
}

static bool take_word(const char *word, options *out)
{
    const struct {
        const char *name;
        bool *flag;
    } flags[] = {{"--demo", &out->demo},
                 {"--resume", &out->resume},
                 {"--quit-when-idle", &out->quit_when_idle},
                 {"--checklist", &out->checklist},
                 {"--checklist=json", &out->checklist_json},
                 {"--help", &out->help},
                 {"--version", &out->version}};
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (strcmp(word, flags[i].name) == 0)
            return *flags[i].flag = true;
    if (strcmp(word, "--light") == 0 || strcmp(word, "--dark") == 0) {
        out->scheme = word[2] == 'd' ? BH_COLORS_DARK : BH_COLORS_LIGHT;
        return true;
    }
    return complain("there is no option ", word);
}

bool options_parse(int argc, char **argv, options *out)
{
    *out = (options){0};
    for (int i = 1; i < argc; i++) {
        bool taken = false;
        if (!take_value("--screenshot", argc, argv, &i, &out->screenshot, &taken))
            return false;
        if (taken)
            continue;
        if (strncmp(argv[i], "--", 2) == 0) {
            if (!take_word(argv[i], out))
                return false;
        } else if (argv[i][0] == '-') {
            i += strcmp(argv[i], "-platform") == 0 || strcmp(argv[i], "-style") == 0 || strcmp(argv[i], "-plugin") == 0;
        } else if (out->project) {
            return complain("one project at a time: leave out ", argv[i]);
        } else {
            out->project = argv[i];
        }
    }
    return true;
}
