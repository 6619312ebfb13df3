/* app.h, status.h, log.h, version.h, value.h, mailbox.h */
#include "fuzz.h"

#include <limits.h>
#include <string.h>

static fuzz_result run_bh_app_create(void)
{
    static char name[] = "fuzz", style[] = "-style", fusion[] = "fusion", unknown[] = "--\xFF";
    char *arguments[] = {name, style, fusion, unknown, NULL};
    bh_object *app;
    if (fuzz_chance(50))
        app = bh_app_create(4, arguments);
    else
        app = bh_app_create(fuzz_chance(50) ? 0 : fuzz_small(-5, 3), fuzz_chance(50) ? NULL : arguments);
    return app ? FUZZ_OK : FUZZ_REFUSED;
}

static fuzz_result run_bh_app(void)
{
    return bh_app() ? FUZZ_OK : FUZZ_QUIET;
}

static void quit_loop(void *unused)
{
    (void)unused;
    bh_app_quit(0);
}

static fuzz_result run_bh_app_exec(void)
{
    bh_timer_single_shot(5, quit_loop, NULL);
    return bh_app_exec() == 1 ? FUZZ_QUIET : FUZZ_OK;
}

FUZZ_CALL(bh_app_quit, fuzz_chance(50) ? 0 : fuzz_int())
FUZZ_CALL(bh_app_process_events, fuzz_short_ms())

static fuzz_result run_bh_app_destroy(void)
{
    return fuzz_status(bh_app_destroy());
}

FUZZ_CALL(bh_app_set_color_scheme, (bh_color_scheme)(fuzz_chance(90) ? (int)fuzz_below(3) : fuzz_int()))

static fuzz_result run_bh_is_gui_thread(void)
{
    return bh_is_gui_thread() ? FUZZ_OK : FUZZ_QUIET;
}

FUZZ_CALL(bh_defer, fuzz_chance(95) ? fuzz_on_void : NULL, NULL)

/* --- status.h, log.h, version.h, value.h */

static fuzz_result said(const char *call, const char *text)
{
    if (!text)
        fuzz_complain(call, "a text that is never NULL was", "");
    return FUZZ_OK;
}

static fuzz_result run_bh_status_name(void)
{
    return said("bh_status_name", bh_status_name((bh_status)fuzz_int()));
}

static fuzz_result run_bh_status_text(void)
{
    return said("bh_status_text", bh_status_text((bh_status)fuzz_int()));
}

static fuzz_result run_bh_type_name(void)
{
    return said("bh_type_name", bh_type_name(fuzz_type()));
}

static fuzz_result run_bh_version(void)
{
    return said("bh_version", bh_version());
}

static fuzz_result run_bh_last_error(void)
{
    return said("bh_last_error", bh_last_error());
}

/* The same one again: without it nothing would be checked. */
static fuzz_result run_bh_set_error_hook(void)
{
    bh_error_hook before = bh_set_error_hook(fuzz_error_hook);
    if (before.report != fuzz_error_hook.report)
        fuzz_complain("bh_set_error_hook", "the previous hook was another one", "");
    return FUZZ_OK;
}

static fuzz_result run_bh_set_log_handler(void)
{
    bh_log_handler before = bh_set_log_handler(fuzz_log_handler);
    if (before.write != fuzz_log_handler.write)
        fuzz_complain("bh_set_log_handler", "the previous handler was another one", "");
    return FUZZ_OK;
}

static fuzz_result run_bh_report(void)
{
    const char *text = fuzz_text();
    bh_status status = (bh_status)fuzz_small(1, BH_ERROR_CLOSED);
    bh_status told = bh_report(status, fuzz_chance(80) ? "bh_report" : NULL, "a report with %s in it", text ? text : "nothing");
    if (told != status)
        fuzz_complain("bh_report", "another status came back", bh_status_name(told));
    return FUZZ_OK;
}

static fuzz_result run_bh_log(void)
{
    const char *text = fuzz_text();
    bh_log((bh_log_level)fuzz_small(-1, 5), fuzz_text(), "a line with %s in it", text ? text : "nothing");
    return FUZZ_OK;
}

static fuzz_result run_bh_free(void)
{
    char **names = NULL;
    if (fuzz_chance(20))
        bh_class_names(&names);
    bh_free(names);
    return FUZZ_OK;
}

/* --- mailbox.h */

static bh_object *context(void)
{
    return fuzz_chance(40) ? NULL : fuzz_object(NULL);
}

static bool wants_drop(void **user)
{
    bool wants = fuzz_chance(70);
    *user = wants ? fuzz_token_new() : NULL;
    return wants;
}

static fuzz_result run_bh_post(void)
{
    void *user;
    bool drops = wants_drop(&user);
    bh_status status = bh_post(context(), fuzz_chance(95) ? fuzz_on_posted : NULL, user, drops ? fuzz_token_drop : NULL);
    if (status)
        fuzz_token_drop(user);
    return fuzz_status(status);
}

static fuzz_result run_bh_post_completion(void)
{
    void *user;
    bool drops = wants_drop(&user);
    bh_thread *thread = fuzz_chance(40) ? NULL : fuzz_thing(FUZZ_THREAD);
    bh_status status = bh_post_completion(thread, fuzz_chance(95) ? fuzz_on_posted : NULL, user, drops ? fuzz_token_drop : NULL);
    if (status)
        fuzz_token_drop(user);
    return fuzz_status(status);
}

static bh_status on_sent(void *user)
{
    (void)user;
    fuzz_nested("sent function");
    return BH_OK;
}

FUZZ_CALL(bh_send, context(), fuzz_chance(95) ? on_sent : NULL, NULL)

static fuzz_result run_bh_mailbox_get_stats(void)
{
    bh_mailbox_stats stats;
    bh_thread *thread = fuzz_chance(50) ? NULL : fuzz_thing(FUZZ_THREAD);
    return fuzz_status(bh_mailbox_get_stats(thread, fuzz_chance(5) ? NULL : &stats));
}

const fuzz_entry fuzz_app_entries[] = {
    FUZZ_ENTRY(bh_app_create),
    FUZZ_ENTRY(bh_app),
    FUZZ_RARE(bh_app_exec, 20),
    FUZZ_ENTRY(bh_app_quit),
    FUZZ_ENTRY(bh_app_process_events),
    FUZZ_RARE(bh_app_destroy, 300),
    FUZZ_RARE(bh_app_set_color_scheme, 20),
    FUZZ_ENTRY(bh_is_gui_thread),
    FUZZ_ENTRY(bh_defer),
    FUZZ_RARE(bh_status_name, 4),
    FUZZ_RARE(bh_status_text, 4),
    FUZZ_RARE(bh_type_name, 4),
    FUZZ_RARE(bh_version, 4),
    FUZZ_RARE(bh_last_error, 4),
    FUZZ_RARE(bh_set_error_hook, 4),
    FUZZ_RARE(bh_set_log_handler, 4),
    FUZZ_RARE(bh_report, 4),
    FUZZ_RARE(bh_log, 4),
    FUZZ_RARE(bh_free, 4),
    FUZZ_ENTRY(bh_post),
    FUZZ_ENTRY(bh_post_completion),
    FUZZ_ENTRY(bh_send),
    FUZZ_ENTRY(bh_mailbox_get_stats),
    {NULL, NULL, 0},
};
