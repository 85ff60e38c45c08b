/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/map/ticket-layer.h"

#include "tablet/map/affine.h"
#include "tablet/map/marker.h"

#include <math.h>
#include <string.h>

/* Side of the grid in which tickets are gathered, and the distance at which signs would lie on each other. */
#define CELL_PX 64.0
#define REACH_PX 44.0
/* Small things are thinned out rather than counted. */
#define STUB_CELL_PX 12.0
#define PLACE_CELL_PX 22.0
/* A gloved finger. */
#define FINGER_PX 48.0
/* How much is looked up beyond each edge of what is visible, and how much more is kept after zooming in. */
#define PADDING 0.5
#define MAX_SURPLUS 6.0
/* Members of a cluster that is no wider than this never come apart, however far one zooms. */
#define HEAP_PX 6.0
#define HEAP_ZOOM 18.0

/* What one look-up asks and finds; handed to a thread and back. */
typedef struct
{
  GWeakRef layer;
  char *path;       /* (owned) */
  ShtDb *db;        /* (owned) (nullable): opened by the first look-up */
  ShtWorldBox box;
  gboolean finished;
  gboolean others;
  gboolean places;
  GArray *tickets;  /* (owned) (nullable) */
  GArray *stubs;    /* (owned) (nullable) */
  GArray *spots;    /* (owned) (nullable): of places */
} Look;

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
  gboolean places;

  gboolean looking;
  gboolean stale;       /* what was looked up no longer holds */
  ShtWorldBox looked;   /* where it holds */
  GArray *tickets;      /* (owned) (element-type ShtSpot) */
  GArray *stubs;        /* (owned) (element-type ShtSpot) */
  GArray *spots;        /* (owned) (element-type ShtSpot): places */

  int clustered_zoom;   /* what the three below were made for; -1 for nothing */
  GArray *clusters;     /* (owned) (nullable) (element-type ShtCluster) */
  GArray *stub_dots;    /* (owned) (nullable) (element-type ShtCluster) */
  GArray *place_dots;   /* (owned) (nullable) (element-type ShtCluster) */

  char *selected;       /* (owned) (nullable) */
  gint64 snapshot_us;
};

G_DEFINE_FINAL_TYPE (ShtTicketLayer, sht_ticket_layer, SHUMATE_TYPE_LAYER)

enum
{
  SETTLED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static ShumateViewport *
viewport_of (ShtTicketLayer *self)
{
  return shumate_layer_get_viewport (SHUMATE_LAYER (self));
}

static gint64
now_ms (void)
{
  return g_get_real_time () / 1000;
}

/* --- looking up --- */

static void
look_free (gpointer data)
{
  Look *look = data;

  g_weak_ref_clear (&look->layer);
  g_clear_pointer (&look->db, sht_db_close);
  g_clear_pointer (&look->tickets, g_array_unref);
  g_clear_pointer (&look->stubs, g_array_unref);
  g_clear_pointer (&look->spots, g_array_unref);
  g_free (look->path);
  g_free (look);
}

static void
look_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Look *look = data;
  GError *error = NULL;

  if (look->db == NULL)
    look->db = sht_db_open (look->path, TRUE, NULL, &error);
  if (look->db != NULL)
    look->tickets = sht_spots_of_tickets (look->db, &look->box, look->finished, &error);
  if (look->tickets != NULL && look->others)
    look->stubs = sht_spots_of_stubs (look->db, &look->box, &error);
  if (error == NULL && look->places)
    look->spots = sht_spots_of_places (look->db, &look->box, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
take (GArray **mine, GArray **found)
{
  g_clear_pointer (mine, g_array_unref);
  *mine = *found != NULL ? g_steal_pointer (found) : g_array_new (FALSE, FALSE, sizeof (ShtSpot));
}

static void
on_looked (GObject *source, GAsyncResult *result, gpointer unused)
{
  Look *look = g_task_get_task_data (G_TASK (result));
  g_autoptr (ShtTicketLayer) self = g_weak_ref_get (&look->layer);
  g_autoptr (GError) error = NULL;

  if (self == NULL)
    return;
  self->looking = FALSE;
  self->db = g_steal_pointer (&look->db);
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_warning ("tickets on the map: %s", error->message);
      return;
    }
  self->looked = look->box;
  take (&self->tickets, &look->tickets);
  take (&self->stubs, &look->stubs);
  take (&self->spots, &look->spots);
  self->clustered_zoom = -1;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[SETTLED], 0);
}

static void
look_up (ShtTicketLayer *self, const ShtWorldBox *visible)
{
  g_autoptr (GTask) task = NULL;
  Look *look;

  if (self->looking)
    return;
  look = g_new0 (Look, 1);
  g_weak_ref_init (&look->layer, self);
  look->path = g_build_filename (self->reader->folder, "store.db", NULL);
  look->db = g_steal_pointer (&self->db);
  look->box = sht_world_box_padded (visible, PADDING);
  look->finished = self->finished;
  look->others = self->others;
  look->places = self->places;
  self->looking = TRUE;
  self->stale = FALSE;
  /* No source object: the thread may hold the last reference to the task, and a widget dies on its own. */
  task = g_task_new (NULL, NULL, on_looked, NULL);
  g_task_set_source_tag (task, look_up);
  g_task_set_task_data (task, look, look_free);
  g_task_run_in_thread (task, look_in_thread);
}

static gboolean
needs_look (ShtTicketLayer *self, const ShtWorldBox *visible)
{
  return self->stale || !sht_world_box_contains (&self->looked, visible)
         || self->looked.east - self->looked.west > (visible->east - visible->west) * (1 + 2 * PADDING) * MAX_SURPLUS;
}

static void
cluster (ShtTicketLayer *self, double zoom)
{
  int whole = (int) floor (zoom + 0.5);
  double side = SHT_WORLD_TILE * exp2 (whole);
  gint64 now = now_ms ();

  if (self->clustered_zoom == whole)
    return;
  self->clustered_zoom = whole;
  g_clear_pointer (&self->clusters, g_array_unref);
  g_clear_pointer (&self->stub_dots, g_array_unref);
  g_clear_pointer (&self->place_dots, g_array_unref);
  self->clusters = sht_spots_cluster ((const ShtSpot *) (gpointer) self->tickets->data, self->tickets->len,
                                      CELL_PX / side, REACH_PX / side, now);
  self->stub_dots = sht_spots_cluster ((const ShtSpot *) (gpointer) self->stubs->data, self->stubs->len,
                                       STUB_CELL_PX / side, STUB_CELL_PX / side, now);
  self->place_dots = sht_spots_cluster ((const ShtSpot *) (gpointer) self->spots->data, self->spots->len,
                                        PLACE_CELL_PX / side, PLACE_CELL_PX / side, now);
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
draw_dots (ShtTicketLayer *self, GtkSnapshot *snapshot, const ShtAffine *affine, GArray *dots, gboolean places)
{
  for (guint i = 0; i < dots->len; i++)
    {
      const ShtCluster *dot = &g_array_index (dots, ShtCluster, i);
      GdkTexture *texture;
      double x, y;
      int size;

      sht_affine_apply (affine, dot->x, dot->y, &x, &y);
      if (!is_on (self, x, y))
        continue;
      texture = places ? sht_markers_place (self->markers, g_array_index (self->spots, ShtSpot, dot->first).kind, &size)
                       : sht_markers_stub (self->markers, &size);
      stamp (snapshot, texture, x, y, size);
    }
}

static void
draw_ticket (ShtTicketLayer *self, GtkSnapshot *snapshot, const ShtAffine *affine, const ShtSpot *spot, gboolean selected)
{
  gboolean late = spot->due_at > 0 && spot->due_at < now_ms () && sht_status_is_open (spot->status);
  GdkTexture *texture;
  double x, y;
  int size;

  sht_affine_apply (affine, spot->x, spot->y, &x, &y);
  if (!is_on (self, x, y))
    return;
  texture = sht_markers_ticket (self->markers, spot->status, late, selected, icon_of (self, spot->kind), &size);
  stamp (snapshot, texture, x, y, size);
}

static void
draw_clusters (ShtTicketLayer *self, GtkSnapshot *snapshot, const ShtAffine *affine)
{
  for (guint i = 0; i < self->clusters->len; i++)
    {
      const ShtCluster *cluster = &g_array_index (self->clusters, ShtCluster, i);
      GdkTexture *texture;
      double x, y;
      int size;

      if (cluster->count == 1)
        {
          draw_ticket (self, snapshot, affine, &g_array_index (self->tickets, ShtSpot, cluster->first), FALSE);
          continue;
        }
      sht_affine_apply (affine, cluster->x, cluster->y, &x, &y);
      if (!is_on (self, x, y))
        continue;
      texture = sht_markers_cluster (self->markers, cluster->count, cluster->late > 0, &size);
      stamp (snapshot, texture, x, y, size);
    }
}

static void
draw_selected (ShtTicketLayer *self, GtkSnapshot *snapshot, const ShtAffine *affine)
{
  for (guint i = 0; self->selected != NULL && i < self->tickets->len; i++)
    if (g_str_equal (g_array_index (self->tickets, ShtSpot, i).id, self->selected))
      {
        draw_ticket (self, snapshot, affine, &g_array_index (self->tickets, ShtSpot, i), TRUE);
        return;
      }
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
  if (needs_look (self, &visible))
    look_up (self, &visible);
  cluster (self, shumate_viewport_get_zoom_level (viewport_of (self)));
  sht_markers_set_style (self->markers, self->dark, gtk_widget_get_scale_factor (widget));
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget),
                                                         (float) gtk_widget_get_height (widget)));
  draw_dots (self, snapshot, &affine, self->stub_dots, FALSE);
  draw_dots (self, snapshot, &affine, self->place_dots, TRUE);
  draw_clusters (self, snapshot, &affine);
  draw_selected (self, snapshot, &affine);
  gtk_snapshot_pop (snapshot);
  self->snapshot_us = g_get_monotonic_time () - start;
}

static void
on_viewport_changed (ShtTicketLayer *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
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
sht_ticket_layer_finalize (GObject *object)
{
  ShtTicketLayer *self = SHT_TICKET_LAYER (object);

  g_clear_pointer (&self->db, sht_db_close);
  g_clear_pointer (&self->markers, sht_markers_free);
  g_clear_pointer (&self->icons, g_hash_table_unref);
  g_clear_pointer (&self->tickets, g_array_unref);
  g_clear_pointer (&self->stubs, g_array_unref);
  g_clear_pointer (&self->spots, g_array_unref);
  g_clear_pointer (&self->clusters, g_array_unref);
  g_clear_pointer (&self->stub_dots, g_array_unref);
  g_clear_pointer (&self->place_dots, g_array_unref);
  g_free (self->selected);
  G_OBJECT_CLASS (sht_ticket_layer_parent_class)->finalize (object);
}

static void
sht_ticket_layer_class_init (ShtTicketLayerClass *class)
{
  G_OBJECT_CLASS (class)->constructed = sht_ticket_layer_constructed;
  G_OBJECT_CLASS (class)->finalize = sht_ticket_layer_finalize;
  GTK_WIDGET_CLASS (class)->snapshot = sht_ticket_layer_snapshot;
  /* The page offers the same tickets as a list; a drawing has nothing to read out. */
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class), GTK_ACCESSIBLE_ROLE_PRESENTATION);
  signals[SETTLED] = g_signal_new ("settled", SHT_TYPE_TICKET_LAYER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
sht_ticket_layer_init (ShtTicketLayer *self)
{
  self->markers = sht_markers_new (GTK_WIDGET (self));
  self->icons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->tickets = g_array_new (FALSE, FALSE, sizeof (ShtSpot));
  self->stubs = g_array_new (FALSE, FALSE, sizeof (ShtSpot));
  self->spots = g_array_new (FALSE, FALSE, sizeof (ShtSpot));
  self->others = TRUE;
  self->stale = TRUE;
  self->clustered_zoom = -1;
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
 * sht_ticket_layer_refresh:
 *
 * Looks again: the store has changed. What was there is shown until then.
 */
void
sht_ticket_layer_refresh (ShtTicketLayer *self)
{
  self->stale = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
sht_ticket_layer_set_dark (ShtTicketLayer *self, gboolean dark)
{
  self->dark = dark;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * sht_ticket_layer_set_shown:
 * @finished: this tablet's tickets that need nothing more
 * @others: the open tickets of others
 * @places: the town's places
 */
void
sht_ticket_layer_set_shown (ShtTicketLayer *self, gboolean finished, gboolean others, gboolean places)
{
  self->finished = finished;
  self->others = others;
  self->places = places;
  sht_ticket_layer_refresh (self);
}

/**
 * sht_ticket_layer_set_selected:
 * @ticket: (nullable): a ticket's UUID: it is drawn larger, and on its own
 */
void
sht_ticket_layer_set_selected (ShtTicketLayer *self, const char *ticket)
{
  g_autofree char *before = self->selected;

  self->selected = g_strdup (ticket);
  gtk_widget_queue_draw (GTK_WIDGET (self));
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
  found = nearest (&affine, self->clusters, x, y);
  if (found != NULL)
    {
      double zoom = shumate_viewport_get_zoom_level (viewport_of (self));
      double width = MAX (found->max_x - found->min_x, found->max_y - found->min_y);

      pick->box = (ShtWorldBox){ found->min_x, found->min_y, found->max_x, found->max_y };
      if (found->count == 1)
        {
          pick->kind = SHT_PICK_TICKET;
          g_strlcpy (pick->id, g_array_index (self->tickets, ShtSpot, found->first).id, sizeof pick->id);
        }
      else
        pick->kind = zoom >= HEAP_ZOOM || width * SHT_WORLD_TILE * exp2 (HEAP_ZOOM) <= HEAP_PX ? SHT_PICK_HEAP
                                                                                          : SHT_PICK_CLUSTER;
      return;
    }
  found = nearest (&affine, self->place_dots, x, y);
  if (found != NULL)
    {
      pick->kind = SHT_PICK_PLACE;
      g_strlcpy (pick->id, g_array_index (self->spots, ShtSpot, found->first).id, sizeof pick->id);
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
  for (guint i = 0; i < self->tickets->len; i++)
    {
      ShtSpot *spot = &g_array_index (self->tickets, ShtSpot, i);

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
