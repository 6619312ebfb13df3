/* The record of a worker's crash: in the page that the worker shares with its pool, which outlives the process. */
#include "process/crash_hook.h"
#include "process/worker_side.h"

static bh__page *record_page;

/* At once, so that the pool knows the signal and the address whatever becomes of the rest. */
static void on_begun(const bh__crash_facts *facts)
{
    bh__crash *crash = &record_page->crash;
    crash->code = facts->code;
    crash->address = facts->address;
    atomic_store(&crash->signal, facts->signal);
}

void bh__worker_install_crash_record(bh__page *page)
{
    bh__crash *crash = &page->crash;
    record_page = page;
    bh__crash_sink sink = {.text = {crash->record, sizeof crash->record, &crash->used, 0}, .begun = on_begun};
    sink.quiet_sanitizer = true; /* the pool is to see the signal, as it would without one */
    bh__crash_install(&sink);
}
