/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/sync/waiting.h"

#include "core/json.h"
#include "core/operation.h"
#include "tablet/ui/common/names.h"
#include "tablet/ui/common/words.h"

#include <glib/gi18n.h>
#include <string.h>

/* What the hub and the engine say in plain English, to be said in the worker's language. */
static const char *const reasons[] = {
  N_ ("a report needs a service"),
  N_ ("nothing in it can be changed"),
  N_ ("the ticket is no longer open"),
  N_ ("a ticket with this id exists"),
  N_ ("there is no such ticket or place"),
  N_ ("this ticket was never with this crew"),
  N_ ("the photo's file on this tablet is damaged"),
  N_ ("the hub does not take this photo"),
};

static void
values_free (gpointer data)
{
  ShtTwoValues *values = data;

  g_free (values->field);
  g_free (values->mine);
  g_free (values->theirs);
  g_free (values);
}

static void
attention_free (gpointer data)
{
  ShtAttention *attention = data;

  g_free (attention->key);
  g_free (attention->ticket);
  g_free (attention->what);
  g_free (attention->about);
  g_free (attention->reason);
  g_ptr_array_unref (attention->values);
  g_free (attention);
}

static char *
status_words (const char *name)
{
  ShtStatus status;

  return g_strdup (sht_status_parse (name, &status) ? sht_words_status (status) : name);
}

/* What was done, as the person would say it. */
static char *
what_words (ShtStore *store, const char *kind, JsonObject *fields)
{
  if (g_str_equal (kind, "ticket.create"))
    return g_strdup (_("New report"));
  if (g_str_equal (kind, "ticket.status"))
    {
      g_autofree char *status = status_words (sht_json_string (fields, "want"));

      return g_strdup_printf (_("Status: %s"), status != NULL ? status : "");
    }
  if (g_str_equal (kind, "ticket.note"))
    {
      const char *text = sht_json_string (fields, "text");

      return g_strdup_printf (_("Note: “%s”"), text != NULL ? text : "");
    }
  if (g_str_equal (kind, "ticket.assign"))
    return g_strdup_printf (_("Assigned to %s"), sht_names_get (store, "crew", sht_json_string (fields, "crew")));
  if (g_str_equal (kind, "ticket.hand_over"))
    return g_strdup_printf (_("Handed over to %s"),
                            sht_names_get (store, "department", sht_json_string (fields, "department")));
  if (g_str_equal (kind, "photo.attach"))
    return g_strdup (_("Photo"));
  if (g_str_equal (kind, "photo.edit"))
    return g_strdup (_("Words to a photo"));
  if (g_str_equal (kind, "place.report"))
    return g_strdup (_("Report on a place"));
  if (g_str_equal (kind, "ticket.resolve"))
    return g_strdup (_("Decision"));
  return g_strdup (_("Change"));
}

static char *
field_words (const char *field)
{
  if (field == NULL)
    return g_strdup ("");
  if (g_str_equal (field, "status"))
    return g_strdup (_("Status"));
  if (g_str_equal (field, "title"))
    return g_strdup (_("Title"));
  if (g_str_equal (field, "description"))
    return g_strdup (_("Description"));
  if (g_str_equal (field, "address"))
    return g_strdup (_("Address"));
  if (g_str_equal (field, "service"))
    return g_strdup (_("Service"));
  if (g_str_equal (field, "crew"))
    return g_strdup (_("Crew"));
  if (g_str_equal (field, "department"))
    return g_strdup (_("Department"));
  if (g_str_equal (field, "priority"))
    return g_strdup (_("Priority"));
  if (g_str_equal (field, "lat_e7") || g_str_equal (field, "lon_e7"))
    return g_strdup (_("Position"));
  return g_strdup (field);
}

static char *
value_words (ShtStore *store, const char *field, JsonNode *node)
{
  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return g_strdup (_("nothing"));
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    {
      const char *text = json_node_get_string (node);

      if (g_strcmp0 (field, "status") == 0)
        return status_words (text);
      if (g_strcmp0 (field, "crew") == 0 || g_strcmp0 (field, "department") == 0 || g_strcmp0 (field, "service") == 0)
        return g_strdup (sht_names_get (store, field, text));
      return g_strdup (text);
    }
  return json_to_string (node, FALSE);
}

static void
add_values (ShtStore *store, ShtAttention *attention, JsonObject *result)
{
  JsonArray *conflicts = result != NULL ? sht_json_array (result, "conflicts") : NULL;

  for (guint i = 0; conflicts != NULL && i < json_array_get_length (conflicts); i++)
    {
      JsonNode *node = json_array_get_element (conflicts, i);
      JsonObject *conflict = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      ShtTwoValues *values;
      const char *field;

      if (conflict == NULL)
        continue;
      field = sht_json_string (conflict, "field");
      values = g_new0 (ShtTwoValues, 1);
      values->field = field_words (field);
      values->mine = value_words (store, field, json_object_get_member (conflict, "mine"));
      values->theirs = value_words (store, field, json_object_get_member (conflict, "theirs"));
      values->mine_stands = sht_json_bool (conflict, "mine_stands");
      g_ptr_array_add (attention->values, values);
    }
}

static char *
reason_words (const char *reason, gboolean has_values)
{
  for (guint i = 0; reason != NULL && i < G_N_ELEMENTS (reasons); i++)
    if (g_str_equal (reason, reasons[i]))
      return g_strdup (gettext (reasons[i]));
  if (reason != NULL && strstr (reason, " may not ") != NULL)
    return g_strdup (_("This crew may not do that: ask the supervisor"));
  if (reason != NULL)
    return g_strdup (reason);
  if (has_values)
    return g_strdup (_("Somebody else changed the same thing meanwhile"));
  return g_strdup (_("The hub could not take this as it is"));
}

static char *
about_words (ShtStore *store, const char *type, const char *entity, const char *ticket)
{
  g_autofree char *title = NULL, *where = NULL;
  gboolean is_place = g_strcmp0 (type, "place") == 0;

  title = sht_db_get_text (store->db, NULL,
                           is_place ? "SELECT name FROM place WHERE id = ?1" : "SELECT title FROM ticket WHERE id = ?1",
                           "s", is_place || ticket == NULL ? entity : ticket);
  if (!is_place)
    where = sht_db_get_text (store->db, NULL, "SELECT address FROM ticket WHERE id = ?1", "s",
                             ticket != NULL ? ticket : entity);
  if (title == NULL)
    return g_strdup (_("A ticket that is no longer on this tablet"));
  return where != NULL ? g_strdup_printf (_("%s, %s"), title, where) : g_steal_pointer (&title);
}

static ShtAttention *
attention_new (ShtStore *store, ShtStmt *stmt)
{
  ShtAttention *attention = g_new0 (ShtAttention, 1);
  g_autoptr (JsonObject) op = sht_json_parse_object (sht_stmt_text (stmt, 5), -1, NULL);
  g_autoptr (JsonObject) result
    = sht_stmt_is_null (stmt, 6) ? NULL : sht_json_parse_object (sht_stmt_text (stmt, 6), -1, NULL);
  JsonObject *fields = op != NULL ? sht_json_object (op, "fields") : NULL;
  g_autoptr (JsonObject) none = json_object_new ();

  attention->values = g_ptr_array_new_with_free_func (values_free);
  attention->key = sht_stmt_dup (stmt, 0);
  attention->ticket = g_strcmp0 (sht_stmt_text (stmt, 2), "place") == 0 ? NULL : sht_stmt_dup (stmt, 4);
  attention->what = what_words (store, sht_stmt_text (stmt, 1), fields != NULL ? fields : none);
  attention->about = about_words (store, sht_stmt_text (stmt, 2), sht_stmt_text (stmt, 3), attention->ticket);
  attention->made_at = sht_stmt_int (stmt, 7);
  add_values (store, attention, result);
  attention->reason = reason_words (result != NULL ? sht_json_string (result, "reason") : NULL,
                                    attention->values->len > 0);
  return attention;
}

static gboolean
add_refused_photos (ShtStore *store, GPtrArray *list, GError **error)
{
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT b.photo, b.reason, b.size, o.ticket, o.made_at FROM blob AS b "
                                "LEFT JOIN op AS o ON o.op = b.op WHERE b.state = 3 ORDER BY b.n",
                                "");

  while (sht_stmt_step (stmt))
    {
      ShtAttention *attention = g_new0 (ShtAttention, 1);
      g_autofree char *size = sht_words_size (sht_stmt_int (stmt, 2));

      attention->values = g_ptr_array_new_with_free_func (values_free);
      attention->key = sht_stmt_dup (stmt, 0);
      attention->ticket = sht_stmt_dup (stmt, 3);
      attention->what = g_strdup_printf (_("Photo (%s)"), size);
      attention->about = about_words (store, "ticket", attention->ticket, attention->ticket);
      attention->reason = reason_words (sht_stmt_text (stmt, 1), FALSE);
      attention->made_at = sht_stmt_int (stmt, 4);
      g_ptr_array_add (list, attention);
    }
  return sht_stmt_end (stmt, error);
}

/**
 * sht_attention_list:
 *
 * Returns: (transfer full) (nullable) (element-type ShtAttention): what the hub could not take as it is,
 *   the oldest first; nothing of it is dropped
 */
GPtrArray *
sht_attention_list (ShtStore *store, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (attention_free);
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT op, kind, type, entity, ticket, bytes, result, made_at FROM op WHERE state = 3 "
                                "ORDER BY n",
                                "");

  while (sht_stmt_step (stmt))
    g_ptr_array_add (list, attention_new (store, stmt));
  if (!sht_stmt_end (stmt, error) || !add_refused_photos (store, list, error))
    return NULL;
  return g_steal_pointer (&list);
}
