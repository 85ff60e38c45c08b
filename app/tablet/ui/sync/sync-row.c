/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/sync/sync-row.h"

#include "tablet/ui/common/page.h"
#include "tablet/ui/common/words.h"

#include <glib/gi18n.h>

static void
set_mark (GtkWidget *label, ShtMark mark)
{
  gtk_label_set_text (GTK_LABEL (label), sht_words_mark_shape (mark));
  gtk_widget_set_tooltip_text (label, sht_words_mark (mark));
  /* A screen reader says the word and not the sign. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LABEL, sht_words_mark (mark), -1);
}

static void
on_activated (GtkWidget *row)
{
  const char *ticket = g_object_get_data (G_OBJECT (row), "ticket");

  if (ticket != NULL)
    sht_page_show_ticket (row, ticket);
}

/**
 * sht_sync_waiting_row_new:
 *
 * Returns: (transfer floating): a row for a list box; see sht_sync_waiting_row_set()
 */
GtkWidget *
sht_sync_waiting_row_new (void)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *mark = gtk_label_new (NULL);

  gtk_widget_add_css_class (mark, "sync-mark");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), mark);
  g_object_set_data (G_OBJECT (row), "mark", mark);
  gtk_widget_add_css_class (row, "sync-row");
  g_signal_connect (row, "activated", G_CALLBACK (on_activated), NULL);
  return row;
}

void
sht_sync_waiting_row_set (GtkWidget *row, const ShtWaiting *waiting)
{
  g_autofree char *words = sht_waiting_words (waiting);
  g_autofree char *about = waiting->where[0] != '\0' ? g_strdup_printf (_("%s, %s"), waiting->title, waiting->where)
                                                     : g_strdup (waiting->title);
  g_autofree char *title = g_markup_escape_text (words, -1);
  g_autofree char *subtitle = g_markup_escape_text (about, -1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  set_mark (g_object_get_data (G_OBJECT (row), "mark"), waiting->is_sent ? SHT_MARK_SENT : SHT_MARK_LOCAL);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), waiting->is_ticket);
  g_object_set_data_full (G_OBJECT (row), "ticket", waiting->is_ticket ? g_strdup (waiting->key) : NULL, g_free);
}
