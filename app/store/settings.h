/* What the program itself remembers: settings by name, and what happened. */
#ifndef APP_STORE_SETTINGS_H
#define APP_STORE_SETTINGS_H

#include "store/store.h"

#include <bulkhead/log.h>

#ifdef __cplusplus
extern "C" {
#endif

/* VALUE "" is a value; NULL removes the setting, which may not be there. NAME is not empty. */
bh_status store_set_setting(store *s, const char *name, const char *value);

/* VALUE is freed with store_free; NULL if there is no such setting, or on failure. */
bh_status store_get_setting(store *s, const char *name, char **value);

/* A row. Its strings belong to the list that it came in. */
typedef struct store_setting {
    const char *name, *value;
} store_setting;

/* All, by name. ROWS is freed with store_free; NULL and 0 if there are none, or on failure. */
bh_status store_list_settings(store *s, store_setting **rows, size_t *count);

/* Something that happened. Its text is never NULL and belongs to the list that it came in. */
typedef struct store_event {
    int64_t id;
    int64_t time; /* ms since 1970 */
    bh_log_level level;
    store_table table; /* what it is about; 0: the project */
    int64_t row;
    const char *text;
} store_event;

/* Adds to the log. TABLE 0: about the project. When a project is opened, all but the newest
 * STORE_MAX_EVENTS go. */
bh_status store_add_event(store *s, bh_log_level level, store_table table, int64_t row, const char *text);

#define STORE_MAX_EVENTS 10000

/* The newest LIMIT (0: all) events with an id above AFTER, oldest first. ROWS is freed with store_free; NULL and 0 if there are
 * none, or on failure. */
bh_status store_list_events(store *s, int64_t after, int64_t limit, store_event **rows, size_t *count);

#define store_set_setting(...) BH_AT(store_set_setting(__VA_ARGS__))
#define store_get_setting(...) BH_AT(store_get_setting(__VA_ARGS__))
#define store_list_settings(...) BH_AT(store_list_settings(__VA_ARGS__))
#define store_add_event(...) BH_AT(store_add_event(__VA_ARGS__))
#define store_list_events(...) BH_AT(store_list_events(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
