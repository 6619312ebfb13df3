#include <bulkhead/bulkhead.h>
#include <stdio.h>

int main(void)
{
    printf("%s, compiled with %s\n", bh_version(), BH_VERSION_STRING);
    return 0;
}
