/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/answer-words.h"

#include "core/form.h"
#include "core/json.h"
#include "tablet/ui/common/words.h"

#include <glib/gi18n.h>

/**
 * sht_question_words:
 * @question: (nullable): a question
 *
 * Returns: (transfer full): what it asks, or its code where nobody wrote that; nothing for none
 */
char *
sht_question_words (JsonObject *question)
{
  char *words = sht_words_translated (question, "description", "descriptions");

  if (words != NULL && words[0] != '\0')
    return words;
  g_free (words);
  return g_strdup (sht_json_string (question, "code") != NULL ? sht_json_string (question, "code") : "");
}

/**
 * sht_question_help:
 *
 * Returns: (transfer full) (nullable): how it is meant to be answered
 */
char *
sht_question_help (JsonObject *question)
{
  g_autofree char *help = sht_words_translated (question, "datatype_description", "datatype_descriptions");

  return help != NULL && help[0] != '\0' ? g_steal_pointer (&help) : NULL;
}

/**
 * sht_choice_words:
 * @choice: one of a question's `values`
 *
 * Returns: (transfer full): its name, or its key where it has none
 */
char *
sht_choice_words (JsonObject *choice)
{
  char *words = sht_words_translated (choice, "name", "names");

  return words != NULL ? words : g_strdup (sht_json_string (choice, "key") != NULL ? sht_json_string (choice, "key") : "");
}

static char *
value_words (JsonObject *question, JsonNode *value)
{
  GType type = JSON_NODE_HOLDS_VALUE (value) ? json_node_get_value_type (value) : G_TYPE_INVALID;
  const char *text = type == G_TYPE_STRING ? json_node_get_string (value) : NULL;
  JsonObject *choice = text != NULL ? sht_form_choice (question, text) : NULL;
  double number;

  if (choice != NULL)
    return sht_choice_words (choice);
  if (text != NULL && sht_form_datatype (question) == SHT_DATATYPE_DATETIME)
    {
      g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, NULL);

      if (time != NULL)
        return sht_words_when (g_date_time_to_unix (time) * 1000, g_get_real_time () / 1000);
    }
  if (text != NULL && sht_form_datatype (question) == SHT_DATATYPE_NUMBER && sht_number_read (text, &number))
    return sht_words_number (number, -1);
  if (text != NULL)
    return g_strdup (text);
  if (type == G_TYPE_BOOLEAN)
    return g_strdup (json_node_get_boolean (value) ? _("Yes") : _("No"));
  if (type == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (value));
  if (type == G_TYPE_DOUBLE)
    return sht_words_number (json_node_get_double (value), -1);
  return NULL;
}

/**
 * sht_answer_words:
 * @question: (nullable): what was asked, where it is still known
 * @answer: (nullable): what was answered
 *
 * Returns: (transfer full) (nullable): it in words; %NULL for nothing, and for what no answer can be
 */
char *
sht_answer_words (JsonObject *question, JsonNode *answer)
{
  g_autoptr (GString) text = g_string_new (NULL);
  JsonArray *several;

  if (!sht_answer_is_given (answer))
    return NULL;
  if (!JSON_NODE_HOLDS_ARRAY (answer))
    return value_words (question, answer);
  several = json_node_get_array (answer);
  for (guint i = 0; i < json_array_get_length (several); i++)
    {
      g_autofree char *value = value_words (question, json_array_get_element (several, i));

      if (value != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", value);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * sht_answers_service:
 * @ticket: (nullable): a ticket's UUID
 *
 * Returns: (transfer full) (nullable): the service whose questions it answers; %NULL where the tablet has not got it
 */
JsonObject *
sht_answers_service (ShtStore *store, const char *ticket)
{
  g_autoptr (JsonObject) doc = ticket != NULL ? sht_store_get (store, "ticket", ticket, NULL) : NULL;
  const char *code = sht_json_string (doc, "service");

  return code != NULL ? sht_store_get (store, "service", code, NULL) : NULL;
}

static gboolean
is_asking (const char *words)
{
  return g_str_has_suffix (words, "?") || g_str_has_suffix (words, "؟") || g_str_has_suffix (words, ":");
}

/**
 * sht_answers_said:
 * @service: (nullable): whose questions they are
 * @fields: (nullable): an event's fields, each answer as `answers.CODE`
 *
 * Returns: (transfer full) (nullable): what was answered, a line for each question in their order, those that are
 *   no longer asked last and by their code; %NULL where no answer is among them
 */
char *
sht_answers_said (JsonObject *service, JsonObject *fields)
{
  g_autoptr (GPtrArray) codes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) text = g_string_new (NULL);
  static const char *const members[] = { "attributes", "form" };
  JsonObjectIter iter;
  const char *name;

  for (guint m = 0; fields != NULL && m < G_N_ELEMENTS (members); m++)
    {
      g_autoptr (GPtrArray) questions = sht_form_questions (service, members[m]);

      for (guint i = 0; i < questions->len; i++)
        g_ptr_array_add (codes, g_strdup (sht_json_string (g_ptr_array_index (questions, i), "code")));
    }
  if (fields != NULL)
    json_object_iter_init_ordered (&iter, fields);
  while (fields != NULL && json_object_iter_next_ordered (&iter, &name, NULL))
    {
      const char *code = sht_answer_code (name);

      if (code != NULL && !g_ptr_array_find_with_equal_func (codes, code, g_str_equal, NULL))
        g_ptr_array_add (codes, g_strdup (code));
    }
  for (guint i = 0; i < codes->len; i++)
    {
      const char *code = g_ptr_array_index (codes, i);
      g_autofree char *field = g_strconcat (SHT_ANSWER_PREFIX, code, NULL);
      JsonObject *question = sht_form_find (service, code);
      JsonObject *change = sht_json_object (fields, field);
      g_autofree char *asked = question != NULL ? sht_question_words (question) : g_strdup (code);
      g_autofree char *answer = change != NULL ? sht_answer_words (question, json_object_get_member (change, "to")) : NULL;
      g_autofree char *here = sht_words_isolated (asked), *there = sht_words_isolated (answer != NULL ? answer : _("taken back"));

      if (change != NULL)
        g_string_append_printf (text, "%s%s%s %s", text->len > 0 ? "\n" : "", here, is_asking (asked) ? "" : ":", there);
    }
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}
