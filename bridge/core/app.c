/* The application: made once, run, taken down in order. */
#include "base/host.h"
#include "base/memory.h"
#include "base/status.h"
#include "core/door.h"
#include "core/glib.h"
#include "core/guard.h"
#include "core/host.h"
#include "core/object.h"
#include "core/painter.h"
#include "core/quit.h"
#include "core/thread.h"
#include "core/thread_pool.h"
#include "core/timer.h"

#include <bulkhead/app.h>
#include <bulkhead/log.h>
#include <bulkhead/object.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { END_WAIT_MS = 2000 };

static _Atomic(bh_object *) application;
static int running; /* event loops of bh_app_exec. GUI thread */

/* A copy of what main got. Qt keeps and changes both. */
static char **arguments;
static int argument_count;

static void nothing(void) {}

static void nothing_with(int code)
{
    (void)code;
}

static void nothing_until(int64_t deadline_ms)
{
    (void)deadline_ms;
}

/* The library above, where it is loaded. */
static const bh__door_life *above(void)
{
    static const bh__door_life nobody = {nothing, nothing, nothing, nothing_with, nothing, nothing_until, nothing};
    return &bh__door_life_above ? &bh__door_life_above : &nobody;
}

void bh__on_exception(const char *where, const char *class_name)
{
    bh__fail(BH_ERROR_EXCEPTION, "event", "a C++ exception came out of an event of %s, contained here: %s", class_name, where);
}

static _Thread_local unsigned start_failures;

unsigned bh__thread_start_failures(void)
{
    return start_failures;
}

void bh__on_message(int level, const char *category, const char *text)
{
    static const char refused[] = "QThread::start: Thread creation error";
    start_failures += strncmp(text, refused, sizeof refused - 1) == 0;
    char name[64] = "qt";
    if (category && strcmp(category, "default") != 0)
        snprintf(name, sizeof name, "%s", category);
    bh_log((bh_log_level)level, name, "%s", text);
}

void bh__on_terminate(const char *text)
{
    bh_log(BH_LOG_ERROR, "terminate", "std::terminate: %s", text);
}

bh_object *bh_app(void)
{
    return atomic_load(&application);
}

/* Qt ends the process where there is no display; so does it with an unknown platform. */
static bool has_display(int argc, char **argv)
{
    const char *platform = getenv("QT_QPA_PLATFORM");
    const char *x11 = getenv("DISPLAY"), *wayland = getenv("WAYLAND_DISPLAY");
    for (int i = 1; i < argc && argv && argv[i]; i++)
        if (strcmp(argv[i], "-platform") == 0)
            return true;
    return (platform && platform[0]) || (x11 && x11[0]) || (wayland && wayland[0]);
}

static bool may_create(int argc, char **argv)
{
    if (bh__refuse_in_worker_process("bh_app_create"))
        return false;
    if (bh_app())
        bh__fail(BH_ERROR_EXISTS, "bh_app_create", "there is an application already: a program has one; bh_app() returns it");
    else if (getpid() != (pid_t)syscall(SYS_gettid))
        bh__fail(BH_ERROR_THREAD, "bh_app_create", "called on '%s': the application belongs to the program's main thread",
                 bh__self()->name);
    else if (argc < 0)
        bh__fail(BH_ERROR_RANGE, "bh_app_create", "argc is %d: pass what main got, or 0 and NULL", argc);
    else if (!has_display(argc, argv))
        bh__fail(BH_ERROR_SYSTEM, "bh_app_create",
                 "no display: neither DISPLAY nor WAYLAND_DISPLAY is set; to run without a window set QT_QPA_PLATFORM=offscreen");
    else
        return true;
    return false;
}

/* At exit(), on the GUI thread only: from another thread Qt could not be taken down safely. */
static void destroy_at_exit(void)
{
    if (bh_app() && bh__self()->is_gui && !running && !bh__in_handler())
        (bh_app_destroy)();
}

/* After the event loop rather than at creation: handlers run last in first out, and Qt makes globals of its own until then, which
 * have to outlive the application. */
static void destroy_later_at_exit(void)
{
    static bool registered;
    if (!registered)
        registered = atexit(destroy_at_exit) == 0;
}

/* GLib may come with Qt's libraries, or with a plugin that the application loads: asked for before and after. */
static void hear_messages(void)
{
    bhs_install_message_handler();
    bh__glib_begin();
}

static void leave_messages(void)
{
    bh__glib_end();
    bhs_remove_message_handler();
}

static bool copy_arguments(int argc, char **argv)
{
    static char name[] = "bulkhead";
    char *unnamed[] = {name};
    bool given = argc > 0 && argv;
    char **from = given ? argv : unnamed;
    size_t count = given ? (size_t)argc : 1, bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += (from[i] ? strlen(from[i]) : 0) + 1;
    arguments = bh__malloc((count + 1) * sizeof *arguments + bytes);
    if (!arguments)
        return false;
    char *text = (char *)(arguments + count + 1);
    for (size_t i = 0; i < count; i++) {
        size_t length = from[i] ? strlen(from[i]) : 0;
        arguments[i] = text;
        memcpy(text, from[i] ? from[i] : "", length + 1);
        text += length + 1;
    }
    arguments[count] = NULL;
    argument_count = (int)count;
    return true;
}

static void free_arguments(void)
{
    bh__free(arguments);
    arguments = NULL;
}

static void take_down(void)
{
    bh__thread *self = bh__gui();
    bh__quit_end();
    bh__host_remove();
    bh__mailbox_close(&self->mailbox);
    bh__timers_destroy(self); /* what was destroyed, or completed by the close, may have started some */
    bhs_dispatcher_destroy();
    bhs_app_destroy();
    free_arguments();
    leave_messages();
    bh__set_gui(NULL);
    atomic_store(&application, NULL);
}

bh_object *(bh_app_create)(int argc, char **argv)
{
    bhs_object *qt = NULL;
    if (!may_create(argc, argv))
        return NULL;
    if (!copy_arguments(argc, argv)) {
        bh__fail(BH_ERROR_MEMORY, "bh_app_create", "no memory for %d arguments", argc);
        return NULL;
    }
    above()->creating();
    hear_messages();
    bhs_install_terminate_handler();
    bh_status status = bhs_app_create(&argument_count, arguments, &qt);
    bh__glib_begin();
    if (status) {
        leave_messages();
        free_arguments();
        bh__fail(status, "bh_app_create", "QApplication threw: %s", bhs_exception_text());
        return NULL;
    }
    bh__set_gui(bh__self());
    bh_object *handle = bh__mailbox_receive(&bh__self()->mailbox) ? bh__wrap(qt, false, "bh_app_create") : NULL;
    if (!handle) {
        take_down();
        return NULL;
    }
    ((bh__object *)bh__payload_of(handle, BH__OBJECT))->library = true;
    atomic_store(&application, handle);
    bh__host_install();
    bh__quit_begin();
    above()->created();
    return handle;
}

int(bh_app_exec)(void)
{
    if (bh__refuse_off_gui("bh_app_exec"))
        return 1;
    if (running) {
        bh__fail(BH_ERROR_STATE, "bh_app_exec", "the event loop is running already: return from the handler instead");
        return 1;
    }
    if (bh__refuse_painting("bh_app_exec"))
        return 1;
    const char *quit_after = getenv("BH_QUIT_AFTER_MS");
    if (quit_after && atoi(quit_after) > 0)
        bhs_app_quit_after(atoi(quit_after));
    above()->loop_begins();
    running++;
    int code = bhs_app_exec();
    running--;
    bh__mailbox_deliver_completions(&bh__self()->mailbox);
    above()->loop_ended(code);
    destroy_later_at_exit();
    return code;
}

bh_status(bh_app_quit)(int code)
{
    if (bh__refuse_no_app("bh_app_quit"))
        return bh__last_status();
    bhs_app_quit(code);
    return BH_OK;
}

bh_status(bh_app_process_events)(int max_ms)
{
    if (bh__refuse_off_gui("bh_app_process_events"))
        return bh__last_status();
    if (bh__refuse_painting("bh_app_process_events"))
        return bh__last_status();
    if (max_ms < 0)
        return bh__fail(BH_ERROR_RANGE, "bh_app_process_events", "max_ms is %d: pass 0 for one pass, or how long it may take",
                        max_ms);
    /* Inside a handler, or a running loop, a function of Qt further up the stack may be working with what waits to be deleted. */
    if (bhs_app_process_events(max_ms, !bh__in_handler() && !running))
        return bh__fail(BH_ERROR_EXCEPTION, "bh_app_process_events", "threw: %s", bhs_exception_text());
    return BH_OK;
}

/* Objects without parent that are ours, also those of threads that have ended; they take their children along. */
typedef struct roots {
    bool widgets;
    bool some; /* this pass destroyed one */
} roots;

static void destroy_root(const void *handle, bh__slot *slot, void *user)
{
    roots *pass = user;
    bh__thread *owner = atomic_load(&slot->thread);
    if (!owner || (owner != bh__self() && atomic_load(&owner->state) != BH__THREAD_ENDED))
        return;
    bh__object *object = bh__payload_of(handle, BH__OBJECT);
    if (!object || !object->owned || object->library || bhs_parent(object->qt))
        return;
    if (bhs_is_widget(object->qt) == pass->widgets && !(bh_destroy)(object->handle))
        pass->some = true;
}

/* What runs at the end of one may make others. */
static void destroy_roots(bool widgets)
{
    roots pass = {widgets, true};
    while (pass.some) {
        pass.some = false;
        bh__handles_each(BH__OBJECT, destroy_root, &pass);
    }
}

static _Atomic int64_t end_by;

void bh__door_end_by(int64_t deadline_ms)
{
    atomic_store(&end_by, deadline_ms);
}

bh_status(bh_app_destroy)(void)
{
    if (bh__refuse_off_gui("bh_app_destroy"))
        return bh__last_status();
    if (running)
        return bh__fail(BH_ERROR_STATE, "bh_app_destroy",
                        "the event loop is running: call bh_app_quit, and this after bh_app_exec");
    if (bh__in_handler())
        return bh__fail(BH_ERROR_STATE, "bh_app_destroy", "a handler is running: call it after bh_app_exec has returned");
    above()->ending();
    int64_t latest = bh__clock_ms() + END_WAIT_MS, asked = atomic_exchange(&end_by, 0);
    int64_t deadline = asked && asked < latest ? asked : latest;
    above()->end_work(deadline);
    bh__run_before_destroy(deadline - bh__clock_ms());
    bh__threads_destroy(deadline);
    bh__pools_destroy(deadline);
    bh__mailbox_deliver_completions(&bh__self()->mailbox);
    bh__timers_destroy(bh__self());
    destroy_roots(true);
    destroy_roots(false);
    take_down();
    above()->gone();
    return BH_OK;
}
