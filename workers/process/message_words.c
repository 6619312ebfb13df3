/* Words NAME=VALUE of a command line as a message. What a value is, JSON decides (RFC 8259); what is no JSON is a string. */
#include "process/message.h"

#include "base/memory.h"
#include "base/status.h"

#include <ctype.h>
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>

static const char call[] = "bh_message_from_words";

/* Reading one value, and writing it to the message. */
typedef struct parser {
    bh_message *message;
    const char *word, *at; /* the whole word, for sentences, and where reading is */
    locale_t plain;        /* the C locale, in which a point is a point */
} parser;

static bh_status bad(const parser *in, const char *expected)
{
    return bh__fail(BH_ERROR_FORMAT, call, "'%.200s' is no JSON: at character %td there should be %s", in->word,
                    in->at - in->word + 1, expected);
}

static void skip_space(parser *in)
{
    in->at += strspn(in->at, " \t\n\r");
}

/* Steps over WORD if it stands here. */
static bool take(parser *in, const char *word)
{
    size_t length = strlen(word);
    if (strncmp(in->at, word, length) != 0)
        return false;
    in->at += length;
    return true;
}

static const char *after_digits(const char *at)
{
    while (isdigit((unsigned char)*at))
        at++;
    return at;
}

/* The end of the number of JSON's grammar that begins at AT, or NULL. REAL: it has a point or an exponent. */
static const char *after_number(const char *at, bool *real)
{
    *real = false;
    at += *at == '-';
    const char *end = *at == '0' ? at + 1 : after_digits(at);
    if (end == at)
        return NULL;
    *real = *end == '.' || *end == 'e' || *end == 'E';
    if (*end == '.') {
        at = end + 1;
        end = after_digits(at);
        if (end == at)
            return NULL;
    }
    if (*end == 'e' || *end == 'E') {
        at = end + 1;
        at += *at == '+' || *at == '-';
        end = after_digits(at);
        if (end == at)
            return NULL;
    }
    return end;
}

/* A number as it was read. */
typedef struct number {
    bh_message_type type; /* INT, UINT, DOUBLE; NOTHING: it fits into none */
    int64_t integer;
    uint64_t natural;
    double real; /* whatever the type */
} number;

/* Digits that after_number has accepted. */
static number read_number(const parser *in, bool real)
{
    const char *at = in->at;
    number read = {BH_MESSAGE_DOUBLE, 0, 0, strtod_l(at, NULL, in->plain)};
    if (real) {
        read.type = isfinite(read.real) ? BH_MESSAGE_DOUBLE : BH_MESSAGE_NOTHING;
        return read;
    }
    errno = 0;
    read.integer = strtoll(at, NULL, 10);
    if (!errno) {
        read.type = BH_MESSAGE_INT;
        return read;
    }
    errno = 0;
    read.natural = strtoull(at, NULL, 10);
    read.type = errno || *at == '-' ? BH_MESSAGE_NOTHING : BH_MESSAGE_UINT;
    return read;
}

static bh_status add_number(parser *in, const char *key)
{
    bool real;
    const char *end = after_number(in->at, &real);
    if (!end)
        return bad(in, "a value");
    number read = read_number(in, real);
    if (read.type == BH_MESSAGE_NOTHING)
        return bh__fail(BH_ERROR_RANGE, call,
                        "'%.200s' has a number that is out of range at character %td: quote it for a string", in->word,
                        in->at - in->word + 1);
    const void *from = read.type == BH_MESSAGE_INT    ? (const void *)&read.integer
                       : read.type == BH_MESSAGE_UINT ? (const void *)&read.natural
                                                      : (const void *)&read.real;
    in->at = end;
    return bh__message_add(in->message, call, key, (bh__message_value){read.type, 0, from, sizeof(uint64_t)});
}

/* The four digits of \uXXXX, or -1. */
static int read_hex(const char *at)
{
    int code = 0;
    for (int i = 0; i < 4; i++) {
        if (!isxdigit((unsigned char)at[i]))
            return -1;
        int digit = isdigit((unsigned char)at[i]) ? at[i] - '0' : tolower((unsigned char)at[i]) - 'a' + 10;
        code = code * 16 + digit;
    }
    return code;
}

static char *put_utf8(char *out, unsigned code)
{
    static const unsigned char first[] = {0, 0xC0, 0xE0, 0xF0};
    int more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    *out++ = (char)(first[more] | code >> (6 * more));
    while (more-- > 0)
        *out++ = (char)(0x80 | (code >> (6 * more) & 0x3F));
    return out;
}

/* \uXXXX, or two of them for what lies beyond. Half a pair, and 0, are no characters of a string. */
static bh_status read_code(parser *in, char **out)
{
    int code = read_hex(in->at), low = 0;
    bool high = code >= 0xD800 && code < 0xDC00;
    if (high && in->at[4] == '\\' && in->at[5] == 'u')
        low = read_hex(in->at + 6);
    if (code <= 0 || (code >= 0xDC00 && code < 0xE000) || (high && (low < 0xDC00 || low >= 0xE000)))
        return bad(in, "four hexadecimal digits of a character");
    in->at += high ? 10 : 4;
    *out = put_utf8(*out, high ? 0x10000u + ((unsigned)(code - 0xD800) << 10) + (unsigned)(low - 0xDC00) : (unsigned)code);
    return BH_OK;
}

/* From the quote at AT to the next that is not escaped, or to the end. */
static size_t quoted_length(const char *at)
{
    const char *end = at + 1;
    while (*end && *end != '"')
        end += *end == '\\' && end[1] ? 2 : 1;
    return (size_t)(end - at);
}

/* A string without its quotes and escapes: no longer than it was with them. Belongs to the caller. */
static bh_status read_string(parser *in, char **string)
{
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    char *out = *string = bh__malloc(quoted_length(in->at));
    if (!out)
        return bh__fail(BH_ERROR_MEMORY, call, "no memory for a string");
    bh_status status = BH_OK;
    for (in->at++; !status && *in->at != '"';) {
        const char *letter = *in->at == '\\' && in->at[1] ? strchr(letters, in->at[1]) : NULL;
        if ((unsigned char)*in->at < 0x20) {
            status = bad(in, *in->at ? "an escape for this character" : "the closing quote");
        } else if (letter) {
            *out++ = meant[letter - letters];
            in->at += 2;
        } else if (*in->at != '\\') {
            *out++ = *in->at++;
        } else if (in->at[1] == 'u') {
            in->at += 2;
            status = read_code(in, &out);
        } else {
            status = bad(in, "an escape that JSON knows");
        }
    }
    *out = 0;
    if (!status) {
        in->at++;
        return BH_OK;
    }
    bh__free(*string);
    *string = NULL;
    return status;
}

static bh_status add_string(parser *in, const char *key)
{
    char *string;
    bh_status status = read_string(in, &string);
    if (!status)
        status = bh__message_add_string(in->message, call, key, string);
    bh__free(string);
    return status;
}

/* What an array holds if it has nothing but numbers: INTS, or DOUBLES without loss; else ARRAY. From behind its bracket. */
static bh_message_type numbers_only(parser in, size_t *count)
{
    bool all_int = true, all_exact = true, real;
    const char *end;
    *count = 0;
    do {
        skip_space(&in);
        end = after_number(in.at, &real);
        if (!end)
            return BH_MESSAGE_ARRAY;
        number read = read_number(&in, real);
        int64_t most_exact = INT64_C(1) << 53;
        all_int = all_int && read.type == BH_MESSAGE_INT;
        all_exact = all_exact && (read.type == BH_MESSAGE_DOUBLE ||
                                  (read.type == BH_MESSAGE_INT && read.integer <= most_exact && read.integer >= -most_exact));
        ++*count;
        in.at = end;
        skip_space(&in);
    } while (take(&in, ","));
    if (*in.at != ']' || !(all_int || all_exact))
        return BH_MESSAGE_ARRAY;
    return all_int ? BH_MESSAGE_INTS : BH_MESSAGE_DOUBLES;
}

/* An array that numbers_only has read before. */
static bh_status add_numbers(parser *in, const char *key, bh_message_type type, size_t count)
{
    union {
        int64_t integer;
        double real;
    } *numbers = bh__malloc(count * sizeof *numbers);
    if (!numbers)
        return bh__fail(BH_ERROR_MEMORY, call, "no memory for %zu numbers", count);
    for (size_t i = 0; i < count; i++) {
        bool real;
        skip_space(in);
        const char *end = after_number(in->at, &real);
        number read = read_number(in, real);
        if (type == BH_MESSAGE_INTS)
            numbers[i].integer = read.integer;
        else
            numbers[i].real = read.real;
        in->at = end;
        skip_space(in);
        in->at++; /* the comma, or the bracket */
    }
    bh_status status = bh__message_add_many(in->message, call, key, type, numbers, count);
    bh__free(numbers);
    return status;
}

static bh_status add_value(parser *in, const char *key);

static bh_status add_array(parser *in, const char *key)
{
    size_t count;
    in->at++;
    bh_message_type type = numbers_only(*in, &count);
    if (type != BH_MESSAGE_ARRAY)
        return add_numbers(in, key, type, count);
    bh_status status = bh__message_begin(in->message, call, key, BH_MESSAGE_ARRAY);
    skip_space(in);
    if (!status && !take(in, "]")) {
        do
            status = add_value(in, NULL);
        while (!status && take(in, ","));
        if (!status && !take(in, "]"))
            status = bad(in, "',' or ']'");
    }
    return status ? status : bh__message_end(in->message, call);
}

static bh_status add_entry(parser *in)
{
    char *key;
    skip_space(in);
    if (*in->at != '"')
        return bad(in, "a name in quotes");
    bh_status status = read_string(in, &key);
    skip_space(in);
    if (!status && !take(in, ":"))
        status = bad(in, "':'");
    if (!status)
        status = add_value(in, key);
    bh__free(key);
    return status;
}

static bh_status add_map(parser *in, const char *key)
{
    in->at++;
    bh_status status = bh__message_begin(in->message, call, key, BH_MESSAGE_MAP);
    skip_space(in);
    if (!status && !take(in, "}")) {
        do
            status = add_entry(in);
        while (!status && take(in, ","));
        if (!status && !take(in, "}"))
            status = bad(in, "',' or '}'");
    }
    return status ? status : bh__message_end(in->message, call);
}

static bh_status add_flag(parser *in, const char *key, bool value)
{
    return bh__message_add(in->message, call, key, (bh__message_value){BH_MESSAGE_BOOL, value, NULL, 0});
}

/* One value of JSON with the space around it. */
static bh_status add_value(parser *in, const char *key)
{
    bh_status status;
    skip_space(in);
    if (*in->at == '{')
        status = add_map(in, key);
    else if (*in->at == '[')
        status = add_array(in, key);
    else if (*in->at == '"')
        status = add_string(in, key);
    else if (take(in, "true"))
        status = add_flag(in, key, true);
    else if (take(in, "false"))
        status = add_flag(in, key, false);
    else if (take(in, "null"))
        status = bh__message_add(in->message, call, key, (bh__message_value){BH_MESSAGE_NULL, 0, NULL, 0});
    else
        status = add_number(in, key);
    skip_space(in);
    return status;
}

/* Whether VALUE is to be read as JSON, rather than as a string. */
static bool is_json(const char *value)
{
    bool real;
    const char *end = after_number(value, &real);
    return strchr("{[\"", *value) ? *value != 0
                                  : (end && !*end) || !strcmp(value, "true") || !strcmp(value, "false") || !strcmp(value, "null");
}

static bh_status add_word(bh_message *message, const char *word, locale_t plain)
{
    const char *equals = word ? strchr(word, '=') : NULL;
    if (!word)
        return bh__fail(BH_ERROR_NULL, call, "a word is NULL");
    if (!equals || equals == word)
        return bh__fail(BH_ERROR_NAME, call, "'%.200s' has no name: write NAME=VALUE", word);
    size_t length = (size_t)(equals - word);
    char *key = bh__calloc(1, length + 1);
    if (!key)
        return bh__fail(BH_ERROR_MEMORY, call, "no memory for a name");
    memcpy(key, word, length);
    parser in = {message, word, equals + 1, plain};
    bh_status status;
    if (is_json(in.at)) {
        status = add_value(&in, key);
        if (!status && *in.at)
            status = bad(&in, "the end");
    } else {
        status = bh__message_add_string(message, call, key, in.at);
    }
    bh__free(key);
    return status;
}

static bh_status add_words(bh_message *message, int count, char *const *words, locale_t plain)
{
    const void *data;
    size_t size;
    for (int i = 0; i < count; i++) {
        bh_status status = add_word(message, words[i], plain);
        if (status)
            return status;
    }
    return bh__message_data(message, call, &data, &size); /* finds a name that occurs twice */
}

bh_message *(bh_message_from_words)(int count, char *const *words)
{
    if (count < 0 || (count && !words)) {
        bh__fail(BH_ERROR_RANGE, call, "%d words at %p", count, (const void *)words);
        return NULL;
    }
    bh_message *message = bh__message_create(call);
    locale_t plain = message ? newlocale(LC_ALL_MASK, "C", (locale_t)0) : (locale_t)0;
    if (message && !plain)
        bh__fail(BH_ERROR_MEMORY, call, "no memory for reading numbers");
    bool right = plain && !add_words(message, count, words, plain);
    if (plain)
        freelocale(plain);
    if (!right)
        (bh_message_destroy)(message);
    return right ? message : NULL;
}
