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

/* The value of the bytes of a letter of UTF-8 after its first one, or 0 if they are none */
static unsigned long rest_of(const char *text, unsigned long value, size_t length)
{
    for (size_t i = 1; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        if ((byte & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (byte & 0x3f);
    }
    return value;
}

/* How many bytes the letter has that is next; 0 if it is one that XML or YAML has no place for, or none at all: programs print anything */
static size_t letter_length(const char *text)
{
    unsigned char first = (unsigned char)*text;
    size_t length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    static const unsigned long least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned long value = length == 1 ? first : rest_of(text, first & (0xffU >> (length + 1)), length);
    bool control = value < 0x20 ? value != '\n' && value != '\t' : value >= 0x7f && value < 0xa0;
    bool half = value >= 0xd800 && value < 0xe000, none = value == 0xfffe || value == 0xffff || value > 0x10ffff;
    return value < least[length] || control || half || none ? 0 : length;
}

/* Copies the text, with a question mark for what no format has a place for */
static void put_clean(buffer *out, const char *text)
{
    while (*text) {
        size_t length = letter_length(text);
        buffer_put(out, length ? text : "?", length ? length : 1);
        text += length ? length : 1;
    }
}

static void print_indented(const char *text, const char *indent)
{
    while (*text) {
        size_t length = strcspn(text, "\n");
        printf("%s%.*s\n", indent, (int)length, text);
        text += length + (text[length] == '\n');
    }
}

/* A description is one line, and must not hold what TAP reads as the begin of a directive */
static void put_description(buffer *out, const char *text)
{
    buffer clean = {0};
    put_clean(&clean, text);
    for (const char *at = buffer_get(&clean); *at; at++)
        buffer_format(out, *at == '#' || *at == '\\' ? "\\%c" : "%c", *at == '\n' ? ' ' : *at);
    buffer_free(&clean);
}

static void print_tap(const report *self, const result *added)
{
    bool fine = added->kind == RESULT_PASS || added->kind == RESULT_SKIP;
    buffer line = {0}, message = {0};
    put_description(&line, added->script);
    buffer_text(&line, ": ");
    put_description(&line, added->test);
    put_clean(&message, *added->message ? added->message : "-");
    if (added->kind == RESULT_SKIP) {
        message.bytes[strcspn(message.bytes, "\n")] = '\0';
        buffer_text(&line, " # SKIP ");
        put_description(&line, message.bytes);
    }
    printf("%sok %zu - %s\n", fine ? "" : "not ", self->count, line.bytes);
    if (!fine) {
        printf("  ---\n  outcome: %s\n  duration_ms: %.3f\n  message: |2\n", words[added->kind], added->ms);
        print_indented(message.bytes, "    ");
        puts("  ...");
    }
    buffer_free(&line);
    buffer_free(&message);
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

/* Lines stay lines in attributes, too */
static void put_xml(buffer *out, const char *text)
{
    static const char *const entities[128] = {
        ['<'] = "&lt;", ['>'] = "&gt;", ['&'] = "&amp;", ['"'] = "&quot;", ['\n'] = "&#10;", ['\t'] = "&#9;"};
    buffer clean = {0};
    put_clean(&clean, text);
    for (const char *at = buffer_get(&clean); *at; at++) {
        unsigned char byte = (unsigned char)*at;
        if (byte < 128 && entities[byte])
            buffer_text(out, entities[byte]);
        else
            buffer_put(out, at, 1);
    }
    buffer_free(&clean);
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
    if (!self->count && self->options->shards == 1) { /* a part of many may have none */
        fputs("bulkhead-pilot: there was no test to run\n", stderr);
        return 2;
    }
    if (counts[RESULT_TIMEOUT])
        return 4;
    if (counts[RESULT_CRASH])
        return 3;
    if (counts[RESULT_WRONG])
        return 2;
    return counts[RESULT_FAIL] || counts[RESULT_FLAKY] ? 1 : 0;
}
