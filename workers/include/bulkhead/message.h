/* Messages: arguments, results and progress as they travel between processes. A small self-describing encoding: a message is a map
 * with string keys, or any other single value, and maps and arrays nest. Free of Qt; package bulkhead-process.
 *
 *     bh_message *arguments = bh_message_create();
 *     bh_message_add_string(arguments, "file", "iris.csv");    // the first key makes the message a map
 *     bh_message_add_int(arguments, "rounds", 20);
 *     bh_message_add_doubles(arguments, "weights", weights, 150);
 *     const void *data;
 *     size_t size;
 *     if (bh_message_data(arguments, &data, &size) == BH_OK)   // has the first failure of all the calls above
 *         send_somewhere(data, size);
 *
 *     bh_message_view view;                                    // on the other side
 *     const char *file;
 *     if (bh_message_open(data, size, &view) || bh_message_read_string(view, "file", &file))
 *         return BH_ERROR;    // reported: "train.c:12: bh_message_read_string: there is no key 'file' among 2; did you mean 'files'?"
 *     int64_t rounds = bh_message_get_int(view, "rounds", 10); // 10 if it is missing
 *
 * Writing: a bh_message grows as values are added. The first call that fails is reported, and stays with the message: those after it
 * do nothing and return the same status, and bh_message_data refuses. So a program need check no call but that one.
 *
 * Reading: a bh_message_view is a place in bytes that somebody else keeps. bh_message_open looks at the whole message once; after
 * that nothing that is read can lie outside of it, and nothing is copied or allocated: strings and arrays of numbers are pointers
 * into the bytes. These must not change, and must outlive the views and what was read from them.
 *
 * The bytes: everything is little-endian and begins at a multiple of 8 bytes from the start of the message, so an array of numbers
 * is used where it lies. The same calls make the same bytes on every machine, and a message that was read and written again is the
 * same, byte for byte: there is one way only to write a value, and what is written in another one is refused.
 *
 *     message   "BHM" version(1), 4 bytes 0, size(8, the whole message), the value
 *     value     type(1) and length(7), then what the type has, then 0 to 7 bytes 0 up to a multiple of 8
 *     null      length 0
 *     bool      length 0 or 1, which is the value
 *     int       length 0, int64_t
 *     uint      length 0, uint64_t; for what is greater than INT64_MAX only
 *     double    length 0, double (IEEE 754)
 *     string    length in bytes, UTF-8 without a 0 inside, and a 0 behind it
 *     bytes     length in bytes, bytes
 *     ints, doubles, floats    length in numbers, int64_t, double or float each
 *     array     length in elements, size(8, the whole value), elements, a place(4) of each
 *     map       length in entries, size(8), for each a string and a value, a place(4) of each, an index(4) of each by rising keys
 *
 * A place counts from the start of its array or map, in units of 8 bytes. Keys are compared as bytes; none occurs twice in a map. */
#ifndef BULKHEAD_MESSAGE_H
#define BULKHEAD_MESSAGE_H

#include <bulkhead/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A message that is being written. A checked handle; one thread at a time may use it. */
typedef struct bh_message bh_message;

/* A value inside the bytes of a message, or no value. Passed by value; any number of threads may read at a time. {NULL} is no value.
 * Only from here: its field is not for direct use. */
typedef struct bh_message_view {
    const void *value;
} bh_message_view;

/* Numbers are frozen: they are in the bytes. */
typedef enum bh_message_type {
    BH_MESSAGE_NOTHING = 0, /* no value: a key that is missing */
    BH_MESSAGE_NULL = 1,
    BH_MESSAGE_BOOL = 2,
    BH_MESSAGE_INT = 3,  /* any integer that fits into an int64_t, however it was added */
    BH_MESSAGE_UINT = 4, /* greater than INT64_MAX */
    BH_MESSAGE_DOUBLE = 5,
    BH_MESSAGE_STRING = 6,
    BH_MESSAGE_BYTES = 7,
    BH_MESSAGE_INTS = 8, /* many int64_t in a row */
    BH_MESSAGE_DOUBLES = 9,
    BH_MESSAGE_FLOATS = 10,
    BH_MESSAGE_ARRAY = 11, /* values of any types */
    BH_MESSAGE_MAP = 12
} bh_message_type;

#define BH_MESSAGE_MAX_DEPTH 64                 /* maps and arrays inside each other, the outermost included */
#define BH_MESSAGE_MAX_SIZE (UINT64_C(1) << 34) /* bytes of a whole message: 16 GiB */

/* What the type is called in sentences: "a string". A static string, never NULL. */
BH_API const char *bh_message_type_name(bh_message_type type);

/* --- Writing --- */

/* An empty message. As it is, it stands for an empty map. Belongs to the caller: bh_message_destroy. Any thread. NULL on failure. */
BH_API bh_message *bh_message_create(void);

/* Frees it, and the bytes that bh_message_data gave. NULL is BH_OK and does nothing. */
BH_API bh_status bh_message_destroy(bh_message *message);

/* Makes it empty again, as bh_message_create has made it, for the next use of its memory. Forgets its failure too. */
BH_API bh_status bh_message_clear(bh_message *message);

/* Each adds one value. KEY is the name in a map: UTF-8, copied; needed in a map, NULL in an array. At the beginning a KEY makes the
 * message a map, which needs no begin and no end; without KEY the value is the whole message.
 * They refuse, and from then on so does the message (see above): no KEY in a map (BH_ERROR_NULL), one in an array and a value after the
 * end (BH_ERROR_STATE), text that is no UTF-8 (BH_ERROR_NAME for keys, BH_ERROR_RANGE for strings), more than BH_MESSAGE_MAX_SIZE
 * (BH_ERROR_RANGE), no memory. A key that occurs twice is found at the end of its map (BH_ERROR_EXISTS). */
BH_API bh_status bh_message_add_null(bh_message *message, const char *key);
BH_API bh_status bh_message_add_bool(bh_message *message, const char *key, bool value);
BH_API bh_status bh_message_add_int(bh_message *message, const char *key, int64_t value);
BH_API bh_status bh_message_add_uint(bh_message *message, const char *key, uint64_t value);
BH_API bh_status bh_message_add_double(bh_message *message, const char *key, double value);

/* TEXT is UTF-8 and ends with 0. It is copied. Not NULL: bh_message_add_null says that there is none. */
BH_API bh_status bh_message_add_string(bh_message *message, const char *key, const char *text);

/* Copies SIZE bytes, or COUNT numbers. The pointer may be NULL if there are none. */
BH_API bh_status bh_message_add_bytes(bh_message *message, const char *key, const void *bytes, size_t size);
BH_API bh_status bh_message_add_ints(bh_message *message, const char *key, const int64_t *numbers, size_t count);
BH_API bh_status bh_message_add_doubles(bh_message *message, const char *key, const double *numbers, size_t count);
BH_API bh_status bh_message_add_floats(bh_message *message, const char *key, const float *numbers, size_t count);

/* Room for SIZE bytes that the caller writes itself, which spares it a copy of something large. BYTES gets their place, a multiple of 8,
 * which is good until the next call with this message; they hold anything until they are written. */
BH_API bh_status bh_message_add_room(bh_message *message, const char *key, size_t size, void **bytes);

/* Copies a value of another message, with all that is in it. */
BH_API bh_status bh_message_add_view(bh_message *message, const char *key, bh_message_view view);

/* Begins a map or an array: what is added from here to its bh_message_end lies in it. At most BH_MESSAGE_MAX_DEPTH inside each other
 * (BH_ERROR_RANGE). */
BH_API bh_status bh_message_begin_map(bh_message *message, const char *key);
BH_API bh_status bh_message_begin_array(bh_message *message, const char *key);

/* Ends the latest that has not ended. Refused if there is none (BH_ERROR_STATE). */
BH_API bh_status bh_message_end(bh_message *message);

/* Completes the message and lends its bytes: DATA is a multiple of 8 and belongs to the message, until it is cleared or destroyed.
 * From here on nothing can be added. Refused, with the sentence of the first failure, if a call before has failed, and if a map or an
 * array has not ended (BH_ERROR_STATE). */
BH_API bh_status bh_message_data(bh_message *message, const void **data, size_t *size);

/* Completes the message as bh_message_data does, and gives a view of its value, which lasts as long as those bytes. After a failure VIEW
 * is of no value. */
BH_API bh_status bh_message_complete(bh_message *message, bh_message_view *view);

/* --- Reading: any thread; nothing blocks, allocates or copies --- */

/* Checks SIZE bytes at DATA, which may come from anywhere, and gives a view of the message's value. DATA must be a multiple of 8
 * (BH_ERROR_RANGE), as memory from malloc and mmap is. Refused (BH_ERROR_FORMAT, with what is wrong and at which byte): what is no message of this version,
 * cut, longer than it says, deeper than BH_MESSAGE_MAX_DEPTH, no UTF-8, a key that occurs twice. Takes time in proportion to SIZE; arrays
 * of numbers and bytes cost nothing. */
BH_API bh_status bh_message_open(const void *data, size_t size, bh_message_view *view);

/* BH_MESSAGE_NOTHING for no value. */
BH_API bh_message_type bh_message_view_type(bh_message_view view);

/* Elements of an array, numbers of an array of numbers, entries of a map, bytes of a string (without the 0) or of bytes; 0 for others
 * and for no value. */
BH_API size_t bh_message_view_count(bh_message_view view);

/* Element INDEX of an array, or value of entry INDEX of a map, from 0, in the order in which they were added. Takes the same time for
 * each. No value, after having reported, if there is none such. Arrays of numbers have no elements: bh_message_read_doubles. */
BH_API bh_message_view bh_message_view_at(bh_message_view view, size_t index);

/* The key of entry INDEX of a map. NULL, after having reported, if there is none such. Points into the message. */
BH_API const char *bh_message_view_key(bh_message_view view, size_t index);

/* The value of a KEY of a map. No value, without a word, if the map has none, or if VIEW is no value itself; so that
 * bh_message_get_int(bh_message_view_find(view, "limits"), "cpu_s", 60) works with and without "limits". */
BH_API bh_message_view bh_message_view_find(bh_message_view view, const char *key);

/* Each reads the value of KEY in a map; with KEY NULL the value that VIEW is. What they give points into the message. Refused, and the
 * results are cleared: a KEY that is missing (BH_ERROR_NAME, with the nearest one), a value of another type (BH_ERROR_TYPE, with both),
 * one that does not fit (BH_ERROR_RANGE), a VIEW that is no value (BH_ERROR_NULL). Nothing is converted that could lose something: an integer reads as a double if that is
 * exact, a double never as an integer. */
BH_API bh_status bh_message_read_bool(bh_message_view view, const char *key, bool *value);
BH_API bh_status bh_message_read_int(bh_message_view view, const char *key, int64_t *value);
BH_API bh_status bh_message_read_uint(bh_message_view view, const char *key, uint64_t *value);
BH_API bh_status bh_message_read_double(bh_message_view view, const char *key, double *value);

/* TEXT is UTF-8, ends with 0, and has none inside. */
BH_API bh_status bh_message_read_string(bh_message_view view, const char *key, const char **text);
BH_API bh_status bh_message_read_bytes(bh_message_view view, const char *key, const void **bytes, size_t *size);

/* COUNT numbers in a row, aligned. Of the very type: ints are no doubles. */
BH_API bh_status bh_message_read_ints(bh_message_view view, const char *key, const int64_t **numbers, size_t *count);
BH_API bh_status bh_message_read_doubles(bh_message_view view, const char *key, const double **numbers, size_t *count);
BH_API bh_status bh_message_read_floats(bh_message_view view, const char *key, const float **numbers, size_t *count);

/* The same for what may be missing: FALLBACK, without a word, where the key is missing or its value is null, or where VIEW is no
 * value. A value that cannot be read as this type is reported to the error hook, and gives FALLBACK too. */
BH_API bool bh_message_get_bool(bh_message_view view, const char *key, bool fallback);
BH_API int64_t bh_message_get_int(bh_message_view view, const char *key, int64_t fallback);
BH_API uint64_t bh_message_get_uint(bh_message_view view, const char *key, uint64_t fallback);
BH_API double bh_message_get_double(bh_message_view view, const char *key, double fallback);
BH_API const char *bh_message_get_string(bh_message_view view, const char *key, const char *fallback);

/* --- For people --- */

/* The value as JSON on one line, UTF-8, entries in the order in which they were added. Numbers read back as what they were: integers
 * have no point, doubles have a point or an exponent and as many digits as they need (15 to 17; floats 6 to 9). JSON has no word for
 * NaN and the infinities: they are null. Bytes are a string in base64. Belongs to the caller: bh_free. NULL on failure (no value, no
 * memory). */
BH_API char *bh_message_view_json(bh_message_view view);

/* A message, a map, from COUNT words NAME=VALUE, as they stand on a command line: bh_message_from_words(argc - 2, argv + 2). A VALUE that
 * is JSON becomes what it says: 20 an int, 0.5 a double, true, false and null, "20" in quotes a string, {…} and […] maps and arrays; an
 * array of nothing but integers becomes ints, one of numbers of which some have a point becomes doubles. Any other VALUE is a string as
 * it stands. Refused: a word without "=" (BH_ERROR_NAME), a VALUE that begins with a quote or a bracket and is no JSON (BH_ERROR_FORMAT),
 * a number that does not fit (BH_ERROR_RANGE), a name that occurs twice (BH_ERROR_EXISTS). The message is complete. Belongs to the caller. NULL on failure. */
BH_API bh_message *bh_message_from_words(int count, char *const *words);

#define bh_message_create() BH_AT(bh_message_create())
#define bh_message_destroy(...) BH_AT(bh_message_destroy(__VA_ARGS__))
#define bh_message_clear(...) BH_AT(bh_message_clear(__VA_ARGS__))
#define bh_message_add_null(...) BH_AT(bh_message_add_null(__VA_ARGS__))
#define bh_message_add_bool(...) BH_AT(bh_message_add_bool(__VA_ARGS__))
#define bh_message_add_int(...) BH_AT(bh_message_add_int(__VA_ARGS__))
#define bh_message_add_uint(...) BH_AT(bh_message_add_uint(__VA_ARGS__))
#define bh_message_add_double(...) BH_AT(bh_message_add_double(__VA_ARGS__))
#define bh_message_add_string(...) BH_AT(bh_message_add_string(__VA_ARGS__))
#define bh_message_add_bytes(...) BH_AT(bh_message_add_bytes(__VA_ARGS__))
#define bh_message_add_ints(...) BH_AT(bh_message_add_ints(__VA_ARGS__))
#define bh_message_add_doubles(...) BH_AT(bh_message_add_doubles(__VA_ARGS__))
#define bh_message_add_floats(...) BH_AT(bh_message_add_floats(__VA_ARGS__))
#define bh_message_add_room(...) BH_AT(bh_message_add_room(__VA_ARGS__))
#define bh_message_add_view(...) BH_AT(bh_message_add_view(__VA_ARGS__))
#define bh_message_begin_map(...) BH_AT(bh_message_begin_map(__VA_ARGS__))
#define bh_message_begin_array(...) BH_AT(bh_message_begin_array(__VA_ARGS__))
#define bh_message_end(...) BH_AT(bh_message_end(__VA_ARGS__))
#define bh_message_data(...) BH_AT(bh_message_data(__VA_ARGS__))
#define bh_message_complete(...) BH_AT(bh_message_complete(__VA_ARGS__))
#define bh_message_open(...) BH_AT(bh_message_open(__VA_ARGS__))
#define bh_message_view_at(...) BH_AT(bh_message_view_at(__VA_ARGS__))
#define bh_message_view_key(...) BH_AT(bh_message_view_key(__VA_ARGS__))
#define bh_message_view_find(...) BH_AT(bh_message_view_find(__VA_ARGS__))
#define bh_message_read_bool(...) BH_AT(bh_message_read_bool(__VA_ARGS__))
#define bh_message_read_int(...) BH_AT(bh_message_read_int(__VA_ARGS__))
#define bh_message_read_uint(...) BH_AT(bh_message_read_uint(__VA_ARGS__))
#define bh_message_read_double(...) BH_AT(bh_message_read_double(__VA_ARGS__))
#define bh_message_read_string(...) BH_AT(bh_message_read_string(__VA_ARGS__))
#define bh_message_read_bytes(...) BH_AT(bh_message_read_bytes(__VA_ARGS__))
#define bh_message_read_ints(...) BH_AT(bh_message_read_ints(__VA_ARGS__))
#define bh_message_read_doubles(...) BH_AT(bh_message_read_doubles(__VA_ARGS__))
#define bh_message_read_floats(...) BH_AT(bh_message_read_floats(__VA_ARGS__))
#define bh_message_get_bool(...) BH_AT(bh_message_get_bool(__VA_ARGS__))
#define bh_message_get_int(...) BH_AT(bh_message_get_int(__VA_ARGS__))
#define bh_message_get_uint(...) BH_AT(bh_message_get_uint(__VA_ARGS__))
#define bh_message_get_double(...) BH_AT(bh_message_get_double(__VA_ARGS__))
#define bh_message_get_string(...) BH_AT(bh_message_get_string(__VA_ARGS__))
#define bh_message_view_json(...) BH_AT(bh_message_view_json(__VA_ARGS__))
#define bh_message_from_words(...) BH_AT(bh_message_from_words(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
