/* What judges of rows share. */
#include "checklist/rows.h"

#include "core/door.h"

#include <bulkhead/crash.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LAST_WORDS = 300 };

static bool say(bh__judging *self, bool verdict, const char *format, va_list arguments)
{
    vsnprintf(self->seen, sizeof self->seen, format, arguments);
    bh__clean_text(self->seen);
    return verdict;
}

bool bh__passes(bh__judging *self, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(self, true, format, arguments);
    va_end(arguments);
    return true;
}

bool bh__fails(bh__judging *self, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(self, false, format, arguments);
    va_end(arguments);
    return false;
}

bool bh__see_any_end(bh__judging *self, const char *action, const char *const *words)
{
    bh__look_end(&self->look);
    if (!bh__look_run(&self->look, self->at, action, words))
        return bh__fails(self, "%s", self->look.why);
    return !self->look.stopped || bh__fails(self, "stopped");
}

/* "; it said: …", the end of what it has printed, in OUT; "" if that is nothing. */
static const char *last_words(const bh__look *look, char out[LAST_WORDS + 32])
{
    const char *end = look->output + (look->printed > LAST_WORDS ? look->printed - LAST_WORDS : 0);
    snprintf(out, LAST_WORDS + 32, "%s%s", end[0] ? "; it said: " : "", end);
    return out;
}

/* " in train (train.c:42)" in OUT, from the record whose path it has printed: the first frame that is not the system's. */
static const char *crash_place(const bh__look *look, char out[LAST_WORDS])
{
    char path[4096], *text = NULL;
    const char *at = strstr(look->output, "; record: ");
    out[0] = 0;
    if (!at || sscanf(at, "; record: %4095s", path) != 1 || access(path, R_OK) || (bh_crash_read)(path, &text))
        return out;
    for (const char *line = strstr(text, "\n#"); line && !out[0]; line = strstr(line + 1, "\n#")) {
        const char *from = line + 2 + strspn(line + 2, "0123456789 ");
        int length = (int)strcspn(from, "\n");
        if (!memmem(from, (size_t)length, "[libc.so", 8))
            snprintf(out, LAST_WORDS, " in %.*s", length, from);
    }
    bh_free(text);
    return out;
}

static bool ended_well(bh__judging *self)
{
    const bh__look *look = &self->look;
    char said[LAST_WORDS + 32], place[LAST_WORDS];
    last_words(look, said);
    if (look->timed_out && bh__look_find(look, "closing"))
        return bh__fails(self, "its windows were closed, and it did not end within %d ms%s", self->at->timeout_ms, said);
    if (look->timed_out)
        return bh__fails(self, "it did not come to rest with a window within %d ms%s", self->at->timeout_ms, said);
    if (look->signal)
        return bh__fails(self, "it died of SIG%s%s%s", sigabbrev_np(look->signal), crash_place(look, place), said);
    return true;
}

bool bh__see(bh__judging *self, const char *action)
{
    char said[LAST_WORDS + 32];
    if (!bh__see_any_end(self, action, NULL) || !ended_well(self))
        return false;
    const bh__look *look = &self->look;
    last_words(look, said);
    if (!bh__look_find(look, "creating "))
        return bh__fails(self, "it ended with code %d and never called bh_app_create%s", look->exit_code, said);
    if (!bh__look_find(look, "window "))
        return bh__fails(self, "it ended with code %d and showed no window%s", look->exit_code, said);
    return true;
}

int bh__number(const bh__judging *self, const char *begins, const char *name)
{
    char key[64];
    snprintf(key, sizeof key, "%s=", name);
    const char *line = bh__look_find(&self->look, begins), *at = line ? strstr(line, key) : NULL;
    return at ? atoi(at + strlen(key)) : -1;
}

const char *bh__find_failure(const bh__judging *self, bool (*is)(const char *line))
{
    const bh__look *look = &self->look;
    for (size_t i = 0; i < look->count; i++)
        if (strncmp(look->lines[i].text, "failed ", 7) == 0 && is(look->lines[i].text))
            return strstr(look->lines[i].text, ": ") ? strstr(look->lines[i].text, ": ") + 2 : look->lines[i].text;
    return NULL;
}
