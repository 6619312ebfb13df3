/* What becomes of files that were fetched and unpacked: their names, and which of them are data sets. On the store's thread. */
#include "project/inner.h"

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_UNPACKED = 1000, DEEPEST = 8 };

/* --- kinds, by the name's end: content is looked at by the job inspect, in a process that may die of it */

static const char *const archives[] = {".zip",     ".tar",  ".tar.gz",  ".tgz", ".tar.xz", ".txz",
                                       ".tar.bz2", ".tbz2", ".tar.zst", ".7z",  NULL};
static const char *const compressed[] = {".gz", ".zst", ".xz", ".bz2", NULL};
static const char *const tables[] = {".csv", ".tsv",      ".tab",   ".txt",  ".data",  ".dat", ".libsvm",
                                     ".svm", ".svmlight", ".train", ".test", ".scale", NULL};

/* The one that NAME ends with. */
static const char *end_among(const char *name, const char *const *ends)
{
    size_t length = strlen(name);
    for (; *ends; ends++)
        if (length > strlen(*ends) && strcasecmp(name + length - strlen(*ends), *ends) == 0)
            return *ends;
    return NULL;
}

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

bool files_are_archive(const char *name)
{
    return end_among(base_of(name), archives) != NULL;
}

static bool is_packed(const char *name)
{
    return files_are_archive(name) || end_among(base_of(name), compressed);
}

static bool is_table(const char *name)
{
    const char *base = base_of(name);
    return end_among(base, tables) ||
           (!strchr(base, '.') && strncasecmp(base, "README", 6) != 0 && strncasecmp(base, "LICEN", 5) != 0);
}

/* --- names */

static bh_status name_unpacked(const project *self, const char *file, char *out, size_t size)
{
    const char *base = base_of(file), *end = end_among(base, archives);
    if (!end)
        end = end_among(base, compressed);
    int length = (int)(strlen(base) - (end ? strlen(end) : 0));
    for (int i = 1; i < 10000; i++) {
        int used = snprintf(out, size, "%s/data/%.*s", self->folder, length, base);
        if (i > 1)
            snprintf(out + used, size - (size_t)used, "-%d", i);
        if (access(out, F_OK) != 0)
            return BH_OK;
    }
    return bh_report(BH_ERROR_EXISTS, "project", "there are too many files named %.200s", out);
}

/* Relative to the project's folder where it lies in it. */
static const char *relative(const project *self, const char *path)
{
    size_t length = strlen(self->folder);
    return strncmp(path, self->folder, length) == 0 && path[length] == '/' ? path + length + 1 : path;
}

/* --- what is there before it is known
 *
 * The name under which something is unpacked is kept until it is known what it is. After a death between the two it is nobody's: the next opening
 * removes it, and what it came from is unpacked anew. */

static const char unpacking[] = "unpacking:";

static int remove_entry(const char *path, const struct stat *facts, int kind, struct FTW *place)
{
    (void)facts;
    (void)kind;
    (void)place;
    remove(path); /* what cannot be removed stays, and takes room, no more */
    return 0;
}

void files_remove(const char *path)
{
    enum { DESCRIPTORS = 8 };
    nftw(path, remove_entry, DESCRIPTORS, FTW_DEPTH | FTW_PHYS);
}

static bh_status keep_unpacking(const job *which, bool under_way)
{
    char name[PROJECT_PATH];
    snprintf(name, sizeof name, "%s%.4000s", unpacking, relative(which->of, which->output));
    return store_set_setting(which->of->store, name, under_way ? "" : NULL);
}

bh_status files_begin_unpacking(job *which)
{
    bh_status status = name_unpacked(which->of, which->file, which->output, sizeof which->output);
    return status ? status : keep_unpacking(which, true);
}

static void remove_unknown(const project *self, const char *name)
{
    char path[PROJECT_PATH];
    const char *inside = name + strlen(unpacking);
    if (strncmp(inside, "data/", 5) == 0 && !strstr(inside, "..")) {
        snprintf(path, sizeof path, "%.2000s/%.2000s", self->folder, inside);
        files_remove(path);
    }
    store_set_setting(self->store, name, NULL);
}

bh_status files_sweep(request *asked)
{
    size_t count;
    store_setting *rows;
    bh_status status = store_list_settings(asked->of->store, &rows, &count);
    for (size_t i = 0; !status && i < count; i++)
        if (strncmp(rows[i].name, unpacking, strlen(unpacking)) == 0)
            remove_unknown(asked->of, rows[i].name);
    store_free(rows);
    return status;
}

/* --- data sets */

static int64_t known_data_set(project *self, const char *file)
{
    int64_t id = 0;
    size_t count;
    store_data_set *rows;
    if (store_list_data_sets(self->store, &rows, &count))
        return 0;
    for (size_t i = 0; i < count && !id; i++)
        id = strcmp(rows[i].file, file) == 0 ? rows[i].id : 0;
    store_free(rows);
    return id;
}

int64_t files_add_data_set(project *self, const char *path, const char *name, const char *source, const char *hash)
{
    struct stat facts;
    const char *file = relative(self, path);
    int64_t id = known_data_set(self, file);
    if (id)
        return id;
    const store_data_set row = {
        .name = name, .file = file, .source = source, .hash = hash, .bytes = stat(path, &facts) ? 0 : facts.st_size};
    store_add_data_set(self->store, &row, &id);
    return id;
}

/* All tables of a folder; the first one's id. */
static int64_t add_folder(project *self, const char *folder, const char *name, const char *source, int depth, int *room)
{
    int64_t first = 0;
    struct dirent **entries;
    int count = depth < DEEPEST ? scandir(folder, &entries, NULL, alphasort) : -1;
    for (int i = 0; i < count; i++) {
        char path[PROJECT_PATH], inner[1024];
        struct stat facts;
        int64_t id = 0;
        snprintf(inner, sizeof inner, "%.700s/%.255s", name, entries[i]->d_name);
        bool fits = snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name) < (int)sizeof path;
        bool there = fits && entries[i]->d_name[0] != '.' && lstat(path, &facts) == 0;
        if (there && S_ISDIR(facts.st_mode))
            id = add_folder(self, path, inner, source, depth + 1, room);
        else if (there && S_ISREG(facts.st_mode) && is_table(path) && --*room >= 0)
            id = files_add_data_set(self, path, inner, source, "");
        first = first ? first : id;
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    return first;
}

/* --- the ends of jobs */

static void end_fetch(const job *which, store_fetch_state state, const char *error, const char *said, int64_t data_set)
{
    if (which->seen.row)
        store_finish_fetch(which->of->store, which->seen.row, state, error, data_set);
    if (error && state == STORE_FETCH_FAILED && which->seen.row)
        keeper_log(which->of, BH_LOG_ERROR, STORE_FETCHES, which->seen.row, "%s: %s", which->title, said);
    else if (error && state == STORE_FETCH_FAILED) /* of an archive that somebody has added, which has no row that could say so */
        keeper_log(which->of, BH_LOG_ERROR, 0, 0, "cannot add %s: %s", which->title, error);
}

static void fetched(job *which, bh_message_view result)
{
    project *self = which->of;
    int64_t bytes = bh_message_get_int(result, "bytes", 0), id = 0;
    const char *path = bh_message_get_string(result, "file", "");
    store_fetch_bytes(self->store, which->seen.row, bytes, bytes);
    if (is_packed(path)) {
        store_flush(self->store);
        which->unpack = true;
        snprintf(which->output, sizeof which->output, "%s", path);
        return;
    }
    if (is_table(path))
        id = files_add_data_set(self, path, base_of(path), bh_message_get_string(result, "url", ""),
                                bh_message_get_string(result, "hash", ""));
    end_fetch(which, STORE_FETCH_DONE, NULL, NULL, id);
}

static void ended(const job *which, const outcome *what)
{
    const char *text = what->text ? what->text : "it failed";
    if (what->status == BH_CANCELLED)
        end_fetch(which, STORE_FETCH_CANCELLED, NULL, NULL, 0);
    else
        end_fetch(which, STORE_FETCH_FAILED, text, what->said ? what->said : text, 0);
}

void files_finish_fetch(job *which, const outcome *what)
{
    if (what->status)
        ended(which, what);
    else
        fetched(which, what->result);
}

void files_finish_unpacking(job *which, const outcome *what)
{
    project *self = which->of;
    int room = MOST_UNPACKED;
    int64_t first = 0;
    keep_unpacking(which, false);
    if (what->status) {
        ended(which, what);
    } else {
        const char *path = bh_message_get_string(what->result, "output", ""), *source = which->seen.row ? which->origin : "";
        if (strcmp(bh_message_get_string(what->result, "kind", ""), "folder") == 0)
            first = add_folder(self, path, base_of(path), source, 0, &room);
        else if (is_table(path))
            first = files_add_data_set(self, path, base_of(path), source, "");
        end_fetch(which, STORE_FETCH_DONE, NULL, NULL, first);
        if (room < 0)
            keeper_log(self, BH_LOG_WARNING, 0, 0, "%s has more than %d tables: the others are in data/, but not listed",
                       which->title, MOST_UNPACKED);
    }
}
