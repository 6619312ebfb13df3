/* Numbers and dates in cells. Numbers: most of them by one multiplication or division, the others by strtod. */
#include "jobs/table/number.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MOST_DIGITS = 19, LONGEST = 400 };

/* What was read: sign, digits without the point, and the power of ten that belongs to them. */
typedef struct parts {
    bool negative, real, all; /* all: every digit is in MANTISSA */
    uint64_t mantissa;
    int digits, exponent;
} parts;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static locale_t plain; /* the C locale, in which a point is a point */

static void make_plain(void)
{
    plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

static double slow(const char *text, size_t length)
{
    char copy[LONGEST + 1];
    memcpy(copy, text, length);
    copy[length] = 0;
    pthread_once(&once, make_plain);
    return plain ? strtod_l(copy, NULL, plain) : strtod(copy, NULL);
}

/* MANTISSA times 10 to the EXPONENT, rounded once; false where that is not sure. */
static bool fast(const parts *in, double *value)
{
    static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    int power = in->exponent < 0 ? -in->exponent : in->exponent;
    if (!in->all || power > 22)
        return false;
    if (in->mantissa < UINT64_C(1) << 53) {
        *value = in->exponent < 0 ? (double)in->mantissa / tens[power] : (double)in->mantissa * tens[power];
        return true;
    }
#if LDBL_MANT_DIG == 64
    /* Both are exact in 64 bits, so the result has one rounding; the second one, to 53 bits, is right unless the 11 bits
     * that go are about half of the last one that stays. */
    long double wide = in->exponent < 0 ? (long double)in->mantissa / (long double)tens[power]
                                        : (long double)in->mantissa * (long double)tens[power];
    uint64_t bits;
    memcpy(&bits, &wide, sizeof bits);
    unsigned gone = bits & 0x7FF;
    if (gone >= 0x3FF && gone <= 0x401)
        return false;
    *value = (double)wide;
    return true;
#else
    return false;
#endif
}

static const char *digits(parts *out, const char *at, const char *end, int step)
{
    for (; at < end && (unsigned)(*at - '0') < 10; at++) {
        if (out->digits < MOST_DIGITS) {
            out->mantissa = out->mantissa * 10 + (unsigned)(*at - '0');
            out->digits += out->mantissa != 0;
            out->exponent += step;
        } else {
            out->all = out->all && *at == '0';
            out->exponent += step + 1;
        }
    }
    return at;
}

/* The exponent behind its letter; NULL if there is none. */
static const char *exponent(parts *out, const char *at, const char *end)
{
    bool negative = at < end && *at == '-';
    int power = 0;
    at += at < end && (*at == '-' || *at == '+');
    if (at == end || (unsigned)(*at - '0') >= 10)
        return NULL;
    for (; at < end && (unsigned)(*at - '0') < 10; at++)
        power = power < 100000 ? power * 10 + (*at - '0') : power;
    out->exponent += negative ? -power : power;
    return at;
}

/* Where the number ends, NULL if there is none. */
static const char *read_parts(parts *out, const char *at, const char *end)
{
    *out = (parts){.all = true};
    out->negative = *at == '-';
    at += *at == '-' || *at == '+';
    const char *begin = at, *behind = digits(out, at, end, 0);
    ptrdiff_t count = behind - begin;
    if (behind < end && *behind == '.') {
        begin = behind + 1;
        behind = digits(out, begin, end, -1);
        count += behind - begin;
        out->real = true;
    }
    if (count == 0)
        return NULL;
    if (behind < end && (*behind == 'e' || *behind == 'E')) {
        out->real = true;
        behind = exponent(out, behind + 1, end);
    }
    return behind;
}

static bool is_infinity(const char *text, size_t length)
{
    if (*text == '+' || *text == '-')
        text++, length--;
    return (length == 3 && strncasecmp(text, "inf", 3) == 0) || (length == 8 && strncasecmp(text, "infinity", 8) == 0);
}

number_kind table__number(const char *text, size_t length, double *value)
{
    parts read;
    while (length && *text == ' ')
        text++, length--;
    while (length && text[length - 1] == ' ')
        length--;
    if (length == 0 || length > LONGEST)
        return NUMBER_NONE;
    if (read_parts(&read, text, text + length) != text + length) {
        *value = *text == '-' ? -INFINITY : INFINITY;
        return is_infinity(text, length) ? NUMBER_INFINITE : NUMBER_NONE;
    }
    if (fast(&read, value))
        *value = read.negative ? -*value : *value;
    else
        *value = slow(text, length);
    return isinf(*value) ? NUMBER_INFINITE : read.real ? NUMBER_REAL : NUMBER_INTEGER;
}

/* --- dates */

/* COUNT digits at AT as a number between LEAST and MOST; -1 if they are not. */
static int field(const char *at, int count, int least, int most)
{
    int number = 0;
    for (int i = 0; i < count; i++) {
        if (at[i] < '0' || at[i] > '9')
            return -1;
        number = number * 10 + (at[i] - '0');
    }
    return number < least || number > most ? -1 : number;
}

/* ":mm" or ":ss" at AT. */
static bool sixtieth(const char *at, const char *end, int most)
{
    return end - at >= 3 && *at == ':' && field(at + 1, 2, 0, most) >= 0;
}

/* What comes behind the seconds, or the minutes: a fraction, a zone. */
static bool is_tail(const char *at, const char *end)
{
    if (at < end && *at == '.')
        for (at++; at < end && *at >= '0' && *at <= '9';)
            at++;
    if (at == end || (*at == 'Z' && at + 1 == end))
        return true;
    if ((*at != '+' && *at != '-') || end - at < 3 || field(at + 1, 2, 0, 14) < 0)
        return false;
    at += 3;
    return at == end || (end - at == 3 && sixtieth(at, end, 59)) || (end - at == 2 && field(at, 2, 0, 59) >= 0);
}

bool table__is_date(const char *text, size_t length)
{
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const char *end = text + length;
    if (length < 10 || length > 40 || (text[4] != '-' && text[4] != '/') || text[7] != text[4] || field(text, 4, 0, 9999) < 0)
        return false;
    int month = field(text + 5, 2, 1, 12);
    if (month < 1 || field(text + 8, 2, 1, days[month - 1]) < 0)
        return false;
    const char *at = text + 10;
    if (at == end)
        return true;
    if ((*at != 'T' && *at != ' ') || end - at < 6 || field(at + 1, 2, 0, 23) < 0 || !sixtieth(at + 3, end, 59))
        return false;
    at += 6;
    if (sixtieth(at, end, 60))
        at += 3;
    return is_tail(at, end);
}
