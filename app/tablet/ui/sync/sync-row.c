/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/sync/sync-row.h"

#include "tablet/ui/common/page.h"
#include "tablet/ui/common/words.h"

#include <glib/gi18n.h>

static GtkWidget *
new_label (const char *text, const char *class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (class != NULL)
    gtk_widget_add_css_class (label, class);
  return label;
}

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

/* The two side by side, each under whose it is; which one holds is said in words. */
static GtkWidget *
new_value (const char *whose, const char *value, gboolean stands)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  g_autofree char *head = stands ? g_strdup_printf (_("● %s · this holds now"), whose) : g_strdup_printf ("○ %s", whose);

  gtk_box_append (GTK_BOX (box), new_label (head, "caption-heading"));
  gtk_box_append (GTK_BOX (box), new_label (value, NULL));
  gtk_widget_add_css_class (box, "sync-value");
  gtk_widget_set_hexpand (box, TRUE);
  return box;
}

static GtkWidget *
new_values (const ShtTwoValues *values)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *sides = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  gtk_box_set_homogeneous (GTK_BOX (sides), TRUE);
  gtk_box_append (GTK_BOX (sides), new_value (_("On this tablet"), values->mine, values->mine_stands));
  gtk_box_append (GTK_BOX (sides), new_value (_("From others"), values->theirs, !values->mine_stands));
  gtk_box_append (GTK_BOX (box), new_label (values->field, "heading"));
  gtk_box_append (GTK_BOX (box), sides);
  return box;
}

/**
 * sht_sync_attention_row_new:
 * @now_ms: for how long ago it was
 *
 * Returns: (transfer floating): a row for a list box that tells what was done, why it was not taken, and
 *   what stands against it
 */
GtkWidget *
sht_sync_attention_row_new (const ShtAttention *attention, gint64 now_ms)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *across = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *told = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *mark = gtk_label_new (NULL);
  g_autofree char *when = attention->made_at > 0 ? sht_words_when (attention->made_at, now_ms) : NULL;

  set_mark (mark, SHT_MARK_ATTENTION);
  gtk_widget_add_css_class (mark, "sync-mark");
  gtk_widget_add_css_class (mark, "sla-late");
  gtk_widget_set_valign (mark, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (told), new_label (attention->what, "title-4"));
  gtk_box_append (GTK_BOX (told), new_label (attention->about, NULL));
  gtk_box_append (GTK_BOX (told), new_label (attention->reason, "sync-reason"));
  gtk_widget_set_hexpand (told, TRUE);
  gtk_box_append (GTK_BOX (head), told);
  gtk_box_append (GTK_BOX (words), head);
  for (guint i = 0; i < attention->values->len; i++)
    gtk_box_append (GTK_BOX (words), new_values (g_ptr_array_index (attention->values, i)));
  if (when != NULL)
    gtk_box_append (GTK_BOX (words), new_label (when, "dim-label"));
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (across), mark);
  gtk_box_append (GTK_BOX (across), words);
  if (attention->ticket != NULL)
    {
      GtkWidget *open = gtk_button_new_with_label (_("Open"));

      gtk_widget_add_css_class (open, "sync-open");
      gtk_widget_set_valign (open, GTK_ALIGN_START);
      gtk_box_append (GTK_BOX (head), open);
      g_signal_connect_swapped (open, "clicked", G_CALLBACK (on_activated), row);
      g_object_set_data_full (G_OBJECT (row), "ticket", g_strdup (attention->ticket), g_free);
    }
  gtk_widget_add_css_class (across, "sync-attention");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), across);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  return row;
}
