/* Numbers that Qt itself does not check and that would crash it or take all memory: its release builds leave out the assertions. */
#ifndef CORE_LIMITS_H
#define CORE_LIMITS_H

#include "shim/shim.h"

enum { BH__LIMIT_SIZE = 128 };

/* True if property NAME of OBJECT must not be set to VALUE; WHY (BH__LIMIT_SIZE) says how far it goes. */
bool bh__property_exceeds(const bhs_object *object, const char *name, int64_t value, char *why);

/* True if NAME runs an event loop until somebody has answered. */
bool bh__call_loops(const char *name);

/* True if NAME inserts, removes or moves rows or columns that are not there, or more than can be. */
bool bh__call_exceeds(bhs_object *object, const char *name, int count, const bh_value *arguments, char *why);

#endif
