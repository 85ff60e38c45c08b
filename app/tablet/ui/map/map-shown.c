/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/map/map-shown.h"

#include "tablet/map/marker.h"
#include "tablet/ui/common/maps-dialog.h"
#include "tablet/ui/common/scroll-bar.h"
#include "tablet/ui/map/map-tools.h"

#include <glib/gi18n.h>

/* In a window of 800 pixels; the rest scrolls. */
#define MAX_HEIGHT 640
#define SIGN_SCALE 2

typedef struct
{
  ShtTicketLayer *layer; /* (unowned) */
  ShtMapView *view;      /* (unowned) */
  ShtSession *session;   /* (unowned) */
} Shown;

static void
on_toggled (GtkCheckButton *check, gpointer data)
{
  Shown *shown = data;
  gboolean *which = g_object_get_data (G_OBJECT (check), "which");

  *which = gtk_check_button_get_active (check);
  sht_ticket_layer_set_shown (shown->layer, shown->view->finished, shown->view->others);
}

static GtkWidget *
new_check (Shown *shown, GdkTexture *sign, const char *label, gboolean *which)
{
  GtkWidget *check = sht_map_signed_check_new (sign, label);

  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), *which);
  g_object_set_data (G_OBJECT (check), "which", which);
  g_signal_connect (check, "toggled", G_CALLBACK (on_toggled), shown);
  return check;
}

static void
on_maps (GtkWidget *button, gpointer data)
{
  Shown *shown = data;

  gtk_popover_popdown (GTK_POPOVER (gtk_widget_get_ancestor (button, GTK_TYPE_POPOVER)));
  gtk_window_present (GTK_WINDOW (sht_maps_dialog_new (button, shown->session)));
}

static GtkWidget *
new_maps_button (Shown *shown)
{
  GtkWidget *button = gtk_button_new_with_label (_("Maps on this tablet"));

  gtk_widget_add_css_class (button, "touch");
  g_signal_connect (button, "clicked", G_CALLBACK (on_maps), shown);
  return button;
}

/**
 * sht_map_shown_new:
 * @layer: what draws the tickets; it outlives the popover
 * @view: what is shown, kept as it is chosen; likewise
 * @session: whose maps are fetched; likewise
 * @layers: (transfer floating): the choice among the layers of places
 *
 * Returns: (transfer floating): a popover in which one chooses what the map shows
 */
GtkWidget *
sht_map_shown_new (ShtTicketLayer *layer, ShtMapView *view, ShtSession *session, GtkWidget *layers)
{
  GtkWidget *popover = gtk_popover_new ();
  g_autoptr (ShtMarkers) markers = sht_markers_new (popover);
  Shown *shown = g_new0 (Shown, 1);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4), *scrolled = gtk_scrolled_window_new ();
  GtkWidget *heading = gtk_label_new (_("Shown on the map"));
  GtkWidget *places = gtk_label_new (_("Places"));
  GtkWidget *key = gtk_label_new (_("● to do   ■ in work   ◆ waiting   ▲ late"));

  int size;

  *shown = (Shown){ layer, view, session };
  g_object_set_data_full (G_OBJECT (popover), "shown", shown, g_free);
  gtk_widget_add_css_class (heading, "title-4");
  gtk_widget_add_css_class (key, "map-key");
  gtk_box_append (GTK_BOX (box), heading);
  sht_markers_set_style (markers, adw_style_manager_get_dark (adw_style_manager_get_default ()), SIGN_SCALE);
  gtk_box_append (GTK_BOX (box), new_check (shown, sht_markers_stub (markers, &size), _("Tickets of other crews"), &view->others));
  gtk_box_append (GTK_BOX (box),
                  new_check (shown, sht_markers_ticket (markers, SHT_STATUS_CLOSED, (ShtRing){ SHT_SLA_NONE, 0 }, FALSE, NULL, &size),
                             _("Finished tickets"), &view->finished));
  gtk_widget_add_css_class (places, "heading");
  gtk_box_append (GTK_BOX (box), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append (GTK_BOX (box), places);
  gtk_box_append (GTK_BOX (box), layers);
  gtk_box_append (GTK_BOX (box), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append (GTK_BOX (box), key);
  gtk_box_append (GTK_BOX (box), new_maps_button (shown));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  sht_scroll_bar_show (scrolled);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), MAX_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  gtk_popover_set_child (GTK_POPOVER (popover), scrolled);
  return popover;
}
