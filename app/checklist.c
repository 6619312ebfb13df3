/* See checklist.h. */
#include "checklist.h"

#include <bulkhead/bulkhead.h>
#include <stdio.h>
#include <unistd.h>

static void on_row(void *user, const bh_checklist_row *row, size_t index, size_t count, bool done)
{
    (void)user;
    if (!done)
        fprintf(stderr, "\r\033[K%zu of %zu: %s", index + 1, count, row->practice);
    else if (index + 1 == count)
        fputs("\r\033[K", stderr);
}

int checklist_print(bool as_json)
{
    bh_checklist_result *result;
    const bh_checklist_options options = {BH_CHECKLIST_INIT, .row = isatty(STDERR_FILENO) ? on_row : NULL};
    if (bh_checklist_run(&options, &result))
        return 1; /* the log has said why */
    char *text = as_json ? bh_checklist_json(result) : bh_checklist_text(result);
    bool printed = text && fputs(text, stdout) >= 0 && (!as_json || putchar('\n') != EOF) && fflush(stdout) == 0;
    int code = printed && result->failed == 0 ? 0 : 1;
    bh_free(text);
    bh_free(result);
    return code;
}
