/* startup.h, finalizer.h, exit_report.h, crash.h, watchdog.h and checklist.h */
#include "fuzz.h"

#include <string.h>

#define STARTUP fuzz_thing(FUZZ_STARTUP)

/* --- startup.h */

static bh_status run_stage(bh_startup *self, void *user)
{
    fuzz_token_check(user, "a stage");
    fuzz_nested("a stage");
    if (fuzz_chance(80))
        return BH_OK;
    return fuzz_chance(50) ? bh_startup_fail(self, BH_ERROR_IO, "%s", "as it happens")
                           : (bh_status)fuzz_small(0, BH_ERROR_CLOSED);
}

static void undo_stage(void *user)
{
    fuzz_token_check(user, "undo of a stage");
    fuzz_nested("undo of a stage");
}

static bh_startup_decision decide(void *user, const bh_startup_failure *failure)
{
    fuzz_token_check(user, "on_failure");
    if (!failure->sentence || !failure->stage || !failure->status)
        fuzz_complain("bh_startup_start", "a failure that does not say why", "");
    fuzz_nested("on_failure");
    return (bh_startup_decision)fuzz_small(-1, BH_STARTUP_CONTINUE_WITHOUT);
}

static void on_ended(void *user, bh_status status)
{
    (void)status;
    fuzz_token_check(user, "end of a start-up");
    fuzz_nested("end of a start-up");
}

static const bh_startup_stage stages[] = {
    {BH_STARTUP_STAGE_INIT, .name = "one", .run = run_stage, .undo = undo_stage},
    {BH_STARTUP_STAGE_INIT, .name = "two", .run = run_stage, .undo = undo_stage, .background = true, .optional = true,
     .weight = 3},
    {BH_STARTUP_STAGE_INIT, .name = "three", .run = run_stage, .optional = true, .weight = -1},
};

static fuzz_result run_bh_startup_start(void)
{
    bh_startup_options options = {
        BH_STARTUP_INIT,
        .stages = fuzz_chance(95) ? stages : NULL,
        .stage_count = fuzz_small(0, 3),
        .splash = fuzz_chance(20) ? fuzz_text() : NULL,
        .no_splash = fuzz_chance(70),
        .on_failure = fuzz_chance(90) ? decide : NULL,
        .ended = fuzz_chance(50) ? on_ended : NULL,
        .drop = fuzz_token_drop,
        .user = fuzz_token_new(),
        .quit_timeout_ms = fuzz_small(-1, 20),
    };
    bh_startup *startup = bh_startup_start(fuzz_chance(98) ? &options : NULL);
    fuzz_keep(FUZZ_STARTUP, startup);
    if (!startup)
        fuzz_token_drop(options.user);
    return startup ? FUZZ_OK : FUZZ_REFUSED;
}

static fuzz_result run_bh_startup_fail(void)
{
    const char *text = fuzz_text();
    bh_status status = (bh_status)fuzz_small(BH_TIMEOUT, BH_ERROR_CLOSED);
    if (bh_startup_fail(STARTUP, status, "%s", text ? text : "no text") != status)
        fuzz_complain("bh_startup_fail", "another status came back", "");
    return FUZZ_QUIET;
}

static fuzz_result run_bh_startup_cancelled(void)
{
    return bh_startup_cancelled(STARTUP) ? FUZZ_QUIET : FUZZ_OK;
}

FUZZ_CALL(bh_startup_set_window, STARTUP, fuzz_object("QWidget"))
FUZZ_CALL(bh_startup_cancel, STARTUP)

/* --- finalizer.h */

static bh_status finalize(void *user)
{
    (void)user;
    if (bh_app())
        fuzz_complain("bh_finalizer_add", "a finaliser ran while there was an application", "");
    return fuzz_chance(90) ? BH_OK : BH_ERROR_IO;
}

static fuzz_result run_bh_finalizer_add(void)
{
    bh_finalizer *made =
        bh_finalizer_add(fuzz_text(), fuzz_chance(95) ? finalize : NULL, NULL, fuzz_chance(90) ? 10000 : fuzz_small(-5, 0));
    fuzz_keep(FUZZ_FINALIZER, made);
    return made ? FUZZ_OK : FUZZ_REFUSED;
}

FUZZ_CALL(bh_finalizer_remove, fuzz_thing(FUZZ_FINALIZER))

/* --- exit_report.h */

static fuzz_result run_bh_threads_list(void)
{
    bh_thread_info *all = NULL;
    size_t count = 0;
    bh_status status = bh_threads_list(fuzz_chance(95) ? &all : NULL, fuzz_chance(95) ? &count : NULL);
    for (size_t i = 0; i < count; i++)
        if (!memchr(all[i].name, 0, sizeof all[i].name) || !all[i].what[0] || all[i].tid <= 0)
            fuzz_complain("bh_threads_list", "a thread that is not described", "");
    bh_free(all);
    return fuzz_status(status);
}

static fuzz_result run_bh_thread_kind_name(void)
{
    return bh_thread_kind_name((bh_thread_kind)fuzz_int())[0] ? FUZZ_OK : FUZZ_QUIET;
}

static fuzz_result run_bh_exit_report_get(void)
{
    bh_exit_report *report = NULL;
    bh_status status = bh_exit_report_get(fuzz_chance(95) ? &report : NULL);
    if (report && (report->thread_count == 0 || report->objects_left > report->objects_at_end + 1000000))
        fuzz_complain("bh_exit_report_get", "a report that cannot be", "");
    bh_free(report);
    return fuzz_status(status);
}

/* --- crash.h */

/* Where nothing can be made, or nothing is to be: no name that comes by chance becomes a folder. */
static fuzz_result run_bh_crash_set_folder(void)
{
    static const char *const folders[] = {"", "/proc/nowhere", "/dev/null/crashes"};
    return fuzz_status(bh_crash_set_folder(folders[fuzz_below(3)]));
}

FUZZ_CALL(bh_crash_note, fuzz_text(), fuzz_text())

static void crash_report(const bh_crash_report *report, void *user)
{
    (void)user;
    if (!report->path[0] || !report->text[0])
        fuzz_complain("bh_crash_reports", "a report without text", "");
}

FUZZ_CALL(bh_crash_reports, fuzz_chance(95) ? crash_report : NULL, NULL)

static fuzz_result run_bh_crash_read(void)
{
    static const char *const paths[] = {"/nowhere", "/", "/dev/null", "/proc/self/mem"};
    char *text = NULL;
    bh_status status = bh_crash_read(fuzz_chance(80) ? paths[fuzz_below(4)] : fuzz_text(), fuzz_chance(90) ? &text : NULL);
    bh_free(text);
    return fuzz_status(status);
}

/* --- watchdog.h */

static void on_hang(const bh_hang *hang, void *user)
{
    fuzz_token_check(user, "a hang");
    if (!hang->text[0] || !hang->where || hang->number == 0 || hang->for_ms < 0)
        fuzz_complain("bh_watchdog_start", "a hang that is not described", "");
}

static fuzz_result run_bh_watchdog_start(void)
{
    bh_watchdog_options options = {
        BH_WATCHDOG_INIT,
        .notice_ms = fuzz_chance(80) ? fuzz_small(4, 40) : fuzz_int(),
        .stack_ms = fuzz_chance(80) ? 200 : fuzz_int(),
        .hang = fuzz_chance(80) ? on_hang : NULL,
        .drop = fuzz_token_drop,
        .user = fuzz_token_new(),
    };
    if (fuzz_chance(3))
        options.size = (size_t)fuzz_int();
    bool none = fuzz_chance(10);
    bh_status status = bh_watchdog_start(none ? NULL : &options);
    if (status || none)
        fuzz_token_drop(options.user);
    return fuzz_status(status);
}

static fuzz_result run_bh_watchdog_stop(void)
{
    return fuzz_status(bh_watchdog_stop());
}

static fuzz_result run_bh_watchdog_get_latency(void)
{
    bh_watchdog_latency latency;
    bh_status status = bh_watchdog_get_latency(fuzz_chance(95) ? &latency : NULL);
    if (status == BH_OK && (latency.p50_ms < 0 || latency.p99_ms < latency.p50_ms || latency.longest_ms < 0))
        fuzz_complain("bh_watchdog_get_latency", "times that cannot be", "");
    return fuzz_status(status);
}

/* --- checklist.h */

/* What would start programs is refused here for one reason or another: there is no such program. */
static fuzz_result run_bh_checklist_run(void)
{
    static const char *const programs[] = {"/nowhere", "", "/proc/self/mem"};
    const bh_checklist_options options = {.size = fuzz_chance(70) ? sizeof options : fuzz_size_t(),
                                          .program = programs[fuzz_below(3)],
                                          .only = fuzz_text(),
                                          .timeout_ms = fuzz_int()};
    bh_checklist_result *result = NULL;
    bh_status status = bh_checklist_run(&options, fuzz_chance(90) ? &result : NULL);
    if (status == BH_OK || result)
        fuzz_complain("bh_checklist_run", "a result of no program", "");
    return fuzz_status(status);
}

static const bh_checklist_result *any_checklist(void)
{
    static const bh_checklist_row row = {.name = "a", .list = "b", .practice = "c", .why = "", .here = "d", .seen = "e"};
    static const bh_checklist_result results[] = {{"/bin/it", 1, &row, 0, 1}, {"", 0, NULL, 0, 0}};
    return fuzz_chance(20) ? NULL : &results[fuzz_below(2)];
}

static fuzz_result keep_text(char *text)
{
    fuzz_result result = text ? FUZZ_OK : FUZZ_REFUSED;
    bh_free(text);
    return result;
}

static fuzz_result run_bh_checklist_text(void)
{
    return keep_text(bh_checklist_text(any_checklist()));
}

static fuzz_result run_bh_checklist_json(void)
{
    return keep_text(bh_checklist_json(any_checklist()));
}

const fuzz_entry fuzz_life_entries[] = {
    FUZZ_RARE(bh_watchdog_start, 20),  FUZZ_RARE(bh_watchdog_stop, 20),    FUZZ_RARE(bh_watchdog_get_latency, 4),
    FUZZ_RARE(bh_checklist_run, 10),   FUZZ_RARE(bh_checklist_text, 10),   FUZZ_RARE(bh_checklist_json, 10),
    FUZZ_RARE(bh_crash_read, 50),      FUZZ_RARE(bh_crash_set_folder, 20), FUZZ_ENTRY(bh_crash_note),
    FUZZ_RARE(bh_crash_reports, 20),   FUZZ_ENTRY(bh_startup_start),       FUZZ_ENTRY(bh_startup_fail),
    FUZZ_ENTRY(bh_startup_cancelled),  FUZZ_ENTRY(bh_startup_set_window),  FUZZ_RARE(bh_startup_cancel, 4),
    FUZZ_ENTRY(bh_finalizer_add),      FUZZ_ENTRY(bh_finalizer_remove),    FUZZ_RARE(bh_threads_list, 10),
    FUZZ_RARE(bh_thread_kind_name, 4), FUZZ_RARE(bh_exit_report_get, 20),  {NULL, NULL, 0},
};
