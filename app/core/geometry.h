/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/json-slice.h"

G_BEGIN_DECLS

/* A place with more points than this would be a burden to every tablet. */
#define SHT_GEOMETRY_MAX_POINTS 2000

/**
 * ShtGeometryPoint:
 * @lon: in 1e-7 degree
 * @lat: likewise
 */
typedef struct
{
  gint32 lon;
  gint32 lat;
} ShtGeometryPoint;

/**
 * ShtGeometryPart:
 * @SHT_GEOMETRY_POINTS: points on their own
 * @SHT_GEOMETRY_LINE: a line of two points or more
 * @SHT_GEOMETRY_RING: the outer edge of an area, of three points or more; the last is joined to the
 * first
 * @SHT_GEOMETRY_HOLE: what is cut out of the ring before it, likewise
 */
typedef enum
{
  SHT_GEOMETRY_POINTS,
  SHT_GEOMETRY_LINE,
  SHT_GEOMETRY_RING,
  SHT_GEOMETRY_HOLE
} ShtGeometryPart;

/**
 * ShtGeometryPiece:
 * @part: what it is
 * @first: the index of its first point
 * @n: how many points it has
 */
typedef struct
{
  ShtGeometryPart part;
  guint first;
  guint n;
} ShtGeometryPiece;

/**
 * ShtGeometry:
 * @points: (owned) (element-type ShtGeometryPoint)
 * @pieces: (owned) (element-type ShtGeometryPiece): in order, each with the points behind those of
 * the one before
 *
 * Where a place is that is more than one point.
 */
typedef struct
{
  GArray *points;
  GArray *pieces;
} ShtGeometry;

ShtGeometry *sht_geometry_new (void) G_GNUC_WARN_UNUSED_RESULT;
void sht_geometry_free (ShtGeometry *geometry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtGeometry, sht_geometry_free)

void sht_geometry_begin (ShtGeometry *geometry, ShtGeometryPart part);
void sht_geometry_add (ShtGeometry *geometry, gint64 lat_e7, gint64 lon_e7);
ShtGeometry *sht_geometry_read (ShtJsonSlice place) G_GNUC_WARN_UNUSED_RESULT;
void sht_geometry_append (GString *line, const ShtGeometry *geometry);

gboolean sht_geometry_has (const ShtGeometry *geometry, ShtGeometryPart part);
void sht_geometry_box (const ShtGeometry *geometry, gint64 box[4]);
void sht_geometry_middle (const ShtGeometry *geometry, gint64 *lat_e7, gint64 *lon_e7);
gboolean sht_geometry_contains (const ShtGeometry *geometry, gint64 lat_e7, gint64 lon_e7);
double sht_geometry_distance (const ShtGeometry *geometry, gint64 lat_e7, gint64 lon_e7);

/* geometry-thin.c */
ShtGeometry *sht_geometry_thin (const ShtGeometry *geometry,
                                double metres) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
