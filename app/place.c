/* Which folder is the project. */
#include "place.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

/* The folders above it; itself the store makes. */
static bool make_usual(place *out)
{
    if (user_path(out->folder, USER_DATA, "default", true))
        return true;
    return out->folder[0] ? say(out->folder, strerror(errno))
                          : say("there is no folder for the project", "HOME is not set; name a folder");
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
