/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What decides when something falls due: a city's table (c), or a calendar, a service and a ticket, each on its line (t). */
#include "core/clock.h"
#include "core/json.h"
#include "hub/levels/levels.h"
#include "tests/fuzz/fuzz.h"

static void
read_table (const char *text, size_t size)
{
  g_autoptr (GHashTable) services = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) json_object_unref);
  g_autoptr (GHashTable) codes = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *csv = g_strndup (text, size);
  g_autoptr (GPtrArray) changed = NULL, again = NULL;
  g_autofree char *written = NULL;

  g_hash_table_insert (services, (gpointer) "hole", sht_json_parse_object ("{\"t\":\"service\",\"id\":\"hole\"}", -1, NULL));
  g_hash_table_add (codes, (gpointer) "roads");
  changed = sht_levels_read_targets (csv, strlen (csv), &(ShtLevelsTown) { services, codes, codes }, NULL);
  if (changed == NULL)
    return;
  /* What was taken is written so that it is taken again. */
  written = sht_levels_write_targets (changed);
  again = sht_levels_read_targets (written, strlen (written), &(ShtLevelsTown) { services, codes, codes }, NULL);
  g_assert_true (again != NULL && again->len == changed->len);
}

static void
settle_ticket (const char *text, size_t size)
{
  g_autofree char *copy = g_strndup (text, size);
  g_auto (GStrv) lines = g_strsplit (copy, "\n", 3);
  g_autoptr (ShtTown) town = sht_town_new ();
  JsonObject *parts[3] = { NULL };
  g_autofree char *once = NULL, *twice = NULL;

  for (guint i = 0; lines[i] != NULL && i < G_N_ELEMENTS (parts); i++)
    parts[i] = sht_json_parse_object (lines[i], -1, NULL);
  if (parts[0] != NULL)
    sht_town_add (town, parts[0], NULL);
  if (parts[2] != NULL)
    {
      sht_clock_begin_leg (parts[2], parts[1], town);
      sht_clock_begin (parts[2], parts[1], town);
      sht_clock_step (parts[2], parts[1], SHT_STATUS_NEW, SHT_STATUS_WAITING, "resident", 1700000000000);
      sht_clock_step (parts[2], parts[1], SHT_STATUS_WAITING, SHT_STATUS_DONE, NULL, 1700000500000);
      sht_clock_step (parts[2], parts[1], SHT_STATUS_DONE, SHT_STATUS_REOPENED, NULL, 1700000900000);
      sht_clock_recorded (parts[2], SHT_STATUS_IN_PROGRESS, 1700000300000);
      sht_clock_settle (parts[2], town);
      once = sht_json_to_string (parts[2]);
      sht_clock_settle (parts[2], town);
      twice = sht_json_to_string (parts[2]);
      g_assert_cmpstr (once, ==, twice);
    }
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    g_clear_pointer (&parts[i], json_object_unref);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (size == 0)
    return 0;
  if (data[0] == 'c')
    read_table ((const char *) data + 1, size - 1);
  else
    settle_ticket ((const char *) data + 1, size - 1);
  return 0;
}
