/* Packets over two streams of bytes. A packet says its size, and has a checksum and a line end behind it; so what is not one is found in
 * its first bytes where it begins otherwise, and at its end at the latest. */
#include "base/memory.h"
#include "process/fault.h"
#include "process/transport.h"
#include "process/wire.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { ROOM = 4 * (BH__PACKET_SIZE + 8) };

/* Bytes on their way, from BEGIN to END. */
typedef struct buffer {
    size_t begin, end;
    unsigned char bytes[ROOM];
} buffer;

struct bh__stream {
    int output;
    bool ended; /* what is read from has come to its end */
    buffer in, out;
};

static void close_one(int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
    *descriptor = -1;
}

bool bh__stream_open(bh__channel *channel, int from, int to)
{
    bh__stream *stream = bh__malloc(sizeof *stream);
    *channel = BH__NO_CHANNEL;
    if (!stream) {
        close_one(&from);
        close_one(&to);
        errno = ENOMEM;
        return false;
    }
    stream->output = to;
    stream->ended = false;
    stream->in.begin = stream->in.end = stream->out.begin = stream->out.end = 0;
    *channel = (bh__channel){&bh__streaming, from, stream};
    return true;
}

static void close_channel(bh__channel *channel)
{
    close_one(&channel->descriptor);
    if (channel->stream)
        close_one(&channel->stream->output);
    bh__free(channel->stream);
    channel->stream = NULL;
}

/* --- sending */

int bh__stream_output(const bh__channel *channel)
{
    return channel->stream ? channel->stream->output : -1;
}

bool bh__stream_is_pending(const bh__channel *channel)
{
    return channel->stream && channel->stream->out.begin < channel->stream->out.end;
}

bool bh__stream_has_room(const bh__channel *channel, size_t size)
{
    const buffer *out = &channel->stream->out;
    return ROOM - (out->end - out->begin) > size;
}

void bh__stream_end_output(bh__channel *channel)
{
    if (channel->stream)
        close_one(&channel->stream->output);
}

bh__sent bh__stream_flush(bh__channel *channel)
{
    buffer *out = &channel->stream->out;
    while (out->begin < out->end) {
        ssize_t written = write(channel->stream->output, out->bytes + out->begin, out->end - out->begin);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return written < 0 && errno == EAGAIN ? BH__SENT_FULL : BH__SENT_GONE;
        out->begin += (size_t)written;
    }
    out->begin = out->end = 0;
    return BH__SENT;
}

static void make_room(buffer *what)
{
    memmove(what->bytes, what->bytes + what->begin, what->end - what->begin);
    what->end -= what->begin;
    what->begin = 0;
}

/* Kept, and written with what follows: who sends flushes when there is no more to send. */
static bh__sent send_packet(bh__channel *channel, const struct iovec *parts, int count, int descriptor, bool wait)
{
    bh__stream *stream = channel->stream;
    size_t size = 1;
    (void)wait;
    for (int i = 0; i < count; i++)
        size += parts[i].iov_len;
    if (stream->output < 0 || descriptor >= 0)
        return BH__SENT_GONE;
    if (bh__fault_now(BH__FAULT_SEND) || !bh__stream_has_room(channel, size))
        return BH__SENT_FULL;
    bh__fault_step();
    buffer *out = &stream->out;
    if (ROOM - out->end < size)
        make_room(out);
    for (int i = 0; i < count; i++) {
        memcpy(out->bytes + out->end, parts[i].iov_base, parts[i].iov_len);
        out->end += parts[i].iov_len;
    }
    out->bytes[out->end++] = '\n';
    return BH__SENT;
}

/* --- receiving */

bool bh__stream_has_more(const bh__channel *channel)
{
    return channel->stream && channel->stream->in.begin < channel->stream->in.end;
}

/* Reads once. False: there is nothing now, or never again. */
static bool fill(bh__channel *channel)
{
    buffer *in = &channel->stream->in;
    ssize_t got;
    if (in->begin == in->end)
        in->begin = in->end = 0;
    else if (ROOM - in->end < BH__PACKET_SIZE)
        make_room(in);
    if (channel->stream->ended || in->end == ROOM)
        return false;
    do
        got = read(channel->descriptor, in->bytes + in->end, ROOM - in->end);
    while (got < 0 && errno == EINTR);
    if (got == 0 || (got < 0 && errno != EAGAIN))
        channel->stream->ended = true;
    if (got <= 0)
        return false;
    in->end += (size_t)got;
    return true;
}

/* Size of the packet at the beginning with its line end; 0: not all of it is there; -2: it is none. */
static int measure(const buffer *in)
{
    static const uint32_t magic = BH__WIRE_MAGIC;
    const unsigned char *at = in->bytes + in->begin;
    size_t here = in->end - in->begin;
    bh__packet_head head;
    if (memcmp(at, &magic, here < sizeof magic ? here : sizeof magic) != 0)
        return -2;
    if (here < sizeof head)
        return 0;
    memcpy(&head, at, sizeof head);
    if (head.size < sizeof head || head.size > BH__PACKET_SIZE || head.size % 8)
        return -2;
    if (here <= head.size)
        return 0;
    return at[head.size] == '\n' ? (int)head.size + 1 : -2;
}

static int receive_packet(bh__channel *channel, void *out, size_t size, int *descriptor, bool wait)
{
    buffer *in = &channel->stream->in;
    *descriptor = -1;
    (void)wait;
    for (;;) {
        int whole = measure(in);
        if (whole < 0 || (whole > 0 && (size_t)whole - 1 > size))
            return -2;
        if (whole > 0) {
            memcpy(out, in->bytes + in->begin, (size_t)whole - 1);
            in->begin += (size_t)whole;
            return whole - 1;
        }
        if (!fill(channel))
            return channel->stream->ended ? 0 : -1;
    }
}

int bh__stream_receive_line(bh__channel *channel, const char *prefix, char *line, size_t size)
{
    buffer *in = &channel->stream->in;
    size_t length = strlen(prefix);
    for (;;) {
        const unsigned char *at = in->bytes + in->begin;
        size_t here = in->end - in->begin;
        const unsigned char *end = memchr(at, '\n', here);
        if (memcmp(at, prefix, here < length ? here : length) != 0 || (end ? (size_t)(end - at) : here) >= size)
            return -2;
        if (end) {
            size_t whole = (size_t)(end - at);
            memcpy(line, at, whole);
            line[whole] = 0;
            in->begin += whole + 1;
            return whole < length ? -2 : (int)whole;
        }
        if (!fill(channel))
            return channel->stream->ended ? 0 : -1;
    }
}

void bh__stream_quote(const bh__channel *channel, char *out, size_t size)
{
    size_t used = 0;
    const buffer *in = channel->stream ? &channel->stream->in : NULL;
    for (size_t i = in ? in->begin : 0; in && i < in->end && used + 1 < size; i++)
        out[used++] = in->bytes[i] >= ' ' && in->bytes[i] < 127 ? (char)in->bytes[i] : '.';
    out[used] = 0;
}

const bh__transport bh__streaming = {send_packet, receive_packet, close_channel, false};
