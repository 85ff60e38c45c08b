/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/entity.h"

G_BEGIN_DECLS

/* A town's trees or lamps are some megabytes; more than this is a whole country's, or a mistake. */
#define SHT_GEOJSON_MAX_BYTES (64 << 20)
#define SHT_GEOJSON_MAX_FEATURES 100000
#define SHT_GEOJSON_MAX_POSITIONS 200000
/* Collections of geometries within each other; RFC 7946 asks for none. */
#define SHT_GEOJSON_MAX_NESTING 4

#define SHT_GEOJSON_ERROR (sht_geojson_error_quark ())
GQuark sht_geojson_error_quark (void);

/**
 * ShtGeojsonError:
 * @SHT_GEOJSON_ERROR_SYNTAX: it is no JSON, or no GeoJSON
 * @SHT_GEOJSON_ERROR_GEOMETRY: a geometry that is none: an open ring, a line of one position
 * @SHT_GEOJSON_ERROR_RANGE: a position that is nowhere
 * @SHT_GEOJSON_ERROR_GRID: coordinates that are no degrees and in no grid that is known
 * @SHT_GEOJSON_ERROR_TEXT: a property that is too long, or one that has to be there and is not
 * @SHT_GEOJSON_ERROR_TOO_LARGE: over a limit, which the message names
 *
 * Where one feature is to blame, the message says its number, counted from 1.
 */
typedef enum
{
  SHT_GEOJSON_ERROR_SYNTAX,
  SHT_GEOJSON_ERROR_GEOMETRY,
  SHT_GEOJSON_ERROR_RANGE,
  SHT_GEOJSON_ERROR_GRID,
  SHT_GEOJSON_ERROR_TEXT,
  SHT_GEOJSON_ERROR_TOO_LARGE
} ShtGeojsonError;

/**
 * ShtGeojsonOptions:
 * @layer: the id of the layer that the places belong to
 * @id_property: (nullable): what tells a feature from the others, where it has no id of its own
 * @name_property: (nullable): what people call it; %NULL for `name` and what is usual beside it
 */
typedef struct
{
  const char *layer;
  const char *id_property;
  const char *name_property;
} ShtGeojsonOptions;

/**
 * ShtGeojsonReport:
 * @places: how many came of it
 * @points: how many of them are points
 * @lines: how many have lines
 * @areas: how many have areas
 * @unlocated: features without a geometry, which are no places
 * @thinned: of how many places points had to go to keep within %SHT_GEOMETRY_MAX_POINTS
 * @off_metres: how far such a place may lie from what it was
 * @crs: (transfer none): what the coordinates were, such as EPSG:2039
 * @is_swapped: whether north came before east
 */
typedef struct
{
  guint places;
  guint points;
  guint lines;
  guint areas;
  guint unlocated;
  guint thinned;
  double off_metres;
  const char *crs;
  gboolean is_swapped;
} ShtGeojsonReport;

char *sht_geojson_layer_id (const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_geojson_read (GBytes *json,
                           const ShtGeojsonOptions *options,
                           ShtEntitySink sink,
                           gpointer sink_data,
                           ShtGeojsonReport *report,
                           GError **error);

G_END_DECLS
