// What every file of the shim shares: exceptions stop here, and texts cross as UTF-8.
#pragma once

#include "base/tls.h"
#include "shim/shim.h"

#include <QObject>
#include <QString>
#include <exception>
#include <type_traits>

extern "C" void bhs_note_exception(const char *text) noexcept;
extern "C" void bhs_free_doomed(void) noexcept;

// Our calls into Qt, and handlers, on this thread's stack.
extern __thread int bhs_depth BH__TLS;

namespace shim {

// Runs F, which runs an event loop; an exception becomes BH_ERROR_EXCEPTION with its text noted.
template <class F> bh_status looped(F f) noexcept
{
    try {
        f();
        return BH_OK;
    } catch (const std::exception &e) {
        bhs_note_exception(e.what());
    } catch (...) {
        bhs_note_exception("an exception that is no std::exception");
    }
    return BH_ERROR_EXCEPTION;
}

// The same for any other F.
template <class F> bh_status guarded(F f) noexcept
{
    bhs_depth++;
    const bh_status status = looped(f);
    if (--bhs_depth == 0)
        bhs_free_doomed();
    return status;
}

// What F returns, or OTHERWISE after an exception.
template <class F, class T = std::invoke_result_t<F>> T attempt(F f, T otherwise = {}) noexcept
{
    guarded([&] { otherwise = f(); });
    return otherwise;
}

// guarded for F that puts a widget elsewhere: Qt's containers are half changed while it sends its events.
template <class F> bh_status moved(F f) noexcept
{
    bh__on_move_begins();
    const bh_status status = guarded(f);
    bh__on_move_ends();
    return status;
}

// The same thing under its other name: what C calls a bhs_timer is a Timer here.
template <class T, class O> inline T *alias(O *pointer)
{
    return reinterpret_cast<T *>(pointer);
}
inline QObject *qt(bhs_object *object)
{
    return reinterpret_cast<QObject *>(object);
}
inline const QObject *qt(const bhs_object *object)
{
    return reinterpret_cast<const QObject *>(object);
}
inline bhs_object *c(const QObject *object)
{
    return reinterpret_cast<bhs_object *>(const_cast<QObject *>(object));
}
// The caller has checked the class.
template <class T, class O> inline T *as(O *object)
{
    return static_cast<T *>(qt(object));
}
inline const QMetaObject *qt(const bhs_meta *meta)
{
    return reinterpret_cast<const QMetaObject *>(meta);
}
inline const bhs_meta *c(const QMetaObject *meta)
{
    return reinterpret_cast<const bhs_meta *>(meta);
}
inline QString text(const char *utf8)
{
    return QString::fromUtf8(utf8);
}

// An object made by us tells the core at the very beginning of its destruction, while it is still whole.
template <class T> class Owned : public T {
  public:
    using T::T;
    ~Owned() override
    {
        bh__object_gone(c(this));
    }
};

} // namespace shim
