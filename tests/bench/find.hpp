// The widget behind an object of ours, so that C++ can be measured on the same one.
#ifndef BENCH_FIND_HPP
#define BENCH_FIND_HPP

#include "bench.h"

#include <QApplication>
#include <QWidget>
#include <bulkhead/object.h>

template <class T> T *create(const char *class_name, const char *name, bh_object **handle)
{
    *handle = bh_create(class_name, nullptr);
    bench_require(bh_set_name(*handle, name) == BH_OK, "the object has a name");
    for (QWidget *widget : QApplication::allWidgets()) {
        if (widget->objectName() == QLatin1String(name))
            return qobject_cast<T *>(widget);
    }
    bench_require(false, "the widget is among Qt's");
    return nullptr;
}

#endif
