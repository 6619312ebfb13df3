/* Frames between runner and plug-in, and the buffer that they are made of: free of Qt and of Lua, as both ends use it. */
#include "wire.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { FRAME_MAX = 256 << 20 }; /* a larger one is no frame */

static void reserve(buffer *self, size_t more)
{
    if (self->length + more + 1 <= self->room)
        return;
    size_t room = (self->length + more + 1) * 2;
    char *bytes = realloc(self->bytes, room);
    if (!bytes) {
        fputs("bulkhead-pilot: out of memory\n", stderr);
        abort();
    }
    self->bytes = bytes;
    self->room = room;
}

void buffer_put(buffer *self, const void *bytes, size_t length)
{
    reserve(self, length);
    if (length)
        memcpy(self->bytes + self->length, bytes, length);
    self->length += length;
    self->bytes[self->length] = '\0';
}

void buffer_text(buffer *self, const char *text)
{
    buffer_put(self, text, strlen(text));
}

void buffer_format(buffer *self, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        return;
    reserve(self, (size_t)length);
    va_start(arguments, format);
    vsnprintf(self->bytes + self->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    self->length += (size_t)length;
}

void buffer_clear(buffer *self)
{
    self->length = 0;
    if (self->bytes)
        self->bytes[0] = '\0';
}

void buffer_free(buffer *self)
{
    free(self->bytes);
    *self = (buffer){0};
}

const char *buffer_get(const buffer *self)
{
    return self->bytes ? self->bytes : "";
}

void wire_begin(wire_frame *frame)
{
    frame->count = 0;
    buffer_clear(&frame->bytes);
    buffer_put(&frame->bytes, "\0\0\0\0", sizeof(uint32_t)); /* the length of all, known when it is sent */
}

void wire_add(wire_frame *frame, const void *bytes, size_t length)
{
    uint32_t size = (uint32_t)length;
    buffer_put(&frame->bytes, &size, sizeof size);
    buffer_put(&frame->bytes, bytes, length);
    buffer_put(&frame->bytes, "", 1);
    frame->count++;
}

void wire_add_text(wire_frame *frame, const char *text)
{
    wire_add(frame, text, strlen(text));
}

bool wire_send(int fd, const wire_frame *frame)
{
    uint32_t size = (uint32_t)(frame->bytes.length - sizeof size);
    memcpy(frame->bytes.bytes, &size, sizeof size);
    for (size_t sent = 0; sent < frame->bytes.length;) {
        ssize_t n = send(fd, frame->bytes.bytes + sent, frame->bytes.length - sent, MSG_NOSIGNAL);
        if (n > 0)
            sent += (size_t)n;
        else if (errno != EINTR)
            return false;
    }
    return true;
}

static long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* As wire_receive, for a number of bytes. */
static int read_all(int fd, void *bytes, size_t length, long deadline)
{
    for (size_t got = 0; got < length;) {
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        long left = deadline < 0 ? 0 : deadline - now_ms();
        int ready = deadline < 0 ? 1 : poll(&wait, 1, left > 0 ? (int)left : 0);
        if (ready == 0)
            return -1;
        ssize_t n = ready < 0 ? -1 : recv(fd, (char *)bytes + got, length - got, 0);
        if (n > 0)
            got += (size_t)n;
        else if (n == 0 || errno != EINTR)
            return 0;
    }
    return 1;
}

static bool split(wire_frame *frame)
{
    size_t at = 0;
    for (frame->count = 0; at < frame->bytes.length && frame->count < WIRE_FIELDS; frame->count++) {
        uint32_t size;
        if (frame->bytes.length - at < sizeof size)
            return false;
        memcpy(&size, frame->bytes.bytes + at, sizeof size);
        at += sizeof size;
        if (size >= frame->bytes.length - at)
            return false;
        frame->text[frame->count] = frame->bytes.bytes + at;
        frame->length[frame->count] = size;
        at += size + 1;
    }
    return at == frame->bytes.length;
}

int wire_receive(int fd, wire_frame *frame, int limit_ms)
{
    uint32_t size;
    long deadline = limit_ms < 0 ? -1 : now_ms() + limit_ms;
    frame->count = 0;
    buffer_clear(&frame->bytes);
    int got = read_all(fd, &size, sizeof size, deadline);
    if (got != 1)
        return got;
    if (size > FRAME_MAX)
        return 0;
    reserve(&frame->bytes, size);
    got = read_all(fd, frame->bytes.bytes, size, deadline);
    frame->bytes.length = got == 1 ? size : 0;
    return got == 1 && !split(frame) ? 0 : got;
}

const char *wire_text(const wire_frame *frame, size_t n)
{
    return n < frame->count ? frame->text[n] : "";
}

long wire_number(const wire_frame *frame, size_t n)
{
    return strtol(wire_text(frame, n), NULL, 10);
}

void wire_free(wire_frame *frame)
{
    buffer_free(&frame->bytes);
    frame->count = 0;
}
