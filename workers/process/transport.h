/* How packets travel between a pool and one worker. Behind an interface, because there is more than one way: a local worker has a
 * socket that keeps packets apart and passes descriptors; a worker on another machine will have a stream of bytes and neither. */
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
    int descriptor; /* to watch; -1: closed */
};

/* A pair of connected sockets of type SOCK_SEQPACKET. */
extern const bh__transport bh__seqpacket;

/* OTHER is the worker's end, a plain descriptor. False, with errno set, if there is none. */
bool bh__seqpacket_pair(bh__channel *ours, int *other);

#endif
