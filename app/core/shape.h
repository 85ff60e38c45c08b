/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/json-slice.h"

G_BEGIN_DECLS

/* A place with more points than this would be a burden to every tablet. */
#define SHT_SHAPE_MAX_POINTS 2000

/**
 * ShtShapePoint:
 * @lon: in 1e-7 degree
 * @lat: likewise
 */
typedef struct
{
  gint32 lon;
  gint32 lat;
} ShtShapePoint;

/**
 * ShtShapePart:
 * @SHT_SHAPE_POINTS: points on their own
 * @SHT_SHAPE_LINE: a line of two points or more
 * @SHT_SHAPE_RING: the outer edge of an area, of three points or more; the last is joined to the first
 * @SHT_SHAPE_HOLE: what is cut out of the ring before it, likewise
 */
typedef enum
{
  SHT_SHAPE_POINTS,
  SHT_SHAPE_LINE,
  SHT_SHAPE_RING,
  SHT_SHAPE_HOLE
} ShtShapePart;

/**
 * ShtShapePiece:
 * @part: what it is
 * @first: the index of its first point
 * @n: how many points it has
 */
typedef struct
{
  ShtShapePart part;
  guint first;
  guint n;
} ShtShapePiece;

/**
 * ShtShape:
 * @points: (owned) (element-type ShtShapePoint)
 * @pieces: (owned) (element-type ShtShapePiece): in order, each with the points behind those of the one before
 *
 * Where a place is that is more than one point.
 */
typedef struct
{
  GArray *points;
  GArray *pieces;
} ShtShape;

ShtShape *sht_shape_new (void) G_GNUC_WARN_UNUSED_RESULT;
void sht_shape_free (ShtShape *shape);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtShape, sht_shape_free)

void sht_shape_begin (ShtShape *shape, ShtShapePart part);
void sht_shape_add (ShtShape *shape, gint64 lat_e7, gint64 lon_e7);
ShtShape *sht_shape_read (ShtJsonSlice place) G_GNUC_WARN_UNUSED_RESULT;
void sht_shape_append (GString *line, const ShtShape *shape);

gboolean sht_shape_has (const ShtShape *shape, ShtShapePart part);
void sht_shape_box (const ShtShape *shape, gint64 box[4]);
void sht_shape_middle (const ShtShape *shape, gint64 *lat_e7, gint64 *lon_e7);
gboolean sht_shape_contains (const ShtShape *shape, gint64 lat_e7, gint64 lon_e7);
double sht_shape_distance (const ShtShape *shape, gint64 lat_e7, gint64 lon_e7);

/* shape-thin.c */
ShtShape *sht_shape_thin (const ShtShape *shape, double metres) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
