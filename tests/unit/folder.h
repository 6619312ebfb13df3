/* What is in a folder. */
#ifndef TEST_FOLDER_H
#define TEST_FOLDER_H

#include <dirent.h>
#include <string.h>

/* Files of FOLDER with PART in their names. */
static inline int files_with(const char *folder, const char *part)
{
    int count = 0;
    const struct dirent *entry;
    DIR *list = opendir(folder);
    while (list && (entry = readdir(list)))
        count += strstr(entry->d_name, part) != NULL;
    if (list)
        closedir(list);
    return count;
}

#endif
