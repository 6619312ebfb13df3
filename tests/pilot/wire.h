/*
 * What runner and plug-in say to each other, over a socket pair: frames of a few texts. A frame is its length, then for each text its length
 * and its bytes (numbers of 32 bits in the machine's order: both ends are on one machine). A request begins with a verb, a reply with a status.
 */
#ifndef PILOT_WIRE_H
#define PILOT_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A text that grows. It always ends with NUL, which is not counted. Without memory the program ends: there is no test without it. */
typedef struct buffer {
    char *bytes;
    size_t length, room;
} buffer;

void buffer_put(buffer *self, const void *bytes, size_t length);
void buffer_text(buffer *self, const char *text);
void buffer_format(buffer *self, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buffer_clear(buffer *self); /* keeps the room */
void buffer_free(buffer *self);
const char *buffer_get(const buffer *self); /* "" if there is nothing */

enum { WIRE_FIELDS = 24 };

typedef struct wire_frame {
    size_t count;
    const char *text[WIRE_FIELDS]; /* into bytes; NUL after each */
    size_t length[WIRE_FIELDS];
    buffer bytes;
} wire_frame;

/* Adds a text to a frame that is being made; wire_begin empties it. */
void wire_begin(wire_frame *frame);
void wire_add(wire_frame *frame, const void *bytes, size_t length);
void wire_add_text(wire_frame *frame, const char *text);

/* Writes what was added. False if the other end is gone. Never raises SIGPIPE. */
bool wire_send(int fd, const wire_frame *frame);

/* Reads one frame. limit_ms < 0 waits for ever. 1: a frame; 0: the other end is gone; -1: nothing came in time. */
int wire_receive(int fd, wire_frame *frame, int limit_ms);

/* The n-th text as it was received, "" beyond the last. */
const char *wire_text(const wire_frame *frame, size_t n);
long wire_number(const wire_frame *frame, size_t n);

void wire_free(wire_frame *frame);

#ifdef __cplusplus
}
#endif
#endif
