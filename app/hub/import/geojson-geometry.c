/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/import/geojson-private.h"

#include <math.h>

typedef struct
{
  ShtGeoFile *file;
  ShtGeoFeature *feature;
  guint n_positions;
} Reader;

static gboolean
bad (Reader *reader, GError **error, const char *what)
{
  return sht_geo_refuse (error, SHT_GEOJSON_ERROR_GEOMETRY, reader->feature->number, "%s", what);
}

static gboolean
take_number (ShtJsonIter *iter, double *number)
{
  ShtJsonSlice value;

  if (!sht_json_iter_next (iter, NULL, &value) || sht_json_slice_kind (value) != SHT_JSON_NUMBER)
    return FALSE;
  *number = sht_json_slice_double (value);
  return TRUE;
}

/* A height, and what some write behind it, is of no use here. */
static gboolean
read_position (Reader *reader, ShtJsonSlice position, ShtGeoPosition *at, GError **error)
{
  ShtJsonIter iter;

  if (sht_json_slice_kind (position) != SHT_JSON_ARRAY)
    return bad (reader, error, "a position is a list of numbers");
  sht_json_iter_init (&iter, position);
  if (!take_number (&iter, &at->x) || !take_number (&iter, &at->y))
    return bad (reader, error, "a position has two numbers or three");
  if (!isfinite (at->x) || !isfinite (at->y))
    return sht_geo_refuse (error, SHT_GEOJSON_ERROR_RANGE, reader->feature->number,
                           "a coordinate is beyond all numbers");
  if (++reader->n_positions > SHT_GEOJSON_MAX_POSITIONS)
    return sht_geo_refuse (error, SHT_GEOJSON_ERROR_TOO_LARGE, reader->feature->number,
                           "it has more than the %d positions that are taken",
                           SHT_GEOJSON_MAX_POSITIONS);
  return TRUE;
}

static void
begin_piece (Reader *reader, ShtGeometryPart part)
{
  ShtGeometryPiece piece = { part, reader->file->positions->len, 0 };

  g_array_append_val (reader->file->pieces, piece);
  reader->feature->n_pieces++;
}

static void
add_position (Reader *reader, const ShtGeoPosition *at)
{
  g_array_append_val (reader->file->positions, *at);
  g_array_index (reader->file->pieces, ShtGeometryPiece, reader->file->pieces->len - 1).n++;
}

static gboolean
read_positions (Reader *reader, ShtJsonSlice list, GError **error)
{
  ShtJsonIter iter;
  ShtJsonSlice value;
  ShtGeoPosition at;

  if (sht_json_slice_kind (list) != SHT_JSON_ARRAY)
    return bad (reader, error, "its coordinates are no list");
  sht_json_iter_init (&iter, list);
  while (sht_json_iter_next (&iter, NULL, &value))
    {
      if (!read_position (reader, value, &at, error))
        return FALSE;
      add_position (reader, &at);
    }
  return TRUE;
}

static gboolean
is_empty (ShtJsonSlice list)
{
  return sht_json_slice_kind (list) == SHT_JSON_ARRAY && sht_json_slice_count (list) == 0;
}

static gboolean
read_points (Reader *reader, ShtJsonSlice list, GError **error)
{
  begin_piece (reader, SHT_GEOMETRY_POINTS);
  return read_positions (reader, list, error);
}

static gboolean
read_point (Reader *reader, ShtJsonSlice position, GError **error)
{
  ShtGeoPosition at;

  if (!read_position (reader, position, &at, error))
    return FALSE;
  begin_piece (reader, SHT_GEOMETRY_POINTS);
  add_position (reader, &at);
  return TRUE;
}

static gboolean
read_line (Reader *reader, ShtJsonSlice list, GError **error)
{
  begin_piece (reader, SHT_GEOMETRY_LINE);
  if (!read_positions (reader, list, error))
    return FALSE;
  return g_array_index (reader->file->pieces, ShtGeometryPiece, reader->file->pieces->len - 1).n >=
           2 ||
         bad (reader, error, "a line has two positions or more");
}

static gboolean
read_ring (Reader *reader, ShtJsonSlice list, ShtGeometryPart part, GError **error)
{
  const ShtGeoPosition *positions;
  ShtGeometryPiece *piece;

  begin_piece (reader, part);
  if (!read_positions (reader, list, error))
    return FALSE;
  piece = &g_array_index (reader->file->pieces, ShtGeometryPiece, reader->file->pieces->len - 1);
  positions = &g_array_index (reader->file->positions, ShtGeoPosition, piece->first);
  if (piece->n < 4)
    return bad (reader, error, "a ring has four positions or more");
  if (positions[0].x != positions[piece->n - 1].x || positions[0].y != positions[piece->n - 1].y)
    return bad (reader, error, "a ring is open: its last position is not its first");
  g_array_set_size (reader->file->positions, reader->file->positions->len - 1);
  piece->n--;
  return TRUE;
}

static gboolean
read_polygon (Reader *reader, ShtJsonSlice rings, GError **error)
{
  ShtGeometryPart part = SHT_GEOMETRY_RING;
  ShtJsonIter iter;
  ShtJsonSlice ring;

  if (sht_json_slice_kind (rings) != SHT_JSON_ARRAY)
    return bad (reader, error, "a polygon is a list of rings");
  sht_json_iter_init (&iter, rings);
  while (sht_json_iter_next (&iter, NULL, &ring))
    {
      if (!read_ring (reader, ring, part, error))
        return FALSE;
      part = SHT_GEOMETRY_HOLE;
    }
  return TRUE;
}

typedef gboolean (*ReadFunc) (Reader *reader, ShtJsonSlice coordinates, GError **error);

static gboolean
read_each (Reader *reader, ShtJsonSlice list, ReadFunc read, GError **error)
{
  ShtJsonIter iter;
  ShtJsonSlice one;

  if (sht_json_slice_kind (list) != SHT_JSON_ARRAY)
    return bad (reader, error, "its coordinates are no list");
  sht_json_iter_init (&iter, list);
  while (sht_json_iter_next (&iter, NULL, &one))
    if (!read (reader, one, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_geometry (Reader *reader, ShtJsonSlice geometry, guint nesting, GError **error);

static gboolean
read_collection (Reader *reader, ShtJsonSlice geometries, guint nesting, GError **error)
{
  ShtJsonIter iter;
  ShtJsonSlice one;

  if (nesting > SHT_GEOJSON_MAX_NESTING)
    return sht_geo_refuse (error, SHT_GEOJSON_ERROR_TOO_LARGE, reader->feature->number,
                           "its collections of geometries lie more than %d deep within each other",
                           SHT_GEOJSON_MAX_NESTING);
  if (sht_json_slice_kind (geometries) != SHT_JSON_ARRAY)
    return bad (reader, error, "a collection of geometries has no list of them");
  sht_json_iter_init (&iter, geometries);
  while (sht_json_iter_next (&iter, NULL, &one))
    if (!read_geometry (reader, one, nesting, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_geometry (Reader *reader, ShtJsonSlice geometry, guint nesting, GError **error)
{
  static const struct
  {
    const char *type;
    ReadFunc read;
    gboolean is_multi;
  } types[] = {
    { "Point", read_point, FALSE },         { "MultiPoint", read_points, FALSE },
    { "LineString", read_line, FALSE },     { "Polygon", read_polygon, FALSE },
    { "MultiLineString", read_line, TRUE }, { "MultiPolygon", read_polygon, TRUE },
  };
  ShtJsonSlice type = sht_json_slice_member (geometry, "type");
  ShtJsonSlice coordinates = sht_json_slice_member (geometry, "coordinates");
  g_autofree char *name = NULL;

  /* What has no coordinates is nowhere. */
  if (sht_json_slice_kind (geometry) == SHT_JSON_ABSENT ||
      (is_empty (coordinates) && sht_json_slice_kind (type) == SHT_JSON_STRING))
    return TRUE;
  if (sht_json_slice_equals (type, "GeometryCollection"))
    return read_collection (reader, sht_json_slice_member (geometry, "geometries"), nesting + 1,
                            error);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (sht_json_slice_equals (type, types[i].type))
      return types[i].is_multi ? read_each (reader, coordinates, types[i].read, error)
                               : types[i].read (reader, coordinates, error);
  name = sht_json_slice_string (type);
  return sht_geo_refuse (error, SHT_GEOJSON_ERROR_GEOMETRY, reader->feature->number,
                         "there is no geometry “%.40s”",
                         name != NULL && g_utf8_strlen (name, -1) <= 20 ? name : "");
}

/**
 * sht_geo_read_geometry:
 * @feature: whose pieces are added to the file's
 * @geometry: as it is in the file, in whatever coordinates
 *
 * Returns: %FALSE with a #ShtGeojsonError that says the feature's number
 */
gboolean
sht_geo_read_geometry (ShtGeoFile *file,
                       ShtGeoFeature *feature,
                       ShtJsonSlice geometry,
                       GError **error)
{
  Reader reader = { file, feature, 0 };

  feature->first_piece = file->pieces->len;
  return read_geometry (&reader, geometry, 0, error);
}
