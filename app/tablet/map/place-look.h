/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/geometry.h"
#include "tablet/map/spots.h"
#include "tablet/store/place.h"

#include <gdk/gdk.h>

G_BEGIN_DECLS

/**
 * ShtPlaceItem:
 * @id: the place's UUID
 * @layer: (unowned): how it is drawn; one of the look's
 * @name: (owned) (nullable): where names are shown
 * @lat_e7: where its sign stands, 1e-7 degree
 * @lon_e7: likewise
 * @geometry: (owned) (nullable): %NULL for one that is a point
 * @box: around it: least and greatest latitude and longitude, 1e-7 degree
 */
typedef struct
{
  char id[SHT_ID_LENGTH + 1];
  const ShtLayerStyle *layer;
  char *name;
  gint64 lat_e7;
  gint64 lon_e7;
  ShtGeometry *geometry;
  gint64 box[4];
} ShtPlaceItem;

#define SHT_PLACE_NAME_SPOTS 7

/**
 * ShtPlaceName:
 * @texture: (owned): the name, with what sets it off from the map
 * @width: logical pixels, without its rim; its height is the texture's
 * @height: likewise
 * @n_spots: how many places it may stand at
 * @x: of each, the best first, as of #ShtSpot: where its middle is
 * @y: likewise
 * @down: how far its middle is below that, logical pixels: a point's name stands under its sign
 * @is_district: whether it is a district's, which is no neighbouring sign's
 * @is_selected: whether it is the selected place's, which is written before all others
 */
typedef struct
{
  GdkTexture *texture;
  int width;
  int height;
  guint n_spots;
  double x[SHT_PLACE_NAME_SPOTS];
  double y[SHT_PLACE_NAME_SPOTS];
  double down;
  gboolean is_district;
  gboolean is_selected;
} ShtPlaceName;

/* Around a name's letters, logical pixels. */
#define SHT_PLACE_NAME_RIM 2

/**
 * ShtPlaceLook:
 * @path: (owned): the store's file
 * @db: (owned) (nullable): a handle on it that nobody else uses
 * @shown: (owned) (nullable): which layers are shown, as a JSON list of their ids; %NULL for none
 * @selected: (owned) (nullable): a place's UUID, which is shown whatever its layer
 * @language: (owned): whose names are shown, where a place has them
 * @font: (owned): of the names
 * @box: where to look
 * @zoom: a whole zoom level
 * @scale: device pixels to a logical one
 * @dark: whether the map is a dark one
 * @on_bare: whether there is no base map below, which tells the names of gardens and buildings
 * @layers: (owned) (nullable) (element-type ShtLayerStyle): all there are
 * @items: (owned) (nullable) (element-type ShtPlaceItem): the places of the shown layers in the box
 * @spots: (owned) (nullable) (element-type ShtSpot): where signs stand; their `kind` is the layer's id
 * @dots: (owned) (nullable) (element-type ShtCluster): the same, thinned out
 * @picture: (owned) (nullable): lines and areas, as large as the box; %NULL where there is nothing of them
 * @names: (owned) (nullable) (element-type ShtPlaceName): those for which there may be room, the most important first
 *
 * What the map looks up of places and draws of them off the main thread. What is asked comes before, what is found behind.
 */
typedef struct
{
  char *path;
  ShtDb *db;
  char *shown;
  char *selected;
  char *language;
  char *font;
  ShtWorldBox box;
  int zoom;
  int scale;
  gboolean dark;
  gboolean on_bare;
  GPtrArray *layers;
  GArray *items;
  GArray *spots;
  GArray *dots;
  GdkTexture *picture;
  GArray *names;
} ShtPlaceLook;

ShtPlaceLook *sht_place_look_new (void) G_GNUC_WARN_UNUSED_RESULT;
void sht_place_look_free (ShtPlaceLook *look);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtPlaceLook, sht_place_look_free)
gboolean sht_place_look_run (ShtPlaceLook *look, GError **error);
guint32 sht_place_colour (guint32 colour, gboolean dark);

/* place-picture.c */
GdkTexture *sht_place_picture_new (const ShtPlaceLook *look) G_GNUC_WARN_UNUSED_RESULT;

/* place-names.c */
GArray *sht_place_names_new (const ShtPlaceLook *look) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
