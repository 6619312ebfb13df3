/* Progress of a fetch, in numbers and as a line. */
#include "jobs/fetch/fetch.h"

#include "monotonic.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double EVERY_S = 0.1, MEMORY_S = 2;

static const char *size_text(char *out, size_t size, double bytes)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
    int unit = 0;
    for (; bytes >= 1000 && unit < 4; unit++)
        bytes /= 1000;
    snprintf(out, size, "%.*f %s", unit == 0 || bytes >= 100 ? 0 : 1, bytes, units[unit]);
    return out;
}

static void line(char *out, size_t size, const fetch *f, int64_t done, double left_s, int connections)
{
    char part[32], all[32], speed[32];
    size_text(part, sizeof part, (double)done);
    size_text(speed, sizeof speed, f->rate);
    int length;
    if (f->facts.total >= 0)
        length = snprintf(out, size, "%s of %s, %s/s", part, size_text(all, sizeof all, (double)f->facts.total), speed);
    else
        length = snprintf(out, size, "%s, %s/s", part, speed);
    if (left_s >= 0)
        length += snprintf(out + length, size - (size_t)length, ", %.0f s left", ceil(left_s));
    if (connections > 1)
        snprintf(out + length, size - (size_t)length, ", %d connections", connections);
}

/* What was received lately counts more. */
static void measure(fetch *f, double now)
{
    double took = now - f->shown_at, rate = (double)(f->written - f->shown_bytes) / took;
    double weight = fmax(1 - exp(-took / MEMORY_S), took / (now - f->began));
    f->rate += weight * (rate - f->rate);
    f->shown_at = now;
    f->shown_bytes = f->written;
}

void fetch_show(fetch *f, const char *text)
{
    double now = monotonic_s();
    char own[160];
    int connections = 0;
    if (now - f->shown_at < EVERY_S)
        return;
    measure(f, now);
    for (int i = 0; i < FETCH_CONNECTIONS; i++)
        connections += f->connections[i].busy;
    int64_t done = ranges_size(&f->done);
    double left_s = f->facts.total >= 0 && f->rate > 0 ? (double)(f->facts.total - done) / f->rate : -1;
    line(own, sizeof own, f, done, left_s, connections);
    if (!f->progress && !(f->progress = bh_message_create()))
        return;
    bh_message_clear(f->progress);
    bh_message_add_int(f->progress, "done", done);
    if (f->facts.total >= 0)
        bh_message_add_int(f->progress, "total", f->facts.total);
    bh_message_add_double(f->progress, "bytes_per_s", f->rate);
    if (left_s >= 0)
        bh_message_add_double(f->progress, "eta_s", left_s);
    bh_message_add_int(f->progress, "connections", connections);
    bh_message_add_string(f->progress, "text", text ? text : own);
    bh_job_progress(f->self, f->progress);
}
