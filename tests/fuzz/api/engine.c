/* Picks entries, runs them, and checks what the headers promise about every call: a refusal has a sentence, and it is a good one. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ENTRIES = 512, MAX_DEPTH = 3, STATUSES = 32 };

/* One row of the table at the end. */
typedef struct counted {
    const fuzz_entry *entry;
    _Atomic unsigned long calls, successes;
} counted;

uint64_t fuzz_run_seed;
_Atomic uint64_t fuzz_step;
_Atomic bool fuzz_stopping;
_Atomic uint64_t fuzz_progress[4] = {0, UINT64_MAX, UINT64_MAX, UINT64_MAX};
_Thread_local int fuzz_lane = -1;
char fuzz_last_line[256];

static counted entries[MAX_ENTRIES];
static unsigned entry_count;
static _Atomic unsigned long statuses[STATUSES];
static _Atomic unsigned long log_lines;

/* Of the call that runs on this thread. */
static _Thread_local const char *running;
static _Thread_local bool has_reported, in_hook;
static _Thread_local int depth;

static const fuzz_entry *const tables[] = {
    fuzz_app_entries,    fuzz_object_entries, fuzz_property_entries, fuzz_connect_entries,
    fuzz_class_entries,  fuzz_layout_entries, fuzz_item_entries,     fuzz_window_entries,
    fuzz_table_entries,  fuzz_paint_entries,  fuzz_thread_entries,   fuzz_pool_entries,
    fuzz_worker_entries, fuzz_life_entries,   fuzz_task_entries,     fuzz_chart_entries,
};

/* Length of the UTF-8 character at TEXT; 0 if it is none. */
static int utf8_length(const unsigned char *text)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    int length = text[0] < 0x80             ? 1
                 : (text[0] & 0xE0) == 0xC0 ? 2
                 : (text[0] & 0xF0) == 0xE0 ? 3
                 : (text[0] & 0xF8) == 0xF0 ? 4
                                            : 0;
    if (length < 2)
        return length;
    uint32_t code = text[0] & (0x7Fu >> length);
    for (int i = 1; i < length; i++) {
        if ((text[i] & 0xC0) != 0x80)
            return 0;
        code = code << 6 | (text[i] & 0x3Fu);
    }
    return code >= least[length] && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF) ? length : 0;
}

static bool is_utf8(const char *text)
{
    while (*text) {
        int length = utf8_length((const unsigned char *)text);
        if (!length)
            return false;
        text += length;
    }
    return true;
}

static void check_sentence(const bh_error *error)
{
    const char *text = error->sentence;
    if (!error->call || !error->call[0])
        fuzz_complain("?", "an error without the name of its call", text ? text : "NULL");
    else if (!text || !text[0])
        fuzz_complain(error->call, "an error without a sentence", "");
    else if (!is_utf8(text))
        fuzz_complain(error->call, "the sentence is no UTF-8", text);
    else if (strpbrk(text, "\r\n"))
        fuzz_complain(error->call, "the sentence has more than one line", text);
    else if (!strstr(text, error->call))
        fuzz_complain(error->call, "the sentence does not name its call", text);
    else if (strlen(strstr(text, error->call)) < strlen(error->call) + 10)
        fuzz_complain(error->call, "the sentence says next to nothing", text);
    if (!error->location || !error->thread)
        fuzz_complain(error->call ? error->call : "?", "location or thread is NULL", "");
    if (error->status <= BH_OK || !strcmp(bh_status_name(error->status), "BH_STATUS_?"))
        fuzz_complain(error->call ? error->call : "?", "an error with a status that is none", text);
}

/* A sentence of bh_call_values names bh_call, which is what a program writes. */
static bool names_the_same(const char *told, const char *called)
{
    const char *values = strstr(called, "_values");
    return values ? !strncmp(told, called, (size_t)(values - called)) : !strcmp(told, called);
}

static void on_error(const bh_error *error, void *user)
{
    (void)user;
    atomic_fetch_add(&statuses[(unsigned)error->status % STATUSES], 1);
    if (running && error->call && names_the_same(error->call, running))
        has_reported = true;
    check_sentence(error);
    if (getenv("FUZZ_VERBOSE"))
        fprintf(stderr, "%s\n", error->sentence);
    if (!in_hook && fuzz_chance(2)) { /* what fails in there goes to the log only */
        in_hook = true;
        fuzz_nested("error hook");
        in_hook = false;
    }
}

static void on_log(bh_log_level level, const char *category, const char *line, void *user)
{
    (void)user;
    atomic_fetch_add(&log_lines, 1);
    if (line)
        snprintf(fuzz_last_line, sizeof fuzz_last_line, "%s", line);
    if (!category || !line)
        fuzz_complain("bh_log", "the log handler got NULL", "");
    if (getenv("FUZZ_VERBOSE"))
        fprintf(stderr, "log %d %s: %s\n", (int)level, category, line);
}

const bh_error_hook fuzz_error_hook = {on_error, NULL};
const bh_log_handler fuzz_log_handler = {on_log, NULL};

void fuzz_engine_start(void)
{
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++)
        for (const fuzz_entry *entry = tables[t]; entry->name && entry_count < MAX_ENTRIES; entry++)
            entries[entry_count++].entry = entry;
    bh_set_error_hook(fuzz_error_hook);
    bh_set_log_handler(fuzz_log_handler);
}

static void run(counted *row)
{
    const char *outer = running;
    bool outer_reported = has_reported;
    if (fuzz_lane >= 0)
        atomic_fetch_add(&fuzz_progress[fuzz_lane], 1);
    fuzz_record *before = fuzz_trace_begin(row->entry->name);
    running = row->entry->name;
    has_reported = false;
    fuzz_result result = row->entry->run();
    if (result == FUZZ_REFUSED && !has_reported && !in_hook)
        fuzz_complain(running, "refused without a sentence of its own; the thread's last one is", bh_last_error());
    running = outer;
    has_reported = outer_reported;
    fuzz_trace_end(before, result == FUZZ_OK ? '+' : result == FUZZ_REFUSED ? '-' : ' ');
    atomic_fetch_add(&row->calls, 1);
    if (result == FUZZ_OK)
        atomic_fetch_add(&row->successes, 1);
}

static bool is_chosen(const fuzz_entry *entry)
{
    return !entry->rare || fuzz_below(entry->rare) == 0;
}

void fuzz_call(void)
{
    counted *row = &entries[fuzz_below(entry_count)];
    while (!is_chosen(row->entry))
        row = &entries[fuzz_below(entry_count)];
    run(row);
}

void fuzz_call_by_name(const char *name)
{
    for (unsigned i = 0; i < entry_count; i++)
        if (!strcmp(entries[i].entry->name, name))
            run(&entries[i]);
}

void fuzz_call_table(const fuzz_entry *table)
{
    unsigned first = 0, count = 0;
    while (entries[first].entry != table)
        first++;
    while (table[count].name)
        count++;
    run(&entries[first + fuzz_below(count)]);
}

void fuzz_nested(const char *where)
{
    if (depth >= MAX_DEPTH || atomic_load(&fuzz_stopping) || !fuzz_chance(40))
        return;
    fuzz_record *before = fuzz_trace_begin(where);
    depth++;
    for (unsigned i = 1 + fuzz_below(3); i > 0 && !atomic_load(&fuzz_stopping); i--)
        fuzz_call();
    depth--;
    fuzz_trace_end(before, '.');
}

fuzz_result fuzz_status(bh_status status)
{
    if (status == BH_OK)
        return FUZZ_OK;
    return status == BH_TIMEOUT || status == BH_CANCELLED ? FUZZ_QUIET : FUZZ_REFUSED;
}

fuzz_result fuzz_made(bh_object *object)
{
    if (!object)
        return FUZZ_REFUSED;
    fuzz_keep_object(object, NULL);
    return FUZZ_OK;
}

void fuzz_list(void)
{
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++)
        for (const fuzz_entry *entry = tables[t]; entry->name; entry++)
            puts(entry->name);
}

static int by_name(const void *a, const void *b)
{
    const counted *left = a, *right = b;
    return strcmp(left->entry->name, right->entry->name);
}

static void report_statuses(void)
{
    printf("errors:");
    for (int i = 0; i < STATUSES; i++)
        if (atomic_load(&statuses[i]))
            printf(" %s %lu", bh_status_name((bh_status)i), atomic_load(&statuses[i]));
    printf("\nlog lines: %lu, loops ended by the watchdog: %llu, complaints: %u\n", atomic_load(&log_lines),
           (unsigned long long)fuzz_rescues(), fuzz_complaints());
}

bool fuzz_report(unsigned percent)
{
    unsigned reached = 0;
    qsort(entries, entry_count, sizeof entries[0], by_name);
    printf("%-40s %10s %10s\n", "function", "calls", "successes");
    for (unsigned i = 0; i < entry_count; i++) {
        unsigned long calls = atomic_load(&entries[i].calls), successes = atomic_load(&entries[i].successes);
        printf("%-40s %10lu %10lu%s\n", entries[i].entry->name, calls, successes, successes ? "" : "  never");
        reached += successes > 0;
    }
    report_statuses();
    printf("%u of %u functions have succeeded (%u %%, %u %% wanted)\n", reached, entry_count, reached * 100 / entry_count,
           percent);
    fflush(stdout); /* the leak checker ends the process another way */
    return reached * 100 >= entry_count * percent;
}
