/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/map/place-layer.h"

#include "core/json-slice.h"
#include "tablet/map/marker.h"
#include "tablet/map/place-look.h"

#include <math.h>
#include <string.h>

/* A gloved finger: on a sign, and beside a line. */
#define FINGER_PX 48.0
#define LINE_PX 16.0
/* How much is looked up beyond each edge of what is visible, and how much more is kept after zooming in. */
#define PADDING 0.35
#define MAX_SURPLUS 4.0
#define METRES_ROUND_EARTH 40030228.9
/* Of a place's sign, before and behind a name, and of a district's name from the signs of others, which it would seem to name. */
#define SIGN_RADIUS_PX 13.0
#define NAME_AIR_PX 6.0
#define DISTRICT_AWAY_PX 14.0

struct _ShtPlaceLayer
{
  ShumateLayer parent_instance;

  ShtStore *reader;    /* (unowned): the session's, which outlives the window */
  ShtDb *db;           /* (owned) (nullable): the look-ups' own handle, while none runs */
  ShtMarkers *markers; /* (owned) */
  char *language;      /* (owned) */
  char *shown;         /* (owned) (nullable): which layers, as a JSON list */
  gboolean dark;
  gboolean on_bare;
  ShtMapRoom *room;        /* (owned) */
  ShtTicketLayer *tickets; /* (nullable): weak: others' tickets are drawn under the signs */
  GArray *stands;          /* (owned) (element-type graphene_point_t): each name's corner; its x is NAN where there is no room */

  gboolean looking;
  gboolean stale;      /* what was looked up no longer holds */
  ShtPlaceLook *found; /* (owned) (nullable): what was looked up last */
  char *selected;      /* (owned) (nullable): a place's UUID */
  gint64 snapshot_us;
};

G_DEFINE_FINAL_TYPE (ShtPlaceLayer, sht_place_layer, SHUMATE_TYPE_LAYER)

enum
{
  SETTLED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static ShumateViewport *
viewport_of (ShtPlaceLayer *self)
{
  return shumate_layer_get_viewport (SHUMATE_LAYER (self));
}

/* --- looking up --- */

typedef struct
{
  GWeakRef layer;
  ShtPlaceLook *look; /* (owned) (nullable) */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_weak_ref_clear (&job->layer);
  g_clear_pointer (&job->look, sht_place_look_free);
  g_free (job);
}

static void
look_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (sht_place_look_run (((Job *) data)->look, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_looked (GObject *source, GAsyncResult *result, gpointer unused)
{
  Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (ShtPlaceLayer) self = g_weak_ref_get (&job->layer);
  /* Its picture goes here, and not where the thread lets go of the task. */
  g_autoptr (ShtPlaceLook) look = g_steal_pointer (&job->look);
  g_autoptr (GError) error = NULL;

  if (self == NULL)
    return;
  self->looking = FALSE;
  self->db = g_steal_pointer (&look->db);
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_warning ("places on the map: %s", error->message);
      return;
    }
  g_clear_pointer (&self->found, sht_place_look_free);
  self->found = g_steal_pointer (&look);
  sht_map_room_spoil (self->room);
  g_signal_emit (self, signals[SETTLED], 0);
}

/* A whole zoom: between two of them the picture is drawn larger or smaller, as the map's tiles are. */
static int
wanted_zoom (ShtPlaceLayer *self)
{
  return (int) floor (shumate_viewport_get_zoom_level (viewport_of (self)) + 0.5);
}

static gboolean
still_holds (ShtPlaceLayer *self, const ShtWorldBox *visible)
{
  const ShtPlaceLook *found = self->found;

  return !self->stale && found != NULL && found->zoom == wanted_zoom (self) && found->dark == self->dark
         && found->on_bare == self->on_bare && found->scale == gtk_widget_get_scale_factor (GTK_WIDGET (self)) && sht_world_box_contains (&found->box, visible)
         && found->box.east - found->box.west <= (visible->east - visible->west) * (1 + 2 * PADDING) * MAX_SURPLUS;
}

static void
look_up (ShtPlaceLayer *self, const ShtWorldBox *visible)
{
  PangoFontDescription *font = pango_context_get_font_description (gtk_widget_get_pango_context (GTK_WIDGET (self)));
  g_autoptr (GTask) task = NULL;
  Job *job;

  if (self->looking)
    return;
  job = g_new0 (Job, 1);
  g_weak_ref_init (&job->layer, self);
  job->look = sht_place_look_new ();
  job->look->path = g_build_filename (self->reader->folder, SHT_STORE_DATABASE_FILE, NULL);
  job->look->db = g_steal_pointer (&self->db);
  job->look->shown = g_strdup (self->shown);
  job->look->selected = g_strdup (self->selected);
  job->look->language = g_strdup (self->language);
  job->look->font = font != NULL ? pango_font_description_to_string (font) : NULL;
  job->look->box = sht_world_box_padded (visible, PADDING);
  job->look->zoom = wanted_zoom (self);
  job->look->scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  job->look->dark = self->dark;
  job->look->on_bare = self->on_bare;
  self->looking = TRUE;
  self->stale = FALSE;
  /* No source object: the thread may hold the last reference to the task, and a widget dies on its own. */
  task = g_task_new (NULL, NULL, on_looked, NULL);
  g_task_set_source_tag (task, look_up);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, look_in_thread);
}

/* --- drawing --- */

static const ShtLayerStyle *
layer_of (ShtPlaceLayer *self, const char *id)
{
  for (guint i = 0; i < self->found->layers->len; i++)
    {
      const ShtLayerStyle *layer = g_ptr_array_index (self->found->layers, i);

      if (strcmp (layer->id, id) == 0)
        return layer;
    }
  return NULL;
}

static gboolean
is_on (ShtPlaceLayer *self, double x, double y)
{
  return x > -FINGER_PX && y > -FINGER_PX && x < gtk_widget_get_width (GTK_WIDGET (self)) + FINGER_PX
         && y < gtk_widget_get_height (GTK_WIDGET (self)) + FINGER_PX;
}

static void
draw_picture (ShtPlaceLayer *self, GtkSnapshot *snapshot, const ShtAffine *affine)
{
  double left, top, right, bottom;

  if (self->found->picture == NULL)
    return;
  sht_affine_apply (affine, self->found->box.west, self->found->box.north, &left, &top);
  sht_affine_apply (affine, self->found->box.east, self->found->box.south, &right, &bottom);
  /* on whole pixels: lines stay sharp while the map is moved */
  gtk_snapshot_append_texture (snapshot, self->found->picture,
                               &GRAPHENE_RECT_INIT ((float) round (left), (float) round (top), (float) (right - left),
                                                    (float) (bottom - top)));
}

static void
draw_dots (ShtPlaceLayer *self, GtkSnapshot *snapshot, const ShtAffine *affine)
{
  for (guint i = 0; i < self->found->dots->len; i++)
    {
      const ShtCluster *dot = &g_array_index (self->found->dots, ShtCluster, i);
      const ShtSpot *spot = &g_array_index (self->found->spots, ShtSpot, dot->first);
      const ShtLayerStyle *layer = layer_of (self, spot->kind);
      GdkTexture *texture;
      double x, y;
      int size;

      sht_affine_apply (affine, dot->x, dot->y, &x, &y);
      /* of one whose middle is under a ticket an edge would say nothing */
      if (!is_on (self, x, y) || sht_map_room_is_taken (self->room, SHT_ROOM_BIT (SHT_ROOM_TICKET), x, y))
        continue;
      texture = sht_markers_place (self->markers, layer->colour, layer->icon, &size);
      gtk_snapshot_append_texture (snapshot, texture,
                                   &GRAPHENE_RECT_INIT ((float) floor (x - size / 2.0 + 0.5), (float) floor (y - size / 2.0 + 0.5),
                                                        (float) size, (float) size));
    }
}

static const ShtPlaceItem *
find_item (ShtPlaceLayer *self, const char *id)
{
  for (guint i = 0; id != NULL && i < self->found->items->len; i++)
    if (strcmp (g_array_index (self->found->items, ShtPlaceItem, i).id, id) == 0)
      return &g_array_index (self->found->items, ShtPlaceItem, i);
  return NULL;
}

static void
trace (cairo_t *cr, const ShtAffine *affine, const ShtGeometry *geometry)
{
  for (guint i = 0; i < geometry->pieces->len; i++)
    {
      const ShtGeometryPiece *piece = &g_array_index (geometry->pieces, ShtGeometryPiece, i);

      if (piece->part == SHT_GEOMETRY_POINTS)
        continue;
      cairo_new_sub_path (cr);
      for (guint k = 0; k < piece->n; k++)
        {
          const ShtGeometryPoint *point = &g_array_index (geometry->points, ShtGeometryPoint, piece->first + k);
          double x, y;

          sht_world_from_e7 (point->lat, point->lon, &x, &y);
          sht_affine_apply (affine, x, y, &x, &y);
          cairo_line_to (cr, x, y);
        }
      if (piece->part != SHT_GEOMETRY_LINE)
        cairo_close_path (cr);
    }
}

/* Round it, so that it is seen which one the card speaks of. */
static void
draw_selected (ShtPlaceLayer *self, GtkSnapshot *snapshot, const ShtAffine *affine)
{
  const ShtPlaceItem *item = find_item (self, self->selected);
  guint32 light = self->dark ? 0xffffff : 0x101418;
  double x, y;
  cairo_t *cr;

  if (item == NULL)
    return;
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (GTK_WIDGET (self)),
                                                                 (float) gtk_widget_get_height (GTK_WIDGET (self))));
  cairo_set_source_rgba (cr, (light >> 16 & 255) / 255.0, (light >> 8 & 255) / 255.0, (light & 255) / 255.0, 0.9);
  cairo_set_line_width (cr, 3);
  if (item->geometry != NULL)
    trace (cr, affine, item->geometry);
  if (item->geometry == NULL || sht_geometry_has (item->geometry, SHT_GEOMETRY_POINTS))
    {
      sht_world_from_e7 (item->lat_e7, item->lon_e7, &x, &y);
      sht_affine_apply (affine, x, y, &x, &y);
      cairo_new_sub_path (cr);
      cairo_arc (cr, x, y, FINGER_PX / 2 - 4, 0, 2 * G_PI);
    }
  cairo_stroke (cr);
  cairo_destroy (cr);
}

/* --- names, where there is room --- */

static void
claim_signs (ShtPlaceLayer *self, ShtMapRoom *room, const ShtAffine *affine)
{
  double x, y;

  for (guint i = 0; i < self->found->dots->len; i++)
    {
      const ShtCluster *dot = &g_array_index (self->found->dots, ShtCluster, i);

      sht_affine_apply (affine, dot->x, dot->y, &x, &y);
      if (is_on (self, x, y))
        sht_map_room_take_disc (room, SHT_ROOM_PLACE, x, y, SIGN_RADIUS_PX);
    }
}

static gboolean
has_room (ShtMapRoom *room, const ShtPlaceName *name, const graphene_rect_t *box)
{
  graphene_rect_t wide = *box;

  graphene_rect_inset (&wide, (float) -NAME_AIR_PX, 0);
  if (!sht_map_room_has_box (room, SHT_ROOM_ALL, &wide))
    return FALSE;
  if (!name->is_district)
    return TRUE;
  graphene_rect_inset (&wide, 0, (float) -DISTRICT_AWAY_PX);
  return sht_map_room_has_box (room, SHT_ROOM_BIT (SHT_ROOM_PLACE), &wide);
}

/* Where the first of the places that it may have is free; the selected place's is moved into the map, if there is no other way. */
static graphene_point_t
find_stand (ShtPlaceLayer *self, ShtMapRoom *room, const ShtAffine *affine, const ShtPlaceName *name)
{
  graphene_rect_t box = { .size = { (float) name->width, (float) name->height } };
  double last = gtk_widget_get_width (GTK_WIDGET (self)) - name->width - NAME_AIR_PX;

  for (guint i = 0; i < name->n_spots; i++)
    {
      double x, y;

      sht_affine_apply (affine, name->x[i], name->y[i], &x, &y);
      if (!is_on (self, x, y))
        continue;
      box.origin = GRAPHENE_POINT_INIT ((float) floor (x - name->width / 2.0 + 0.5),
                                        (float) floor (y + name->down - name->height / 2.0 + 0.5));
      if (name->is_selected)
        box.origin.x = (float) CLAMP ((double) box.origin.x, NAME_AIR_PX, MAX (last, NAME_AIR_PX));
      if (!has_room (room, name, &box))
        continue;
      sht_map_room_take_box (room, SHT_ROOM_NAME, &box);
      return box.origin;
    }
  return GRAPHENE_POINT_INIT (NAN, NAN);
}

static void
claim (GtkWidget *widget, ShtMapRoom *room)
{
  ShtPlaceLayer *self = SHT_PLACE_LAYER (widget);
  ShtAffine affine;

  g_array_set_size (self->stands, 0);
  if (self->found == NULL || !sht_affine_of_widget (viewport_of (self), widget, &affine))
    return;
  if (self->found->names->len > 0)
    claim_signs (self, room, &affine);
  for (guint i = 0; i < self->found->names->len; i++)
    {
      graphene_point_t stand = find_stand (self, room, &affine, &g_array_index (self->found->names, ShtPlaceName, i));

      g_array_append_val (self->stands, stand);
    }
}

static void
draw_names (ShtPlaceLayer *self, GtkSnapshot *snapshot)
{
  for (guint i = 0; i < self->stands->len; i++)
    {
      const graphene_point_t *stand = &g_array_index (self->stands, graphene_point_t, i);
      const ShtPlaceName *name = &g_array_index (self->found->names, ShtPlaceName, i);

      if (!isnan (stand->x))
        gtk_snapshot_append_texture (snapshot, name->texture,
                                     &GRAPHENE_RECT_INIT (stand->x - SHT_PLACE_NAME_RIM, stand->y - SHT_PLACE_NAME_RIM,
                                                          (float) (name->width + 2 * SHT_PLACE_NAME_RIM),
                                                          (float) (name->height + 2 * SHT_PLACE_NAME_RIM)));
    }
}

/* There is nothing to be asked then, nor to be held. */
static void
show_nothing (ShtPlaceLayer *self)
{
  g_clear_pointer (&self->found, sht_place_look_free);
  g_array_set_size (self->stands, 0);
  self->stale = self->looking;
}

static void
draw_others (ShtPlaceLayer *self, GtkSnapshot *snapshot, const ShtAffine *affine)
{
  if (self->tickets != NULL)
    sht_ticket_layer_snapshot_others (self->tickets, snapshot, affine);
}

static void
sht_place_layer_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ShtPlaceLayer *self = SHT_PLACE_LAYER (widget);
  gint64 start = g_get_monotonic_time ();
  ShtWorldBox visible;
  ShtAffine affine;

  if (!sht_affine_of_widget (viewport_of (self), widget, &affine))
    return;
  visible = sht_affine_visible (&affine, widget);
  if (self->shown == NULL && self->selected == NULL)
    show_nothing (self);
  else if (!still_holds (self, &visible))
    look_up (self, &visible);
  sht_markers_set_style (self->markers, self->dark, gtk_widget_get_scale_factor (widget));
  sht_map_room_plan (self->room, widget);
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget),
                                                         (float) gtk_widget_get_height (widget)));
  if (self->found != NULL)
    draw_picture (self, snapshot, &affine);
  draw_others (self, snapshot, &affine);
  if (self->found != NULL)
    {
      draw_dots (self, snapshot, &affine);
      draw_selected (self, snapshot, &affine);
      draw_names (self, snapshot);
    }
  gtk_snapshot_pop (snapshot);
  self->snapshot_us = g_get_monotonic_time () - start;
}

static void
on_viewport_changed (ShtPlaceLayer *self)
{
  sht_map_room_spoil (self->room);
}

static void
sht_place_layer_constructed (GObject *object)
{
  static const char *const properties[] = { "notify::latitude", "notify::longitude", "notify::zoom-level", "notify::rotation",
                                            "notify::reference-map-source" };
  ShumateViewport *viewport = shumate_layer_get_viewport (SHUMATE_LAYER (object));

  G_OBJECT_CLASS (sht_place_layer_parent_class)->constructed (object);
  for (guint i = 0; i < G_N_ELEMENTS (properties); i++)
    g_signal_connect_object (viewport, properties[i], G_CALLBACK (on_viewport_changed), object, G_CONNECT_SWAPPED);
}

static void
sht_place_layer_finalize (GObject *object)
{
  ShtPlaceLayer *self = SHT_PLACE_LAYER (object);

  g_clear_pointer (&self->db, sht_db_close);
  g_clear_pointer (&self->markers, sht_markers_free);
  g_clear_pointer (&self->found, sht_place_look_free);
  g_array_unref (self->stands);
  sht_map_room_unref (self->room);
  g_clear_weak_pointer (&self->tickets);
  g_free (self->language);
  g_free (self->shown);
  g_free (self->selected);
  G_OBJECT_CLASS (sht_place_layer_parent_class)->finalize (object);
}

static void
sht_place_layer_class_init (ShtPlaceLayerClass *class)
{
  G_OBJECT_CLASS (class)->constructed = sht_place_layer_constructed;
  G_OBJECT_CLASS (class)->finalize = sht_place_layer_finalize;
  GTK_WIDGET_CLASS (class)->snapshot = sht_place_layer_snapshot;
  /* The page finds the same places by words; a drawing has nothing to read out. */
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class), GTK_ACCESSIBLE_ROLE_PRESENTATION);
  signals[SETTLED] = g_signal_new ("settled", SHT_TYPE_PLACE_LAYER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
sht_place_layer_init (ShtPlaceLayer *self)
{
  self->markers = sht_markers_new (GTK_WIDGET (self));
  self->stands = g_array_new (FALSE, FALSE, sizeof (graphene_point_t));
  sht_place_layer_set_room (self, NULL);
  self->stale = TRUE;
}

/**
 * sht_place_layer_new:
 * @viewport: the map's
 * @reader: (transfer none): a store for the main thread, which outlives the layer
 * @language: whose names are shown, such as `he`
 */
ShtPlaceLayer *
sht_place_layer_new (ShumateViewport *viewport, ShtStore *reader, const char *language)
{
  ShtPlaceLayer *self = g_object_new (SHT_TYPE_PLACE_LAYER, "viewport", viewport, NULL);

  self->reader = reader;
  self->language = g_strdup (language);
  return self;
}

/**
 * sht_place_layer_set_room:
 * @room: (nullable): whose layers lay themselves out together; %NULL for one of its own
 */
void
sht_place_layer_set_room (ShtPlaceLayer *self, ShtMapRoom *room)
{
  g_clear_pointer (&self->room, sht_map_room_unref);
  self->room = room != NULL ? sht_map_room_ref (room) : sht_map_room_new ();
  sht_map_room_add_layer (self->room, SHT_ROOM_PLACE, GTK_WIDGET (self), claim);
}

/**
 * sht_place_layer_set_tickets:
 * @tickets: (transfer none): draws the tickets above the places; those of others are drawn under the places' signs
 */
void
sht_place_layer_set_tickets (ShtPlaceLayer *self, ShtTicketLayer *tickets)
{
  g_set_weak_pointer (&self->tickets, tickets);
  sht_ticket_layer_put_others_below (tickets);
}

/**
 * sht_place_layer_set_on_bare:
 * @on_bare: whether there is no base map below, so that gardens and buildings are named here
 */
void
sht_place_layer_set_on_bare (ShtPlaceLayer *self, gboolean on_bare)
{
  self->on_bare = on_bare;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * sht_place_layer_refresh:
 *
 * Looks again: the store has changed. What was there is shown until then.
 */
void
sht_place_layer_refresh (ShtPlaceLayer *self)
{
  self->stale = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
sht_place_layer_set_dark (ShtPlaceLayer *self, gboolean dark)
{
  self->dark = dark;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * sht_place_layer_set_shown:
 * @layers: the ids of those that are shown; all others are not
 */
void
sht_place_layer_set_shown (ShtPlaceLayer *self, const char *const *layers)
{
  g_autoptr (GString) list = g_string_new ("[");

  for (guint i = 0; layers[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (list, ',');
      sht_json_append_string (list, layers[i]);
    }
  g_string_append_c (list, ']');
  g_free (self->shown);
  self->shown = layers[0] != NULL ? g_strdup (list->str) : NULL;
  sht_place_layer_refresh (self);
}

/**
 * sht_place_layer_set_selected:
 * @place: (nullable): a place's UUID: it stands out, and is shown also where its layer is not
 */
void
sht_place_layer_set_selected (ShtPlaceLayer *self, const char *place)
{
  g_autofree char *before = self->selected;

  if (g_strcmp0 (before, place) == 0)
    {
      g_steal_pointer (&before);
      return;
    }
  self->selected = g_strdup (place);
  sht_place_layer_refresh (self);
}

/* --- what lies under a finger --- */

static const ShtSpot *
nearest_sign (ShtPlaceLayer *self, const ShtAffine *affine, double x, double y)
{
  const ShtSpot *best = NULL;
  double least = FINGER_PX / 2;

  for (guint i = 0; i < self->found->dots->len; i++)
    {
      const ShtCluster *dot = &g_array_index (self->found->dots, ShtCluster, i);
      double px, py;

      sht_affine_apply (affine, dot->x, dot->y, &px, &py);
      if (hypot (px - x, py - y) > least)
        continue;
      least = hypot (px - x, py - y);
      best = &g_array_index (self->found->spots, ShtSpot, dot->first);
    }
  return best;
}

static double
size_of (const ShtPlaceItem *item)
{
  return (double) (item->box[1] - item->box[0]) * (double) (item->box[3] - item->box[2]);
}

/* A line within reach before an area, and of areas the smallest. */
static const ShtPlaceItem *
find_shape (ShtPlaceLayer *self, gint64 lat_e7, gint64 lon_e7, double reach_metres, gboolean *is_area)
{
  const ShtPlaceItem *line = NULL, *area = NULL;
  double least = reach_metres;

  for (guint i = 0; i < self->found->items->len; i++)
    {
      const ShtPlaceItem *item = &g_array_index (self->found->items, ShtPlaceItem, i);

      if (item->geometry == NULL)
        continue;
      if (sht_geometry_has (item->geometry, SHT_GEOMETRY_RING))
        {
          if ((area == NULL || size_of (item) < size_of (area)) && sht_geometry_contains (item->geometry, lat_e7, lon_e7))
            area = item;
        }
      else if (sht_geometry_distance (item->geometry, lat_e7, lon_e7) <= least)
        {
          least = sht_geometry_distance (item->geometry, lat_e7, lon_e7);
          line = item;
        }
    }
  *is_area = line == NULL && area != NULL;
  return line != NULL ? line : area;
}

/**
 * sht_place_layer_pick:
 * @x: in the layer's own coordinates
 * @id: (out caller-allocates): the place under a finger there
 * @is_area: (out): whether it is one that the finger is in the midst of, and has not touched as such
 *
 * Returns: whether there is one
 */
gboolean
sht_place_layer_pick (ShtPlaceLayer *self, double x, double y, char id[SHT_ID_LENGTH + 1], gboolean *is_area)
{
  const ShtPlaceItem *shape;
  const ShtSpot *sign;
  double wx, wy, metres;
  gint64 lat_e7, lon_e7;
  ShtAffine affine;

  *is_area = FALSE;
  if (self->found == NULL || !sht_affine_of_widget (viewport_of (self), GTK_WIDGET (self), &affine))
    return FALSE;
  sign = nearest_sign (self, &affine, x, y);
  if (sign != NULL)
    {
      g_strlcpy (id, sign->id, SHT_ID_LENGTH + 1);
      return TRUE;
    }
  sht_affine_unapply (&affine, x, y, &wx, &wy);
  sht_world_to_e7 (wx, wy, &lat_e7, &lon_e7);
  metres = LINE_PX / fabs (affine.xx) * METRES_ROUND_EARTH * cos ((double) lat_e7 * 1e-7 * G_PI / 180);
  shape = find_shape (self, lat_e7, lon_e7, metres, is_area);
  if (shape == NULL)
    return FALSE;
  g_strlcpy (id, shape->id, SHT_ID_LENGTH + 1);
  return TRUE;
}

/**
 * sht_place_layer_is_settled:
 *
 * Returns: whether what is drawn is what the store has
 */
gboolean
sht_place_layer_is_settled (ShtPlaceLayer *self)
{
  return !self->looking && !self->stale;
}

/**
 * sht_place_layer_get_snapshot_us:
 *
 * Returns: how long the last drawing took, microseconds, for the benches
 */
gint64
sht_place_layer_get_snapshot_us (ShtPlaceLayer *self)
{
  return self->snapshot_us;
}
