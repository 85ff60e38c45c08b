/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/import/geojson-private.h"

#include "core/id.h"

#include <math.h>
#include <string.h>

/* Points that no map shows apart: at the nearest zoom a pixel is half a metre. */
#define THIN_METRES 0.15
/* What is not within its limit by this is no place. */
#define THIN_MOST_METRES 1000.0

struct _ShtGeoWriter
{
  const ShtGeojsonOptions *options;
  ShtGeojsonReport *report;
  const char *id_by;      /* a property, feature_id, %NULL for none */
  GHashTable *geometries; /* (owned): of those that are known by it alone, how often each was met */
};

/* Instead of a property's name: the id that a feature has beside its properties. */
static const char feature_id[] = "id of its own";

/* What is read of a feature's properties, and by which names. */
static const struct
{
  const char *member;
  guint most;
  const char *names[7];
} texts[] = {
  { "name", 200, { "name", "name:he", "name_he", "NAME", "Name", "שם", NULL } },
  { "code", 64, { "code", "ref", "CODE", "Code", "קוד", NULL } },
  { "kind", 64, { "kind", "KIND", "Kind", "סוג", NULL } },
  { "address", 200, { "address", "ADDRESS", "Address", "כתובת", NULL } },
  { "description", 2000, { "description", "DESCRIPTION", "Description", "תיאור", NULL } },
  { "note", 2000, { "note", "NOTE", "Note", "הערה", NULL } },
};

ShtGeoWriter *
sht_geo_writer_new (const ShtGeojsonOptions *options, ShtGeojsonReport *report)
{
  ShtGeoWriter *writer = g_new0 (ShtGeoWriter, 1);

  writer->options = options;
  writer->report = report;
  writer->geometries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return writer;
}

void
sht_geo_writer_free (ShtGeoWriter *writer)
{
  g_hash_table_unref (writer->geometries);
  g_free (writer);
}

/* A text without the blanks around it, or a number as it is written; %NULL for what is none or
 * empty. */
static char *
text_of (ShtJsonSlice value)
{
  g_autofree char *text = NULL;

  if (sht_json_slice_kind (value) == SHT_JSON_NUMBER)
    return g_strndup (value.at, value.length);
  text = sht_json_slice_string (value);
  if (text == NULL || *g_strstrip (text) == '\0')
    return NULL;
  return g_steal_pointer (&text);
}

static char *
id_of (const ShtGeoFeature *feature, const char *by)
{
  if (by == feature_id)
    return text_of (sht_json_slice_member (feature->feature, "id"));
  return text_of (
    sht_json_slice_member (sht_json_slice_member (feature->feature, "properties"), by));
}

/* Whether every feature has it, and no two the same. */
static gboolean
tells_apart (const ShtGeoFile *file, const char *by, guint *number, guint *same)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < file->features->len; i++)
    {
      const ShtGeoFeature *feature = &g_array_index (file->features, ShtGeoFeature, i);
      char *id = id_of (feature, by);

      *number = feature->number;
      *same = id != NULL ? GPOINTER_TO_UINT (g_hash_table_lookup (seen, id)) : 0;
      if (id == NULL || *same > 0)
        {
          g_free (id);
          return FALSE;
        }
      g_hash_table_insert (seen, id, GUINT_TO_POINTER (feature->number));
    }
  return file->features->len > 0;
}

/**
 * sht_geo_writer_choose_id:
 *
 * Finds by what a feature is known when its file comes again: what was asked for, or the first of
 * the usual ones that all features have and no two share; else by where it lies.
 */
gboolean
sht_geo_writer_choose_id (ShtGeoWriter *writer, const ShtGeoFile *file, GError **error)
{
  static const char *const usual[] = { feature_id, "id", "code", "@id", "OBJECTID" };
  guint number = 0, same = 0;

  if (writer->options->id_property != NULL)
    {
      writer->id_by = writer->options->id_property;
      if (tells_apart (file, writer->id_by, &number, &same) || file->features->len == 0)
        return TRUE;
      if (same > 0)
        return sht_geo_refuse (error, SHT_GEOJSON_ERROR_TEXT, number,
                               "it has the same %s as feature %u", writer->id_by, same);
      return sht_geo_refuse (error, SHT_GEOJSON_ERROR_TEXT, number, "it has no %s", writer->id_by);
    }
  for (guint i = 0; i < G_N_ELEMENTS (usual) && writer->id_by == NULL; i++)
    if (tells_apart (file, usual[i], &number, &same))
      writer->id_by = usual[i];
  return TRUE;
}

static ShtGeometry *
geometry_of (const ShtGeoFile *file, const ShtGeoFeature *feature)
{
  ShtGeometry *geometry = sht_geometry_new ();
  gboolean begun = FALSE;

  /* Points on their own are one piece, wherever they stood. */
  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < feature->n_pieces; i++)
      {
        const ShtGeometryPiece *piece =
          &g_array_index (file->pieces, ShtGeometryPiece, feature->first_piece + i);

        if ((piece->part == SHT_GEOMETRY_POINTS) != (pass == 0))
          continue;
        if (pass == 1 || !begun)
          sht_geometry_begin (geometry, piece->part);
        begun = TRUE;
        for (guint k = 0; k < piece->n; k++)
          {
            const ShtGeoPosition *at =
              &g_array_index (file->positions, ShtGeoPosition, piece->first + k);

            sht_geometry_add (geometry, llround (at->y * 1e7), llround (at->x * 1e7));
          }
      }
  return geometry;
}

static ShtGeometry *
small_geometry_of (ShtGeoWriter *writer,
                   const ShtGeoFile *file,
                   const ShtGeoFeature *feature,
                   GError **error)
{
  g_autoptr (ShtGeometry) whole = geometry_of (file, feature);
  double metres = THIN_METRES;
  ShtGeometry *geometry = sht_geometry_thin (whole, metres);

  while (geometry->points->len > SHT_GEOMETRY_MAX_POINTS && metres < THIN_MOST_METRES)
    {
      metres *= 2;
      sht_geometry_free (geometry);
      geometry = sht_geometry_thin (whole, metres);
    }
  if (geometry->points->len > SHT_GEOMETRY_MAX_POINTS)
    {
      sht_geometry_free (geometry);
      sht_geo_refuse (error, SHT_GEOJSON_ERROR_TOO_LARGE, feature->number,
                      "it has more than %d points, however much it is simplified",
                      SHT_GEOMETRY_MAX_POINTS);
      return NULL;
    }
  if (metres > THIN_METRES)
    {
      writer->report->thinned++;
      writer->report->off_metres = MAX (writer->report->off_metres, metres);
    }
  return geometry;
}

static void
append_id (ShtGeoWriter *writer, const ShtGeoFeature *feature, const char *geometry, GString *line)
{
  g_autofree char *own = writer->id_by != NULL ? id_of (feature, writer->id_by) : NULL;
  g_autofree char *unique = NULL, *id = NULL;
  guint before;

  if (own != NULL)
    unique = g_strdup_printf ("place/%s/id/%s", writer->options->layer, own);
  else
    {
      before = GPOINTER_TO_UINT (g_hash_table_lookup (writer->geometries, geometry));
      g_hash_table_replace (writer->geometries, g_strdup (geometry), GUINT_TO_POINTER (before + 1));
      unique = g_strdup_printf ("place/%s/at/%u/%s", writer->options->layer, before, geometry);
    }
  id = sht_id_from_name (unique);
  sht_json_append_member (line, "id", id);
}

static gboolean
append_text (ShtJsonSlice properties,
             guint which,
             const char *asked,
             guint number,
             GString *line,
             GError **error)
{
  g_autofree char *text =
    asked != NULL ? text_of (sht_json_slice_member (properties, asked)) : NULL;

  for (guint i = 0; asked == NULL && text == NULL && texts[which].names[i] != NULL; i++)
    text = text_of (sht_json_slice_member (properties, texts[which].names[i]));
  if (text == NULL)
    return TRUE;
  if (g_utf8_strlen (text, -1) > texts[which].most)
    return sht_geo_refuse (error, SHT_GEOJSON_ERROR_TEXT, number,
                           "its %s has more than %u characters", texts[which].member,
                           texts[which].most);
  sht_json_append_member (line, texts[which].member, text);
  return TRUE;
}

/* OpenStreetMap's name:he, and name_he as GIS programs write it. */
static gboolean
append_names (ShtJsonSlice properties, guint number, GString *line, GError **error)
{
  static const char *const languages[] = { "he", "ar", "en", "ru" };
  gboolean begun = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    {
      g_autofree char *colon = g_strconcat ("name:", languages[i], NULL),
                      *under = g_strconcat ("name_", languages[i], NULL);
      g_autofree char *text = text_of (sht_json_slice_member (properties, colon));

      if (text == NULL)
        text = text_of (sht_json_slice_member (properties, under));
      if (text == NULL)
        continue;
      if (g_utf8_strlen (text, -1) > texts[0].most)
        return sht_geo_refuse (error, SHT_GEOJSON_ERROR_TEXT, number,
                               "its %s has more than %u characters", colon, texts[0].most);
      if (!begun)
        {
          sht_json_append_key (line, "names");
          g_string_append_c (line, '{');
        }
      sht_json_append_member (line, languages[i], text);
      begun = TRUE;
    }
  if (begun)
    g_string_append_c (line, '}');
  return TRUE;
}

static gboolean
append_texts (ShtGeoWriter *writer, const ShtGeoFeature *feature, GString *line, GError **error)
{
  ShtJsonSlice properties = sht_json_slice_member (feature->feature, "properties");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (!append_text (properties, i, i == 0 ? writer->options->name_property : NULL,
                      feature->number, line, error))
      return FALSE;
  return append_names (properties, feature->number, line, error);
}

static void
count (ShtGeojsonReport *report, const ShtGeometry *geometry)
{
  gboolean has_areas = sht_geometry_has (geometry, SHT_GEOMETRY_RING),
           has_lines = sht_geometry_has (geometry, SHT_GEOMETRY_LINE);

  report->places++;
  report->areas += has_areas;
  report->lines += has_lines;
  report->points += !has_areas && !has_lines;
}

/**
 * sht_geo_write_place:
 * @file: in degrees
 * @feature: one that has a geometry
 * @line: where the place is written, instead of what is there
 *
 * Returns: %FALSE with a #ShtGeojsonError that says the feature's number
 */
gboolean
sht_geo_write_place (ShtGeoWriter *writer,
                     const ShtGeoFile *file,
                     const ShtGeoFeature *feature,
                     GString *line,
                     GError **error)
{
  g_autoptr (ShtGeometry) geometry = small_geometry_of (writer, file, feature, error);
  g_autoptr (GString) members = g_string_new (NULL);
  gint64 lat, lon;

  if (geometry == NULL)
    return FALSE;
  count (writer->report, geometry);
  sht_geometry_middle (geometry, &lat, &lon);
  sht_json_append_member_int (members, "lat_e7", lat);
  sht_json_append_member_int (members, "lon_e7", lon);
  /* One point is told by its place alone. */
  if (geometry->points->len > 1)
    sht_geometry_append (members, geometry);
  g_string_assign (line, "{\"t\":\"place\"");
  append_id (writer, feature, members->str, line);
  sht_json_append_member (line, "layer", writer->options->layer);
  if (!append_texts (writer, feature, line, error))
    return FALSE;
  g_string_append_c (line, ',');
  g_string_append (line, members->str);
  g_string_append_c (line, '}');
  return TRUE;
}
