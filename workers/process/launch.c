/* The words of a launcher, and whether its program is there. No shell is asked: what it would expand stands for itself. */
#include "process/launch.h"

#include "base/memory.h"
#include "base/status.h"
#include "process/spawn.h"

#include <bulkhead/process_pool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_TEXT = 4096 };

/* Reads one word at *AT to OUT, which has room for all of the rest. False: a quote or a backslash has no end. */
static bool read_word(const char **at, char **out)
{
    char quote = 0;
    const char *from = *at;
    for (; *from && (quote || !strchr(" \t\n", *from)); from++) {
        bool escapes = *from == '\\' && quote != '\'' && (!quote || from[1] == '"' || from[1] == '\\');
        if (escapes && !from[1])
            return false;
        if (escapes)
            *(*out)++ = *++from;
        else if (quote ? *from == quote : *from == '"' || *from == '\'')
            quote = quote ? 0 : *from;
        else
            *(*out)++ = *from;
    }
    *(*out)++ = 0;
    *at = from;
    return !quote;
}

static bh_status split(const char *text, const char *call, char **words, char *bytes, size_t *count)
{
    const char *at = text;
    while (*(at += strspn(at, " \t\n"))) {
        if (*count == BH__LAUNCH_WORDS)
            return bh__fail(BH_ERROR_FORMAT, call, "launch has more than %d words", BH__LAUNCH_WORDS);
        words[(*count)++] = bytes;
        if (!read_word(&at, &bytes))
            return bh__fail(BH_ERROR_FORMAT, call, "launch is '%.200s': a quote or a backslash has no end", text);
    }
    words[*count] = NULL;
    if (*count == 0 || !words[0][0])
        return bh__fail(BH_ERROR_FORMAT, call, "launch is '%.200s': it names no program; \"nice -n 5\" is one", text);
    return BH_OK;
}

bh_status bh__launch_split(const char *text, const char *call, char ***words, size_t *count)
{
    *words = NULL;
    *count = 0;
    size_t size = strlen(text) + 1;
    if (size > MOST_TEXT)
        return bh__fail(BH_ERROR_FORMAT, call, "launch has %zu bytes: at most %d", size - 1, MOST_TEXT - 1);
    size_t before = (BH__LAUNCH_WORDS + 1) * sizeof(char *);
    char **made = bh__malloc(before + 2 * size); /* a word has at most as many bytes as its text, and a 0 */
    if (!made)
        return bh__fail(BH_ERROR_MEMORY, call, "no memory for the words of the launcher");
    bh_status status = split(text, call, made, (char *)made + before, count);
    if (!status) {
        *words = made;
        return BH_OK;
    }
    *count = 0;
    bh__free(made);
    return status;
}

static bool is_program(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0 && S_ISREG(facts.st_mode) && access(path, X_OK) == 0;
}

bh_status bh__launch_find(const char *program, const char *call)
{
    char path[MOST_TEXT + 256];
    if (strchr(program, '/'))
        return is_program(program) ? BH_OK : bh__fail(BH_ERROR_IO, call, "there is no program '%.200s' that can be run", program);
    const char *list = getenv("PATH");
    for (const char *at = list ? list : "/usr/bin:/bin"; at; at = strchr(at, ':') ? strchr(at, ':') + 1 : NULL) {
        int length = (int)strcspn(at, ":"); /* 0: the working folder */
        int size = snprintf(path, sizeof path, "%.*s%s%s", length, at, length ? "/" : "", program);
        if (size < (int)sizeof path && is_program(path))
            return BH_OK;
    }
    return bh__fail(BH_ERROR_IO, call, "there is no program '%.200s' in PATH that can be run", program);
}

bh_status(bh_process_pool_check_launch)(const char *launch)
{
    static const char call[] = "bh_process_pool_check_launch";
    char **words;
    size_t count;
    if (!launch)
        return bh__fail(BH_ERROR_NULL, call, "launch is NULL: pass the words of a launcher, or \"\" for none");
    if (!launch[strspn(launch, " \t\n")])
        return BH_OK;
    bh_status status = bh__launch_split(launch, call, &words, &count);
    if (!status)
        status = bh__launch_find(words[0], call);
    bh__free(words);
    return status;
}
