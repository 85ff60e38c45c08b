/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/geo.h"

#include <math.h>

#define EARTH_RADIUS_M 6371008.8
#define LAT_END 900000000.0
#define LON_END 1800000000.0
#define METRES_A_DEGREE (EARTH_RADIUS_M * G_PI / 180)

static double
radians (gint64 e7)
{
  return (double) e7 * 1e-7 * G_PI / 180;
}

/**
 * sht_geo_distance:
 *
 * Returns: the great-circle distance in metres of two positions given in 1e-7 degree
 */
double
sht_geo_distance (gint64 lat1_e7, gint64 lon1_e7, gint64 lat2_e7, gint64 lon2_e7)
{
  double a = sin ((radians (lat2_e7) - radians (lat1_e7)) / 2);
  double b = sin ((radians (lon2_e7) - radians (lon1_e7)) / 2);
  double h = a * a + cos (radians (lat1_e7)) * cos (radians (lat2_e7)) * b * b;

  return 2 * EARTH_RADIUS_M * asin (sqrt (MIN (1, h)));
}

/**
 * sht_geo_box:
 * @metres: half the side of the box
 * @box: (out caller-allocates): least and greatest latitude, least and greatest longitude, in 1e-7
 *   degree, within the range of a 32-bit number
 *
 * A box that holds every position within @metres, also around the poles and the 180th meridian.
 */
void
sht_geo_box (gint64 lat_e7, gint64 lon_e7, double metres, gint64 box[4])
{
  double angle = metres / EARTH_RADIUS_M;
  double lat = metres / METRES_A_DEGREE * 1e7 + 1;
  double ratio = angle < G_PI / 2 ? sin (angle) / fmax (1e-9, cos (radians (lat_e7))) : 1;
  double lon = ratio < 1 ? asin (ratio) * 180 / G_PI * 1e7 + 1 : LON_END;

  box[0] = (gint64) fmax (-LAT_END, floor ((double) lat_e7 - lat));
  box[1] = (gint64) fmin (LAT_END, ceil ((double) lat_e7 + lat));
  box[2] = (gint64) floor ((double) lon_e7 - lon);
  box[3] = (gint64) ceil ((double) lon_e7 + lon);
  /* Past a pole or the 180th meridian all longitudes are near. */
  if ((double) lat_e7 + lat >= LAT_END || (double) lat_e7 - lat <= -LAT_END || box[2] < -LON_END
      || box[3] > LON_END)
    {
      box[2] = (gint64) -LON_END;
      box[3] = (gint64) LON_END;
    }
}

/**
 * sht_geo_parse_degrees:
 * @text: decimal degrees, such as "31.3012345"
 * @limit_e7: the largest that is allowed, either way, in 1e-7 degree
 * @e7: (out): the value in 1e-7 degree, rounded
 *
 * Returns: whether @text is a number within the limit and nothing else
 */
gboolean
sht_geo_parse_degrees (const char *text, gint64 limit_e7, gint64 *e7)
{
  char *end = NULL;
  double value = g_ascii_strtod (text, &end);

  if (end == text || *end != '\0' || !isfinite (value) || fabs (value) * 1e7 > (double) limit_e7)
    return FALSE;
  *e7 = llround (value * 1e7);
  return TRUE;
}
