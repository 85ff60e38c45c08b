/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/form.h"

#include "core/json.h"
#include "core/operation.h"

#include <math.h>
#include <string.h>

/* A service asks twice: `attributes` are Open311's, answered where an enquiry comes in; `form` is what whoever does
 * the work answers, in the same words. Codes are of one set for both, and all answers lie in the ticket's `answers`. */

G_DEFINE_QUARK (sht-form-error-quark, sht_form_error)

static const char *const datatypes[SHT_N_DATATYPES] = { "string", "number",          "datetime",
                                                        "text",   "singlevaluelist", "multivaluelist" };

/**
 * sht_form_datatype:
 *
 * Returns: what the question's answer is; one that is not known is a line of text
 */
ShtDatatype
sht_form_datatype (JsonObject *question)
{
  const char *name = sht_json_string (question, "datatype");

  for (guint i = 0; i < SHT_N_DATATYPES; i++)
    if (g_strcmp0 (datatypes[i], name) == 0)
      return (ShtDatatype) i;
  return SHT_DATATYPE_STRING;
}

/**
 * sht_form_is_asked:
 *
 * Returns: whether it is a question; otherwise it is words to be read
 */
gboolean
sht_form_is_asked (JsonObject *question)
{
  return !sht_json_has (question, "variable") || sht_json_bool (question, "variable");
}

gboolean
sht_form_is_required (JsonObject *question)
{
  return sht_form_is_asked (question) && sht_json_bool (question, "required");
}

static int
compare_order (gconstpointer a, gconstpointer b)
{
  gint64 one = sht_json_int (*(JsonObject *const *) a, "order", G_MAXINT64);
  gint64 other = sht_json_int (*(JsonObject *const *) b, "order", G_MAXINT64);

  return (one > other) - (one < other);
}

/**
 * sht_form_questions:
 * @service: (nullable): a service
 * @member: "attributes" or "form"
 *
 * Returns: (transfer full) (element-type JsonObject): its questions and words to be read, in their order; they are the
 *   service's. What has no code is left out
 */
GPtrArray *
sht_form_questions (JsonObject *service, const char *member)
{
  GPtrArray *questions = g_ptr_array_new ();
  JsonArray *list = sht_json_array (service, member);

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonObject *question = sht_json_element (list, i);
      const char *code = sht_json_string (question, "code");

      if (code != NULL && code[0] != '\0' && strlen (code) <= SHT_ANSWER_MAX_CODE)
        g_ptr_array_add (questions, question);
    }
  /* A stable order where two have the same: g_ptr_array_sort() of GLib is a merge sort. */
  g_ptr_array_sort (questions, compare_order);
  return questions;
}

/**
 * sht_form_find:
 * @service: (nullable): a service
 *
 * Returns: (transfer none) (nullable): its question of that code, wherever it is asked
 */
JsonObject *
sht_form_find (JsonObject *service, const char *code)
{
  static const char *const members[] = { "form", "attributes" };

  for (guint m = 0; m < G_N_ELEMENTS (members); m++)
    {
      JsonArray *list = sht_json_array (service, members[m]);

      for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
        {
          JsonObject *question = sht_json_element (list, i);

          if (question != NULL && g_strcmp0 (sht_json_string (question, "code"), code) == 0)
            return question;
        }
    }
  return NULL;
}

/**
 * sht_form_choice:
 * @question: (nullable): a question
 *
 * Returns: (transfer none) (nullable): the choice of that key in its list
 */
JsonObject *
sht_form_choice (JsonObject *question, const char *key)
{
  JsonArray *values = sht_json_array (question, "values");

  for (guint i = 0; values != NULL && i < json_array_get_length (values); i++)
    {
      JsonObject *choice = sht_json_element (values, i);

      if (choice != NULL && g_strcmp0 (sht_json_string (choice, "key"), key) == 0)
        return choice;
    }
  return NULL;
}

static gboolean
is_text (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
}

static gboolean
is_number (JsonNode *node)
{
  GType type = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  return type == G_TYPE_INT64 || (type == G_TYPE_DOUBLE && isfinite (json_node_get_double (node)));
}

/**
 * sht_answer_is_given:
 * @answer: (nullable): what stands for a question
 *
 * Returns: whether it says anything: not empty, not blank, not a list of nothing
 */
gboolean
sht_answer_is_given (JsonNode *answer)
{
  if (answer == NULL || JSON_NODE_HOLDS_NULL (answer))
    return FALSE;
  if (JSON_NODE_HOLDS_ARRAY (answer))
    return json_array_get_length (json_node_get_array (answer)) > 0;
  if (is_text (answer))
    {
      g_autofree char *text = g_strstrip (g_strdup (json_node_get_string (answer)));

      return text[0] != '\0';
    }
  return TRUE;
}

static gboolean
refuse (GError **error, ShtFormError code, JsonObject *question, const char *why)
{
  g_set_error (error, SHT_FORM_ERROR, code, "%s: %s", sht_json_string (question, "code"), why);
  return FALSE;
}

static gboolean
is_list_of_texts (JsonNode *answer)
{
  JsonArray *list = JSON_NODE_HOLDS_ARRAY (answer) ? json_node_get_array (answer) : NULL;

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    if (!is_text (json_array_get_element (list, i)))
      return FALSE;
  return list != NULL;
}

static gboolean
is_moment (JsonNode *answer)
{
  g_autoptr (GDateTime) moment = is_text (answer) ? g_date_time_new_from_iso8601 (json_node_get_string (answer), NULL) : NULL;

  return moment != NULL;
}

/**
 * sht_answer_fits:
 * @question: a question
 * @answer: (nullable): what somebody says; nothing fits every question
 *
 * Returns: %FALSE with %SHT_FORM_ERROR_TYPE or %SHT_FORM_ERROR_LENGTH that names the question
 */
gboolean
sht_answer_fits (JsonObject *question, JsonNode *answer, GError **error)
{
  if (answer == NULL || JSON_NODE_HOLDS_NULL (answer))
    return TRUE;
  switch (sht_form_datatype (question))
    {
    case SHT_DATATYPE_NUMBER:
      {
        double number;

        /* What an import brought, and what an older tablet says, is a number in a text. */
        return is_number (answer) || (is_text (answer) && sht_number_read (json_node_get_string (answer), &number))
               || refuse (error, SHT_FORM_ERROR_TYPE, question, "is not a number");
      }
    case SHT_DATATYPE_DATETIME:
      return is_moment (answer)
             || refuse (error, SHT_FORM_ERROR_TYPE, question, "is not a date and time by ISO 8601 with its zone");
    case SHT_DATATYPE_MULTIPLE:
      return is_list_of_texts (answer) || refuse (error, SHT_FORM_ERROR_TYPE, question, "is not a list of choices");
    case SHT_DATATYPE_SINGLE:
      return is_text (answer) || refuse (error, SHT_FORM_ERROR_TYPE, question, "is not one choice");
    case SHT_DATATYPE_STRING:
    case SHT_DATATYPE_TEXT:
    case SHT_N_DATATYPES:
      break;
    }
  if (!is_text (answer))
    return refuse (error, SHT_FORM_ERROR_TYPE, question, "is not a text");
  if (sht_form_datatype (question) == SHT_DATATYPE_STRING
      && g_utf8_strlen (json_node_get_string (answer), -1) > SHT_ANSWER_MAX_LINE)
    return refuse (error, SHT_FORM_ERROR_LENGTH, question, "is longer than 200 characters");
  return TRUE;
}

/**
 * sht_answer_is_offered:
 * @question: a question
 * @answer: (nullable): an answer that fits it
 *
 * Returns: %FALSE with %SHT_FORM_ERROR_CHOICE where it names a choice that the question does not offer
 */
gboolean
sht_answer_is_offered (JsonObject *question, JsonNode *answer, GError **error)
{
  ShtDatatype datatype = sht_form_datatype (question);

  if (answer == NULL || (datatype != SHT_DATATYPE_SINGLE && datatype != SHT_DATATYPE_MULTIPLE))
    return TRUE;
  if (is_text (answer) && sht_form_choice (question, json_node_get_string (answer)) == NULL)
    return refuse (error, SHT_FORM_ERROR_CHOICE, question, "is not among its choices");
  if (JSON_NODE_HOLDS_ARRAY (answer))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (answer)); i++)
      if (sht_form_choice (question, json_array_get_string_element (json_node_get_array (answer), i)) == NULL)
        return refuse (error, SHT_FORM_ERROR_CHOICE, question, "is not among its choices");
  return TRUE;
}

/**
 * sht_number_read:
 * @text: as a person writes it: digits of any script, one point or comma of decimals, a sign before it
 * @number: (out): it
 *
 * Returns: whether it is a number
 */
gboolean
sht_number_read (const char *text, double *number)
{
  g_autoptr (GString) plain = g_string_new (NULL);
  char *end = NULL;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      /* U+066B is the Arabic decimal separator; U+200E, U+200F and U+061C are marks of direction. */
      if (g_unichar_isdigit (c))
        g_string_append_printf (plain, "%d", g_unichar_digit_value (c));
      else if (c == '.' || c == ',' || c == 0x066b)
        g_string_append_c (plain, '.');
      else if (c == '-' || c == 0x2212)
        g_string_append_c (plain, '-');
      else if (!g_unichar_isspace (c) && c != 0x200e && c != 0x200f && c != 0x061c)
        return FALSE;
    }
  *number = g_ascii_strtod (plain->str, &end);
  return plain->len > 0 && *end == '\0' && isfinite (*number) && fabs (*number) <= 1e15;
}

static JsonNode *
number_node (double number)
{
  if (number == floor (number))
    return json_node_init_int (json_node_alloc (), (gint64) number);
  return json_node_init_double (json_node_alloc (), number);
}

static JsonNode *
read_list (const char *text)
{
  g_auto (GStrv) keys = g_strsplit (text, ",", -1);
  JsonArray *list = json_array_new ();

  for (guint i = 0; keys[i] != NULL; i++)
    if (g_strstrip (keys[i])[0] != '\0')
      json_array_add_string_element (list, keys[i]);
  return json_node_init_array (json_node_alloc (), list);
}

/**
 * sht_answer_read:
 * @question: a question
 * @text: an answer as it is written: a number, a moment by ISO 8601, a choice's key, several with commas between them;
 *   nothing takes the answer back
 *
 * Returns: (transfer full) (nullable): the answer; %NULL with a #ShtFormError
 */
JsonNode *
sht_answer_read (JsonObject *question, const char *text, GError **error)
{
  ShtDatatype datatype = sht_form_datatype (question);
  g_autofree char *bare = g_strstrip (g_strdup (text));
  g_autoptr (JsonNode) answer = NULL;
  double number = 0;

  if (bare[0] == '\0')
    return json_node_new (JSON_NODE_NULL);
  if (datatype == SHT_DATATYPE_NUMBER && sht_number_read (bare, &number))
    answer = number_node (number);
  else if (datatype == SHT_DATATYPE_MULTIPLE)
    answer = read_list (bare);
  else
    answer = json_node_init_string (json_node_alloc (), bare);
  if (!sht_answer_fits (question, answer, error) || !sht_answer_is_offered (question, answer, error))
    return NULL;
  return g_steal_pointer (&answer);
}

static void
append_plain (GString *text, JsonObject *question, JsonNode *value)
{
  const char *key = is_text (value) ? json_node_get_string (value) : NULL;
  JsonObject *choice = key != NULL ? sht_form_choice (question, key) : NULL;
  g_autofree char *other = key == NULL ? json_to_string (value, FALSE) : NULL;

  g_string_append (text, text->len > 0 ? ", " : "");
  g_string_append (text, sht_json_string (choice, "name") != NULL ? sht_json_string (choice, "name")
                         : key != NULL                             ? key
                                                                   : other);
}

/**
 * sht_answer_plain:
 * @question: (nullable): what was asked, where it is still known
 * @answer: (nullable): what was answered
 *
 * Returns: (transfer full): it in the town's own words, for the command line; empty for nothing
 */
char *
sht_answer_plain (JsonObject *question, JsonNode *answer)
{
  GString *text = g_string_new (NULL);

  if (!sht_answer_is_given (answer))
    return g_string_free (text, FALSE);
  if (!JSON_NODE_HOLDS_ARRAY (answer))
    append_plain (text, question, answer);
  else
    for (guint i = 0; i < json_array_get_length (json_node_get_array (answer)); i++)
      append_plain (text, question, json_array_get_element (json_node_get_array (answer), i));
  return g_string_free (text, FALSE);
}

/**
 * sht_form_missing:
 * @service: (nullable): a ticket's service
 * @answers: (nullable): the ticket's answers
 *
 * What the work has to answer before it is done. A choice that the office has struck from the list since is an answer
 * all the same: whoever gave it did what was asked.
 *
 * Returns: (transfer full) (element-type JsonObject): the required questions of the service's form without an answer,
 *   in their order; they are the service's
 */
GPtrArray *
sht_form_missing (JsonObject *service, JsonObject *answers)
{
  GPtrArray *questions = sht_form_questions (service, "form");

  for (guint i = 0; i < questions->len;)
    {
      JsonObject *question = g_ptr_array_index (questions, i);
      const char *code = sht_json_string (question, "code");
      JsonNode *answer = answers != NULL ? json_object_get_member (answers, code) : NULL;

      if (!sht_form_is_required (question) || (sht_answer_is_given (answer) && sht_answer_fits (question, answer, NULL)))
        g_ptr_array_remove_index (questions, i);
      else
        i++;
    }
  return questions;
}

static gboolean
is_code (const char *name)
{
  return name[0] != '\0' && strlen (name) <= SHT_ANSWER_MAX_CODE;
}

static const char *
check_one (JsonNode *answer)
{
  if (JSON_NODE_HOLDS_NULL (answer))
    return NULL;
  if (is_text (answer))
    return g_utf8_strlen (json_node_get_string (answer), -1) <= SHT_TEXT_MAX_CHARS
             ? NULL
             : "has a text that is longer than 4000 characters";
  if (is_number (answer) || (JSON_NODE_HOLDS_VALUE (answer) && json_node_get_value_type (answer) == G_TYPE_BOOLEAN))
    return NULL;
  if (!is_list_of_texts (answer))
    return "has what is neither a text, a number, true, false nor a list of texts";
  if (json_array_get_length (json_node_get_array (answer)) > SHT_ANSWER_MAX_COUNT)
    return "has a list of more than 200 texts";
  for (guint i = 0; i < json_array_get_length (json_node_get_array (answer)); i++)
    if (g_utf8_strlen (json_array_get_string_element (json_node_get_array (answer), i), -1) > SHT_ANSWER_MAX_LINE)
      return "has a list with a text that is longer than 200 characters";
  return NULL;
}

/**
 * sht_answers_check:
 * @answers: answers as they come, whatever the service asks
 *
 * Returns: (nullable): what is wrong with them; %NULL for nothing
 */
const char *
sht_answers_check (JsonObject *answers)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *answer;

  if (json_object_get_size (answers) > SHT_ANSWER_MAX_COUNT)
    return "has more than 200 members";
  json_object_iter_init (&iter, answers);
  while (json_object_iter_next (&iter, &name, &answer))
    {
      const char *wrong = is_code (name) ? check_one (answer) : "has a name that is not 1 to 64 bytes long";

      if (wrong != NULL)
        return wrong;
    }
  return NULL;
}

/**
 * sht_unanswered_check:
 * @unanswered: by question, why it stays without an answer
 *
 * Returns: (nullable): what is wrong with it; %NULL for nothing
 */
const char *
sht_unanswered_check (JsonObject *unanswered)
{
  JsonObjectIter iter;
  const char *name;

  if (json_object_get_size (unanswered) > SHT_ANSWER_MAX_COUNT)
    return "has more than 200 members";
  json_object_iter_init (&iter, unanswered);
  while (json_object_iter_next (&iter, &name, NULL))
    {
      const char *why = sht_json_string (unanswered, name);
      glong chars = why != NULL ? g_utf8_strlen (why, -1) : 0;

      if (!is_code (name))
        return "has a name that is not 1 to 64 bytes long";
      if (chars < 1 || chars > SHT_UNANSWERED_MAX_CHARS)
        return "is not a text of 1 to 500 characters";
    }
  return NULL;
}

/**
 * sht_answer_code:
 * @field: a field's name
 *
 * Returns: (nullable): of which question's answer it is; %NULL when it is another field
 */
const char *
sht_answer_code (const char *field)
{
  return g_str_has_prefix (field, SHT_ANSWER_PREFIX) ? field + strlen (SHT_ANSWER_PREFIX) : NULL;
}

/**
 * sht_fields_get:
 * @entity: (nullable): an entity, or the fields of an operation
 * @field: a field's name, of an answer as `answers.CODE`
 *
 * Returns: (transfer none) (nullable): what stands there
 */
JsonNode *
sht_fields_get (JsonObject *entity, const char *field)
{
  const char *code = sht_answer_code (field);
  JsonObject *holder = code != NULL ? sht_json_object (entity, "answers") : entity;

  return holder != NULL ? json_object_get_member (holder, code != NULL ? code : field) : NULL;
}

/**
 * sht_fields_set:
 * @entity: an entity, or the fields of an operation
 * @field: a field's name, of an answer as `answers.CODE`
 * @value: (transfer full) (nullable): what shall stand there; %NULL for nothing
 */
void
sht_fields_set (JsonObject *entity, const char *field, JsonNode *value)
{
  const char *code = sht_answer_code (field);
  JsonObject *holder = code != NULL ? sht_json_object (entity, "answers") : entity;

  if (holder == NULL && value == NULL)
    return;
  if (holder == NULL)
    {
      holder = json_object_new ();
      json_object_set_object_member (entity, "answers", holder);
    }
  if (value != NULL)
    json_object_set_member (holder, code != NULL ? code : field, value);
  else if (json_object_has_member (holder, code != NULL ? code : field))
    json_object_remove_member (holder, code != NULL ? code : field);
}

static gboolean
is_flat (JsonObject *fields)
{
  JsonObjectIter iter;
  const char *name;

  if (sht_json_object (fields, "answers") != NULL)
    return FALSE;
  json_object_iter_init (&iter, fields);
  while (json_object_iter_next (&iter, &name, NULL))
    if (sht_answer_code (name) != NULL)
      return FALSE;
  return TRUE;
}

/**
 * sht_fields_flat:
 * @fields: of an operation that sets fields
 *
 * Returns: (transfer full): the same, each answer as a field of its own: `answers.CODE`. What was called so already is
 *   left out: nobody has looked at it. It is not to be changed: without answers it is @fields itself
 */
JsonObject *
sht_fields_flat (JsonObject *fields)
{
  JsonObject *flat;
  JsonObject *answers = sht_json_object (fields, "answers");
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (is_flat (fields))
    return json_object_ref (fields);
  flat = json_object_new ();
  json_object_iter_init_ordered (&iter, fields);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    if (sht_answer_code (name) == NULL && (answers == NULL || strcmp (name, "answers") != 0))
      json_object_set_member (flat, name, json_node_copy (node));
  if (answers == NULL)
    return flat;
  json_object_iter_init_ordered (&iter, answers);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      g_autofree char *field = g_strconcat (SHT_ANSWER_PREFIX, name, NULL);

      json_object_set_member (flat, field, json_node_copy (node));
    }
  return flat;
}
