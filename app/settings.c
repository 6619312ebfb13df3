/* The file of settings. */
#include "settings.h"

#include "project/user_files.h"

#include <bulkhead/app.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define NAME "window.conf"

void settings_read(settings *out)
{
    char path[USER_PATH], line[256];
    *out = (settings){0};
    FILE *file = user_path(path, USER_CONFIGURATION, NAME, false) ? fopen(path, "re") : NULL;
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

bh_status settings_write(const settings *from)
{
    char path[USER_PATH];
    const bh_rect *r = &from->geometry;
    if (user_path(path, USER_CONFIGURATION, NAME, true) &&
        user_file_write(path, "geometry %d %d %d %d\nmaximized %d\ncolors %d\ntree %d\ntab %d\nlogarithmic %d\n", r->x, r->y,
                        r->width, r->height, from->maximized, from->scheme, from->tree_width, from->tab, from->log_scale))
        return BH_OK;
    if (!path[0])
        return bh_report(BH_ERROR_IO, "settings", "there is no folder to remember the window in: HOME is not set");
    return bh_report(BH_ERROR_IO, "settings", "cannot write %s: %s", path, strerror(errno));
}
