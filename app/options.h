/* What the command line asks for. */
#ifndef APP_OPTIONS_H
#define APP_OPTIONS_H

#include <stdbool.h>

typedef struct options {
    const char *project;    /* a folder; NULL: the usual one */
    const char *screenshot; /* NULL: none */
    bool demo, resume, quit_when_idle, checklist, checklist_json, help, version;
    int scheme; /* bh_color_scheme */
} options;

/* False, having said why on standard error. Takes Qt's own options out of its way: what begins with one dash. */
bool options_parse(int argc, char **argv, options *out);
void options_help(void);

#endif
