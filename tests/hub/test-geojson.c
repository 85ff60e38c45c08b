/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is taken of GeoJSON, and what is refused, with the number of the feature that is to blame.
 */
#include "core/json-guard.h"
#include "core/geometry.h"
#include "hub/import/geojson.h"

#include <math.h>
#include <string.h>

typedef struct
{
  GPtrArray *lines; /* (owned) */
  ShtGeojsonReport report;
} Places;

static gboolean
keep (gpointer data, const char *json, GError **error)
{
  g_assert_true (sht_json_guard (json, strlen (json), SHT_JSON_MAX_DEPTH, NULL));
  g_assert_null (strchr (json, '\n'));
  g_ptr_array_add (data, g_strdup (json));
  return TRUE;
}

static void
places_free (Places *places)
{
  g_ptr_array_unref (places->lines);
  g_free (places);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Places, places_free)

static Places *
read_with (const char *json, const ShtGeojsonOptions *options)
{
  static const ShtGeojsonOptions usual = { .layer = "lamps" };
  g_autoptr (GBytes) bytes = g_bytes_new (json, strlen (json));
  Places *places = g_new0 (Places, 1);
  g_autoptr (GError) error = NULL;

  places->lines = g_ptr_array_new_with_free_func (g_free);
  sht_geojson_read (bytes, options != NULL ? options : &usual, keep, places->lines, &places->report,
                    &error);
  g_assert_no_error (error);
  return places;
}

static const char *
line_of (Places *places, guint i)
{
  g_assert_cmpuint (i, <, places->lines->len);
  return g_ptr_array_index (places->lines, i);
}

static ShtGeometry *
geometry_at (Places *places, guint i)
{
  const char *line = line_of (places, i);

  return sht_geometry_read (sht_json_slice_root (line, strlen (line)));
}

static gint64
number_at (Places *places, guint i, const char *member)
{
  const char *line = line_of (places, i);
  gint64 number = 0;

  g_assert_true (sht_json_slice_int (
    sht_json_slice_member (sht_json_slice_root (line, strlen (line)), member), &number));
  return number;
}

static void
assert_text (Places *places, guint i, const char *member, const char *text)
{
  g_autofree char *found = sht_json_read_member (line_of (places, i), -1, member);

  g_assert_cmpstr (found, ==, text);
}

static void
refused_with (const char *json,
              const ShtGeojsonOptions *options,
              ShtGeojsonError code,
              const char *words)
{
  g_autoptr (GBytes) bytes = g_bytes_new (json, strlen (json));
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  ShtGeojsonReport report;

  g_assert_false (sht_geojson_read (bytes, options, keep, lines, &report, &error));
  g_assert_error (error, SHT_GEOJSON_ERROR, (int)code);
  if (!g_str_has_prefix (error->message, words))
    g_error ("“%s” does not begin with “%s”", error->message, words);
}

static void
refused (const char *json, ShtGeojsonError code, const char *words)
{
  static const ShtGeojsonOptions usual = { .layer = "lamps" };

  refused_with (json, &usual, code, words);
}

static char *
collection (const char *geometries)
{
  g_auto (GStrv) each = g_strsplit (geometries, "\n", -1);
  GString *json = g_string_new ("{\"type\":\"FeatureCollection\",\"features\":[");

  for (guint i = 0; each[i] != NULL; i++)
    g_string_append_printf (json, "%s{\"type\":\"Feature\",\"properties\":null,\"geometry\":%s}",
                            i > 0 ? "," : "", each[i]);
  g_string_append (json, "]}");
  return g_string_free (json, FALSE);
}

/* --- RFC 7946: after its section 1.5 and its appendix A --- */

static void
test_collection (void)
{
  g_autoptr (Places) places =
    read_with ("{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"geometry\":{"
               "\"type\":\"Point\",\"coordinates\":[102.0,"
               "0.5]},\"properties\":{\"prop0\":\"value0\"}},{\"type\":\"Feature\",\"geometry\":{"
               "\"type\":\"LineString\",\"coordinates\":[["
               "102.0,0.0],[103.0,1.0],[104.0,0.0],[105.0,1.0]]},\"properties\":{\"prop0\":"
               "\"value0\",\"prop1\":0.0}},{\"type\":\"Feature\","
               "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[100.0,0.0],[101.0,0.0],[101."
               "0,1.0],[100.0,1.0],[100.0,0.0]]]},"
               "\"properties\":{\"prop0\":\"value0\",\"prop1\":{\"this\":\"that\"}}}]}",
               NULL);
  g_autoptr (ShtGeometry) line = geometry_at (places, 1), area = geometry_at (places, 2);

  g_assert_cmpuint (places->report.places, ==, 3);
  g_assert_cmpuint (places->report.points, ==, 1);
  g_assert_cmpuint (places->report.lines, ==, 1);
  g_assert_cmpuint (places->report.areas, ==, 1);
  g_assert_cmpint (number_at (places, 0, "lat_e7"), ==, 5000000);
  g_assert_cmpint (number_at (places, 0, "lon_e7"), ==, 1020000000);
  g_assert_null (geometry_at (places, 0));
  g_assert_cmpuint (line->points->len, ==, 4);
  g_assert_cmpuint (area->points->len, ==, 4);
  g_assert_cmpint (number_at (places, 2, "lat_e7"), ==, 5000000);
  g_assert_cmpint (number_at (places, 2, "lon_e7"), ==, 1005000000);
}

static void
test_geometries (void)
{
  static const struct
  {
    const char *geometry;
    guint points, lines, areas, n;
  } cases[] = {
    { "{\"type\":\"Point\",\"coordinates\":[100.0,0.0]}", 1, 0, 0, 0 },
    { "{\"type\":\"LineString\",\"coordinates\":[[100.0,0.0],[101.0,1.0]]}", 0, 1, 0, 2 },
    { "{\"type\":\"Polygon\",\"coordinates\":[[[100.0,0.0],[101.0,0.0],[101.0,1.0],[100.0,1.0],["
      "100.0,0.0]]]}",
      0, 0, 1, 4 },
    { "{\"type\":\"Polygon\",\"coordinates\":[[[100.0,0.0],[101.0,0.0],[101.0,1.0],[100.0,1.0],["
      "100.0,0.0]],[[100.8,0.8],[100.8,"
      "0.2],[100.2,0.2],[100.2,0.8],[100.8,0.8]]]}",
      0, 0, 1, 8 },
    { "{\"type\":\"MultiPoint\",\"coordinates\":[[100.0,0.0],[101.0,1.0]]}", 1, 0, 0, 2 },
    { "{\"type\":\"MultiLineString\",\"coordinates\":[[[100.0,0.0],[101.0,1.0]],[[102.0,2.0],[103."
      "0,3.0]]]}",
      0, 1, 0, 4 },
    { "{\"type\":\"MultiPolygon\",\"coordinates\":[[[[102.0,2.0],[103.0,2.0],[103.0,3.0],[102.0,3."
      "0],[102.0,2.0]]],[[[100.0,0.0],"
      "[101.0,0.0],[101.0,1.0],[100.0,1.0],[100.0,0.0]],[[100.2,0.2],[100.2,0.8],[100.8,0.8],[100."
      "8,0.2],[100.2,0.2]]]]}",
      0, 0, 1, 12 },
    { "{\"type\":\"GeometryCollection\",\"geometries\":[{\"type\":\"Point\",\"coordinates\":[100.0,"
      "0.0]},{\"type\":\"LineString\","
      "\"coordinates\":[[101.0,0.0],[102.0,1.0]]}]}",
      0, 1, 0, 3 },
    /* heights are left out */
    { "{\"type\":\"LineString\",\"coordinates\":[[100.0,0.0,12],[101.0,1.0,13]],\"bbox\":[100,0,12,"
      "101,1,13]}",
      0, 1, 0, 2 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Places) places = read_with (cases[i].geometry, NULL);
      g_autoptr (ShtGeometry) geometry = geometry_at (places, 0);

      g_assert_cmpuint (places->report.points, ==, cases[i].points);
      g_assert_cmpuint (places->report.lines, ==, cases[i].lines);
      g_assert_cmpuint (places->report.areas, ==, cases[i].areas);
      g_assert_cmpuint (geometry != NULL ? geometry->points->len : 0, ==, cases[i].n);
    }
}

/* Section 3.1.9: cut at the 180th meridian; 5: a box whose west is east of its east. */
static void
test_antimeridian (void)
{
  g_autoptr (Places) places = read_with (
    "{\"type\":\"Feature\",\"bbox\":[177.0,-20.0,-178.0,-16.0],\"properties\":null,"
    "\"geometry\":{\"type\":\"MultiPolygon\",\"coordinates\":[[[[180.0,40.0],[180.0,50.0],[170.0,"
    "50.0],[170.0,40.0],[180.0,40.0]]],[[[-170.0,40.0],[-170.0,50.0],[-180.0,50.0],[-180.0,40.0],"
    "[-170.0,40.0]]]]}}",
    NULL);
  g_autoptr (ShtGeometry) geometry = geometry_at (places, 0);

  g_assert_true (sht_geometry_contains (geometry, 450000000, 1750000000));
  g_assert_true (sht_geometry_contains (geometry, 450000000, -1750000000));
  g_assert_false (sht_geometry_contains (geometry, 450000000, 0));
}

/* A hole is out of it, wherever the winding goes. */
static void
test_hole (void)
{
  g_autoptr (Places) places =
    read_with ("{\"type\":\"Polygon\",\"coordinates\":[[[34.60,31.20],[34.60,31.24],[34.64,31.24],["
               "34.64,31.20],[34.60,31.20]],[["
               "34.61,31.21],[34.63,31.21],[34.63,31.23],[34.61,31.23],[34.61,31.21]]]}",
               NULL);
  g_autoptr (ShtGeometry) geometry = geometry_at (places, 0);
  gint64 lat = number_at (places, 0, "lat_e7"), lon = number_at (places, 0, "lon_e7");

  g_assert_true (sht_geometry_contains (geometry, 312050000, 346200000));
  g_assert_false (sht_geometry_contains (geometry, 312200000, 346200000));
  g_assert_false (sht_geometry_contains (geometry, 312500000, 346200000));
  /* its sign stands beside the hole, and not in it */
  g_assert_true (sht_geometry_contains (geometry, lat, lon));
  g_assert_cmpfloat (fabs (sht_geometry_distance (geometry, 312200000, 346200000) - 951.2), <, 5);
}

/* The weight of a ring that crosses itself says nothing of where it is; its sign stands in it all the same. */
static void
test_crossing (void)
{
  static const char *const rings[] = {
    "[[34.60,31.20],[34.70,31.30],[34.70,31.20],[34.6000001,31.30],[34.60,31.20]]",
    "[[0,0],[10,10],[10,0],[0,10.0000001],[0,0]]",
    "[[0,0],[1,1],[2,2],[0,0]]",
  };

  for (guint i = 0; i < G_N_ELEMENTS (rings); i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"type\":\"Polygon\",\"coordinates\":[%s]}", rings[i]);
      g_autoptr (Places) places = read_with (json, NULL);
      g_autoptr (ShtGeometry) geometry = geometry_at (places, 0);

      g_assert_cmpfloat (sht_geometry_distance (geometry, number_at (places, 0, "lat_e7"), number_at (places, 0, "lon_e7")), <, 1);
    }
}

/* --- grids --- */

/* PROJ's own for the first transformation of EPSG that is good to half a metre. */
static void
test_grid (void)
{
  static const struct
  {
    double east, north, lat, lon;
  } vectors[] = {
    { 180000, 665000, 32.07760192, 34.78653770 },
    { 178000, 663500, 32.06400370, 34.76541978 },
    { 221000, 632000, 31.78068939, 35.22073825 },
    { 200000, 745000, 32.79951614, 34.99671923 },
    { 195000, 385000, 29.55251949, 34.95209741 },
    { 250000, 790000, 33.20500672, 35.53203021 },
    { 219529.584, 626907.39, 31.73476304, 35.20521378 },
    { 179556.030, 665855.389, 32.0853, 34.7818 },
    { 222388.824, 631702.092, 31.7780, 35.2354 },
    { 194982.116, 385574.285, 29.5577, 34.9519 },
    { 199331.932, 744389.578, 32.7940, 34.9896 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    for (guint swapped = 0; swapped < 2; swapped++)
      {
        g_autofree char *json = g_strdup_printf ("{\"type\":\"Point\",\"coordinates\":[%.3f,%.3f]}",
                                                 swapped ? vectors[i].north : vectors[i].east,
                                                 swapped ? vectors[i].east : vectors[i].north);
        g_autoptr (Places) places = read_with (json, NULL);

        g_assert_cmpfloat (fabs ((double)number_at (places, 0, "lat_e7") * 1e-7 - vectors[i].lat),
                           <, 1e-6);
        g_assert_cmpfloat (fabs ((double)number_at (places, 0, "lon_e7") * 1e-7 - vectors[i].lon),
                           <, 1e-6);
        g_assert_cmpstr (places->report.crs, ==, "EPSG:2039");
        g_assert_cmpint (places->report.is_swapped, ==, swapped);
      }
}

static void
test_old_grid (void)
{
  static const char *const same[] = { "[130000,1165000]", "[130000,165000]", "[1165000,130000]" };
  g_autoptr (Places) there =
    read_with ("{\"type\":\"Point\",\"coordinates\":[179996.3,664997.8]}", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (same); i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"type\":\"Point\",\"coordinates\":%s}", same[i]);
      g_autoptr (Places) places = read_with (json, NULL);

      g_assert_cmpstr (places->report.crs, ==, "EPSG:28193");
      g_assert_cmpint (places->report.is_swapped, ==, i == 2);
      /* the vector has a tenth of a metre */
      g_assert_cmpint (ABS (number_at (places, 0, "lat_e7") - number_at (there, 0, "lat_e7")), <,
                       20);
      g_assert_cmpint (ABS (number_at (places, 0, "lon_e7") - number_at (there, 0, "lon_e7")), <,
                       20);
    }
}

#define WITH_CRS(name, position)                                                                   \
  "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"" name    \
  "\"}},\"features\":[{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":\"Point\","   \
  "\"coordinates\":" position "}}]}"

static void
test_crs (void)
{
  static const struct
  {
    const char *json;
    const char *crs;
    double lat, lon;
  } cases[] = {
    { WITH_CRS ("urn:ogc:def:crs:EPSG::2039", "[180000,665000]"), "EPSG:2039", 32.07760192,
      34.78653770 },
    { WITH_CRS ("EPSG:2039", "[180000,665000]"), "EPSG:2039", 32.07760192, 34.78653770 },
    { WITH_CRS ("urn:ogc:def:crs:OGC:1.3:CRS84", "[34.5,32]"), "EPSG:4326", 32, 34.5 },
    { WITH_CRS ("urn:ogc:def:crs:EPSG::4326", "[34.5,32]"), "EPSG:4326", 32, 34.5 },
    /* Web Mercator: x = longitude × 20037508.342789 / 180 */
    { WITH_CRS ("urn:ogc:def:crs:EPSG::3857", "[3840522.43236817,0]"), "EPSG:3857", 0, 34.5 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Places) places = read_with (cases[i].json, NULL);

      g_assert_cmpstr (places->report.crs, ==, cases[i].crs);
      g_assert_cmpfloat (fabs ((double)number_at (places, 0, "lat_e7") * 1e-7 - cases[i].lat), <,
                         1e-6);
      g_assert_cmpfloat (fabs ((double)number_at (places, 0, "lon_e7") * 1e-7 - cases[i].lon), <,
                         1e-6);
    }
  refused (WITH_CRS ("urn:ogc:def:crs:EPSG::99999", "[34.5,32]"), SHT_GEOJSON_ERROR_GRID,
           "its coordinates are in EPSG:99999");
  refused (WITH_CRS ("+proj=longlat", "[34.5,32]"), SHT_GEOJSON_ERROR_GRID, "its crs");
  refused (WITH_CRS ("EPSG:2039", "[34.5,32]"), SHT_GEOJSON_ERROR_RANGE,
           "feature 1: 34.5, 32 is out of the range of EPSG:2039");
}

/* --- what is refused --- */

static void
test_refused_geometries (void)
{
  static const struct
  {
    const char *geometry;
    ShtGeojsonError code;
    const char *words;
  } cases[] = {
    { "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,1]]]}",
      SHT_GEOJSON_ERROR_GEOMETRY, "feature 2: a ring is open" },
    { "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[0,0]]]}", SHT_GEOJSON_ERROR_GEOMETRY,
      "feature 2: a ring has four" },
    { "{\"type\":\"LineString\",\"coordinates\":[[0,0]]}", SHT_GEOJSON_ERROR_GEOMETRY,
      "feature 2: a line has two" },
    { "{\"type\":\"Point\",\"coordinates\":[1]}", SHT_GEOJSON_ERROR_GEOMETRY,
      "feature 2: a position has two" },
    { "{\"type\":\"Point\",\"coordinates\":[\"1\",\"2\"]}", SHT_GEOJSON_ERROR_GEOMETRY,
      "feature 2: a position has two" },
    { "{\"type\":\"Point\",\"coordinates\":[1,null]}", SHT_GEOJSON_ERROR_GEOMETRY,
      "feature 2: a position has two" },
    { "{\"type\":\"Point\",\"coordinates\":[1e999,2]}", SHT_GEOJSON_ERROR_RANGE,
      "feature 2: a coordinate is beyond" },
    { "{\"type\":\"Point\",\"coordinates\":[181,2]}", SHT_GEOJSON_ERROR_RANGE,
      "feature 2: 181, 2 is out of the range" },
    { "{\"type\":\"Point\",\"coordinates\":[18,-90.5]}", SHT_GEOJSON_ERROR_RANGE,
      "feature 2: 18, -90.5 is out of the range" },
    { "{\"type\":\"Circle\",\"coordinates\":[1,2]}", SHT_GEOJSON_ERROR_GEOMETRY,
      "feature 2: there is no geometry “Circle”" },
    { "{\"type\":\"Polygon\",\"coordinates\":[[0,0],[1,0],[1,1],[0,0]]}",
      SHT_GEOJSON_ERROR_GEOMETRY, "feature 2: a position is" },
    { "{\"type\":\"Point\",\"coordinates\":[NaN,2]}", SHT_GEOJSON_ERROR_SYNTAX, "feature 2: " },
    { "{\"type\":\"Point\",\"coordinates\":[1,2}", SHT_GEOJSON_ERROR_SYNTAX, "feature 2: " },
    { "{\"type\":\"GeometryCollection\",\"geometries\":[{\"type\":\"GeometryCollection\","
      "\"geometries\":[{\"type\":"
      "\"GeometryCollection\",\"geometries\":[{\"type\":\"GeometryCollection\",\"geometries\":[{"
      "\"type\":\"GeometryCollection\","
      "\"geometries\":[]}]}]}]}]}",
      SHT_GEOJSON_ERROR_TOO_LARGE, "feature 2: its collections" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *three = g_strdup_printf ("{\"type\":\"Point\",\"coordinates\":[34,31]}\n%"
                                                "s\n{\"type\":\"Point\",\"coordinates\":[34,32]}",
                                                cases[i].geometry);
      g_autofree char *json = collection (three);

      refused (json, cases[i].code, cases[i].words);
    }
}

static void
test_deep (void)
{
  g_autofree char *deep = g_strnfill (10000, '['), *ends = g_strnfill (10000, ']');
  g_autofree char *geometries = g_strdup_printf (
    "{\"type\":\"Point\",\"coordinates\":[34,31]}\n{\"type\":\"Point\",\"coordinates\":%s1%s}",
    deep, ends);
  g_autofree char *json = collection (geometries), *cut = g_strndup (json, strlen (json) / 2);

  refused (json, SHT_GEOJSON_ERROR_SYNTAX, "feature 2: ");
  refused (cut, SHT_GEOJSON_ERROR_SYNTAX, "feature 2: ");
}

/* Where the text breaks off in no feature, none is to blame. */
static void
test_refused_files (void)
{
  refused ("", SHT_GEOJSON_ERROR_SYNTAX, "the JSON text is empty");
  refused ("[]", SHT_GEOJSON_ERROR_SYNTAX, "it is no GeoJSON");
  refused ("{\"type\":\"FeatureCollection\"}", SHT_GEOJSON_ERROR_SYNTAX,
           "it has no list of features");
  refused ("{\"type\":\"FeatureCollection\",\"features\":[1]}", SHT_GEOJSON_ERROR_SYNTAX,
           "feature 1: it is no GeoJSON feature");
  refused ("{\"type\":\"FeatureCollection\",\"x\":{\"features\":[NaN]},\"features\":[]}",
           SHT_GEOJSON_ERROR_SYNTAX, "something");
  refused ("{\"type\":\"FeatureCollection\",\"note\":\"\\\"features\\\":[\",\"features\":[{},nan]}",
           SHT_GEOJSON_ERROR_SYNTAX, "feature 2: ");
}

static void
test_limits (void)
{
  gsize size = SHT_GEOJSON_MAX_BYTES + 1;
  g_autoptr (GBytes) large = g_bytes_new_take (g_malloc0 (size), size);
  g_autoptr (GString) long_line = g_string_new ("{\"type\":\"LineString\",\"coordinates\":[[1,1]");
  g_autoptr (GString) many = g_string_new ("{\"type\":\"FeatureCollection\",\"features\":[");
  const ShtGeojsonOptions options = { .layer = "lamps" };
  g_autoptr (GError) error = NULL;
  ShtGeojsonReport report;

  g_assert_false (sht_geojson_read (large, &options, keep, NULL, &report, &error));
  g_assert_error (error, SHT_GEOJSON_ERROR, SHT_GEOJSON_ERROR_TOO_LARGE);
  for (guint i = 0; i < SHT_GEOJSON_MAX_POSITIONS; i++)
    g_string_append (long_line, ",[1,1]");
  g_string_append (long_line, "]}");
  refused (long_line->str, SHT_GEOJSON_ERROR_TOO_LARGE,
           "feature 1: it has more than the 200000 positions");
  for (guint i = 0; i <= SHT_GEOJSON_MAX_FEATURES; i++)
    g_string_append (many, i > 0 ? ",{\"type\":\"Feature\"}" : "{\"type\":\"Feature\"}");
  g_string_append (many, "]}");
  refused (many->str, SHT_GEOJSON_ERROR_TOO_LARGE, "it has more than the 100000 features");
}

/* --- what becomes of them --- */

#define LAMP(id, properties, at)                                                                   \
  "{\"type\":\"Feature\",\"id\":" id ",\"properties\":{" properties                                \
  "},\"geometry\":{\"type\":\"Point\",\"coordinates\":[" at "]}}"

static char *
lamps (const char *first, const char *second)
{
  return g_strdup_printf ("{\"type\":\"FeatureCollection\",\"features\":[%s,%s]}", first, second);
}

static char *
id_at (Places *places, guint i)
{
  return sht_json_read_member (line_of (places, i), -1, "id");
}

/* The same feature is the same place, whatever else has changed of it. */
static void
test_ids (void)
{
  static const struct
  {
    const char *one, *other, *moved;
  } cases[] = {
    { LAMP ("7", "\"code\":\"x\"", "34.1,31"), LAMP ("8", "\"code\":\"x\"", "34.2,31"),
      LAMP ("7", "\"code\":\"y\"", "34.3,31") },
    { LAMP ("null", "\"code\":\"x\"", "34.1,31"), LAMP ("null", "\"code\":\"y\"", "34.2,31"),
      LAMP ("null", "\"code\":\"x\"", "34.3,31") },
    { LAMP ("null", "\"code\":\"x\"", "34.1,31"), LAMP ("null", "\"code\":\"x\"", "34.2,31"),
      LAMP ("null", "\"code\":\"y\"", "34.1,31") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *json = lamps (cases[i].one, cases[i].other),
                      *later = lamps (cases[i].other, cases[i].moved);
      g_autoptr (Places) places = read_with (json, NULL), again = read_with (later, NULL);
      g_autofree char *first = id_at (places, 0), *second = id_at (places, 1);
      g_autofree char *second_again = id_at (again, 0), *first_again = id_at (again, 1);

      g_assert_cmpstr (first, !=, second);
      /* In the last case a code of its own tells them apart from then on, and they are other
       * places. */
      if (i < 2)
        {
          g_assert_cmpstr (first, ==, first_again);
          g_assert_cmpstr (second, ==, second_again);
        }
    }
}

/* Two on one spot that nothing tells apart are two places. */
static void
test_same_spot (void)
{
  g_autofree char *json = lamps (LAMP ("null", "", "34.1,31"), LAMP ("null", "", "34.1,31"));
  g_autoptr (Places) places = read_with (json, NULL);
  g_autofree char *first = id_at (places, 0), *second = id_at (places, 1);

  g_assert_cmpstr (first, !=, second);
}

static void
test_properties (void)
{
  g_autofree char *json = lamps (
    LAMP ("1",
          "\"name\":\" גן הזית \",\"name:en\":\"Olive "
          "garden\",\"code\":17,\"description\":\"\",\"note\":\"a \\\"b\\\"\",\"address\":null",
          "34.1,31"),
    LAMP ("2", "\"name:he\":\"רק בעברית\",\"LABEL\":\"its label\",\"kind\":{\"x\":1}", "34.2,31"));
  g_autoptr (Places) places = read_with (json, NULL);
  const ShtGeojsonOptions by_label = { "lamps", NULL, "LABEL" },
                          by_code = { "lamps", "code", NULL };
  g_autoptr (Places) labelled = read_with (json, &by_label);
  g_autofree char *twice =
    lamps (LAMP ("1", "\"code\":3", "34.1,31"), LAMP ("2", "\"code\":3", "34.1,31"));
  g_autofree char *long_name = g_strnfill (201, 'x'), *feature = NULL, *long_json = NULL;

  assert_text (places, 0, "name", "גן הזית");
  assert_text (places, 0, "code", "17");
  assert_text (places, 0, "description", NULL);
  assert_text (places, 0, "note", "a \"b\"");
  assert_text (places, 0, "address", NULL);
  assert_text (places, 0, "layer", "lamps");
  g_assert_nonnull (strstr (line_of (places, 0), "\"names\":{\"en\":\"Olive garden\"}"));
  assert_text (places, 1, "name", "רק בעברית");
  assert_text (places, 1, "kind", NULL);
  assert_text (labelled, 0, "name", NULL);
  assert_text (labelled, 1, "name", "its label");
  refused_with (json, &by_code, SHT_GEOJSON_ERROR_TEXT, "feature 2: it has no code");
  refused_with (twice, &by_code, SHT_GEOJSON_ERROR_TEXT,
                "feature 2: it has the same code as feature 1");
  feature = g_strdup_printf (LAMP ("2", "\"name\":\"%s\"", "34.1,31"), long_name);
  long_json = lamps (LAMP ("1", "", "34.1,31"), feature);
  refused (long_json, SHT_GEOJSON_ERROR_TEXT, "feature 2: its name has more than 200 characters");
}

static void
test_nowhere (void)
{
  g_autofree char *json = collection ("null\n{\"type\":\"MultiPoint\",\"coordinates\":[]}\n{"
                                      "\"type\":\"Point\",\"coordinates\":[34,31]}");
  g_autoptr (Places) places = read_with (json, NULL);

  g_assert_cmpuint (places->report.unlocated, ==, 2);
  g_assert_cmpuint (places->lines->len, ==, 1);
}

/* What no map shows goes; a coast with more points than a tablet should have is simplified, and
 * that is told. */
static void
test_thinned (void)
{
  g_autoptr (GString) straight = g_string_new ("{\"type\":\"LineString\",\"coordinates\":[");
  g_autoptr (GString) coast = g_string_new ("{\"type\":\"LineString\",\"coordinates\":[");
  g_autoptr (Places) places = NULL, many = NULL;
  g_autoptr (ShtGeometry) line = NULL, geometry = NULL;

  for (guint i = 0; i < 5000; i++)
    {
      g_string_append_printf (straight, "%s[34.%07u,31]", i > 0 ? "," : "", i * 10);
      g_string_append_printf (coast, "%s[34.%07u,31.%07u]", i > 0 ? "," : "", i * 1000,
                              i % 2 * (i % 1000) * 2);
    }
  g_string_append (straight, "]}");
  g_string_append (coast, "]}");
  places = read_with (straight->str, NULL);
  line = geometry_at (places, 0);
  g_assert_cmpuint (line->points->len, ==, 2);
  g_assert_cmpuint (places->report.thinned, ==, 0);
  many = read_with (coast->str, NULL);
  geometry = geometry_at (many, 0);
  g_assert_cmpuint (geometry->points->len, <=, SHT_GEOMETRY_MAX_POINTS);
  g_assert_cmpuint (geometry->points->len, >, 100);
  g_assert_cmpuint (many->report.thinned, ==, 1);
  g_assert_cmpfloat (many->report.off_metres, >, 0.2);
}

static void
test_layer_ids (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *plain = sht_geojson_layer_id ("street-lights", NULL),
                  *hebrew = sht_geojson_layer_id ("תאורה", NULL);
  g_autofree char *again = sht_geojson_layer_id ("תאורה", NULL),
                  *quoted = sht_geojson_layer_id ("a\"b", NULL);

  g_assert_cmpstr (plain, ==, "street-lights");
  g_assert_cmpuint (strlen (hebrew), ==, 36);
  g_assert_cmpstr (hebrew, ==, again);
  g_assert_cmpuint (strlen (quoted), ==, 36);
  g_assert_null (sht_geojson_layer_id ("two\nlines", &error));
  g_assert_error (error, SHT_GEOJSON_ERROR, SHT_GEOJSON_ERROR_TEXT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/geojson/collection", test_collection);
  g_test_add_func ("/geojson/geometries", test_geometries);
  g_test_add_func ("/geojson/antimeridian", test_antimeridian);
  g_test_add_func ("/geojson/hole", test_hole);
  g_test_add_func ("/geojson/crossing", test_crossing);
  g_test_add_func ("/geojson/grid", test_grid);
  g_test_add_func ("/geojson/old-grid", test_old_grid);
  g_test_add_func ("/geojson/crs", test_crs);
  g_test_add_func ("/geojson/refused-geometries", test_refused_geometries);
  g_test_add_func ("/geojson/deep", test_deep);
  g_test_add_func ("/geojson/refused-files", test_refused_files);
  g_test_add_func ("/geojson/limits", test_limits);
  g_test_add_func ("/geojson/ids", test_ids);
  g_test_add_func ("/geojson/same-spot", test_same_spot);
  g_test_add_func ("/geojson/properties", test_properties);
  g_test_add_func ("/geojson/nowhere", test_nowhere);
  g_test_add_func ("/geojson/thinned", test_thinned);
  g_test_add_func ("/geojson/layer-ids", test_layer_ids);
  return g_test_run ();
}
