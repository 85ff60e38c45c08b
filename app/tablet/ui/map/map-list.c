/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/map/map-list.h"

#include "tablet/ui/common/letters.h"
#include "tablet/ui/common/scroll-bar.h"
#include "tablet/ui/map/map-card.h"
#include "tablet/ui/map/map-tools.h"

#include <glib/gi18n.h>

#define LIST_ROWS 60

struct _ShtMapList
{
  GtkPopover parent_instance;

  ShtTicketLayer *layer; /* (unowned): the map's, which holds this too */
  ShtStore *store;       /* (unowned): the session's */
  GtkWidget *list;
  GtkWidget *scrolled;
  GtkWidget *title;
  GtkWidget *more;
  ShtWorldBox heap;      /* whose tickets are shown next */
  gboolean has_heap;
};

G_DEFINE_FINAL_TYPE (ShtMapList, sht_map_list, GTK_TYPE_POPOVER)

enum
{
  PICKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
fill (ShtMapList *self)
{
  guint all = 0;
  g_autoptr (GPtrArray) ids
    = sht_ticket_layer_list (self->layer, self->has_heap ? &self->heap : NULL, LIST_ROWS, &all);
  g_autofree char *title = NULL, *more = NULL;
  GtkWidget *row;

  self->has_heap = FALSE;
  while ((row = gtk_widget_get_first_child (self->list)) != NULL && GTK_IS_LIST_BOX_ROW (row))
    gtk_list_box_remove (GTK_LIST_BOX (self->list), row);
  for (guint i = 0; i < ids->len; i++)
    gtk_list_box_append (GTK_LIST_BOX (self->list), sht_map_ticket_row_new (self->store, g_ptr_array_index (ids, i)));
  if (all == 0)
    title = g_strdup (_("No tickets in this part of the map"));
  else
    title = g_strdup_printf (ngettext ("%u ticket here", "%u tickets here", all), all);
  gtk_label_set_text (GTK_LABEL (self->title), title);
  if (all > ids->len)
    more = g_strdup_printf (ngettext ("%u more: zoom in to see it", "%u more: zoom in to see them", all - ids->len),
                            all - ids->len);
  gtk_label_set_text (GTK_LABEL (self->more), more != NULL ? more : "");
  gtk_widget_set_visible (self->more, more != NULL);
  sht_map_fit_popover (GTK_WIDGET (self), self->scrolled, self->list);
}

static void
on_row (GtkListBox *list, GtkListBoxRow *row, gpointer data)
{
  g_autofree char *ticket = g_strdup (gtk_widget_get_name (GTK_WIDGET (row)));

  gtk_popover_popdown (GTK_POPOVER (data));
  g_signal_emit (data, signals[PICKED], 0, ticket);
}

static void
sht_map_list_class_init (ShtMapListClass *class)
{
  signals[PICKED] = g_signal_new ("picked", SHT_TYPE_MAP_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_STRING);
}

static void
sht_map_list_init (ShtMapList *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->title = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->title, "title-4");
  self->more = gtk_label_new (NULL);
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "boxed-list");
  gtk_widget_add_css_class (self->list, "map-rows");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  sht_scroll_bar_show (scrolled);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  self->scrolled = scrolled;
  sht_letters_widen (scrolled, 380);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->list);
  gtk_box_append (GTK_BOX (box), self->title);
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_box_append (GTK_BOX (box), self->more);
  gtk_popover_set_child (GTK_POPOVER (self), box);
  g_signal_connect (self->list, "row-activated", G_CALLBACK (on_row), self);
  g_signal_connect (self, "show", G_CALLBACK (fill), NULL);
}

/**
 * sht_map_list_new:
 * @layer: what draws the tickets; it outlives the list
 * @store: the reader of the window; it outlives the list
 */
GtkWidget *
sht_map_list_new (ShtTicketLayer *layer, ShtStore *store)
{
  ShtMapList *self = g_object_new (SHT_TYPE_MAP_LIST, NULL);

  self->layer = layer;
  self->store = store;
  return GTK_WIDGET (self);
}

/**
 * sht_map_list_set_heap:
 * @heap: a part of the map
 *
 * The next time that the list is shown it has only what lies in @heap.
 */
void
sht_map_list_set_heap (ShtMapList *self, const ShtWorldBox *heap)
{
  self->heap = *heap;
  self->has_heap = TRUE;
}
