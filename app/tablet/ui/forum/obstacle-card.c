/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/forum/obstacle-card.h"

#include "core/json.h"
#include "tablet/ui/common/names.h"
#include "tablet/ui/common/obstacle-form.h"
#include "tablet/ui/common/photo-thumb.h"
#include "tablet/ui/common/words.h"

#include <glib/gi18n.h>

#define TOUCH 48
#define PHOTO_WIDTH 168

static GtkWidget *
new_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_natural_wrap_mode (GTK_LABEL (label), GTK_NATURAL_WRAP_NONE);
  gtk_label_set_selectable (GTK_LABEL (label), FALSE);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static GtkWidget *
new_chip (const char *text, const char *css_class)
{
  GtkWidget *chip = gtk_label_new (text);

  gtk_widget_add_css_class (chip, "chip");
  if (css_class != NULL)
    gtk_widget_add_css_class (chip, css_class);
  gtk_widget_set_valign (chip, GTK_ALIGN_CENTER);
  return chip;
}

static GtkWidget *
new_head (JsonObject *obstacle)
{
  const char *kind = sht_json_string (obstacle, "kind");
  gboolean settled = g_strcmp0 (sht_json_string (obstacle, "status"), "settled") == 0;
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *words = new_label (sht_obstacle_words (kind), "card-title");

  gtk_box_append (GTK_BOX (head), gtk_image_new_from_icon_name (sht_obstacle_icon (kind)));
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (head), words);
  if (sht_json_bool (obstacle, "news"))
    gtk_box_append (GTK_BOX (head), new_chip (_("News"), "news"));
  gtk_box_append (GTK_BOX (head), new_chip (settled ? _("✓ Settled") : C_ ("obstacle", "Open"), NULL));
  return head;
}

/* Between whom it lies, and since when. */
static GtkWidget *
new_between (ShtStore *reader, JsonObject *obstacle)
{
  const char *from = sht_json_string (obstacle, "from"), *other = sht_json_string (obstacle, "department");
  const char *crew = sht_json_string (obstacle, "crew");
  const char *ago = sht_json_string (obstacle, "ago");
  g_autofree char *ours
    = sht_words_isolated (crew != NULL ? sht_names_get (reader, "crew", crew) : sht_names_get (reader, "department", from));
  g_autofree char *theirs = other != NULL ? sht_words_isolated (sht_names_get (reader, "department", other)) : NULL;
  g_autofree char *words = theirs != NULL && ours != NULL ? g_strdup_printf ("%s ↔ %s · %s", ours, theirs, ago)
                                                          : g_strdup_printf ("%s · %s", ours != NULL ? ours : theirs, ago);

  return new_label (words, "card-where");
}

static void
add_photos (ShtStore *reader, JsonObject *obstacle, GtkWidget *card)
{
  JsonArray *photos = sht_json_array (obstacle, "photos");
  GtkWidget *row;

  if (json_array_get_length (photos) == 0)
    return;
  row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  for (guint i = 0; i < json_array_get_length (photos); i++)
    {
      JsonObject *photo = json_array_get_object_element (photos, i);
      const char *sha256 = sht_json_string (photo, "thumb_sha256");
      g_autofree char *path = sha256 != NULL ? sht_store_blob_path (reader, sha256) : NULL;
      GtkWidget *thumb;

      /* Photos of others stay at the hub: only who took it has it here. */
      if (path == NULL || !g_file_test (path, G_FILE_TEST_EXISTS))
        continue;
      thumb = sht_photo_thumb_new ();
      gtk_widget_set_size_request (thumb, PHOTO_WIDTH, -1);
      gtk_widget_add_css_class (thumb, "photo-frame");
      gtk_accessible_update_property (GTK_ACCESSIBLE (thumb), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Photo of what is in the way"),
                                      -1);
      sht_photo_thumb_load (SHT_PHOTO_THUMB (thumb), path);
      gtk_box_append (GTK_BOX (row), thumb);
    }
  gtk_box_append (GTK_BOX (card), row);
}

/* Each answer with who gave it, when, and how far its way to the hub is. */
static GtkWidget *
new_answer (ShtStore *reader, JsonObject *event)
{
  JsonObject *data = sht_json_object (event, "data");
  ShtMark mark = sht_words_mark_parse (sht_json_string (event, "state"));
  g_autofree char *who = sht_words_isolated (sht_names_who (reader, sht_json_string (event, "actor")));
  g_autofree char *when = sht_words_when (sht_words_time (event, "at"), sht_store_now (reader));
  g_autofree char *line = sht_json_bool (data, "settles") ? g_strdup_printf (_("%s · %s · settled by this"), who, when)
                                                          : g_strdup_printf ("%s · %s", who, when);
  GtkWidget *answer = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *foot = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *shape = gtk_label_new (sht_words_mark_shape (mark));

  gtk_accessible_update_property (GTK_ACCESSIBLE (shape), GTK_ACCESSIBLE_PROPERTY_LABEL, sht_words_mark (mark), -1);
  gtk_box_append (GTK_BOX (foot), shape);
  gtk_box_append (GTK_BOX (foot), new_label (line, "dim-label"));
  gtk_box_append (GTK_BOX (answer), new_label (sht_json_string (data, "text"), NULL));
  gtk_box_append (GTK_BOX (answer), foot);
  gtk_widget_add_css_class (answer, "obstacle-answer");
  return answer;
}

static void
add_answers (ShtStore *reader, JsonObject *obstacle, GtkWidget *card)
{
  JsonArray *events = sht_json_array (obstacle, "events");

  for (guint i = 0; i < json_array_get_length (events); i++)
    {
      JsonObject *event = json_array_get_object_element (events, i);

      if (g_strcmp0 (sht_json_string (event, "kind"), "answer") == 0)
        gtk_box_append (GTK_BOX (card), new_answer (reader, event));
    }
}

static GtkWidget *
new_button (const char *icon, const char *text, const char *action, const char *target)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);

  gtk_box_append (GTK_BOX (content), gtk_image_new_from_icon_name (icon));
  gtk_box_append (GTK_BOX (content), gtk_label_new (text));
  gtk_button_set_child (GTK_BUTTON (button), content);
  gtk_widget_set_size_request (button, -1, TOUCH);
  gtk_widget_add_css_class (button, "touch");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", target);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  return button;
}

/* How far what was done here is on its way: of the obstacle itself as long as nobody has answered. */
static GtkWidget *
new_proof (JsonObject *obstacle)
{
  JsonArray *events = sht_json_array (obstacle, "events");
  JsonObject *raised = json_array_get_length (events) > 0 ? json_array_get_object_element (events, 0) : NULL;
  ShtMark mark = sht_words_mark_parse (sht_json_string (raised, "state"));
  g_autofree char *words = g_strdup_printf ("%s %s", sht_words_mark_shape (mark), sht_words_mark (mark));
  GtkWidget *label = new_label (words, "dim-label");

  gtk_widget_set_hexpand (label, TRUE);
  return label;
}

/**
 * sht_obstacle_card_new:
 * @obstacle: as sht_store_obstacle_view() has it, and `ago`: how long ago it was raised, in words
 *
 * Its buttons activate forum.answer (s, the obstacle) and win.show-ticket.
 *
 * Returns: (transfer floating): all there is to an obstacle, to be read and answered
 */
GtkWidget *
sht_obstacle_card_new (ShtStore *reader, JsonObject *obstacle)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  GtkWidget *foot = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  const char *number = sht_json_string (obstacle, "number");

  gtk_box_append (GTK_BOX (card), new_head (obstacle));
  gtk_box_append (GTK_BOX (card), new_between (reader, obstacle));
  gtk_box_append (GTK_BOX (card), new_label (sht_json_string (obstacle, "text"), NULL));
  add_photos (reader, obstacle, card);
  add_answers (reader, obstacle, card);
  gtk_box_append (GTK_BOX (foot), new_proof (obstacle));
  if (number != NULL)
    gtk_box_append (GTK_BOX (foot), new_button (sht_icon_or ("sht-work-symbolic", "view-list-symbolic"), number,
                                                "win.show-ticket", sht_json_string (obstacle, "ticket")));
  gtk_box_append (GTK_BOX (foot), new_button (sht_icon_or ("sht-note-symbolic", "mail-reply-sender-symbolic"), _("Answer…"),
                                              "forum.answer", sht_json_string (obstacle, "id")));
  gtk_box_append (GTK_BOX (card), foot);
  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (card, "ticket-card");
  return card;
}
