/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"
#include "tablet/sync/runner.h"

G_BEGIN_DECLS

struct _ShtSession
{
  GObject parent_instance;

  ShtStore *reader; /* (owned) */
  gint64 seen_version;
  guint look_timer;

  GThread *thread;       /* (owned) */
  GMainContext *context; /* (owned): the store thread's */
  GMainLoop *loop;       /* (owned): the store thread's */

  /* the store thread's own */
  ShtStore *store;
  ShtEngine *engine;
  ShtRunner *runner;
  ShtSending *sending; /* (owned) */
  int lock;
  GSource *lock_timer;
  GSource *indexing;
  gboolean want_offline;
  gboolean want_sparing;

  /* what the engine last told, under the mutex */
  GMutex mutex;
  ShtTouch touch;
  gint64 operations;
  gint64 photos;
  gint64 attention;
  gint64 last_contact;
  GSource *telling; /* (owned) (nullable): brings it to the main thread */
  gint64 told_at;   /* monotonic milliseconds */

  gboolean offline;
  gboolean sparing;
  GNetworkMonitor *network;    /* (unowned) */
  GPowerProfileMonitor *power; /* (owned) */
};

G_END_DECLS
