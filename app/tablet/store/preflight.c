/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/preflight.h"

#include "platform/mbtiles.h"
#include "tablet/store/clock.h"
#include "tablet/store/map-files.h"

#include <math.h>

/* A supervisor's tablet may hold a town: so many are looked up. */
#define MOST_TICKETS 2000
/* The parallels at which a web map ends. */
#define MAX_LATITUDE 85.0511287798066

typedef struct
{
  ShtMbtiles *file; /* (owned) */
  ShtMbtilesInfo info;
} Sheet;

static void
sheet_free (gpointer data)
{
  Sheet *sheet = data;

  sht_mbtiles_info_clear (&sheet->info);
  sht_mbtiles_close (sheet->file);
  g_free (sheet);
}

/* A map that cannot be read covers nothing. */
static GPtrArray *
open_sheets (ShtStore *store)
{
  GPtrArray *sheets = g_ptr_array_new_with_free_func (sheet_free);
  g_auto (GStrv) files = sht_store_map_files (store, FALSE);

  for (guint i = 0; files[i] != NULL; i++)
    {
      ShtMbtiles *file = sht_mbtiles_open (files[i], NULL);
      Sheet *sheet;

      if (file == NULL)
        continue;
      sheet = g_new0 (Sheet, 1);
      sheet->file = file;
      if (sht_mbtiles_read_info (file, &sheet->info, NULL))
        g_ptr_array_add (sheets, sheet);
      else
        sheet_free (sheet);
    }
  return sheets;
}

typedef struct
{
  char *id; /* (owned) */
  gint64 lat_e7;
  gint64 lon_e7;
} Spot;

static void
spot_free (gpointer data)
{
  Spot *spot = data;

  g_free (spot->id);
  g_free (spot);
}

static gboolean
sheet_shows (Sheet *sheet, const Spot *spot)
{
  double latitude = CLAMP ((double) spot->lat_e7 / 1e7, -MAX_LATITUDE, MAX_LATITUDE) * G_PI / 180;
  double x = (double) spot->lon_e7 / 3.6e9 + 0.5, y = 0.5 - atanh (sin (latitude)) / (2 * G_PI);

  for (int zoom = MAX (SHT_PREFLIGHT_ZOOM, sheet->info.min_zoom); zoom >= SHT_PREFLIGHT_ZOOM - SHT_PREFLIGHT_LEVELS; zoom--)
    {
      double side = (double) (1u << zoom);
      g_autoptr (GBytes) tile = NULL;

      if (zoom > sheet->info.max_zoom || zoom < sheet->info.min_zoom)
        continue;
      tile = sht_mbtiles_read (sheet->file, zoom, (guint) CLAMP (x * side, 0, side - 1), (guint) CLAMP (y * side, 0, side - 1),
                               NULL, NULL);
      if (tile != NULL)
        return TRUE;
    }
  return FALSE;
}

/* Those of the crew; who looks after more has all that are here. */
static GPtrArray *
read_spots (ShtStore *store, GError **error)
{
  g_autoptr (GPtrArray) spots = g_ptr_array_new_with_free_func (spot_free);
  const char *crew = store->device.role == SHT_ROLE_CREW ? store->device.crew : NULL;
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT id, lat_e7, lon_e7 FROM ticket WHERE open AND lat_e7 IS NOT NULL AND lon_e7 IS NOT NULL "
                                "AND (?1 IS NULL OR crew = ?1) ORDER BY open DESC, due_at, row LIMIT ?2",
                                "si", crew, (gint64) MOST_TICKETS);

  while (sht_stmt_step (stmt))
    {
      Spot *spot = g_new0 (Spot, 1);

      spot->id = sht_stmt_dup (stmt, 0);
      spot->lat_e7 = sht_stmt_int (stmt, 1);
      spot->lon_e7 = sht_stmt_int (stmt, 2);
      g_ptr_array_add (spots, spot);
    }
  return sht_stmt_end (stmt, error) ? g_steal_pointer (&spots) : NULL;
}

static guint
count_inside (const ShtMapPackage *package, GPtrArray *spots)
{
  guint n = 0;

  if (package->max_zoom < SHT_PREFLIGHT_ZOOM - SHT_PREFLIGHT_LEVELS)
    return 0;
  for (guint i = 0; i < spots->len; i++)
    {
      const Spot *spot = g_ptr_array_index (spots, i);

      n += spot->lat_e7 >= package->south_e7 && spot->lat_e7 <= package->north_e7 && spot->lon_e7 >= package->west_e7
           && spot->lon_e7 <= package->east_e7;
    }
  return n;
}

static gboolean
choose_package (ShtStore *store, ShtPreflight *preflight, GPtrArray *outside, GError **error)
{
  g_autoptr (GPtrArray) packages = sht_store_maps (store, FALSE, error);
  guint best = 0;

  if (packages == NULL)
    return FALSE;
  for (guint i = 0; i < packages->len; i++)
    {
      ShtMapPackage *package = g_ptr_array_index (packages, i);
      guint n = package->path == NULL ? count_inside (package, outside) : 0;

      if (n > preflight->package_covers)
        {
          preflight->package_covers = n;
          best = i;
        }
    }
  if (preflight->package_covers > 0)
    preflight->package = g_ptr_array_steal_index (packages, best);
  return TRUE;
}

static gboolean
look_at_maps (ShtStore *store, ShtPreflight *preflight, GError **error)
{
  g_autoptr (GPtrArray) spots = read_spots (store, error);
  g_autoptr (GPtrArray) sheets = spots != NULL ? open_sheets (store) : NULL;
  g_autoptr (GPtrArray) outside = g_ptr_array_new ();

  if (spots == NULL)
    return FALSE;
  preflight->tickets = spots->len;
  for (guint i = 0; i < spots->len; i++)
    {
      Spot *spot = g_ptr_array_index (spots, i);
      gboolean shown = FALSE;

      for (guint s = 0; !shown && s < sheets->len; s++)
        shown = sheet_shows (g_ptr_array_index (sheets, s), spot);
      if (shown)
        continue;
      g_ptr_array_add (outside, spot);
      g_ptr_array_add (preflight->outside, g_strdup (spot->id));
    }
  return choose_package (store, preflight, outside, error);
}

/**
 * sht_store_preflight:
 *
 * Looks at all that can be looked at on this tablet; the battery is for whoever asks to add. Reads tiles: on the main thread only
 * for few tickets.
 *
 * Returns: (transfer full) (nullable): what there is to know before the shift, or %NULL with an error of the database
 */
ShtPreflight *
sht_store_preflight (ShtStore *store, GError **error)
{
  g_autoptr (ShtPreflight) preflight = g_new0 (ShtPreflight, 1);

  preflight->outside = g_ptr_array_new_with_free_func (g_free);
  preflight->enrolled = store->device.token != NULL;
  preflight->seal = store->seal != NULL ? sht_seal_get_place (store->seal) : SHT_SEAL_NONE;
  preflight->disk = sht_disk_of (store->folder);
  preflight->room = sht_store_room (store, &preflight->free_bytes);
  preflight->clock_off_ms = sht_store_clock_offset (store);
  preflight->clock_known = sht_store_get_number (store, "last_contact", 0) > 0;
  if (!sht_store_count_pending (store, &preflight->operations, &preflight->photos, &preflight->attention, error)
      || !look_at_maps (store, preflight, error))
    return NULL;
  return g_steal_pointer (&preflight);
}

void
sht_preflight_free (ShtPreflight *preflight)
{
  g_ptr_array_unref (preflight->outside);
  g_clear_pointer (&preflight->package, sht_map_package_free);
  g_free (preflight);
}

/** sht_preflight_battery_is_fine: also where there is none */
gboolean
sht_preflight_battery_is_fine (const ShtPreflight *preflight)
{
  return !preflight->battery.present || preflight->battery.charging
         || preflight->battery.percent >= SHT_PREFLIGHT_BATTERY_PERCENT;
}

gboolean
sht_preflight_clock_is_fine (const ShtPreflight *preflight)
{
  return preflight->clock_known && ABS (preflight->clock_off_ms) <= SHT_PREFLIGHT_CLOCK_MS;
}

/** sht_preflight_residents_are_safe: whether who has this tablet's disk alone cannot read what is known of residents */
gboolean
sht_preflight_residents_are_safe (const ShtPreflight *preflight)
{
  return preflight->disk == SHT_DISK_ENCRYPTED || preflight->seal == SHT_SEAL_KEYRING || preflight->seal == SHT_SEAL_DESTROYED;
}

/** sht_preflight_is_fine: whether there is nothing to do; how the tablet is set up is not a crew's to mend before a shift */
gboolean
sht_preflight_is_fine (const ShtPreflight *preflight)
{
  return preflight->outside->len == 0 && preflight->enrolled && preflight->room == SHT_ROOM_ENOUGH
         && sht_preflight_battery_is_fine (preflight) && sht_preflight_clock_is_fine (preflight)
         && preflight->operations + preflight->photos + preflight->attention == 0;
}
