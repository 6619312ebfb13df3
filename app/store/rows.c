/* Rows as structs: a list is one array with its strings in a few larger pieces, freed in one go. */
#include "store/inner.h"

#include <stdarg.h>
#include <string.h>

enum { FIRST_PIECE = 1024, PIECE_SIZE = 16 * 1024 }; /* one row needs little, a list much */

typedef struct piece {
    struct piece *next;
    size_t used, room;
    char text[];
} piece;

/* Stands in front of the rows. */
typedef struct list {
    piece *pieces;
    size_t room; /* in bytes */
    char rows[];
} list;

static list *list_of(void *rows)
{
    return (list *)((char *)rows - offsetof(list, rows));
}

void store_free(void *rows)
{
    if (!rows)
        return;
    list *whole = list_of(rows);
    while (whole->pieces) {
        piece *next = whole->pieces->next;
        sqlite3_free(whole->pieces);
        whole->pieces = next;
    }
    sqlite3_free(whole);
}

/* Grows ROWS, which may be NULL, to hold SIZE bytes; NULL without memory, ROWS being as before. */
static void *grow(void *rows, size_t size)
{
    list *old = rows ? list_of(rows) : NULL;
    if (old && old->room >= size)
        return rows;
    size_t room = old && old->room * 2 > size ? old->room * 2 : size;
    list *more = sqlite3_realloc64(old, sizeof(list) + room);
    if (!more)
        return NULL;
    if (!old)
        more->pieces = NULL;
    more->room = room;
    return more->rows;
}

static const char *keep_text(list *whole, const char *text, size_t length)
{
    if (length == 0)
        return "";
    piece *first = whole->pieces;
    if (!first || first->room - first->used <= length) {
        size_t usual = first ? PIECE_SIZE : FIRST_PIECE, room = length + 1 > usual ? length + 1 : usual;
        piece *more = sqlite3_malloc64(sizeof(piece) + room);
        if (!more)
            return NULL;
        *more = (piece){.next = first, .room = room};
        first = whole->pieces = more;
    }
    char *copy = first->text + first->used;
    memcpy(copy, text, length);
    copy[length] = 0;
    first->used += length + 1;
    return copy;
}

char *store__give_text(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = grow(NULL, size);
    return copy ? memcpy(copy, text, size) : NULL;
}

const char *store__word(const char *const *words, int value)
{
    for (int i = 0; i <= value; i++)
        if (!words[i])
            return "?";
    return value < 0 ? "?" : words[value];
}

static int find_word(const char *const *words, const char *word)
{
    for (int i = 0; word && words[i]; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    return -1;
}

static bh_status read_text(store *s, const char *call, const char **out, sqlite3_stmt *statement, int column, list *whole)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    /* NULL is no memory, because no column is without a value */
    *out = text ? keep_text(whole, text, (size_t)sqlite3_column_bytes(statement, column)) : NULL;
    return *out ? BH_OK : store__fail(s, BH_ERROR_MEMORY, call, "no memory for a list");
}

static bh_status read_field(store *s, const char *call, const store__field *field, char *row, sqlite3_stmt *statement, int column,
                            list *whole)
{
    void *out = row + field->offset;
    switch (field->kind) {
    case STORE__TEXT:
    case STORE__JSON:
        return read_text(s, call, out, statement, column, whole);
    case STORE__INT64:
        *(int64_t *)out = sqlite3_column_int64(statement, column);
        return BH_OK;
    case STORE__INT:
        *(int *)out = sqlite3_column_int(statement, column);
        return BH_OK;
    case STORE__BOOL:
        *(bool *)out = sqlite3_column_int(statement, column) != 0;
        return BH_OK;
    case STORE__WORD:
        *(int *)out = find_word(field->words, (const char *)sqlite3_column_text(statement, column));
        return *(int *)out >= 0 ? BH_OK : store__fail(s, BH_ERROR_MEMORY, call, "no memory for a list");
    }
    return BH_OK;
}

static bh_status read_row(store *s, const char *call, const store__shape *shape, char *row, sqlite3_stmt *statement, list *whole)
{
    bh_status status = BH_OK;
    memset(row, 0, shape->size);
    for (int i = 0; !status && shape->fields[i].column; i++)
        status = read_field(s, call, &shape->fields[i], row, statement, i, whole);
    return status;
}

static bh_status read_rows(store *s, const char *call, const store__shape *shape, sqlite3_stmt *statement, void **rows,
                           size_t *count)
{
    int found;
    while ((found = store__step(s, call, statement)) > 0) {
        void *more = grow(*rows, (*count + 1) * shape->size);
        if (!more)
            return store__fail(s, BH_ERROR_MEMORY, call, "no memory for a list");
        *rows = more;
        bh_status status = read_row(s, call, shape, (char *)more + *count * shape->size, statement, list_of(more));
        if (status)
            return status;
        ++*count;
    }
    return found ? s->status : BH_OK;
}

/* "SELECT column, … FROM table TAIL", or NULL. */
static char *select_all(const store__shape *shape, const char *tail)
{
    sqlite3_str *sql = sqlite3_str_new(NULL);
    for (int i = 0; shape->fields[i].column; i++)
        sqlite3_str_appendf(sql, "%s%s.%s", i ? ", " : "SELECT ", shape->table, shape->fields[i].column);
    sqlite3_str_appendf(sql, " FROM %s %s", shape->table, tail);
    return sqlite3_str_finish(sql);
}

bh_status store__check_list(store *s, const char *call, void *rows, size_t *count)
{
    if (count)
        *count = 0;
    if (rows)
        *(void **)rows = NULL;
    if (s && (!rows || !count))
        return store__fail(s, BH_ERROR_NULL, call, "rows or count is NULL: give where they go");
    return store__check(s, call);
}

bh_status store__list(store *s, const char *call, const store__shape *shape, void **rows, size_t *count, const char *tail,
                      const char *types, ...)
{
    bh_status status = store__check_list(s, call, rows, count);
    if (status)
        return status;
    char *sql = select_all(shape, tail);
    va_list values;
    va_start(values, types);
    sqlite3_stmt *statement = store__prepare_va(s, call, sql, types, values);
    va_end(values);
    sqlite3_free(sql);
    status = statement ? read_rows(s, call, shape, statement, rows, count) : s->status;
    sqlite3_finalize(statement);
    if (status) {
        store_free(*rows);
        *rows = NULL;
        *count = 0;
    }
    return status;
}

bh_status store__get(store *s, const char *call, const store__shape *shape, int64_t id, void **row)
{
    size_t count;
    bh_status status = store__list(s, call, shape, row, &count, "WHERE id = ?1", "i", id);
    if (!status && !count)
        status = store__fail(s, BH_ERROR_NAME, call, "there is no %s %lld: list them anew", shape->noun, (long long)id);
    return status;
}
