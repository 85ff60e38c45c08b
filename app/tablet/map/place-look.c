/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/map/place-look.h"

#include "core/json-slice.h"

#include <string.h>

/* Signs nearer to each other than this are thinned out, logical pixels. */
#define DOT_CELL_PX 27.0
/* A base map writes the name of a garden in its midst: the sign stands above that, logical pixels. */
#define ABOVE_NAME_PX 26.0
#define TILE_SIZE 256.0
/* From here on there is room for names: of districts, of other areas and lines, of points. */
#define DISTRICT_NAMES_ZOOM 13
#define AREA_NAMES_ZOOM 15
#define POINT_NAMES_ZOOM 17

static void
item_clear (gpointer data)
{
  ShtPlaceItem *item = data;

  g_free (item->name);
  g_clear_pointer (&item->geometry, sht_geometry_free);
}

/**
 * sht_place_look_new:
 *
 * Returns: (transfer full): a look that has found nothing, and asks for nothing yet
 */
ShtPlaceLook *
sht_place_look_new (void)
{
  ShtPlaceLook *look = g_new0 (ShtPlaceLook, 1);

  look->scale = 1;
  return look;
}

/* To be called on the main thread once it has a picture: a renderer may hang its own data on a texture. */
void
sht_place_look_free (ShtPlaceLook *look)
{
  g_clear_pointer (&look->db, sht_db_close);
  g_clear_pointer (&look->items, g_array_unref);
  g_clear_pointer (&look->layers, g_ptr_array_unref);
  g_clear_pointer (&look->spots, g_array_unref);
  g_clear_pointer (&look->dots, g_array_unref);
  g_clear_object (&look->picture);
  g_clear_pointer (&look->names, g_array_unref);
  g_free (look->path);
  g_free (look->shown);
  g_free (look->selected);
  g_free (look->language);
  g_free (look->font);
  g_free (look);
}

/**
 * sht_place_colour:
 * @colour: a layer's, 0xrrggbb
 *
 * Returns: the same, so that it is seen on a dark map
 */
guint32
sht_place_colour (guint32 colour, gboolean dark)
{
  guint32 mixed = 0;

  if (!dark)
    return colour;
  for (guint shift = 0; shift < 24; shift += 8)
    {
      guint32 part = colour >> shift & 255;

      mixed |= (part + (255 - part) * 11 / 20) << shift;
    }
  return mixed;
}

static const ShtLayerStyle *
layer_of (const ShtPlaceLook *look, const char *id)
{
  for (guint i = 0; id != NULL && i < look->layers->len; i++)
    {
      const ShtLayerStyle *layer = g_ptr_array_index (look->layers, i);

      if (strcmp (layer->id, id) == 0)
        return layer;
    }
  return NULL;
}

static char *
name_of (const ShtPlaceLook *look, ShtJsonSlice place)
{
  char *name = sht_json_slice_member_string (sht_json_slice_member (place, "names"), look->language);

  return name != NULL ? name : sht_json_slice_member_string (place, "name");
}

/* Of the world, logical pixels. */
static double
side_of (const ShtPlaceLook *look)
{
  return TILE_SIZE * (double) (1 << CLAMP (look->zoom, 0, 22));
}

static void
add_spot (ShtPlaceLook *look, const ShtPlaceItem *item, gint64 lat_e7, gint64 lon_e7)
{
  ShtSpot spot = { 0 };

  g_strlcpy (spot.id, item->id, sizeof spot.id);
  sht_world_from_e7 (lat_e7, lon_e7, &spot.x, &spot.y);
  /* a town has some tens of layers: these strings may stay */
  spot.kind = g_intern_string (item->layer->id);
  g_array_append_val (look->spots, spot);
}

/* A point's own sign; one in the middle of an area where the layer has a symbol; each of several points. */
static void
add_spots (ShtPlaceLook *look, const ShtPlaceItem *item)
{
  const ShtGeometry *geometry = item->geometry;
  gboolean has_area = geometry != NULL && sht_geometry_has (geometry, SHT_GEOMETRY_RING);

  if (geometry == NULL || (has_area && item->layer->icon != NULL))
    add_spot (look, item, item->lat_e7, item->lon_e7);
  if (has_area && item->layer->icon != NULL)
    g_array_index (look->spots, ShtSpot, look->spots->len - 1).y -= ABOVE_NAME_PX / side_of (look);
  for (guint i = 0; geometry != NULL && i < geometry->pieces->len; i++)
    {
      const ShtGeometryPiece *piece = &g_array_index (geometry->pieces, ShtGeometryPiece, i);

      for (guint k = 0; piece->part == SHT_GEOMETRY_POINTS && k < piece->n; k++)
        {
          const ShtGeometryPoint *point = &g_array_index (geometry->points, ShtGeometryPoint, piece->first + k);

          add_spot (look, item, point->lat, point->lon);
        }
    }
}

/* An area with a symbol is a garden or a building, whose name the base map writes. */
static gboolean
is_named (const ShtPlaceLook *look, const ShtPlaceItem *item)
{
  if (g_strcmp0 (item->id, look->selected) == 0)
    return TRUE;
  if (item->layer->is_district)
    return look->zoom >= DISTRICT_NAMES_ZOOM;
  if (item->geometry == NULL)
    return look->zoom >= POINT_NAMES_ZOOM;
  return look->zoom >= AREA_NAMES_ZOOM
         && (look->on_bare || item->layer->icon == NULL || !sht_geometry_has (item->geometry, SHT_GEOMETRY_RING));
}

/* Columns: id, layer, lat, lon, document or NULL. */
static void
add_item (ShtPlaceLook *look, ShtStmt *stmt)
{
  const char *id = sht_stmt_text (stmt, 0), *doc = sht_stmt_text (stmt, 4);
  ShtPlaceItem item = { .layer = layer_of (look, sht_stmt_text (stmt, 1)) };

  if (item.layer == NULL || id == NULL || strlen (id) > SHT_ID_LENGTH
      || (item.layer->min_zoom > look->zoom && g_strcmp0 (id, look->selected) != 0))
    return;
  g_strlcpy (item.id, id, sizeof item.id);
  item.lat_e7 = sht_stmt_int (stmt, 2);
  item.lon_e7 = sht_stmt_int (stmt, 3);
  item.box[0] = item.box[1] = item.lat_e7;
  item.box[2] = item.box[3] = item.lon_e7;
  if (doc != NULL)
    {
      ShtJsonSlice place = sht_json_slice_root (doc, sht_stmt_bytes (stmt, 4));

      item.geometry = sht_geometry_read (place);
      if (item.geometry != NULL)
        sht_geometry_box (item.geometry, item.box);
      if (is_named (look, &item))
        item.name = name_of (look, place);
    }
  g_array_append_val (look->items, item);
  add_spots (look, &item);
}

static gboolean
read_items (ShtPlaceLook *look, GError **error)
{
  gint64 south, north, west, east;
  ShtStmt *stmt;

  sht_world_to_e7 (look->box.west, look->box.south, &south, &west);
  sht_world_to_e7 (look->box.east, look->box.north, &north, &east);
  /* Of a point its position is enough, before there is room for its name. */
  stmt = sht_db_query (look->db,
                       "SELECT p.id, p.layer, p.lat_e7, p.lon_e7, CASE WHEN ?6 OR p.id = ?7 OR s.min_lat < s.max_lat OR s.min_lon < s.max_lon "
                       "THEN p.doc END FROM place_spot AS s CROSS JOIN place AS p ON p.row = s.row WHERE s.max_lat >= ?1 "
                       "AND s.min_lat <= ?2 AND s.max_lon >= ?3 AND s.min_lon <= ?4 "
                       "AND (p.layer IN (SELECT value FROM json_each (?5)) OR p.id = ?7)",
                       "iiiisis", south, north, west, east, look->shown != NULL ? look->shown : "[]",
                       (gint64) (look->zoom >= POINT_NAMES_ZOOM), look->selected);
  while (sht_stmt_step (stmt))
    add_item (look, stmt);
  return sht_stmt_end (stmt, error);
}

/**
 * sht_place_look_run:
 *
 * Looks, and draws what it found. Any thread.
 */
gboolean
sht_place_look_run (ShtPlaceLook *look, GError **error)
{
  double side = side_of (look);

  look->items = g_array_new (FALSE, TRUE, sizeof (ShtPlaceItem));
  g_array_set_clear_func (look->items, item_clear);
  look->spots = g_array_new (FALSE, TRUE, sizeof (ShtSpot));
  if (look->db == NULL && (look->db = sht_db_open (look->path, TRUE, NULL, error)) == NULL)
    return FALSE;
  look->layers = sht_place_layers (look->db, error);
  if (look->layers == NULL || ((look->shown != NULL || look->selected != NULL) && !read_items (look, error)))
    return FALSE;
  look->dots = sht_spots_cluster ((const ShtSpot *) (gpointer) look->spots->data, look->spots->len, DOT_CELL_PX / side,
                                  DOT_CELL_PX / side, 0);
  look->picture = sht_place_picture_new (look);
  look->names = sht_place_names_new (look);
  return TRUE;
}
