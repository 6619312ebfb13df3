/* Data sets: what a person can ask for. */
#include "project/inner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- adding */

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* Why PATH cannot be added; NULL: it can. */
static const char *refusal(const char *path)
{
    struct stat facts;
    bool there = stat(path, &facts) == 0;
    if (!there && (errno == ENOENT || errno == ENOTDIR))
        return "there is no such file";
    if (there && S_ISDIR(facts.st_mode))
        return "it is a folder; add the files in it";
    if (there && !S_ISREG(facts.st_mode))
        return "it is no file, but a device or the like";
    return there && access(path, R_OK) == 0 ? NULL : strerror(errno);
}

static bh_status add_file(request *asked)
{
    project *self = asked->of;
    const texts *it = asked->data;
    const char *why = refusal(it->a);
    if (why) {
        keeper_log(self, BH_LOG_ERROR, 0, 0, "cannot add %s: %s", it->a, why);
        return BH_ERROR_IO;
    }
    asked->id = files_are_archive(it->a) ? 0 : files_add_data_set(self, it->a, base_of(it->a), "", "");
    return BH_OK;
}

static void added_file(request *asked)
{
    const texts *it = asked->data;
    job *made = !asked->status && files_are_archive(it->a) ? jobs_add(asked->of, PROJECT_UNPACK, 0, 0, base_of(it->a)) : NULL;
    if (made)
        snprintf(made->file, sizeof made->file, "%s", it->a);
}

bh_status project_add_file(project *self, const char *path)
{
    char whole[PROJECT_PATH], here[PROJECT_PATH];
    bh_status status = project_check(self, "project_add_file");
    if (status)
        return status;
    if (!path || !path[0])
        return bh_report(BH_ERROR_NULL, "project_add_file", "path is %s: give a file's", path ? "empty" : "NULL");
    bool relative = path[0] != '/';
    if ((relative && !getcwd(here, sizeof here)) ||
        snprintf(whole, sizeof whole, "%s%s%s", relative ? here : "", relative ? "/" : "", path) >= (int)sizeof whole)
        return bh_report(BH_ERROR_RANGE, "project_add_file", "the path %.200s… is too long", path);
    return ask_about_then(self, add_file, added_file, 0, whole, NULL);
}

/* --- changing */

static const store_data_set *find_row(project *self, int64_t id, const char *call, bh_status *status)
{
    *status = project_check(self, call);
    const store_data_set *row = *status ? NULL : project_data_set(self, id);
    if (!*status && !row)
        *status = bh_report(BH_ERROR_NAME, call, "there is no data set %lld", (long long)id);
    return row;
}

static bh_status set_options(request *asked)
{
    const texts *it = asked->data;
    return store_set_data_set_options(asked->of->store, asked->id, it->a);
}

static bh_status set_choices(request *asked)
{
    const texts *it = asked->data;
    return store_set_data_set_choices(asked->of->store, asked->id, it->a);
}

/* How a file is read decides what is found in it; the target and the like do not. */
static bool reads_the_same(bh_message_view a, bh_message_view b)
{
    static const char *const keys[] = {"format", "delimiter", "quote", "header", "count_line", "bad_rows", "lead"};
    bool same = true;
    for (size_t i = 0; same && i < sizeof keys / sizeof *keys; i++) {
        bh_message_view one = bh_message_view_find(a, keys[i]), other = bh_message_view_find(b, keys[i]);
        bool some = bh_message_view_type(one) != BH_MESSAGE_NOTHING;
        char *left = some ? bh_message_view_json(one) : NULL;
        char *right = bh_message_view_type(other) != BH_MESSAGE_NOTHING ? bh_message_view_json(other) : NULL;
        same = left && right ? strcmp(left, right) == 0 : left == right;
        bh_free(left);
        bh_free(right);
    }
    return same;
}

bh_status project_set_data_options(project *self, int64_t id, const char *options)
{
    bh_status status;
    bh_message *message, *old;
    bh_message_view view, before;
    const char *json = options && options[0] ? options : "{}";
    const store_data_set *row = find_row(self, id, "project_set_data_options", &status);
    if (!row)
        return status;
    if (!json_open(json, &message, &view))
        return bh_report(BH_ERROR_FORMAT, "project_set_data_options", "options is no JSON object");
    json_open(row->options, &old, &before);
    bool same = reads_the_same(before, view);
    bh_message_destroy(message);
    bh_message_destroy(old);
    return ask_about(self, same ? set_choices : set_options, id, json, NULL);
}

static bh_status clear_suspicion(request *asked)
{
    return store_suspect_data_set(asked->of->store, asked->id, "");
}

static void look_again(request *asked)
{
    const store_data_set *row = project_data_set(asked->of, asked->id);
    if (!asked->status && row && !project_job_of(asked->of, STORE_DATA_SETS, asked->id))
        jobs_add(asked->of, PROJECT_INSPECT, STORE_DATA_SETS, row->id, row->name);
}

bh_status project_inspect(project *self, int64_t id)
{
    bh_status status;
    if (!find_row(self, id, "project_inspect", &status))
        return status;
    return ask_about_then(self, clear_suspicion, look_again, id, NULL, NULL);
}

static bh_status rename_data(request *asked)
{
    const texts *it = asked->data;
    return store_rename_data_set(asked->of->store, asked->id, it->a);
}

bh_status project_rename_data_set(project *self, int64_t id, const char *name)
{
    bh_status status;
    if (!find_row(self, id, "project_rename_data_set", &status))
        return status;
    if (!name || !name[0])
        return bh_report(BH_ERROR_NULL, "project_rename_data_set", "the name is %s", name ? "empty" : "NULL");
    return ask_about(self, rename_data, id, name, NULL);
}

static bh_status remove_data(request *asked)
{
    char path[PROJECT_PATH];
    bh_status status = store_remove_data_set(asked->of->store, asked->id);
    snprintf(path, sizeof path, "%.3000s/index/%lld", asked->of->folder, (long long)asked->id);
    if (!status)
        unlink(path);
    return status;
}

bh_status project_remove_data_set(project *self, int64_t id)
{
    bh_status status;
    if (!find_row(self, id, "project_remove_data_set", &status))
        return status;
    if (project_job_of(self, STORE_DATA_SETS, id))
        return bh_report(BH_ERROR_STATE, "project_remove_data_set", "it is being read: stop that first");
    return ask_about(self, remove_data, id, NULL, NULL);
}
