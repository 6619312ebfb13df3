/* Calling public slots and invokable methods of Qt by name, with typed arguments.
 *
 *     bh_call(window, "show");
 *     bh_call(status_bar, "showMessage", "Saved", 2000);
 * A method's result comes from bh_call_values.
 *
 * Overloads are chosen by the number and the types of the arguments; "setValue(int)" names one exactly. A call that fits none,
 * or more than one equally well, is refused with the signatures there are. */
#ifndef BULKHEAD_CALL_H
#define BULKHEAD_CALL_H

#include <bulkhead/callback.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Calls METHOD with COUNT arguments (at most 8). RESULT, if not NULL, gets what it returns, of the type that RESULT->type asks
 * for (RESULT->of is cleared on failure); strings, lists and fonts in it are yours: bh_free. The object's thread. What the
 * method does runs inside the call: exec() of a dialog returns when the dialog closes. */
BH_API bh_status bh_call_values(bh_object *object, const char *method, bh_value *result, int count, const bh_value *arguments);

#ifdef __cplusplus
}
template <class... A> inline bh_status bh_call_cpp(bh_object *object, const char *method, A... arguments)
{
    const bh_value values[] = {bh_value_of(arguments)..., bh_value()};
    return bh_call_values(object, method, nullptr, static_cast<int>(sizeof...(A)), values);
}
#define bh_call(...) BH_AT(bh_call_cpp(__VA_ARGS__))
#else
#define BH_CALL_2(object, method) BH_AT(bh_call_values(object, method, NULL, 0, NULL))
#define BH_CALL_N(object, method, ...) \
    BH_AT(bh_call_values(object, method, NULL, BH_COUNT(__VA_ARGS__), (const bh_value[]){BH_EACH(BH_VALUE, __VA_ARGS__)}))
#define BH_CALL_3 BH_CALL_N
#define BH_CALL_4 BH_CALL_N
#define BH_CALL_5 BH_CALL_N
#define BH_CALL_6 BH_CALL_N
#define BH_CALL_7 BH_CALL_N
#define BH_CALL_8 BH_CALL_N
#define BH_CALL_9 BH_CALL_N
#define BH_CALL_10 BH_CALL_N

/* bh_call(object, "method", arguments…): as bh_call_values, without a result. */
#define bh_call(...) BH_PASTE(BH_CALL_, BH_COUNT(__VA_ARGS__))(__VA_ARGS__)
#endif

#endif
