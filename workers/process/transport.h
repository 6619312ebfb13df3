/* How packets travel between a pool and one worker. Behind an interface, because there is more than one way: a local worker has a
 * socket that keeps packets apart and passes descriptors; a worker behind a launcher has a stream of bytes and neither. */
#ifndef PROCESS_TRANSPORT_H
#define PROCESS_TRANSPORT_H

#include <bulkhead/status.h>
#include <sys/uio.h>

typedef enum bh__sent {
    BH__SENT,
    BH__SENT_FULL, /* no room now: again when the descriptor is writable */
    BH__SENT_GONE  /* nobody is there any more */
} bh__sent;

typedef struct bh__channel bh__channel;
typedef struct bh__stream bh__stream;

typedef struct bh__transport {
    /* Sends one packet of COUNT parts, and DESCRIPTOR with it unless that is -1. WAIT: until there is room. */
    bh__sent (*send)(bh__channel *channel, const struct iovec *parts, int count, int descriptor, bool wait);

    /* Receives one packet. Returns its size; 0: the other side is gone; -1: nothing now (without WAIT); -2: what came is no packet, as
     * it is larger than SIZE or brings more descriptors than one. *DESCRIPTOR is -1, or what came with it and is the caller's. */
    int (*receive)(bh__channel *channel, void *buffer, size_t size, int *descriptor, bool wait);
    void (*close)(bh__channel *channel);
    bool can_pass_descriptors;
} bh__transport;

struct bh__channel {
    const bh__transport *ways;
    int descriptor;     /* to watch, and read from; -1: closed */
    bh__stream *stream; /* NULL: it is a socket */
};

#define BH__NO_CHANNEL ((bh__channel){NULL, -1, NULL})

/* A pair of connected sockets of type SOCK_SEQPACKET. */
extern const bh__transport bh__seqpacket;

/* OTHER is the worker's end, a plain descriptor. False, with errno set, if there is none. */
bool bh__seqpacket_pair(bh__channel *ours, int *other);

/* A stream in each direction. Each packet has a line end behind it, which relays that pass on whole lines wait for. Sending and
 * receiving never wait. What was sent and has no room yet is kept, up to some packets. */
extern const bh__transport bh__streaming;

/* Takes both descriptors, which do not block, in any case. False without memory. */
BH_API bool bh__stream_open(bh__channel *channel, int from, int to);

/* Where to write, to watch for room; -1: closed. */
int bh__stream_output(const bh__channel *channel);

/* Only with room for a packet of SIZE bytes does a send not return BH__SENT_FULL. */
bool bh__stream_has_room(const bh__channel *channel, size_t size);
bool bh__stream_is_pending(const bh__channel *channel); /* something was sent that is not written yet */
bh__sent bh__stream_flush(bh__channel *channel);        /* writes of it what there is room for */
bool bh__stream_has_more(const bh__channel *channel);   /* something was read that is not received yet */

/* The greeting: a line of at most SIZE - 1 bytes that begins with PREFIX, without its end. As receive: its length, 0, -1 or -2. */
BH_API int bh__stream_receive_line(bh__channel *channel, const char *prefix, char *line, size_t size);

/* Lets the other side read the end; what it sends can still be received. */
void bh__stream_end_output(bh__channel *channel);

/* What was read and is not received, for a sentence on what is no packet: printable, at most SIZE - 1 bytes. */
void bh__stream_quote(const bh__channel *channel, char *out, size_t size);

#endif
