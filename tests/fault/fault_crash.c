/* Crashes of the program: each leaves one record, wherever and however it crashes, and ends the process by its signal. Each case is a
 * process of its own: this program, called with a place and a way. */
#include "child.h"

#include "fault/crasher.h"

#include "process/crash_record.h"
#include "unit/folder.h"
#include "unit/throwing.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#if defined(__SANITIZE_ADDRESS__)
enum { SANITIZED = true };
#else
enum { SANITIZED = false };
#endif

static char folder[4096]; /* of the records */

/* --- what the child does */

static void *throw_on_thread(void *user)
{
    throw_now(user);
    return NULL;
}

/* An error of GLib's, which is fatal; without GLib the program goes on. */
static void fail_in_glib(const char *text)
{
    void *library = dlopen("libglib-2.0.so.0", RTLD_LAZY | RTLD_NOLOAD), *found = library ? dlsym(library, "g_log") : NULL;
    if (found)
        ((void (*)(const char *, int, const char *, ...))(uintptr_t)found)("Gtk", 1 << 2, "%s", text);
}

/* Ways that are C++'s, Qt's and GLib's. */
static void crash_extra(const char *how)
{
    static char text[] = "thrown by nobody";
    pthread_t thread;
    if (strcmp(how, "terminate") == 0) {
        pthread_create(&thread, NULL, throw_on_thread, text);
        pthread_join(thread, NULL);
    }
    if (strcmp(how, "pure") == 0)
        call_pure_virtual(NULL);
    if (strcmp(how, "qfatal") == 0)
        fail_in_qt(text);
    if (strcmp(how, "gfatal") == 0)
        fail_in_glib(text);
#if defined(__x86_64__)
    if (strcmp(how, "lost") == 0)
        __asm__ volatile("mov $0x1000, %rsp\n\tmov $0x1000, %rbp\n\tud2");
#endif
}

static void on_abort(int number)
{
    static const char text[] = "the handler before\n";
    ssize_t written = write(STDOUT_FILENO, text, sizeof text - 1);
    (void)written;
    (void)number;
}

static int run_child(const char *where, const char *how)
{
    static const struct rlimit small = {100, 100};
    crasher_extra = crash_extra;
    if (strcmp(where, "chained") == 0) {
        signal(SIGABRT, on_abort);
        where = "gui";
    }
    if (strcmp(where, "well") == 0) {
        if (!bh_app_create(0, NULL))
            return 1;
        bh_timer_single_shot(0, crasher_quit, NULL);
        return bh_app_exec();
    }
    if (strcmp(where, "full") == 0) { /* as a disk without room: nothing can be written beyond that */
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &small);
        where = "gui";
    }
    return crasher_run(where, how);
}

/* --- records */

static void remove_files(void)
{
    char path[8192];
    const struct dirent *entry;
    DIR *list = opendir(folder);
    while (list && (entry = readdir(list))) {
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        unlink(path);
    }
    if (list)
        closedir(list);
}

/* The one record that there is. */
static const bh__crash_record *read_the_record(void)
{
    static bh__crash_record record;
    static char text[1 << 18];
    char path[8192] = "";
    const struct dirent *entry;
    DIR *list = opendir(folder);
    while (list && (entry = readdir(list)))
        if (strstr(entry->d_name, ".crash"))
            snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    if (list)
        closedir(list);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = 0;
    fclose(file);
    assert_true(bh__crash_record_read(text, &record));
    return &record;
}

static bool has_line(const bh__crash_lines *lines, const char *part)
{
    for (int i = 0; i < lines->count; i++)
        if (strstr(lines->line[i], part))
            return true;
    return false;
}

static child crash(const char *where, const char *how)
{
    child one;
    remove_files();
    child_run(&one, where, how);
    return one;
}

/* SIGNAL 0: any. */
static const bh__crash_record *assert_one_record(const child *one, int number)
{
    if (files_with(folder, ".crash") != 1)
        print_error("%d records:\n%s\n", files_with(folder, ".crash"), one->text);
    assert_int_equal(files_with(folder, ".crash"), 1);
    const bh__crash_record *record = read_the_record();
    assert_true(record->whole);
    if (number)
        assert_int_equal(record->signal, number);
    if (!SANITIZED) { /* which ends the process itself */
        assert_true(WIFSIGNALED(one->status));
        assert_int_equal(WTERMSIG(one->status), record->signal);
    }
    assert_true(record->frame_count > 0);
    assert_true(record->module_count > 0);
    assert_true(record->registers.count > 0);
    return record;
}

/* --- tests */

static void each_place_leaves_one_record(void **state)
{
    static const char *const threads[CRASHER_PLACES] = {NULL, NULL, NULL, "bh-finalizer", NULL, NULL, NULL};
    (void)state;
    for (int i = 0; i < CRASHER_PLACES; i++) {
        child one = crash(crasher_places[i], "segv");
        const bh__crash_record *record = assert_one_record(&one, SIGSEGV);
        assert_int_equal(record->address, 0x2468);
        assert_non_null(strstr(one.text, "bulkhead: the program crashes: signal SEGV at address 0x2468 ; record: "));
        assert_true(has_line(&record->notes, "job crashing"));
        assert_true(has_line(&record->log, "debug: crasher: about to crash"));
        if (threads[i])
            assert_string_equal(record->thread_name, threads[i]);
    }
}

static void each_way_leaves_one_record(void **state)
{
    static const int signals[CRASHER_WAYS] = {SIGSEGV, SIGABRT, SIGILL, SIGTRAP, SIGFPE, SIGSEGV, SIGSEGV, 0, SIGSEGV};
    (void)state;
    for (int i = 0; i < CRASHER_WAYS; i++) {
        if (SANITIZED && strcmp(crasher_ways[i], "heap") == 0) /* AddressSanitizer ends that before it comes to a crash */
            continue;
        child one = crash("gui", crasher_ways[i]);
        assert_one_record(&one, signals[i]);
    }
}

static void a_stack_overflows_on_each_kind_of_thread(void **state)
{
    (void)state;
    for (int i = 0; i < CRASHER_PLACES; i++) {
        child one = crash(crasher_places[i], "overflow");
        const bh__crash_record *record = assert_one_record(&one, SIGSEGV);
        if (!SANITIZED)
            assert_int_equal(record->frame_count, BH__CRASH_FRAMES);
    }
}

static void two_at_once_leave_one_record(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++) {
        child one = crash(i % 2 ? "worker" : "gui", "two");
        assert_one_record(&one, SIGSEGV);
    }
}

static void cpp_and_qt_say_why(void **state)
{
    (void)state;
    child one = crash("gui", "terminate");
    assert_true(has_line(&assert_one_record(&one, SIGABRT)->log, "std::terminate: thrown by nobody"));
    one = crash("gui", "pure");
    assert_true(has_line(&assert_one_record(&one, SIGABRT)->log, "a pure virtual call"));
    one = crash("gui", "qfatal");
    assert_true(has_line(&assert_one_record(&one, SIGABRT)->log, "thrown by nobody"));
    if (!dlopen("libglib-2.0.so.0", RTLD_LAZY | RTLD_NOLOAD))
        return;
    one = crash("gui", "gfatal");
    assert_true(has_line(&assert_one_record(&one, SIGTRAP)->log, "error: Gtk: thrown by nobody"));
}

#if defined(__x86_64__)
static void a_crash_of_the_handler_leaves_one_record(void **state)
{
    (void)state;
    child one = crash("gui", "lost");
    const bh__crash_record *record = assert_one_record(&one, SIGILL);
    assert_int_equal(record->frames[0].is_return, false);
}
#endif

static void the_handler_before_goes_on_working(void **state)
{
    (void)state;
    child one = crash("chained", "abort");
    assert_one_record(&one, SIGABRT);
    assert_non_null(strstr(one.text, "the handler before\n"));
}

static void a_full_disk_costs_the_end_of_the_record_only(void **state)
{
    (void)state;
    child one = crash("full", "segv");
    assert_int_equal(files_with(folder, ".crash"), 1);
    const bh__crash_record *record = read_the_record();
    assert_int_equal(record->signal, SIGSEGV);
    assert_false(record->whole);
    assert_non_null(strstr(one.text, "there is no record"));
    if (!SANITIZED)
        assert_int_equal(WTERMSIG(one.status), SIGSEGV);
}

static void an_empty_record_is_removed(void **state)
{
    char path[8192];
    (void)state;
    child one = crash("well", "");
    assert_code(&one, 0);
    assert_int_equal(files_with(folder, ".crash"), 0);
    snprintf(path, sizeof path, "%s/20200101-000000-1.crash", folder); /* of one that was killed */
    close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    child_run(&one, "well", "");
    assert_int_equal(files_with(folder, ".crash"), 0);
}

static void without_a_folder_there_is_no_record(void **state)
{
    (void)state;
    setenv("XDG_STATE_HOME", "/proc/nowhere", 1);
    child one = crash("gui", "segv");
    assert_order(&one, "no record of a crash can be kept in '/proc/nowhere/", "there is no record");
    if (!SANITIZED)
        assert_int_equal(WTERMSIG(one.status), SIGSEGV);
}

static int group_setup(void **state)
{
    static char top[] = "/tmp/bulkhead-crash-XXXXXX";
    (void)state;
    if (!mkdtemp(top))
        return -1;
    snprintf(folder, sizeof folder, "%s/exe/crashes", top);
    *state = top;
    return 0;
}

static int setup(void **state)
{
    return setenv("XDG_STATE_HOME", *state, 1);
}

static int group_teardown(void **state)
{
    char path[4096];
    remove_files();
    rmdir(folder);
    snprintf(path, sizeof path, "%s/exe", (const char *)*state);
    rmdir(path);
    return rmdir(*state);
}

int main(int argc, char **argv)
{
    if (argc == 3)
        return run_child(argv[1], argv[2]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(each_place_leaves_one_record, setup),
        cmocka_unit_test_setup(each_way_leaves_one_record, setup),
        cmocka_unit_test_setup(a_stack_overflows_on_each_kind_of_thread, setup),
        cmocka_unit_test_setup(two_at_once_leave_one_record, setup),
        cmocka_unit_test_setup(cpp_and_qt_say_why, setup),
#if defined(__x86_64__)
        cmocka_unit_test_setup(a_crash_of_the_handler_leaves_one_record, setup),
#endif
        cmocka_unit_test_setup(the_handler_before_goes_on_working, setup),
        cmocka_unit_test_setup(a_full_disk_costs_the_end_of_the_record_only, setup),
        cmocka_unit_test_setup(an_empty_record_is_removed, setup),
        cmocka_unit_test_setup(without_a_folder_there_is_no_record, setup),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
