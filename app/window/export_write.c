/* Runs as CSV and JSON, and copies of files, each whole or not there. */
#include "window/export_write.h"

#include "project/json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_KEYS = 256, KEY_ROOM = 80, PATH_ROOM = 4200 };

/* --- rows for another thread */

static bool copy_strings(store_run *row)
{
    const char **const texts[] = {&row->name,       &row->kind,  &row->parameters, &row->data_hash, &row->metrics,
                                  &row->importance, &row->model, &row->notes,      &row->error,     &row->died};
    bool whole = true;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        *texts[i] = *texts[i] ? strdup(*texts[i]) : NULL;
        whole = whole && *texts[i];
    }
    return whole;
}

bool export_rows_add(export_rows *self, const store_run *row, const char *data_set)
{
    if (self->count % 256 == 0) {
        store_run *rows = realloc(self->rows, (self->count + 256) * sizeof *rows);
        if (rows)
            self->rows = rows;
        char **names = realloc(self->data_sets, (self->count + 256) * sizeof *names);
        if (names)
            self->data_sets = names;
        if (!rows || !names)
            return false;
    }
    self->rows[self->count] = *row;
    self->data_sets[self->count] = strdup(data_set);
    return copy_strings(&self->rows[self->count++]) && self->data_sets[self->count - 1];
}

void export_rows_free(export_rows *self)
{
    for (size_t i = 0; i < self->count; i++) {
        const store_run *row = &self->rows[i];
        const char *const texts[] = {row->name,       row->kind,  row->parameters, row->data_hash, row->metrics,
                                     row->importance, row->model, row->notes,      row->error,     row->died};
        for (size_t j = 0; j < sizeof texts / sizeof texts[0]; j++)
            free((void *)texts[j]);
        free(self->data_sets[i]);
    }
    free(self->rows);
    free(self->data_sets);
}

/* --- files that are whole or not there */

static FILE *begin(const char *path, char part[PATH_ROOM], char why[EXPORT_REASON])
{
    FILE *out = NULL;
    errno = ENAMETOOLONG;
    if (snprintf(part, PATH_ROOM, "%s.part", path) < PATH_ROOM)
        out = fopen(part, "we");
    if (!out)
        snprintf(why, EXPORT_REASON, "cannot write %.300s: %s", path, strerror(errno));
    return out;
}

static bool finish(FILE *out, const char *part, const char *path, char why[EXPORT_REASON])
{
    bool whole = !ferror(out) && fflush(out) == 0 && fsync(fileno(out)) == 0;
    int problem = errno;
    whole = fclose(out) == 0 && whole;
    if (whole && rename(part, path) == 0)
        return true;
    snprintf(why, EXPORT_REASON, "cannot write %.300s: %s", path, strerror(whole ? errno : problem));
    unlink(part);
    return false;
}

/* --- keys of parameters and metrics: a column each */

typedef struct keys {
    char names[MOST_KEYS][KEY_ROOM];
    int count;
} keys;

static void add_keys(keys *all, const char *json)
{
    bh_message *message;
    bh_message_view map;
    if (!json_open(json, &message, &map))
        return;
    for (size_t i = 0; i < bh_message_view_count(map); i++) {
        const char *key = bh_message_view_key(map, i);
        int at = 0;
        while (at < all->count && strcmp(all->names[at], key) != 0)
            at++;
        if (at == all->count && at < MOST_KEYS && strlen(key) < KEY_ROOM)
            snprintf(all->names[all->count++], KEY_ROOM, "%s", key);
    }
    bh_message_destroy(message);
}

/* --- CSV */

static void write_field(FILE *out, const char *text)
{
    bool plain = !strpbrk(text, ",\"\r\n") && *text != ' ';
    if (plain) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

/* A string as it is, anything else as JSON, null as nothing. */
static void write_value(FILE *out, bh_message_view value)
{
    const char *text = NULL;
    bh_message_type type = bh_message_view_type(value);
    if (type == BH_MESSAGE_STRING && bh_message_read_string(value, NULL, &text) == BH_OK)
        write_field(out, text);
    else if (type != BH_MESSAGE_NOTHING && type != BH_MESSAGE_NULL) {
        char *json = bh_message_view_json(value);
        write_field(out, json ? json : "");
        bh_free(json);
    }
}

static void write_map(FILE *out, const keys *all, const char *json)
{
    bh_message *message;
    bh_message_view map;
    json_open(json, &message, &map);
    for (int i = 0; i < all->count; i++) {
        fputc(',', out);
        write_value(out, bh_message_view_find(map, all->names[i]));
    }
    bh_message_destroy(message);
}

static void write_heads(FILE *out, const char *prefix, const keys *all)
{
    char name[KEY_ROOM + 32];
    for (int i = 0; i < all->count; i++) {
        fputc(',', out);
        snprintf(name, sizeof name, "%s.%s", prefix, all->names[i]);
        write_field(out, name);
    }
}

static void write_row(FILE *out, const store_run *row, const char *data_set)
{
    fprintf(out, "%" PRId64 ",", row->id);
    write_field(out, row->name);
    fputc(',', out);
    write_field(out, data_set);
    fprintf(out, ",%s,%s,%" PRId64 ",%" PRId64 ",", store_run_state_name(row->state),
            row->mode == STORE_RUN_PROCESS ? "process" : "thread", row->round, row->rounds);
    if (row->best_round >= 0)
        fprintf(out, "%" PRId64, row->best_round);
    fprintf(out, ",%.3f,%" PRId64 ",%" PRId64 ",%" PRId64 ",", (double)row->spent_ms / 1000, row->added, row->started,
            row->ended);
    const char *const texts[] = {row->notes, row->error, row->died, row->model};
    for (int i = 0; i < 4; i++) {
        write_field(out, texts[i]);
        if (i < 3)
            fputc(',', out);
    }
}

bool export_write_csv(const export_rows *rows, const char *path, char why[EXPORT_REASON])
{
    char part[PATH_ROOM];
    keys *all = calloc(2, sizeof *all);
    FILE *out = all ? begin(path, part, why) : NULL;
    for (size_t i = 0; out && i < rows->count; i++) {
        add_keys(&all[0], rows->rows[i].parameters);
        add_keys(&all[1], rows->rows[i].metrics);
    }
    if (out) {
        fputs("id,name,data_set,state,mode,round,rounds,best_round,seconds,added_ms,started_ms,ended_ms,notes,error,died,model",
              out);
        write_heads(out, "parameter", &all[0]);
        write_heads(out, "metric", &all[1]);
        fputs("\r\n", out);
    }
    for (size_t i = 0; out && i < rows->count; i++) {
        write_row(out, &rows->rows[i], rows->data_sets[i]);
        write_map(out, &all[0], rows->rows[i].parameters);
        write_map(out, &all[1], rows->rows[i].metrics);
        fputs("\r\n", out);
    }
    free(all);
    return out && finish(out, part, path, why);
}

/* --- JSON */

static void write_string(FILE *out, const char *name, const char *text)
{
    fprintf(out, ", \"%s\": \"", name);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            fprintf(out, "\\%c", *text);
        else if ((unsigned char)*text < 0x20)
            fprintf(out, "\\u%04x", (unsigned)*text);
        else
            fputc(*text, out);
    }
    fputc('"', out);
}

static void write_object(FILE *out, const store_run *row, const char *data_set)
{
    fprintf(out, "  {\"id\": %" PRId64, row->id);
    write_string(out, "name", row->name);
    write_string(out, "data_set", data_set);
    write_string(out, "state", store_run_state_name(row->state));
    write_string(out, "mode", row->mode == STORE_RUN_PROCESS ? "process" : "thread");
    fprintf(out, ", \"round\": %" PRId64 ", \"rounds\": %" PRId64 ", \"best_round\": ", row->round, row->rounds);
    row->best_round >= 0 ? fprintf(out, "%" PRId64, row->best_round) : fprintf(out, "null");
    fprintf(out, ", \"seconds\": %.3f, \"added_ms\": %" PRId64 ", \"started_ms\": %" PRId64 ", \"ended_ms\": %" PRId64,
            (double)row->spent_ms / 1000, row->added, row->started, row->ended);
    write_string(out, "notes", row->notes);
    write_string(out, "error", row->error);
    write_string(out, "died", row->died);
    write_string(out, "model", row->model);
    fprintf(out, ", \"parameters\": %s, \"metrics\": %s, \"importance\": %s}", row->parameters[0] ? row->parameters : "{}",
            row->metrics[0] ? row->metrics : "{}", row->importance[0] ? row->importance : "{}");
}

bool export_write_json(const export_rows *rows, const char *path, char why[EXPORT_REASON])
{
    char part[PATH_ROOM];
    FILE *out = begin(path, part, why);
    if (!out)
        return false;
    fputs("[\n", out);
    for (size_t i = 0; i < rows->count; i++) {
        write_object(out, &rows->rows[i], rows->data_sets[i]);
        fputs(i + 1 < rows->count ? ",\n" : "\n", out);
    }
    fputs("]\n", out);
    return finish(out, part, path, why);
}

/* --- copies */

bool export_copy(const char *from, const char *path, char why[EXPORT_REASON])
{
    char part[PATH_ROOM], block[65536];
    size_t count;
    FILE *in = fopen(from, "re");
    if (!in) {
        snprintf(why, EXPORT_REASON, "cannot read %.300s: %s", from, strerror(errno));
        return false;
    }
    FILE *out = begin(path, part, why);
    while (out && (count = fread(block, 1, sizeof block, in)) > 0)
        fwrite(block, 1, count, out);
    bool read = !ferror(in);
    fclose(in);
    if (out && !read) {
        fclose(out);
        unlink(part);
        snprintf(why, EXPORT_REASON, "cannot read %.300s whole", from);
    }
    return out && read && finish(out, part, path, why);
}
