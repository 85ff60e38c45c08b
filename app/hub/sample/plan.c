/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/geometry.h"
#include "core/id.h"
#include "hub/sample/town.h"

#include <gio/gio.h>
#include <math.h>

typedef struct {
  double lat, lon;
} Point;

/* Half of a lane: tickets stand at the edge of the street, not in its middle. */
#define EDGE_METRES 4.0
#define METRES_PER_DEGREE 111320.0

static GArray *
points_of (ShtJsonSlice line)
{
  GArray *points = g_array_new (FALSE, FALSE, sizeof (Point));
  ShtJsonIter iter;
  ShtJsonSlice pair;

  sht_json_iter_init (&iter, line);
  while (sht_json_iter_next (&iter, NULL, &pair))
    {
      ShtJsonIter inner;
      ShtJsonSlice lon = { 0 }, lat = { 0 };
      Point p;

      sht_json_iter_init (&inner, pair);
      if (!sht_json_iter_next (&inner, NULL, &lon) || !sht_json_iter_next (&inner, NULL, &lat))
        continue;
      p = (Point) { sht_json_slice_double (lat), sht_json_slice_double (lon) };
      g_array_append_val (points, p);
    }
  return points;
}

/* The middle of a ring's corners, the last of which repeats the first. */
static Point
middle_of (ShtJsonSlice polygon)
{
  g_autoptr (GArray) points = NULL;
  ShtJsonIter iter;
  ShtJsonSlice ring = { 0 };
  Point sum = { 0, 0 };
  guint n;

  sht_json_iter_init (&iter, polygon);
  sht_json_iter_next (&iter, NULL, &ring);
  points = points_of (ring);
  n = points->len > 1 ? points->len - 1 : 0;
  for (guint i = 0; i < n; i++)
    {
      sum.lat += g_array_index (points, Point, i).lat / n;
      sum.lon += g_array_index (points, Point, i).lon / n;
    }
  return sum;
}

/* Moves @best to the nearest point of a line to @p, when it is nearer than @distance metres. */
static void
approach (GArray *line, Point p, double scale, Point *best, double *distance)
{
  for (guint i = 0; i + 1 < line->len; i++)
    {
      Point a = g_array_index (line, Point, i), b = g_array_index (line, Point, i + 1);
      double dx = (b.lon - a.lon) * scale, dy = b.lat - a.lat;
      double square = dx * dx + dy * dy;
      double t = square > 0 ? ((p.lon - a.lon) * scale * dx + (p.lat - a.lat) * dy) / square : 0;
      Point q;
      double d;

      t = CLAMP (t, 0.0, 1.0);
      q = (Point) { a.lat + t * (b.lat - a.lat), a.lon + t * (b.lon - a.lon) };
      d = hypot ((p.lon - q.lon) * scale, p.lat - q.lat) * METRES_PER_DEGREE;
      if (d < *distance)
        {
          *distance = d;
          *best = q;
        }
    }
}

static gint64
e7 (double degrees)
{
  return (gint64) llround (degrees * 1e7);
}

/* A house's address stands on its street, in front of the house. */
static void
add_address (ShtSampleTown *self, GHashTable *lines, ShtJsonSlice feature)
{
  ShtJsonSlice properties = sht_json_slice_member (feature, "properties");
  ShtJsonSlice geometry = sht_json_slice_member (feature, "geometry");
  g_autofree char *code = sht_json_slice_member_string (properties, "street");
  GPtrArray *pieces = code != NULL ? g_hash_table_lookup (lines, code) : NULL;
  ShtSampleAddress address = { 0 };
  double distance = 1000, scale;
  gint64 number = 0;
  Point house, at;

  sht_json_slice_int (sht_json_slice_member (properties, "number"), &number);
  if (pieces == NULL || number <= 0)
    return;
  house = middle_of (sht_json_slice_member (geometry, "coordinates"));
  scale = cos (house.lat * G_PI / 180);
  at = house;
  for (guint i = 0; i < pieces->len; i++)
    approach (pieces->pdata[i], house, scale, &at, &distance);
  if (distance > EDGE_METRES)
    {
      at.lat += (house.lat - at.lat) * EDGE_METRES / distance;
      at.lon += (house.lon - at.lon) * EDGE_METRES / distance;
    }
  address.street = g_hash_table_lookup (self->streets, code);
  address.number = (guint) number;
  address.lat_e7 = e7 (at.lat);
  address.lon_e7 = e7 (at.lon);
  g_array_append_val (self->addresses, address);
}

static void
add_street (ShtSampleTown *self, GHashTable *lines, ShtJsonSlice feature)
{
  ShtJsonSlice properties = sht_json_slice_member (feature, "properties");
  g_autofree char *code = sht_json_slice_member_string (properties, "street");
  g_autofree char *name = sht_json_slice_member_string (properties, "name");
  g_autofree char *district = sht_json_slice_member_string (properties, "district");
  GPtrArray *pieces;

  if (code == NULL || name == NULL)
    return;
  pieces = g_hash_table_lookup (lines, code);
  if (pieces == NULL)
    {
      pieces = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
      g_hash_table_insert (lines, g_strdup (code), pieces);
      if (district != NULL)
        g_hash_table_insert (self->districts, g_strdup (name), g_steal_pointer (&district));
      g_hash_table_insert (self->streets, g_strdup (code), g_steal_pointer (&name));
    }
  g_ptr_array_add (pieces, points_of (sht_json_slice_member (
                               sht_json_slice_member (feature, "geometry"), "coordinates")));
}

/**
 * sht_sample_town_load_plan:
 * @plan: town.geojson
 *
 * Takes the streets' names and the houses' addresses.
 *
 * Returns: %FALSE with %G_IO_ERROR_INVALID_DATA when there is no house to send anybody to
 */
gboolean
sht_sample_town_load_plan (ShtSampleTown *self, ShtJsonSlice plan, GError **error)
{
  g_autoptr (GHashTable) lines
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  static const char *const layers[] = { "street", "building" };

  /* Houses come before the streets in the file, as they are drawn below them. */
  for (guint pass = 0; pass < 2; pass++)
    {
      ShtJsonIter iter;
      ShtJsonSlice feature;

      sht_json_iter_init (&iter, sht_json_slice_member (plan, "features"));
      while (sht_json_iter_next (&iter, NULL, &feature))
        {
          ShtJsonSlice properties = sht_json_slice_member (feature, "properties");

          if (!sht_json_slice_equals (sht_json_slice_member (properties, "layer"), layers[pass]))
            continue;
          if (pass == 0)
            add_street (self, lines, feature);
          else
            add_address (self, lines, feature);
        }
    }
  if (self->addresses->len == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           "the sample town's data: town.geojson has no addresses");
      return FALSE;
    }
  return TRUE;
}

static void
add_positions (ShtGeometry *geometry, ShtGeometryPart part, ShtJsonSlice positions)
{
  g_autoptr (GArray) points = points_of (positions);
  guint n = points->len;

  /* A ring's last point is its first. */
  if (n > 0 && (part == SHT_GEOMETRY_RING || part == SHT_GEOMETRY_HOLE))
    n--;
  sht_geometry_begin (geometry, part);
  for (guint i = 0; i < n; i++)
    sht_geometry_add (geometry, e7 (g_array_index (points, Point, i).lat), e7 (g_array_index (points, Point, i).lon));
}

static ShtGeometry *
geometry_of (ShtJsonSlice told)
{
  ShtJsonSlice type = sht_json_slice_member (told, "type"), coordinates = sht_json_slice_member (told, "coordinates");
  ShtGeometry *geometry = sht_geometry_new ();
  ShtJsonIter iter;
  ShtJsonSlice value;

  sht_json_iter_init (&iter, coordinates);
  if (sht_json_slice_equals (type, "LineString"))
    add_positions (geometry, SHT_GEOMETRY_LINE, coordinates);
  else if (sht_json_slice_equals (type, "Polygon"))
    while (sht_json_iter_next (&iter, NULL, &value))
      add_positions (geometry, geometry->pieces->len == 0 ? SHT_GEOMETRY_RING : SHT_GEOMETRY_HOLE, value);
  else
    {
      double lon, lat;

      sht_json_iter_next (&iter, NULL, &value);
      lon = sht_json_slice_double (value);
      sht_json_iter_next (&iter, NULL, &value);
      lat = sht_json_slice_double (value);
      sht_geometry_begin (geometry, SHT_GEOMETRY_POINTS);
      sht_geometry_add (geometry, e7 (lat), e7 (lon));
    }
  return geometry;
}

static void
append_texts (GString *line, ShtJsonSlice properties)
{
  static const char *const members[] = { "layer", "name", "kind", "address", "note" };
  g_autofree char *english = sht_json_slice_member_string (properties, "name_en");

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      g_autofree char *text = sht_json_slice_member_string (properties, members[i]);

      sht_json_append_member (line, members[i], text);
    }
  if (english == NULL)
    return;
  sht_json_append_key (line, "names");
  g_string_append_c (line, '{');
  sht_json_append_member (line, "en", english);
  g_string_append_c (line, '}');
}

static void
add_place (ShtSampleTown *self, ShtJsonSlice feature)
{
  ShtJsonSlice properties = sht_json_slice_member (feature, "properties");
  g_autoptr (ShtGeometry) geometry = geometry_of (sht_json_slice_member (feature, "geometry"));
  g_autofree char *code = sht_json_slice_member_string (properties, "code");
  g_autofree char *unique = g_strconcat ("sample/place/", code, NULL);
  GString *line = g_string_new ("{\"t\":\"place\"");
  ShtSamplePlace place = { 0 };

  place.id = sht_id_from_name (unique);
  place.address = sht_json_slice_member_string (properties, "address");
  sht_geometry_middle (geometry, &place.lat_e7, &place.lon_e7);
  sht_json_append_member (line, "id", place.id);
  sht_json_append_member (line, "code", code);
  append_texts (line, properties);
  sht_json_append_member_int (line, "lat_e7", place.lat_e7);
  sht_json_append_member_int (line, "lon_e7", place.lon_e7);
  if (geometry->points->len > 1)
    sht_geometry_append (line, geometry);
  sht_json_append_member (line, "state", "ok");
  g_string_append_c (line, '}');
  g_ptr_array_add (self->entities, g_string_free (line, FALSE));
  g_array_append_val (self->places, place);
}

/**
 * sht_sample_town_load_places:
 * @places: places.geojson
 *
 * Takes the places, and writes them as entities.
 *
 * Returns: %TRUE
 */
gboolean
sht_sample_town_load_places (ShtSampleTown *self, ShtJsonSlice places, GError **error)
{
  ShtJsonIter iter;
  ShtJsonSlice feature;

  sht_json_iter_init (&iter, sht_json_slice_member (places, "features"));
  while (sht_json_iter_next (&iter, NULL, &feature))
    add_place (self, feature);
  return TRUE;
}
