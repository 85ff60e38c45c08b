/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/map/route-panel.h"

#include "tablet/session/whereabouts.h"
#include "tablet/store/clock.h"
#include "tablet/ui/common/letters.h"
#include "tablet/ui/common/scroll-bar.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/map/route-row.h"

#include <glib/gi18n.h>

#define WIDTH 380
#define TOUCH 48
/* What stays free below a row that is open. */
#define BELOW_ROW 6
/* How often the hours are reckoned anew while nothing else changes. */
#define CLOCK_S 60

struct _ShtRoutePanel
{
  AdwBin parent_instance;

  ShtSession *session; /* (owned) */
  ShtRoute *route;     /* (owned) (nullable) */
  GArray *stops;       /* (owned) (element-type gint64): latitude and longitude of each */
  guint clock;

  GtkWidget *summary;
  GtkWidget *suggest;
  GtkWidget *list;
  GtkWidget *scrolled;
  GtkWidget *empty;
  GtkWidget *left_out;
};

G_DEFINE_FINAL_TYPE (ShtRoutePanel, sht_route_panel, ADW_TYPE_BIN)

enum
{
  CHANGED,
  PICKED,
  CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* --- putting it in another order --- */

static gboolean
place (ShtStore *store, gpointer data, GError **error)
{
  return sht_store_place_route (store, data, error);
}

static void
on_placed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ShtRoutePanel) self = data;
  g_autoptr (GError) error = NULL;

  if (!sht_session_do_finish (SHT_SESSION (source), result, &error))
    g_warning ("%s", error->message);
  sht_route_panel_refresh (self);
}

static void
keep (ShtRoutePanel *self, GStrv tickets)
{
  sht_session_do_async (self->session, place, tickets, (GDestroyNotify) g_strfreev, on_placed, g_object_ref (self));
}

/* All up to where it is put is a person's order from then on; what follows is laid out anew. */
static void
move (ShtRoutePanel *self, guint from, guint to)
{
  g_autoptr (GPtrArray) order = g_ptr_array_new ();
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();
  GPtrArray *rows = self->route->rows;

  if (from >= rows->len || to >= rows->len || from == to)
    return;
  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (order, ((ShtRouteRow *) g_ptr_array_index (rows, i))->id);
  g_ptr_array_insert (order, (int) to, g_ptr_array_steal_index (order, from));
  for (guint i = 0; i <= to; i++)
    g_ptr_array_add (kept, g_strdup (g_ptr_array_index (order, i)));
  g_ptr_array_add (kept, NULL);
  keep (self, (GStrv) g_ptr_array_free (g_steal_pointer (&kept), FALSE));
}

static void
on_move (ShtRouteStopRow *row, int by, ShtRoutePanel *self)
{
  int from = gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row));

  if (from + by >= 0)
    move (self, (guint) from, (guint) (from + by));
}

static void
on_drop (ShtRouteStopRow *row, guint from, ShtRoutePanel *self)
{
  move (self, from, (guint) gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row)));
}

static void
on_suggest (ShtRoutePanel *self)
{
  keep (self, NULL);
}

/* While a row opens: to its end, so that all is in sight that can be done with it. */
static gboolean
on_opening (GtkWidget *row, GdkFrameClock *clock, gpointer data)
{
  ShtRoutePanel *self = data;
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scrolled));
  graphene_rect_t place;

  if (!sht_route_stop_row_is_open (SHT_ROUTE_STOP_ROW (row)))
    return G_SOURCE_REMOVE;
  if (gtk_widget_compute_bounds (row, gtk_widget_get_parent (self->list), &place))
    {
      double end = (double) (place.origin.y + place.size.height) + BELOW_ROW;

      gtk_adjustment_clamp_page (adjustment, MAX ((double) place.origin.y, end - gtk_adjustment_get_page_size (adjustment)), end);
    }
  return sht_route_stop_row_is_opening (SHT_ROUTE_STOP_ROW (row)) ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
on_row (GtkListBox *list, GtkListBoxRow *chosen, ShtRoutePanel *self)
{
  for (GtkWidget *row = gtk_widget_get_first_child (self->list); row != NULL; row = gtk_widget_get_next_sibling (row))
    sht_route_stop_row_open (SHT_ROUTE_STOP_ROW (row), row == GTK_WIDGET (chosen));
  gtk_widget_add_tick_callback (GTK_WIDGET (chosen), on_opening, self, NULL);
  g_signal_emit (self, signals[PICKED], 0, sht_route_stop_row_get_ticket (SHT_ROUTE_STOP_ROW (chosen)));
}

static void
on_close (ShtRoutePanel *self)
{
  g_signal_emit (self, signals[CLOSED], 0);
}

/* --- showing it --- */

static void
show_rows (ShtRoutePanel *self, gint64 now_ms)
{
  GPtrArray *rows = self->route->rows;
  GtkWidget *row = gtk_widget_get_first_child (self->list);

  for (guint i = 0; i < rows->len; i++)
    {
      if (row == NULL)
        {
          row = sht_route_stop_row_new ();
          g_signal_connect (row, "move", G_CALLBACK (on_move), self);
          g_signal_connect (row, "drop", G_CALLBACK (on_drop), self);
          gtk_list_box_append (GTK_LIST_BOX (self->list), row);
        }
      sht_route_stop_row_show (SHT_ROUTE_STOP_ROW (row), g_ptr_array_index (rows, i), i, rows->len, now_ms);
      row = gtk_widget_get_next_sibling (row);
    }
  while (row != NULL)
    {
      GtkWidget *next = gtk_widget_get_next_sibling (row);

      gtk_list_box_remove (GTK_LIST_BOX (self->list), row);
      row = next;
    }
}

static void
show_summary (ShtRoutePanel *self, gint64 now_ms)
{
  GPtrArray *rows = self->route->rows;
  g_autofree char *stops = NULL, *way = NULL, *until = NULL, *words = NULL;
  double metres = 0;

  if (rows->len == 0)
    {
      gtk_label_set_text (GTK_LABEL (self->summary), "");
      return;
    }
  for (guint i = 0; i < rows->len; i++)
    metres += ((ShtRouteRow *) g_ptr_array_index (rows, i))->leg.metres;
  stops = g_strdup_printf (ngettext ("%u stop", "%u stops", rows->len), rows->len);
  way = sht_words_distance (metres);
  until = sht_words_when (((ShtRouteRow *) g_ptr_array_index (rows, rows->len - 1))->leg.arrive_at, now_ms);
  /* Translators: of a day's route: "12 stops · 14 km · the last ≈ today 15:10" */
  words = g_strdup_printf (_("%s · %s · the last ≈ %s"), stops, way, until);
  gtk_label_set_text (GTK_LABEL (self->summary), words);
}

static void
show_left_out (ShtRoutePanel *self)
{
  gint64 n = self->route->left_out;
  g_autofree char *words = g_strdup_printf (
    ngettext ("One more is not on it: its place is not known.", "%d more are not on it: their place is not known, or they are too many.",
              (gulong) n),
    (int) n);

  gtk_label_set_text (GTK_LABEL (self->left_out), n > 0 ? words : "");
  gtk_widget_set_visible (self->left_out, n > 0);
}

/**
 * sht_route_panel_refresh:
 *
 * Reckons the route anew, from where the tablet is when that is known.
 */
void
sht_route_panel_refresh (ShtRoutePanel *self)
{
  ShtStore *reader = sht_session_get_reader (self->session);
  gint64 now = sht_store_hub_now (reader);
  g_autoptr (GError) error = NULL;
  ShtPosition here;
  gboolean is_here = sht_whereabouts_is_here (sht_whereabouts_of (self->session), &here);
  ShtRoute *route = sht_store_route (reader, is_here ? (const gint64[]){ here.lat_e7, here.lon_e7 } : NULL, now, &error);

  if (route == NULL)
    {
      g_warning ("the day's route: %s", error->message);
      return;
    }
  g_clear_pointer (&self->route, sht_route_free);
  self->route = route;
  g_array_set_size (self->stops, 0);
  for (guint i = 0; i < route->rows->len; i++)
    {
      const ShtRouteRow *row = g_ptr_array_index (route->rows, i);
      gint64 place[2] = { row->stop.lat_e7, row->stop.lon_e7 };

      g_array_append_vals (self->stops, place, 2);
    }
  show_rows (self, now);
  show_summary (self, now);
  show_left_out (self);
  gtk_widget_set_visible (self->suggest, route->is_placed);
  gtk_widget_set_visible (self->list, route->rows->len > 0);
  gtk_widget_set_visible (self->empty, route->rows->len == 0);
  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
on_clock (gpointer data)
{
  if (gtk_widget_get_mapped (data))
    sht_route_panel_refresh (data);
  return G_SOURCE_CONTINUE;
}

/**
 * sht_route_panel_get_stops:
 * @n_stops: (out): how many
 *
 * Returns: (transfer none) (array): latitude and longitude of each, 1e-7 degree
 */
const gint64 *
sht_route_panel_get_stops (ShtRoutePanel *self, guint *n_stops)
{
  *n_stops = self->stops->len / 2;
  return (const gint64 *) (gpointer) self->stops->data;
}

/* --- building --- */

static GtkWidget *
new_words (const char *class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, class);
  return label;
}

static GtkWidget *
build_head (ShtRoutePanel *self)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *title = new_words ("title-4"), *close = gtk_button_new_from_icon_name ("window-close-symbolic");

  gtk_label_set_text (GTK_LABEL (title), _("Today's route"));
  gtk_widget_set_hexpand (title, TRUE);
  gtk_widget_set_size_request (close, TOUCH, TOUCH);
  gtk_widget_add_css_class (close, "flat");
  gtk_widget_set_tooltip_text (close, _("Close the route"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (close), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Close the route"), -1);
  g_signal_connect_swapped (close, "clicked", G_CALLBACK (on_close), self);
  gtk_box_append (GTK_BOX (head), title);
  gtk_box_append (GTK_BOX (head), close);
  return head;
}

static GtkWidget *
build_list (ShtRoutePanel *self)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12), *scrolled = gtk_scrolled_window_new ();
  GtkWidget *how = new_words ("dim-label");
  g_autofree char *factor = sht_words_number (SHT_ROUTE_FACTOR, 1);
  g_autofree char *words = g_strdup_printf (
    _("Distances are straight lines × %s, driven at %d km/h, and each stop takes 20 minutes. Roads are not looked at."),
    factor, (int) SHT_ROUTE_KMH);

  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "boxed-list");
  gtk_widget_add_css_class (self->list, "map-rows");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Today's route"), -1);
  g_signal_connect (self->list, "row-activated", G_CALLBACK (on_row), self);
  self->empty = new_words ("body");
  gtk_label_set_text (GTK_LABEL (self->empty), _("Nothing to drive to. A route is made of the open tickets of a tablet's own crew."));
  self->left_out = new_words ("dim-label");
  gtk_label_set_text (GTK_LABEL (how), words);
  gtk_box_append (GTK_BOX (column), self->empty);
  gtk_box_append (GTK_BOX (column), self->list);
  gtk_box_append (GTK_BOX (column), self->left_out);
  gtk_box_append (GTK_BOX (column), how);
  gtk_widget_set_margin_end (column, 6);
  gtk_widget_set_margin_bottom (column, 6);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  sht_scroll_bar_show (scrolled);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), column);
  gtk_widget_set_vexpand (scrolled, TRUE);
  self->scrolled = scrolled;
  return scrolled;
}

static void
sht_route_panel_dispose (GObject *object)
{
  ShtRoutePanel *self = SHT_ROUTE_PANEL (object);

  g_clear_handle_id (&self->clock, g_source_remove);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sht_route_panel_parent_class)->dispose (object);
}

static void
sht_route_panel_finalize (GObject *object)
{
  ShtRoutePanel *self = SHT_ROUTE_PANEL (object);

  g_clear_pointer (&self->route, sht_route_free);
  g_array_unref (self->stops);
  G_OBJECT_CLASS (sht_route_panel_parent_class)->finalize (object);
}

static void
sht_route_panel_class_init (ShtRoutePanelClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_route_panel_dispose;
  G_OBJECT_CLASS (class)->finalize = sht_route_panel_finalize;
  signals[CHANGED] = g_signal_new ("changed", SHT_TYPE_ROUTE_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[PICKED] = g_signal_new ("picked", SHT_TYPE_ROUTE_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_STRING);
  signals[CLOSED] = g_signal_new ("closed", SHT_TYPE_ROUTE_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
sht_route_panel_init (ShtRoutePanel *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);

  self->stops = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->summary = new_words ("numeric");
  self->suggest = gtk_button_new_with_label (_("Suggest an order anew"));
  gtk_widget_set_size_request (self->suggest, -1, TOUCH);
  g_signal_connect_swapped (self->suggest, "clicked", G_CALLBACK (on_suggest), self);
  gtk_box_append (GTK_BOX (box), build_head (self));
  gtk_box_append (GTK_BOX (box), self->summary);
  gtk_box_append (GTK_BOX (box), self->suggest);
  gtk_box_append (GTK_BOX (box), build_list (self));
  gtk_widget_add_css_class (box, "map-sheet");
  gtk_widget_add_css_class (box, "route-panel");
  sht_letters_widen (box, WIDTH);
  adw_bin_set_child (ADW_BIN (self), box);
  self->clock = g_timeout_add_seconds (CLOCK_S, on_clock, self);
}

/**
 * sht_route_panel_new:
 *
 * Returns: (transfer floating): a panel that is empty until it is refreshed
 */
GtkWidget *
sht_route_panel_new (ShtSession *session)
{
  ShtRoutePanel *self = g_object_new (SHT_TYPE_ROUTE_PANEL, NULL);

  self->session = g_object_ref (session);
  return GTK_WIDGET (self);
}
