// What the C++ files of the plug-in share: pointers back to Qt's types, texts to buffers.
#ifndef PILOT_LOOK_HPP
#define PILOT_LOOK_HPP

#include "look.h"

#include <QString>
#include <QWidget>

namespace pilot {

inline QObject *o(void *object)
{
    return static_cast<QObject *>(object);
}

inline QWidget *w(void *widget)
{
    return static_cast<QWidget *>(static_cast<QObject *>(widget));
}

inline void put(buffer *out, const QString &text)
{
    QByteArray bytes = text.toUtf8();
    buffer_put(out, bytes.constData(), static_cast<size_t>(bytes.size()));
}

// Sends an event as one that comes from outside: programs ask for that, when a window is to be closed. Qt keeps this function to itself
// and its tests; an explicit instantiation may name it.
bool send_spontaneous(QObject *receiver, QEvent *event);

QString without_mnemonic(const QString &text);

} // namespace pilot

#endif
