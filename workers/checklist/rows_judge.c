/* What judges of rows share. */
#include "checklist/rows.h"

#include "core/door.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* The end of what it has printed, for a sentence; "" if that is nothing. */
static const char *last_words(const bh__look *look)
{
    return look->output + (look->printed > LAST_WORDS ? look->printed - LAST_WORDS : 0);
}

static bool ended_well(bh__judging *self)
{
    const bh__look *look = &self->look;
    const char *said = last_words(look);
    if (look->timed_out && bh__look_find(look, "closing"))
        return bh__fails(self, "its windows were closed, and it did not end within %d ms; it said: %s", self->at->timeout_ms,
                         said);
    if (look->timed_out)
        return bh__fails(self, "it did not come to rest with a window within %d ms%s%s", self->at->timeout_ms,
                         said[0] ? "; it said: " : "", said);
    if (look->signal)
        return bh__fails(self, "it died of SIG%s%s%s", sigabbrev_np(look->signal), said[0] ? "; it said: " : "", said);
    return true;
}

bool bh__see(bh__judging *self, const char *action)
{
    if (!bh__see_any_end(self, action, NULL) || !ended_well(self))
        return false;
    const bh__look *look = &self->look;
    if (!bh__look_find(look, "creating "))
        return bh__fails(self, "it ended with code %d and never called bh_app_create; it said: %s", look->exit_code,
                         last_words(look));
    if (!bh__look_find(look, "window "))
        return bh__fails(self, "it ended with code %d and showed no window; it said: %s", look->exit_code, last_words(look));
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
