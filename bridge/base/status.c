/* Status codes and the one way in which every call fails: a sentence, kept per thread, told to the hook. */
#include "base/status.h"

#include "base/memory.h"
#include "base/observer.h"
#include "base/text.h"

#include <bulkhead/log.h>
#include <bulkhead/version.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { SENTENCE_SIZE = 1024 };

static const struct {
    const char *name, *text;
} codes[] = {
    [BH_OK] = {"BH_OK", "done"},
    [BH_CANCELLED] = {"BH_CANCELLED", "cancelled"},
    [BH_TIMEOUT] = {"BH_TIMEOUT", "the time ran out"},
    [BH_DEADLOCK] = {"BH_DEADLOCK", "the wait could never end"},
    [BH_ERROR] = {"BH_ERROR", "failed"},
    [BH_ERROR_NULL] = {"BH_ERROR_NULL", "NULL where a value is needed"},
    [BH_ERROR_STALE] = {"BH_ERROR_STALE", "the object is gone"},
    [BH_ERROR_NOT_A_HANDLE] = {"BH_ERROR_NOT_A_HANDLE", "not a handle"},
    [BH_ERROR_CLASS] = {"BH_ERROR_CLASS", "an object of the wrong class"},
    [BH_ERROR_THREAD] = {"BH_ERROR_THREAD", "the wrong thread"},
    [BH_ERROR_NO_APP] = {"BH_ERROR_NO_APP", "no application"},
    [BH_ERROR_STATE] = {"BH_ERROR_STATE", "not possible now"},
    [BH_ERROR_NAME] = {"BH_ERROR_NAME", "no such name"},
    [BH_ERROR_READ_ONLY] = {"BH_ERROR_READ_ONLY", "read-only"},
    [BH_ERROR_TYPE] = {"BH_ERROR_TYPE", "the wrong type"},
    [BH_ERROR_RANGE] = {"BH_ERROR_RANGE", "out of range"},
    [BH_ERROR_SIGNATURE] = {"BH_ERROR_SIGNATURE", "a signature that does not fit"},
    [BH_ERROR_EXISTS] = {"BH_ERROR_EXISTS", "exists already"},
    [BH_ERROR_MEMORY] = {"BH_ERROR_MEMORY", "out of memory"},
    [BH_ERROR_EXCEPTION] = {"BH_ERROR_EXCEPTION", "a C++ exception"},
    [BH_ERROR_IO] = {"BH_ERROR_IO", "input or output failed"},
    [BH_ERROR_SYSTEM] = {"BH_ERROR_SYSTEM", "the operating system refused"},
    [BH_ERROR_CLOSED] = {"BH_ERROR_CLOSED", "the receiver is gone"},
    [BH_ERROR_FORMAT] = {"BH_ERROR_FORMAT", "cannot be read"},
    [BH_ERROR_ASSERTION] = {"BH_ERROR_ASSERTION", "an assertion failed"},
    [BH_ERROR_FULL] = {"BH_ERROR_FULL", "no room in the queue"},
};

BH_THREAD_LOCAL const char *bh_location;

static BH_THREAD_LOCAL char last_sentence[SENTENCE_SIZE];
static BH_THREAD_LOCAL bh_status last_status;
static BH_THREAD_LOCAL unsigned failure_count;
BH_THREAD_LOCAL bool bh__hook_runs BH__TLS;

static pthread_mutex_t hook_lock = PTHREAD_MUTEX_INITIALIZER; /* guards hook */
static bh_error_hook hook;

static const char *system_thread_name(void)
{
    static BH_THREAD_LOCAL char name[16];
    if (pthread_getname_np(pthread_self(), name, sizeof name))
        bh__copy_text(name, sizeof name, "?");
    return name;
}

const char *(*bh__thread_name_hook)(void) = system_thread_name;

static bool is_code(bh_status status)
{
    return (unsigned)status < sizeof codes / sizeof codes[0];
}

const char *bh_status_name(bh_status status)
{
    return is_code(status) ? codes[status].name : "BH_STATUS_?";
}

const char *bh_status_text(bh_status status)
{
    return is_code(status) ? codes[status].text : "no status of this library";
}

const char *bh_version(void)
{
    return BH_VERSION_STRING;
}

bh_error_hook bh_set_error_hook(bh_error_hook next)
{
    pthread_mutex_lock(&hook_lock);
    bh_error_hook previous = hook;
    hook = next;
    pthread_mutex_unlock(&hook_lock);
    return previous;
}

const char *bh_last_error(void)
{
    return last_sentence;
}

unsigned bh__failure_count(void)
{
    return failure_count;
}

bh_status(bh__last_status)(void)
{
    return last_status;
}

/* The caller's place without its folders: the sentence is for a person who knows the program. */
static const char *take_location(void)
{
    const char *place = bh_location ? bh_location : "";
    const char *slash = strrchr(place, '/');
    bh_location = NULL;
    return slash ? slash + 1 : place;
}

static void tell_hook(const bh_error *error)
{
    pthread_mutex_lock(&hook_lock);
    bh_error_hook current = hook;
    pthread_mutex_unlock(&hook_lock);
    if (!current.report || bh__hook_runs) {
        bh_log(BH_LOG_ERROR, "error", "%s", error->sentence);
        return;
    }
    /* The hook may fail itself: its own errors go to the log, and this sentence stays the thread's last. */
    char sentence[SENTENCE_SIZE];
    bh_error told = *error;
    memcpy(sentence, last_sentence, sizeof sentence);
    told.sentence = sentence;
    bh__hook_runs = true;
    current.report(&told, current.user);
    bh__hook_runs = false;
    memcpy(last_sentence, sentence, sizeof sentence);
    last_status = error->status;
}

bh_status bh__fail_va(bh_status status, const char *call, const char *format, va_list arguments)
{
    char text[SENTENCE_SIZE];
    vsnprintf(text, sizeof text, format ? format : "", arguments);
    const char *location = take_location();
    char name[128], whole[SENTENCE_SIZE + 384];
    bh__copy_text(name, sizeof name, call);
    bh__clean_text(name);
    snprintf(whole, sizeof whole, "%s%s%s: %s", location, location[0] ? ": " : "", name, text);
    bh__clean_text(whole);
    bh__copy_text(last_sentence, sizeof last_sentence, whole);
    last_status = status;
    failure_count++;
    bh_error error = {status, last_sentence, name, location, bh__thread_name_hook()};
    bh__observer_failed(&error);
    tell_hook(&error);
    return status;
}

bh_status(bh__fail)(bh_status status, const char *call, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    bh__fail_va(status, call, format, arguments);
    va_end(arguments);
    return status;
}

bh_status(bh_report)(bh_status status, const char *call, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    bh__fail_va(status, call ? call : "bh_report", format, arguments);
    va_end(arguments);
    return status;
}

void bh_free(void *memory)
{
    bh__free(memory);
}
