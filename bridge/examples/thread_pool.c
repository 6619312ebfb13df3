/* Primes up to twenty million, counted on all cores while the window stays alive. */
#include <bulkhead/qt.h>
#include <stdio.h>

enum { CHUNKS = 200, CHUNK_SIZE = 100000 };

static struct chunk {
    int first, found;
} chunks[CHUNKS];

static struct {
    bh_object *window, *bar, *result;
    int done, found;
} ui;

static bool is_prime(int number)
{
    for (int divisor = 2; divisor <= number / divisor; divisor++)
        if (number % divisor == 0)
            return false;
    return number >= 2;
}

static bh_status on_counted(void *user) /* on the GUI thread */
{
    char text[64];
    struct chunk *chunk = user;
    ui.found += chunk->found;
    ui.done++;
    snprintf(text, sizeof text, "%d primes so far", ui.found);
    bh_set_int(ui.bar, "value", ui.done);
    return bh_set_string(ui.result, "text", text);
}

static bh_status count(void *user) /* on a thread of the pool: no widgets here */
{
    struct chunk *chunk = user;
    for (int number = chunk->first; number < chunk->first + CHUNK_SIZE; number++)
        chunk->found += is_prime(number);
    return bh_post(ui.window, on_counted, chunk, NULL);
}

static void make_window(void)
{
    ui.window = bh_create("QWidget", NULL);
    bh_object *layout = bh_create("QVBoxLayout", ui.window);
    bh_set_string(ui.window, "windowTitle", "Primes");
    ui.result = bh_create("QLabel", ui.window);
    ui.bar = bh_create("QProgressBar", ui.window);
    bh_set_int(ui.bar, "maximum", CHUNKS);
    bh_layout_add_widget(layout, ui.result, 1);
    bh_layout_add_widget(layout, ui.bar, 0);
    bh_call(ui.window, "show");
}

int main(int argc, char **argv)
{
    if (!bh_app_create(argc, argv))
        return 1;
    make_window();
    bh_thread_pool *pool = bh_thread_pool_create("primes", 0);
    for (int i = 0; i < CHUNKS; i++) {
        chunks[i].first = i * CHUNK_SIZE;
        bh_thread_pool_start(pool, count, &chunks[i], NULL, 0, NULL);
    }
    int code = bh_app_exec();
    bh_thread_pool_clear(pool); /* what has not begun; what has, is waited for */
    if (bh_thread_pool_wait_for_done(pool, 2000) == BH_OK)
        bh_thread_pool_destroy(pool);
    return code;
}
