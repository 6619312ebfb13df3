/* The options of a pool: defaults, bounds, copies. */
#include "process/options.h"

#include "base/memory.h"
#include "base/status.h"
#include "base/text.h"
#include "process/launch.h"
#include "process/worker_side.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_WORKERS = 256, MOST_DEATHS = 1000000, HOUR_MS = 3600000 };
static const char call[] = "bh_process_pool_create";

static int processors(void)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    int count = sched_getaffinity(0, sizeof set, &set) ? 1 : CPU_COUNT(&set);
    return count < 1 ? 1 : count > MOST_WORKERS ? MOST_WORKERS : count;
}

static bool in_range(const char *name, long long value, long long least, long long most)
{
    if (value >= least && value <= most)
        return true;
    bh__fail(BH_ERROR_RANGE, call, "%s is %lld: from %lld to %lld", name, value, least, most);
    return false;
}

static void set_default(int *value, int usual)
{
    if (*value == 0)
        *value = usual;
}

static bool check_numbers(const bh__pool *pool, bh_process_pool_options *o)
{
    set_default(&o->workers, processors());
    set_default(&o->threads, 1);
    bool launched = pool->launch != NULL;
    set_default(&o->spares, launched ? -1 : 1);
    set_default(&o->cancel_grace_ms, 200);
    set_default(&o->term_grace_ms, 500);
    set_default(&o->start_timeout_ms, launched ? 60000 : 10000);
    set_default(&o->silence_ms, 30000);
    set_default(&o->idle_ms, 10000);
    set_default(&o->budget_deaths, 20);
    set_default(&o->budget_ms, 10000);
    if (o->output == 0)
        o->output = 16384;
    return in_range("workers", o->workers, 1, MOST_WORKERS) && in_range("spares", o->spares, -1, MOST_WORKERS) &&
           in_range("niceness", o->niceness, 0, 19) && in_range("threads", o->threads, -1, 4096) &&
           in_range("tasks_per_worker", o->tasks_per_worker, 0, INT_MAX) &&
           in_range("output", (long long)(o->output > LLONG_MAX ? LLONG_MAX : o->output), 1, 1 << 28) &&
           in_range("cancel_grace_ms", o->cancel_grace_ms, 1, HOUR_MS) &&
           in_range("term_grace_ms", o->term_grace_ms, 1, HOUR_MS) &&
           in_range("start_timeout_ms", o->start_timeout_ms, 1, 24 * HOUR_MS) &&
           in_range("silence_ms", o->silence_ms, 100, HOUR_MS) && in_range("idle_ms", o->idle_ms, 1, 24 * HOUR_MS) &&
           in_range("budget_deaths", o->budget_deaths, 1, MOST_DEATHS) && in_range("budget_ms", o->budget_ms, 1, 24 * HOUR_MS) &&
           in_range("limits.cpu_s", o->limits.cpu_s, 0, INT_MAX) &&
           in_range("limits.descriptors", o->limits.descriptors, 0, 1 << 20);
}

static bool copy_text(char **out, const char *text, const char *usual)
{
    const char *from = text && text[0] ? text : usual;
    *out = from ? bh__strdup(from) : NULL;
    if (from && !*out)
        bh__fail(BH_ERROR_MEMORY, call, "no memory for one more pool");
    return *out || !from;
}

/* What stands in front of the program. */
static bool take_launcher(bh__pool *pool, const char *launch)
{
    if (!launch || !launch[strspn(launch, " \t\n")])
        return true;
    return !bh__launch_split(launch, call, &pool->launch_words, &pool->plan.launch_count) &&
           !bh__launch_find(pool->launch_words[0], call) && copy_text(&pool->launch, launch, NULL);
}

/* The program's path: itself, beside itself, or as it is written. Absolute, as the working folder of workers may be another. */
static bool find_program(bh__pool *pool, const char *program)
{
    char path[PATH_MAX], self[PATH_MAX];
    struct stat facts;
    bool own = !program || !program[0];
    if (own && !pool->launch)
        return copy_text(&pool->program, "/proc/self/exe", NULL);
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    self[length > 0 ? length : 0] = 0;
    if (own)
        program = self; /* that link would lead a launcher to itself */
    char *slash = strrchr(self, '/');
    if (!strchr(program, '/') && slash) {
        slash[1] = 0;
        bh__append_text(self, sizeof self, "%s", program);
        program = self;
    }
    if (!realpath(program, path) || stat(path, &facts) || !S_ISREG(facts.st_mode) || access(path, X_OK)) {
        bh__fail(BH_ERROR_IO, call, "there is no worker program '%s' that can be run: %s", program,
                 errno ? strerror(errno) : "it is no file");
        return false;
    }
    return copy_text(&pool->program, path, NULL);
}

static bool check_folder(const char *folder)
{
    struct stat facts;
    if (!folder || (stat(folder, &facts) == 0 && S_ISDIR(facts.st_mode)))
        return true;
    bh__fail(BH_ERROR_IO, call, "there is no folder '%s' to work in", folder);
    return false;
}

static bool take_initialiser(bh__pool *pool, const bh_process_pool_options *options)
{
    const void *data = NULL;
    size_t size = 0;
    const char *name = options->initialiser;
    if (!name)
        return true;
    if (strlen(name) < 1 || strlen(name) > BH_PROCESS_FUNCTION_MAX_NAME ||
        (pool->functions && !bh__function_find(pool->functions, name))) {
        bh__fail(BH_ERROR_NAME, call, "the initialiser '%.80s' is not in the table that bh_main_guard got", name);
        return false;
    }
    if (options->initialiser_arguments && (bh_message_data)(options->initialiser_arguments, &data, &size))
        return false;
    if (size > BH__INLINE_SIZE) {
        bh__fail(BH_ERROR_RANGE, call, "%zu bytes of arguments for the initialiser: at most %d; more belongs into a file", size,
                 BH__INLINE_SIZE);
        return false;
    }
    if (!copy_text(&pool->initialiser, name, NULL))
        return false;
    pool->initialiser_size = size;
    pool->initialiser_payload = bh__malloc(size);
    if (pool->initialiser_payload && size)
        memcpy(pool->initialiser_payload, data, size);
    if (!pool->initialiser_payload)
        bh__fail(BH_ERROR_MEMORY, call, "no memory for one more pool");
    return pool->initialiser_payload != NULL;
}

static void fill_setup(bh__pool *pool)
{
    const bh_process_pool_options *o = &pool->options;
    pool->plan.setup = (bh__setup){
        .magic = BH__PAGE_MAGIC,
        .niceness = o->niceness,
        .cpu_s = o->limits.cpu_s,
        .descriptors = o->limits.descriptors,
        .memory = o->limits.memory,
        .core = o->limits.core,
        .file = o->limits.file,
        .memory_growth = o->memory_growth,
    };
    pool->plan.program = pool->program;
    pool->plan.launch = pool->launch_words;
    pool->plan.folder = pool->folder;
    pool->plan.environment = pool->environment;
}

bool bh__options_take(bh__pool *pool, const bh_process_pool_options *options)
{
    static const bh_process_pool_options usual = {BH_PROCESS_POOL_OPTIONS_INIT};
    bh_process_pool_options *own = &pool->options;
    *own = usual;
    if (options && (options->size < offsetof(bh_process_pool_options, name) + sizeof options->name)) {
        bh__fail(BH_ERROR_RANGE, call, "options.size is %zu: begin the options with BH_PROCESS_POOL_OPTIONS_INIT", options->size);
        return false;
    }
    if (options)
        memcpy(own, options, options->size < sizeof *own ? options->size : sizeof *own);
    pool->functions = own->program && own->program[0] ? NULL : bh__functions();
    if (!take_launcher(pool, own->launch) || !check_numbers(pool, own) || !check_folder(own->folder) ||
        !copy_text(&pool->name, own->name, "pool") || !copy_text(&pool->folder, own->folder, NULL) ||
        !find_program(pool, own->program) || !take_initialiser(pool, own))
        return false;
    pool->plan.depth = bh_worker_depth() + 1;
    pool->environment = bh__environment_make(own->environment, own->threads, pool->plan.depth);
    pool->remote_changes = pool->launch ? bh__environment_copy(own->environment) : NULL;
    pool->deaths = bh__calloc((size_t)own->budget_deaths, sizeof *pool->deaths);
    if (!pool->environment || !pool->deaths || (pool->launch && !pool->remote_changes)) {
        bh__fail(BH_ERROR_MEMORY, call, "no memory for one more pool");
        return false;
    }
    fill_setup(pool);
    return true;
}

void bh__options_free(bh__pool *pool)
{
    bh__free(pool->name);
    bh__free(pool->program);
    bh__free(pool->folder);
    bh__free(pool->initialiser);
    bh__free(pool->initialiser_payload);
    bh__free(pool->deaths);
    bh__free(pool->launch);
    bh__free(pool->launch_words);
    bh__free(pool->remote_changes);
    bh__environment_free(pool->environment);
}
