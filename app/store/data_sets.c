/* Data sets: see data_sets.h. */
#include "store/data_sets.h"

#include "store/inner.h"

static const store__field fields[] = {
    {"id", STORE__INT64, offsetof(store_data_set, id), NULL},
    {"name", STORE__TEXT, offsetof(store_data_set, name), NULL},
    {"file", STORE__TEXT, offsetof(store_data_set, file), NULL},
    {"source", STORE__TEXT, offsetof(store_data_set, source), NULL},
    {"hash", STORE__TEXT, offsetof(store_data_set, hash), NULL},
    {"options", STORE__JSON, offsetof(store_data_set, options), NULL},
    {"facts", STORE__JSON, offsetof(store_data_set, facts), NULL},
    {"suspect", STORE__TEXT, offsetof(store_data_set, suspect), NULL},
    {"bytes", STORE__INT64, offsetof(store_data_set, bytes), NULL},
    {"row_count", STORE__INT64, offsetof(store_data_set, row_count), NULL},
    {"column_count", STORE__INT64, offsetof(store_data_set, column_count), NULL},
    {"opening", STORE__BOOL, offsetof(store_data_set, opening), NULL},
    {"added", STORE__INT64, offsetof(store_data_set, added), NULL},
    {"changed", STORE__INT64, offsetof(store_data_set, changed), NULL},
    {0},
};
const store__shape store__data_set_shape = {"data_sets", "data set", sizeof(store_data_set), fields};

bh_status(store_add_data_set)(store *s, const store_data_set *row, int64_t *id)
{
    const char *call = "store_add_data_set";
    if (id)
        *id = 0;
    bh_status status = store__check_writer(s, call);
    if (!status && (!row || !row->name || !row->name[0] || !row->file || !row->file[0]))
        status = store__fail(s, BH_ERROR_NULL, call, "a data set needs a name and a file");
    if (!status)
        status = store__begin_change(s, call);
    if (status)
        return status;
    bool facts = row->facts && row->facts[0], options = row->options && row->options[0];
    status = store__run(
        s, call,
        "INSERT INTO data_sets (name, file, source, hash, options, facts, bytes, row_count, column_count, added, changed)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)",
        "ttttttiiii", row->name, row->file, row->source, row->hash, options ? row->options : "{}", row->facts, row->bytes,
        facts ? row->row_count : INT64_C(-1), facts ? row->column_count : INT64_C(-1), store__now());
    int64_t made = sqlite3_last_insert_rowid(s->db);
    status = store__end_change(s, call, status);
    if (id && !status)
        *id = made;
    return status;
}

bh_status(store_rename_data_set)(store *s, int64_t id, const char *name)
{
    return store__change_row(s, "store_rename_data_set", &store__data_set_shape, id, NULL, "name = ?1", "t", name);
}

bh_status(store_set_data_set_options)(store *s, int64_t id, const char *options)
{
    return store__change_row(s, "store_set_data_set_options", &store__data_set_shape, id, NULL,
                             "options = ?1, facts = '', row_count = -1, column_count = -1", "t", options);
}

bh_status(store_set_data_set_choices)(store *s, int64_t id, const char *options)
{
    return store__change_row(s, "store_set_data_set_choices", &store__data_set_shape, id, NULL, "options = ?1", "t", options);
}

bh_status(store_begin_opening)(store *s, int64_t id)
{
    return store__change_row(s, "store_begin_opening", &store__data_set_shape, id, NULL, "opening = 1", "");
}

bh_status(store_end_opening)(store *s, int64_t id, int64_t row_count, int64_t column_count, const char *facts)
{
    if (!facts)
        return store__change_row(s, "store_end_opening", &store__data_set_shape, id, NULL, "opening = 0, suspect = ''", "");
    return store__change_row(s, "store_end_opening", &store__data_set_shape, id, NULL,
                             "opening = 0, suspect = '', row_count = ?1, column_count = ?2, facts = ?3", "iit", row_count,
                             column_count, facts);
}

bh_status(store_suspect_data_set)(store *s, int64_t id, const char *why)
{
    return store__change_row(s, "store_suspect_data_set", &store__data_set_shape, id, NULL, "opening = 0, suspect = ?1", "t",
                             why);
}

bh_status(store_remove_data_set)(store *s, int64_t id)
{
    return store__remove_row(s, "store_remove_data_set", &store__data_set_shape, id, NULL);
}

bh_status(store_list_data_sets)(store *s, store_data_set **rows, size_t *count)
{
    return store__list(s, "store_list_data_sets", &store__data_set_shape, (void **)rows, count,
                       "ORDER BY name COLLATE NOCASE, id", "");
}

bh_status(store_get_data_set)(store *s, int64_t id, store_data_set **row)
{
    return store__get(s, "store_get_data_set", &store__data_set_shape, id, (void **)row);
}
