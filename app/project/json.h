/* JSON as messages: what rows have in their JSON columns. */
#ifndef APP_PROJECT_JSON_H
#define APP_PROJECT_JSON_H

#include <bulkhead/message.h>

/* A JSON object as a map. MESSAGE keeps it and is yours: bh_message_destroy. False, with an empty VIEW, for what is none. */
bool json_open(const char *json, bh_message **message, bh_message_view *view);

/* The value of KEY at the top of JSON, which is valid, as a map: as json_open, but what lies behind it is not looked at. */
bool json_open_member(const char *json, const char *key, bh_message **message, bh_message_view *view);

/* The other way; yours: bh_free. NULL: no memory. */
char *json_of(bh_message *message);

#endif
