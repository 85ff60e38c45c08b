/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/answer-words.h"
#include "tablet/ui/common/attention.h"
#include "tablet/ui/common/names.h"
#include "tablet/ui/common/obstacle-form.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/ticket/journey-gather.h"
#include "tablet/ui/ticket/say-event.h"

#include "core/form.h"
#include "core/json.h"
#include "core/resolve.h"

#include <glib/gi18n.h>

static char *
say_status_step (JsonObject *data)
{
  JsonNode *applied = data != NULL ? json_object_get_member (data, "applied") : NULL;
  ShtStatus from, to;

  if (!sht_status_parse (sht_json_string (data, "to"), &to))
    return g_strdup (_("Status changed"));
  if (applied != NULL && !sht_json_bool (data, "applied"))
    return g_strdup_printf (_("%s: written down, the ticket had moved on"), sht_words_status (to));
  if (to == SHT_STATUS_WAITING)
    return g_strdup (sht_words_waiting_for (sht_json_string (data, "waiting_for")));
  if (!sht_status_parse (sht_json_string (data, "from"), &from) || from == to)
    return g_strdup (sht_words_status (to));
  /* Translators: a status, and the one before it, as "Done (was: In progress)" */
  return g_strdup_printf (_("%s (was: %s)"), sht_words_status (to), sht_words_status (from));
}

static char *
say_with_name (ShtStore *store, const char *format, const char *type, const char *id)
{
  const char *name = sht_names_get (store, type, id);
  g_autofree char *isolated = sht_words_isolated (name);

  return g_strdup_printf (format, isolated);
}

static char *
say_decision (ShtStore *store, const char *ticket, JsonObject *data)
{
  const char *field = sht_json_string (data, "field");
  g_autofree char *name = sht_attention_field (store, ticket, field);
  g_autofree char *value = sht_attention_value (store, ticket, field, data != NULL ? json_object_get_member (data, "value") : NULL);
  g_autofree char *isolated = sht_words_isolated (value);

  if (sht_json_bool (data, "applied"))
    return g_strdup_printf (_("Decided: %s – %s stays"), name, isolated);
  return g_strdup_printf (_("Decided: %s – %s, but the ticket could not take it"), name, isolated);
}

static void
name_ticket (JsonArray *events, guint index, JsonNode *event, gpointer ticket)
{
  json_object_set_string_member (json_node_get_object (event), "ticket", ticket);
}

/**
 * sht_say_events_of:
 * @events: a ticket view's events
 * @ticket: whose they are
 *
 * A view's events do not say whose they are, and what was answered is told in the words of its ticket's service.
 */
void
sht_say_events_of (JsonArray *events, const char *ticket)
{
  json_array_foreach_element (events, name_ticket, (gpointer) ticket);
}

static gboolean
has_answers (JsonObject *fields)
{
  g_autoptr (GList) names = fields != NULL ? json_object_get_members (fields) : NULL;

  for (GList *name = names; name != NULL; name = name->next)
    if (sht_answer_code (name->data) != NULL)
      return TRUE;
  return FALSE;
}

static char *
say_gathered (JsonArray *steps)
{
  guint n = json_array_get_length (steps);

  return g_strdup_printf (ngettext ("Form filled in, %u time", "Form filled in, %u times", n), n);
}

/**
 * sht_say_event:
 * @event: one of a ticket view's events
 *
 * Returns: (transfer full): what happened, in a few words
 */
char *
sht_say_event (ShtStore *store, JsonObject *event)
{
  const char *kind = sht_json_string (event, "kind");
  JsonObject *data = sht_json_object (event, "data");
  const char *source = sht_words_source (sht_json_string (data, "source"));

  if (g_strcmp0 (kind, "created") == 0)
    return g_strdup (source != NULL ? source : _("Opened"));
  if (g_strcmp0 (kind, "status") == 0)
    return say_status_step (data);
  if (g_strcmp0 (kind, "note") == 0)
    return g_strdup (_("Note"));
  if (g_strcmp0 (kind, "photo") == 0)
    return g_strdup (sht_words_photo_role (sht_json_string (data, "role")));
  if (g_strcmp0 (kind, "voice") == 0)
    return g_strdup (_("Voice note"));
  if (g_strcmp0 (kind, "assigned") == 0)
    return sht_json_has (data, "crew")
             ? say_with_name (store, _("Assigned to %s"), "crew", sht_json_string (data, "crew"))
             : g_strdup (_("Taken back from the crew"));
  if (g_strcmp0 (kind, "handed_over") == 0)
    return say_with_name (store, _("Handed over to %s"), "department", sht_json_string (data, "to"));
  if (g_strcmp0 (kind, "resolved") == 0)
    return say_decision (store, sht_json_string (event, "ticket"), data);
  if (g_strcmp0 (kind, "obstacle") == 0)
    return g_strdup_printf (_("In the way: %s"), sht_obstacle_words (sht_json_string (data, "kind")));
  if (g_strcmp0 (kind, "answer") == 0)
    return g_strdup (sht_json_bool (data, "settles") ? _("The obstacle is settled") : _("Answer to the obstacle"));
  if (g_strcmp0 (kind, "imported") == 0)
    return g_strdup (_("Taken in from the city’s system"));
  if (g_strcmp0 (kind, "place_report") == 0)
    return g_strdup (_("Place reported"));
  if (sht_json_has (event, SHT_GATHERED))
    return say_gathered (sht_json_array (event, SHT_GATHERED));
  if (has_answers (sht_json_object (data, "fields")))
    return g_strdup (_("Form filled in"));
  return g_strdup (_("Details changed"));
}

/* Which photos that the service asks for were not there, and why, a line for each. */
static void
say_missing_photos (JsonObject *data, GString *text)
{
  const char *said[SHT_N_PHOTO_ROLES] = { _("Without a before photo: %s"), _("Without an after photo: %s") };
  const char *unsaid[SHT_N_PHOTO_ROLES] = { _("Without a before photo"), _("Without an after photo") };
  JsonObject *without = sht_json_object (data, "without");
  JsonArray *missing = sht_json_array (data, "photos_missing");

  for (guint role = 0; role < SHT_N_PHOTO_ROLES; role++)
    {
      const char *name = sht_photo_role_name ((ShtPhotoRole) role), *why = sht_json_string (without, name);
      g_autofree char *isolated = sht_words_isolated (why);
      gboolean told = why != NULL;

      for (guint i = 0; missing != NULL && !told && i < json_array_get_length (missing); i++)
        {
          JsonNode *node = json_array_get_element (missing, i);

          told = JSON_NODE_HOLDS_VALUE (node) && g_strcmp0 (json_node_get_string (node), name) == 0;
        }
      if (told && text->len > 0)
        g_string_append_c (text, '\n');
      if (why != NULL)
        g_string_append_printf (text, said[role], isolated);
      else if (told)
        g_string_append (text, unsaid[role]);
    }
}

static void
add_line (GString *text, char *line)
{
  if (line != NULL && text->len > 0)
    g_string_append_c (text, '\n');
  g_string_append (text, line != NULL ? line : "");
  g_free (line);
}

/* Which questions of the work were not answered, and why, a line for each. */
static void
say_unanswered (JsonObject *service, JsonObject *data, GString *text)
{
  JsonObject *unanswered = sht_json_object (data, "unanswered");
  JsonArray *missing = sht_json_array (data, "answers_missing");
  g_autoptr (GList) codes = unanswered != NULL ? json_object_get_members (unanswered) : NULL;

  for (GList *code = codes; code != NULL; code = code->next)
    {
      JsonObject *question = sht_form_find (service, code->data);
      g_autofree char *asked = question != NULL ? sht_question_words (question) : g_strdup (code->data);
      g_autofree char *here = sht_words_isolated (asked);
      g_autofree char *why = sht_words_isolated (sht_json_string (unanswered, code->data));

      add_line (text, g_strdup_printf (_("Not answered: %s – %s"), here, why));
    }
  for (guint i = 0; missing != NULL && i < json_array_get_length (missing); i++)
    {
      JsonNode *node = json_array_get_element (missing, i);
      const char *code = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
      JsonObject *question = code != NULL ? sht_form_find (service, code) : NULL;
      g_autofree char *asked = question != NULL ? sht_question_words (question) : g_strdup (code != NULL ? code : "");
      g_autofree char *here = sht_words_isolated (asked);

      add_line (text, g_strdup_printf (_("Not answered: %s"), here));
    }
}

/**
 * sht_say_event_detail:
 *
 * Returns: (transfer full) (nullable): the words that a person wrote with it, what was answered, and what was asked for
 *   and was not there
 */
char *
sht_say_event_detail (ShtStore *store, JsonObject *event)
{
  static const char *const members[] = { "text", "reason", "caption" };
  JsonObject *data = sht_json_object (event, "data");
  g_autoptr (GString) words = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (members) && words->len == 0; i++)
    {
      const char *text = sht_json_string (data, members[i]);

      g_string_append (words, text != NULL ? text : "");
    }
  say_missing_photos (data, words);
  if (has_answers (sht_json_object (data, "fields")) || sht_json_has (data, "unanswered")
      || sht_json_has (data, "answers_missing"))
    {
      g_autoptr (JsonObject) service = sht_answers_service (store, sht_json_string (event, "ticket"));

      add_line (words, sht_answers_said (service, sht_json_object (data, "fields")));
      say_unanswered (service, data, words);
    }
  return words->len > 0 ? g_string_free (g_steal_pointer (&words), FALSE) : NULL;
}

/* The crew, and in brackets who of it was there: by the name of now in the reader's language, or by that of then. */
static char *
with_people (ShtStore *store, JsonObject *event, const char *actor, char *who)
{
  JsonArray *people = sht_json_array (event, "people");
  g_autofree char *first = who;
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; people != NULL && i < json_array_get_length (people); i++)
    {
      JsonObject *one = sht_json_element (people, i);
      const char *id = sht_json_string (one, "id");
      g_autoptr (JsonObject) person = id != NULL ? sht_store_get (store, "person", id, NULL) : NULL;
      g_autofree char *now = sht_words_translated (person, "name", "names");
      const char *name = now != NULL ? now : sht_json_string (one, "name");
      g_autofree char *isolated = name != NULL ? sht_words_isolated (name) : NULL;

      if (isolated == NULL || g_strcmp0 (id, actor) == 0)
        continue;
      /* Translators: between the members of a list, with the space behind it */
      g_string_append_printf (names, "%s%s", names->len > 0 ? _(", ") : "", isolated);
    }
  return names->len > 0 ? g_strdup_printf ("%s (%s)", first, names->str) : g_steal_pointer (&first);
}

/**
 * sht_say_event_actor:
 *
 * Returns: (transfer full): who did it
 */
char *
sht_say_event_actor (ShtStore *store, JsonObject *event)
{
  const char *actor = sht_json_string (event, "actor");
  g_autoptr (JsonObject) person = actor != NULL ? sht_store_get (store, "person", actor, NULL) : NULL;
  char *name = sht_words_translated (person, "name", "names");
  const char *crew;

  if (name != NULL)
    return with_people (store, event, actor, name);
  /* A crew's code stands in where the tablet has no person of its own. */
  crew = actor != NULL && g_strcmp0 (actor, store->device.id) != 0 ? actor : store->device.crew;
  return with_people (store, event, NULL, g_strdup (crew != NULL ? sht_names_get (store, "crew", crew) : _("This tablet")));
}

/**
 * sht_say_event_conflicts:
 *
 * Returns: (transfer full) (nullable): what stood against it, both values, and what was decided, a line for each
 *   field; %NULL where nothing did
 */
char *
sht_say_event_conflicts (ShtStore *store, JsonObject *event)
{
  const char *ticket = sht_json_string (event, "ticket");
  JsonArray *facts = sht_conflict_facts (event);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; facts != NULL && i < json_array_get_length (facts); i++)
    {
      JsonObject *fact = json_array_get_object_element (facts, i);
      JsonObject *resolved = sht_json_object (fact, "resolved");
      const char *field = sht_json_string (fact, "field");
      const char *keep = resolved != NULL ? sht_json_string (resolved, "keep") : NULL;
      g_autofree char *name = sht_attention_field (store, ticket, field);
      g_autofree char *mine = sht_attention_value (store, ticket, field, json_object_get_member (fact, "mine"));
      g_autofree char *theirs = sht_attention_value (store, ticket, field, json_object_get_member (fact, "theirs"));
      g_autofree char *here = sht_words_isolated (mine), *there = sht_words_isolated (theirs);
      g_autofree char *who = sht_words_isolated (sht_names_who (store, sht_json_string (fact, "their_name")));

      if (text->len > 0)
        g_string_append_c (text, '\n');
      g_string_append_printf (text, "%s: %s · %s: %s", name, here, who, there);
      if (keep != NULL)
        {
          g_string_append (text, " · ");
          g_string_append_printf (text, _("kept: %s"), g_str_equal (keep, "mine") ? here : there);
        }
    }
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

static char *
say_reason (ShtStore *store, const char *id)
{
  g_autofree char *text = sht_db_get_text (store->db, NULL, "SELECT result FROM op WHERE op = ?1", "s", id);
  g_autoptr (JsonObject) result = text != NULL ? sht_json_parse_object (text, -1, NULL) : NULL;

  if (g_strcmp0 (sht_json_string (result, "result"), "conflict") == 0)
    return g_strdup (_("Somebody else has said something different about this ticket. What you did is kept and shown "
                       "to be decided."));
  return g_strdup (_("The hub could not take this in as it is. What you did is kept; the page Sync shows what to do."));
}

static char *
say_stage (ShtStore *store, JsonObject *event, gint64 now)
{
  const char *state = sht_json_string (event, "state");
  const char *id = sht_json_string (event, "id");
  gint64 at = sht_words_time (event, "at");
  gint64 confirmed = 0, sent = 0;
  g_autofree char *when = NULL;

  if (g_strcmp0 (state, "needs_attention") == 0)
    return say_reason (store, id);
  if (g_strcmp0 (state, "put_away") == 0)
    return g_strdup (_("The hub could not take this in. You have seen that; your words stay on this tablet."));
  if (g_strcmp0 (state, "on_device") == 0)
    {
      when = sht_words_when (at, now);
      return g_strdup_printf (_("Safe on this tablet since %s. It will be sent as soon as there is signal."), when);
    }
  if (!sht_db_get_int (store->db, &confirmed, NULL,
                       "SELECT coalesce(max(confirmed_at), 0) FROM op WHERE op = ?1", "s", id)
      || !sht_db_get_int (store->db, &sent, NULL, "SELECT coalesce(max(sent_at), 0) FROM op WHERE op = ?1", "s", id))
    confirmed = sent = 0;
  if (g_strcmp0 (state, "sent") == 0)
    {
      when = sht_words_when (sent != 0 ? sent : at, now);
      return g_strdup_printf (_("Sent %s. The hub has not answered yet; it will be sent again until it does."), when);
    }
  if (confirmed == 0)
    confirmed = sht_words_time (event, "received_at");
  if (confirmed == 0)
    return g_strdup (sht_words_proof (SHT_MARK_CONFIRMED));
  when = sht_words_when (confirmed, now);
  return g_strdup_printf (_("Confirmed by the hub %s."), when);
}

/* Each of the steps that are gathered in one is proved by itself: when, what was answered, and how far it has come. */
static char *
prove_gathered (ShtStore *store, JsonArray *steps, gint64 now)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (steps); i++)
    {
      JsonObject *step = json_array_get_object_element (steps, i);
      g_autofree char *when = sht_words_when (sht_words_time (step, "at"), now);
      g_autofree char *said = sht_say_event_detail (store, step);
      g_autofree char *stage = say_stage (store, step, now);

      g_string_append_printf (text, "%s%s\n%s\n%s", i > 0 ? "\n\n" : "", when, said != NULL ? said : "", stage);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * sht_say_proof:
 * @event: one of a ticket view's events
 *
 * Returns: (transfer full): how far the hub has it, since when, and of a photo or voice note its fingerprint; of steps
 *   that are gathered in one, of each of them
 */
char *
sht_say_proof (ShtStore *store, JsonObject *event, gint64 now)
{
  char *stage = sht_json_has (event, SHT_GATHERED) ? prove_gathered (store, sht_json_array (event, SHT_GATHERED), now)
                                                   : say_stage (store, event, now);
  const char *photo = sht_json_string (sht_json_object (event, "data"), "photo");
  const char *voice = sht_json_string (sht_json_object (event, "data"), "voice");
  g_autofree char *sha256 = NULL, *fingerprint = NULL, *alone = NULL;

  if (photo != NULL)
    sha256 = sht_db_get_text (store->db, NULL, "SELECT sha256 FROM photo WHERE id = ?1", "s", photo);
  else if (voice != NULL)
    sha256 = sht_db_get_text (store->db, NULL, "SELECT sha256 FROM voice WHERE id = ?1", "s", voice);
  if (sha256 == NULL)
    return stage;
  alone = stage;
  fingerprint = sht_words_fingerprint (sha256);
  return g_strdup_printf ("%s\n%s", alone, fingerprint);
}
