/* Notes and greetings: making them, and believing nothing of those that come. */
#include "process/note.h"

#include <bulkhead/version.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

size_t bh__note_make(void *packet, bh__note note, const void *bytes, size_t size)
{
    unsigned char *at = (unsigned char *)packet + sizeof(bh__packet_head);
    size_t whole = sizeof(bh__packet_head) + sizeof note + bh__padded(size);
    note.size = size;
    if (size)
        memset(at + sizeof note + bh__padded(size) - 8, 0, 8);
    memcpy(at, &note, sizeof note);
    if (size)
        memcpy(at + sizeof note, bytes, size);
    bh__wire_seal(packet, BH__PACKET_NOTE, whole, 1);
    return whole;
}

const bh__note *bh__note_read(const void *packet)
{
    bh__packet_head head;
    memcpy(&head, packet, sizeof head);
    const bh__note *note = (const bh__note *)((const unsigned char *)packet + sizeof head);
    if (head.kind != BH__PACKET_NOTE || head.count != 1 || head.size < sizeof head + sizeof *note)
        return NULL;
    bool whole = note->size <= BH__NOTE_MOST && sizeof head + sizeof *note + bh__padded(note->size) == head.size;
    return whole && note->what >= BH__NOTE_SETUP && note->what <= BH__NOTE_CHUNK ? note : NULL;
}

bool bh__note_read_setup(const bh__note *note, bh__remote_setup *out, const char **texts)
{
    const char *bytes = (const char *)(note + 1);
    if (note->size <= sizeof *out)
        return false;
    memcpy(out, bytes, sizeof *out);
    *texts = bytes + sizeof *out;
    size_t size = note->size - sizeof *out;
    if (out->setup.magic != BH__PAGE_MAGIC || out->silence_ms <= 0 || (*texts)[size - 1] != 0)
        return false;
    uint32_t count = 0;
    for (size_t i = 0; i < size; i++)
        count += (*texts)[i] == 0;
    return count == out->texts && count >= 2;
}

bool bh__note_read_end(const bh__note *note, bh__remote_end *out, const char **record, size_t *record_size)
{
    const char *bytes = (const char *)(note + 1);
    if (note->size < sizeof *out || note->size - sizeof *out > BH__CRASH_SIZE)
        return false;
    memcpy(out, bytes, sizeof *out);
    *record = bytes + sizeof *out;
    *record_size = note->size - sizeof *out;
    return out->why[sizeof out->why - 1] == 0;
}

bool bh__note_is_next_chunk(const bh__note *note, uint64_t got, uint64_t whole)
{
    if (note->what != BH__NOTE_CHUNK || !note->size || note->value != got || note->whole > BH_MESSAGE_MAX_SIZE)
        return false;
    return (got == 0 || note->whole == whole) && got < note->whole && note->size <= note->whole - got;
}

/* --- greetings */

const char *bh__wire_build(void)
{
    _Static_assert(BH__WIRE_VERSION == 1, "it stands in the text below too");
    return BH_VERSION_STRING "-1";
}

void bh__greeting_make(char out[BH__GREETING_SIZE], const char *cookie)
{
    char host[BH__HOST_SIZE] = "";
    if (gethostname(host, sizeof host) || !host[0])
        snprintf(host, sizeof host, "?");
    host[sizeof host - 1] = 0;
    snprintf(out, BH__GREETING_SIZE, BH__GREETING "%d %s %s %s %ld %s\n", BH__STREAM_VERSION, bh__wire_build(), BH__ABILITIES,
             cookie, (long)getpid(), host);
}

static bool has_word(const char *list, const char *word, size_t length)
{
    for (size_t here; *list; list += here + (list[here] == ',')) {
        here = strcspn(list, ",");
        if (here == length && memcmp(list, word, length) == 0)
            return true;
    }
    return false;
}

/* The first ability that LIST lacks; NULL: none. */
static const char *lacking(const char *list, int *length)
{
    for (const char *at = BH__ABILITIES; *at; at += *length + (at[*length] == ',')) {
        *length = (int)strcspn(at, ",");
        if (!has_word(list, at, (size_t)*length))
            return at;
    }
    return NULL;
}

bool bh__greeting_check(const char *line, const char *cookie, bh__greeting *out, char *why, size_t size)
{
    int length = 0;
    memset(out, 0, sizeof *out);
    int read = sscanf(line, BH__GREETING "%9d %47s %63s %19s %12ld %64s", &out->stream, out->version, out->abilities, out->cookie,
                      &out->pid, out->host);
    if (read < 1)
        snprintf(why, size, "it does not greet as a worker does");
    else if (out->stream != BH__STREAM_VERSION)
        snprintf(why, size,
                 "it speaks version %d of the stream, and this program version %d: install the same Bulkhead on both sides",
                 out->stream, BH__STREAM_VERSION);
    else if (read < 2 || strcmp(out->version, bh__wire_build()) != 0)
        snprintf(why, size, "it is Bulkhead %s on %s, and this program is Bulkhead %s: install the same one on both sides",
                 out->version, out->host[0] ? out->host : "its machine", bh__wire_build());
    else if (read < 6)
        snprintf(why, size, "its greeting breaks off");
    else if (lacking(out->abilities, &length))
        snprintf(why, size, "the worker on %s can '%s', and this program needs '%s': its machine is of another kind", out->host,
                 out->abilities, BH__ABILITIES);
    else if (strcmp(out->cookie, cookie) != 0)
        snprintf(why, size, "it is the worker of another start");
    else
        return true;
    return false;
}
