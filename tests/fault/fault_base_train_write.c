/* Files of a run, when the process is killed at each step of writing them, and when the disk is full. */
#include "unit/train.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* The system calls that change files, in place of the C library's: the NTH is the last that this process begins; of a write half is done. */
static long nth, seen, full_at;

static bool is_last(void)
{
    return nth > 0 && ++seen == nth;
}

static ssize_t put(long call, int descriptor, const void *data, size_t size, off_t at)
{
    bool last = is_last();
    ssize_t done = syscall(call, descriptor, data, last ? size / 2 : size, at);
    if (last)
        kill(getpid(), SIGKILL);
    return done;
}

ssize_t write(int descriptor, const void *data, size_t size)
{
    return put(SYS_write, descriptor, data, size, 0);
}

ssize_t pwrite(int descriptor, const void *data, size_t size, off_t at)
{
    return put(SYS_pwrite64, descriptor, data, size, at);
}

/* Killed before, so that what it would have done is missing. */
static void before(void)
{
    if (is_last())
        kill(getpid(), SIGKILL);
}

int rename(const char *from, const char *to)
{
    before();
    return (int)syscall(SYS_rename, from, to);
}

int fsync(int descriptor)
{
    before();
    return (int)syscall(SYS_fsync, descriptor);
}

int fdatasync(int descriptor)
{
    before();
    return (int)syscall(SYS_fdatasync, descriptor);
}

int ftruncate(int descriptor, off_t size)
{
    before();
    return (int)syscall(SYS_ftruncate, descriptor, size);
}

static const train_case plain_case = {.name = "killed in writing",
                                      .classes = 2,
                                      .every = 3,
                                      .set = {{PARAMETER_ROUNDS, 8}, {PARAMETER_SUBSAMPLE, 0.6}, {PARAMETER_COLSAMPLE, 0.5}}};

/* What is there after a death: a whole checkpoint or none, whole lines of the curve, a whole model or none. */
static void expect_whole(const char *folder, const char *reference, long at)
{
    checkpoint state;
    curve_point points[64];
    table_error error = {.text = ""};
    bool found;
    size_t count, size;
    if (checkpoint_read(&state, folder, &found, &error))
        fail_msg("killed at step %ld: %s", at, error.text);
    assert_int_equal(curve_read(folder, 0, points, 64, &count, &error), BH_OK);
    assert_true((int)count >= (found ? state.round : 0));
    char *model = whole_file(folder, TRAINER_MODEL, &size);
    if (model && !same_model(folder, reference, TRAINER_MODEL))
        fail_msg("killed at step %ld: the model is not whole", at);
    free(model);
    checkpoint_clear(&state);
}

static void killed_at_each_step_a_run_can_be_resumed(void **state)
{
    (void)state;
    train_case it = plain_case;
    char *whole = new_folder();
    it.folder = whole;
    assert_int_equal(train_apart(&it), 0);
    bool ended = false;
    for (long at = 1; !ended; at++) {
        char *folder = new_folder();
        it.folder = folder;
        it.resume = false;
        nth = at;
        int how = train_apart(&it);
        nth = 0;
        ended = how == 0;
        if (!ended) {
            assert_true(WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL);
            expect_whole(folder, whole, at);
            it.resume = true;
            assert_int_equal(train_apart(&it), 0);
        }
        if (!same_model(whole, folder, TRAINER_MODEL))
            fail_msg("killed at step %ld and resumed: the model differs", at);
        assert_int_not_equal(access(path_in(folder, CHECKPOINT_NAME ".part"), F_OK), 0);
        drop_folder(folder);
        assert_true(!ended || at > 20); /* three checkpoints of several steps, eight rounds, a model */
    }
    drop_folder(whole);
}

/* In a child: its files may not grow beyond FULL_AT bytes. */
static int train_on_full_disk(const train_case *it, char *sentence, size_t room)
{
    int pipes[2], how = -1;
    assert_int_equal(pipe(pipes), 0);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        table_error error = {.text = ""};
        const struct rlimit limit = {(rlim_t)full_at, (rlim_t)full_at};
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &limit);
        bh_status status = train_part(it, &error);
        _exit(write(pipes[1], error.text, strlen(error.text) + 1) > 0 ? (int)status : 255);
    }
    close(pipes[1]);
    ssize_t got = read(pipes[0], sentence, room - 1);
    sentence[got > 0 ? got : 0] = 0;
    close(pipes[0]);
    assert_int_equal(waitpid(child, &how, 0), child);
    return WEXITSTATUS(how);
}

static void a_full_disk_ends_a_run_that_can_be_resumed(void **state)
{
    (void)state;
    char sentence[600];
    train_case it = plain_case;
    char *whole = new_folder();
    it.folder = whole;
    assert_int_equal(train_apart(&it), 0);
    static const long sizes[] = {30, 300, 900, 3000, 8000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char *folder = new_folder();
        it.folder = folder;
        it.resume = false;
        full_at = sizes[i];
        if (train_on_full_disk(&it, sentence, sizeof sentence) != BH_ERROR_IO)
            fail_msg("at %ld bytes: not BH_ERROR_IO, but '%s'", full_at, sentence);
        assert_non_null(strstr(sentence, "cannot write"));
        assert_non_null(strstr(sentence, folder));
        expect_whole(folder, whole, -1);
        it.resume = true;
        assert_int_equal(train_apart(&it), 0);
        assert_true(same_model(whole, folder, TRAINER_MODEL));
        drop_folder(folder);
    }
    drop_folder(whole);
}

/* A checkpoint of which a bit has changed, or the end is missing, is not taken for one. */
static void a_damaged_checkpoint_is_refused(void **state)
{
    (void)state;
    char sentence[600];
    train_case it = plain_case;
    char *folder = new_folder();
    size_t size;
    full_at = (long)RLIM_INFINITY;
    it.folder = folder;
    it.stop = 7;
    assert_int_equal(WEXITSTATUS(train_apart(&it)), BH_CANCELLED);
    char *bytes = whole_file(folder, CHECKPOINT_NAME, &size);
    it.resume = true;
    for (size_t i = 0; i < 9; i++) {
        size_t place = i * (size - 1) / 8, length = i % 2 ? place : size;
        bytes[place] ^= 4;
        const void *part = bytes;
        assert_int_equal(new_file_replace(path_in(folder, CHECKPOINT_NAME), &part, &length, 1, NULL), BH_OK);
        bytes[place] ^= 4;
        assert_int_equal(train_on_full_disk(&it, sentence, sizeof sentence), BH_ERROR_FORMAT);
        assert_non_null(strstr(sentence, "is damaged"));
    }
    free(bytes);
    drop_folder(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_at_each_step_a_run_can_be_resumed),
        cmocka_unit_test(a_full_disk_ends_a_run_that_can_be_resumed),
        cmocka_unit_test(a_damaged_checkpoint_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
