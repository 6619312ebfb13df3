/* The file of settings. */
#include "settings.h"

#include <bulkhead/app.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_SIZE = 4096 };

/* False where there is no home. The folder is made if MAKE. */
static bool path_of(char out[PATH_SIZE], const char *end, bool make)
{
    const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    bool set = base && base[0] == '/';
    if (!set && !(home && home[0] == '/'))
        return false;
    int length = snprintf(out, PATH_SIZE, "%s%s", set ? base : home, set ? "" : "/.config");
    if (length < 0 || length > PATH_SIZE - 64)
        return false;
    if (make)
        mkdir(out, 0700);
    length += snprintf(out + length, PATH_SIZE - (size_t)length, "/bulkhead");
    if (make)
        mkdir(out, 0700);
    return snprintf(out + length, PATH_SIZE - (size_t)length, "/%s", end) > 0;
}

void settings_read(settings *out)
{
    char path[PATH_SIZE], line[256];
    *out = (settings){0};
    FILE *file = path_of(path, "window.conf", false) ? fopen(path, "re") : NULL;
    while (file && fgets(line, sizeof line, file)) {
        bh_rect r;
        int number;
        if (sscanf(line, "geometry %d %d %d %d", &r.x, &r.y, &r.width, &r.height) == 4 && r.width > 0 && r.width < 20000 &&
            r.height > 0 && r.height < 20000)
            out->geometry = r;
        else if (sscanf(line, "maximized %d", &number) == 1)
            out->maximized = number == 1;
        else if (sscanf(line, "colors %d", &number) == 1 && number >= BH_COLORS_SYSTEM && number <= BH_COLORS_DARK)
            out->scheme = number;
        else if (sscanf(line, "tree %d", &number) == 1 && number > 0 && number < 5000)
            out->tree_width = number;
        else if (sscanf(line, "tab %d", &number) == 1 && number >= 0 && number < 3)
            out->tab = number;
        else if (sscanf(line, "logarithmic %d", &number) == 1)
            out->log_scale = number == 1;
    }
    if (file)
        fclose(file);
}

/* Beside the old one first, so that a full disk leaves that as it is. */
bh_status settings_write(const settings *from)
{
    char path[PATH_SIZE], fresh[PATH_SIZE];
    const bh_rect *r = &from->geometry;
    if (!path_of(path, "window.conf", true) || !path_of(fresh, "window.conf.new", true))
        return bh_report(BH_ERROR_IO, "settings", "there is no folder to remember the window in: HOME is not set");
    FILE *file = fopen(fresh, "we");
    bool written =
        file && fprintf(file, "geometry %d %d %d %d\nmaximized %d\ncolors %d\ntree %d\ntab %d\nlogarithmic %d\n", r->x, r->y,
                        r->width, r->height, from->maximized, from->scheme, from->tree_width, from->tab, from->log_scale) > 0;
    written = (!file || fclose(file) == 0) && written;
    if (written && rename(fresh, path) == 0)
        return BH_OK;
    return bh_report(BH_ERROR_IO, "settings", "cannot write %s: %s", fresh, strerror(errno));
}
