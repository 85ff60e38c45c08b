/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/api/tidy.h"

/* While the hub serves: what is kept no longer goes, and with the end of a shift what supervisors were told of crews; tickets
 * that have been over for long leave the tablets. */
struct _ShtTidyClock
{
  ShtWorker *writer; /* (unowned) */
  guint timer;
};

static gboolean on_time (gpointer data);

static void
wait (ShtTidyClock *self)
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
  g_clear_error (&error);
  if (!sht_hub_tidy_closed (hub, &error))
    g_warning ("closed tickets: %s", error->message);
}

static void
worked (gpointer data)
{
  wait (data);
}

static gboolean
on_time (gpointer data)
{
  ShtTidyClock *self = data;

  self->timer = 0;
  sht_worker_do (self->writer, work, worked, self);
  return G_SOURCE_REMOVE;
}

/**
 * sht_tidy_clock_new:
 * @writer: where it is done, at once and each minute; freed before this, so that none of its jobs is left
 *
 * Returns: (transfer full): lets go, each minute, of what has been kept long enough
 */
ShtTidyClock *
sht_tidy_clock_new (ShtWorker *writer)
{
  ShtTidyClock *self = g_new0 (ShtTidyClock, 1);

  self->writer = writer;
  on_time (self);
  return self;
}

void
sht_tidy_clock_free (ShtTidyClock *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  g_free (self);
}
