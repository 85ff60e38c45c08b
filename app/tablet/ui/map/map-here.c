/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/map/map-here.h"

#include "core/geo.h"
#include "core/json.h"
#include "tablet/session/whereabouts.h"
#include "tablet/ui/common/page.h"
#include "tablet/ui/common/share-bar.h"
#include "tablet/ui/common/where-words.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/map/map-view.h"

#include <glib/gi18n.h>
#include <math.h>

/* Streets around, where one had looked at the whole town. */
#define FOLLOW_ZOOM 16.0
/* How far a finger moves before it means to move the map. */
#define DRAG_PX 8.0
/* How often it is shown that a position grows old. */
#define AGE_S 10
/* The first way there is shown; until then nothing interrupts it. */
#define ARRIVE_US (400 * 1000)

struct _ShtMapHere
{
  GtkBox parent_instance;

  ShtSession *session;         /* (unowned): the page's */
  ShtWhereabouts *whereabouts; /* (unowned): the session's */
  ShumateMap *map;             /* (unowned): the page's, which holds this too */
  ShtHereLayer *layer;         /* (unowned): the map's */
  GtkWidget *button;           /* (owned) */
  GtkWidget *distance;
  char *ticket;                /* (owned) (nullable) */
  gboolean following;
  gint64 arrived_us; /* monotonic: when the way there is over */
  guint timer;
};

G_DEFINE_FINAL_TYPE (ShtMapHere, sht_map_here, GTK_TYPE_BOX)

static void
show_button (ShtMapHere *self)
{
  const char *name = self->following ? _("Stop following my position") : _("My position");

  gtk_widget_set_tooltip_text (self->button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_STATE_PRESSED,
                               self->following ? GTK_ACCESSIBLE_TRISTATE_TRUE : GTK_ACCESSIBLE_TRISTATE_FALSE, -1);
  if (self->following)
    gtk_widget_add_css_class (self->button, "map-following");
  else
    gtk_widget_remove_css_class (self->button, "map-following");
}

static void
set_following (ShtMapHere *self, gboolean following)
{
  self->following = following;
  show_button (self);
}

static void
go_there (ShtMapHere *self, const ShtPosition *position)
{
  double zoom = shumate_viewport_get_zoom_level (shumate_map_get_viewport (self->map));

  self->arrived_us = g_get_monotonic_time () + ARRIVE_US;
  sht_map_go_to (self->map, (double) position->lat_e7 / 1e7, (double) position->lon_e7 / 1e7, MAX (zoom, FOLLOW_ZOOM), TRUE);
}

/* How near one has gone oneself meanwhile stays. */
static void
follow (ShtMapHere *self, const ShtPosition *position)
{
  if (g_get_monotonic_time () > self->arrived_us)
    shumate_location_set_location (SHUMATE_LOCATION (shumate_map_get_viewport (self->map)), (double) position->lat_e7 / 1e7,
                                   (double) position->lon_e7 / 1e7);
}

/* How far it is as the crow flies: the way is longer, and the words say so. */
static void
show_distance (ShtMapHere *self)
{
  g_autoptr (JsonObject) ticket = NULL;
  g_autofree char *metres = NULL, *words = NULL;
  ShtPosition position;

  if (self->ticket != NULL && sht_whereabouts_is_here (self->whereabouts, &position))
    ticket = sht_store_get (sht_session_get_reader (self->session), "ticket", self->ticket, NULL);
  if (sht_json_has (ticket, "lat_e7"))
    {
      metres = sht_words_distance (sht_geo_distance (position.lat_e7, position.lon_e7, sht_json_int (ticket, "lat_e7", 0),
                                                     sht_json_int (ticket, "lon_e7", 0)));
      words = g_strdup_printf (_("%s from you, in a straight line"), metres);
    }
  gtk_label_set_text (GTK_LABEL (self->distance), words != NULL ? words : "");
  gtk_widget_set_visible (self->distance, words != NULL);
}

static void
show (ShtMapHere *self)
{
  g_autofree char *own = sht_where_words_own (self->whereabouts);
  g_autofree char *words = g_strdup_printf (_("My position: %s"), own);
  ShtPosition position;
  gint64 age_ms = 0;
  gboolean known = sht_whereabouts_get_position (self->whereabouts, &position, &age_ms);

  sht_here_layer_set (self->layer, known ? &position : NULL, age_ms, words);
  if (self->following && known)
    follow (self, &position);
  else if (self->following)
    set_following (self, FALSE);
  show_distance (self);
}

static void
on_clicked (ShtMapHere *self)
{
  ShtPosition position;
  gint64 age_ms;

  if (self->following)
    {
      set_following (self, FALSE);
      return;
    }
  if (!sht_whereabouts_get_position (self->whereabouts, &position, &age_ms) || age_ms > SHT_WHEREABOUTS_FRESH_MS)
    {
      g_autofree char *words = sht_where_words_own (self->whereabouts);

      sht_page_toast (GTK_WIDGET (self), words);
    }
  if (!sht_whereabouts_get_position (self->whereabouts, &position, &age_ms))
    return;
  set_following (self, TRUE);
  go_there (self, &position);
}

static void
on_dragged (GtkGestureDrag *gesture, double x, double y, gpointer data)
{
  ShtMapHere *self = data;

  if (self->following && hypot (x, y) > DRAG_PX)
    set_following (self, FALSE);
}

static gboolean
on_age (gpointer data)
{
  show (data);
  return G_SOURCE_CONTINUE;
}

static void
sht_map_here_map (GtkWidget *widget)
{
  ShtMapHere *self = SHT_MAP_HERE (widget);

  GTK_WIDGET_CLASS (sht_map_here_parent_class)->map (widget);
  self->timer = g_timeout_add_seconds (AGE_S, on_age, self);
  show (self);
}

static void
sht_map_here_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&SHT_MAP_HERE (widget)->timer, g_source_remove);
  GTK_WIDGET_CLASS (sht_map_here_parent_class)->unmap (widget);
}

static void
sht_map_here_dispose (GObject *object)
{
  g_clear_object (&SHT_MAP_HERE (object)->button);
  g_clear_pointer (&SHT_MAP_HERE (object)->ticket, g_free);
  G_OBJECT_CLASS (sht_map_here_parent_class)->dispose (object);
}

static void
sht_map_here_class_init (ShtMapHereClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_map_here_dispose;
  GTK_WIDGET_CLASS (class)->map = sht_map_here_map;
  GTK_WIDGET_CLASS (class)->unmap = sht_map_here_unmap;
}

static void
sht_map_here_init (ShtMapHere *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  self->button = g_object_ref_sink (gtk_button_new_from_icon_name ("sht-here-symbolic"));
  gtk_widget_add_css_class (self->button, "flat");
  self->distance = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->distance, "map-sheet");
  gtk_widget_add_css_class (self->distance, "map-notice");
  gtk_widget_set_halign (self->distance, GTK_ALIGN_START);
  gtk_label_set_wrap (GTK_LABEL (self->distance), TRUE);
  gtk_box_append (GTK_BOX (self), self->distance);
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (on_clicked), self);
}

static void
on_dark (ShtMapHere *self)
{
  sht_here_layer_set_dark (self->layer, adw_style_manager_get_dark (adw_style_manager_get_default ()));
}

/**
 * sht_map_here_new:
 * @session: the page's
 * @map: where it is shown, above all that is there
 */
GtkWidget *
sht_map_here_new (ShtSession *session, ShumateMap *map)
{
  ShtMapHere *self = g_object_new (SHT_TYPE_MAP_HERE, NULL);
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkWidget *share;

  self->session = session;
  self->whereabouts = sht_whereabouts_of (session);
  self->map = map;
  self->layer = sht_here_layer_new (shumate_map_get_viewport (map));
  shumate_map_add_layer (map, SHUMATE_LAYER (self->layer));
  share = sht_share_bar_new (self->whereabouts);
  gtk_widget_add_css_class (share, "map-sheet");
  gtk_widget_set_halign (share, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (self), share);
  /* The map's own gestures go on below. */
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (drag), GTK_PHASE_CAPTURE);
  g_signal_connect_object (drag, "drag-update", G_CALLBACK (on_dragged), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (map), GTK_EVENT_CONTROLLER (drag));
  g_signal_connect_object (self->whereabouts, "changed", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (on_dark), self, G_CONNECT_SWAPPED);
  on_dark (self);
  show_button (self);
  show (self);
  return GTK_WIDGET (self);
}

/**
 * sht_map_here_get_button:
 *
 * Returns: (transfer none): to be put among the map's tools
 */
GtkWidget *
sht_map_here_get_button (ShtMapHere *self)
{
  return self->button;
}

/** sht_map_here_get_layer: Returns: (transfer none): what draws it, for tests */
ShtHereLayer *
sht_map_here_get_layer (ShtMapHere *self)
{
  return self->layer;
}

/**
 * sht_map_here_set_ticket:
 * @ticket: (nullable): the chosen one, to which the distance is told
 */
void
sht_map_here_set_ticket (ShtMapHere *self, const char *ticket)
{
  char *copy = g_strdup (ticket);

  g_free (self->ticket);
  self->ticket = copy;
  show_distance (self);
}

gboolean
sht_map_here_is_following (ShtMapHere *self)
{
  return self->following;
}
