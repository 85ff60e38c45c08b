/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/ticket-cards.h"

#include "core/form.h"
#include "core/json.h"
#include "tablet/ui/common/answer-words.h"
#include "tablet/ui/common/words.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define TOUCH 56

static GtkWidget *
new_row (const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (subtitle != NULL && subtitle[0] != '\0')
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_widget_set_focusable (row, FALSE);
  return row;
}

/* A question and its answer: the answer is what matters, so it has the larger letters. */
static GtkWidget *
new_answer (const char *question, const char *answer)
{
  GtkWidget *row = adw_preferences_row_new ();
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  const char *const texts[] = { question, answer };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      GtkWidget *label;

      if (texts[i] == NULL)
        continue;
      label = gtk_label_new (texts[i]);
      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
      gtk_label_set_xalign (GTK_LABEL (label), 0);
      if (i == 0)
        {
          gtk_widget_add_css_class (label, "caption");
          gtk_widget_add_css_class (label, "dim-label");
        }
      gtk_box_append (GTK_BOX (column), label);
    }
  gtk_widget_set_margin_top (column, 12);
  gtk_widget_set_margin_bottom (column, 12);
  /* as in the rows of libadwaita */
  gtk_widget_set_margin_start (column, 12);
  gtk_widget_set_margin_end (column, 12);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), column);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  return row;
}

static GtkWidget *
new_group (const char *title)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  return group;
}

static char *
join_needs (JsonArray *needs)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; needs != NULL && i < json_array_get_length (needs); i++)
    {
      JsonNode *need = json_array_get_element (needs, i);

      if (json_node_get_value_type (need) != G_TYPE_STRING)
        continue;
      if (text->len > 0)
        g_string_append (text, " · ");
      g_string_append (text, json_node_get_string (need));
    }
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

static GtkWidget *
new_call_button (const char *phone)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("call-start-symbolic");
  g_autofree char *isolated = sht_words_isolated (phone);
  g_autofree char *name = g_strdup_printf (_("Call %s"), isolated);

  gtk_widget_set_size_request (button, TOUCH, TOUCH);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_top (button, 6);
  gtk_widget_set_margin_bottom (button, 6);
  gtk_widget_add_css_class (button, "touch");
  gtk_widget_add_css_class (button, "circular");
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "ticket.call");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", phone);
  return button;
}

static char *
say_visit (JsonObject *visit, gint64 now)
{
  gint64 from = sht_json_int (visit, "from", 0), to = sht_json_int (visit, "to", 0);
  g_autofree char *start = from != 0 ? sht_words_when (from, now) : NULL;
  g_autoptr (GDateTime) end = to != 0 ? g_date_time_new_from_unix_local (to / 1000) : NULL;
  g_autofree char *until = end != NULL ? g_date_time_format (end, "%H:%M") : NULL;

  if (start == NULL)
    return NULL;
  /* Translators: an agreed visit, as "today at 14:00, until 16:00" */
  return until != NULL ? g_strdup_printf (_("%s, until %s"), start, until) : g_steal_pointer (&start);
}

/**
 * sht_ticket_cards_key:
 * @now: what the hub's clock says, ms
 *
 * Returns: (transfer full): all that the cards are made of; the day too, by which they say "today" and "tomorrow"
 */
char *
sht_ticket_cards_key (JsonObject *ticket, gint64 now)
{
  static const char *const members[] = { "resident", "visit", "answers", "description", "service", "status" };
  g_autoptr (JsonObject) part = json_object_new ();
  g_autoptr (GDateTime) day = g_date_time_new_from_unix_local (now / 1000);

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    if (sht_json_has (ticket, members[i]))
      json_object_set_member (part, members[i], json_node_copy (json_object_get_member (ticket, members[i])));
  json_object_set_int_member (part, "day", day != NULL ? g_date_time_get_day_of_year (day) : 0);
  return sht_json_to_string (part);
}

/**
 * sht_ticket_card_of_resident:
 * @now: what the hub's clock says, ms
 *
 * Returns: (nullable): who asked: language, needs, the agreed visit, and a button to call; %NULL when
 *   nobody is known
 */
GtkWidget *
sht_ticket_card_of_resident (JsonObject *ticket, gint64 now)
{
  JsonObject *resident = sht_json_object (ticket, "resident");
  const char *name = sht_json_string (resident, "name");
  const char *phone = sht_json_string (resident, "phone");
  const char *language = sht_words_resident_language (sht_json_string (resident, "language"));
  g_autofree char *needs = join_needs (sht_json_array (resident, "needs"));
  g_autofree char *visit = say_visit (sht_json_object (ticket, "visit"), now);
  g_autofree char *isolated = sht_words_isolated (phone);
  g_autoptr (GString) about = g_string_new (phone != NULL ? isolated : NULL);
  GtkWidget *group, *row;

  if (resident == NULL && visit == NULL)
    return NULL;
  group = new_group (_("Resident"));
  if (resident != NULL)
    {
      if (language != NULL)
        g_string_append_printf (about, "%s%s", about->len > 0 ? " · " : "", language);
      row = new_row (name != NULL ? name : _("Name not known"), about->str);
      if (phone != NULL)
        adw_action_row_add_suffix (ADW_ACTION_ROW (row), new_call_button (phone));
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
    }
  if (needs != NULL)
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), new_answer (_("Please note"), needs));
  if (visit != NULL)
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), new_answer (_("Agreed visit"), visit));
  return group;
}

/* Returns: how many there were */
static guint
add_answer (GtkWidget *group, JsonObject *question, const char *code, JsonNode *answer)
{
  g_autofree char *asked = question != NULL ? sht_question_words (question) : g_strdup (code);
  g_autofree char *text = sht_answer_words (question, answer);

  if (text != NULL)
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), new_answer (asked, text));
  return text != NULL;
}

static guint
add_answers (GtkWidget *group, JsonObject *service, const char *member, JsonObject *answers)
{
  g_autoptr (GPtrArray) questions = sht_form_questions (service, member);
  guint n = 0;

  for (guint i = 0; i < questions->len; i++)
    {
      JsonObject *question = g_ptr_array_index (questions, i);
      const char *code = sht_json_string (question, "code");

      n += add_answer (group, question, code, json_object_get_member (answers, code));
    }
  return n;
}

/* What was answered and is no longer asked. */
static guint
add_others (GtkWidget *group, JsonObject *service, JsonObject *answers)
{
  JsonObjectIter iter;
  const char *code;
  JsonNode *answer;
  guint n = 0;

  if (sht_json_array (service, "form") == NULL)
    return 0;
  json_object_iter_init_ordered (&iter, answers);
  while (json_object_iter_next_ordered (&iter, &code, &answer))
    if (sht_form_find (service, code) == NULL)
      n += add_answer (group, NULL, code, answer);
  return n;
}

/**
 * sht_ticket_card_of_answers:
 *
 * @over: whether nothing is asked of anybody any more, so that the form itself is not shown
 *
 * Returns: (nullable): what was said about it: the description, what was answered at the opening, and what is no longer
 *   asked; what the work has answered, once it is over
 */
GtkWidget *
sht_ticket_card_of_answers (ShtStore *reader, JsonObject *ticket, gboolean over)
{
  const char *description = sht_json_string (ticket, "description");
  const char *code = sht_json_string (ticket, "service");
  JsonObject *answers = sht_json_object (ticket, "answers");
  g_autoptr (JsonObject) service = code != NULL ? sht_store_get (reader, "service", code, NULL) : NULL;
  guint said = description != NULL && description[0] != '\0';
  GtkWidget *group = new_group (_("What was said"));

  if (said > 0)
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), new_answer (NULL, description));
  if (answers != NULL)
    {
      said += add_answers (group, service, "attributes", answers);
      said += over ? add_answers (group, service, "form", answers) : 0;
      said += add_others (group, service, answers);
    }
  if (said > 0)
    return group;
  g_object_unref (g_object_ref_sink (group));
  return NULL;
}
