/* Results, as they come and at the end. */
#include "report.h"

#include "files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const words[RESULT_KINDS] = {"pass", "skip", "flaky", "fail", "wrong", "crash", "timeout"};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

result_kind report_kind(const char *word)
{
    for (int i = 0; i < RESULT_KINDS; i++)
        if (strcmp(words[i], word) == 0)
            return (result_kind)i;
    return RESULT_FAIL;
}

void report_begin(report *self, const pilot_options *options)
{
    *self = (report){.options = options, .began_ms = now()};
    if (options->tap)
        puts("TAP version 13");
}

static void print_indented(const char *text, const char *indent)
{
    while (*text) {
        size_t length = strcspn(text, "\n");
        printf("%s%.*s\n", indent, (int)length, text);
        text += length + (text[length] == '\n');
    }
}

/* A description must not hold what TAP reads as the begin of a directive */
static void print_tap(const report *self, const result *added)
{
    bool fine = added->kind == RESULT_PASS || added->kind == RESULT_SKIP;
    printf("%sok %zu - %s: ", fine ? "" : "not ", self->count, added->script);
    for (const char *at = added->test; *at; at++)
        printf(*at == '#' ? "\\%c" : "%c", *at);
    if (added->kind == RESULT_SKIP)
        printf(" # SKIP %.*s", (int)strcspn(added->message, "\n"), added->message);
    putchar('\n');
    if (fine)
        return;
    printf("  ---\n  outcome: %s\n  duration_ms: %.3f\n  message: |\n", words[added->kind], added->ms);
    print_indented(*added->message ? added->message : "-", "    ");
    puts("  ...");
}

static void print_plain(const result *added)
{
    printf("%-7s %s: %s (%.0f ms)\n", words[added->kind], added->script, added->test, added->ms);
    if (added->kind != RESULT_PASS)
        print_indented(added->message, "        ");
}

void report_add(report *self, const char *script, const char *test, result_kind kind, const char *message, double ms)
{
    if (self->count == self->room) {
        size_t room = self->room * 2 + 64;
        result *more = realloc(self->results, room * sizeof *more);
        if (!more)
            abort();
        self->results = more;
        self->room = room;
    }
    result *added = &self->results[self->count++];
    *added = (result){.script = strdup(script), .test = strdup(test), .message = strdup(message), .kind = kind, .ms = ms};
    if (self->options->tap)
        print_tap(self, added);
    else
        print_plain(added);
    fflush(stdout);
}

/* XML has no place for most control characters */
static void put_xml(buffer *out, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '<':
            buffer_text(out, "&lt;");
            break;
        case '&':
            buffer_text(out, "&amp;");
            break;
        case '"':
            buffer_text(out, "&quot;");
            break;
        default:
            if ((unsigned char)*text >= 0x20 || *text == '\n' || *text == '\t')
                buffer_put(out, text, 1);
        }
    }
}

static void put_case(buffer *out, const result *one)
{
    static const char *const elements[RESULT_KINDS] = {
        [RESULT_SKIP] = "skipped", [RESULT_FLAKY] = "failure", [RESULT_FAIL] = "failure",
        [RESULT_WRONG] = "error",  [RESULT_CRASH] = "error",   [RESULT_TIMEOUT] = "error"};
    buffer_text(out, "    <testcase classname=\"");
    put_xml(out, one->script);
    buffer_text(out, "\" name=\"");
    put_xml(out, one->test);
    buffer_format(out, "\" time=\"%.3f\">", one->ms / 1000);
    if (elements[one->kind]) {
        const char *end = strchr(one->message, '\n');
        char *first = strndup(one->message, end ? (size_t)(end - one->message) : strlen(one->message));
        buffer_format(out, "<%s type=\"%s\" message=\"", elements[one->kind], words[one->kind]);
        put_xml(out, first ? first : "");
        buffer_text(out, "\">");
        put_xml(out, one->message);
        buffer_format(out, "</%s>", elements[one->kind]);
        free(first);
    }
    buffer_text(out, "</testcase>\n");
}

static void write_junit(const report *self, const size_t *counts)
{
    buffer out = {0};
    size_t errors = counts[RESULT_WRONG] + counts[RESULT_CRASH] + counts[RESULT_TIMEOUT];
    buffer_text(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    buffer_format(
        &out,
        "  <testsuite name=\"bulkhead-pilot\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\" time=\"%.3f\">\n",
        self->count, counts[RESULT_FAIL] + counts[RESULT_FLAKY], errors, counts[RESULT_SKIP], (now() - self->began_ms) / 1000);
    for (size_t i = 0; i < self->count; i++)
        put_case(&out, &self->results[i]);
    buffer_text(&out, "  </testsuite>\n</testsuites>\n");
    if (!file_write(self->options->junit, out.bytes, out.length))
        fprintf(stderr, "bulkhead-pilot: cannot write %s\n", self->options->junit);
    buffer_free(&out);
}

static void print_sum(const report *self, const size_t *counts)
{
    if (self->options->tap) {
        printf("1..%zu\n", self->count);
        return;
    }
    printf("%zu tests in %.1f s", self->count, (now() - self->began_ms) / 1000);
    for (int i = 0; i < RESULT_KINDS; i++)
        if (counts[i])
            printf(", %zu %s", counts[i], words[i]);
    putchar('\n');
}

int report_end(report *self)
{
    size_t counts[RESULT_KINDS] = {0};
    for (size_t i = 0; i < self->count; i++)
        counts[self->results[i].kind]++;
    print_sum(self, counts);
    if (self->options->junit)
        write_junit(self, counts);
    for (size_t i = 0; i < self->count; i++) {
        free(self->results[i].script);
        free(self->results[i].test);
        free(self->results[i].message);
    }
    free(self->results);
    if (counts[RESULT_TIMEOUT])
        return 4;
    if (counts[RESULT_CRASH])
        return 3;
    if (counts[RESULT_WRONG])
        return 2;
    return counts[RESULT_FAIL] || counts[RESULT_FLAKY] ? 1 : 0;
}
