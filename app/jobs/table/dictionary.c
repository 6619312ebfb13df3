/* Different values: open addressing, at most half full; the bytes of all values in one block. */
#include "jobs/table/dictionary.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 16, FIRST_TEXT = 64 };

__extension__ typedef unsigned __int128 wide;

static inline uint64_t mix(uint64_t a, uint64_t b)
{
    wide product = (wide)(a ^ UINT64_C(0x9E3779B97F4A7C15)) * (b ^ UINT64_C(0xD6E8FEB86659FD93));
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t word(const char *at)
{
    uint64_t bytes;
    memcpy(&bytes, at, sizeof bytes);
    return bytes;
}

uint64_t dictionary_hash(const char *text, size_t length)
{
    uint64_t hash = length, rest = 0;
    for (; length >= 8; text += 8, length -= 8)
        hash = mix(hash, word(text));
    memcpy(&rest, text, length);
    return mix(hash, rest);
}

/* Where the value is, or would be. */
static size_t slot_of(const dictionary *words, uint64_t hash, const char *text, size_t length)
{
    size_t mask = words->slot_count - 1, slot = hash & mask;
    for (; words->slots[slot]; slot = (slot + 1) & mask) {
        const dictionary_entry *entry = &words->entries[words->slots[slot] - 1];
        if (entry->hash == hash && entry->length == length && memcmp(words->text + entry->place, text, length) == 0)
            break;
    }
    return slot;
}

static bool grow_slots(dictionary *words)
{
    size_t count = words->slot_count ? words->slot_count * 2 : FIRST_SLOTS;
    uint32_t *slots = calloc(count, sizeof *slots);
    dictionary_entry *entries = realloc(words->entries, count / 2 * sizeof *entries);
    if (entries)
        words->entries = entries;
    if (!slots || !entries) {
        free(slots);
        return false;
    }
    for (size_t i = 0; i < words->count; i++) {
        size_t slot = entries[i].hash & (count - 1);
        while (slots[slot])
            slot = (slot + 1) & (count - 1);
        slots[slot] = (uint32_t)i + 1;
    }
    free(words->slots);
    words->slots = slots;
    words->slot_count = count;
    return true;
}

static bool grow_text(dictionary *words, size_t more)
{
    size_t room = words->room ? words->room : FIRST_TEXT;
    while (room < words->used + more)
        room *= 2;
    if (room == words->room)
        return true;
    char *text = realloc(words->text, room);
    if (!text)
        return false;
    words->text = text;
    words->room = room;
    return true;
}

static int64_t add(dictionary *words, uint64_t hash, const char *text, size_t length)
{
    if (((words->count + 1) * 2 > words->slot_count && !grow_slots(words)) || !grow_text(words, length))
        return DICTIONARY_NO_MEMORY;
    size_t slot = slot_of(words, hash, text, length);
    memcpy(words->text + words->used, text, length);
    words->entries[words->count] = (dictionary_entry){.hash = hash, .times = 1, .place = words->used, .length = (uint32_t)length};
    words->used += length;
    words->slots[slot] = (uint32_t)++words->count;
    return (int64_t)words->count - 1;
}

int64_t dictionary_count(dictionary *words, const char *text, size_t length, size_t most)
{
    uint64_t hash = dictionary_hash(text, length);
    if (words->slot_count) {
        uint32_t found = words->slots[slot_of(words, hash, text, length)];
        if (found) {
            words->entries[found - 1].times++;
            return (int64_t)found - 1;
        }
    }
    return words->count < most ? add(words, hash, text, length) : DICTIONARY_NONE;
}

int64_t dictionary_find(const dictionary *words, const char *text, size_t length)
{
    if (!words->slot_count)
        return DICTIONARY_NONE;
    uint32_t found = words->slots[slot_of(words, dictionary_hash(text, length), text, length)];
    return found ? (int64_t)found - 1 : DICTIONARY_NONE;
}

const char *dictionary_text(const dictionary *words, size_t number)
{
    return words->text + words->entries[number].place;
}

size_t dictionary_size(const dictionary *words)
{
    return words->slot_count * (sizeof *words->slots + sizeof *words->entries / 2) + words->room;
}

void dictionary_clear(dictionary *words)
{
    free(words->entries);
    free(words->slots);
    free(words->text);
    *words = (dictionary){0};
}
