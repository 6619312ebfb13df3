/* The threads of the process, from /proc/self/task: ours by the bridge's list, the others by who started them, or by their names. */
#include "lifecycle/threads.h"

#include "core/door.h"

#include <bulkhead/log.h>
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* What is known of native threads, by the file that has started them and by their names. */
static const struct {
    bool by_name;
    const char *begins;
    bh_thread_kind kind;
} known[] = {
    {false, "libbulkhead", BH_THREAD_LIBRARY}, {false, "libgomp", BH_THREAD_OPENMP},    {false, "libomp", BH_THREAD_OPENMP},
    {false, "libiomp", BH_THREAD_OPENMP},      {false, "libopenblas", BH_THREAD_BLAS},  {false, "libblas", BH_THREAD_BLAS},
    {false, "libmkl", BH_THREAD_BLAS},         {false, "libblis", BH_THREAD_BLAS},      {false, "libtatlas", BH_THREAD_BLAS},
    {false, "libQt6", BH_THREAD_QT},           {false, "libqxcb", BH_THREAD_QT},        {false, "libglib-2", BH_THREAD_GLIB},
    {false, "libgio-2", BH_THREAD_GLIB},       {true, "gmain", BH_THREAD_GLIB},         {true, "gdbus", BH_THREAD_GLIB},
    {true, "dconf worker", BH_THREAD_GLIB},    {true, "Thread (pooled)", BH_THREAD_QT}, {true, "QThread", BH_THREAD_QT},
    {true, "QDBusConnection", BH_THREAD_QT},   {true, "QXcbEventQueue", BH_THREAD_QT},  {true, "QXcbEventReader", BH_THREAD_QT},
};

static const char *const kind_names[] = {"gui", "worker", "thread", "pool", "library", "Qt", "GLib", "OpenMP", "BLAS", "native"};

const char *bh_thread_kind_name(bh_thread_kind kind)
{
    return (unsigned)kind <= BH_THREAD_NATIVE ? kind_names[kind] : "native";
}

/* --- one thread */

/* From "TID (NAME) STATE …", where NAME may hold anything, brackets too: name, state, and the start in clock ticks since the boot. */
static bool read_stat(int tid, bh_thread_info *out, unsigned long long *started)
{
    enum { STARTED = 22, STATE = 3 };
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", tid);
    FILE *file = fopen(path, "r");
    size_t length = file ? fread(text, 1, sizeof text - 1, file) : 0;
    if (file)
        fclose(file);
    text[length] = 0;
    char *name = strchr(text, '('), *end = strrchr(text, ')');
    if (!name || !end || end[1] != ' ')
        return false;
    *end = 0;
    bh__copy_text(out->name, sizeof out->name, name + 1);
    bh__clean_text(out->name);
    out->alive = !strchr("ZXx", end[2]);
    const char *field = end + 1;
    for (int i = STATE; i < STARTED && field; i++)
        field = strchr(field + 1, ' ');
    *started = field ? strtoull(field, NULL, 10) : 0;
    return true;
}

static int64_t age_ms(unsigned long long started)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    int64_t begun = (int64_t)(started * 1000 / (unsigned long long)sysconf(_SC_CLK_TCK));
    int64_t age = now.tv_sec * 1000 + now.tv_nsec / 1000000 - begun;
    return age > 0 ? age : 0;
}

static bh_thread_kind kind_of_native(const char *name, const char *origin)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        const char *text = known[i].by_name ? name : origin;
        if (strncmp(text, known[i].begins, strlen(known[i].begins)) == 0)
            return known[i].kind;
    }
    return BH_THREAD_NATIVE;
}

/* Of Qt's own threads QApplication waits for those of the global pool, without a limit. */
static void describe_native(bh_thread_info *out)
{
    bh__thread_origin(out->tid, out->what, sizeof out->what);
    out->kind = kind_of_native(out->name, out->what);
    out->awaited = out->kind == BH_THREAD_QT && strcmp(out->name, "Thread (pooled)") == 0;
    if (!out->what[0])
        bh__copy_text(out->what, sizeof out->what, "unknown");
}

static void describe_ours(bh_thread_info *out, const bh__door_thread *ours)
{
    static const bh_thread_kind kinds[] = {
        [BH__ROLE_FOREIGN] = BH_THREAD_NATIVE, [BH__ROLE_GUI] = BH_THREAD_GUI,   [BH__ROLE_THREAD] = BH_THREAD_PLAIN,
        [BH__ROLE_WORKER] = BH_THREAD_WORKER,  [BH__ROLE_POOL] = BH_THREAD_POOL, [BH__ROLE_LIBRARY] = BH_THREAD_LIBRARY,
    };
    bh__copy_text(out->name, sizeof out->name, ours->name);
    bh__copy_text(out->what, sizeof out->what, ours->doing[0] ? ours->doing : "idle");
    out->kind = kinds[ours->role];
    out->awaited = out->kind == BH_THREAD_WORKER || out->kind == BH_THREAD_PLAIN || out->kind == BH_THREAD_POOL;
    out->alive = out->alive && !ours->ended;
    out->for_ms = bh__clock_ms() - ours->since_ms;
}

static bool describe(int tid, bh_thread_info *out)
{
    bh__door_thread ours;
    unsigned long long started;
    *out = (bh_thread_info){.tid = tid};
    if (!read_stat(tid, out, &started))
        return false;
    out->for_ms = age_ms(started);
    if (bh__door_thread_of(tid, &ours) && ours.role != BH__ROLE_FOREIGN)
        describe_ours(out, &ours);
    else if (tid != getpid())
        describe_native(out);
    else
        bh__copy_text(out->what, sizeof out->what, "main");
    return true;
}

/* --- all of them */

bool bh__threads_each(void (*visit)(const bh_thread_info *thread, void *user), void *user)
{
    DIR *tasks = opendir("/proc/self/task");
    if (!tasks)
        return false;
    struct dirent *task;
    // cppcheck-suppress readdirCalled ; the stream is this function's own
    while ((task = readdir(tasks))) {
        bh_thread_info info;
        if (isdigit((unsigned char)task->d_name[0]) && describe(atoi(task->d_name), &info))
            visit(&info, user);
    }
    closedir(tasks);
    return true;
}

void bh__thread_log(const bh_thread_info *thread, const char *category, int level)
{
    bh_log((bh_log_level)level, category, "Thread: %s, %s, %s, %s: %s for %lld ms (id %d)", thread->name,
           bh_thread_kind_name(thread->kind), thread->awaited ? "awaited" : "daemon", thread->alive ? "alive" : "ending",
           thread->what, (long long)thread->for_ms, thread->tid);
}

typedef struct listing {
    bh_thread_info *at;
    size_t count, capacity;
} listing;

static void add(const bh_thread_info *thread, void *user)
{
    listing *list = user;
    if (list->count < list->capacity)
        list->at[list->count] = *thread;
    list->count++;
}

static void count_one(const bh_thread_info *thread, void *user)
{
    (void)thread;
    ++*(size_t *)user;
}

bh_status(bh_threads_list)(bh_thread_info **out, size_t *count)
{
    enum { NEW_ONES = 8 }; /* that may start between the two looks */
    static const char call[] = "bh_threads_list";
    if (out)
        *out = NULL;
    if (count)
        *count = 0;
    if (!out || !count)
        return bh__fail(BH_ERROR_NULL, call, "%s is NULL", out ? "count" : "out");
    listing list = {NULL, 0, NEW_ONES};
    if (!bh__threads_each(count_one, &list.capacity))
        return bh__fail(BH_ERROR_SYSTEM, call, "/proc/self/task cannot be read: is /proc mounted?");
    list.at = bh__calloc(list.capacity, sizeof *list.at);
    if (!list.at)
        return bh__fail(BH_ERROR_MEMORY, call, "no memory for %zu threads", list.capacity);
    bh__threads_each(add, &list);
    *out = list.at;
    *count = list.count < list.capacity ? list.count : list.capacity;
    return BH_OK;
}
