/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/ticket-page.h"

#include "core/form.h"
#include "core/json.h"
#include "tablet/ui/common/answer-words.h"
#include "tablet/ui/common/scroll-bar.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/ticket/form-card.h"

#include <glib/gi18n.h>

/* Before the work is done: what its service asks for and is not there, photos and answers in one question. For each part
 * there is a way to it, and room to say why it is not there. */

#define TOUCH 56
#define ENTRY_CHARS 28
/* Of many questions the first are named, each in a line. */
#define NAMED_QUESTIONS 3
#define QUESTION_CHARS 40
/* What the dialog has above and below what is missing. */
#define REST_HEIGHT 240
/* What was said of what is missing while some of it was being added; on the page, for one ticket. */
#define UNSENT "sht-without"

/* The parts: photos by their role, and the answers. */
#define ANSWERS SHT_N_PHOTO_ROLES
#define N_PARTS (SHT_N_PHOTO_ROLES + 1)

typedef struct
{
  guint photos[SHT_N_PHOTO_ROLES];
  GPtrArray *questions; /* (owned) (element-type JsonObject) */
} Missing;

/* A question belongs to the ticket that it was asked about, whatever the page shows when it is answered. */
static gboolean
is_still_asked (ShtTicketPage *page, gpointer dialog)
{
  return g_strcmp0 (g_object_get_data (G_OBJECT (dialog), "ticket"), sht_ticket_page_get_ticket (page)) == 0;
}

static const char *
part_name (guint part)
{
  return part == ANSWERS ? "answers" : sht_photo_role_name ((ShtPhotoRole) part);
}

static guint
count_part (const Missing *missing, guint part)
{
  return part == ANSWERS ? missing->questions->len : missing->photos[part];
}

static guint
count_parts (const Missing *missing)
{
  guint parts = 0;

  for (guint part = 0; part < N_PARTS; part++)
    parts += count_part (missing, part) > 0;
  return parts;
}

static char *
say_missing (guint part, guint n)
{
  if (part == ANSWERS)
    return g_strdup_printf (ngettext ("An answer is missing", "%d answers are missing", n), (int) n);
  return g_strdup_printf (part == SHT_PHOTO_AFTER
                            ? ngettext ("An after photo is missing", "%d after photos are missing", n)
                            : ngettext ("A before photo is missing", "%d before photos are missing", n),
                          (int) n);
}

static GtkWidget *
entry_of (GtkWidget *dialog, guint part)
{
  return g_object_get_data (G_OBJECT (dialog), part_name (part));
}

/* By part, the reasons that are written in the dialog. */
static JsonObject *
read_reasons (GtkWidget *dialog)
{
  JsonObject *reasons = json_object_new ();

  for (guint part = 0; part < N_PARTS; part++)
    {
      GtkWidget *entry = entry_of (dialog, part);
      g_autofree char *text = entry != NULL ? g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry)))) : NULL;

      if (text != NULL && text[0] != '\0')
        json_object_set_string_member (reasons, part_name (part), text);
    }
  return reasons;
}

static void
on_reason_changed (GtkWidget *dialog)
{
  g_autoptr (JsonObject) reasons = read_reasons (dialog);
  gboolean all = TRUE;

  for (guint part = 0; part < N_PARTS; part++)
    all = all && (entry_of (dialog, part) == NULL || sht_json_has (reasons, part_name (part)));
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (dialog), "do", all);
}

static void
on_missing_answered (GtkWidget *dialog, const char *response, ShtTicketPage *page)
{
  g_autoptr (JsonObject) reasons = read_reasons (dialog);
  const char *const *codes = g_object_get_data (G_OBJECT (dialog), "codes");
  g_autoptr (JsonObject) why = json_object_new ();
  JsonObject *without = json_object_new (), *unanswered = json_object_new ();

  json_object_set_object_member (why, "without", without);
  json_object_set_object_member (why, "unanswered", unanswered);
  if (!g_str_equal (response, "do") || !is_still_asked (page, dialog))
    return;
  for (guint part = 0; part < SHT_N_PHOTO_ROLES; part++)
    if (sht_json_has (reasons, part_name (part)))
      json_object_set_string_member (without, part_name (part), sht_json_string (reasons, part_name (part)));
  for (guint i = 0; codes[i] != NULL && sht_json_has (reasons, part_name (ANSWERS)); i++)
    json_object_set_string_member (unanswered, codes[i], sht_json_string (reasons, part_name (ANSWERS)));
  for (guint i = 0; i < 2; i++)
    if (json_object_get_size (i == 0 ? without : unanswered) == 0)
      json_object_remove_member (why, i == 0 ? "without" : "unanswered");
  g_object_set_data (G_OBJECT (page), UNSENT, NULL);
  sht_ticket_page_step (page, SHT_STATUS_DONE, NULL, NULL, why);
}

static void
on_go (GtkWidget *button, ShtTicketPage *page)
{
  GtkWidget *dialog = GTK_WIDGET (gtk_widget_get_root (button));
  const char *const *codes = g_object_get_data (G_OBJECT (dialog), "codes");
  const char *name = gtk_widget_get_name (button);
  JsonObject *unsent = read_reasons (dialog);
  gboolean still = is_still_asked (page, dialog);

  json_object_set_string_member (unsent, "ticket", g_object_get_data (G_OBJECT (dialog), "ticket"));
  g_object_set_data_full (G_OBJECT (page), UNSENT, unsent, (GDestroyNotify) json_object_unref);
  if (still && g_str_equal (name, part_name (ANSWERS)))
    sht_form_card_go_to (SHT_FORM_CARD (sht_ticket_page_get_form (page)), codes[0]);
  else if (still)
    gtk_widget_activate_action (GTK_WIDGET (page), "ticket.add-photo", "s", name);
  gtk_window_close (GTK_WINDOW (dialog));
}

/* The way to what is missing, or why it is not there. */
static GtkWidget *
new_part (ShtTicketPage *page, GtkWidget *dialog, guint part, const char *words, gboolean is_one_of_several)
{
  const char *name = part_name (part);
  const char *add = part == ANSWERS           ? _("Answer now")
                    : part == SHT_PHOTO_AFTER ? _("Add a photo after")
                                              : _("Add a photo before");
  const char *ask = part == ANSWERS ? _("Why is it not answered?") : _("Why is there none?");
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9), *button = gtk_button_new (), *entry = gtk_entry_new ();
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9), *label = gtk_label_new (words);
  g_autofree char *asked = g_strdup_printf ("%s. %s", words, ask);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_visible (label, is_one_of_several);
  gtk_widget_set_halign (content, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (content),
                  gtk_image_new_from_icon_name (part == ANSWERS ? "document-edit-symbolic" : "camera-photo-symbolic"));
  gtk_box_append (GTK_BOX (content), gtk_label_new (add));
  gtk_button_set_child (GTK_BUTTON (button), content);
  gtk_widget_set_name (button, name);
  gtk_widget_set_size_request (button, -1, TOUCH);
  gtk_widget_add_css_class (button, "suggested-action");
  gtk_widget_add_css_class (button, "touch");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, add, -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_go), page, 0);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), ask);
  /* The dialog is no wider than what is in it. */
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), MAX (ENTRY_CHARS, (int) g_utf8_strlen (ask, -1)));
  gtk_entry_set_max_length (GTK_ENTRY (entry), SHT_WITHOUT_MAX_CHARS);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_widget_set_size_request (entry, -1, 48);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, asked, -1);
  g_object_set_data (G_OBJECT (dialog), name, entry);
  g_signal_connect_object (entry, "changed", G_CALLBACK (on_reason_changed), dialog, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), button);
  gtk_box_append (GTK_BOX (box), entry);
  if (gtk_window_get_focus (GTK_WINDOW (dialog)) == NULL)
    gtk_window_set_focus (GTK_WINDOW (dialog), button);
  return box;
}

static char *
name_question (JsonObject *question)
{
  g_autofree char *words = sht_question_words (question);
  g_autofree char *part = g_utf8_strlen (words, -1) > QUESTION_CHARS ? g_utf8_substring (words, 0, QUESTION_CHARS) : NULL;
  g_autofree char *cut = part != NULL ? g_strconcat (g_strchomp (part), "…", NULL) : NULL;

  return sht_words_isolated (cut != NULL ? cut : words);
}

/* The form itself, to which the button leads, has them in full. */
static char *
list_questions (GPtrArray *questions)
{
  guint named = questions->len > NAMED_QUESTIONS + 1 ? NAMED_QUESTIONS : questions->len, more = questions->len - named;
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < named; i++)
    {
      g_autofree char *name = name_question (g_ptr_array_index (questions, i));

      g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", name);
    }
  if (more > 0)
    {
      g_string_append_c (text, '\n');
      g_string_append_printf (text, ngettext ("and %u more", "and %u more", more), more);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
keep_codes (GtkWidget *dialog, GPtrArray *questions)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < questions->len; i++)
    g_strv_builder_add (builder, sht_json_string (g_ptr_array_index (questions, i), "code"));
  g_object_set_data_full (G_OBJECT (dialog), "codes", g_strv_builder_end (builder), (GDestroyNotify) g_strfreev);
}

static const char *
say_what_is_asked (const Missing *missing)
{
  if (missing->questions->len == 0)
    return _("This kind of work asks for photos. Add what is missing, or say why there is none.");
  if (missing->photos[SHT_PHOTO_BEFORE] + missing->photos[SHT_PHOTO_AFTER] == 0)
    return _("This kind of work asks for answers. Give what is missing, or say why not.");
  return _("This kind of work asks for photos and answers. Add what is missing, or say why not.");
}

/* However much is missing, and however large the text: the answers below stay in sight. */
static GtkWidget *
new_scrolled (GtkWidget *root, GtkWidget *column)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  /* One sees that there is more. */
  sht_scroll_bar_show (scrolled);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled),
                                              MAX (gtk_widget_get_height (root) - REST_HEIGHT, 200));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), column);
  return scrolled;
}

static void
open_missing (ShtTicketPage *page, const Missing *missing)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (page));
  gboolean several = count_parts (missing) > 1;
  GtkWidget *dialog = adw_message_dialog_new (
    GTK_WINDOW (root), missing->questions->len > 0 ? _("Something is missing") : _("Photos are missing"),
    say_what_is_asked (missing));
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  JsonObject *unsent = g_object_get_data (G_OBJECT (page), UNSENT);

  if (g_strcmp0 (sht_json_string (unsent, "ticket"), sht_ticket_page_get_ticket (page)) != 0)
    unsent = NULL;
  gtk_widget_set_margin_top (column, 6);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), new_scrolled (GTK_WIDGET (root), column));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("Leave it"), "do",
                                    missing->questions->len > 0 ? _("Done all the same")
                                    : several                   ? _("Done without them")
                                                                : _("Done without it"),
                                    NULL);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "do");
  g_object_set_data_full (G_OBJECT (dialog), "ticket", g_strdup (sht_ticket_page_get_ticket (page)), g_free);
  keep_codes (dialog, missing->questions);
  for (guint part = 0; part < N_PARTS; part++)
    {
      guint n = count_part (missing, part);
      g_autofree char *words = n > 0 ? say_missing (part, n) : NULL;
      g_autofree char *list = part == ANSWERS && n > 0 ? list_questions (missing->questions) : NULL;
      g_autofree char *both = list != NULL && several ? g_strdup_printf ("%s\n%s", words, list) : g_strdup (list);
      const char *before = sht_json_string (unsent, part_name (part));

      if (words == NULL)
        continue;
      gtk_box_append (GTK_BOX (column),
                      new_part (page, dialog, part, both != NULL ? both : words, several || both != NULL));
      if (!several)
        adw_message_dialog_set_heading (ADW_MESSAGE_DIALOG (dialog), words);
      if (before != NULL)
        gtk_editable_set_text (GTK_EDITABLE (entry_of (dialog, part)), before);
    }
  on_reason_changed (dialog);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_missing_answered), page, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* Whether one of the photos that are missing is being taken in; it is waited for. */
static gboolean
is_photo_coming (ShtTicketPage *page, const Missing *missing)
{
  for (guint i = 0; i < SHT_N_PHOTO_ROLES; i++)
    if (missing->photos[i] > 0
        && sht_ticket_imports_running (page, sht_ticket_page_get_ticket (page), sht_photo_role_name ((ShtPhotoRole) i)) > 0)
      return TRUE;
  return FALSE;
}

/**
 * sht_ticket_ask_missing:
 * @status: the step that was chosen
 *
 * Asks, before the work is done, for photos and answers that its service asks for and that are not there: for each the
 * way to it, or why it is not there. A photo that is being taken in is waited for.
 *
 * Returns: whether the step has to wait for an answer
 */
gboolean
sht_ticket_ask_missing (ShtTicketPage *page, ShtStatus status)
{
  ShtStore *reader = sht_session_get_reader (sht_ticket_page_get_session (page));
  g_autoptr (GPtrArray) questions = NULL;
  Missing missing = { 0 };

  /* What cannot be read here does not stand in the way: the hub notes what is missing. */
  if (status != SHT_STATUS_DONE
      || !sht_store_missing_photos (reader, sht_ticket_page_get_doc (page), missing.photos, NULL))
    return FALSE;
  missing.questions = questions = sht_form_card_missing (SHT_FORM_CARD (sht_ticket_page_get_form (page)));
  if (is_photo_coming (page, &missing))
    {
      sht_ticket_page_say (page, _("A photo is still being taken in. Tap again when it is there."));
      return TRUE;
    }
  if (count_parts (&missing) > 0)
    open_missing (page, &missing);
  return count_parts (&missing) > 0;
}
