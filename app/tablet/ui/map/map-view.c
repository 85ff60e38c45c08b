/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/map/map-view.h"

#include <math.h>

#define TILE_SIZE 256.0
/* A fitted box keeps this far from the edges and from what lies over the map, so that no sign is cut, nor what stands beside it. */
#define FIT_MARGIN 44.0
/* The map before the window has its size, as wide as a tablet held upright and as high as one that lies: the same whole zoom comes
 * out nearly always. */
#define ASSUMED_WIDTH 800
#define ASSUMED_HEIGHT 730
#define MOVE_MS 250
#define VIEW_KEY "sht-map-view"

/**
 * sht_map_view_of:
 *
 * Returns: (transfer none): what a person set on the map, for as long as @session lives
 */
ShtMapView *
sht_map_view_of (ShtSession *session)
{
  ShtMapView *view = g_object_get_data (G_OBJECT (session), VIEW_KEY);

  if (view == NULL)
    {
      view = g_new0 (ShtMapView, 1);
      view->others = TRUE;
      g_object_set_data_full (G_OBJECT (session), VIEW_KEY, view, g_free);
    }
  return view;
}

/**
 * sht_map_go_to:
 * @latitude: degrees
 * @longitude: degrees
 * @zoom: a zoom level
 * @animated: whether one may see the way there
 *
 * Moves the map.
 */
void
sht_map_go_to (ShumateMap *map, double latitude, double longitude, double zoom, gboolean animated)
{
  ShumateViewport *viewport = shumate_map_get_viewport (map);
  gboolean motion = TRUE;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (map)), "gtk-enable-animations", &motion, NULL);
  if (animated && motion && gtk_widget_get_mapped (GTK_WIDGET (map)))
    {
      shumate_map_go_to_full_with_duration (map, latitude, longitude, zoom, MOVE_MS);
      return;
    }
  shumate_map_stop_go_to (map);
  shumate_viewport_set_zoom_level (viewport, zoom);
  shumate_location_set_location (SHUMATE_LOCATION (viewport), latitude, longitude);
}

/* Whole zooms only: between them the map's letters are blurred. */
static double
zoom_for (ShumateMap *map, const ShtWorldBox *box, const ShtMapEdges *covered)
{
  double width = gtk_widget_get_width (GTK_WIDGET (map)) - covered->left - covered->right;
  double height = gtk_widget_get_height (GTK_WIDGET (map)) - covered->top - covered->bottom;
  double across = MAX (box->east - box->west, 1e-12), down = MAX (box->south - box->north, 1e-12);
  double wide, high;

  if (gtk_widget_get_width (GTK_WIDGET (map)) < 1)
    width += ASSUMED_WIDTH, height += ASSUMED_HEIGHT;
  wide = log2 (MAX (width - 2 * FIT_MARGIN, 64) / (across * TILE_SIZE));
  high = log2 (MAX (height - 2 * FIT_MARGIN, 64) / (down * TILE_SIZE));
  return floor (MIN (wide, high));
}

/**
 * sht_map_fit:
 * @box: what is to be seen
 * @covered: what lies over the map
 * @least: the zoom level that is not left outwards
 * @most: the one that is not left inwards
 * @animated: as in sht_map_go_to()
 *
 * Moves the map so that all of @box is in the middle of what is free of it.
 */
void
sht_map_fit (ShumateMap *map, const ShtWorldBox *box, const ShtMapEdges *covered, double least, double most, gboolean animated)
{
  ShumateViewport *viewport = shumate_map_get_viewport (map);
  double zoom = CLAMP (zoom_for (map, box, covered), least, most), side;
  gint64 lat_e7, lon_e7;

  zoom = CLAMP (zoom, shumate_viewport_get_min_zoom_level (viewport), shumate_viewport_get_max_zoom_level (viewport));
  side = TILE_SIZE * exp2 (zoom);
  sht_world_to_e7 ((box->west + box->east + (covered->right - covered->left) / side) / 2,
                   (box->north + box->south + (covered->bottom - covered->top) / side) / 2, &lat_e7, &lon_e7);
  sht_map_go_to (map, (double) lat_e7 / 1e7, (double) lon_e7 / 1e7, zoom, animated);
}
