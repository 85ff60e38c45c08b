/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A town's places. What they are made into is good enough for the hub's own parser, is within the earth, and is written again
 * as it was read. */
#include "core/geometry.h"
#include "core/json-guard.h"
#include "hub/import/geojson.h"
#include "tests/fuzz/fuzz.h"

static void
check_geometry (const char *json, JsonObject *place)
{
  g_autoptr (ShtGeometry) geometry = sht_geometry_read (sht_json_slice_root (json, strlen (json)));
  g_autoptr (GString) again = g_string_new ("{");
  gint64 box[4], lat = sht_json_int (place, "lat_e7", G_MAXINT64), lon = sht_json_int (place, "lon_e7", G_MAXINT64);

  g_assert_true (ABS (lat) <= 900000000 && ABS (lon) <= 1800000000);
  if (geometry == NULL)
    {
      g_assert_true (!sht_json_has (place, "points") && !sht_json_has (place, "lines") && !sht_json_has (place, "areas"));
      return;
    }
  g_assert_cmpuint (geometry->points->len, <=, SHT_GEOMETRY_MAX_POINTS);
  sht_geometry_box (geometry, box);
  g_assert_true (box[0] <= box[1] && box[2] <= box[3]);
  sht_geometry_contains (geometry, lat, lon);
  g_assert_true (sht_geometry_distance (geometry, lat, lon) >= 0);
  sht_geometry_append (again, geometry);
  g_assert_nonnull (strstr (json, again->str + 1));
}

static gboolean
take (gpointer unused, const char *json, GError **error)
{
  g_autoptr (JsonObject) place = sht_json_parse_object (json, -1, NULL);

  g_assert_cmpstr (sht_json_string (place, "t"), ==, "place");
  g_assert_true (sht_id_is_valid (sht_json_string (place, "id")));
  check_geometry (json, place);
  return TRUE;
}

/* A place as a hub may tell it, of which nothing is known. */
static void
read_place (const char *json, size_t size)
{
  g_autoptr (ShtGeometry) geometry = NULL;
  gint64 lat, lon;

  if (!sht_json_guard (json, size, SHT_JSON_MAX_DEPTH, NULL))
    return;
  geometry = sht_geometry_read (sht_json_slice_root (json, size));
  if (geometry == NULL)
    return;
  sht_geometry_middle (geometry, &lat, &lon);
  sht_geometry_contains (geometry, lat, lon);
  sht_geometry_free (sht_geometry_thin (geometry, 5));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const ShtGeojsonOptions options = { .layer = "layer" };
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  ShtGeojsonReport report;

  if (size > 0 && data[0] == 'p')
    {
      read_place ((const char *) data + 1, size - 1);
      return 0;
    }
  bytes = g_bytes_new (data, size);
  if (!sht_geojson_read (bytes, &options, take, NULL, &report, &error))
    g_assert_true (error->domain == SHT_GEOJSON_ERROR && g_utf8_validate (error->message, -1, NULL));
  return 0;
}
