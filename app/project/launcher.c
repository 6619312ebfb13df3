/* The launcher of trainings. It is a command, and a project may come from somebody else: so it is no part of the project, but kept for
 * this user on this computer, a file for each project's folder in $XDG_CONFIG_HOME/bulkhead/launchers: the folder, and the words. */
#include "jobs/trainer/new_file.h"
#include "project/inner.h"
#include "project/user_files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OLD_SETTING "launcher"

/* Where it is kept, and for which folder. */
typedef struct launcher_file {
    char path[USER_PATH], folder[PROJECT_PATH];
} launcher_file;

/* The folders on the way are made if MAKE. False, with errno. */
static bool find_file(const project *self, launcher_file *out, bool make)
{
    char name[64];
    if (!realpath(self->folder, out->folder))
        return false;
    snprintf(name, sizeof name, "launchers/%016llx", (unsigned long long)file_hash(0, out->folder, strlen(out->folder)));
    return user_path(out->path, USER_CONFIGURATION, name, make);
}

/* --- S */

/* A line without its end; false if there is none. */
static bool read_line(FILE *from, char **line, size_t *room)
{
    ssize_t length = getline(line, room, from);
    if (length > 0 && (*line)[length - 1] == '\n')
        (*line)[length - 1] = 0;
    return length > 0;
}

static char *read_words(const project *self)
{
    launcher_file at;
    char *line = NULL;
    size_t room = 0;
    FILE *file = find_file(self, &at, false) ? fopen(at.path, "re") : NULL;
    bool found = file && read_line(file, &line, &room) && strcmp(line, at.folder) == 0 && read_line(file, &line, &room);
    if (file)
        fclose(file);
    if (found)
        return line;
    free(line);
    return NULL;
}

static bool write_words(const launcher_file *at, const char *words)
{
    if (!words[0])
        return unlink(at->path) == 0 || errno == ENOENT;
    if (!strchr(at->folder, '\n'))
        return user_file_write(at->path, "%s\n%s\n", at->folder, words);
    errno = EINVAL;
    return false;
}

static bh_status keep(request *asked)
{
    launcher_file at = {.path = ""};
    bool well = find_file(asked->of, &at, true) && write_words(&at, asked->data);
    if (!well)
        keeper_log(asked->of, BH_LOG_ERROR, 0, 0, "the launcher holds until the program ends, and cannot be kept in %.300s: %s",
                   at.path[0] ? at.path : "$HOME/.config", strerror(errno));
    return well ? BH_OK : BH_ERROR_IO;
}

/* Older programs kept it in the project: it is taken out, and not used. */
static void drop_old(project *self)
{
    store_setting *settings;
    size_t count = 0;
    if (store_list_settings(self->store, &settings, &count))
        return;
    for (size_t i = 0; i < count; i++) {
        const char *words = settings[i].value;
        if (strcmp(settings[i].name, OLD_SETTING) != 0 || !words[0])
            continue;
        bh_log(BH_LOG_WARNING, "project", "%s names a launcher, '%s', which is not used", self->folder, words);
        keeper_log(self, BH_LOG_WARNING, 0, 0,
                   "this project has come with a launcher, '%.300s', which is not used, as it is a command that may be "
                   "somebody else's: enter it in the settings if workers are to start through it here",
                   words);
        store_set_setting(self->store, OLD_SETTING, "");
    }
    store_free(settings);
}

void launcher_open(project *self)
{
    self->launcher = read_words(self);
    drop_old(self);
}

/* --- G */

const char *project_launcher(const project *self)
{
    return self && self->launcher ? self->launcher : "";
}

static void drop(request *asked)
{
    free(asked->data);
}

bh_status project_set_launcher(project *self, const char *words)
{
    static const char call[] = "project_set_launcher";
    bh_status status = project_check(self, call);
    if (status)
        return status;
    if (!words || strchr(words, '\n'))
        return bh_report(BH_ERROR_FORMAT, call, "words are %s: give one line, or \"\" for none",
                         words ? "several lines" : "NULL");
    const request asked = {.work = keep, .drop = drop, .data = strdup(words)};
    char *copy = strdup(words);
    if (!asked.data || !copy || (status = keeper_ask(self, &asked))) {
        free(asked.data);
        free(copy);
        return status ? status : bh_report(BH_ERROR_MEMORY, call, "no memory");
    }
    free(self->launcher);
    self->launcher = copy;
    jobs_schedule(self);
    return BH_OK;
}
