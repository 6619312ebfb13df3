/* What C cannot do: throw, and what else only C++ can ask of Qt. */
#ifndef TEST_THROWING_H
#define TEST_THROWING_H

#ifdef __cplusplus
extern "C" {
#endif

/* Throws a std::runtime_error with TEXT, or "thrown by a test". */
void throw_now(void *text);

/* Throws what is no std::exception. */
void throw_number(void *unused);

/* Has the GUI thread's event loop throw, where no code of the library's users is near. */
void throw_in_event(void);

/* Ends the program as Qt does where it cannot go on, with TEXT; and as C++ does on a call of what a class has not defined. */
void fail_in_qt(void *text);
void call_pure_virtual(void *unused);

/* Says TEXT as a library of Qt does: level 0 debug to 3 critical. */
void say_in_qt(int level, const char *category, const char *text);

/* FN hears what Qt says from now on, as a handler of the program's own; NULL: as it was before. */
void hear_qt(void (*fn)(const char *text));

#ifdef __cplusplus
}
#endif
#endif
