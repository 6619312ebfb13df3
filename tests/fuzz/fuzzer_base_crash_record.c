/* Records of crashes, which may have been written by a process with a damaged memory. */
#include "process/crash_record.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bh__crash_record record;
    static const char first[] = "bulkhead-crash 1\n";
    char out[512];
    uint64_t place;
    char *text = malloc(sizeof first + size);
    if (!text)
        return 0;
    memcpy(text, first, sizeof first - 1);
    memcpy(text + sizeof first - 1, data, size);
    text[sizeof first - 1 + size] = 0;
    if (bh__crash_record_read(text, &record))
        bh__crash_print_frames(&record, out, sizeof out);
    for (int i = 0; i < record.frame_count; i++) {
        const bh__crash_module *module = bh__crash_module_of(&record, &record.frames[i], &place);
        if (module && !module->path[0])
            abort();
    }
    free(text);
    return 0;
}
