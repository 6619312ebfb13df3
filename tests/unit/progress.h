/* What a job has said while it runs. */
#ifndef TEST_PROGRESS_H
#define TEST_PROGRESS_H

#include <bulkhead/message.h>
#include <bulkhead/process_pool.h>

/* What its newest progress has for KEY; 0: nothing. */
static inline int64_t progress_of(bh_future *future, const char *key)
{
    bh_message_view view;
    int64_t value = 0;
    bh_message *progress = bh_message_create();
    if (bh_future_progress(future, progress) == BH_OK && bh_message_complete(progress, &view) == BH_OK)
        value = bh_message_get_int(view, key, 0);
    bh_message_destroy(progress);
    return value;
}

#endif
