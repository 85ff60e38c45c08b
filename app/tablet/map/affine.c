/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/map/affine.h"

#include <math.h>

static void
project (ShumateViewport *viewport, GtkWidget *widget, double x, double y, double *px, double *py)
{
  double longitude = x * 360 - 180;
  double latitude = atan (sinh (G_PI * (1 - 2 * y))) * 180 / G_PI;

  shumate_viewport_location_to_widget_coords (viewport, widget, latitude, longitude, px, py);
}

/**
 * sht_affine_of_widget:
 * @viewport: the map's
 * @widget: what draws on it
 * @affine: (out): where things are
 *
 * Asks the viewport's own projection for three points: it is linear on the Mercator world.
 *
 * Returns: %FALSE while there is no map
 */
gboolean
sht_affine_of_widget (ShumateViewport *viewport, GtkWidget *widget, ShtAffine *affine)
{
  double step = 256 / (SHT_WORLD_TILE * exp2 (shumate_viewport_get_zoom_level (viewport)));
  double x, y, px, py;
  double ax, ay, bx, by;

  if (shumate_viewport_get_reference_map_source (viewport) == NULL)
    return FALSE;
  sht_world_from_e7 (llround (shumate_location_get_latitude (SHUMATE_LOCATION (viewport)) * 1e7),
                     llround (shumate_location_get_longitude (SHUMATE_LOCATION (viewport)) * 1e7), &x, &y);
  project (viewport, widget, x, y, &px, &py);
  project (viewport, widget, x + step, y, &ax, &ay);
  project (viewport, widget, x, y + step, &bx, &by);
  affine->xx = (ax - px) / step;
  affine->yx = (ay - py) / step;
  affine->xy = (bx - px) / step;
  affine->yy = (by - py) / step;
  affine->x0 = px - affine->xx * x - affine->xy * y;
  affine->y0 = py - affine->yx * x - affine->yy * y;
  return isfinite (affine->x0) && isfinite (affine->y0)
         && fabs (affine->xx * affine->yy - affine->xy * affine->yx) > 0;
}

void
sht_affine_apply (const ShtAffine *affine, double x, double y, double *px, double *py)
{
  *px = affine->x0 + affine->xx * x + affine->xy * y;
  *py = affine->y0 + affine->yx * x + affine->yy * y;
}

void
sht_affine_unapply (const ShtAffine *affine, double px, double py, double *x, double *y)
{
  double det = affine->xx * affine->yy - affine->xy * affine->yx;

  *x = (affine->yy * (px - affine->x0) - affine->xy * (py - affine->y0)) / det;
  *y = (affine->xx * (py - affine->y0) - affine->yx * (px - affine->x0)) / det;
}

/**
 * sht_affine_visible:
 *
 * Returns: the part of the world that @widget shows
 */
ShtWorldBox
sht_affine_visible (const ShtAffine *affine, GtkWidget *widget)
{
  double width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  ShtWorldBox box = { 2, 2, -1, -1 };

  for (int corner = 0; corner < 4; corner++)
    {
      double x, y;

      sht_affine_unapply (affine, corner & 1 ? width : 0, corner & 2 ? height : 0, &x, &y);
      box.west = MIN (box.west, x);
      box.east = MAX (box.east, x);
      box.north = MIN (box.north, y);
      box.south = MAX (box.south, y);
    }
  return box;
}
