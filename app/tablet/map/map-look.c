/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/map/map-look.h"

#include "tablet/map/affine.h"

#include <math.h>

/* Side of the grid in which tickets are gathered, and the distance at which signs would lie on each other, logical pixels. */
#define CELL_PX 64.0
#define REACH_PX 44.0
#define MAPPED_BYTES 1073741824
/* Small things are thinned out rather than counted. */
#define STUB_CELL_PX 12.0

/**
 * sht_map_look_new:
 * @path: (nullable): the store's file
 * @db: (transfer full) (nullable): a handle on it that nobody else uses
 * @box: where to look
 * @zoom: a whole zoom level
 * @known: (nullable): an earlier look in the same box that still holds: it is only gathered anew
 *
 * Returns: (transfer full): a look that finds nothing until it is run
 */
ShtMapLook *
sht_map_look_new (const char *path, ShtDb *db, const ShtWorldBox *box, int zoom, const ShtMapLook *known)
{
  ShtMapLook *look = g_new0 (ShtMapLook, 1);

  look->path = g_strdup (path);
  look->db = db;
  look->box = *box;
  look->zoom = zoom;
  if (known != NULL && known->zoom >= 0)
    {
      look->tickets = g_array_ref (known->tickets);
      look->stubs = g_array_ref (known->stubs);
    }
  else if (zoom < 0)
    {
      look->tickets = g_array_new (FALSE, FALSE, sizeof (ShtSpot));
      look->stubs = g_array_new (FALSE, FALSE, sizeof (ShtSpot));
      look->clusters = g_array_new (FALSE, FALSE, sizeof (ShtCluster));
      look->stub_dots = g_array_new (FALSE, FALSE, sizeof (ShtCluster));
    }
  return look;
}

void
sht_map_look_free (ShtMapLook *look)
{
  GArray **const arrays[] = { &look->tickets, &look->stubs, &look->clusters, &look->stub_dots };

  for (guint i = 0; i < G_N_ELEMENTS (arrays); i++)
    g_clear_pointer (arrays[i], g_array_unref);
  g_clear_pointer (&look->db, sht_db_close);
  g_free (look->path);
  g_free (look);
}

/* A look fetches a few columns of very many rows: mapped, their pages are not copied first. A store never shrinks (nothing
 * vacuums it in place), so no page of the map can be gone. */
static gboolean
open_store (ShtMapLook *look, GError **error)
{
  look->db = sht_db_open (look->path, TRUE, NULL, error);
  return look->db != NULL && sht_db_exec (look->db, "PRAGMA mmap_size=" G_STRINGIFY (MAPPED_BYTES), error);
}

static gboolean
read_spots (ShtMapLook *look, GError **error)
{
  if (look->db == NULL && !open_store (look, error))
    return FALSE;
  look->tickets = sht_spots_of_tickets (look->db, &look->box, look->finished, error);
  if (look->tickets != NULL)
    look->stubs = look->others ? sht_spots_of_stubs (look->db, &look->box, error)
                               : g_array_new (FALSE, FALSE, sizeof (ShtSpot));
  return look->stubs != NULL;
}

static GArray *
gather (GArray *spots, double cell_px, double reach_px, int zoom, gint64 now_ms)
{
  double side = SHT_WORLD_TILE * exp2 (zoom);

  return sht_spots_cluster ((const ShtSpot *) (gpointer) spots->data, spots->len, cell_px / side, reach_px / side, now_ms);
}

/** sht_map_look_now: Returns: the hub's time, milliseconds since 1970 UTC, by which something is late */
gint64
sht_map_look_now (const ShtMapLook *look)
{
  return g_get_real_time () / 1000 + look->clock_offset;
}

/**
 * sht_map_look_run:
 *
 * Looks. Any thread.
 */
gboolean
sht_map_look_run (ShtMapLook *look, GError **error)
{
  if (look->tickets == NULL && !read_spots (look, error))
    return FALSE;
  look->clusters = gather (look->tickets, CELL_PX, REACH_PX, look->zoom, sht_map_look_now (look));
  look->stub_dots = gather (look->stubs, STUB_CELL_PX, STUB_CELL_PX, look->zoom, sht_map_look_now (look));
  return TRUE;
}
