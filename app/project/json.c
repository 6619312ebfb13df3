/* JSON as messages, which need no other parser. */
#include "project/inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool json_open(const char *json, bh_message **message, bh_message_view *view)
{
    *message = NULL;
    *view = (bh_message_view){NULL};
    char *word = NULL;
    if (!json || json[0] != '{' || asprintf(&word, "it=%s", json) < 0)
        return false;
    *message = bh_message_from_words(1, &word);
    free(word);
    if (!*message)
        return false;
    if (bh_message_complete(*message, view) == BH_OK) {
        *view = bh_message_view_find(*view, "it");
        if (bh_message_view_type(*view) == BH_MESSAGE_MAP)
            return true;
    }
    bh_message_destroy(*message);
    *message = NULL;
    return false;
}

/* Behind the value, or the string, that begins at AT. */
static const char *skip(const char *at)
{
    int depth = 0;
    do {
        if (*at == '"') {
            for (at++; *at && *at != '"'; at++)
                at += *at == '\\' && at[1];
        } else {
            depth += (*at == '{' || *at == '[') - (*at == '}' || *at == ']');
        }
        at += *at != 0;
    } while (*at && (depth > 0 || !strchr(",}]:", *at)));
    return at;
}

bool json_open_member(const char *json, const char *key, bh_message **message, bh_message_view *view)
{
    size_t length = strlen(key);
    *message = NULL;
    *view = (bh_message_view){NULL};
    for (const char *at = json ? json + strcspn(json, "\"") : ""; *at == '"';) {
        const char *name = at + 1, *value = skip(at);
        if (*value != ':')
            return false;
        const char *end = skip(value + 1);
        if (strncmp(name, key, length) == 0 && name[length] == '"') {
            value += 1 + strspn(value + 1, " ");
            char *slice = strndup(value, (size_t)(end - value));
            bool opened = json_open(slice, message, view);
            free(slice);
            return opened;
        }
        at = end + strcspn(end, "\"");
    }
    return false;
}

char *json_of(bh_message *message)
{
    bh_message_view view;
    return bh_message_complete(message, &view) == BH_OK ? bh_message_view_json(view) : NULL;
}
