/* What the system refuses: the Nth thread, the Nth allocation, one descriptor more. Each start fails with a sentence or succeeds, and what
 * was started is told once. */
#include "base/memory.h"
#include "unit/task_work.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

/* The system's own, but that of the threads with a stack of this size it makes only so many as are allowed; below 0: all. This one is
 * called by all, as the program's names come before those of its libraries. */
enum { RARE = 2 << 20 };
static _Atomic int allowed_threads = -1;

__attribute__((visibility("default"))) int pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                                                          void *(*run)(void *), void *argument)
{
    int (*create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    *(void **)&create = dlsym(RTLD_NEXT, "pthread_create");
    size_t stack = 0;
    pthread_attr_getstacksize(attributes, &stack);
    int left = stack == RARE ? atomic_load(&allowed_threads) : -1;
    while (left > 0 && !atomic_compare_exchange_weak(&allowed_threads, &left, left - 1))
        continue;
    return left == 0 ? EAGAIN : create(thread, attributes, run, argument);
}

static void rare_stacks(bool on)
{
    static size_t usual;
    pthread_attr_t attributes;
    pthread_getattr_default_np(&attributes);
    if (on)
        pthread_attr_getstacksize(&attributes, &usual);
    pthread_attr_setstacksize(&attributes, on ? RARE : usual);
    assert_int_equal(pthread_setattr_default_np(&attributes), 0);
    pthread_attr_destroy(&attributes);
}

typedef struct brief {
    _Atomic int runs, finished;
} brief;

static bh_status run_briefly(bh_worker_context *self, void *user)
{
    (void)self;
    atomic_fetch_add(&((brief *)user)->runs, 1);
    return BH_OK;
}

static const bh_class brief_class = {BH_CLASS_INIT, .name = "Brief", .run = run_briefly};

static void on_brief_finished(void *user)
{
    atomic_fetch_add(&((brief *)user)->finished, 1);
}

static bh_worker *make_brief(brief *mine)
{
    bh_worker *worker = bh_worker_create(&brief_class, mine);
    if (worker && !bh_connect(bh_worker_object(worker), "finished", BH_CALLBACK(on_brief_finished), mine, NULL)) {
        bh_worker_destroy(worker);
        return NULL;
    }
    return worker;
}

static void the_nth_worker_without_a_thread_can_start_later(void **state)
{
    enum { MOST = 3 };
    (void)state;
    for (int allowed = 0; allowed < MOST; allowed++) {
        brief all[MOST] = {{.runs = 0}};
        bh_worker *workers[MOST];
        for (int i = 0; i < MOST; i++)
            workers[i] = make_brief(&all[i]);
        rare_stacks(true);
        atomic_store(&allowed_threads, allowed);
        int started = 0;
        while (started < MOST && bh_worker_start(workers[started]) == BH_OK)
            started++;
        atomic_store(&allowed_threads, -1);
        rare_stacks(false);
        assert_int_equal(started, allowed);
        assert_heard(BH_ERROR_SYSTEM, "fault_refused.c:");
        assert_int_equal(bh_worker_get_state(workers[started]), BH_WORKER_READY);
        /* It has not changed: it can be connected to, and started. */
        assert_non_null(
            bh_connect(bh_worker_object(workers[started]), "started", BH_CALLBACK(on_brief_finished), &all[started], NULL));
        for (int i = started; i < MOST; i++)
            assert_int_equal(bh_worker_start(workers[i]), BH_OK);
        for (int i = 0; i < MOST; i++) {
            assert_int_equal(bh_worker_wait(workers[i], PATIENCE_MS), BH_OK);
            assert_int_equal(all[i].runs, 1);
            assert_int_equal(all[i].finished, i == started ? 2 : 1);
            assert_int_equal(bh_worker_destroy(workers[i]), BH_OK);
        }
        assert_silent();
    }
}

static void a_pool_without_a_thread_refuses_and_goes_on(void **state)
{
    enum { MOST = 3 };
    (void)state;
    for (int allowed = 0; allowed < MOST; allowed++) {
        work all[MOST] = {{.runs = 0}}, after = {.runs = 0}, later = {.runs = 0};
        bh_thread_pool *mine = bh_thread_pool_create("refused", MOST);
        bh_thread_pool_set_stack_size(mine, RARE);
        atomic_store(&allowed_threads, allowed);
        int started = 0;
        for (int i = 0; i < MOST; i++) {
            gate_init(&all[i].at);
            started += (all[i].task = bh_task_start(mine, until_open, &all[i], PLAIN)) != NULL;
            wait_until(atomic_load(&all[i].runs) == (all[i].task != NULL));
        }
        assert_int_equal(started, allowed);
        assert_heard(BH_ERROR_SYSTEM, "the system gives pool 'refused' no more threads");
        /* In another pool, it is submitted later, when there is nobody to refuse to: it fails. */
        work first = {.runs = 0};
        start_with(nothing, &first, OPTIONS(.keep = true));
        after.task = bh_task_start(mine, nothing, &after, OPTIONS(.after = &first.task, .after_count = 1));
        atomic_store(&allowed_threads, -1);
        assert_non_null(bh_task_start(mine, nothing, &later, PLAIN));
        for (int i = 0; i < started; i++) {
            gate_open(&all[i].at);
            wait_done(&all[i]);
        }
        wait_done(&later);
        assert_int_equal(later.state, BH_TASK_FINISHED);
        if (after.task)
            wait_done(&after);
        wait_done(&first);
        assert_int_equal(bh_task_release(first.task), BH_OK);
        assert_int_equal(bh_thread_pool_wait_for_done(mine, PATIENCE_MS), BH_OK);
        assert_int_equal(bh_thread_pool_destroy(mine), BH_OK);
        forget_heard();
    }
}

static void a_task_that_comes_after_fails_where_there_is_no_thread(void **state)
{
    (void)state;
    work first = {.runs = 0}, after = {.runs = 0};
    bh_thread_pool *mine = bh_thread_pool_create("refused", 1);
    bh_thread_pool_set_stack_size(mine, RARE);
    start_with(until_open, &first, PLAIN);
    assert_non_null(bh_task_start(mine, nothing, &after, OPTIONS(.after = &first.task, .after_count = 1)));
    wait_until(atomic_load(&first.runs) == 1);
    atomic_store(&allowed_threads, 0);
    gate_open(&first.at);
    wait_done(&after);
    atomic_store(&allowed_threads, -1);
    assert_int_equal(after.state, BH_TASK_FAILED);
    assert_non_null(strstr(after.text, "could not start: bh_thread_pool_start: the system gives pool 'refused' no more threads"));
    assert_int_equal(after.runs, 0);
    wait_done(&first);
    assert_int_equal(bh_thread_pool_wait_for_done(mine, PATIENCE_MS), BH_OK);
    assert_int_equal(bh_thread_pool_destroy(mine), BH_OK);
}

/* --- descriptors */

static void a_thread_without_descriptors_is_refused(void **state)
{
    (void)state;
    struct rlimit before, none;
    brief mine = {.runs = 0};
    bh_worker *worker = make_brief(&mine);
    int lowest = dup(0);
    close(lowest);
    getrlimit(RLIMIT_NOFILE, &before);
    none = before;
    none.rlim_cur = (rlim_t)lowest + 2;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    forget_heard();
    bh_status status = bh_worker_start(worker);
    setrlimit(RLIMIT_NOFILE, &before);
    assert_int_equal(status, BH_ERROR_SYSTEM);
    assert_heard(BH_ERROR_SYSTEM, "too few file descriptors left");
    assert_int_equal(bh_worker_start(worker), BH_OK);
    assert_int_equal(bh_worker_wait(worker, PATIENCE_MS), BH_OK);
    assert_int_equal(mine.finished, 1);
    assert_int_equal(bh_worker_destroy(worker), BH_OK);
}

/* --- memory */

enum { MOST_ALLOCATIONS = 400 };

/* One worker from its creation to its end; true if it ran. */
static bool try_worker(brief *mine, bool *failed)
{
    bh_worker *worker = make_brief(mine);
    bool started = worker && bh_worker_start(worker) == BH_OK;
    if (started)
        assert_int_equal(bh_worker_wait(worker, PATIENCE_MS), BH_OK);
    *failed = bh__allocation_failed();
    bh__fail_allocation(0);
    while (worker && bh_worker_destroy(worker) != BH_OK)
        pump();
    return started;
}

static void a_worker_survives_each_allocation_that_fails(void **state)
{
    int n = 0;
    bool failed = true;
    for (; failed && n < MOST_ALLOCATIONS; n++) {
        brief mine = {.runs = 0};
        bh__fail_allocation(n + 1);
        bool started = try_worker(&mine, &failed);
        pump();
        assert_int_equal(mine.runs, started);
        assert_int_equal(mine.finished, started);
        without_app(state);
        with_pool(state);
    }
    assert_in_range(n, 5, MOST_ALLOCATIONS - 1);
}

typedef struct trial {
    work first, second;
    bh_task *tasks[2];
    _Atomic int group_done;
} trial;

static void on_trial_group_done(void *user, bh_task_group *group)
{
    (void)group;
    atomic_fetch_add(&((trial *)user)->group_done, 1);
}

static bh_status fail_or_not(bh_task_context *self, void *user)
{
    bh_task_progress(self, 1, "one");
    bh_task_set_result(self, user, NULL);
    return bh_task_fail(self, BH_ERROR_IO, "cannot read %s", "x");
}

/* A task, one after it, and a group of both. */
static bool try_tasks(trial *mine)
{
    const bh_task_group_options grouped = {BH_TASK_GROUP_INIT, .done = on_trial_group_done, .user = mine};
    bh_thread_pool *small = bh_thread_pool_create("small", 1);
    bh_task_group *group = small ? bh_task_group_create(&grouped) : NULL;
    if (!group)
        return bh_thread_pool_destroy(small), false;
    mine->tasks[0] = bh_task_start(small, fail_or_not, &mine->first, OPTIONS(.group = group, .keep = true));
    if (mine->tasks[0])
        mine->tasks[1] =
            bh_task_start(small, nothing, &mine->second, OPTIONS(.group = group, .after = mine->tasks, .after_count = 1));
    bh_task_group_seal(group);
    pump_until(atomic_load(&mine->group_done) == 1);
    bh_task_release(mine->tasks[0]);
    bh_task_group_destroy(group);
    assert_int_equal(bh_thread_pool_wait_for_done(small, PATIENCE_MS), BH_OK);
    assert_int_equal(bh_thread_pool_destroy(small), BH_OK);
    return true;
}

static void tasks_survive_each_allocation_that_fails(void **state)
{
    int n = 0;
    bool failed = true;
    for (; failed && n < MOST_ALLOCATIONS; n++) {
        trial mine = {.tasks = {NULL}};
        bh__fail_allocation(n + 1);
        bool made = try_tasks(&mine);
        failed = bh__allocation_failed();
        bh__fail_allocation(0);
        const work *works[2] = {&mine.first, &mine.second};
        for (int i = 0; i < 2; i++) {
            assert_int_equal(works[i]->done, mine.tasks[i] != NULL);
            assert_int_equal(works[i]->drops, mine.tasks[i] != NULL);
        }
        assert_int_equal(mine.group_done, made);
        assert_int_equal(mine.second.runs, 0);
        without_app(state);
        with_pool(state);
    }
    assert_in_range(n, 5, MOST_ALLOCATIONS - 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, with_pool, without_app)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_nth_worker_without_a_thread_can_start_later),        TEST(a_pool_without_a_thread_refuses_and_goes_on),
        TEST(a_task_that_comes_after_fails_where_there_is_no_thread), TEST(a_thread_without_descriptors_is_refused),
        TEST(a_worker_survives_each_allocation_that_fails),           TEST(tasks_survive_each_allocation_that_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
