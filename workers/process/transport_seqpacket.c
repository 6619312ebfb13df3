/* Packets over a pair of local sockets: atomic, in order, with descriptors. */
#include "process/fault.h"
#include "process/transport.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef union control {
    char bytes[CMSG_SPACE(sizeof(int))];
    struct cmsghdr header;
} control;

static bh__sent send_packet(bh__channel *channel, const struct iovec *parts, int count, int descriptor, bool wait)
{
    control extra;
    struct msghdr message = {.msg_iov = (struct iovec *)parts, .msg_iovlen = (size_t)count};
    if (descriptor >= 0) {
        memset(&extra, 0, sizeof extra);
        message.msg_control = extra.bytes;
        message.msg_controllen = sizeof extra.bytes;
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
    }
    if (!wait && bh__fault_now(BH__FAULT_SEND))
        return BH__SENT_FULL;
    bh__fault_step();
    ssize_t sent;
    do
        sent = sendmsg(channel->descriptor, &message, MSG_NOSIGNAL | (wait ? 0 : MSG_DONTWAIT));
    while (sent < 0 && errno == EINTR);
    if (sent >= 0)
        return BH__SENT;
    return errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM || errno == ETOOMANYREFS ? BH__SENT_FULL : BH__SENT_GONE;
}

/* The first descriptor; those beyond are closed, and COUNT says how many came. */
static int take_descriptors(struct msghdr *message, int *count)
{
    int first = -1;
    *count = 0;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header; header = CMSG_NXTHDR(message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
            continue;
        size_t here = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < here; i++) {
            int descriptor;
            memcpy(&descriptor, CMSG_DATA(header) + i * sizeof(int), sizeof descriptor);
            if ((*count)++ == 0)
                first = descriptor;
            else
                close(descriptor);
        }
    }
    return first;
}

static int receive_packet(bh__channel *channel, void *buffer, size_t size, int *descriptor, bool wait)
{
    control extra;
    struct iovec part = {buffer, size};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = extra.bytes, .msg_controllen = sizeof extra.bytes};
    int count = 0;
    ssize_t got;
    *descriptor = -1;
    /* A peer that died with packets unread leaves ECONNRESET behind, once, and before what it had sent: behind it comes that. */
    do
        got = recvmsg(channel->descriptor, &message, MSG_CMSG_CLOEXEC | (wait ? 0 : MSG_DONTWAIT));
    while (got < 0 && (errno == EINTR || errno == ECONNRESET));
    if (got < 0)
        return errno == EAGAIN ? -1 : 0;
    *descriptor = take_descriptors(&message, &count);
    if (!(message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) && count <= 1)
        return (int)got;
    if (*descriptor >= 0)
        close(*descriptor);
    *descriptor = -1;
    return -2;
}

static void close_channel(bh__channel *channel)
{
    if (channel->descriptor >= 0)
        close(channel->descriptor);
    channel->descriptor = -1;
}

const bh__transport bh__seqpacket = {send_packet, receive_packet, close_channel, true};

bool bh__seqpacket_pair(bh__channel *ours, int *other)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
        return false;
    *ours = (bh__channel){&bh__seqpacket, pair[0], NULL};
    *other = pair[1];
    return true;
}
