/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/import/geojson.h"

#include "core/id.h"
#include "core/json-guard.h"
#include "hub/import/geojson-private.h"

#include <stdarg.h>
#include <string.h>

#define LAYER_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
#define LAYER_MAX_CHARS 64

G_DEFINE_QUARK (sht - geojson - error - quark, sht_geojson_error)

/**
 * sht_geo_refuse:
 * @number: of the feature that is to blame, 0 when it is none of them
 *
 * Returns: %FALSE, with @error set
 */
gboolean
sht_geo_refuse (GError **error, ShtGeojsonError code, guint number, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  if (number > 0)
    g_set_error (error, SHT_GEOJSON_ERROR, code, "feature %u: %s", number, what);
  else
    g_set_error_literal (error, SHT_GEOJSON_ERROR, code, what);
  return FALSE;
}

/**
 * sht_geojson_layer_id:
 * @name: what somebody calls a layer
 *
 * Returns: (transfer full) (nullable): the layer's id: the name itself where it is a plain word,
 * else a UUID that the same name always gives; %NULL with %SHT_GEOJSON_ERROR_TEXT for what is no
 * name
 */
char *
sht_geojson_layer_id (const char *name, GError **error)
{
  g_autofree char *unique = NULL;
  glong chars = g_utf8_validate (name, -1, NULL) ? g_utf8_strlen (name, -1) : 0;

  for (const char *p = name; chars > 0 && *p != '\0'; p++)
    if ((guchar)*p < ' ' || *p == 127)
      chars = 0;
  if (chars < 1 || chars > LAYER_MAX_CHARS)
    {
      sht_geo_refuse (error, SHT_GEOJSON_ERROR_TEXT, 0,
                      "a layer's name is 1 to %d characters on one line", LAYER_MAX_CHARS);
      return NULL;
    }
  if (strspn (name, LAYER_CHARS) == strlen (name))
    return g_strdup (name);
  unique = g_strconcat ("layer/", name, NULL);
  return sht_id_from_name (unique);
}

/* --- which feature a broken text breaks off in --- */

typedef struct
{
  const char *at;
  const char *end;
} Scan;

static void
skip_string (Scan *scan)
{
  for (scan->at++; scan->at < scan->end && *scan->at != '"'; scan->at++)
    if (*scan->at == '\\')
      scan->at++;
  scan->at = MIN (scan->at + 1, scan->end);
}

/* Over a value by its brackets alone, as it may be no JSON. */
static void
skip_value (Scan *scan)
{
  guint depth = 0;

  while (scan->at < scan->end)
    {
      char c = *scan->at;

      if (c == '"')
        {
          skip_string (scan);
          continue;
        }
      if (depth == 0 && (c == ',' || c == ']' || c == '}'))
        return;
      depth += c == '[' || c == '{';
      depth -= c == ']' || c == '}';
      scan->at++;
    }
}

/* The list of features: its word outside of all that is nested in the file's object. */
static gboolean
find_list (Scan *scan)
{
  static const char word[] = "\"features\"";
  gint depth = 0;

  while (scan->at < scan->end)
    {
      const char *at = scan->at;

      if (*at == '"')
        {
          skip_string (scan);
          if (depth != 1 || scan->at - at != sizeof word - 1 ||
              memcmp (at, word, sizeof word - 1) != 0)
            continue;
          while (scan->at < scan->end && strchr (" \t\r\n:", *scan->at) != NULL)
            scan->at++;
          if (scan->at < scan->end && *scan->at == '[')
            {
              scan->at++;
              return TRUE;
            }
          continue;
        }
      depth += *at == '[' || *at == '{';
      depth -= *at == ']' || *at == '}';
      scan->at++;
    }
  return FALSE;
}

/* 0 where it is none of them. */
static guint
find_broken (const char *bytes, gsize length)
{
  Scan scan = { bytes, bytes + length };

  if (!find_list (&scan))
    return 0;
  for (guint number = 1; scan.at < scan.end; number++)
    {
      const char *start = scan.at;

      while (scan.at < scan.end && g_ascii_isspace (*scan.at))
        scan.at++;
      if (scan.at < scan.end && *scan.at == ']')
        return 0;
      skip_value (&scan);
      /* as deep as it may be within its list */
      if (!sht_json_guard (start, (gsize)(scan.at - start), SHT_JSON_MAX_DEPTH - 2, NULL))
        return number;
      if (scan.at >= scan.end || *scan.at != ',')
        return 0;
      scan.at++;
    }
  return 0;
}

/* --- the file --- */

static void
file_clear (ShtGeoFile *file)
{
  g_clear_pointer (&file->positions, g_array_unref);
  g_clear_pointer (&file->pieces, g_array_unref);
  g_clear_pointer (&file->features, g_array_unref);
  g_clear_pointer (&file->crs, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShtGeoFile, file_clear)

/* `urn:ogc:def:crs:EPSG::2039`, `EPSG:2039`, or the degrees of `urn:ogc:def:crs:OGC:1.3:CRS84`. */
static gboolean
read_crs (ShtGeoFile *file, ShtJsonSlice crs, GError **error)
{
  ShtJsonSlice properties = sht_json_slice_member (crs, "properties");
  g_autofree char *name = sht_json_slice_member_string (properties, "name");
  const char *code = name != NULL ? strrchr (name, ':') : NULL;
  gint64 number = 0;

  if (sht_json_slice_kind (crs) == SHT_JSON_ABSENT)
    return TRUE;
  if (name != NULL && g_str_has_suffix (name, "CRS84"))
    number = 4326;
  else if (name == NULL)
    sht_json_slice_int (sht_json_slice_member (properties, "code"), &number);
  else if (code != NULL && strstr (name, "EPSG") != NULL)
    g_ascii_string_to_signed (code + 1, 10, 1, 999999, &number, NULL);
  if (number < 1 || number > 999999)
    return sht_geo_refuse (error, SHT_GEOJSON_ERROR_GRID, 0,
                           "its crs is none that has a number of EPSG");
  file->crs = g_strdup_printf ("EPSG:%" G_GINT64_FORMAT, number);
  return TRUE;
}

static gboolean
read_feature (ShtGeoFile *file, ShtJsonSlice text, ShtJsonSlice geometry, GError **error)
{
  ShtGeoFeature feature = { file->features->len + 1, text, 0, 0 };

  if (feature.number > SHT_GEOJSON_MAX_FEATURES)
    return sht_geo_refuse (error, SHT_GEOJSON_ERROR_TOO_LARGE, 0,
                           "it has more than the %d features that are taken",
                           SHT_GEOJSON_MAX_FEATURES);
  if (!sht_geo_read_geometry (file, &feature, geometry, error))
    return FALSE;
  g_array_append_val (file->features, feature);
  return TRUE;
}

static gboolean
read_features (ShtGeoFile *file, ShtJsonSlice list, GError **error)
{
  ShtJsonIter iter;
  ShtJsonSlice feature;

  if (sht_json_slice_kind (list) != SHT_JSON_ARRAY)
    return sht_geo_refuse (error, SHT_GEOJSON_ERROR_SYNTAX, 0, "it has no list of features");
  sht_json_iter_init (&iter, list);
  while (sht_json_iter_next (&iter, NULL, &feature))
    {
      if (!sht_json_slice_equals (sht_json_slice_member (feature, "type"), "Feature"))
        return sht_geo_refuse (error, SHT_GEOJSON_ERROR_SYNTAX, file->features->len + 1,
                               "it is no GeoJSON feature");
      if (!read_feature (file, feature, sht_json_slice_member (feature, "geometry"), error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_file (ShtGeoFile *file, ShtJsonSlice root, GError **error)
{
  ShtJsonSlice type = sht_json_slice_member (root, "type");

  if (sht_json_slice_kind (type) != SHT_JSON_STRING)
    return sht_geo_refuse (error, SHT_GEOJSON_ERROR_SYNTAX, 0, "it is no GeoJSON: it has no type");
  if (!read_crs (file, sht_json_slice_member (root, "crs"), error))
    return FALSE;
  if (sht_json_slice_equals (type, "FeatureCollection"))
    return read_features (file, sht_json_slice_member (root, "features"), error);
  if (sht_json_slice_equals (type, "Feature"))
    return read_feature (file, root, sht_json_slice_member (root, "geometry"), error);
  /* a geometry alone */
  return read_feature (file, root, root, error);
}

static gboolean
write_places (const ShtGeoFile *file,
              const ShtGeojsonOptions *options,
              ShtEntitySink sink,
              gpointer sink_data,
              ShtGeojsonReport *report,
              GError **error)
{
  g_autoptr (ShtGeoWriter) writer = sht_geo_writer_new (options, report);
  g_autoptr (GString) line = g_string_new (NULL);

  if (!sht_geo_writer_choose_id (writer, file, error))
    return FALSE;
  for (guint i = 0; i < file->features->len; i++)
    {
      const ShtGeoFeature *feature = &g_array_index (file->features, ShtGeoFeature, i);

      if (feature->n_pieces == 0)
        {
          report->unlocated++;
          continue;
        }
      if (!sht_geo_write_place (writer, file, feature, line, error) ||
          !sink (sink_data, line->str, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * sht_geojson_read:
 * @json: a file: a collection of features, a feature, or a geometry
 * @sink: takes the places, one by one; to be forgotten where this fails in the end
 * @report: (out caller-allocates): what was in it
 *
 * Reads GeoJSON as in RFC 7946, and what town halls have of older kinds: with a `crs`, or in
 * metres.
 *
 * Returns: %FALSE with a #ShtGeojsonError, or the sink's error
 */
gboolean
sht_geojson_read (GBytes *json,
                  const ShtGeojsonOptions *options,
                  ShtEntitySink sink,
                  gpointer sink_data,
                  ShtGeojsonReport *report,
                  GError **error)
{
  g_auto (ShtGeoFile) file = { g_array_new (FALSE, FALSE, sizeof (ShtGeoPosition)),
                               g_array_new (FALSE, FALSE, sizeof (ShtGeometryPiece)),
                               g_array_new (FALSE, FALSE, sizeof (ShtGeoFeature)), NULL };
  g_autoptr (GError) broken = NULL;
  gsize length = 0;
  const char *bytes = g_bytes_get_data (json, &length);

  *report = (ShtGeojsonReport){ 0 };
  /* an empty file has no bytes at all */
  if (bytes == NULL)
    bytes = "";
  if (length > SHT_GEOJSON_MAX_BYTES)
    return sht_geo_refuse (error, SHT_GEOJSON_ERROR_TOO_LARGE, 0,
                           "it has %" G_GSIZE_FORMAT " bytes, more than the %d that are taken",
                           length, SHT_GEOJSON_MAX_BYTES);
  if (!sht_json_guard (bytes, length, SHT_JSON_MAX_DEPTH, &broken))
    return sht_geo_refuse (error, SHT_GEOJSON_ERROR_SYNTAX, find_broken (bytes, length), "%s",
                           broken->message);
  return read_file (&file, sht_json_slice_root (bytes, length), error) &&
         sht_geo_to_degrees (&file, report, error) &&
         write_places (&file, options, sink, sink_data, report, error);
}
