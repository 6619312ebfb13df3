/* The queue of a pool: order, seats, what is taken back, and many threads at it. */
#include "base/memory.h"
#include "base/work.h"

#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
// cmocka.h needs those above
#include <cmocka.h>

static bh__work_queue queue;

static int setup(void **state)
{
    (void)state;
    bh__work_init(&queue);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    bh__work_deinit(&queue);
    return 0;
}

static bh_status nothing(void *user)
{
    (void)user;
    return BH_OK;
}

static bh__work numbered(intptr_t number)
{
    return (bh__work){nothing, (void *)number, NULL, NULL};
}

/* Returns whether a thread is wanted. */
static bool add(int priority, intptr_t number)
{
    bool wanted = false;
    bh__work item = numbered(number);
    assert_true(bh__work_add(&queue, priority, &item, &wanted));
    if (wanted)
        bh__work_brought(&queue);
    return wanted;
}

static void assert_next(intptr_t number)
{
    bh__work item;
    assert_true(bh__work_next(&queue, &item));
    assert_int_equal((intptr_t)item.user, number);
}

static void assert_no_next(void)
{
    bh__work item;
    assert_false(bh__work_next(&queue, &item));
}

static void higher_priorities_first_and_each_in_order(void **state)
{
    enum { EACH = 1000 };
    static const int priorities[] = {0, INT_MIN, 7, INT_MAX, -1};
    static const int sorted[] = {3, 2, 0, 4, 1};
    (void)state;
    for (intptr_t i = 0; i < EACH; i++)
        for (int p = 0; p < 5; p++)
            assert_false(add(priorities[p], p * EACH + i));
    assert_int_equal(bh__work_allow(&queue, 1), 1);
    for (int p = 0; p < 5; p++)
        for (intptr_t i = 0; i < EACH; i++)
            assert_next(sorted[p] * EACH + i);
    assert_no_next();
}

static void seats_are_taken_and_left(void **state)
{
    (void)state;
    assert_int_equal(bh__work_allow(&queue, 2), 0);
    assert_true(add(0, 1));
    assert_true(add(0, 2));
    assert_false(add(0, 3));
    assert_int_equal(bh__work_present(&queue), 0); /* both are on their way */
    assert_next(1);
    assert_next(2);
    assert_int_equal(bh__work_present(&queue), 2);
    assert_int_equal(bh__work_allow(&queue, 2), 1); /* more seats than items */
    assert_int_equal(bh__work_present(&queue), 3);
    assert_int_equal(bh__work_allow(&queue, -3), 0);
    assert_no_next(); /* too many are at it */
    assert_no_next();
    assert_next(3);
    assert_no_next();
    assert_int_equal(bh__work_present(&queue), 0);
    assert_true(add(0, 4));
}

static void who_looks_on_gets_the_next_one(void **state)
{
    (void)state;
    bh__work_allow(&queue, 3);
    assert_true(add(0, 1));
    assert_next(1);
    queue.looking_on = true; /* what it is for some microseconds */
    assert_int_equal(bh__work_present(&queue), 0);
    assert_false(add(0, 2));
    assert_true(add(0, 3)); /* and no more than one */
    queue.looking_on = false;
    assert_next(3);
    assert_next(2);
    assert_int_equal(bh__work_present(&queue), 2);
    bh__work_look_on(&queue);
    assert_false(queue.looking_on);
    assert_no_next();
    assert_no_next();
}

static void what_a_thread_comes_for_goes_first(void **state)
{
    (void)state;
    bh__work_allow(&queue, 1);
    assert_true(add(-9, 1));
    assert_false(add(INT_MAX, 2));
    assert_next(1);
    assert_next(2);
    assert_no_next();
}

static void items_are_taken_back_once(void **state)
{
    bh__work_ticket tickets[3] = {{NULL}};
    bh__work item;
    bool wanted;
    (void)state;
    for (intptr_t i = 0; i < 3; i++) {
        item = numbered(i);
        item.ticket = &tickets[i];
        assert_true(bh__work_add(&queue, 0, &item, &wanted));
    }
    assert_true(bh__work_take(&queue, &tickets[1], &item));
    assert_int_equal((intptr_t)item.user, 1);
    assert_false(bh__work_take(&queue, &tickets[1], &item));
    assert_int_equal(bh__work_allow(&queue, 5), 2); /* an empty place wants no thread */
    assert_next(0);
    assert_false(bh__work_take(&queue, &tickets[0], &item));
    assert_true(bh__work_pop(&queue, &item));
    assert_int_equal((intptr_t)item.user, 2);
    assert_false(bh__work_pop(&queue, &item));
    assert_no_next();
    assert_no_next();
}

static void without_a_thread_it_is_withdrawn(void **state)
{
    bh__work one = numbered(1);
    (void)state;
    bh__work_allow(&queue, 1);
    assert_true(add(3, 1));
    bh__work_leave(&queue);
    assert_true(bh__work_withdraw(&queue, &one));
    assert_false(bh__work_withdraw(&queue, &one));
    assert_true(add(3, 1)); /* the seat is free again */
    assert_next(1);
    assert_false(bh__work_withdraw(&queue, &one));
    assert_no_next();
}

static void without_memory_nothing_is_added(void **state)
{
    bh__work item = numbered(1);
    bool wanted = true;
    (void)state;
    bh__work_allow(&queue, 1);
    for (int nth = 1; nth <= 3; nth++) { /* the first chunk, a second priority, its chunk */
        bh__fail_allocation(nth == 1 ? 1 : nth - 1);
        assert_false(bh__work_add(&queue, nth, &item, &wanted));
        assert_false(wanted);
        bh__fail_allocation(0);
        if (nth == 1) {
            assert_true(add(0, 0));
            assert_false(add(0, 1));
        }
    }
    assert_next(0);
    assert_next(1);
    assert_no_next();
}

/* --- many threads */

enum { ADDERS = 3, EACH = 20000, SEATS = 2 };

static atomic_int ran;
static atomic_bool over;
static pthread_t runners[ADDERS * EACH];
static atomic_int runner_count;

static void *run_all(void *user)
{
    bh__work item;
    (void)user;
    while (bh__work_next(&queue, &item)) {
        atomic_fetch_add(&ran, 1);
        bh__work_look_on(&queue);
    }
    return NULL;
}

static void *add_all(void *user)
{
    for (int i = 0; i < EACH; i++) {
        bh__work item = numbered(i);
        bool wanted;
        assert_true(bh__work_add(&queue, i % 2 ? 0 : (int)(intptr_t)user, &item, &wanted));
        if (!wanted)
            continue;
        assert_true(bh__work_present(&queue) <= SEATS);
        pthread_create(&runners[atomic_fetch_add(&runner_count, 1)], NULL, run_all, NULL);
        bh__work_brought(&queue);
    }
    return NULL;
}

static void *take_some(void *user)
{
    int *taken = user;
    bh__work item;
    while (!atomic_load(&over)) {
        *taken += bh__work_pop(&queue, &item);
        sched_yield();
    }
    return NULL;
}

static void many_threads_run_each_item_once(void **state)
{
    pthread_t adders[ADDERS], taker;
    int taken = 0;
    (void)state;
    bh__work_allow(&queue, SEATS);
    assert_int_equal(pthread_create(&taker, NULL, take_some, &taken), 0);
    for (intptr_t i = 0; i < ADDERS; i++)
        assert_int_equal(pthread_create(&adders[i], NULL, add_all, (void *)i), 0);
    for (int i = 0; i < ADDERS; i++)
        pthread_join(adders[i], NULL);
    bh__work_settle(&queue);
    for (int i = 0; i < atomic_load(&runner_count); i++)
        pthread_join(runners[i], NULL);
    atomic_store(&over, true);
    pthread_join(taker, NULL);
    assert_int_equal(atomic_load(&ran) + taken, ADDERS * EACH);
    assert_int_equal(bh__work_present(&queue), 0);
    assert_true(add(0, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(higher_priorities_first_and_each_in_order, setup, teardown),
        cmocka_unit_test_setup_teardown(seats_are_taken_and_left, setup, teardown),
        cmocka_unit_test_setup_teardown(who_looks_on_gets_the_next_one, setup, teardown),
        cmocka_unit_test_setup_teardown(what_a_thread_comes_for_goes_first, setup, teardown),
        cmocka_unit_test_setup_teardown(items_are_taken_back_once, setup, teardown),
        cmocka_unit_test_setup_teardown(without_a_thread_it_is_withdrawn, setup, teardown),
        cmocka_unit_test_setup_teardown(without_memory_nothing_is_added, setup, teardown),
        cmocka_unit_test_setup_teardown(many_threads_run_each_item_once, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
