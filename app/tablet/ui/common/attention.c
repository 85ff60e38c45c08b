/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/attention.h"

#include "core/form.h"
#include "core/json.h"
#include "tablet/ui/common/answer-words.h"
#include "tablet/ui/common/names.h"
#include "tablet/ui/common/words.h"

#include <glib/gi18n.h>
#include <string.h>

/* What the hub and the engine say in plain English, to be said in the worker's language. */
static const char *const reasons[] = {
  N_ ("a report needs a service"),
  N_ ("nothing in it can be changed"),
  N_ ("the ticket is no longer open"),
  N_ ("one with this id exists"),
  N_ ("there is nothing with this id"),
  N_ ("this was never with this crew"),
  N_ ("the photo's file on this tablet is damaged"),
  N_ ("the hub does not take this photo"),
  N_ ("the voice note's file on this tablet is damaged"),
  N_ ("the hub does not take this voice note"),
  N_ ("say which department this concerns"),
  N_ ("a crew may answer, and not settle"),
  N_ ("an answer does not fit its question"),
};

static const struct
{
  const char *field;
  const char *words;
} fields[] = {
  { "status", N_ ("Status") },
  { "title", N_ ("Title") },
  { "description", N_ ("Description") },
  { "address", N_ ("Address") },
  { "service", N_ ("Service") },
  { "crew", N_ ("Crew") },
  { "department", N_ ("Department") },
  { "priority", N_ ("Priority") },
  { "lat_e7", N_ ("Position") },
  { "lon_e7", N_ ("Position") },
  { "place", N_ ("Place") },
  { "visit", N_ ("Agreed visit") },
  { "resident", N_ ("Resident") },
  { "answers", N_ ("Answers") },
  { "caption", N_ ("Words to a photo") },
  { "role", N_ ("Kind of photo") },
};

static void
side_clear (ShtSide *side)
{
  g_free (side->whose);
  g_free (side->value);
  g_free (side->when);
}

static void
attention_free (gpointer data)
{
  ShtAttention *attention = data;

  g_free (attention->key);
  g_free (attention->id);
  g_free (attention->field);
  g_free (attention->ticket);
  g_free (attention->what);
  g_free (attention->about);
  g_free (attention->reason);
  g_free (attention->picture);
  side_clear (&attention->mine);
  side_clear (&attention->theirs);
  g_free (attention);
}

static const char *
status_words (const char *name)
{
  ShtStatus status;

  return sht_status_parse (name, &status) ? sht_words_status (status) : name;
}

/* What was done, as the person would say it. */
static char *
what_words (ShtStore *store, const char *kind, JsonObject *said)
{
  if (g_str_equal (kind, "ticket.create"))
    return g_strdup (_("New report"));
  if (g_str_equal (kind, "ticket.status"))
    {
      const char *status = status_words (sht_json_string (said, "want"));

      return g_strdup_printf (_("Status: %s"), status != NULL ? status : "");
    }
  if (g_str_equal (kind, "ticket.note"))
    {
      g_autofree char *text = sht_words_isolated (sht_json_string (said, "text"));

      return g_strdup_printf (_("Note: “%s”"), text);
    }
  if (g_str_equal (kind, "ticket.assign"))
    return g_strdup_printf (_("Assigned to %s"), sht_names_get (store, "crew", sht_json_string (said, "crew")));
  if (g_str_equal (kind, "ticket.hand_over"))
    return g_strdup_printf (_("Handed over to %s"),
                            sht_names_get (store, "department", sht_json_string (said, "department")));
  if (g_str_equal (kind, "obstacle.raise") || g_str_equal (kind, "obstacle.answer"))
    {
      g_autofree char *text = sht_words_isolated (sht_json_string (said, "text"));

      return g_strdup_printf (g_str_equal (kind, "obstacle.raise") ? _("Obstacle: %s") : _("Answer: %s"), text);
    }
  if (g_str_equal (kind, "photo.attach") || g_str_equal (kind, "photo.bytes") || g_str_equal (kind, "obstacle.photo"))
    return g_strdup (_("Photo"));
  if (g_str_equal (kind, "voice.add") || g_str_equal (kind, "voice.bytes"))
    return g_strdup (_("Voice note"));
  if (g_str_equal (kind, "photo.edit"))
    return g_strdup (_("Words to a photo"));
  if (g_str_equal (kind, "place.report"))
    return g_strdup (_("Report on a place"));
  if (g_str_equal (kind, "ticket.resolve"))
    return g_strdup (_("Decision"));
  if (g_str_equal (kind, "ticket.set") && sht_json_has (said, "answers"))
    return g_strdup (_("Answers"));
  return g_strdup (_("Change"));
}

/**
 * sht_attention_field:
 * @ticket: (nullable): whose field it is
 * @field: (nullable): a field's name
 *
 * Returns: (transfer full): what people call it; of an answer, what is asked
 */
char *
sht_attention_field (ShtStore *store, const char *ticket, const char *field)
{
  const char *code = field != NULL ? sht_answer_code (field) : NULL;
  g_autoptr (JsonObject) service = code != NULL ? sht_answers_service (store, ticket) : NULL;
  JsonObject *question = code != NULL ? sht_form_find (service, code) : NULL;

  if (code != NULL)
    return question != NULL ? sht_question_words (question) : g_strdup (code);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (g_strcmp0 (field, fields[i].field) == 0)
      return g_strdup (gettext (fields[i].words));
  return g_strdup (_("Details"));
}

static void
add_member (JsonObject *object, const char *name, JsonNode *node, gpointer text)
{
  GString *words = text;

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return;
  g_string_append_printf (words, "%s%s", words->len > 0 ? " · " : "", json_node_get_string (node));
}

static char *
text_words (ShtStore *store, const char *field, const char *text)
{
  if (text[0] == '\0')
    return g_strdup (_("nothing"));
  if (g_strcmp0 (field, "status") == 0)
    return g_strdup (status_words (text));
  if (g_strcmp0 (field, "role") == 0)
    return g_strdup (sht_words_photo_role (text));
  if (g_strcmp0 (field, "crew") == 0 || g_strcmp0 (field, "department") == 0 || g_strcmp0 (field, "service") == 0)
    return g_strdup (sht_names_get (store, field, text));
  if (g_strcmp0 (field, "place") == 0)
    {
      char *name = sht_db_get_text (store->db, NULL, "SELECT name FROM place WHERE id = ?1", "s", text);

      return name != NULL ? name : g_strdup (text);
    }
  return g_strdup (text);
}

/**
 * sht_attention_value:
 * @ticket: (nullable): whose field it is
 * @value: (nullable): what was said about @field
 *
 * Returns: (transfer full): it in words
 */
char *
sht_attention_value (ShtStore *store, const char *ticket, const char *field, JsonNode *value)
{
  const char *code = field != NULL ? sht_answer_code (field) : NULL;

  if (value == NULL || JSON_NODE_HOLDS_NULL (value))
    return g_strdup (_("nothing"));
  if (code != NULL)
    {
      g_autoptr (JsonObject) service = sht_answers_service (store, ticket);
      char *words = sht_answer_words (sht_form_find (service, code), value);

      return words != NULL ? words : g_strdup (_("nothing"));
    }
  if (JSON_NODE_HOLDS_OBJECT (value))
    {
      g_autoptr (GString) words = g_string_new (NULL);

      json_object_foreach_member (json_node_get_object (value), add_member, words);
      return words->len > 0 ? g_string_free (g_steal_pointer (&words), FALSE) : g_strdup (_("nothing"));
    }
  if (JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING)
    return text_words (store, field, json_node_get_string (value));
  if (field != NULL && g_str_has_suffix (field, "_e7"))
    return g_strdup_printf ("%.5f", (double) json_node_get_int (value) / 1e7);
  return json_to_string (value, FALSE);
}

/* A sentence of its own, whatever it was a part of. */
static char *
sentence (const char *text)
{
  char first[7] = { 0 };

  g_unichar_to_utf8 (g_unichar_totitle (g_utf8_get_char (text)), first);
  return g_strconcat (first, text[0] != '\0' ? g_utf8_next_char (text) : "", NULL);
}

static char *
reason_words (const char *reason)
{
  for (guint i = 0; reason != NULL && i < G_N_ELEMENTS (reasons); i++)
    if (g_str_equal (reason, reasons[i]))
      return sentence (gettext (reasons[i]));
  if (reason != NULL && strstr (reason, " may not ") != NULL)
    return g_strdup (_("This crew may not do that: ask the supervisor"));
  if (g_strcmp0 (reason, "unknown kind of operation") == 0)
    return g_strdup (_("The hub is older than this tablet and does not know this yet. Send it again once the hub was updated"));
  /* Plain English is plain to those who read it. */
  if (reason != NULL && g_str_equal (sht_words_language (), "en"))
    return sentence (reason);
  return g_strdup (_("The hub could not take this as it is"));
}

static char *
about_words (ShtStore *store, JsonObject *row)
{
  const char *id = sht_json_string (row, "ticket");
  g_autoptr (JsonObject) ticket = id != NULL ? sht_store_get (store, "ticket", id, NULL) : NULL;
  const char *title = sht_json_string (ticket, "title");
  const char *where = sht_json_string (ticket, "address");

  if (title == NULL)
    title = sht_json_string (row, "title");
  if (title == NULL && id != NULL)
    return g_strdup (_("A ticket that is no longer on this tablet"));
  if (title == NULL)
    {
      char *place = sht_db_get_text (store->db, NULL,
                                     "SELECT p.name FROM op AS o JOIN place AS p ON p.id = o.entity WHERE o.op = ?1",
                                     "s", sht_json_string (row, "id"));

      return place != NULL ? place : g_strdup ("");
    }
  return where != NULL && where[0] != '\0' ? g_strdup_printf (_("%s, %s"), title, where) : g_strdup (title);
}

static void
fill_side (ShtStore *store, JsonObject *row, const char *which, const char *field, ShtSide *side)
{
  JsonObject *said = sht_json_object (row, which);
  gint64 at = sht_words_time (said, "at");

  side->whose = sht_words_isolated (sht_names_who (store, sht_json_string (said, "by")));
  side->value = sht_attention_value (store, sht_json_string (row, "ticket"), field, json_object_get_member (said, "value"));
  side->when = at > 0 ? sht_words_when (at, sht_store_now (store)) : NULL;
  side->stands = g_strcmp0 (sht_json_string (row, "stands"), which) == 0;
}

static ShtAttention *
attention_new (ShtStore *store, JsonObject *row)
{
  ShtAttention *attention = g_new0 (ShtAttention, 1);

  attention->id = g_strdup (sht_json_string (row, "id"));
  attention->field = g_strdup (sht_json_string (row, "field"));
  attention->ticket = g_strdup (sht_json_string (row, "ticket"));
  attention->is_conflict = g_strcmp0 (sht_json_string (row, "result"), "conflict") == 0;
  attention->is_own = !attention->is_conflict || sht_json_bool (row, "own");
  attention->about = about_words (store, row);
  if (attention->is_conflict)
    {
      attention->what = sht_attention_field (store, attention->ticket, attention->field);
      attention->reason = g_strdup (attention->is_own ? _("You and somebody else said different things")
                                                      : _("Two people said different things"));
      fill_side (store, row, "mine", attention->field, &attention->mine);
      fill_side (store, row, "theirs", attention->field, &attention->theirs);
    }
  else
    {
      JsonObject *said = sht_json_object (row, "mine");
      JsonObject *fields_said = sht_json_object (said, "value");
      gint64 at = sht_words_time (said, "at");

      attention->what = what_words (store, sht_json_string (row, "kind"), fields_said);
      attention->reason = reason_words (sht_json_string (row, "reason"));
      if (g_strcmp0 (sht_json_string (row, "kind"), "photo.bytes") == 0)
        attention->picture = sht_store_blob_path (store, sht_json_string (said, "value"));
      attention->mine.when = at > 0 ? sht_words_when (at, sht_store_now (store)) : NULL;
    }
  attention->key = g_strdup_printf ("%s\n%s\n%s\n%s\n%s\n%s\n%s\n%d", attention->id,
                                    attention->field != NULL ? attention->field : "", attention->what, attention->about,
                                    attention->reason, attention->mine.value != NULL ? attention->mine.value : "",
                                    attention->theirs.value != NULL ? attention->theirs.value : "",
                                    attention->mine.stands);
  return attention;
}

/**
 * sht_attention_list:
 * @ticket: (nullable): of that ticket alone
 *
 * Returns: (transfer full) (nullable) (element-type ShtAttention): what a person has to decide, in words; %NULL with
 *   a #ShtDbError
 */
GPtrArray *
sht_attention_list (ShtStore *store, const char *ticket, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (attention_free);
  g_autoptr (JsonArray) rows = sht_store_attention (store, error);

  if (rows == NULL)
    return NULL;
  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonObject *row = json_array_get_object_element (rows, i);

      if (ticket == NULL || g_strcmp0 (sht_json_string (row, "ticket"), ticket) == 0)
        g_ptr_array_add (list, attention_new (store, row));
    }
  return g_steal_pointer (&list);
}
