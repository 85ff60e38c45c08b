/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/journey-gather.h"

#include "core/form.h"
#include "core/json.h"
#include "core/resolve.h"
#include "tablet/ui/common/words.h"

/* From the first answer to the last. */
#define MOST_MS (10 * 60 * 1000)

/* Answers to a form and nothing besides, which nobody has to decide on. */
static gboolean
is_plain_answer (JsonObject *event)
{
  JsonObject *fields = sht_json_object (sht_json_object (event, "data"), "fields");
  const char *state = sht_json_string (event, "state");
  JsonObjectIter iter;
  const char *name;

  if (fields == NULL || json_object_get_size (fields) == 0 || sht_json_string (event, "id") == NULL
      || sht_conflict_facts (event) != NULL || sht_json_bool (event, "contribution")
      || g_strcmp0 (state, "needs_attention") == 0 || g_strcmp0 (state, "put_away") == 0)
    return FALSE;
  json_object_iter_init (&iter, fields);
  while (json_object_iter_next (&iter, &name, NULL))
    if (sht_answer_code (name) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
have_same (JsonObject *a, JsonObject *b, const char *member)
{
  JsonNode *left = json_object_get_member (a, member), *right = json_object_get_member (b, member);

  return left == NULL || right == NULL ? left == right : sht_json_nodes_equal (left, right);
}

static gboolean
belongs_to (JsonObject *event, JsonObject *first)
{
  gint64 later = sht_words_time (event, "at") - sht_words_time (first, "at");

  return is_plain_answer (event) && later >= 0 && later <= MOST_MS && have_same (event, first, "actor")
         && have_same (event, first, "people");
}

/* How far it has come; what has come least far is told of all. */
static guint
progress (JsonObject *event)
{
  const char *state = sht_json_string (event, "state");

  return g_strcmp0 (state, "on_device") == 0 ? 0 : g_strcmp0 (state, "sent") == 0 ? 1 : 2;
}

/* The newest of them, with all of their answers; it stays the same step while more are gathered. */
static JsonObject *
put_together (JsonArray *events, guint from, guint n)
{
  JsonObject *first = json_array_get_object_element (events, from);
  JsonObject *newest = json_array_get_object_element (events, from + n - 1), *least = newest;
  JsonObject *step = json_object_new (), *data = json_object_new (), *fields = json_object_new ();
  JsonArray *gathered = json_array_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, newest);
  while (json_object_iter_next (&iter, &name, &node))
    json_object_set_member (step, name, json_node_copy (node));
  for (guint i = from; i < from + n; i++)
    {
      JsonObject *event = json_array_get_object_element (events, i);

      json_object_iter_init (&iter, sht_json_object (sht_json_object (event, "data"), "fields"));
      while (json_object_iter_next (&iter, &name, &node))
        json_object_set_member (fields, name, json_node_copy (node));
      if (progress (event) < progress (least))
        least = event;
      json_array_add_object_element (gathered, json_object_ref (event));
    }
  json_object_set_object_member (data, "fields", fields);
  json_object_set_object_member (step, "data", data);
  json_object_set_string_member (step, "id", sht_json_string (first, "id"));
  if (sht_json_has (least, "state"))
    json_object_set_string_member (step, "state", sht_json_string (least, "state"));
  json_object_set_array_member (step, SHT_GATHERED, gathered);
  return step;
}

/**
 * sht_journey_gather:
 * @events: a ticket view's events, the oldest first
 *
 * Returns: (transfer full): the same, but answers that one person gave one after another within ten minutes are one
 *   step, with the id of the oldest, the time of the newest, all of their answers and, as #SHT_GATHERED, the steps
 *   themselves
 */
JsonArray *
sht_journey_gather (JsonArray *events)
{
  guint length = json_array_get_length (events);
  JsonArray *steps = json_array_sized_new (length);

  for (guint i = 0, n; i < length; i += n)
    {
      JsonObject *first = json_array_get_object_element (events, i);

      n = 1;
      if (is_plain_answer (first))
        while (i + n < length && belongs_to (json_array_get_object_element (events, i + n), first))
          n++;
      json_array_add_object_element (steps, n > 1 ? put_together (events, i, n) : json_object_ref (first));
    }
  return steps;
}
