// The sender of the C++ peers: the same signals as the class in bench_signals_ours.c and bench_storm_ours.cpp.
#ifndef BENCH_SOURCE_HPP
#define BENCH_SOURCE_HPP

#include <QObject>
#include <QString>

class Source : public QObject {
    Q_OBJECT
  Q_SIGNALS:
    void progress(int number, const QString &text);
    void changed(int number);
    void textChanged(const QString &text);
    void finished();
};

#endif
