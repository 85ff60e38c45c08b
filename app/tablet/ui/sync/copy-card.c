/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/sync/copy-card.h"

#include "tablet/ui/common/page.h"

#include <glib/gi18n.h>

struct _ShtCopyCard
{
  AdwBin parent_instance;

  ShtSession *session; /* (owned) */
  GtkWidget *title;
  GtkWidget *words;
};

G_DEFINE_FINAL_TYPE (ShtCopyCard, sht_copy_card, ADW_TYPE_BIN)

static void
set_words (ShtCopyCard *self, const char *title, const char *words)
{
  gtk_label_set_text (GTK_LABEL (self->title), title);
  gtk_label_set_text (GTK_LABEL (self->words), words);
}

static void
show_copy (ShtCopyCard *self)
{
  g_autofree char *copy = sht_store_get_copy (sht_session_get_reader (self->session));

  gtk_widget_set_visible (GTK_WIDGET (self), copy != NULL);
  if (g_strcmp0 (copy, SHT_COPY_OLDER) == 0)
    set_words (self, _("Older data was put back on this tablet"),
               _("What was done since comes back from the hub. What had not been sent by then is not here. Nothing is done "
                 "twice."));
  else if (g_strcmp0 (copy, SHT_COPY_MOVED) == 0)
    set_words (self, _("The data on this tablet was copied or moved"),
               _("You can go on working. If the tablet that it comes from is in use too, tell the office: one of the two "
                 "has to be set up anew. Nothing is done twice."));
  else if (copy != NULL)
    set_words (self, _("Another tablet works with the same data"),
               _("You can go on working. Tell the office: one of the two has to be set up anew. Nothing is done twice."));
}

static void
on_seen (GObject *session, GAsyncResult *result, gpointer data)
{
  g_autoptr (ShtCopyCard) self = data;
  g_autoptr (GError) error = NULL;

  if (!sht_session_do_finish (SHT_SESSION (session), result, &error))
    {
      g_message ("copy card: %s", error->message);
      sht_page_toast (GTK_WIDGET (self), _("Could not be saved. Nothing was changed; please try again"));
    }
  if (self->session != NULL)
    show_copy (self);
}

static void
on_dismiss (ShtCopyCard *self)
{
  sht_session_copy_seen_async (self->session, on_seen, g_object_ref (self));
}

static GtkWidget *
new_label (const char *class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, class);
  return label;
}

static void
sht_copy_card_dispose (GObject *object)
{
  g_clear_object (&SHT_COPY_CARD (object)->session);
  G_OBJECT_CLASS (sht_copy_card_parent_class)->dispose (object);
}

static void
sht_copy_card_class_init (ShtCopyCardClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_copy_card_dispose;
}

static void
sht_copy_card_init (ShtCopyCard *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  GtkWidget *seen = gtk_button_new_with_label (_("Seen"));

  self->title = new_label ("card-title");
  self->words = new_label ("copy-words");
  gtk_widget_add_css_class (seen, "touch");
  gtk_widget_set_halign (seen, GTK_ALIGN_END);
  g_signal_connect_object (seen, "clicked", G_CALLBACK (on_dismiss), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), self->title);
  gtk_box_append (GTK_BOX (box), self->words);
  gtk_box_append (GTK_BOX (box), seen);
  gtk_widget_add_css_class (box, "card");
  gtk_widget_add_css_class (box, "sync-card");
  adw_bin_set_child (ADW_BIN (self), box);
}

GtkWidget *
sht_copy_card_new (ShtSession *session)
{
  ShtCopyCard *self = g_object_new (SHT_TYPE_COPY_CARD, NULL);

  self->session = g_object_ref (session);
  show_copy (self);
  g_signal_connect_object (session, "changed", G_CALLBACK (show_copy), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
