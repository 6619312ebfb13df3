/* For tests of refusals by calls that need the application. */
#ifndef TEST_REFUSED_H
#define TEST_REFUSED_H

#include "heard.h"

#include <bulkhead/qt.h>

/* For setup and teardown of each test. */
static inline int with_app(void **state)
{
    (void)state;
    forget_heard();
    bh_set_error_hook((bh_error_hook){hear, NULL});
    return bh_app_create(0, NULL) ? 0 : -1;
}

static inline int without_app(void **state)
{
    (void)state;
    return bh_app_destroy() ? -1 : 0;
}

#endif
