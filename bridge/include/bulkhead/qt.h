/* Everything of the bridge (package bulkhead-qt). The whole library is <bulkhead/bulkhead.h>. */
#ifndef BULKHEAD_QT_H
#define BULKHEAD_QT_H

#include <bulkhead/app.h>
#include <bulkhead/call.h>
#include <bulkhead/callback.h>
#include <bulkhead/class.h>
#include <bulkhead/connect.h>
#include <bulkhead/event.h>
#include <bulkhead/introspect.h>
#include <bulkhead/item.h>
#include <bulkhead/layout.h>
#include <bulkhead/log.h>
#include <bulkhead/mailbox.h>
#include <bulkhead/object.h>
#include <bulkhead/painter.h>
#include <bulkhead/property.h>
#include <bulkhead/status.h>
#include <bulkhead/table_model.h>
#include <bulkhead/thread.h>
#include <bulkhead/thread_pool.h>
#include <bulkhead/timer.h>
#include <bulkhead/value.h>
#include <bulkhead/version.h>
#include <bulkhead/window.h>

#endif
