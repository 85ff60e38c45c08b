/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/main-ticket.h"

#include "core/form.h"
#include "core/json.h"

static void
print_answer (JsonObject *service, const char *code, JsonNode *answer, const char *indent)
{
  JsonObject *question = sht_form_find (service, code);
  const char *words = sht_json_string (question, "description");
  g_autofree char *said = sht_answer_plain (question, answer);

  g_print ("%s%s  %s\n", indent, words != NULL ? words : code, said);
}

static void
print_answers (JsonObject *service, JsonObject *answers)
{
  JsonObjectIter iter;
  const char *code;
  JsonNode *answer;

  json_object_iter_init_ordered (&iter, answers);
  while (json_object_iter_next_ordered (&iter, &code, &answer))
    print_answer (service, code, answer, "  ");
}

/* Who did it, and who of the crew was there. */
static char *
say_who (JsonObject *event)
{
  JsonArray *people = sht_json_array (event, "people");
  GString *who = g_string_new (sht_json_string (event, "actor"));

  for (guint i = 0; people != NULL && i < json_array_get_length (people); i++)
    g_string_append_printf (who, "%s%s", i == 0 ? " (" : ", ", sht_json_string (sht_json_element (people, i), "name"));
  return g_string_free (people != NULL ? g_string_append_c (who, ')') : who, FALSE);
}

/* Who answered what, a line for each question. */
static void
print_answered (JsonObject *service, JsonObject *fields)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (fields == NULL)
    return;
  json_object_iter_init_ordered (&iter, fields);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    if (sht_answer_code (name) != NULL && JSON_NODE_HOLDS_OBJECT (node))
      print_answer (service, sht_answer_code (name), json_object_get_member (json_node_get_object (node), "to"), "      ");
}

/**
 * sht_main_print_ticket:
 * @view: a ticket as the office sees it
 *
 * Prints it with its journey; questions and answers in the town's own words.
 */
void
sht_main_print_ticket (ShtHub *hub, JsonObject *view)
{
  JsonArray *events = json_object_get_array_member (view, "events");
  JsonArray *photos = json_object_get_array_member (view, "photos");
  JsonObject *answers = sht_json_object (view, "answers");
  const char *code = sht_json_string (view, "service");
  g_autoptr (JsonObject) service = code != NULL ? sht_hub_get (hub, "service", code, NULL) : NULL;
  JsonArray *voices = json_object_get_array_member (view, "voices");

  g_print ("%s  %s\n%s\n%s\n", sht_json_string (view, "number"), sht_json_string (view, "status"),
           sht_json_string (view, "title"), sht_json_string (view, "address"));
  if (answers != NULL)
    print_answers (service, answers);
  for (guint i = 0; i < json_array_get_length (events); i++)
    {
      JsonObject *event = json_array_get_object_element (events, i);
      JsonObject *data = sht_json_object (event, "data");
      const char *text = sht_json_string (data, "text");
      const char *to = sht_json_string (data, "to");
      g_autofree char *who = say_who (event);

      g_print ("  %s  %-12s %s  %s\n", sht_json_string (event, "at"), sht_json_string (event, "kind"),
               who, text != NULL ? text : to != NULL ? to : "");
      print_answered (service, sht_json_object (data, "fields"));
    }
  for (guint i = 0; i < json_array_get_length (photos); i++)
    {
      JsonObject *photo = json_array_get_object_element (photos, i);

      g_print ("  photo %s  %s  %s\n", sht_json_string (photo, "role"), sht_json_string (photo, "state"),
               sht_json_string (photo, "sha256"));
    }
  for (guint i = 0; i < json_array_get_length (voices); i++)
    {
      JsonObject *voice = json_array_get_object_element (voices, i);

      g_print ("  voice note %" G_GINT64_FORMAT " s  %s  %s\n", sht_json_int (voice, "duration_ms", 0) / 1000,
               sht_json_string (voice, "state"), sht_json_string (voice, "sha256"));
    }
}
