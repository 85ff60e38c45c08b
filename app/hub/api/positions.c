/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/api/positions.h"

/* While the hub serves: what is kept no longer goes, and with the end of a shift what supervisors were told of crews. */
struct _ShtPositionsClock
{
  ShtWorker *writer; /* (unowned) */
  guint timer;
};

static gboolean on_time (gpointer data);

static void
wait (ShtPositionsClock *self)
{
  self->timer = g_timeout_add ((guint) SHT_HUB_POSITION_MS, on_time, self);
}

/* What cannot be written now is written the next time. */
static void
work (ShtHub *hub, gpointer unused)
{
  g_autoptr (GError) error = NULL;

  if (!sht_hub_tidy_positions (hub, &error))
    g_warning ("positions: %s", error->message);
}

static void
worked (gpointer data)
{
  wait (data);
}

static gboolean
on_time (gpointer data)
{
  ShtPositionsClock *self = data;

  self->timer = 0;
  sht_worker_do (self->writer, work, worked, self);
  return G_SOURCE_REMOVE;
}

/**
 * sht_positions_clock_new:
 * @writer: where it is done, at once and each minute; freed before this, so that none of its jobs is left
 *
 * Returns: (transfer full): keeps positions as long as they may be kept, and no longer
 */
ShtPositionsClock *
sht_positions_clock_new (ShtWorker *writer)
{
  ShtPositionsClock *self = g_new0 (ShtPositionsClock, 1);

  self->writer = writer;
  on_time (self);
  return self;
}

void
sht_positions_clock_free (ShtPositionsClock *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  g_free (self);
}
