/* One program for each project: who starts it a second time asks the first to show its window.
 *
 * The first listens on a socket in XDG_RUNTIME_DIR, which only this user can reach, named after the project's folder, whatever path leads
 * there; without that variable, in the project's folder. It looks at who asks all the same. A connection is the whole question; the
 * answer is one byte. */
#include "project/inner.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { ANSWER_MS = 2000 };

struct instance {
    atomic_int references;
    int listening, wake;
    struct sockaddr_un at;
    project *of; /* G; NULL once it has been stopped */
};

static bool address_of(const char *folder, struct sockaddr_un *out)
{
    struct stat facts;
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (stat(folder, &facts))
        return false;
    int length = !runtime || runtime[0] != '/' ? snprintf(out->sun_path, sizeof out->sun_path, "%s/project.socket", folder)
                                               : snprintf(out->sun_path, sizeof out->sun_path, "%s/bulkhead-%llx-%llx", runtime,
                                                          (unsigned long long)facts.st_dev, (unsigned long long)facts.st_ino);
    return length > 0 && length < (int)sizeof out->sun_path;
}

static bool is_mine(int connection)
{
    struct ucred who;
    socklen_t size = sizeof who;
    return getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0 && who.uid == geteuid();
}

static void release(void *from)
{
    struct instance *self = from;
    if (atomic_fetch_sub(&self->references, 1) > 1)
        return;
    close(self->listening);
    close(self->wake);
    free(self);
}

/* --- the first */

static bh_status raise_window(void *from) /* G */
{
    struct instance *self = from;
    if (self->of)
        EACH_OBSERVER(self->of, raise, (e->told.user));
    return BH_OK;
}

static void answer(struct instance *self)
{
    // cppcheck-suppress nullPointer ; accept4 takes NULL for an address that nobody wants
    int connection = accept4(self->listening, NULL, NULL, SOCK_CLOEXEC);
    if (connection < 0)
        return;
    if (is_mine(connection)) {
        atomic_fetch_add(&self->references, 1);
        bool asked = bh_post(NULL, raise_window, self, release) == BH_OK;
        if (!asked)
            release(self);
        else if (send(connection, "1", 1, MSG_NOSIGNAL) != 1)
            errno = 0; /* who asked has gone: the window comes to the front all the same */
    }
    close(connection);
}

static bh_status listen_on(bh_task_context *context, void *from)
{
    struct instance *self = from;
    struct pollfd events[] = {{self->listening, POLLIN, 0}, {self->wake, POLLIN, 0}};
    while (!bh_task_cancelled(context) && (poll(events, 2, -1) > 0 || errno == EINTR)) {
        if (events[1].revents)
            break;
        if (events[0].revents)
            // NOLINTNEXTLINE(clang-analyzer-unix.Malloc): the listener has a reference of its own
            answer(self);
    }
    return BH_CANCELLED;
}

static struct instance *make(const char *folder)
{
    struct instance *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    *self = (struct instance){.references = 1, .listening = -1, .wake = eventfd(0, EFD_CLOEXEC)};
    bool fine = address_of(folder, &self->at) && self->wake >= 0 && (unlink(self->at.sun_path) == 0 || errno == ENOENT);
    if (fine)
        self->listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fine && self->listening >= 0 && bind(self->listening, (struct sockaddr *)&self->at, sizeof self->at) == 0 &&
        listen(self->listening, 4) == 0)
        return self;
    release(self);
    return NULL;
}

/* Without it a second start says that the project is open, and no more: nothing to complain about. The project is locked: what is left of a
 * socket here is nobody's. */
void instance_start(project *self)
{
    const bh_task_options options = {BH_TASK_INIT, .name = "second starts", .drop = release};
    self->instance = make(self->folder);
    if (!self->instance)
        return;
    self->instance->of = self;
    atomic_fetch_add(&self->instance->references, 1);
    self->listeners = bh_thread_pool_create("second-starts", 1);
    if (!self->listeners || !bh_task_start(self->listeners, listen_on, self->instance, &options))
        release(self->instance);
}

void instance_stop(project *self)
{
    enum { END_MS = 200 };
    const uint64_t one = 1;
    if (!self->instance)
        return;
    self->instance->of = NULL;
    unlink(self->instance->at.sun_path);
    if (write(self->instance->wake, &one, sizeof one) == sizeof one && self->listeners &&
        bh_thread_pool_wait_for_done(self->listeners, END_MS) == BH_OK)
        bh_thread_pool_destroy(self->listeners);
    release(self->instance);
    self->instance = NULL;
    self->listeners = NULL;
}

/* --- the second */

bool instance_ask(const char *folder)
{
    char answer;
    struct sockaddr_un at;
    const struct timeval patience = {ANSWER_MS / 1000, 0};
    int connection = address_of(folder, &at) ? socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) : -1;
    if (connection < 0)
        return false;
    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    bool answered = connect(connection, (struct sockaddr *)&at, sizeof at) == 0 && is_mine(connection) &&
                    recv(connection, &answer, 1, 0) == 1;
    close(connection);
    return answered;
}
