/* The log: one handler, one line at a time. */
#include "base/log.h"

#include "base/clock.h"
#include "base/log_ring.h"
#include "base/observer.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards handler, and orders lines */
static bh_log_handler handler;
BH_THREAD_LOCAL bool bh__log_runs BH__TLS; /* a handler that logs gets stderr, not a deadlock */

static void write_stderr(bh_log_level level, const char *category, const char *line)
{
    static const char *const names[] = {"debug", "info", "warning", "error"};
    const char *wanted = getenv("BH_LOG");
    if (level == BH_LOG_DEBUG && (!wanted || strcmp(wanted, "debug") != 0))
        return;
    if (level == BH_LOG_ERROR && strcmp(category, "error") == 0)
        fprintf(stderr, "bulkhead: error: %s\n", line);
    else
        fprintf(stderr, "bulkhead: %s: %s: %s\n", names[level], category, line);
}

bh_log_handler bh_set_log_handler(bh_log_handler next)
{
    pthread_mutex_lock(&lock);
    bh_log_handler previous = handler;
    handler = next;
    pthread_mutex_unlock(&lock);
    return previous;
}

/* Under the lock. */
static void write_line(bh_log_level level, const char *category, const char *line)
{
    bh__log_runs = true;
    if (handler.write)
        handler.write(level, category, line, handler.user);
    else
        write_stderr(level, category, line);
    bh__log_runs = false;
}

void bh_log(bh_log_level level, const char *category, const char *format, ...)
{
    char line[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format ? format : "", arguments);
    va_end(arguments);
    if ((unsigned)level > BH_LOG_ERROR)
        level = BH_LOG_ERROR;
    if (!category)
        category = "app";
    bh__log_ring_add(level, category, line);
    bh__observer_logged(level, category, line);
    if (bh__log_runs) {
        write_stderr(level, category, line);
        return;
    }
    pthread_mutex_lock(&lock);
    write_line(level, category, line);
    pthread_mutex_unlock(&lock);
}

bool bh__log_within(int wait_ms, bool remember, bh_log_level level, const char *category, const char *line)
{
    const struct timespec until = bh__clock_timespec_ms(bh__clock_ms() + wait_ms);
    if (remember)
        bh__log_ring_add(level, category, line);
    if (bh__log_runs || pthread_mutex_clocklock(&lock, CLOCK_MONOTONIC, &until))
        return false;
    write_line(level, category, line);
    pthread_mutex_unlock(&lock);
    return true;
}
