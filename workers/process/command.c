/* A worker program on the command line: one function alone, with its progress on the terminal and its result as JSON. */
#include "base/status.h"
#include "process/worker_side.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { FAILED = 1, USAGE = 2, INTERRUPTED = 130 };

static bh__page page; /* of the one job there is: what a pool would share with its worker */

static void on_interrupt(int number)
{
    if (atomic_load(&page.states[0]) == BH__SLOT_CANCEL) {
        signal(number, SIG_DFL);
        raise(number);
    }
    // NOLINTNEXTLINE(bugprone-signal-handler): an atomic exchange and one system call, futex
    bh__page_cancel(&page, 0);
}

static int list(const bh_process_function *functions)
{
    for (const bh_process_function *f = functions; f && f->name; f++)
        puts(f->name);
    return 0;
}

static int usage(const char *program)
{
    fprintf(stderr,
            "usage: %s run NAME [KEY=VALUE…]   runs a function here: progress on stderr, result as JSON on stdout\n"
            "       %s list                    the functions there are\n",
            program, program);
    return USAGE;
}

static int report(bh_status status, const bh__job *job, bh_message *result)
{
    bh_message_view view;
    if (status == BH_CANCELLED && atomic_load(&page.states[0]) == BH__SLOT_CANCEL)
        return INTERRUPTED;
    if (status) {
        fprintf(stderr, "%s: %s\n", bh_status_name(status), job->error);
        return FAILED;
    }
    if ((bh_message_complete)(result, &view))
        return FAILED;
    char *json = (bh_message_view_json)(view);
    int code = json && puts(json) >= 0 && fflush(stdout) == 0 ? 0 : FAILED;
    bh_free(json);
    return code;
}

static int run_alone(const bh_process_function *function, bh_message_view arguments)
{
    bh__job job = {.page = &page, .attempt = 1};
    bh_message *result = (bh_message_create)();
    if (!result)
        return FAILED;
    atomic_store(&page.states[0], BH__SLOT_STARTED);
    signal(SIGINT, on_interrupt);
    signal(SIGTERM, on_interrupt);
    bh_status status = bh__job_run(&job, function, arguments, result);
    int code = report(status, &job, result);
    (bh_message_destroy)(result);
    return code;
}

static int run(const bh_process_function *functions, const char *name, int count, char **words)
{
    bh_message_view view;
    const bh_process_function *function = bh__function_find(functions, name);
    if (!function) {
        fprintf(stderr, "There is no function '%s'. There are:\n", name);
        for (const bh_process_function *f = functions; f && f->name; f++)
            fprintf(stderr, "  %s\n", f->name);
        return USAGE;
    }
    bh_message *arguments = (bh_message_from_words)(count, words);
    if (!arguments)
        return USAGE; /* it has said why */
    int code = USAGE;
    if (!(bh_message_complete)(arguments, &view))
        code = run_alone(function, view);
    (bh_message_destroy)(arguments);
    return code;
}

int bh_worker_main(int argc, char **argv, const bh_process_function *functions)
{
    bh_main_guard(argc, argv, functions);
    const char *program = argc > 0 && argv && argv[0] ? argv[0] : "bulkhead-worker";
    const char *verb = argc > 1 && argv ? argv[1] : "";
    if (strcmp(verb, "list") == 0 && argc == 2)
        return list(functions);
    if (strcmp(verb, "run") == 0 && argc > 2)
        return run(functions, argv[2], argc - 3, argv + 3);
    return usage(program);
}
