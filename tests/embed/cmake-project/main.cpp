#include <bulkhead/bulkhead.h>
#include <cstdio>

int main()
{
    std::printf("%s from C++\n", bh_version());
    return 0;
}
