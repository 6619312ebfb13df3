/* Which start of the computer this is, on Linux. */
#include "store/inner.h"

#include <stdio.h>
#include <string.h>

void store__boot_id(char *out, size_t size)
{
    out[0] = 0;
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
    if (!file)
        return;
    if (!fgets(out, (int)size, file))
        out[0] = 0;
    out[strcspn(out, "\n")] = 0;
    fclose(file);
}
