/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/view.h"

#include "core/json.h"

/* How the command lines show entities: times as text, positions in degrees, every documented key there,
 * null where nothing is known. */

/**
 * sht_view_time:
 * @ms: milliseconds since 1970 UTC
 *
 * Returns: (transfer full): ISO 8601 in UTC, to the second
 */
char *
sht_view_time (gint64 ms)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (ms / 1000);

  return time != NULL ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ") : g_strdup ("");
}

static void
copy (JsonObject *to, JsonObject *from, const char *member)
{
  JsonNode *node = json_object_get_member (from, member);

  json_object_set_member (to, member, node != NULL ? json_node_copy (node) : json_node_new (JSON_NODE_NULL));
}

static void
copy_time (JsonObject *to, JsonObject *from, const char *member)
{
  gint64 ms = sht_json_int (from, member, 0);
  g_autofree char *text = ms != 0 ? sht_view_time (ms) : NULL;

  if (text != NULL)
    json_object_set_string_member (to, member, text);
  else
    json_object_set_null_member (to, member);
}

static void
copy_position (JsonObject *to, JsonObject *from)
{
  static const char *const names[][2] = { { "lat", "lat_e7" }, { "lon", "lon_e7" } };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (sht_json_has (from, names[i][1]))
      json_object_set_double_member (to, names[i][0], (double) sht_json_int (from, names[i][1], 0) / 1e7);
    else
      json_object_set_null_member (to, names[i][0]);
}

static void
copy_known (JsonObject *to, JsonObject *from, const char *const *members, guint n)
{
  for (guint i = 0; i < n; i++)
    copy (to, from, members[i]);
}

static void
copy_extra (JsonObject *to, JsonObject *from, const char *const *members, guint n)
{
  for (guint i = 0; i < n; i++)
    if (sht_json_has (from, members[i]))
      copy (to, from, members[i]);
}

/* What was promised, with its times as times are written. */
static JsonArray *
view_promises (JsonObject *ticket)
{
  static const char *const known[] = { "milestone", "amount", "unit" };
  JsonArray *sla = sht_json_array (ticket, "sla"), *promises = json_array_new ();

  for (guint i = 0; sla != NULL && i < json_array_get_length (sla); i++)
    {
      JsonObject *milestone = sht_json_element (sla, i);
      JsonObject *promise;

      if (milestone == NULL)
        continue;
      promise = json_object_new ();
      copy_extra (promise, milestone, known, G_N_ELEMENTS (known));
      copy_time (promise, milestone, "due_at");
      copy_time (promise, milestone, "met_at");
      json_array_add_object_element (promises, promise);
    }
  return promises;
}

/**
 * sht_view_ticket:
 *
 * Returns: (transfer full): the ticket without its photos and events
 */
JsonObject *
sht_view_ticket (JsonObject *ticket)
{
  static const char *const known[] = { "id", "number", "status", "title", "description", "address" };
  static const char *const more[] = { "service", "department", "crew", "place" };
  static const char *const extra[] = { "priority", "waiting_for", "duplicate_of", "resident", "answers", "visit",
                                       "legs", "crm", "extra", "obstacle" };
  JsonObject *view = json_object_new ();

  copy_known (view, ticket, known, G_N_ELEMENTS (known));
  copy_position (view, ticket);
  copy_known (view, ticket, more, G_N_ELEMENTS (more));
  copy_time (view, ticket, "due_at");
  json_object_set_array_member (view, "sla", view_promises (ticket));
  copy (view, ticket, "source");
  copy_time (view, ticket, "created_at");
  copy_time (view, ticket, "updated_at");
  copy_extra (view, ticket, extra, G_N_ELEMENTS (extra));
  return view;
}

/**
 * sht_view_event:
 *
 * Returns: (transfer full): the event; `actor` is the best name known of who did it
 */
JsonObject *
sht_view_event (JsonObject *event)
{
  static const char *const who[] = { "actor_name", "actor", "crew", "role", "device" };
  static const char *const extra[] = { "crew", "device", "certainty", "contribution", "data" };
  JsonObject *view = json_object_new ();
  const char *actor = NULL;

  copy (view, event, "id");
  copy (view, event, "kind");
  copy_time (view, event, "at");
  copy_time (view, event, "received_at");
  for (guint i = 0; i < G_N_ELEMENTS (who) && actor == NULL; i++)
    actor = sht_json_string (event, who[i]);
  if (actor != NULL)
    json_object_set_string_member (view, "actor", actor);
  else
    json_object_set_null_member (view, "actor");
  copy_extra (view, event, extra, G_N_ELEMENTS (extra));
  return view;
}

/**
 * sht_view_photo:
 * @state: on_device, sent or confirmed
 *
 * Returns: (transfer full): the photo
 */
JsonObject *
sht_view_photo (JsonObject *photo, const char *state)
{
  static const char *const known[] = { "id", "source_sha256", "sha256", "size", "role", "caption" };
  static const char *const extra[] = { "thumb_sha256", "width", "height", "taken_from", "position_from", "device_model",
                                       "heading", "warnings", "of", "layer" };
  JsonObject *view = json_object_new ();

  copy_known (view, photo, known, G_N_ELEMENTS (known));
  copy_time (view, photo, "taken_at");
  copy_position (view, photo);
  json_object_set_string_member (view, "state", state);
  copy_extra (view, photo, extra, G_N_ELEMENTS (extra));
  return view;
}

/**
 * sht_view_voice:
 * @state: on_device, sent or confirmed
 *
 * Returns: (transfer full): the voice note
 */
JsonObject *
sht_view_voice (JsonObject *voice, const char *state)
{
  static const char *const known[] = { "id", "sha256", "size", "duration_ms" };
  JsonObject *view = json_object_new ();

  copy_known (view, voice, known, G_N_ELEMENTS (known));
  json_object_set_string_member (view, "state", state);
  return view;
}

/**
 * sht_view_place:
 *
 * Returns: (transfer full): the place
 */
JsonObject *
sht_view_place (JsonObject *place)
{
  static const char *const known[] = { "id", "name", "layer", "kind", "address", "state", "report" };
  static const char *const extra[] = { "code", "names", "description", "note", "points", "lines", "areas" };
  JsonObject *view = json_object_new ();

  copy_known (view, place, known, G_N_ELEMENTS (known));
  copy_position (view, place);
  copy_extra (view, place, extra, G_N_ELEMENTS (extra));
  return view;
}

/**
 * sht_view_obstacle:
 *
 * Returns: (transfer full): the obstacle without its photos and answers
 */
JsonObject *
sht_view_obstacle (JsonObject *obstacle)
{
  static const char *const known[] = { "id", "kind", "status", "text", "ticket", "from", "department", "crew", "by" };
  JsonObject *view = json_object_new ();

  copy_known (view, obstacle, known, G_N_ELEMENTS (known));
  copy_time (view, obstacle, "at");
  copy_time (view, obstacle, "updated_at");
  copy_time (view, obstacle, "settled_at");
  return view;
}

/**
 * sht_view_crew:
 *
 * Returns: (transfer full): the crew
 */
JsonObject *
sht_view_crew (JsonObject *crew)
{
  static const char *const known[] = { "id", "name", "department" };
  JsonObject *view = json_object_new ();

  copy_known (view, crew, known, G_N_ELEMENTS (known));
  return view;
}
