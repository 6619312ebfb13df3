/* Requests about one row, with up to two texts: most of what a person asks for. */
#include "project/inner.h"

#include <stdlib.h>
#include <string.h>

static void drop_texts(request *asked)
{
    texts *it = asked->data;
    free(it->a);
    free(it->b);
    free(it);
}

bh_status ask_about_then(project *self, bh_status (*work)(request *asked), void (*done)(request *asked), int64_t id,
                         const char *a, const char *b)
{
    texts *it = calloc(1, sizeof *it);
    if (!it)
        return bh_report(BH_ERROR_MEMORY, "project", "no memory for a request");
    request asked = {.work = work, .done = done, .drop = drop_texts, .id = id, .data = it};
    it->a = a ? strdup(a) : NULL;
    it->b = b ? strdup(b) : NULL;
    bh_status status = keeper_ask(self, &asked);
    if (status)
        drop_texts(&asked);
    return status;
}

bh_status ask_about(project *self, bh_status (*work)(request *asked), int64_t id, const char *a, const char *b)
{
    return ask_about_then(self, work, NULL, id, a, b);
}
