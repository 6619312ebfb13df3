/* A result as text and as JSON. */
#include "core/door.h"

#include <bulkhead/checklist.h>
#include <bulkhead/message.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- text */

static void write_row(FILE *to, const bh_checklist_row *row, const bh_checklist_row *before)
{
    if (!before || strcmp(before->list, row->list) != 0)
        fprintf(to, "\n%s\n", row->list);
    fprintf(to, "%s  %s%s%s\n", row->passed ? "pass" : "fail", row->practice, row->why[0] ? " \xE2\x80\x94 " : "", row->why);
    fprintf(to, "      here: %s\n      seen: %s\n", row->here, row->seen);
}

char *(bh_checklist_text)(const bh_checklist_result *result)
{
    char *text = NULL;
    size_t size = 0;
    if (!result) {
        bh__fail(BH_ERROR_NULL, "bh_checklist_text", "result is NULL: pass what bh_checklist_run gave");
        return NULL;
    }
    FILE *to = open_memstream(&text, &size);
    if (to) {
        fprintf(to, "Checklist of %s\n", result->program);
        for (size_t i = 0; i < result->count; i++)
            write_row(to, &result->rows[i], i ? &result->rows[i - 1] : NULL);
        fprintf(to, "\n%zu rows: %zu pass, %zu fail\n", result->count, result->passed, result->failed);
        bool well = !ferror(to);
        if (fclose(to) == 0 && well)
            return text;
    }
    free(text);
    bh__fail(BH_ERROR_MEMORY, "bh_checklist_text", "no memory");
    return NULL;
}

/* --- JSON: through a message, which knows how text is written there */

static void add_row(bh_message *to, const bh_checklist_row *row)
{
    (bh_message_begin_map)(to, NULL);
    (bh_message_add_string)(to, "name", row->name);
    (bh_message_add_string)(to, "list", row->list);
    (bh_message_add_string)(to, "practice", row->practice);
    (bh_message_add_string)(to, "why", row->why);
    (bh_message_add_string)(to, "here", row->here);
    (bh_message_add_bool)(to, "passed", row->passed);
    (bh_message_add_string)(to, "seen", row->seen);
    (bh_message_add_int)(to, "took_ms", row->took_ms);
    (bh_message_end)(to);
}

char *(bh_checklist_json)(const bh_checklist_result *result)
{
    const void *data;
    size_t size;
    bh_message_view view;
    char *json = NULL;
    if (!result) {
        bh__fail(BH_ERROR_NULL, "bh_checklist_json", "result is NULL: pass what bh_checklist_run gave");
        return NULL;
    }
    bh_message *message = (bh_message_create)();
    if (!message)
        return NULL;
    (bh_message_add_string)(message, "program", result->program);
    (bh_message_add_int)(message, "passed", (int64_t)result->passed);
    (bh_message_add_int)(message, "failed", (int64_t)result->failed);
    (bh_message_begin_array)(message, "rows");
    for (size_t i = 0; i < result->count; i++)
        add_row(message, &result->rows[i]);
    (bh_message_end)(message);
    if (!(bh_message_data)(message, &data, &size) && !(bh_message_open)(data, size, &view))
        json = (bh_message_view_json)(view);
    (bh_message_destroy)(message);
    return json;
}
