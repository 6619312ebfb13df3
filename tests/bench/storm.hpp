// What both storms share: latency of the GUI thread and memory, sampled from outside while the storm rages.
//
// Every 5 ms a thread posts a plain event, which waits behind Qt's queue as a key press would. Its latency counts from
// the time at which it was due, not from the time at which it was sent, so that a sampler that was itself held up does
// not leave out the worst (coordinated omission).
#ifndef BENCH_STORM_HPP
#define BENCH_STORM_HPP

#include "bench.h"

#include <QCoreApplication>
#include <QEvent>
#include <QObject>
#include <algorithm>
#include <cstdio>
#include <functional>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

// Memory of this process that is resident now.
inline double resident_mb()
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    bench_require(file && fscanf(file, "%*d %ld", &pages) == 1, "/proc/self/statm can be read");
    fclose(file);
    return static_cast<double>(pages) * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1048576.0;
}

// What a receiver does with a message that it shows: nothing for a while.
inline void work(double seconds)
{
    if (seconds <= 0)
        return;
    const double until = bench_seconds() + seconds;
    while (bench_seconds() < until) {
    }
}

class Sampler final : public QObject { // has no signals, so it needs no moc
  public:
    // ENDED runs on the GUI thread once all samples have been taken.
    Sampler(double seconds, std::function<void()> ended) : seconds_(seconds), ended_(std::move(ended)) {}

    ~Sampler() override
    {
        if (thread_.joinable())
            thread_.join();
    }

    void start()
    {
        before_mb_ = peak_mb_ = resident_mb();
        thread_ = std::thread([this] { run(); });
    }

    bool done() const
    {
        return done_;
    }

    // Lines "name value" for bench_storm.sh. Ends the thread.
    void print()
    {
        thread_.join();
        printf("p99_ms %.3f\n", bench_percentile(latencies_.data(), latencies_.size(), 0.99) * 1e3);
        printf("max_ms %.3f\n", latencies_.back() * 1e3);
        printf("rss_mb %.3f\n", std::max(0.0, peak_mb_ - before_mb_));
    }

  protected:
    bool event(QEvent *event) override
    {
        if (event->type() != QEvent::User)
            return QObject::event(event);
        const double due = static_cast<Sample *>(event)->due;
        if (due > 0) {
            latencies_.push_back(bench_seconds() - due);
        } else {
            done_ = true;
            ended_();
        }
        return true;
    }

  private:
    struct Sample final : QEvent {
        explicit Sample(double at) : QEvent(QEvent::User), due(at) {}
        double due; // 0: the last one
    };

    void run()
    {
        const double begun = bench_seconds();
        for (int i = 1; i * 0.005 <= seconds_; i++) {
            const double due = begun + i * 0.005, now = bench_seconds();
            if (due > now)
                std::this_thread::sleep_for(std::chrono::duration<double>(due - now));
            QCoreApplication::postEvent(this, new Sample(due));
            peak_mb_ = std::max(peak_mb_, resident_mb());
        }
        QCoreApplication::postEvent(this, new Sample(0));
    }

    double seconds_;
    std::function<void()> ended_;
    std::vector<double> latencies_;
    double before_mb_ = 0, peak_mb_ = 0; // the thread's while it runs
    bool done_ = false;
    std::thread thread_;
};

#endif
