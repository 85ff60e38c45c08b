/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/map/ticket-layer.h"

#include "core/clock.h"
#include "tablet/map/map-look.h"
#include "tablet/map/marker.h"
#include "tablet/store/clock.h"

#include <math.h>
#include <string.h>

/* A gloved finger. */
#define FINGER_PX 48.0
/* How much is looked up beyond each edge of what is visible, and how much more is kept after zooming in. */
#define PADDING 0.25
#define MAX_SURPLUS 6.0
/* Members of a cluster that is no wider than this never come apart, however far one zooms. */
#define HEAP_PX 6.0
#define HEAP_ZOOM 18.0

struct _ShtTicketLayer
{
  ShumateLayer parent_instance;

  ShtStore *reader;     /* (unowned): the session's, which outlives the window */
  ShtDb *db;            /* (owned) (nullable): the look-ups' own handle, while none runs */
  ShtMarkers *markers;  /* (owned) */
  GHashTable *icons;    /* (owned): service → its icon's name, "" where there is none */

  gboolean dark;
  gboolean finished;
  gboolean others;
  ShtMapRoom *room;     /* (owned) */
  gboolean others_below; /* another layer draws them, under its own signs */

  gboolean looking;
  gboolean stale;       /* what was looked up no longer holds */
  ShtMapLook *shown;       /* (owned): what was looked up last */

  char *selected;       /* (owned) (nullable) */
  GtkWidget *sign;      /* (owned): its sign, which can be reached and read out */
  ShtSpot spot;         /* what the sign shows */
  gint64 snapshot_us;
};

G_DEFINE_FINAL_TYPE (ShtTicketLayer, sht_ticket_layer, SHUMATE_TYPE_LAYER)

enum
{
  SETTLED,
  ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static ShumateViewport *
viewport_of (ShtTicketLayer *self)
{
  return shumate_layer_get_viewport (SHUMATE_LAYER (self));
}

/* --- looking up --- */

typedef struct
{
  GWeakRef layer;
  ShtMapLook *look; /* (owned) (nullable) */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_weak_ref_clear (&job->layer);
  g_clear_pointer (&job->look, sht_map_look_free);
  g_free (job);
}

static void
look_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (sht_map_look_run (((Job *) data)->look, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_looked (GObject *source, GAsyncResult *result, gpointer unused)
{
  Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (ShtTicketLayer) self = g_weak_ref_get (&job->layer);
  g_autoptr (GError) error = NULL;

  if (self == NULL)
    return;
  self->looking = FALSE;
  self->db = g_steal_pointer (&job->look->db);
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_warning ("tickets on the map: %s", error->message);
      return;
    }
  sht_map_look_free (self->shown);
  self->shown = g_steal_pointer (&job->look);
  sht_map_room_spoil (self->room);
  g_signal_emit (self, signals[SETTLED], 0);
}

/* A whole zoom, so that nothing is gathered anew while two fingers draw the map apart. */
static int
wanted_zoom (ShtTicketLayer *self)
{
  return (int) floor (shumate_viewport_get_zoom_level (viewport_of (self)) + 0.5);
}

/* Where only the zoom has changed, what was read still holds; gathering it anew is a thread's work all the same. */
static gboolean
still_holds (ShtTicketLayer *self, const ShtWorldBox *visible)
{
  const ShtWorldBox *box = &self->shown->box;

  return !self->stale && sht_world_box_contains (box, visible)
         && box->east - box->west <= (visible->east - visible->west) * (1 + 2 * PADDING) * MAX_SURPLUS;
}

static void
look_up (ShtTicketLayer *self, const ShtWorldBox *visible)
{
  /* the first one is waited for */
  double padding = self->shown->zoom < 0 ? 0 : PADDING;
  ShtWorldBox box = still_holds (self, visible) ? self->shown->box : sht_world_box_padded (visible, padding);
  g_autofree char *path = g_build_filename (self->reader->folder, "store.db", NULL);
  g_autoptr (GTask) task = NULL;
  Job *job;

  if (self->looking)
    return;
  job = g_new0 (Job, 1);
  g_weak_ref_init (&job->layer, self);
  job->look = sht_map_look_new (path, g_steal_pointer (&self->db), &box, wanted_zoom (self),
                            still_holds (self, visible) ? self->shown : NULL);
  job->look->finished = self->finished;
  job->look->others = self->others;
  job->look->clock_offset = sht_store_clock_offset (self->reader);
  self->looking = TRUE;
  self->stale = FALSE;
  /* No source object: the thread may hold the last reference to the task, and a widget dies on its own. */
  task = g_task_new (NULL, NULL, on_looked, NULL);
  g_task_set_source_tag (task, look_up);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, look_in_thread);
}

/* --- drawing --- */

static const char *
icon_of (ShtTicketLayer *self, const char *service)
{
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (GTK_WIDGET (self)));
  const char *known = g_hash_table_lookup (self->icons, service);
  char *name;

  if (known == NULL)
    {
      name = sht_db_get_text (self->reader->db, NULL,
                              "SELECT doc ->> 'icon' FROM entity WHERE type = 'service' AND id = ?1", "s", service);
      if (name == NULL || !gtk_icon_theme_has_icon (theme, name))
        {
          g_free (name);
          name = g_strdup ("");
        }
      g_hash_table_insert (self->icons, g_strdup (service), name);
      known = name;
    }
  return known[0] != '\0' ? known : NULL;
}

static void
stamp (GtkSnapshot *snapshot, GdkTexture *texture, double x, double y, int size)
{
  /* on whole pixels: the signs stay sharp */
  gtk_snapshot_append_texture (snapshot, texture,
                               &GRAPHENE_RECT_INIT ((float) floor (x - size / 2.0 + 0.5),
                                                    (float) floor (y - size / 2.0 + 0.5), (float) size, (float) size));
}

static gboolean
is_on (ShtTicketLayer *self, double x, double y)
{
  return x > -FINGER_PX && y > -FINGER_PX && x < gtk_widget_get_width (GTK_WIDGET (self)) + FINGER_PX
         && y < gtk_widget_get_height (GTK_WIDGET (self)) + FINGER_PX;
}

static void
draw_stubs (ShtTicketLayer *self, GtkSnapshot *snapshot, const ShtAffine *affine)
{
  GArray *dots = self->shown->stub_dots;

  for (guint i = 0; i < dots->len; i++)
    {
      const ShtCluster *dot = &g_array_index (dots, ShtCluster, i);
      GdkTexture *texture;
      double x, y;
      int size;

      sht_affine_apply (affine, dot->x, dot->y, &x, &y);
      if (!is_on (self, x, y))
        continue;
      texture = sht_markers_stub (self->markers, &size);
      stamp (snapshot, texture, x, y, size);
    }
}

static ShtRing
ring_of (ShtTicketLayer *self, const ShtSpot *spot)
{
  return sht_ring_of (sht_status_is_open (spot->status), spot->from_at, spot->due_at, sht_map_look_now (self->shown));
}

static void
draw_clusters (ShtTicketLayer *self, GtkSnapshot *snapshot, const ShtAffine *affine)
{
  for (guint i = 0; i < self->shown->clusters->len; i++)
    {
      const ShtCluster *cluster = &g_array_index (self->shown->clusters, ShtCluster, i);
      const ShtSpot *spot = &g_array_index (self->shown->tickets, ShtSpot, cluster->urgent);
      GdkTexture *texture;
      double x, y;
      int size;

      sht_affine_apply (affine, cluster->x, cluster->y, &x, &y);
      if (!is_on (self, x, y))
        continue;
      if (cluster->count > 1)
        texture = sht_markers_cluster (self->markers, cluster->count, ring_of (self, spot), &size);
      else
        texture = sht_markers_ticket (self->markers, spot->status, ring_of (self, spot), FALSE, icon_of (self, spot->kind), &size);
      stamp (snapshot, texture, x, y, size);
    }
}

/* The signs alone: a ring, a shadow and the triangle of lateness may be touched by what stands beside. */
static void
claim (GtkWidget *widget, ShtMapRoom *room)
{
  ShtTicketLayer *self = SHT_TICKET_LAYER (widget);
  ShtAffine affine;
  double x, y;

  if (!sht_affine_of_widget (viewport_of (self), widget, &affine))
    return;
  for (guint i = 0; i < self->shown->clusters->len; i++)
    {
      const ShtCluster *cluster = &g_array_index (self->shown->clusters, ShtCluster, i);

      sht_affine_apply (&affine, cluster->x, cluster->y, &x, &y);
      if (is_on (self, x, y))
        sht_map_room_take_disc (room, SHT_ROOM_TICKET, x, y,
                                (cluster->count > 1 ? sht_marker_cluster_size (cluster->count) : SHT_MARKER_SIZE) / 2.0);
    }
  if (self->selected == NULL)
    return;
  sht_affine_apply (&affine, self->spot.x, self->spot.y, &x, &y);
  sht_map_room_take_disc (room, SHT_ROOM_TICKET, x, y, SHT_MARKER_SELECTED_SIZE / 2.0);
}

static void
sht_ticket_layer_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ShtTicketLayer *self = SHT_TICKET_LAYER (widget);
  gint64 start = g_get_monotonic_time ();
  ShtWorldBox visible;
  ShtAffine affine;

  if (!sht_affine_of_widget (viewport_of (self), GTK_WIDGET (self), &affine))
    return;
  visible = sht_affine_visible (&affine, GTK_WIDGET (self));
  if (self->shown->zoom != wanted_zoom (self) || !still_holds (self, &visible))
    look_up (self, &visible);
  sht_markers_set_style (self->markers, self->dark, gtk_widget_get_scale_factor (widget));
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget),
                                                         (float) gtk_widget_get_height (widget)));
  if (!self->others_below)
    draw_stubs (self, snapshot, &affine);
  draw_clusters (self, snapshot, &affine);
  gtk_widget_snapshot_child (widget, self->sign, snapshot);
  gtk_snapshot_pop (snapshot);
  self->snapshot_us = g_get_monotonic_time () - start;
}

static void
on_viewport_changed (ShtTicketLayer *self)
{
  sht_map_room_spoil (self->room);
  if (self->selected != NULL)
    gtk_widget_queue_allocate (GTK_WIDGET (self));
}

/* --- the ticket that is selected --- */

static void
sht_ticket_layer_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  ShtTicketLayer *self = SHT_TICKET_LAYER (widget);
  ShtAffine affine;
  int side;
  double x, y;

  if (self->selected == NULL || !sht_affine_of_widget (viewport_of (self), widget, &affine))
    {
      gtk_widget_set_child_visible (self->sign, FALSE);
      return;
    }
  gtk_widget_measure (self->sign, GTK_ORIENTATION_HORIZONTAL, -1, &side, NULL, NULL, NULL);
  sht_affine_apply (&affine, self->spot.x, self->spot.y, &x, &y);
  gtk_widget_set_child_visible (self->sign, is_on (self, x, y));
  if (is_on (self, x, y))
    gtk_widget_size_allocate (self->sign,
                              &(GtkAllocation){ (int) floor (x - side / 2.0 + 0.5), (int) floor (y - side / 2.0 + 0.5),
                                                side, side },
                              -1);
}

/* What the sign shows is the ticket's own, also where the map shows no such ticket. */
static gboolean
read_selected (ShtTicketLayer *self, char **name)
{
  ShtStmt *stmt = sht_db_query (self->reader->db,
                                "SELECT status, service, created_at, due_at, lat_e7, lon_e7, coalesce (number, ''), "
                                "coalesce (title, ''), coalesce (address, '') FROM ticket WHERE id = ?1 AND lat_e7 IS NOT NULL "
                                "AND lon_e7 IS NOT NULL",
                                "s", self->selected);
  gboolean found = sht_stmt_step (stmt);

  if (found)
    {
      ShtStatus status = SHT_STATUS_NEW;

      sht_status_parse (sht_stmt_text (stmt, 0), &status);
      self->spot = (ShtSpot){ .status = status, .from_at = sht_stmt_int (stmt, 2) };
      self->spot.kind = g_intern_string (sht_stmt_text (stmt, 1) != NULL ? sht_stmt_text (stmt, 1) : "");
      self->spot.due_at = sht_stmt_int (stmt, 3) < SHT_NEVER_DUE ? sht_stmt_int (stmt, 3) : 0;
      sht_world_from_e7 (sht_stmt_int (stmt, 4), sht_stmt_int (stmt, 5), &self->spot.x, &self->spot.y);
      *name = g_strjoin (" ", sht_stmt_text (stmt, 6), sht_stmt_text (stmt, 7), sht_stmt_text (stmt, 8), NULL);
    }
  return sht_stmt_end (stmt, NULL) && found;
}

static void
show_selected (ShtTicketLayer *self)
{
  g_autofree char *name = NULL;
  GdkTexture *texture;
  int size;

  gtk_widget_queue_allocate (GTK_WIDGET (self));
  sht_map_room_spoil (self->room);
  if (self->selected == NULL || !read_selected (self, &name))
    {
      g_clear_pointer (&self->selected, g_free);
      return;
    }
  sht_markers_set_style (self->markers, self->dark, gtk_widget_get_scale_factor (GTK_WIDGET (self)));
  texture = sht_markers_ticket (self->markers, self->spot.status, ring_of (self, &self->spot), TRUE,
                                icon_of (self, self->spot.kind), &size);
  gtk_picture_set_paintable (GTK_PICTURE (gtk_button_get_child (GTK_BUTTON (self->sign))), GDK_PAINTABLE (texture));
  gtk_widget_set_size_request (gtk_button_get_child (GTK_BUTTON (self->sign)), size, size);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->sign), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
on_sign_clicked (ShtTicketLayer *self)
{
  g_signal_emit (self, signals[ACTIVATED], 0, self->selected);
}

static GtkWidget *
new_sign (ShtTicketLayer *self)
{
  GtkWidget *sign = gtk_button_new ();
  GtkWidget *picture = gtk_picture_new ();

  gtk_picture_set_can_shrink (GTK_PICTURE (picture), TRUE);
  gtk_button_set_child (GTK_BUTTON (sign), picture);
  gtk_widget_add_css_class (sign, "map-sign");
  gtk_widget_set_parent (sign, GTK_WIDGET (self));
  gtk_widget_set_child_visible (sign, FALSE);
  g_signal_connect_swapped (sign, "clicked", G_CALLBACK (on_sign_clicked), self);
  return sign;
}

static void
sht_ticket_layer_constructed (GObject *object)
{
  static const char *const properties[] = { "notify::latitude", "notify::longitude", "notify::zoom-level",
                                            "notify::rotation", "notify::reference-map-source" };
  ShumateViewport *viewport = shumate_layer_get_viewport (SHUMATE_LAYER (object));

  G_OBJECT_CLASS (sht_ticket_layer_parent_class)->constructed (object);
  for (guint i = 0; i < G_N_ELEMENTS (properties); i++)
    g_signal_connect_object (viewport, properties[i], G_CALLBACK (on_viewport_changed), object, G_CONNECT_SWAPPED);
}

static void
sht_ticket_layer_dispose (GObject *object)
{
  g_clear_pointer (&SHT_TICKET_LAYER (object)->sign, gtk_widget_unparent);
  G_OBJECT_CLASS (sht_ticket_layer_parent_class)->dispose (object);
}

static void
sht_ticket_layer_finalize (GObject *object)
{
  ShtTicketLayer *self = SHT_TICKET_LAYER (object);

  g_clear_pointer (&self->db, sht_db_close);
  g_clear_pointer (&self->markers, sht_markers_free);
  g_clear_pointer (&self->icons, g_hash_table_unref);
  g_clear_pointer (&self->shown, sht_map_look_free);
  sht_map_room_unref (self->room);
  g_free (self->selected);
  G_OBJECT_CLASS (sht_ticket_layer_parent_class)->finalize (object);
}

static void
sht_ticket_layer_class_init (ShtTicketLayerClass *class)
{
  G_OBJECT_CLASS (class)->constructed = sht_ticket_layer_constructed;
  G_OBJECT_CLASS (class)->dispose = sht_ticket_layer_dispose;
  G_OBJECT_CLASS (class)->finalize = sht_ticket_layer_finalize;
  GTK_WIDGET_CLASS (class)->size_allocate = sht_ticket_layer_size_allocate;
  GTK_WIDGET_CLASS (class)->snapshot = sht_ticket_layer_snapshot;
  /* The page offers the same tickets as a list; what is drawn has nothing to read out, but the sign has. */
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class), GTK_ACCESSIBLE_ROLE_GROUP);
  signals[SETTLED] = g_signal_new ("settled", SHT_TYPE_TICKET_LAYER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  signals[ACTIVATED] = g_signal_new ("activated", SHT_TYPE_TICKET_LAYER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
sht_ticket_layer_init (ShtTicketLayer *self)
{
  self->markers = sht_markers_new (GTK_WIDGET (self));
  self->icons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->shown = sht_map_look_new (NULL, NULL, &(ShtWorldBox){ 0 }, -1, NULL);
  self->sign = new_sign (self);
  sht_ticket_layer_set_room (self, NULL);
  self->others = TRUE;
  self->stale = TRUE;
}

/**
 * sht_ticket_layer_new:
 * @viewport: the map's
 * @reader: (transfer none): a store for the main thread, which outlives the layer
 */
ShtTicketLayer *
sht_ticket_layer_new (ShumateViewport *viewport, ShtStore *reader)
{
  ShtTicketLayer *self = g_object_new (SHT_TYPE_TICKET_LAYER, "viewport", viewport, NULL);

  self->reader = reader;
  return self;
}

/**
 * sht_ticket_layer_set_room:
 * @room: (nullable): whose layers lay themselves out together; %NULL for one of its own
 */
void
sht_ticket_layer_set_room (ShtTicketLayer *self, ShtMapRoom *room)
{
  g_clear_pointer (&self->room, sht_map_room_unref);
  self->room = room != NULL ? sht_map_room_ref (room) : sht_map_room_new ();
  sht_map_room_add_layer (self->room, SHT_ROOM_TICKET, GTK_WIDGET (self), claim);
}

/**
 * sht_ticket_layer_put_others_below:
 *
 * Others' tickets are drawn by another layer from then on, by sht_ticket_layer_snapshot_others().
 */
void
sht_ticket_layer_put_others_below (ShtTicketLayer *self)
{
  self->others_below = TRUE;
  sht_map_room_spoil (self->room);
}

/** sht_ticket_layer_snapshot_others: @affine: of the layer that draws them */
void
sht_ticket_layer_snapshot_others (ShtTicketLayer *self, GtkSnapshot *snapshot, const ShtAffine *affine)
{
  sht_markers_set_style (self->markers, self->dark, gtk_widget_get_scale_factor (GTK_WIDGET (self)));
  draw_stubs (self, snapshot, affine);
}

/**
 * sht_ticket_layer_refresh:
 *
 * Looks again: the store has changed. What was there is shown until then.
 */
void
sht_ticket_layer_refresh (ShtTicketLayer *self)
{
  self->stale = TRUE;
  show_selected (self);
}

void
sht_ticket_layer_set_dark (ShtTicketLayer *self, gboolean dark)
{
  self->dark = dark;
  sht_markers_forget (self->markers);
  show_selected (self);
}

/**
 * sht_ticket_layer_set_shown:
 * @finished: this tablet's tickets that need nothing more
 * @others: the open tickets of others
 */
void
sht_ticket_layer_set_shown (ShtTicketLayer *self, gboolean finished, gboolean others)
{
  self->finished = finished;
  self->others = others;
  sht_ticket_layer_refresh (self);
}

/**
 * sht_ticket_layer_set_selected:
 * @ticket: (nullable): a ticket's UUID: it is larger, on its own, and a button
 */
void
sht_ticket_layer_set_selected (ShtTicketLayer *self, const char *ticket)
{
  g_autofree char *before = self->selected;

  self->selected = g_strdup (ticket);
  show_selected (self);
}

const char *
sht_ticket_layer_get_selected (ShtTicketLayer *self)
{
  return self->selected;
}

/* --- what lies under a finger --- */

static const ShtCluster *
nearest (const ShtAffine *affine, GArray *clusters, double x, double y)
{
  const ShtCluster *best = NULL;
  double best_distance = FINGER_PX / 2;

  for (guint i = 0; clusters != NULL && i < clusters->len; i++)
    {
      const ShtCluster *one = &g_array_index (clusters, ShtCluster, i);
      double px, py, distance;

      sht_affine_apply (affine, one->x, one->y, &px, &py);
      distance = hypot (px - x, py - y);
      /* a cluster's sign is up to 62 px wide: its rim belongs to it too */
      if (one->count >= 100)
        distance -= 6;
      if (distance <= best_distance)
        {
          best = one;
          best_distance = distance;
        }
    }
  return best;
}

/**
 * sht_ticket_layer_pick:
 * @x: in the layer's own coordinates
 * @pick: (out): what a finger there means
 */
void
sht_ticket_layer_pick (ShtTicketLayer *self, double x, double y, ShtPick *pick)
{
  const ShtCluster *found;
  ShtAffine affine;

  *pick = (ShtPick){ SHT_PICK_NOTHING };
  if (!sht_affine_of_widget (viewport_of (self), GTK_WIDGET (self), &affine))
    return;
  found = nearest (&affine, self->shown->clusters, x, y);
  if (found != NULL)
    {
      double zoom = shumate_viewport_get_zoom_level (viewport_of (self));
      double width = MAX (found->max_x - found->min_x, found->max_y - found->min_y);

      pick->box = (ShtWorldBox){ found->min_x, found->min_y, found->max_x, found->max_y };
      if (found->count == 1)
        {
          pick->kind = SHT_PICK_TICKET;
          g_strlcpy (pick->id, g_array_index (self->shown->tickets, ShtSpot, found->first).id, sizeof pick->id);
        }
      else
        pick->kind = zoom >= HEAP_ZOOM || width * SHT_WORLD_TILE * exp2 (HEAP_ZOOM) <= HEAP_PX ? SHT_PICK_HEAP
                                                                                          : SHT_PICK_CLUSTER;
    }
}

static int
by_due (gconstpointer a, gconstpointer b)
{
  const ShtSpot *one = *(const ShtSpot *const *) a, *other = *(const ShtSpot *const *) b;
  gint64 first = one->due_at > 0 ? one->due_at : G_MAXINT64, second = other->due_at > 0 ? other->due_at : G_MAXINT64;

  return first < second ? -1 : first > second ? 1 : strcmp (one->id, other->id);
}

/**
 * sht_ticket_layer_list:
 * @within: (nullable): where; %NULL for what is visible
 * @limit: how many at the most
 * @all: (out) (optional): how many there are
 *
 * Returns: (transfer full) (element-type utf8): the tickets' UUIDs, what falls due first before
 */
GPtrArray *
sht_ticket_layer_list (ShtTicketLayer *self, const ShtWorldBox *within, guint limit, guint *all)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  ShtWorldBox box = { 0 };

  if (within != NULL)
    box = *within;
  else
    sht_ticket_layer_get_visible (self, &box);
  for (guint i = 0; i < self->shown->tickets->len; i++)
    {
      ShtSpot *spot = &g_array_index (self->shown->tickets, ShtSpot, i);

      if (spot->x >= box.west && spot->x <= box.east && spot->y >= box.north && spot->y <= box.south)
        g_ptr_array_add (found, spot);
    }
  g_ptr_array_sort (found, by_due);
  for (guint i = 0; i < found->len && i < limit; i++)
    g_ptr_array_add (ids, g_strdup (((ShtSpot *) g_ptr_array_index (found, i))->id));
  if (all != NULL)
    *all = found->len;
  return ids;
}

/**
 * sht_ticket_layer_get_visible:
 * @box: (out): the part of the world that the widget shows
 *
 * Returns: %FALSE while there is no map
 */
gboolean
sht_ticket_layer_get_visible (ShtTicketLayer *self, ShtWorldBox *box)
{
  ShtAffine affine;

  if (!sht_affine_of_widget (viewport_of (self), GTK_WIDGET (self), &affine))
    return FALSE;
  *box = sht_affine_visible (&affine, GTK_WIDGET (self));
  return TRUE;
}

/**
 * sht_ticket_layer_is_settled:
 *
 * Returns: whether what is drawn is what the store has
 */
gboolean
sht_ticket_layer_is_settled (ShtTicketLayer *self)
{
  return !self->looking && !self->stale;
}

/**
 * sht_ticket_layer_get_snapshot_us:
 *
 * Returns: how long the last drawing took, microseconds, for the benches
 */
gint64
sht_ticket_layer_get_snapshot_us (ShtTicketLayer *self)
{
  return self->snapshot_us;
}
