/* Requests from outside to end the program: SIGINT, SIGTERM, SIGHUP, and Qt's own, which comes from the session manager's logout, from
 * the slot quit() and from the last window closed. All ask the windows to close, as the user would; then the event loop ends.
 *
 * A signal handler may do next to nothing: it notes the number and wakes the event loop through an eventfd. A signal that comes
 * while an earlier one has not been picked up finds a GUI thread that hangs: it does what it would have done without us. */
#include "core/quit.h"

#include "base/status.h"
#include "core/object.h"
#include "core/thread.h"

#include <bulkhead/app.h>
#include <bulkhead/call.h>
#include <bulkhead/log.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { CODE_OF_SIGNALS = 128 }; /* as shells have it */

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { SIGNALS = sizeof signals / sizeof signals[0] };

static _Atomic int waiting; /* the signal that was not picked up yet */
static int wake = -1;
static bool ours[SIGNALS]; /* GUI thread */
static void (*ask)(int code);

/* --- windows */

static void note_visible(bhs_object *widget, bool visible, void *next)
{
    bhs_object **found = next;
    if (visible && !*found)
        *found = widget;
}

static bool close_one(bhs_object *widget)
{
    bh_value closed = BH_VALUE(false);
    bh_object *handle = bh__wrap(widget, false, "close");
    return handle && (bh_call_values)(handle, "close", &closed, 0, NULL) == BH_OK && closed.of.as_bool;
}

bool bh__close_windows(void)
{
    enum { MOST = 1000 }; /* what closes may open others */
    for (int i = 0; i < MOST; i++) {
        bhs_object *next = bhs_active_modal();
        bhs_top_level_widgets(note_visible, &next);
        if (!next || !close_one(next))
            return !next;
    }
    return false;
}

/* --- requests */

void bh__quit_ask_with(void (*fn)(int code))
{
    ask = fn;
}

static void request(int code)
{
    if (ask)
        ask(code);
    else if (bh__close_windows())
        bhs_app_quit(code);
}

void bh__on_quit(void)
{
    request(0);
}

/* On the GUI thread, from its event loop. */
static void on_wake(void)
{
    uint64_t count;
    if (read(wake, &count, sizeof count) < 0)
        return;
    int number = atomic_exchange(&waiting, 0);
    if (!number)
        return;
    bh_log(BH_LOG_INFO, "close", "SIG%s: asking the windows to close", sigabbrev_np(number));
    request(CODE_OF_SIGNALS + number);
}

static void on_signal(int number)
{
    int error = errno;
    uint64_t one = 1;
    if (atomic_exchange(&waiting, number)) {
        signal(number, SIG_DFL);
        raise(number);
    } else if (write(wake, &one, sizeof one) < 0) {
        atomic_store(&waiting, 0);
    }
    errno = error;
}

/* A disposition of the program's own stays, and so does ignoring, which nohup asks for. */
static void take(int index)
{
    struct sigaction before, action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    bool ordinary = sigaction(signals[index], NULL, &before) == 0 && before.sa_handler == SIG_DFL;
    ours[index] = ordinary && sigaction(signals[index], &action, NULL) == 0;
}

static void give_back(int index)
{
    struct sigaction now;
    if (ours[index] && sigaction(signals[index], NULL, &now) == 0 && now.sa_handler == on_signal)
        signal(signals[index], SIG_DFL);
    ours[index] = false;
}

void bh__quit_begin(void)
{
    atomic_store(&waiting, 0);
    wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (wake < 0 || bhs_watch_descriptor(wake, on_wake)) {
        bh_log(BH_LOG_WARNING, "app", "signals end the program without a close: %s", strerror(errno));
        return;
    }
    for (int i = 0; i < SIGNALS; i++)
        take(i);
}

void bh__quit_end(void)
{
    for (int i = 0; i < SIGNALS; i++)
        give_back(i);
    bhs_watch_descriptor(-1, NULL);
    if (wake >= 0)
        close(wake);
    wake = -1;
}
