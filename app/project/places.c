/* Where the program's other parts are: beside it when it is installed, and in the folder of the build. */
#include "project/inner.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool folder_of(const char *path, char *out, size_t size)
{
    const char *slash = strrchr(path, '/');
    return slash && snprintf(out, size, "%.*s", (int)(slash - path), path) < (int)size;
}

static bool find(char *out, size_t size, const char *folder, const char *const *places, const char *name)
{
    for (; *places; places++)
        if (snprintf(out, size, "%s/%s/%s", folder, *places, name) < (int)size && access(out, R_OK) == 0)
            return true;
    return false;
}

static bool beside_program(const char *const *places, const char *name, char *out, size_t size)
{
    char program[PROJECT_PATH], folder[PROJECT_PATH];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    program[length > 0 ? length : 0] = 0;
    return folder_of(program, folder, sizeof folder) && find(out, size, folder, places, name);
}

bool place_worker(char *out, size_t size)
{
    static const char *const places[] = {".", "../workers", NULL};
    return beside_program(places, "bulkhead-worker", out, size);
}

bool place_resource(const char *name, char *out, size_t size)
{
    static const char *const places[] = {"../resources", PROJECT_RESOURCES, NULL};
    return beside_program(places, name, out, size);
}

bool place_module(const char *worker, const char *name, char *out, size_t size)
{
    static const char *const places[] = {"jobs", PROJECT_MODULES, NULL};
    char folder[PROJECT_PATH], file[64];
    snprintf(file, sizeof file, "%s.so", name);
    return folder_of(worker, folder, sizeof folder) && find(out, size, folder, places, file);
}
