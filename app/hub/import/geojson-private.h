/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/geometry.h"
#include "hub/import/geojson.h"

G_BEGIN_DECLS

/* A position as the file has it: from west to east, and from south to north. */
typedef struct
{
  double x;
  double y;
} ShtGeoPosition;

/**
 * ShtGeoFeature:
 * @number: counted from 1, as people are told it
 * @feature: its text
 * @first_piece: of the file's pieces, the index of its first
 * @n_pieces: how many it has
 */
typedef struct
{
  guint number;
  ShtJsonSlice feature;
  guint first_piece;
  guint n_pieces;
} ShtGeoFeature;

/**
 * ShtGeoFile:
 * @positions: (owned) (element-type ShtGeoPosition)
 * @pieces: (owned) (element-type ShtGeometryPiece): over @positions; a ring without its last
 * position, which is its first
 * @features: (owned) (element-type ShtGeoFeature)
 * @crs: (owned) (nullable): what the file itself says of its coordinates, as EPSG:N
 */
typedef struct
{
  GArray *positions;
  GArray *pieces;
  GArray *features;
  char *crs;
} ShtGeoFile;

gboolean
sht_geo_refuse (GError **error, ShtGeojsonError code, guint number, const char *format, ...)
  G_GNUC_PRINTF (4, 5);

/* geojson-geometry.c */
gboolean sht_geo_read_geometry (ShtGeoFile *file,
                                ShtGeoFeature *feature,
                                ShtJsonSlice geometry,
                                GError **error);

/* geojson-grid.c */
gboolean sht_geo_to_degrees (ShtGeoFile *file, ShtGeojsonReport *report, GError **error);

/* geojson-place.c */
typedef struct _ShtGeoWriter ShtGeoWriter;
ShtGeoWriter *sht_geo_writer_new (const ShtGeojsonOptions *options, ShtGeojsonReport *report);
void sht_geo_writer_free (ShtGeoWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtGeoWriter, sht_geo_writer_free)
gboolean sht_geo_writer_choose_id (ShtGeoWriter *writer, const ShtGeoFile *file, GError **error);
gboolean sht_geo_write_place (ShtGeoWriter *writer,
                              const ShtGeoFile *file,
                              const ShtGeoFeature *feature,
                              GString *line,
                              GError **error);

G_END_DECLS
