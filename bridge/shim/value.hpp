// One Qt value made from one C value, and back. May throw.
#pragma once

#include "shim/guard.hpp"

#include <QColor>
#include <QVariant>

namespace shim {

inline QColor qt(bh_color color)
{
    return QColor(color.red, color.green, color.blue, color.alpha);
}

bh_type natural_type(int id);
bool is_unsigned(int id);

// What a value of a C type becomes inside a QVariant; 0: nothing.
int variant_id(bh_type type);

// Constructs at TO. What Qt says against the value, if it says anything, is in WHY.
bh_status make_value(int id, void *to, const bh_value &value, char *why);

// An empty one for a value that does not become one of Qt's.
QVariant to_variant(const bh_value &value);

// Reads; false without memory.
bool read_value(int id, const void *from, bh_value *value);

} // namespace shim
