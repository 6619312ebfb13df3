/* Files that belong to the user and not to a project: those of this program, below the XDG base directories. Any thread; they block for
 * moments. */
#ifndef APP_PROJECT_USER_FILES_H
#define APP_PROJECT_USER_FILES_H

#include <stdbool.h>

enum { USER_PATH = 4096 };

typedef enum user_folder {
    USER_CONFIGURATION, /* $XDG_CONFIG_HOME/bulkhead */
    USER_DATA           /* $XDG_DATA_HOME/bulkhead */
} user_folder;

/* The path of NAME there; the folders on the way are made if MAKE. False, with errno: ENOENT where HOME is not set. */
bool user_path(char out[USER_PATH], user_folder folder, const char *name, bool make);

/* Writes it beside the old one first, so that a full disk leaves that as it is. False, with errno. */
bool user_file_write(const char *path, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
