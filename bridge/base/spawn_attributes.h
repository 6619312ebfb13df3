/* How every process that we start begins: with no signal blocked and none ignored or handled, as a program expects them. */
#ifndef BASE_SPAWN_ATTRIBUTES_H
#define BASE_SPAWN_ATTRIBUTES_H

#include <signal.h>
#include <spawn.h>
#include <stdbool.h>

/* Makes them; GROUP: in a process group of its own. An errno, and nothing made; or 0: posix_spawnattr_destroy. */
static inline int bh__spawn_attributes(posix_spawnattr_t *out, bool group)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int error = posix_spawnattr_init(out);
    if (error)
        return error;
    error = posix_spawnattr_setsigmask(out, &none);
    error = error ? error : posix_spawnattr_setsigdefault(out, &all);
    error = error ? error : posix_spawnattr_setpgroup(out, 0);
    int flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | (group ? POSIX_SPAWN_SETPGROUP : 0);
    error = error ? error : posix_spawnattr_setflags(out, (short)flags);
    if (error)
        posix_spawnattr_destroy(out);
    return error;
}

#endif
