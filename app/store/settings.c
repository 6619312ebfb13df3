/* Settings and events: see settings.h. */
#include "store/settings.h"

#include "store/inner.h"

static const char *const levels[] = {"debug", "info", "warning", "error", NULL};
static const char *const subjects[] = {"", "data_sets", "fetches", "runs", "settings", "events", NULL};

static const store__field fields[] = {
    {"id", STORE__INT64, offsetof(store_event, id), NULL},
    {"time", STORE__INT64, offsetof(store_event, time), NULL},
    {"level", STORE__WORD, offsetof(store_event, level), levels},
    {"subject", STORE__WORD, offsetof(store_event, table), subjects},
    {"subject_id", STORE__INT64, offsetof(store_event, row), NULL},
    {"text", STORE__TEXT, offsetof(store_event, text), NULL},
    {0},
};
const store__shape store__event_shape = {"events", "event", sizeof(store_event), fields};

static bh_status check_name(store *s, const char *call, const char *name)
{
    if (name && name[0])
        return BH_OK;
    return store__fail(s, BH_ERROR_NULL, call, "the setting's name is %s", name ? "empty" : "NULL");
}

static const store__field setting_fields[] = {
    {"name", STORE__TEXT, offsetof(store_setting, name), NULL},
    {"value", STORE__TEXT, offsetof(store_setting, value), NULL},
    {0},
};
static const store__shape setting_shape = {"settings", "setting", sizeof(store_setting), setting_fields};

bh_status(store_list_settings)(store *s, store_setting **rows, size_t *count)
{
    return store__list(s, "store_list_settings", &setting_shape, (void **)rows, count, "ORDER BY name", "");
}

bh_status(store_set_setting)(store *s, const char *name, const char *value)
{
    const char *call = "store_set_setting";
    bh_status status = store__check_writer(s, call);
    if (!status)
        status = check_name(s, call, name);
    if (!status)
        status = store__begin_change(s, call);
    if (status)
        return status;
    if (value)
        status = store__run(
            s, call,
            "INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
            " WHERE value <> excluded.value",
            "tt", name, value);
    else
        status = store__run(s, call, "DELETE FROM settings WHERE name = ?1", "t", name);
    return store__end_change(s, call, status);
}

bh_status(store_get_setting)(store *s, const char *name, char **value)
{
    const char *call = "store_get_setting";
    if (value)
        *value = NULL;
    bh_status status = store__check(s, call);
    if (!status && !value)
        status = store__fail(s, BH_ERROR_NULL, call, "value is NULL: give where the setting goes");
    if (!status)
        status = check_name(s, call, name);
    if (status)
        return status;
    sqlite3_stmt *statement = store__prepare(s, call, "SELECT value FROM settings WHERE name = ?1", "t", name);
    int found = statement ? store__step(s, call, statement) : -1;
    if (found > 0) {
        const char *text = (const char *)sqlite3_column_text(statement, 0);
        *value = text ? store__give_text(text) : NULL;
        if (!*value)
            found = store__fail(s, BH_ERROR_MEMORY, call, "no memory") ? -1 : 0;
    }
    sqlite3_finalize(statement);
    return found < 0 ? s->status : BH_OK;
}

bh_status(store_add_event)(store *s, bh_log_level level, store_table table, int64_t row, const char *text)
{
    const char *call = "store_add_event";
    bh_status status = store__check_writer(s, call);
    if (!status && ((unsigned)level > BH_LOG_ERROR || (unsigned)table > STORE_EVENTS))
        status = store__fail(s, BH_ERROR_RANGE, call, "there is no level %d or no table %d", (int)level, (int)table);
    if (!status)
        status = store__begin_change(s, call);
    if (status)
        return status;
    status = store__run(s, call, "INSERT INTO events (time, level, subject, subject_id, text) VALUES (?1, ?2, ?3, ?4, ?5)",
                        "ittit", store__now(), levels[level], subjects[table], row, text);
    return store__end_change(s, call, status);
}

bh_status(store_list_events)(store *s, int64_t after, int64_t limit, store_event **rows, size_t *count)
{
    return store__list(
        s, "store_list_events", &store__event_shape, (void **)rows, count,
        "WHERE id > ?1 AND id > coalesce((SELECT id FROM events ORDER BY id DESC LIMIT 1 OFFSET iif(?2 > 0, ?2, 1 << 60)), -1)"
        " ORDER BY id",
        "ii", after, limit);
}
