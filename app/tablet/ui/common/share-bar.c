/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/share-bar.h"

#include "tablet/ui/common/where-words.h"

#include <glib/gi18n.h>

struct _ShtShareBar
{
  GtkBox parent_instance;

  ShtWhereabouts *whereabouts; /* (unowned): the session's, which outlives every page */
  GtkWidget *words;
  GtkWidget *button;
};

G_DEFINE_FINAL_TYPE (ShtShareBar, sht_share_bar, GTK_TYPE_BOX)

static void
show (ShtShareBar *self)
{
  ShtSharing sharing = sht_whereabouts_get_sharing (self->whereabouts, NULL);
  g_autofree char *words = sht_where_words_sharing (self->whereabouts);

  gtk_label_set_text (GTK_LABEL (self->words), words);
  gtk_button_set_label (GTK_BUTTON (self->button), sharing == SHT_SHARING_PAUSED ? _("Share again") : _("Pause"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  sharing == SHT_SHARING_PAUSED ? _("Share my position again") : _("Pause sharing my position"),
                                  -1);
  gtk_widget_set_visible (GTK_WIDGET (self), sharing == SHT_SHARING_ON || sharing == SHT_SHARING_PAUSED);
}

static void
on_clicked (ShtShareBar *self)
{
  sht_whereabouts_pause (self->whereabouts, sht_whereabouts_get_sharing (self->whereabouts, NULL) != SHT_SHARING_PAUSED);
}

static void
sht_share_bar_class_init (ShtShareBarClass *class)
{
}

static void
sht_share_bar_init (ShtShareBar *self)
{
  GtkWidget *icon = gtk_image_new_from_icon_name ("sht-here-symbolic");

  gtk_box_set_spacing (GTK_BOX (self), 12);
  gtk_widget_add_css_class (GTK_WIDGET (self), "share-bar");
  self->words = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->words), TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->words), 0);
  /* Two lines, over a map too, where there is room. */
  gtk_label_set_width_chars (GTK_LABEL (self->words), 24);
  gtk_label_set_max_width_chars (GTK_LABEL (self->words), 44);
  gtk_widget_set_hexpand (self->words, TRUE);
  self->button = gtk_button_new_with_label ("");
  gtk_widget_add_css_class (self->button, "touch");
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (self), icon);
  gtk_box_append (GTK_BOX (self), self->words);
  gtk_box_append (GTK_BOX (self), self->button);
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (on_clicked), self);
}

GtkWidget *
sht_share_bar_new (ShtWhereabouts *whereabouts)
{
  ShtShareBar *self = g_object_new (SHT_TYPE_SHARE_BAR, NULL);

  self->whereabouts = whereabouts;
  g_signal_connect_object (whereabouts, "changed", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  show (self);
  return GTK_WIDGET (self);
}
