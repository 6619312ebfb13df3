/* Modules: a job's code and the libraries that it needs, loaded when the job runs. */
#include "program/module.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PATH_SIZE = 4096 };

/* JOBS_DIRECTORY is relative to the program, so that an installed tree can be moved; the other one is where a build has them. */
static const char *const places[] = {"jobs", JOBS_DIRECTORY};

static bool beside_program(char *out, size_t size, const char *place, const char *name)
{
    char program[PATH_SIZE];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length < 0)
        return false;
    program[length] = 0;
    char *slash = strrchr(program, '/');
    if (slash)
        *slash = 0;
    return snprintf(out, size, "%s/%s/%s.so", program, place, name) < (int)size && access(out, R_OK) == 0;
}

bh_status module_run(const char *name, bh_job *self, bh_message_view arguments, bh_message *result)
{
    char path[PATH_SIZE], symbol[128];
    bool found = false;
    for (size_t i = 0; !found && i < sizeof places / sizeof places[0]; i++)
        found = beside_program(path, sizeof path, places[i], name);
    if (!found)
        return bh_job_fail(self, BH_ERROR_IO, "there is no module '%s' beside this program: install it again", name);
    void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL); /* stays: the next task of this kind finds it loaded */
    if (!module)
        return bh_job_fail(self, BH_ERROR_IO, "cannot load the module '%s': %s", name, dlerror());
    snprintf(symbol, sizeof symbol, "job_%s", name);
    bh_job_function *run;
    *(void **)&run = dlsym(module, symbol);
    if (!run)
        return bh_job_fail(self, BH_ERROR_IO, "%s has no function %s: install it again", path, symbol);
    return run(self, arguments, result);
}
