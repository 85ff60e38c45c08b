/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-figures hub DATABASE | tablet STORE: milliseconds of a bare count of the journeys' events and of the figures of a
 * dashboard, in turns over one store: a line `count MS`, a line `figures MS`, and for the curious one `BY MS` for each other way
 * of telling them apart. */
#include "core/json.h"
#include "hub/service/hub.h"
#include "hub/store/store-sqlite.h"
#include "tablet/store/store.h"

#include <stdio.h>
#include <string.h>

#define RUNS 9
/* The whole town and each department: what a manager sees in the morning. */
#define DASHBOARD SHT_DIMENSION_DEPARTMENT

static double
since (gint64 start)
{
  return (double) (g_get_monotonic_time () - start) / 1000;
}

/* The literals' addresses are the keys of their statements. */
static double
count (ShtDb *db, gboolean is_hub, gint64 *events)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;
  gboolean ok = is_hub ? sht_db_get_int (db, events, &error, "SELECT count(*) FROM entity WHERE type = 'event'", "")
                       : sht_db_get_int (db, events, &error, "SELECT count(*) FROM event", "");

  g_assert_no_error (error);
  g_assert_true (ok);
  return since (start);
}

static double
dashboard (ShtHub *hub, ShtStore *store, ShtDimension by, gsize *bytes)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtFigures) figures = hub != NULL ? sht_hub_figures (hub, NULL, NULL, sht_dimension_name (by), &error)
                                               : sht_store_figures (store, NULL, NULL, sht_dimension_name (by), &error);
  g_autofree char *json = NULL;

  g_assert_no_error (error);
  json = sht_figures_to_json (figures);
  *bytes = strlen (json);
  return since (start);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtHub) hub = NULL;
  ShtStore *store = NULL;
  gint64 events = 0;
  gsize bytes;
  ShtDb *db;

  if (argc != 3)
    return 2;
  if (g_str_equal (argv[1], "hub"))
    {
      hub = sht_hub_open (argv[2], &error);
      g_assert_no_error (error);
      db = sht_hub_sqlite_db (hub->store);
    }
  else
    {
      store = sht_store_open (argv[2], sht_store_world (), &error);
      g_assert_no_error (error);
      db = store->db;
    }
  /* Once for nothing: what is read first comes from the disk, and the town's calendars are laid out. */
  count (db, hub != NULL, &events);
  dashboard (hub, store, DASHBOARD, &bytes);
  for (guint run = 0; run < RUNS; run++)
    {
      printf ("count %.2f\n", count (db, hub != NULL, &events));
      printf ("figures %.2f\n", dashboard (hub, store, DASHBOARD, &bytes));
      for (guint by = 0; by < SHT_N_DIMENSIONS; by++)
        printf ("%s %.2f\n", sht_dimension_name ((ShtDimension) by), dashboard (hub, store, (ShtDimension) by, &bytes));
    }
  printf ("events %" G_GINT64_FORMAT "\n", events);
  g_clear_pointer (&store, sht_store_close);
  return 0;
}
