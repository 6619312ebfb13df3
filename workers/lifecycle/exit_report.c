/* The exit report: what was noted on the way, how things stand now, and the lines of it in the log. */
#include "lifecycle/exit_report.h"

#include "core/door.h"
#include "lifecycle/descriptors.h"
#include "lifecycle/finalizer.h"
#include "lifecycle/openmp.h"
#include "lifecycle/threads.h"

#include <bulkhead/app.h>
#include <bulkhead/log.h>
#include <bulkhead/mailbox.h>
#include <bulkhead/object.h>
#include <pthread.h>
#include <string.h>

static const char category[] = "exit";

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards facts */
static struct {
    bool to_write; /* there was an application since the last report */
    bool has_ended;
    int code;
    size_t objects_at_end, openmp_released;
    uint64_t late_signals, dropped_signals;
    size_t told_late, told_failed; /* finalisers that earlier reports had */
} facts;

/* --- the moments */

void bh__exit_report_before_app(void)
{
    bh__descriptors_before_app();
}

void bh__exit_report_app_created(void)
{
    bh__descriptors_app_created();
    pthread_mutex_lock(&lock);
    size_t told_late = facts.told_late, told_failed = facts.told_failed;
    memset(&facts, 0, sizeof facts);
    facts.told_late = told_late;
    facts.told_failed = told_failed;
    facts.to_write = true;
    pthread_mutex_unlock(&lock);
}

void bh__exit_report_loop_begins(void)
{
    bh_log(BH_LOG_DEBUG, category, "🟢 Starting Qt event loop...");
}

void bh__exit_report_loop_ended(int code)
{
    bh_log(BH_LOG_DEBUG, category, "🔴 Qt event loop ended with code: %d", code);
    pthread_mutex_lock(&lock);
    facts.has_ended = true;
    facts.code = code;
    pthread_mutex_unlock(&lock);
}

void bh__exit_report_ending(void)
{
    bh_mailbox_stats stats;
    bh_mailbox_get_stats(NULL, &stats);
    size_t objects = bh_live_objects(NULL, 0);
    pthread_mutex_lock(&lock);
    facts.late_signals = stats.late;
    facts.dropped_signals = stats.dropped;
    facts.objects_at_end = objects;
    pthread_mutex_unlock(&lock);
}

/* --- the structure */

typedef struct listing {
    bh_exit_report *out;
    bh_descriptor_info *descriptors;
    const char **names;
    char *text;
    size_t descriptor_room, name_room, text_room;
} listing;

static void count_descriptor(const bh_descriptor_info *descriptor, void *from)
{
    (void)descriptor;
    ((listing *)from)->descriptor_room++;
}

static void count_name(const char *name, void *from)
{
    listing *self = from;
    self->name_room++;
    self->text_room += strlen(name) + 1;
}

static void add_descriptor(const bh_descriptor_info *descriptor, void *from)
{
    listing *self = from;
    if (self->out->descriptor_count < self->descriptor_room)
        self->descriptors[self->out->descriptor_count++] = *descriptor;
}

static void add_name(const char *name, void *from)
{
    listing *self = from;
    size_t size = strlen(name) + 1;
    if (self->out->late_finalizer_count == self->name_room || size > self->text_room)
        return;
    self->names[self->out->late_finalizer_count++] = memcpy(self->text, name, size);
    self->text += size;
    self->text_room -= size;
}

/* Qt makes one for each of its threads, for those of pools too, and so does GLib. */
static bh__loops count_loops(const bh_thread_info *threads, size_t count)
{
    bh__loops loops = {0, 0};
    for (size_t i = 0; i < count; i++) {
        bh_thread_kind kind = threads[i].kind;
        loops.ours += kind == BH_THREAD_WORKER || kind == BH_THREAD_PLAIN || kind == BH_THREAD_POOL;
        loops.qt += kind == BH_THREAD_QT || kind == BH_THREAD_GLIB;
    }
    return loops;
}

static void copy_facts(bh_exit_report *out)
{
    size_t objects = bh_app() ? 0 : bh_live_objects(NULL, 0);
    pthread_mutex_lock(&lock);
    out->has_ended = facts.has_ended;
    out->code = facts.code;
    out->objects_at_end = facts.objects_at_end;
    out->late_signals = facts.late_signals;
    out->dropped_signals = facts.dropped_signals;
    out->openmp_released = facts.openmp_released;
    pthread_mutex_unlock(&lock);
    out->objects_left = objects;
    out->failed_finalizer_count = bh__finalizers_failed();
}

/* One block: the report, threads, descriptors, pointers to names, their texts. */
static bh_exit_report *compose(const bh_thread_info *threads, size_t thread_count)
{
    listing self = {0};
    bh__loops loops = count_loops(threads, thread_count);
    bh__descriptors_each(loops, count_descriptor, &self);
    bh__finalizers_late(count_name, &self);
    bh_exit_report *out =
        bh__calloc(1, sizeof *out + thread_count * sizeof *threads + self.descriptor_room * sizeof *self.descriptors +
                          self.name_room * sizeof *self.names + self.text_room);
    if (!out)
        return NULL;
    bh_thread_info *copies = (bh_thread_info *)(out + 1);
    self.out = out;
    self.names = (const char **)(copies + thread_count);
    self.descriptors = (bh_descriptor_info *)(self.names + self.name_room);
    self.text = (char *)(self.descriptors + self.descriptor_room);
    memcpy(copies, threads, thread_count * sizeof *threads);
    out->threads = copies;
    out->thread_count = thread_count;
    out->descriptors = self.descriptors;
    out->late_finalizers = self.names;
    bh__descriptors_each(loops, add_descriptor, &self);
    bh__finalizers_late(add_name, &self);
    copy_facts(out);
    return out;
}

bh_status(bh_exit_report_get)(bh_exit_report **out)
{
    static const char call[] = "bh_exit_report_get";
    if (!out)
        return bh__fail(BH_ERROR_NULL, call, "out is NULL: give the address that gets the report");
    *out = NULL;
    bh_thread_info *threads;
    size_t count;
    bh_status status = (bh_threads_list)(&threads, &count);
    if (status)
        return status;
    *out = compose(threads, count);
    bh_free(threads);
    return *out ? BH_OK : bh__fail(BH_ERROR_MEMORY, call, "no memory for the report");
}

/* --- the log */

static bh_log_level level_of_thread(const bh_thread_info *thread)
{
    switch (thread->kind) {
    case BH_THREAD_WORKER:
    case BH_THREAD_PLAIN:
    case BH_THREAD_POOL:
        return BH_LOG_WARNING;
    case BH_THREAD_OPENMP:
    case BH_THREAD_BLAS:
    case BH_THREAD_NATIVE:
        return BH_LOG_INFO;
    default:
        return BH_LOG_DEBUG;
    }
}

static void write_descriptor(const bh_descriptor_info *descriptor)
{
    static const char *const owners[] = {"there before the application", "of Qt", "of a thread of ours",
                                         "opened since by nobody that is known"};
    bh_log(descriptor->owner == BH_DESCRIPTOR_UNKNOWN ? BH_LOG_INFO : BH_LOG_DEBUG, category, "Descriptor: %d, %s, %s",
           descriptor->fd, descriptor->what, owners[descriptor->owner]);
}

static void write_counts(const bh_exit_report *report)
{
    bh_log(BH_LOG_DEBUG, category, "Objects destroyed with the application: %zu", report->objects_at_end);
    bh_log(BH_LOG_DEBUG, category, "Signals that came too late: %llu; beyond a bound: %llu",
           (unsigned long long)report->late_signals, (unsigned long long)report->dropped_signals);
    if (report->openmp_released)
        bh_log(BH_LOG_DEBUG, category, "Threads of OpenMP that were released: %zu", report->openmp_released);
    if (report->objects_left)
        bh_log(BH_LOG_WARNING, category, "Objects still alive, as their threads are: %zu", report->objects_left);
    pthread_mutex_lock(&lock);
    size_t late = facts.told_late, failed = facts.told_failed;
    facts.told_late = report->late_finalizer_count;
    facts.told_failed = report->failed_finalizer_count;
    pthread_mutex_unlock(&lock);
    for (; late < report->late_finalizer_count; late++)
        bh_log(BH_LOG_WARNING, category, "Finaliser timed out: %s", report->late_finalizers[late]);
    if (report->failed_finalizer_count > failed)
        bh_log(BH_LOG_WARNING, category, "Finalisers that failed: %zu", report->failed_finalizer_count - failed);
}

static void write_lines(const bh_exit_report *report)
{
    for (size_t i = 0; i < report->thread_count; i++)
        bh__thread_log(&report->threads[i], category, level_of_thread(&report->threads[i]));
    for (size_t i = 0; i < report->descriptor_count; i++)
        write_descriptor(&report->descriptors[i]);
    write_counts(report);
}

void bh__exit_report_write(void)
{
    pthread_mutex_lock(&lock);
    bool to_write = facts.to_write;
    facts.to_write = false;
    pthread_mutex_unlock(&lock);
    if (!to_write)
        return;
    size_t released = bh__openmp_release();
    pthread_mutex_lock(&lock);
    facts.openmp_released = released;
    pthread_mutex_unlock(&lock);
    bh_exit_report *report = NULL;
    (bh_exit_report_get)(&report);
    if (report)
        write_lines(report);
    bh_free(report);
}
