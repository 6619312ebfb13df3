/* The whole library (package bulkhead): the bridge, workers, and the life of the program. */
#ifndef BULKHEAD_BULKHEAD_H
#define BULKHEAD_BULKHEAD_H

#include <bulkhead/assert.h>
#include <bulkhead/chart.h>
#include <bulkhead/checklist.h>
#include <bulkhead/close.h>
#include <bulkhead/crash.h>
#include <bulkhead/exit_report.h>
#include <bulkhead/finalizer.h>
#include <bulkhead/main_guard.h>
#include <bulkhead/message.h>
#include <bulkhead/process_pool.h>
#include <bulkhead/qt.h>
#include <bulkhead/startup.h>
#include <bulkhead/task.h>
#include <bulkhead/watchdog.h>
#include <bulkhead/worker.h>

#endif
