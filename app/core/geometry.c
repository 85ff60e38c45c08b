/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/geometry.h"

#include <math.h>

#define LAT_END 900000000
#define LON_END 1800000000
#define METRES_A_UNIT (6371008.8 * G_PI / 180 * 1e-7)

static const ShtGeometryPoint *
points_of (const ShtGeometry *geometry, const ShtGeometryPiece *piece)
{
  return &g_array_index (geometry->points, ShtGeometryPoint, piece->first);
}

static const ShtGeometryPiece *
piece_at (const ShtGeometry *geometry, guint index)
{
  return &g_array_index (geometry->pieces, ShtGeometryPiece, index);
}

ShtGeometry *
sht_geometry_new (void)
{
  ShtGeometry *geometry = g_new (ShtGeometry, 1);

  geometry->points = g_array_new (FALSE, FALSE, sizeof (ShtGeometryPoint));
  geometry->pieces = g_array_new (FALSE, FALSE, sizeof (ShtGeometryPiece));
  return geometry;
}

void
sht_geometry_free (ShtGeometry *geometry)
{
  g_array_unref (geometry->points);
  g_array_unref (geometry->pieces);
  g_free (geometry);
}

/**
 * sht_geometry_begin:
 *
 * Starts a piece; what is added from now on belongs to it.
 */
void
sht_geometry_begin (ShtGeometry *geometry, ShtGeometryPart part)
{
  ShtGeometryPiece piece = { part, geometry->points->len, 0 };

  g_array_append_val (geometry->pieces, piece);
}

/**
 * sht_geometry_add:
 *
 * Adds a point, within the ranges of degrees, to the piece that was begun last.
 */
void
sht_geometry_add (ShtGeometry *geometry, gint64 lat_e7, gint64 lon_e7)
{
  ShtGeometryPoint point = { (gint32)lon_e7, (gint32)lat_e7 };

  g_array_append_val (geometry->points, point);
  g_array_index (geometry->pieces, ShtGeometryPiece, geometry->pieces->len - 1).n++;
}

/* --- as it travels --- */

static gboolean
take_step (ShtJsonSlice value, gint64 most, gint64 *step)
{
  return sht_json_slice_int (value, step) && *step >= -most && *step <= most;
}

/* The first longitude and latitude, then how much is added to them from point to point. */
static gboolean
read_piece (ShtGeometry *geometry, ShtGeometryPart part, ShtJsonSlice numbers)
{
  static const guint least[] = { 1, 2, 3, 3 };
  gint64 lon = 0, lat = 0, step;
  ShtJsonIter iter;
  ShtJsonSlice value;

  if (sht_json_slice_kind (numbers) != SHT_JSON_ARRAY)
    return FALSE;
  sht_geometry_begin (geometry, part);
  sht_json_iter_init (&iter, numbers);
  while (sht_json_iter_next (&iter, NULL, &value))
    {
      if (!take_step (value, 2 * (gint64)LON_END, &step))
        return FALSE;
      lon += step;
      if (!sht_json_iter_next (&iter, NULL, &value) ||
          !take_step (value, 2 * (gint64)LAT_END, &step))
        return FALSE;
      lat += step;
      if (ABS (lon) > LON_END || ABS (lat) > LAT_END)
        return FALSE;
      sht_geometry_add (geometry, lat, lon);
    }
  return piece_at (geometry, geometry->pieces->len - 1)->n >= least[part];
}

static gboolean
read_lines (ShtGeometry *geometry, ShtJsonSlice lines)
{
  ShtJsonIter iter;
  ShtJsonSlice line;

  sht_json_iter_init (&iter, lines);
  while (sht_json_iter_next (&iter, NULL, &line))
    if (!read_piece (geometry, SHT_GEOMETRY_LINE, line))
      return FALSE;
  return TRUE;
}

static gboolean
read_area (ShtGeometry *geometry, ShtJsonSlice rings)
{
  ShtGeometryPart part = SHT_GEOMETRY_RING;
  ShtJsonIter iter;
  ShtJsonSlice ring;

  if (sht_json_slice_kind (rings) != SHT_JSON_ARRAY)
    return FALSE;
  sht_json_iter_init (&iter, rings);
  while (sht_json_iter_next (&iter, NULL, &ring))
    {
      if (!read_piece (geometry, part, ring))
        return FALSE;
      part = SHT_GEOMETRY_HOLE;
    }
  return part == SHT_GEOMETRY_HOLE;
}

static gboolean
read_areas (ShtGeometry *geometry, ShtJsonSlice areas)
{
  ShtJsonIter iter;
  ShtJsonSlice area;

  sht_json_iter_init (&iter, areas);
  while (sht_json_iter_next (&iter, NULL, &area))
    if (!read_area (geometry, area))
      return FALSE;
  return TRUE;
}

/**
 * sht_geometry_read:
 * @place: a place that json-guard.h has passed
 *
 * Returns: (transfer full) (nullable): its geometry; %NULL for a place that is a point alone, or
 * whose geometry is none
 */
ShtGeometry *
sht_geometry_read (ShtJsonSlice place)
{
  g_autoptr (ShtGeometry) geometry = sht_geometry_new ();
  ShtJsonSlice points = sht_json_slice_member (place, "points");
  ShtJsonSlice lines = sht_json_slice_member (place, "lines");
  ShtJsonSlice areas = sht_json_slice_member (place, "areas");

  if ((sht_json_slice_kind (points) == SHT_JSON_ARRAY &&
       !read_piece (geometry, SHT_GEOMETRY_POINTS, points)) ||
      (sht_json_slice_kind (lines) == SHT_JSON_ARRAY && !read_lines (geometry, lines)) ||
      (sht_json_slice_kind (areas) == SHT_JSON_ARRAY && !read_areas (geometry, areas)))
    return NULL;
  return geometry->pieces->len > 0 ? g_steal_pointer (&geometry) : NULL;
}

static void
append_numbers (GString *line, const ShtGeometry *geometry, const ShtGeometryPiece *piece)
{
  const ShtGeometryPoint *points = points_of (geometry, piece);
  gint64 lon = 0, lat = 0;

  g_string_append_c (line, '[');
  for (guint i = 0; i < piece->n; i++)
    {
      if (i > 0)
        g_string_append_c (line, ',');
      sht_json_append_int (line, points[i].lon - lon);
      g_string_append_c (line, ',');
      sht_json_append_int (line, points[i].lat - lat);
      lon = points[i].lon;
      lat = points[i].lat;
    }
  g_string_append_c (line, ']');
}

static void
append_points (GString *line, const ShtGeometry *geometry)
{
  /* A place has them as one list. */
  for (guint i = 0; i < geometry->pieces->len; i++)
    if (piece_at (geometry, i)->part == SHT_GEOMETRY_POINTS)
      {
        sht_json_append_key (line, "points");
        append_numbers (line, geometry, piece_at (geometry, i));
        return;
      }
}

static void
append_lines (GString *line, const ShtGeometry *geometry)
{
  gboolean first = TRUE;

  for (guint i = 0; i < geometry->pieces->len; i++)
    if (piece_at (geometry, i)->part == SHT_GEOMETRY_LINE)
      {
        if (first)
          sht_json_append_key (line, "lines");
        g_string_append_c (line, first ? '[' : ',');
        append_numbers (line, geometry, piece_at (geometry, i));
        first = FALSE;
      }
  if (!first)
    g_string_append_c (line, ']');
}

static void
append_areas (GString *line, const ShtGeometry *geometry)
{
  gboolean first = TRUE;

  for (guint i = 0; i < geometry->pieces->len; i++)
    {
      const ShtGeometryPiece *piece = piece_at (geometry, i);

      if (piece->part == SHT_GEOMETRY_HOLE)
        g_string_append_c (line, ',');
      if (piece->part == SHT_GEOMETRY_RING && first)
        sht_json_append_key (line, "areas");
      if (piece->part == SHT_GEOMETRY_RING)
        g_string_append (line, first ? "[[" : "],[");
      if (piece->part == SHT_GEOMETRY_RING || piece->part == SHT_GEOMETRY_HOLE)
        append_numbers (line, geometry, piece);
      first &= piece->part != SHT_GEOMETRY_RING;
    }
  if (!first)
    g_string_append (line, "]]");
}

/**
 * sht_geometry_append:
 * @line: an object that has been begun
 *
 * Adds the members that sht_geometry_read() reads; points on their own have to be one piece.
 */
void
sht_geometry_append (GString *line, const ShtGeometry *geometry)
{
  append_points (line, geometry);
  append_lines (line, geometry);
  append_areas (line, geometry);
}

/* --- where it is --- */

gboolean
sht_geometry_has (const ShtGeometry *geometry, ShtGeometryPart part)
{
  for (guint i = 0; i < geometry->pieces->len; i++)
    if (piece_at (geometry, i)->part == part)
      return TRUE;
  return FALSE;
}

/**
 * sht_geometry_box:
 * @box: (out caller-allocates): least and greatest latitude, least and greatest longitude, in 1e-7
 * degree
 */
void
sht_geometry_box (const ShtGeometry *geometry, gint64 box[4])
{
  box[0] = LAT_END;
  box[1] = -LAT_END;
  box[2] = LON_END;
  box[3] = -LON_END;
  for (guint i = 0; i < geometry->points->len; i++)
    {
      const ShtGeometryPoint *point = &g_array_index (geometry->points, ShtGeometryPoint, i);

      box[0] = MIN (box[0], point->lat);
      box[1] = MAX (box[1], point->lat);
      box[2] = MIN (box[2], point->lon);
      box[3] = MAX (box[3], point->lon);
    }
}

/* Whether a line from the point to the east crosses the edge an odd number of times. */
static gboolean
is_within (const ShtGeometryPoint *points, guint n, double lat, double lon)
{
  gboolean within = FALSE;

  for (guint i = 0, before = n - 1; i < n; before = i++)
    if ((points[i].lat > lat) != (points[before].lat > lat) &&
        lon < ((double)points[before].lon - points[i].lon) * (lat - points[i].lat) /
                  ((double)points[before].lat - points[i].lat) +
                points[i].lon)
      within = !within;
  return within;
}

static gboolean
area_contains (const ShtGeometry *geometry, double lat, double lon)
{
  gboolean in_ring = FALSE, in_hole = FALSE;

  for (guint i = 0; i < geometry->pieces->len; i++)
    {
      const ShtGeometryPiece *piece = piece_at (geometry, i);

      if (piece->part == SHT_GEOMETRY_RING && in_ring && !in_hole)
        return TRUE;
      if (piece->part == SHT_GEOMETRY_RING)
        {
          in_ring = is_within (points_of (geometry, piece), piece->n, lat, lon);
          in_hole = FALSE;
        }
      else if (piece->part == SHT_GEOMETRY_HOLE && in_ring)
        in_hole |= is_within (points_of (geometry, piece), piece->n, lat, lon);
    }
  return in_ring && !in_hole;
}

/**
 * sht_geometry_contains:
 *
 * Returns: whether a position is within one of its areas, and not in a hole of it
 */
gboolean
sht_geometry_contains (const ShtGeometry *geometry, gint64 lat_e7, gint64 lon_e7)
{
  return area_contains (geometry, (double)lat_e7, (double)lon_e7);
}

/* Squared metres from the point to the stretch from a to b. */
static double
stretch_distance (ShtGeometryPoint a, ShtGeometryPoint b, double lat, double lon, double shrink)
{
  double ax = (a.lon - lon) * shrink, ay = a.lat - lat;
  double dx = ((double)b.lon - a.lon) * shrink, dy = (double)b.lat - a.lat;
  double length = dx * dx + dy * dy;
  double share = length > 0 ? CLAMP (-(ax * dx + ay * dy) / length, 0, 1) : 0;
  double x = ax + share * dx, y = ay + share * dy;

  return (x * x + y * y) * METRES_A_UNIT * METRES_A_UNIT;
}

/**
 * sht_geometry_distance:
 *
 * Returns: metres from a position to the nearest point, line or edge of the geometry, 0 within an
 * area; good to a hundredth over the size of a town
 */
double
sht_geometry_distance (const ShtGeometry *geometry, gint64 lat_e7, gint64 lon_e7)
{
  double lat = (double)lat_e7, lon = (double)lon_e7, best = INFINITY;
  double shrink = cos (lat * 1e-7 * G_PI / 180);

  if (area_contains (geometry, lat, lon))
    return 0;
  for (guint i = 0; i < geometry->pieces->len; i++)
    {
      const ShtGeometryPiece *piece = piece_at (geometry, i);
      const ShtGeometryPoint *points = points_of (geometry, piece);
      gboolean closed = piece->part == SHT_GEOMETRY_RING || piece->part == SHT_GEOMETRY_HOLE;

      for (guint k = 0; k < piece->n; k++)
        {
          guint from = k > 0 ? k - 1 : closed ? piece->n - 1 : 0;

          best =
            fmin (best, stretch_distance (points[piece->part == SHT_GEOMETRY_POINTS ? k : from],
                                          points[k], lat, lon, shrink));
        }
    }
  return sqrt (best);
}

/* --- its middle --- */

static double
length_between (ShtGeometryPoint a, ShtGeometryPoint b)
{
  double shrink = cos (a.lat * 1e-7 * G_PI / 180);

  return hypot (((double)b.lon - a.lon) * shrink, (double)b.lat - a.lat);
}

static void
middle_of_line (const ShtGeometryPoint *points, guint n, gint64 *lat, gint64 *lon)
{
  double half = 0;

  for (guint i = 1; i < n; i++)
    half += length_between (points[i - 1], points[i]) / 2;
  for (guint i = 1; i < n; i++)
    {
      double stretch = length_between (points[i - 1], points[i]);

      if (stretch >= half && stretch > 0)
        {
          *lat = llround (points[i - 1].lat +
                          ((double)points[i].lat - points[i - 1].lat) * half / stretch);
          *lon = llround (points[i - 1].lon +
                          ((double)points[i].lon - points[i - 1].lon) * half / stretch);
          return;
        }
      half -= stretch;
    }
  *lat = points[0].lat;
  *lon = points[0].lon;
}

static double
size_of_ring (const ShtGeometryPoint *points, guint n, double *lat, double *lon)
{
  double size = 0, x = 0, y = 0;

  for (guint i = 0, before = n - 1; i < n; before = i++)
    {
      double ax = (double)points[before].lon - points[0].lon,
             ay = (double)points[before].lat - points[0].lat;
      double bx = (double)points[i].lon - points[0].lon, by = (double)points[i].lat - points[0].lat;
      double cross = ax * by - bx * ay;

      size += cross / 2;
      x += (ax + bx) * cross / 6;
      y += (ay + by) * cross / 6;
    }
  *lat = points[0].lat + (size != 0 ? y / size : 0);
  *lon = points[0].lon + (size != 0 ? x / size : 0);
  return fabs (size);
}

static int
by_value (gconstpointer a, gconstpointer b)
{
  double d = *(const double *)a - *(const double *)b;

  return d < 0 ? -1 : d > 0;
}

/* On the parallel of @lat, the middle of the widest stretch within the areas: an area's centre of
 * mass may lie outside it. */
static gboolean
middle_of_widest (const ShtGeometry *geometry, double lat, gint64 *lon)
{
  g_autoptr (GArray) crossings = g_array_new (FALSE, FALSE, sizeof (double));
  double widest = 0;

  for (guint i = 0; i < geometry->pieces->len; i++)
    {
      const ShtGeometryPiece *piece = piece_at (geometry, i);
      const ShtGeometryPoint *p = points_of (geometry, piece);

      if (piece->part != SHT_GEOMETRY_RING && piece->part != SHT_GEOMETRY_HOLE)
        continue;
      for (guint k = 0, before = piece->n - 1; k < piece->n; before = k++)
        if ((p[k].lat > lat) != (p[before].lat > lat))
          {
            double at = p[k].lon + ((double)p[before].lon - p[k].lon) * (lat - p[k].lat) /
                                     ((double)p[before].lat - p[k].lat);

            g_array_append_val (crossings, at);
          }
    }
  g_array_sort (crossings, by_value);
  for (guint i = 1; i < crossings->len; i++)
    {
      double from = g_array_index (crossings, double, i - 1),
             to = g_array_index (crossings, double, i);

      if (to - from > widest && area_contains (geometry, lat, (from + to) / 2))
        {
          widest = to - from;
          *lon = llround ((from + to) / 2);
        }
    }
  return widest > 0;
}

/* Half-way from the northernmost to the southernmost point. */
static double
middle_parallel (const ShtGeometryPoint *points, guint n)
{
  double least = points[0].lat, most = points[0].lat;

  for (guint i = 1; i < n; i++)
    {
      least = fmin (least, points[i].lat);
      most = fmax (most, points[i].lat);
    }
  return (least + most) / 2;
}

static gboolean
middle_of_areas (const ShtGeometry *geometry, gint64 *lat, gint64 *lon)
{
  const ShtGeometryPiece *largest = NULL;
  double best = -1, best_lat = 0, best_lon = 0;

  for (guint i = 0; i < geometry->pieces->len; i++)
    if (piece_at (geometry, i)->part == SHT_GEOMETRY_RING)
      {
        const ShtGeometryPiece *ring = piece_at (geometry, i);
        double y, x, size = size_of_ring (points_of (geometry, ring), ring->n, &y, &x);

        if (size > best)
          {
            best = size;
            best_lat = y;
            best_lon = x;
            largest = ring;
          }
      }
  if (largest == NULL)
    return FALSE;
  /* That of a ring that crosses itself may be anywhere. */
  if (area_contains (geometry, best_lat, best_lon))
    {
      *lat = llround (best_lat);
      *lon = llround (best_lon);
      return TRUE;
    }
  /* between two whole numbers, so that it meets no corner */
  *lat = llround (floor (middle_parallel (points_of (geometry, largest), largest->n)));
  if (!middle_of_widest (geometry, (double) *lat + 0.5, lon))
    {
      *lat = points_of (geometry, largest)[0].lat;
      *lon = points_of (geometry, largest)[0].lon;
    }
  return TRUE;
}

/**
 * sht_geometry_middle:
 * @lat_e7: (out): in 1e-7 degree
 * @lon_e7: (out): likewise
 *
 * Where its sign stands: in its largest area and not beside it, half-way along its longest line, or
 * at its first point.
 */
void
sht_geometry_middle (const ShtGeometry *geometry, gint64 *lat_e7, gint64 *lon_e7)
{
  const ShtGeometryPiece *longest = NULL;
  double best = -1;

  *lat_e7 = 0;
  *lon_e7 = 0;
  if (middle_of_areas (geometry, lat_e7, lon_e7))
    return;
  for (guint i = 0; i < geometry->pieces->len; i++)
    {
      const ShtGeometryPiece *piece = piece_at (geometry, i);
      double length = 0;

      for (guint k = 1; piece->part == SHT_GEOMETRY_LINE && k < piece->n; k++)
        length +=
          length_between (points_of (geometry, piece)[k - 1], points_of (geometry, piece)[k]);
      if (length > best)
        {
          best = length;
          longest = piece;
        }
    }
  if (longest != NULL)
    middle_of_line (points_of (geometry, longest),
                    longest->part == SHT_GEOMETRY_LINE ? longest->n : 1, lat_e7, lon_e7);
}
