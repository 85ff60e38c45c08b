/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/work/away-card.h"

#include "core/json.h"
#include "tablet/ui/common/names.h"
#include "tablet/ui/common/page.h"
#include "tablet/ui/common/scroll-bar.h"
#include "tablet/ui/common/words.h"

#include <glib/gi18n.h>

/* Of each part so many are named; the card must leave room for the work itself. */
#define TITLES 2
/* With larger letters the news are scrolled, and the work below stays in sight. */
#define MOST_HEIGHT 360

struct _ShtAwayCard
{
  AdwBin parent_instance;

  ShtSession *session; /* (owned) */
  char *shown;         /* (owned) (nullable): the news that are shown */
  GtkWidget *since;
  GtkWidget *parts;
};

G_DEFINE_FINAL_TYPE (ShtAwayCard, sht_away_card, ADW_TYPE_BIN)

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
on_ticket (GtkButton *button, gpointer card)
{
  sht_page_show_ticket (card, g_object_get_data (G_OBJECT (button), "ticket"));
}

static char *
line_words (ShtStore *store, JsonObject *one)
{
  const char *title = sht_json_string (one, "title");
  const char *by = sht_json_string (one, "by");
  g_autofree char *number = NULL, *who = NULL;

  if (title == NULL)
    {
      number = sht_words_isolated (sht_json_string (one, "number"));
      title = number;
    }
  if (by == NULL)
    return g_strdup (title);
  who = sht_words_isolated (sht_names_who (store, by));
  return g_strdup_printf ("%s · %s", title, who);
}

static GtkWidget *
new_line (ShtAwayCard *self, JsonObject *one)
{
  g_autofree char *words = line_words (sht_session_get_reader (self->session), one);
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *label = new_label (words, NULL);

  gtk_label_set_wrap (GTK_LABEL (label), FALSE);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "touch");
  gtk_widget_add_css_class (button, "away-line");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  g_object_set_data_full (G_OBJECT (button), "ticket", g_strdup (sht_json_string (one, "ticket")), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_ticket), self, 0);
  return button;
}

static char *
count_words (const char *part, gulong count)
{
  if (g_str_equal (part, "added"))
    return g_strdup_printf (ngettext ("%lu new ticket", "%lu new tickets", count), count);
  if (g_str_equal (part, "taken"))
    return g_strdup_printf (ngettext ("%lu ticket went to others", "%lu tickets went to others", count), count);
  return g_strdup_printf (ngettext ("%lu ticket was changed", "%lu tickets were changed", count), count);
}

/* Of what was taken away there is nothing to open: the numbers stand in its line. */
static char *
numbers_words (JsonArray *tickets)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (tickets); i++)
    {
      const char *number = sht_json_string (json_array_get_object_element (tickets, i), "number");
      g_autofree char *isolated = sht_words_isolated (number);

      if (number != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? _(", ") : "", isolated);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
add_part (ShtAwayCard *self, JsonObject *away, const char *name)
{
  JsonObject *part = sht_json_object (away, name);
  JsonArray *tickets = sht_json_array (part, "tickets");
  gulong count = (gulong) sht_json_int (part, "count", 0);
  guint named = tickets != NULL ? json_array_get_length (tickets) : 0;
  g_autofree char *head = NULL;

  if (count == 0 || tickets == NULL)
    return;
  head = count_words (name, count);
  gtk_box_append (GTK_BOX (self->parts), new_label (head, "away-part"));
  if (g_str_equal (name, "taken"))
    {
      g_autofree char *numbers = numbers_words (tickets);

      gtk_box_append (GTK_BOX (self->parts), new_label (numbers, "away-more"));
    }
  for (guint i = 0; i < named && !g_str_equal (name, "taken"); i++)
    gtk_box_append (GTK_BOX (self->parts), new_line (self, json_array_get_object_element (tickets, i)));
  if (count > named)
    {
      g_autofree char *more = g_strdup_printf (ngettext ("and %lu more", "and %lu more", count - named), count - named);

      gtk_box_append (GTK_BOX (self->parts), new_label (more, "away-more"));
    }
}

static void
show_news (ShtAwayCard *self)
{
  static const char *const parts[] = { "added", "taken", "changed" };
  ShtStore *store = sht_session_get_reader (self->session);
  g_autoptr (JsonObject) away = sht_store_away (store, TITLES, NULL);
  gboolean news = away != NULL && json_object_has_member (away, "since");
  g_autofree char *key = news ? sht_json_to_string (away) : NULL;
  GtkWidget *child;

  if (g_strcmp0 (key, self->shown) == 0)
    return;
  g_free (self->shown);
  self->shown = g_steal_pointer (&key);
  while ((child = gtk_widget_get_first_child (self->parts)) != NULL)
    gtk_box_remove (GTK_BOX (self->parts), child);
  gtk_widget_set_visible (GTK_WIDGET (self), news);
  if (news)
    {
      g_autofree char *when = sht_words_when (sht_words_time (away, "since"), sht_store_now (store));
      g_autofree char *since = g_strdup_printf (_("Since %s"), when);

      gtk_label_set_text (GTK_LABEL (self->since), since);
      for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
        add_part (self, away, parts[i]);
    }
}

static void
on_seen (GObject *session, GAsyncResult *result, gpointer data)
{
  g_autoptr (ShtAwayCard) self = data;
  g_autoptr (GError) error = NULL;

  if (!sht_session_do_finish (SHT_SESSION (session), result, &error))
    {
      g_message ("away card: %s", error->message);
      sht_page_toast (GTK_WIDGET (self), _("Could not be saved. Nothing was changed; please try again"));
    }
  if (self->session != NULL)
    show_news (self);
}

static void
on_dismiss (ShtAwayCard *self)
{
  sht_session_away_seen_async (self->session, on_seen, g_object_ref (self));
}

static GtkWidget *
new_head (ShtAwayCard *self)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *close = gtk_button_new_with_label (_("Seen"));

  self->since = new_label (NULL, "dim-label");
  gtk_box_append (GTK_BOX (words), new_label (_("While you were away"), "card-title"));
  gtk_box_append (GTK_BOX (words), self->since);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_add_css_class (close, "touch");
  gtk_widget_add_css_class (close, "away-seen");
  gtk_widget_set_valign (close, GTK_ALIGN_START);
  g_signal_connect_object (close, "clicked", G_CALLBACK (on_dismiss), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (head), words);
  gtk_box_append (GTK_BOX (head), close);
  return head;
}

static void
sht_away_card_dispose (GObject *object)
{
  g_clear_object (&SHT_AWAY_CARD (object)->session);
  G_OBJECT_CLASS (sht_away_card_parent_class)->dispose (object);
}

static void
sht_away_card_finalize (GObject *object)
{
  g_free (SHT_AWAY_CARD (object)->shown);
  G_OBJECT_CLASS (sht_away_card_parent_class)->finalize (object);
}

static void
sht_away_card_class_init (ShtAwayCardClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_away_card_dispose;
  G_OBJECT_CLASS (class)->finalize = sht_away_card_finalize;
}

static void
sht_away_card_init (ShtAwayCard *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->parts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), MOST_HEIGHT);
  /* One sees that there is more. */
  sht_scroll_bar_show (scrolled);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->parts);
  gtk_box_append (GTK_BOX (box), new_head (self));
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_widget_add_css_class (box, "card");
  gtk_widget_add_css_class (box, "away-card");
  adw_bin_set_child (ADW_BIN (self), box);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkWidget *
sht_away_card_new (ShtSession *session)
{
  ShtAwayCard *self = g_object_new (SHT_TYPE_AWAY_CARD, NULL);

  self->session = g_object_ref (session);
  show_news (self);
  g_signal_connect_object (session, "changed", G_CALLBACK (show_news), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
