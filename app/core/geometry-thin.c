/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/geometry.h"

#include <math.h>

#define METRES_A_UNIT (6371008.8 * G_PI / 180 * 1e-7)

/* A stretch of a line of which the ends stay. */
typedef struct
{
  guint from;
  guint to;
} Stretch;

static double
off_line (const ShtGeometryPoint *points, Stretch stretch, guint at, double shrink)
{
  double ax = ((double)points[stretch.from].lon - points[at].lon) * shrink;
  double ay = (double)points[stretch.from].lat - points[at].lat;
  double dx = ((double)points[stretch.to].lon - points[stretch.from].lon) * shrink;
  double dy = (double)points[stretch.to].lat - points[stretch.from].lat;
  double length = dx * dx + dy * dy;
  double share = length > 0 ? CLAMP (-(ax * dx + ay * dy) / length, 0, 1) : 0;

  return hypot (ax + share * dx, ay + share * dy) * METRES_A_UNIT;
}

/* Douglas and Peucker: of a stretch all go that are near it, or the farthest stays and parts it. */
static void
keep_far (
  const ShtGeometryPoint *points, Stretch whole, double metres, double shrink, gboolean *keep)
{
  g_autoptr (GArray) open = g_array_new (FALSE, FALSE, sizeof (Stretch));

  g_array_append_val (open, whole);
  while (open->len > 0)
    {
      Stretch stretch = g_array_index (open, Stretch, open->len - 1);
      guint farthest = 0;
      double most = metres;

      g_array_set_size (open, open->len - 1);
      for (guint i = stretch.from + 1; i < stretch.to; i++)
        {
          double off = off_line (points, stretch, i, shrink);

          if (off > most)
            {
              most = off;
              farthest = i;
            }
        }
      if (farthest == 0)
        continue;
      keep[farthest] = TRUE;
      g_array_append_val (open, ((Stretch){ stretch.from, farthest }));
      g_array_append_val (open, ((Stretch){ farthest, stretch.to }));
    }
}

/* A ring has no ends; the two of its points that are farthest from each other are as good. */
static void
keep_of_ring (const ShtGeometryPoint *points, guint n, double metres, double shrink, gboolean *keep)
{
  guint farthest = n - 1;
  double most = -1;

  for (guint i = 1; i < n; i++)
    {
      double off = off_line (points, (Stretch){ 0, 0 }, i, shrink);

      if (off > most)
        {
          most = off;
          farthest = i;
        }
    }
  keep[0] = keep[farthest] = TRUE;
  keep_far (points, (Stretch){ 0, farthest }, metres, shrink, keep);
  /* Round to the first again, which stands behind the last too. */
  keep_far (points, (Stretch){ farthest, n }, metres, shrink, keep);
}

static void
thin_piece (const ShtGeometry *geometry,
            const ShtGeometryPiece *piece,
            double metres,
            ShtGeometry *thin)
{
  g_autofree gboolean *keep = g_new0 (gboolean, piece->n + 1);
  g_autofree ShtGeometryPoint *points = g_new (ShtGeometryPoint, piece->n + 1);
  double shrink;

  for (guint i = 0; i < piece->n; i++)
    points[i] = g_array_index (geometry->points, ShtGeometryPoint, piece->first + i);
  points[piece->n] = points[0];
  shrink = cos (points[0].lat * 1e-7 * G_PI / 180);
  if (piece->part == SHT_GEOMETRY_LINE)
    {
      keep[0] = keep[piece->n - 1] = TRUE;
      keep_far (points, (Stretch){ 0, piece->n - 1 }, metres, shrink, keep);
    }
  else if (piece->part == SHT_GEOMETRY_RING || piece->part == SHT_GEOMETRY_HOLE)
    keep_of_ring (points, piece->n, metres, shrink, keep);
  sht_geometry_begin (thin, piece->part);
  for (guint i = 0; i < piece->n; i++)
    if (keep[i] || piece->part == SHT_GEOMETRY_POINTS)
      sht_geometry_add (thin, points[i].lat, points[i].lon);
}

static gboolean
is_ring (const ShtGeometryPiece *piece)
{
  return piece->part == SHT_GEOMETRY_RING || piece->part == SHT_GEOMETRY_HOLE;
}

/* Smaller than what is thinned away: a hole goes, an area stays as it is. */
static void
undo_piece (const ShtGeometry *geometry, const ShtGeometryPiece *piece, ShtGeometry *thin)
{
  guint first = g_array_index (thin->pieces, ShtGeometryPiece, thin->pieces->len - 1).first;

  g_array_set_size (thin->points, first);
  g_array_set_size (thin->pieces, thin->pieces->len - 1);
  if (piece->part == SHT_GEOMETRY_HOLE)
    return;
  sht_geometry_begin (thin, piece->part);
  for (guint i = 0; i < piece->n; i++)
    {
      ShtGeometryPoint point = g_array_index (geometry->points, ShtGeometryPoint, piece->first + i);

      sht_geometry_add (thin, point.lat, point.lon);
    }
}

/**
 * sht_geometry_thin:
 * @metres: how far what is left may lie from what was
 *
 * Returns: (transfer full): the geometry without the points that tell nothing at that distance
 */
ShtGeometry *
sht_geometry_thin (const ShtGeometry *geometry, double metres)
{
  ShtGeometry *thin = sht_geometry_new ();

  for (guint i = 0; i < geometry->pieces->len; i++)
    {
      const ShtGeometryPiece *piece = &g_array_index (geometry->pieces, ShtGeometryPiece, i);

      thin_piece (geometry, piece, metres, thin);
      if (is_ring (piece) &&
          g_array_index (thin->pieces, ShtGeometryPiece, thin->pieces->len - 1).n < 3)
        undo_piece (geometry, piece, thin);
    }
  return thin;
}
