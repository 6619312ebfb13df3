/* What was called last, printed when something goes wrong, and the watchdog that notices when nothing goes on. */
#include "fuzz.h"

#include <execinfo.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define FUZZ_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FUZZ_ASAN 1
#endif
#endif

enum { RECORDS = 512, ARGUMENTS_SIZE = 160, SHOWN = 20, COMPLAINTS = 64 };
enum { TICK_MS = 100, RESCUE_TICKS = 15, HANG_TICKS = 200 };

struct fuzz_record {
    uint64_t step;
    const char *name;
    int lane, depth;
    char result;
    char arguments[ARGUMENTS_SIZE];
};

static struct fuzz_record records[RECORDS];
static _Atomic uint64_t next_record;
static _Thread_local struct fuzz_record *current;
static _Thread_local int depth;
static const char *lane_calls[4];

/* Records are shared without a lock: a slow call's may be taken over by a later one, and then reads a little wrong. */
fuzz_record *fuzz_trace_begin(const char *name)
{
    fuzz_record *before = current;
    current = &records[atomic_fetch_add(&next_record, 1) % RECORDS];
    current->step = atomic_load(&fuzz_step);
    current->name = name;
    current->lane = fuzz_lane;
    current->depth = depth++;
    if (fuzz_lane >= 0)
        lane_calls[fuzz_lane] = name;
    current->result = '?';
    current->arguments[0] = 0;
    return before;
}

void fuzz_trace_end(fuzz_record *before, char result)
{
    current->result = result;
    current = before;
    depth--;
}

void fuzz_note(const char *format, ...)
{
    if (!current)
        return;
    current->arguments[ARGUMENTS_SIZE - 1] = 0;
    size_t used = strlen(current->arguments);
    va_list arguments;
    va_start(arguments, format);
    if (used + 2 < ARGUMENTS_SIZE) {
        current->arguments[used++] = ' ';
        vsnprintf(current->arguments + used, ARGUMENTS_SIZE - used, format, arguments);
    }
    va_end(arguments);
}

static void print_record(const struct fuzz_record *record)
{
    char line[ARGUMENTS_SIZE + 100];
    int length = snprintf(line, sizeof line, "  step %llu %s%d %*s%c %s%.*s\n", (unsigned long long)record->step,
                          record->lane ? "thread " : "main ", record->lane, record->depth * 2, "", record->result, record->name,
                          ARGUMENTS_SIZE, record->arguments);
    if (length > 0 && write(STDERR_FILENO, line, (size_t)length) < 0)
        return;
}

static void print_calls(bool of_main)
{
    uint64_t end = atomic_load(&next_record), begin = end > RECORDS ? end - RECORDS : 0;
    uint64_t from = end;
    for (int seen = 0; from > begin && seen < SHOWN; from--)
        seen += (records[(from - 1) % RECORDS].lane == 0) == of_main;
    for (; from < end; from++)
        if ((records[from % RECORDS].lane == 0) == of_main && records[from % RECORDS].name)
            print_record(&records[from % RECORDS]);
}

void fuzz_trace_print(void)
{
    char line[512];
    int length = snprintf(line, sizeof line,
                          "fuzz_api: seed %llu, step %llu; last line of the log: %s\n"
                          "last calls (? has not returned):\n",
                          (unsigned long long)fuzz_run_seed, (unsigned long long)atomic_load(&fuzz_step), fuzz_last_line);
    if (length > 0 && write(STDERR_FILENO, line, (size_t)length) < 0)
        return;
    print_calls(true);
    print_calls(false);
}

static void on_crash(int number)
{
    static _Atomic bool printed;
    if (!atomic_exchange(&printed, true)) {
        void *stack[64];
        fuzz_trace_print();
        backtrace_symbols_fd(stack, backtrace(stack, 64), STDERR_FILENO);
    }
    signal(number, SIG_DFL);
    raise(number);
}

#ifdef FUZZ_ASAN
void __sanitizer_set_death_callback(void (*callback)(void));
const char *__ubsan_default_options(void);
const char *__asan_default_options(void);
const char *__lsan_default_suppressions(void);

/* So that what UBSan finds comes to on_crash. */
const char *__ubsan_default_options(void)
{
    return "abort_on_error=1";
}

/* What the real malloc would refuse is refused here too, instead of ending the run. */
const char *__asan_default_options(void)
{
    return "detect_leaks=1:allocator_may_return_null=1";
}

/* Kept until exit by libraries under Qt, none of it ours; unit/lsan.supp is the same for tests. */
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\nleak:libglib-2.0\nleak:libdbus-1\nleak:libxkbcommon\n";
}
#endif

void fuzz_trace_signals(void)
{
    void *stack[1];
    backtrace(stack, 1); /* loads what it needs now */
    signal(SIGABRT, on_crash);
#ifdef FUZZ_ASAN
    __sanitizer_set_death_callback(fuzz_trace_print);
#else
    static char alternative[65536];
    stack_t where = {.ss_sp = alternative, .ss_size = sizeof alternative};
    sigaltstack(&where, NULL);
    struct sigaction action = {.sa_handler = on_crash, .sa_flags = SA_ONSTACK};
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
    sigaction(SIGFPE, &action, NULL);
    sigaction(SIGILL, &action, NULL);
#endif
}

/* --- complaints */

static pthread_mutex_t complaint_lock = PTHREAD_MUTEX_INITIALIZER; /* guards complained, complaint_count */
static struct {
    const char *call, *what;
} complained[COMPLAINTS];
static unsigned complaint_count;

static bool is_new_complaint(const char *call, const char *what)
{
    bool is_new = complaint_count < COMPLAINTS;
    for (unsigned i = 0; i < complaint_count; i++)
        is_new = is_new && (strcmp(complained[i].call, call) != 0 || strcmp(complained[i].what, what) != 0);
    if (is_new) {
        complained[complaint_count].call = strdup(call);
        complained[complaint_count++].what = what;
    }
    return is_new;
}

void fuzz_complain(const char *call, const char *what, const char *detail)
{
    pthread_mutex_lock(&complaint_lock);
    bool is_new = is_new_complaint(call, what);
    pthread_mutex_unlock(&complaint_lock);
    if (!is_new)
        return;
    fprintf(stderr, "fuzz_api: complaint: seed %llu step %llu: %s: %s: %.200s\n", (unsigned long long)fuzz_run_seed,
            (unsigned long long)atomic_load(&fuzz_step), call, what, detail);
    if (current)
        fprintf(stderr, "  arguments:%.*s\n", ARGUMENTS_SIZE, current->arguments);
}

unsigned fuzz_complaints(void)
{
    pthread_mutex_lock(&complaint_lock);
    unsigned count = complaint_count;
    pthread_mutex_unlock(&complaint_lock);
    return count;
}

/* --- watchdog */

static pthread_t watchdog;
static pthread_t lanes[4]; /* set by each thread before its first step */
static _Atomic bool watchdog_ends;
static _Atomic uint64_t rescues;

uint64_t fuzz_rescues(void)
{
    return atomic_load(&rescues);
}

static void sleep_tick(void)
{
    struct timespec tick = {0, TICK_MS * 1000000L};
    nanosleep(&tick, NULL);
}

/* A modal loop that a method of Qt has opened (a warning of the file dialog, a menu) ends by bh_app_quit like the event loop. What
 * does not end so is a hang: the stuck thread aborts, so that the stack that is printed is its own. */
static void *watch(void *user)
{
    uint64_t seen[4] = {0};
    int still[4] = {0};
    (void)user;
    while (!atomic_load(&watchdog_ends)) {
        sleep_tick();
        for (int lane = 0; lane < 4; lane++) {
            uint64_t now = atomic_load(&fuzz_progress[lane]);
            still[lane] = now == seen[lane] && now != UINT64_MAX ? still[lane] + 1 : 0;
            seen[lane] = now;
        }
        if (still[0] > 0 && still[0] % RESCUE_TICKS == 0) {
            atomic_fetch_add(&rescues, 1);
            bh_app_quit(0);
        }
        for (int lane = 0; lane < 4; lane++) {
            if (still[lane] < HANG_TICKS)
                continue;
            fprintf(stderr, "fuzz_api: hang: lane %d has made no call for %d s, its stack is below; it was in %s\n", lane,
                    HANG_TICKS * TICK_MS / 1000, lane_calls[lane]);
            pthread_kill(lanes[lane], SIGABRT);
            sleep(5);
        }
    }
    return NULL;
}

void fuzz_watchdog_lane(void)
{
    lanes[fuzz_lane] = pthread_self();
    atomic_store(&fuzz_progress[fuzz_lane], 0);
}

void fuzz_watchdog_start(void)
{
    fuzz_watchdog_lane();
    if (pthread_create(&watchdog, NULL, watch, NULL))
        abort();
}

void fuzz_watchdog_stop(void)
{
    atomic_store(&watchdog_ends, true);
    pthread_join(watchdog, NULL);
}
