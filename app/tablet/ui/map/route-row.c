/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/map/route-row.h"

#include "tablet/ui/common/page.h"
#include "tablet/ui/common/words.h"

#include <glib/gi18n.h>

#define TOUCH 48
/* As long as its buttons come, and a frame or two more. */
#define OPENING_US (400 * 1000)

struct _ShtRouteStopRow
{
  GtkListBoxRow parent_instance;

  char *ticket; /* (owned) (nullable) */
  char *uri;    /* (owned) (nullable): where, for a navigation program */
  guint place;
  gint64 opened_us; /* monotonic */

  GtkWidget *number;
  GtkWidget *title;
  GtkWidget *when;
  GtkWidget *why;
  GtkWidget *revealer;
  GtkWidget *earlier;
  GtkWidget *later;
};

G_DEFINE_FINAL_TYPE (ShtRouteStopRow, sht_route_stop_row, GTK_TYPE_LIST_BOX_ROW)

enum
{
  MOVE,
  DROP,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static char *
clock_of (gint64 ms)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (ms / 1000);

  return time != NULL ? g_date_time_format (time, "%H:%M") : g_strdup ("");
}

static char *
say_why (const ShtRouteRow *row, gint64 now_ms)
{
  g_autofree char *from = clock_of (row->stop.visit_from), *to = clock_of (row->stop.visit_to);
  g_autofree char *due = row->stop.due_at > 0 ? sht_words_when (row->stop.due_at, now_ms) : NULL;

  switch (row->leg.why)
    {
    case SHT_ROUTE_WHY_BEGUN:
      return g_strdup (_("You have begun it"));
    case SHT_ROUTE_WHY_PLACED:
      return g_strdup (_("In your order"));
    case SHT_ROUTE_WHY_VISIT:
      /* Translators: somebody waits for the crew between two times: "Visit agreed for 10:00 to 12:00" */
      return g_strdup_printf (_("Visit agreed for %s to %s"), from, to);
    case SHT_ROUTE_WHY_LATE:
      return g_strdup_printf (_("Late: it was due %s"), due);
    case SHT_ROUTE_WHY_DUE:
      return g_strdup_printf (_("Now, or it will be late: due %s"), due);
    case SHT_ROUTE_WHY_NEAR:
      return g_strdup (_("The nearest"));
    default:
      return g_strdup (_("So the way is shortest"));
    }
}

/* --- moving it --- */

static void
on_earlier (ShtRouteStopRow *self)
{
  g_signal_emit (self, signals[MOVE], 0, -1);
}

static void
on_later (ShtRouteStopRow *self)
{
  g_signal_emit (self, signals[MOVE], 0, 1);
}

static GdkContentProvider *
on_prepare (GtkDragSource *source, double x, double y, ShtRouteStopRow *self)
{
  return gdk_content_provider_new_typed (G_TYPE_UINT, self->place);
}

static void
on_drag_begin (GtkDragSource *source, GdkDrag *drag, ShtRouteStopRow *self)
{
  g_autoptr (GdkPaintable) picture = gtk_widget_paintable_new (GTK_WIDGET (self));

  gtk_drag_source_set_icon (source, picture, 24, 24);
}

static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, ShtRouteStopRow *self)
{
  g_signal_emit (self, signals[DROP], 0, g_value_get_uint (value));
  return TRUE;
}

static gboolean
on_key (GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state, ShtRouteStopRow *self)
{
  if ((state & GDK_ALT_MASK) == 0 || (key != GDK_KEY_Up && key != GDK_KEY_Down))
    return FALSE;
  g_signal_emit (self, signals[MOVE], 0, key == GDK_KEY_Up ? -1 : 1);
  return TRUE;
}

/* --- going there --- */

static void
on_launched (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ShtRouteStopRow) self = data;
  g_autoptr (GError) error = NULL;

  if (g_app_info_launch_default_for_uri_finish (result, &error))
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->uri + strlen ("geo:"));
  sht_page_toast (GTK_WIDGET (self), _("No navigation program on this tablet. The place is on the clipboard."));
}

static void
on_navigate (ShtRouteStopRow *self)
{
  GdkAppLaunchContext *context = gdk_display_get_app_launch_context (gtk_widget_get_display (GTK_WIDGET (self)));

  g_app_info_launch_default_for_uri_async (self->uri, G_APP_LAUNCH_CONTEXT (context), NULL, on_launched,
                                           g_object_ref (self));
  g_object_unref (context);
}

static void
on_open (ShtRouteStopRow *self)
{
  sht_page_show_ticket (GTK_WIDGET (self), self->ticket);
}

/* --- building --- */

static GtkWidget *
new_label (const char *class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (class != NULL)
    gtk_widget_add_css_class (label, class);
  return label;
}

static GtkWidget *
new_button (ShtRouteStopRow *self, const char *words, GCallback clicked)
{
  GtkWidget *button = gtk_button_new_with_label (words);

  gtk_widget_set_size_request (button, -1, TOUCH);
  gtk_widget_set_hexpand (button, TRUE);
  g_signal_connect_swapped (button, "clicked", clicked, self);
  return button;
}

static GtkWidget *
build_actions (ShtRouteStopRow *self)
{
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_row_spacing (GTK_GRID (grid), 8);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 8);
  gtk_grid_set_column_homogeneous (GTK_GRID (grid), TRUE);
  gtk_widget_set_margin_top (grid, 8);
  self->earlier = new_button (self, _("Earlier"), G_CALLBACK (on_earlier));
  self->later = new_button (self, _("Later"), G_CALLBACK (on_later));
  gtk_grid_attach (GTK_GRID (grid), new_button (self, _("Navigate"), G_CALLBACK (on_navigate)), 0, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), new_button (self, _("Open"), G_CALLBACK (on_open)), 1, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), self->earlier, 0, 1, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), self->later, 1, 1, 1, 1);
  self->revealer = gtk_revealer_new ();
  gtk_revealer_set_child (GTK_REVEALER (self->revealer), grid);
  return self->revealer;
}

static GtkWidget *
build_handle (ShtRouteStopRow *self)
{
  GtkWidget *handle = gtk_image_new_from_icon_name ("list-drag-handle-symbolic");
  GtkDragSource *drag = gtk_drag_source_new ();

  gtk_widget_set_size_request (handle, TOUCH, TOUCH);
  gtk_widget_set_cursor_from_name (handle, "grab");
  gtk_widget_set_valign (handle, GTK_ALIGN_START);
  gtk_drag_source_set_actions (drag, GDK_ACTION_MOVE);
  g_signal_connect (drag, "prepare", G_CALLBACK (on_prepare), self);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  gtk_widget_add_controller (handle, GTK_EVENT_CONTROLLER (drag));
  return handle;
}

static void
sht_route_stop_row_finalize (GObject *object)
{
  g_free (SHT_ROUTE_STOP_ROW (object)->ticket);
  g_free (SHT_ROUTE_STOP_ROW (object)->uri);
  G_OBJECT_CLASS (sht_route_stop_row_parent_class)->finalize (object);
}

static void
sht_route_stop_row_class_init (ShtRouteStopRowClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sht_route_stop_row_finalize;
  signals[MOVE] = g_signal_new ("move", SHT_TYPE_ROUTE_STOP_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                G_TYPE_INT);
  signals[DROP] = g_signal_new ("drop", SHT_TYPE_ROUTE_STOP_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                G_TYPE_UINT);
}

static void
sht_route_stop_row_init (ShtRouteStopRow *self)
{
  GtkWidget *outer = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_UINT, GDK_ACTION_MOVE);
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->number = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->number, "route-number");
  gtk_widget_set_valign (self->number, GTK_ALIGN_START);
  self->title = new_label ("heading");
  self->when = new_label ("numeric");
  self->why = new_label ("dim-label");
  gtk_box_append (GTK_BOX (words), self->title);
  gtk_box_append (GTK_BOX (words), self->when);
  gtk_box_append (GTK_BOX (words), self->why);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (line), self->number);
  gtk_box_append (GTK_BOX (line), words);
  gtk_box_append (GTK_BOX (line), build_handle (self));
  gtk_box_append (GTK_BOX (outer), line);
  gtk_box_append (GTK_BOX (outer), build_actions (self));
  gtk_widget_add_css_class (outer, "route-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), outer);
  g_signal_connect (target, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

GtkWidget *
sht_route_stop_row_new (void)
{
  return g_object_new (SHT_TYPE_ROUTE_STOP_ROW, NULL);
}

static void
set_text (GtkWidget *label, const char *text)
{
  if (g_strcmp0 (gtk_label_get_text (GTK_LABEL (label)), text) != 0)
    gtk_label_set_text (GTK_LABEL (label), text);
}

/**
 * sht_route_stop_row_show:
 * @row: the stop
 * @place: where it is in the route, from 0
 * @n: how many there are
 */
void
sht_route_stop_row_show (ShtRouteStopRow *self, const ShtRouteRow *row, guint place, guint n, gint64 now_ms)
{
  g_autofree char *number = g_strdup_printf ("%u", place + 1), *why = say_why (row, now_ms);
  g_autofree char *arrive = sht_words_when (row->leg.arrive_at, now_ms), *way = sht_words_distance (row->leg.metres);
  g_autofree char *address = row->address != NULL ? sht_words_isolated (row->address) : NULL;
  g_autofree char *title = g_strdup_printf ("%s%s%s", row->title != NULL ? row->title : _("Ticket without a title"),
                                            address != NULL ? " · " : "", address != NULL ? address : "");
  /* Translators: when a crew gets there and how far it is: "about today 10:40 · 350 m" */
  g_autofree char *when = g_strdup_printf (_("≈ %s · %s"), arrive, way);
  g_autofree char *name = g_strdup_printf ("%s. %s. %s. %s", number, title, when, why);

  if (g_strcmp0 (self->ticket, row->id) != 0)
    {
      g_free (self->ticket);
      self->ticket = g_strdup (row->id);
      sht_route_stop_row_open (self, FALSE);
    }
  g_free (self->uri);
  self->uri = g_strdup_printf ("geo:%s%" G_GINT64_FORMAT ".%07" G_GINT64_FORMAT ",%s%" G_GINT64_FORMAT ".%07" G_GINT64_FORMAT,
                               row->stop.lat_e7 < 0 ? "-" : "", ABS (row->stop.lat_e7) / 10000000,
                               ABS (row->stop.lat_e7) % 10000000, row->stop.lon_e7 < 0 ? "-" : "",
                               ABS (row->stop.lon_e7) / 10000000, ABS (row->stop.lon_e7) % 10000000);
  self->place = place;
  set_text (self->number, number);
  set_text (self->title, title);
  set_text (self->when, when);
  set_text (self->why, why);
  if (row->leg.is_late)
    gtk_widget_add_css_class (self->when, "sla-late");
  else
    gtk_widget_remove_css_class (self->when, "sla-late");
  gtk_widget_set_sensitive (self->earlier, place > 0);
  gtk_widget_set_sensitive (self->later, place + 1 < n);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/** sht_route_stop_row_open: @open: whether what can be done with it is seen, and that it is the chosen one */
void
sht_route_stop_row_open (ShtRouteStopRow *self, gboolean open)
{
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), open);
  self->opened_us = g_get_monotonic_time ();
  if (open)
    gtk_widget_add_css_class (GTK_WIDGET (self), "chosen");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "chosen");
}

gboolean
sht_route_stop_row_is_open (ShtRouteStopRow *self)
{
  return gtk_revealer_get_reveal_child (GTK_REVEALER (self->revealer));
}

/** sht_route_stop_row_is_opening: Returns: whether it still grows */
gboolean
sht_route_stop_row_is_opening (ShtRouteStopRow *self)
{
  return g_get_monotonic_time () - self->opened_us < OPENING_US;
}

/**
 * sht_route_stop_row_get_ticket:
 *
 * Returns: (transfer none) (nullable): the UUID of the ticket that it shows
 */
const char *
sht_route_stop_row_get_ticket (ShtRouteStopRow *self)
{
  return self->ticket;
}
