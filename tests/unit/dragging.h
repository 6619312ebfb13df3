/* What C cannot make: drags, drops and context menus, sent to what is at a point of the active window. */
#ifndef TEST_DRAGGING_H
#define TEST_DRAGGING_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Drags URLS (NULL-terminated) and TEXT (NULL: none) there and drops them if that is accepted; returns whether both were. */
bool drop_at(int x, int y, const char *const *urls, const char *text);

/* As the right button does. */
void ask_for_menu_at(int x, int y);

#ifdef __cplusplus
}
#endif
#endif
