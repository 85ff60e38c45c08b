/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Another system's list of requests. What it is made into is good enough for the hub's own parser. */
#include "hub/import/open311.h"
#include "tests/fuzz/fuzz.h"

static gboolean
take (gpointer unused, const char *json, GError **error)
{
  g_autoptr (JsonObject) entity = sht_json_parse_object (json, -1, NULL);

  g_assert_nonnull (sht_json_string (entity, "t"));
  g_assert_nonnull (sht_json_string (entity, "id"));
  return TRUE;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  ShtOpen311Options options = { .jurisdiction = "town", .crew = "r1", .known_services = known };
  g_auto (ShtOpen311Report) report = { 0 };

  if (sht_open311_import (bytes, &options, take, NULL, &report, NULL))
    g_assert_cmpuint (report.tickets, <=, report.rows);
  return 0;
}
