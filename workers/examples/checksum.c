/* Checksums of all files of a folder in a window: worker processes read the files, the table shows how far each is and what went wrong, in
 * words; Stop ends them. A disk that hangs stops neither the window nor the other files.
 *
 *     checksum [FOLDER], which is the last argument: those before it are Qt's */
#define _XOPEN_SOURCE 700
#include <bulkhead/bulkhead.h>

#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- in worker processes: no Qt here */

/* CRC-32 as gzip and zip have it, four bits at a time. */
static uint32_t crc32_add(uint32_t crc, const unsigned char *bytes, size_t count)
{
    static uint32_t table[16];
    for (uint32_t i = 0; i < 16 && !table[15]; i++)
        for (uint32_t bit = 0, value = i; bit < 4; bit++)
            table[i] = value = value & 1 ? value >> 1 ^ 0xedb88320u : value >> 1;
    for (size_t i = 0; i < count; i++) {
        crc ^= bytes[i];
        crc = crc >> 4 ^ table[crc & 15];
        crc = crc >> 4 ^ table[crc & 15];
    }
    return crc;
}

static bh_status checksum(bh_job *self, bh_message_view arguments, bh_message *result)
{
    static unsigned char bytes[1 << 16];
    uint32_t crc = 0xffffffffu;
    int64_t done = 0, size = bh_message_get_int(arguments, "size", 0);
    size_t got;
    FILE *file = fopen(bh_message_get_string(arguments, "file", ""), "rb");
    if (!file)
        return bh_job_fail(self, BH_ERROR_IO, "%s", strerror(errno));
    while ((got = fread(bytes, 1, sizeof bytes, file)) > 0 && !bh_job_cancelled(self)) {
        crc = crc32_add(crc, bytes, got);
        done += (int64_t)got;
        if (size >= done)
            bh_job_percent(self, (int)(done * 100 / size), "");
    }
    bool failed = ferror(file);
    fclose(file);
    if (failed)
        return bh_job_fail(self, BH_ERROR_IO, "The file cannot be read to its end");
    return bh_job_cancelled(self) ? BH_CANCELLED : bh_message_add_int(result, "crc", crc ^ 0xffffffffu);
}

static const bh_process_function functions[] = {{"checksum", checksum}, {0}};

/* --- the files */

typedef struct file {
    char *path;
    const char *name; /* in the folder */
    char size_text[16];
    int64_t size;
    bh_future *future; /* NULL: it has ended */
    int row, percent;
    bool stopped;
    char sum[16];
    char *problem; /* in words; NULL: there is none */
} file;

static struct {
    bh_object *window, *folder, *choose, *start, *bar, *model, *summary;
    bh_process_pool *pool;
    file **files;
    size_t prefix; /* of the folder's name, in the paths */
    size_t count, room, ended, failed;
    bool stopping;
} ui;

static void write_size(file *of)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    double size = (double)of->size;
    int unit = 0;
    for (; size >= 1024 && unit < 4; unit++)
        size /= 1024;
    snprintf(of->size_text, sizeof of->size_text, "%.*f %s", unit > 0, size, units[unit]);
}

static int add_file(const char *path, const struct stat *facts, int type, struct FTW *where)
{
    (void)where;
    if (type != FTW_F || !S_ISREG(facts->st_mode))
        return 0;
    if (ui.count == ui.room) {
        size_t room = ui.room ? ui.room * 2 : 64;
        file **more = realloc(ui.files, room * sizeof(file *));
        if (!more)
            return -1;
        ui.files = more;
        ui.room = room;
    }
    file *made = calloc(1, sizeof *made);
    if (!made)
        return -1;
    made->path = strdup(path);
    made->name = made->path ? made->path + ui.prefix + (made->path[ui.prefix] == '/') : "";
    made->size = facts->st_size;
    write_size(made);
    made->row = (int)ui.count;
    ui.files[ui.count++] = made;
    return 0;
}

static void forget_files(void)
{
    for (size_t i = 0; i < ui.count; i++) {
        bh_future_destroy(ui.files[i]->future);
        free(ui.files[i]->path);
        free(ui.files[i]->problem);
        free(ui.files[i]);
    }
    ui.count = ui.ended = ui.failed = 0;
    ui.stopping = false;
}

/* --- the table */

enum { NAME, SIZE, SUM, STATE, COLUMNS };
static const char *const titles[COLUMNS] = {"File", "Size", "CRC-32", "State"};

static const char *state_of(const file *of, char *text, size_t size)
{
    if (of->problem || !of->future)
        return of->problem ? of->problem : "Done";
    if (bh_future_get_state(of->future) != BH_FUTURE_RUNNING)
        return ui.stopping ? "Stopping" : "Waiting";
    snprintf(text, size, "%d %%", of->percent);
    return text;
}

static void cell(void *user, int row, int column, bh_table_role role, bh_value *out)
{
    static char text[64];
    const file *of = ui.files[row];
    (void)user;
    if (role == BH_TABLE_ALIGNMENT && column == SIZE)
        *out = BH_VALUE(BH_ALIGN_RIGHT | BH_ALIGN_VCENTER);
    else if (role == BH_TABLE_ALIGNMENT && column == SUM)
        *out = BH_VALUE(BH_ALIGN_CENTER);
    else if (role == BH_TABLE_TOOL_TIP)
        *out = BH_VALUE((const char *)(column == STATE && of->problem ? of->problem : of->path));
    else if (role == BH_TABLE_FOREGROUND && column == STATE && of->problem && !of->stopped)
        *out = BH_VALUE(BH_RGBA(176, 32, 32, 255));
    if (role != BH_TABLE_TEXT)
        return;
    if (column == NAME)
        *out = BH_VALUE(of->name);
    else if (column == SIZE)
        *out = BH_VALUE((const char *)of->size_text);
    else
        *out = BH_VALUE(column == SUM ? of->sum : state_of(of, text, sizeof text));
}

static const bh_table_model table = {BH_TABLE_MODEL_INIT, .columns = COLUMNS, .titles = titles, .cell = cell};

/* --- the work */

static void show_state(void)
{
    char text[160];
    bool running = ui.ended < ui.count;
    const char *what = running ? ui.stopping ? "Stopping" : "Running" : ui.stopping ? "Stopped" : "Done";
    snprintf(text, sizeof text, "%s: %zu of %zu files, %zu without a checksum", what, ui.ended, ui.count, ui.failed);
    bh_set_string(ui.summary, "text", ui.count ? text : "There are no files in this folder.");
    bh_set_int(ui.bar, "maximum", ui.count ? (int)ui.count : 1);
    bh_set_int(ui.bar, "value", !ui.count ? 1 : (int)(ui.stopping ? ui.ended - ui.failed : ui.ended));
    bh_set_string(ui.start, "text", running ? "S&top" : "&Start");
    bh_set_bool(ui.start, "enabled", !running || !ui.stopping);
    bh_set_bool(ui.folder, "enabled", !running);
    bh_set_bool(ui.choose, "enabled", !running);
}

/* What the function said, or what became of its worker. */
static char *words_for(bh_future *future, bool *stopped)
{
    bh_process_failure failure;
    if (bh_future_failure(future, &failure))
        return strdup("There is no result");
    *stopped = failure.kind == BH_FAILURE_CANCELLED || failure.kind == BH_FAILURE_CLOSED;
    if (*stopped)
        return strdup("Stopped");
    const char *said = failure.kind == BH_FAILURE_RETURNED ? strstr(failure.text, "failed: ") : NULL;
    return strdup(said ? said + strlen("failed: ") : failure.text);
}

static void on_progress(bh_future *future, void *user)
{
    file *of = user;
    bh_message_view view;
    bh_message *progress = bh_message_create();
    if (!bh_future_progress(future, progress) && !bh_message_complete(progress, &view))
        of->percent = (int)bh_message_get_int(view, "percent", 0);
    bh_message_destroy(progress);
    bh_table_model_cells_changed(ui.model, of->row, STATE, of->row, STATE);
}

static void on_done(bh_future *future, void *user)
{
    file *of = user;
    bh_message_view result;
    if (bh_future_get_state(future) == BH_FUTURE_DONE && bh_future_result(future, &result) == BH_OK)
        snprintf(of->sum, sizeof of->sum, "%08" PRIx64, bh_message_get_int(result, "crc", 0));
    else
        of->problem = words_for(future, &of->stopped);
    bh_future_destroy(future);
    of->future = NULL;
    ui.ended++;
    ui.failed += of->problem != NULL;
    bh_table_model_cells_changed(ui.model, of->row, SUM, of->row, STATE);
    show_state();
}

static void submit(file *of)
{
    bh_message *arguments = bh_message_create();
    bh_message_add_string(arguments, "file", of->path);
    bh_message_add_int(arguments, "size", of->size);
    of->future = bh_process_pool_submit(ui.pool, "checksum", arguments, NULL);
    bh_message_destroy(arguments);
    if (of->future && bh_future_when_done(of->future, NULL, on_done, of, NULL) == BH_OK) {
        bh_future_when_progress(of->future, NULL, on_progress, of, NULL);
        return;
    }
    bh_future_destroy(of->future);
    of->future = NULL;
    of->problem = strdup(bh_last_error());
    ui.ended++;
    ui.failed++;
}

static void start(void)
{
    char *folder = NULL;
    if (bh_get_string(ui.folder, "text", &folder))
        return;
    bh_table_model_reset(ui.model, 0);
    forget_files();
    ui.prefix = strlen(folder);
    int listed = nftw(folder, add_file, 32, FTW_PHYS);
    const char *why = strerror(errno);
    for (size_t i = 0; i < ui.count; i++)
        submit(ui.files[i]);
    bh_table_model_reset(ui.model, (int)ui.count);
    show_state();
    if (listed)
        bh_set_string(ui.summary, "text", why);
    bh_free(folder);
}

static void on_start(void *user)
{
    (void)user;
    if (ui.ended == ui.count) {
        start();
        return;
    }
    ui.stopping = true;
    for (size_t i = 0; i < ui.count; i++)
        if (ui.files[i]->future)
            bh_future_cancel(ui.files[i]->future);
    show_state();
}

static void on_chosen(void *user, const char *const *paths)
{
    (void)user;
    if (!paths[0])
        return;
    bh_set_string(ui.folder, "text", paths[0]);
    start();
}

static void on_choose(void *user)
{
    char *folder = NULL;
    (void)user;
    if (bh_get_string(ui.folder, "text", &folder) == BH_OK)
        bh_file_dialog(ui.window, BH_FILE_FOLDER, "Choose a folder", folder, NULL, on_chosen, NULL);
    bh_free(folder);
}

/* --- the window */

static bh_object *add(bh_object *layout, const char *class_name, const char *text, int stretch)
{
    bh_object *made = bh_create(class_name, ui.window);
    if (text)
        bh_set_string(made, "text", text);
    bh_layout_add_widget(layout, made, stretch);
    return made;
}

static void make_window(const char *folder)
{
    ui.window = bh_create("QWidget", NULL);
    bh_object *column = bh_create("QVBoxLayout", ui.window), *top = bh_create("QHBoxLayout", NULL),
              *bottom = bh_create("QHBoxLayout", NULL);
    bh_layout_add_layout(column, top, 0);
    bh_object *label = add(top, "QLabel", "&Folder", 0);
    ui.folder = add(top, "QLineEdit", folder, 1);
    ui.choose = add(top, "QPushButton", "&Choose…", 0);
    ui.start = add(top, "QPushButton", "&Start", 0);
    bh_label_set_buddy(label, ui.folder);
    bh_object *view = add(column, "QTableView", NULL, 1);
    ui.model = bh_table_model_create(&table, 0, view, NULL);
    bh_table_view_set_model(view, ui.model);
    static const int widths[] = {380, 90, 110};
    for (int i = 0; i < 3; i++)
        bh_table_view_set_column_width(view, i, widths[i]);
    bh_set_bool(bh_find(view, NULL, "QHeaderView"), "stretchLastSection", true);
    bh_set_bool(view, "alternatingRowColors", true);
    bh_set_bool(view, "showGrid", false);
    bh_set_enum(view, "selectionBehavior", "SelectRows");
    bh_set_enum(view, "textElideMode", "ElideMiddle");
    bh_layout_add_layout(column, bottom, 0);
    ui.summary = add(bottom, "QLabel", "", 1);
    ui.bar = add(bottom, "QProgressBar", NULL, 1);
    bh_set_string(ui.window, "windowTitle", "Checksums");
    bh_set_size(ui.window, "size", BH_SIZE(860, 520));
    bh_connect(ui.start, "clicked", BH_CALLBACK(on_start), NULL, NULL);
    bh_connect(ui.choose, "clicked", BH_CALLBACK(on_choose), NULL, NULL);
    bh_connect(ui.folder, "returnPressed", BH_CALLBACK(on_start), NULL, NULL);
}

int main(int argc, char **argv)
{
    bh_main_guard(argc, argv, functions);
    if (!bh_app_create(argc, argv))
        return 1;
    ui.pool =
        bh_process_pool_create(&(bh_process_pool_options){BH_PROCESS_POOL_OPTIONS_INIT, .name = "checksums", .niceness = 10});
    make_window(argc > 1 ? argv[argc - 1] : ".");
    start();
    bh_call(ui.window, "show");
    int code = bh_app_exec();
    bh_process_pool_close(ui.pool, 1000); /* what still runs is ended */
    bh_process_pool_destroy(ui.pool);
    forget_files();
    free(ui.files);
    return code;
}
