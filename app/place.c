/* Which folder is the project. */
#include "place.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool say(const char *what, const char *why)
{
    fprintf(stderr, "bulkhead: %s: %s\n", what, why);
    return false;
}

static bool make_temporary(place *out)
{
    const char *base = getenv("TMPDIR");
    snprintf(out->folder, sizeof out->folder, "%.3000s/bulkhead-demo-XXXXXX", base && base[0] == '/' ? base : "/tmp");
    out->temporary = mkdtemp(out->folder) != NULL;
    return out->temporary || say(out->folder, strerror(errno));
}

static bool make_usual(place *out)
{
    const char *base = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    bool set = base && base[0] == '/';
    if (!set && !(home && home[0] == '/'))
        return say("there is no folder for the project", "HOME is not set; name a folder");
    size_t used = (size_t)snprintf(out->folder, sizeof out->folder, "%.3000s%s", set ? base : home, set ? "" : "/.local/share");
    snprintf(out->folder + used, sizeof out->folder - used, "/bulkhead/default");
    for (char *slash = out->folder + 1; (slash = strchr(slash, '/')); slash++) { /* all but the last, which the store makes */
        *slash = 0;
        if (mkdir(out->folder, 0700) != 0 && errno != EEXIST)
            return say(out->folder, strerror(errno));
        *slash = '/';
    }
    return true;
}

bool place_find(const options *asked, place *out)
{
    *out = (place){.temporary = false};
    if (!asked->project)
        return asked->demo ? make_temporary(out) : make_usual(out);
    bool fits = snprintf(out->folder, sizeof out->folder, "%s", asked->project) < (int)sizeof out->folder;
    return fits || say("the path of the project", strerror(ENAMETOOLONG));
}

static int remove_entry(const char *path, const struct stat *facts, int kind, struct FTW *at)
{
    (void)facts;
    (void)kind;
    (void)at;
    return remove(path);
}

void place_remove(const place *self)
{
    enum { DESCRIPTORS = 8 };
    if (self->temporary)
        nftw(self->folder, remove_entry, DESCRIPTORS, FTW_DEPTH | FTW_PHYS);
}
