/* Callbacks with natural C types, checked twice: against the function when compiled, against the signal when connected.
 *
 *     static void on_progress(void *user, int percent, const char *text);
 *     bh_connect(worker, "progress", BH_CALLBACK(on_progress, int, const char *), bar, NULL);
 *
 * A function that does not take (void *, int, const char *) does not compile; a signal that is not (int, QString …) is refused
 * by bh_connect with both types in the sentence. */
#ifndef BULKHEAD_CALLBACK_H
#define BULKHEAD_CALLBACK_H

#include <bulkhead/value.h>

#define BH_MAX_ARGUMENTS 8

typedef void (*bh_function)(void);

/* A function and the tags of its parameters after `void *user`. Made by BH_CALLBACK; passed by value. */
typedef struct bh_callback {
    bh_function function;
    int count;
    bh_type types[BH_MAX_ARGUMENTS];
} bh_callback;

/* Counting and choosing by number of arguments, for the macros of this library. */
#define BH_PICK_10(a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, chosen, ...) chosen
#define BH_COUNT(...) BH_PICK_10(__VA_ARGS__, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define BH_PASTE_TOKENS(a, b) a##b
#define BH_PASTE(a, b) BH_PASTE_TOKENS(a, b)

/* clang-format off */
#define BH_EACH_1(m, x) m(x)
#define BH_EACH_2(m, x, ...) m(x), BH_EACH_1(m, __VA_ARGS__)
#define BH_EACH_3(m, x, ...) m(x), BH_EACH_2(m, __VA_ARGS__)
#define BH_EACH_4(m, x, ...) m(x), BH_EACH_3(m, __VA_ARGS__)
#define BH_EACH_5(m, x, ...) m(x), BH_EACH_4(m, __VA_ARGS__)
#define BH_EACH_6(m, x, ...) m(x), BH_EACH_5(m, __VA_ARGS__)
#define BH_EACH_7(m, x, ...) m(x), BH_EACH_6(m, __VA_ARGS__)
#define BH_EACH_8(m, x, ...) m(x), BH_EACH_7(m, __VA_ARGS__)
#define BH_EACH(m, ...) BH_PASTE(BH_EACH_, BH_COUNT(__VA_ARGS__))(m, __VA_ARGS__)
/* clang-format on */

#ifdef __cplusplus
template <class T> struct bh_exactly {
    typedef T type;
};
template <class... T> inline bh_callback bh_callback_of(typename bh_exactly<void (*)(void *, T...)>::type function)
{
    bh_callback made = {reinterpret_cast<bh_function>(function), static_cast<int>(sizeof...(T)), {}};
    const bh_type types[] = {bh_type_of<T>::tag..., BH_TYPE_VOID};
    for (unsigned i = 0; i < sizeof...(T); i++)
        made.types[i] = types[i];
    return made;
}
#define BH_CALLBACK_1(fn) bh_callback_of<>(fn)
#define BH_CALLBACK_N(fn, ...) bh_callback_of<__VA_ARGS__>(fn)
#else
#define BH_CALLBACK_1(fn) ((bh_callback){(bh_function) _Generic((fn), void (*)(void *) : (fn)), 0, {BH_TYPE_VOID}})
#define BH_CALLBACK_N(fn, ...)                                                \
    ((bh_callback){(bh_function) _Generic((fn), void (*)(void *, __VA_ARGS__) \
                                          : (fn)),                            \
                   BH_COUNT(__VA_ARGS__),                                     \
                   {BH_EACH(BH_TYPE_OF, __VA_ARGS__)}})
#endif
#define BH_CALLBACK_2 BH_CALLBACK_N
#define BH_CALLBACK_3 BH_CALLBACK_N
#define BH_CALLBACK_4 BH_CALLBACK_N
#define BH_CALLBACK_5 BH_CALLBACK_N
#define BH_CALLBACK_6 BH_CALLBACK_N
#define BH_CALLBACK_7 BH_CALLBACK_N
#define BH_CALLBACK_8 BH_CALLBACK_N
#define BH_CALLBACK_9 BH_CALLBACK_N

/* BH_CALLBACK(fn, types…): FN is `void fn(void *user, types…)`; up to 8 types of value.h. */
#define BH_CALLBACK(...) BH_PASTE(BH_CALLBACK_, BH_COUNT(__VA_ARGS__))(__VA_ARGS__)

#endif
