/* What the error hook heard last, from whichever thread: for tests of refusals. Free of Qt. */
#ifndef TEST_HEARD_H
#define TEST_HEARD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <bulkhead/status.h>
#include <cmocka.h>
#include <pthread.h>
#include <string.h>

static pthread_mutex_t heard_lock = PTHREAD_MUTEX_INITIALIZER; /* guards heard */
static struct {
    bh_status status;
    int count;
    char sentence[1024];
} heard;

static inline void hear(const bh_error *error, void *user)
{
    (void)user;
    pthread_mutex_lock(&heard_lock);
    heard.status = error->status;
    heard.count++;
    strncpy(heard.sentence, error->sentence, sizeof heard.sentence - 1);
    pthread_mutex_unlock(&heard_lock);
}

static inline void forget_heard(void)
{
    pthread_mutex_lock(&heard_lock);
    memset(&heard, 0, sizeof heard);
    pthread_mutex_unlock(&heard_lock);
}

/* The hook heard STATUS since the last forget_heard, in a sentence that has PART in it. */
static inline void check_heard(bh_status status, const char *part, const char *file, int line)
{
    pthread_mutex_lock(&heard_lock);
    bh_status got = heard.status;
    char sentence[sizeof heard.sentence];
    memcpy(sentence, heard.sentence, sizeof sentence);
    pthread_mutex_unlock(&heard_lock);
    if (got != status || !strstr(sentence, part)) {
        print_error("heard %s \"%s\", expected %s with \"%s\"\n", bh_status_name(got), sentence, bh_status_name(status), part);
        _fail(file, line);
    }
    forget_heard();
}

#define assert_heard(status, part) check_heard(status, part, __FILE__, __LINE__)
#define assert_silent() assert_string_equal(heard.sentence, "")

/* CALL returns STATUS, and says PART. */
#define assert_refused(call, status, part) \
    do {                                   \
        forget_heard();                    \
        assert_int_equal(call, status);    \
        assert_heard(status, part);        \
    } while (0)

/* CALL, a creator, returns NULL for this reason. */
#define assert_not_made(call, status, part) \
    do {                                    \
        forget_heard();                     \
        assert_null(call);                  \
        assert_heard(status, part);         \
    } while (0)

/* For setup of each test that needs no application. */
static inline int with_hearing(void **state)
{
    (void)state;
    forget_heard();
    bh_set_error_hook((bh_error_hook){hear, NULL});
    return 0;
}

#endif
