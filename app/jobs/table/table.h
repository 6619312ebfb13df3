/* Tables: files of rows, read for inspect, train and predict.
 *
 * CSV and TSV (RFC 4180: quoted fields with line ends, doubled quotes; a byte order mark, CRLF, CR) and libsvm files, plain or
 * compressed (gzip, zstd, xz, bzip2, told by their first bytes). Nothing that makes no sense is taken in silence: a row that
 * cannot be read as one is bad, with its line number and the reason, and is skipped, or ends the reading.
 *
 *     table_error error;                       // each call that fails fills it in
 *     table_options options;                   // how the file is written; table_options_init: find out by itself
 *     table_choices choices;                   // which columns are features, which is the target
 *     table_schema *schema = NULL;             // columns and the categories of each: what predict needs too
 *     table *data = NULL;                      // the numbers
 *     table_options_init(&options);
 *     table_choices_init(&choices);
 *     choices.target = "species";
 *     if (table_schema_make(path, &options, &choices, &schema, &error) ||
 *         table_load(path, &options, schema, true, &data, &error))
 *         return bh_job_fail(self, error.status, "%s", error.text);
 *
 * Memory: reading takes at most a few times TABLE_MAX_ROW, whatever is in the file; loading takes what the numbers take. Any
 * thread; a handle is used by one at a time. Plain C, no Qt. Strings are bytes as the file has them, without checks that they
 * are UTF-8, except in messages and in errors, where table_clean has been over them. */
#ifndef TABLE_TABLE_H
#define TABLE_TABLE_H

#include <bulkhead/message.h>

enum {
    TABLE_MAX_ROW = 16 << 20,       /* bytes of one row; a longer one is bad */
    TABLE_MAX_COLUMNS = 1 << 16,    /* of a CSV file; more: the file is refused */
    TABLE_MAX_INDEX = 100000000,    /* of a libsvm file; a row with a greater one is bad */
    TABLE_MAX_CATEGORIES = 1 << 14, /* different values of a column of categories */
    TABLE_MAX_NAME = 200,           /* bytes of a column's name; what is longer is cut */
    TABLE_BAD_KEPT = 100            /* bad rows that are kept with line and reason; the others are counted */
};

/* What went wrong. */
typedef struct table_error {
    bh_status status; /* BH_OK; BH_CANCELLED, BH_ERROR_IO, BH_ERROR_FORMAT, BH_ERROR_NAME, BH_ERROR_RANGE, BH_ERROR_MEMORY */
    uint64_t line;    /* of the file, from 1; 0: of none */
    char text[512];   /* a sentence in UTF-8 with the values in it and what to do */
} table_error;

/* --- How a file is written --- */

typedef enum table_format { TABLE_DETECT_FORMAT, TABLE_CSV, TABLE_TSV, TABLE_LIBSVM } table_format; /* TSV: CSV with tabs */
typedef enum table_choice { TABLE_DETECT, TABLE_YES, TABLE_NO } table_choice;
typedef enum table_bad_rows { TABLE_SKIP, TABLE_STOP } table_bad_rows;

typedef struct table_options {
    table_format format;
    char delimiter;          /* 0: find out, among comma, semicolon, tab, bar and space */
    char quote;              /* '"'; 0: nothing is quoted */
    table_choice header;     /* whether the first row has the names */
    int lead;                /* rows before the header that are none, such as a title: bad rows; 0 is usual */
    table_choice count_line; /* whether one like scikit-learn's "569,30,malignant,benign" stands before everything */
    table_bad_rows bad_rows; /* TABLE_STOP: the first bad row is an error (BH_ERROR_FORMAT) */

    /* Called about every 256 KiB of the file, also amid a row that never ends. False: BH_CANCELLED. NULL: never called. */
    bool (*go_on)(double percent, uint64_t rows, void *user); /* PERCENT of the file's bytes read */
    void *user;
} table_options;

void table_options_init(table_options *options);

/* From a job's arguments: "format" ("auto", "csv", "tsv", "libsvm"), "delimiter" ("auto", "tab", "space", or the character),
 * "quote" (the character, or "none"), "header" and "count_line" ("auto", or true and false), "lead" (a number), "bad_rows" ("skip", "stop"). What
 * is missing is found out. Refused: other values. Leaves go_on as it is. */
bh_status table_options_read(bh_message_view arguments, table_options *options, table_error *error);

/* Adds the same words to a map of MESSAGE: what a reader has found out, for the next one to read the file in the same way. */
void table_options_write(const table_options *options, bh_message *message);

/* --- Rows, one after another --- */

typedef struct table_cell {
    const char *text; /* not ended by 0; quotes undone */
    uint32_t length;
    bool quoted;
} table_cell;

typedef struct table_row {
    uint64_t line;           /* of the file, from 1, where it begins */
    uint64_t offset;         /* in the uncompressed file */
    uint64_t length;         /* bytes, the line end included */
    size_t count;            /* of cells, or of entries of a libsvm row */
    const table_cell *cells; /* NULL for libsvm */
    double label;            /* libsvm from here on */
    const uint32_t *index;   /* as the file has them, rising */
    const double *value;
} table_row;

typedef struct table_bad {
    uint64_t count; /* of all bad rows */
    size_t kept;
    struct {
        uint64_t line;
        char reason[120]; /* UTF-8 */
    } first[TABLE_BAD_KEPT];
} table_bad;

/* What is known about a file after its first 64 KiB. */
typedef struct table_facts {
    table_options options;   /* as found out: no AUTO or DETECT is left */
    size_t columns;          /* 0 for libsvm */
    char *const *names;      /* of the columns: the header's, or "column 1"…; never empty, each once, UTF-8. NULL for libsvm */
    char encoding[8];        /* "plain", "gzip", "zstd", "xz", "bzip2" */
    uint64_t bytes;          /* of the file as it lies there */
    int64_t count_line_rows; /* what the count line promises; -1: no such line */
    size_t class_count;      /* names of classes in the count line: "malignant", "benign" */
    char *const *classes;
} table_facts;

typedef struct table_reader table_reader;

/* Opens PATH and finds out what is to be found out. OPTIONS NULL: all of it. The reader is the caller's: table_reader_close.
 * Blocks as long as reading 64 KiB does. Refused: what cannot be opened (BH_ERROR_IO); what is no table: empty, binary, an
 * archive, UTF-16 (BH_ERROR_FORMAT). */
bh_status table_reader_open(const char *path, const table_options *options, table_reader **reader, table_error *error);

/* NULL does nothing. */
void table_reader_close(table_reader *reader);

/* Good until the reader is closed. */
const table_facts *table_reader_facts(const table_reader *reader);

/* The next good row: of as many cells as there are columns. ROW is good until the next call; NULL at the end of the file. Blank
 * lines are no rows. A file that ends amid compressed data is an error, not an end. */
bh_status table_reader_next(table_reader *reader, const table_row **row, table_error *error);

/* As it, but gives bad rows too, with REASON (NULL for good ones), after having counted them; options.bad_rows does not matter.
 * For those who show them. A bad row has what cells could be made out, at least one; a libsvm row that is bad has none. */
bh_status table_reader_any(table_reader *reader, const table_row **row, const char **reason, table_error *error);

/* The caller finds ROW bad. Returns BH_OK if it is to be skipped, and fills ERROR in if not. FORMAT as printf's, UTF-8. */
bh_status table_reader_reject(table_reader *reader, const table_row *row, table_error *error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The bad rows so far. */
const table_bad *table_reader_bad(const table_reader *reader);

uint64_t table_reader_rows(const table_reader *reader);  /* good rows so far */
uint64_t table_reader_blank(const table_reader *reader); /* blank lines so far */

/* --- Columns --- */

typedef enum table_kind { TABLE_NUMBER, TABLE_CATEGORY } table_kind;

typedef struct table_column {
    char *name;
    table_kind kind;
    size_t number;         /* in the file from which the schema was made, from 0 */
    size_t category_count; /* 0 for numbers */
    char **categories;     /* in their order: by number if all are numbers, else by bytes; a category's code is its place here */
} table_column;

/* What the columns mean, so that another file can be read in the same way. Read only. */
typedef struct table_schema {
    bool named;             /* the file had a header: columns are found by name, and by number if not */
    size_t columns;         /* of the file */
    bool sparse;            /* made from a libsvm file: features have no names but numbers */
    uint32_t index_base;    /* the index of a libsvm file's first feature: 0 or 1 */
    size_t feature_count;   /* libsvm: greatest index - base + 1 */
    table_column *features; /* NULL for libsvm, where all are numbers */
    bool has_target;
    table_column target; /* TABLE_CATEGORY: its categories are the classes */
} table_schema;

typedef enum table_target {
    TABLE_TARGET_DETECT,
    TABLE_TARGET_CLASS,
    TABLE_TARGET_NUMBER
} table_target; /* DETECT: text is classes */

/* Columns are named by name, or as "#3" by number from 1. */
typedef struct table_choices {
    const char *target;   /* NULL: none; for libsvm it is the label, whatever this says, unless NULL */
    table_target as;      /* TABLE_TARGET_CLASS: numbers such as 0, 1, 2 or -1, +1 are classes too */
    size_t feature_count; /* 0: all columns but the target */
    const char *const *features;
    size_t categorical_count; /* columns that are categories even if they look like numbers; text always is */
    const char *const *categorical;
} table_choices;

void table_choices_init(table_choices *choices);

/* From a job's arguments: "target" (string), "target_is" ("auto", "class", "number"), "features" and "categorical" (arrays of
 * strings). Points into ARGUMENTS; what was allocated goes with table_choices_clear. */
bh_status table_choices_read(bh_message_view arguments, table_choices *choices, table_error *error);
void table_choices_clear(table_choices *choices);

/* Reads the whole file once to learn which columns are numbers, and the categories of those that are not. The schema is the
 * caller's: table_schema_destroy. Refused: a column that does not exist (BH_ERROR_NAME, with the nearest), a target among the
 * features, a column of text with more than TABLE_MAX_CATEGORIES different values (BH_ERROR_RANGE), no good row
 * (BH_ERROR_FORMAT). CHOICES NULL: all columns are features. */
bh_status table_schema_make(const char *path, const table_options *options, const table_choices *choices, table_schema **schema,
                            table_error *error);
void table_schema_destroy(table_schema *schema);

/* Name of feature I: into OUT if need be, which has room for 16 bytes. */
const char *table_schema_feature(const table_schema *schema, size_t i, char *out);

/* Into a map of MESSAGE under KEY, and back from there. Refused: what no table_schema_write has written (BH_ERROR_FORMAT). */
void table_schema_write(const table_schema *schema, bh_message *message, const char *key);
bh_status table_schema_read(bh_message_view view, table_schema **schema, table_error *error);

/* --- Numbers --- */

typedef struct table {
    size_t rows, features;
    float *dense;    /* rows × features, a row after another, NaN where a value is missing; NULL if sparse */
    uint64_t *begin; /* sparse, CSR: rows + 1 places in index and value */
    uint32_t *index; /* from 0 */
    float *value;
    float *label;     /* rows; the class' place among the target's categories, or the number. NULL without a target */
    uint64_t *line;   /* rows; where in the file each row stands */
    uint64_t missing; /* values that are missing, over the whole of a dense table */
    uint64_t unknown; /* categories that the schema does not know, taken as missing; sparse: entries beyond its features */
    table_bad bad;
} table;

/* Reads the file's numbers. The table is the caller's: table_destroy. SCHEMA may come from another file: columns are found by
 * name, or by number where neither file has a header. Bad rows are those that reader finds, and those with a text where SCHEMA
 * has a number, with an infinite number or one too great for a float, and, with a target, those without one or with a class
 * that SCHEMA does not know. WITH_TARGET false: the file needs no target, and none is read. Refused: a column of SCHEMA that
 * the file lacks (BH_ERROR_NAME), no good row (BH_ERROR_FORMAT). Takes rows × (features + 3) × 4 bytes, while it grows up to
 * twice that. */
bh_status table_load(const char *path, const table_options *options, const table_schema *schema, bool with_target, table **out,
                     table_error *error);
void table_destroy(table *data);

/* Divides 0…ROWS-1 into train and validation, at random by SEED: the same on every machine. VALIDATION is the part from 0 to 1,
 * of which the nearest number of rows is taken. Both lists rise; they are one block: free(split->train). */
typedef struct table_split {
    size_t train_count, validation_count;
    size_t *train, *validation;
} table_split;

bh_status table_split_make(size_t rows, double validation, uint64_t seed, table_split *split, table_error *error);

/* A table of COUNT rows of DATA. The caller's. */
bh_status table_take(const table *data, const size_t *rows, size_t count, table **out, table_error *error);

/* --- Text --- */

/* LENGTH bytes as UTF-8 into OUT, ended by 0, cut at SIZE; what is no UTF-8 and no printable character becomes U+FFFD. */
void table_clean(char *out, size_t size, const char *text, size_t length);

#endif
