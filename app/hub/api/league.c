/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/api/league.h"

/* Brings the league up to date while the hub serves: at once, each quarter of an hour, and when the town's day begins. */
struct _ShtLeagueClock
{
  ShtWorker *writer; /* (unowned) */
  guint timer;
};

typedef struct
{
  ShtLeagueClock *clock;
  gint64 wait_ms;
} Job;

/* What cannot be written now is written the next time. */
static gint64
renew (ShtHub *hub)
{
  g_autoptr (GError) error = NULL;
  gboolean changed;
  gint64 next;

  if (!sht_hub_renew_league (hub, &changed, &next, &error))
    g_warning ("the league: %s", error->message);
  return next - sht_hub_now (hub);
}

static gboolean on_time (gpointer data);

static void
wait (ShtLeagueClock *self, gint64 ms)
{
  self->timer = g_timeout_add ((guint) CLAMP (ms, 1, SHT_HUB_LEAGUE_MS), on_time, self);
}

static void
work (ShtHub *hub, gpointer data)
{
  Job *job = data;

  job->wait_ms = renew (hub);
}

static void
worked (gpointer data)
{
  g_autofree Job *job = data;

  wait (job->clock, job->wait_ms);
}

static gboolean
on_time (gpointer data)
{
  ShtLeagueClock *self = data;
  Job *job = g_new0 (Job, 1);

  self->timer = 0;
  job->clock = self;
  sht_worker_do (self->writer, work, worked, job);
  return G_SOURCE_REMOVE;
}

/**
 * sht_league_clock_new:
 * @desk: this thread's hub, with which the league is counted before this returns
 * @writer: where it is counted later; freed before this, so that none of its jobs is left
 *
 * Returns: (transfer full): keeps the league up to date
 */
ShtLeagueClock *
sht_league_clock_new (ShtHub *desk, ShtWorker *writer)
{
  ShtLeagueClock *self = g_new0 (ShtLeagueClock, 1);

  self->writer = writer;
  wait (self, renew (desk));
  return self;
}

void
sht_league_clock_free (ShtLeagueClock *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  g_free (self);
}
