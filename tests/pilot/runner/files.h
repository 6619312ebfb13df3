/* Files of the runner: snapshots, pictures, pages. */
#ifndef PILOT_FILES_H
#define PILOT_FILES_H

#include "../wire.h"

bool file_read(const char *path, buffer *out);
bool file_write(const char *path, const void *bytes, size_t length); /* makes its folders */
void file_remove_tree(const char *path);

/* A path's last name without its ending. */
void file_stem(const char *path, buffer *out);

/* The folder that a path is in, with a slash at its end, or nothing. */
void file_folder(const char *path, buffer *out);

#endif
