/* Numbers and texts, with what breaks programs among them: limits, NaN, empty, huge, no UTF-8. */
#include "fuzz.h"

#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXTS = 8, TEXT_SIZE = 256, HUGE_SIZE = 100000 };

static _Thread_local uint64_t state;

/* Of splitmix64: neighbouring seeds give streams that have nothing in common. */
uint64_t fuzz_mix(uint64_t a, uint64_t b)
{
    uint64_t x = a * 0x9E3779B97F4A7C15u + b + 0x632BE59BD9B4E019u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

void fuzz_seed(uint64_t seed)
{
    state = seed ? seed : 1;
}

/* xorshift64* */
uint64_t fuzz_random(void)
{
    static _Atomic uint64_t threads;
    if (!state)
        fuzz_seed(fuzz_mix(fuzz_run_seed, 1000 + atomic_fetch_add(&threads, 1)));
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * 0x2545F4914F6CDD1Du;
}

unsigned fuzz_below(unsigned limit)
{
    return (unsigned)((fuzz_random() >> 32) % limit);
}

bool fuzz_chance(unsigned percent)
{
    return fuzz_below(100) < percent;
}

int fuzz_small(int from, int to)
{
    return from + (int)fuzz_below((unsigned)(to - from + 1));
}

static int any_int(void)
{
    static const int limits[] = {INT_MIN, INT_MIN + 1, -32769, -1, 0, 1, 255, 256, 65536, 16777215, INT_MAX - 1, INT_MAX};
    if (fuzz_chance(60))
        return fuzz_small(-2, 12);
    if (fuzz_chance(60))
        return limits[fuzz_below(sizeof limits / sizeof limits[0])];
    return fuzz_chance(50) ? fuzz_small(-1000, 1000) : (int)fuzz_random();
}

int fuzz_int(void)
{
    int value = any_int();
    fuzz_note("%d", value);
    return value;
}

int fuzz_row(void)
{
    int value = fuzz_chance(80) ? fuzz_small(0, 9) : any_int();
    fuzz_note("%d", value);
    return value;
}

double fuzz_double(void)
{
    static const double limits[] = {NAN, INFINITY, -INFINITY, DBL_MAX, -DBL_MAX, DBL_MIN, -0.0, 1e300, 1e10, -1e10, 3e9, 0.1};
    double value = fuzz_chance(75) ? fuzz_small(-500, 2500) / 10.0 : limits[fuzz_below(sizeof limits / sizeof limits[0])];
    fuzz_note("%g", value);
    return value;
}

size_t fuzz_size_t(void)
{
    static const size_t limits[] = {SIZE_MAX, SIZE_MAX / 2, (size_t)1 << 32, (size_t)INT_MAX + 1, 4096};
    size_t value = fuzz_chance(70) ? fuzz_below(10) : limits[fuzz_below(5)];
    fuzz_note("%zu", value);
    return value;
}

bool fuzz_bool(void)
{
    bool value = fuzz_chance(50);
    fuzz_note("%s", value ? "true" : "false");
    return value;
}

int fuzz_short_ms(void)
{
    int value = fuzz_chance(80) ? fuzz_small(0, 4) : fuzz_small(-5, 20);
    fuzz_note("%d ms", value);
    return value;
}

static char *next_buffer(void)
{
    static _Thread_local char buffers[TEXTS][TEXT_SIZE];
    static _Thread_local unsigned next;
    return buffers[next++ % TEXTS];
}

static const char *huge_text(void)
{
    static char huge[HUGE_SIZE + 1];
    static _Atomic bool made;
    if (!atomic_load(&made)) { /* made twice at the worst, with the same bytes */
        memset(huge, 'x', HUGE_SIZE);
        memcpy(huge + HUGE_SIZE - 2, "\xC3\xA4", 2);
        atomic_store(&made, true);
    }
    return huge;
}

static const char *random_bytes(void)
{
    char *text = next_buffer();
    unsigned length = fuzz_below(fuzz_chance(80) ? 16 : TEXT_SIZE - 1);
    for (unsigned i = 0; i < length; i++)
        text[i] = (char)(1 + fuzz_below(255));
    text[length] = 0;
    return text;
}

static const char *any_text(void)
{
    static const char *const texts[] = {
        "",
        "",
        "a",
        "text",
        "&File",
        "Ctrl+O",
        "20",
        "-1",
        "1e999",
        "true",
        "red",
        "#ff0000",
        ":/nothing.png",
        "/",
        "..",
        "%s%n%d",
        "\xC3\xA4\xC3\xB6\xE2\x82\xAC\xF0\x9F\x98\x80",
        "\xFF\xFE",
        "\xC3",
        "\xED\xA0\x80",
        "\xF4\x90\x80\x80",
        "two\nlines",
        "\t\r",
        "a|b",
        "QWidget { color: red }",
        "QWidget { color",
        "<b>bold</b><img src=x>",
        "http://example.org/%zz",
        "Tables (*.csv);;All (*)",
        "objectName",
        "clicked()",
        "valueChanged(int)",
        "AlignLeft|AlignTop",
        "\xE2\x80\xAE",
        "\xEF\xBB\xBF",
        "\x01\x7F",
    };
    unsigned choice = fuzz_below(100);
    if (choice < 4)
        return NULL;
    if (choice < 5)
        return huge_text();
    if (choice < 20)
        return random_bytes();
    return texts[fuzz_below(sizeof texts / sizeof texts[0])];
}

static void note_text(const char *text)
{
    if (text)
        fuzz_note("\"%.40s%s\"", text, strlen(text) > 40 ? "…" : "");
    else
        fuzz_note("NULL");
}

const char *fuzz_text(void)
{
    const char *text = any_text();
    note_text(text);
    return text;
}

const char *fuzz_mutated(const char *text)
{
    if (fuzz_chance(80) && text) {
        note_text(text);
        return text;
    }
    if (fuzz_chance(50) || !text)
        return fuzz_text();
    char *copy = next_buffer();
    snprintf(copy, TEXT_SIZE, "%s", text);
    size_t length = strlen(copy);
    if (length > 0 && fuzz_chance(50))
        copy[fuzz_below((unsigned)length)] = (char)fuzz_random();
    else if (length > 0 && fuzz_chance(50))
        copy[length - 1] = 0;
    else
        strncat(copy, "x", TEXT_SIZE - length - 1);
    note_text(copy);
    return copy;
}

void *fuzz_garbage(void)
{
    static int in_data;
    static _Atomic(void *) heap;
    void *on_heap = atomic_load(&heap), *none = NULL;
    if (!on_heap && (on_heap = malloc(64)) && !atomic_compare_exchange_strong(&heap, &none, on_heap)) {
        free(on_heap);
        on_heap = none;
    }
    uint64_t random = fuzz_random();
    void *const choices[] = {
        NULL,
        NULL,
        &in_data,
        on_heap,
        (void *)(uintptr_t)fuzz_token_drop,
        __builtin_frame_address(0),
        (void *)(uintptr_t)1,
        (void *)UINTPTR_MAX,
        (void *)(uintptr_t)random,
        (void *)(uintptr_t)(random & 0xFFFF),
        (void *)(uintptr_t)((random >> 8) | 0xB400000000000000u), /* the tag of a handle */
        (void *)(uintptr_t)0xB401000000000000u,
    };
    return choices[fuzz_below(sizeof choices / sizeof choices[0])];
}
