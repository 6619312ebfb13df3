/* Numbers as XGBoost and files have them, with a point: the locale of a window program may know better. */
#ifndef TRAINER_PLAIN_H
#define TRAINER_PLAIN_H

#include <locale.h>

typedef struct plain {
    locale_t mine, before;
} plain;

/* For the calling thread, until plain_end. */
static inline plain plain_begin(void)
{
    plain self = {newlocale(LC_NUMERIC_MASK, "C", (locale_t)0), (locale_t)0};
    if (self.mine)
        self.before = uselocale(self.mine);
    return self;
}

static inline void plain_end(plain self)
{
    if (!self.mine)
        return;
    uselocale(self.before);
    freelocale(self.mine);
}

#endif
