/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/map/map-room.h"

#include <math.h>
#include <string.h>

/* The map is divided into squares of so many logical pixels, each taken or free. */
#define CELL 4
#define WORD 64
/* How far beside a place its number may stand, from the nearest. */
static const double distances[] = { 27, 33, 40, 48, 57 };

struct _ShtMapRoom
{
  GtkWidget *layers[SHT_ROOM_KINDS];      /* (nullable): weak */
  ShtMapRoomClaim claims[SHT_ROOM_KINDS];
  GPtrArray *covers;                      /* (owned) (element-type GWeakRef) */
  gboolean is_planned;
  int width, height;                      /* logical pixels */
  guint words, rows;                      /* of a kind's squares */
  guint64 *taken;                         /* (owned) (nullable): a bit a square, kind after kind */
};

static void
free_cover (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

/**
 * sht_map_room_new:
 *
 * Returns: (transfer full): the room of a map on which nothing is yet
 */
ShtMapRoom *
sht_map_room_new (void)
{
  ShtMapRoom *room = g_rc_box_new0 (ShtMapRoom);

  room->covers = g_ptr_array_new_with_free_func (free_cover);
  return room;
}

ShtMapRoom *
sht_map_room_ref (ShtMapRoom *room)
{
  return g_rc_box_acquire (room);
}

static void
clear (gpointer data)
{
  ShtMapRoom *room = data;

  for (guint i = 0; i < SHT_ROOM_KINDS; i++)
    g_clear_weak_pointer (&room->layers[i]);
  g_ptr_array_unref (room->covers);
  g_free (room->taken);
}

void
sht_map_room_unref (ShtMapRoom *room)
{
  g_rc_box_release_full (room, clear);
}

/**
 * sht_map_room_add_layer:
 * @kind: what it draws; each kind is drawn by one layer
 * @layer: as large as the map
 * @claim: takes its room
 */
void
sht_map_room_add_layer (ShtMapRoom *room, ShtRoomKind kind, GtkWidget *layer, ShtMapRoomClaim claim)
{
  g_set_weak_pointer (&room->layers[kind], layer);
  room->claims[kind] = claim;
  sht_map_room_spoil (room);
}

/**
 * sht_map_room_add_cover:
 * @cover: lies over the map while it is seen; nothing is written under it
 */
void
sht_map_room_add_cover (ShtMapRoom *room, GtkWidget *cover)
{
  GWeakRef *weak = g_new0 (GWeakRef, 1);

  g_weak_ref_init (weak, cover);
  g_ptr_array_add (room->covers, weak);
  sht_map_room_spoil (room);
}

/**
 * sht_map_room_spoil:
 *
 * Something has moved, come or gone: all that takes room is laid out anew, and drawn.
 */
void
sht_map_room_spoil (ShtMapRoom *room)
{
  room->is_planned = FALSE;
  for (guint i = 0; i < SHT_ROOM_KINDS; i++)
    if (room->layers[i] != NULL)
      gtk_widget_queue_draw (room->layers[i]);
}

static void
start_afresh (ShtMapRoom *room, int width, int height)
{
  gsize words = (gsize) (width + CELL * WORD - 1) / (CELL * WORD), rows = (gsize) (height + CELL - 1) / CELL;

  if (words != room->words || rows != room->rows)
    {
      g_free (room->taken);
      room->taken = g_new (guint64, words * rows * SHT_ROOM_KINDS + 1);
      room->words = (guint) words;
      room->rows = (guint) rows;
    }
  room->width = width;
  room->height = height;
  memset (room->taken, 0, words * rows * SHT_ROOM_KINDS * sizeof (guint64));
}

static void
take_covers (ShtMapRoom *room, GtkWidget *layer)
{
  for (guint i = 0; i < room->covers->len; i++)
    {
      g_autoptr (GtkWidget) cover = g_weak_ref_get (g_ptr_array_index (room->covers, i));
      graphene_rect_t box;

      if (cover != NULL && gtk_widget_get_mapped (cover) && gtk_widget_compute_bounds (cover, layer, &box)
          && box.size.width >= 1 && box.size.height >= 1)
        sht_map_room_take_box (room, SHT_ROOM_COVER, &box);
    }
}

/**
 * sht_map_room_plan:
 * @layer: one of its layers, about to be drawn
 *
 * Has each layer take its room, the most important first, unless that still holds.
 */
void
sht_map_room_plan (ShtMapRoom *room, GtkWidget *layer)
{
  int width = gtk_widget_get_width (layer), height = gtk_widget_get_height (layer);

  if (room->is_planned && width == room->width && height == room->height)
    return;
  start_afresh (room, width, height);
  room->is_planned = TRUE;
  take_covers (room, layer);
  for (guint i = 0; i < SHT_ROOM_KINDS; i++)
    if (room->layers[i] != NULL && gtk_widget_get_visible (room->layers[i]))
      room->claims[i] (room->layers[i], room);
}

/* --- squares --- */

static guint64 *
row_of (ShtMapRoom *room, guint kind, int row)
{
  return room->taken + ((gsize) kind * room->rows + (gsize) row) * room->words;
}

/* The bits from @first to @last, as far as they are in the word @at. */
static guint64
mask_of (int first, int last, int at)
{
  int from = MAX (first - at * WORD, 0), to = MIN (last - at * WORD, WORD - 1);

  return (~(guint64) 0 >> (WORD - 1 - to)) & (~(guint64) 0 << from);
}

static void
take_row (ShtMapRoom *room, ShtRoomKind kind, int row, double left, double right)
{
  int first = MAX ((int) floor (left / CELL), 0), last = MIN ((int) ceil (right / CELL), (int) room->words * WORD) - 1;

  if (row < 0 || row >= (int) room->rows)
    return;
  for (int at = first / WORD; first <= last && at <= last / WORD; at++)
    row_of (room, kind, row)[at] |= mask_of (first, last, at);
}

static gboolean
row_is_free (ShtMapRoom *room, guint kinds, int row, double left, double right)
{
  int first = (int) floor (left / CELL), last = (int) ceil (right / CELL) - 1;

  for (guint kind = 0; kind < SHT_ROOM_KINDS; kind++)
    for (int at = first / WORD; (kinds & SHT_ROOM_BIT (kind)) != 0 && first <= last && at <= last / WORD; at++)
      if ((row_of (room, kind, row)[at] & mask_of (first, last, at)) != 0)
        return FALSE;
  return TRUE;
}

static double
half_of_row (int row, double y, double radius)
{
  double off = (row + 0.5) * CELL - y;

  return sqrt (MAX (radius * radius - off * off, 0));
}

/** sht_map_room_take_disc: nothing else asked for is found there; pixels from the map's corner */
void
sht_map_room_take_disc (ShtMapRoom *room, ShtRoomKind kind, double x, double y, double radius)
{
  for (int row = (int) floor ((y - radius) / CELL); row < (y + radius) / CELL; row++)
    take_row (room, kind, row, x - half_of_row (row, y, radius), x + half_of_row (row, y, radius));
}

/** sht_map_room_take_box: nothing else asked for is found there; pixels from the map's corner */
void
sht_map_room_take_box (ShtMapRoom *room, ShtRoomKind kind, const graphene_rect_t *box)
{
  for (int row = (int) floor (box->origin.y / CELL); row < (box->origin.y + box->size.height) / CELL; row++)
    take_row (room, kind, row, box->origin.x, box->origin.x + box->size.width);
}

static gboolean
is_inside (ShtMapRoom *room, double left, double top, double right, double bottom)
{
  return left >= 0 && top >= 0 && right <= room->width && bottom <= room->height;
}

/**
 * sht_map_room_has_disc:
 * @kinds: a bit of each kind that it must not lie on
 *
 * Returns: whether there is room for it, wholly on the map
 */
gboolean
sht_map_room_has_disc (ShtMapRoom *room, guint kinds, double x, double y, double radius)
{
  if (!is_inside (room, x - radius, y - radius, x + radius, y + radius))
    return FALSE;
  for (int row = (int) floor ((y - radius) / CELL); row < (y + radius) / CELL; row++)
    if (!row_is_free (room, kinds, row, x - half_of_row (row, y, radius), x + half_of_row (row, y, radius)))
      return FALSE;
  return TRUE;
}

/**
 * sht_map_room_has_box:
 * @kinds: a bit of each kind that it must not lie on
 *
 * Returns: whether there is room for it, wholly on the map
 */
gboolean
sht_map_room_has_box (ShtMapRoom *room, guint kinds, const graphene_rect_t *box)
{
  double right = box->origin.x + box->size.width, bottom = box->origin.y + box->size.height;

  if (!is_inside (room, box->origin.x, box->origin.y, right, bottom))
    return FALSE;
  for (int row = (int) floor (box->origin.y / CELL); row < bottom / CELL; row++)
    if (!row_is_free (room, kinds, row, box->origin.x, right))
      return FALSE;
  return TRUE;
}

/**
 * sht_map_room_is_taken:
 *
 * Returns: whether one of @kinds lies there; nothing does beyond the map's edge
 */
gboolean
sht_map_room_is_taken (ShtMapRoom *room, guint kinds, double x, double y)
{
  return is_inside (room, x, y, x + 1, y + 1) && !row_is_free (room, kinds, (int) (y / CELL), x, x + 1);
}

/**
 * sht_map_room_find_beside:
 * @kinds: a bit of each kind that it must not lie on
 * @rtl: whether it is sought at the right first
 * @radius: of what is to stand there, pixels
 * @x: (inout): what it belongs to; where it stands beside that
 * @y: (inout): likewise
 *
 * Returns: whether there is room near by; else nothing is changed
 */
gboolean
sht_map_room_find_beside (ShtMapRoom *room, guint kinds, gboolean rtl, double radius, double *x, double *y)
{
  static const double ways[][2] = { { -M_SQRT1_2, M_SQRT1_2 }, { M_SQRT1_2, M_SQRT1_2 }, { -M_SQRT1_2, -M_SQRT1_2 }, { 0, 1 },
                                    { -1, 0 },                 { 1, 0 },                 { 0, -1 },                   { M_SQRT1_2, -M_SQRT1_2 } };

  for (guint i = 0; i < G_N_ELEMENTS (distances); i++)
    for (guint k = 0; k < G_N_ELEMENTS (ways); k++)
      {
        double at_x = *x + distances[i] * (rtl ? -ways[k][0] : ways[k][0]), at_y = *y + distances[i] * ways[k][1];

        if (sht_map_room_has_disc (room, kinds, at_x, at_y, radius))
          {
            *x = at_x;
            *y = at_y;
            return TRUE;
          }
      }
  return FALSE;
}
