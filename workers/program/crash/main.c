/* bulkhead-crash FILE [--json]: says what a crash record says, with the function, file and line of each frame. */
#include "print.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

enum { MOST = 1 << 20, USAGE = 2 };

static int usage(void)
{
    fprintf(stderr, "bulkhead-crash FILE [--json]\n"
                    "Says what a crash record says (-: from standard input), with function, file and line of each frame,\n"
                    "as text or as JSON.\n");
    return USAGE;
}

static char *read_all(FILE *file)
{
    char *text = malloc(MOST + 1);
    size_t got = text ? fread(text, 1, MOST, file) : 0;
    if (text)
        text[got] = 0;
    return text;
}

static char *read_file(const char *path)
{
    bool given = strcmp(path, "-") == 0;
    FILE *file = given ? stdin : fopen(path, "re");
    if (!file) {
        fprintf(stderr, "bulkhead-crash: %s: %s\n", path, strerror(errno));
        return NULL;
    }
    char *text = read_all(file);
    if (!given)
        fclose(file);
    return text;
}

static int show(const char *path, bool json, bool frames)
{
    int code = 1;
    bh__crash_record *record = calloc(1, sizeof *record);
    char *text = read_file(path);
    if (text && record && bh__crash_record_read(text, record)) {
        symbols *names = symbols_open(record, !frames);
        if (json)
            print_json(stdout, record, names);
        else if (frames)
            print_frames(stdout, record, names);
        else
            print_text(stdout, record, names);
        symbols_close(names);
        code = fflush(stdout) ? 1 : 0;
    } else if (text && record) {
        fprintf(stderr, "bulkhead-crash: %s: this is no crash record\n", path);
    }
    free(text);
    free(record);
    return code;
}

int main(int argc, char **argv)
{
    const char *path = NULL;
    bool json = false, frames = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            json = true;
        else if (strcmp(argv[i], "--frames") == 0)
            frames = true; /* for a pool, which waits for it */
        else if (!path && (argv[i][0] != '-' || !argv[i][1]))
            path = argv[i];
        else
            return usage();
    }
    if (frames)
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* nobody waits any more */
    if (!path)
        return usage();
    if (frames)
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    return show(path, json, frames);
}
