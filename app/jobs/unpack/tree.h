/* A folder that is filled with what an archive holds, whatever names the archive has for it: nothing is ever written outside of it. Each
 * name is made of plain components, each folder is opened without following links, and no link that leads elsewhere is ever made. */
#ifndef UNPACK_TREE_H
#define UNPACK_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { TREE_NAME = 4096 };

typedef struct tree {
    char *path;
    int folder;   /* -1: not open; locked, so that two do not fill the same */
    long renamed; /* files that got another name because theirs was taken */
} tree;

/* Makes the folder PATH, which is empty then: what an earlier run left there is removed. False, with errno; EWOULDBLOCK: another process
 * is filling it. */
bool tree_begin(tree *tree, const char *path);

/* Makes an archive's NAME a path inside: no leading and no double slashes, no ".", bytes that are no UTF-8 as %FF. False: it has "..",
 * begins with a slash, is empty or too long. Needs a UTF-8 locale on this thread. */
bool tree_clean_name(const char *name, char *out, size_t size);

/* These take cleaned names. -1 or false, with errno. A file whose name is taken is made as "NAME~2". */
bool tree_add_folder(tree *tree, const char *name);
int tree_add_file(tree *tree, const char *name);
bool tree_add_link(tree *tree, const char *name, const char *to); /* a second name of a file inside */

/* Puts all of it onto the disk, and gives it its final name; a single file INSIDE, if not NULL, instead of the folder. */
bool tree_publish(tree *tree, const char *inside, const char *name);

/* Removes it, if it has not been published. */
void tree_end(tree *tree);

#endif
