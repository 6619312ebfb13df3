// Calling C code so that an exception stops here.
#include "shim/guard.hpp"

#include <cstdio>

static thread_local char exception_text[256];

void bhs_note_exception(const char *text) noexcept
{
    std::snprintf(exception_text, sizeof exception_text, "%s", text);
}

static thread_local int moves;

void bhs_count_move(int by) noexcept
{
    moves += by;
}

bool bhs_is_moving(void)
{
    return moves > 0;
}

const char *bhs_exception_text(void)
{
    return exception_text;
}

bool bhs_try(void (*function)(void *), void *frame)
{
    return shim::guarded([&] { function(frame); }) == BH_OK;
}
