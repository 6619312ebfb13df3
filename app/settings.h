/* What the program remembers of its window: a file of lines NAME VALUE in the user's configuration folder. */
#ifndef APP_SETTINGS_H
#define APP_SETTINGS_H

#include <bulkhead/value.h>

typedef struct settings {
    bh_rect geometry; /* of the window; width 0: never saved */
    bool maximized;
    int scheme;     /* bh_color_scheme */
    int tree_width; /* pixels; 0: as it comes */
    int tab;
    bool log_scale; /* of the charts */
} settings;

/* What there is; nothing wrong with it is worth a word, but not being able to save is. Block for moments. */
void settings_read(settings *out);
bh_status settings_write(const settings *from);

#endif
