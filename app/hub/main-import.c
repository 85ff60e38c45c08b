/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Another system's list of requests on the command line. */
#include "hub/main-import.h"

#include "hub/import/open311.h"
#include "hub/main-levels.h"

#include <string.h>

static gboolean
know_service (gpointer data, const char *type, const char *id, gint64 number, const char *doc)
{
  /* One that an import made is sent again, so that a changed name is noticed. */
  if (strstr (doc, "\"imported\"") == NULL)
    g_hash_table_add (data, g_strdup (id));
  return TRUE;
}

static void
print_report (const ShtOpen311Report *report, const ShtHubSeedCount *count)
{
  GHashTableIter iter;
  gpointer name, times;

  g_print ("%u rows: %u tickets with %u journey entries, %u services, %u departments\n", report->rows, report->tickets,
           report->events, report->services, report->departments);
  g_print ("%u entities added, %u changed, %u as they were\n", count->added, count->changed, count->unchanged);
  g_hash_table_iter_init (&iter, report->unhomed);
  while (g_hash_table_iter_next (&iter, &name, &times))
    g_print ("no place in the model for %s (%u times): kept as it is under extra\n", (char *) name,
             GPOINTER_TO_UINT (times));
  for (guint i = 0; i < report->refused->len; i++)
    g_print ("refused: %s\n", (char *) g_ptr_array_index (report->refused, i));
}

/**
 * sht_main_import_open311:
 * @file: a list of service requests
 * @jurisdiction: (nullable): the city that it is from
 * @crew: (nullable): the crew that gets all tickets, which there is
 * @whole: (out): whether all rows were taken
 *
 * Takes the list in, and prints what came of it.
 */
gboolean
sht_main_import_open311 (ShtHub *hub, const char *file, const char *jurisdiction, const char *crew, gboolean *whole,
                         GError **error)
{
  g_autoptr (ShtHubSeeder) seeder = NULL;
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (ShtOpen311Report) report = { 0 };
  ShtOpen311Options options = { .jurisdiction = jurisdiction, .crew = crew, .known_services = known };
  ShtHubSeedCount count;
  char *contents;
  gsize length;
  g_autoptr (GBytes) bytes = NULL;

  if (!sht_main_read_file (file, &contents, &length, error))
    return FALSE;
  bytes = g_bytes_new_take (contents, length);
  if (!hub->store->driver->each_of_type (hub->store, "service", know_service, known, error))
    return FALSE;
  seeder = sht_hub_seeder_new (hub);
  if (!sht_open311_import (bytes, &options, sht_hub_seeder_add, seeder, &report, error)
      || !sht_hub_seeder_finish (seeder, &count, error))
    {
      g_prefix_error (error, "%s: ", file);
      return FALSE;
    }
  print_report (&report, &count);
  *whole = report.refused->len == 0;
  return TRUE;
}
