/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/service/hub.h"

#include "core/json-slice.h"
#include "core/people.h"
#include "core/protocol.h"
#include "platform/durable.h"

#include <string.h>

void
sht_hub_applied_clear (ShtHubApplied *applied)
{
  g_clear_pointer (&applied->json, g_free);
  g_clear_pointer (&applied->lines, g_ptr_array_unref);
}

static gboolean
find_scope (ShtHub *hub, const ShtHubDevice *device, const char *ticket, ShtMergeContext *ctx, GError **error)
{
  if (ctx->role < SHT_ROLE_MANAGER)
    return sht_hub_device_holds (hub, device, ticket, &ctx->in_scope, &ctx->was_in_scope, error);
  ctx->in_scope = TRUE;
  return TRUE;
}

/* What only the hub can give a new ticket. */
static gboolean
give_number (ShtHub *hub, JsonObject *ticket, GError **error)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (sht_json_int (ticket, "created_at", 0) / 1000);
  g_autofree char *series = g_strdup_printf ("106-%d", g_date_time_get_year (date));
  g_autofree char *number = NULL;
  gint64 n = 1;

  if (!hub->store->driver->next_in_series (hub->store, series, &n, error))
    return FALSE;
  number = g_strdup_printf ("%s-%05" G_GINT64_FORMAT, series, n);
  json_object_set_string_member (ticket, "number", number);
  return TRUE;
}

static char *
result_json (const ShtOperation *op, const ShtOutcome *outcome, JsonArray *facts, gint64 number)
{
  GString *out = g_string_new ("{\"t\":\"result\"");

  sht_json_append_member (out, "op", op->id);
  sht_json_append_member (out, "result", sht_result_name (outcome->result));
  sht_json_append_member_int (out, "number", number);
  sht_json_append_member (out, "reason", outcome->reason);
  if (outcome->contribution)
    g_string_append (out, ",\"contribution\":true");
  if (facts != NULL)
    {
      sht_json_append_key (out, "conflicts");
      sht_json_append_array (out, facts);
    }
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

/* A photo or voice note whose bytes the hub holds already, and which this device may see, is complete as soon as it is
 * attached. Who only knows its hash has to send the bytes. */
static gboolean
note_bytes_held (ShtHub *hub, const ShtHubDevice *device, JsonObject *attached, GError **error)
{
  const char *sha256 = sht_json_string (attached, "sha256");
  gboolean holds = FALSE;

  if (!sht_hub_shares_photo (hub, device, sha256, &holds, error))
    return FALSE;
  json_object_set_boolean_member (attached, "have", holds && sht_hub_fits_bytes (hub, attached, NULL));
  return TRUE;
}

static gboolean
write_outcome (ShtHub *hub, const ShtHubDevice *device, const ShtOperation *op, ShtOutcome *outcome,
               const ShtHubStood *stood, gint64 number, GPtrArray *lines, GError **error)
{
  const char *type = sht_kind_entity_type (op->kind);

  if (op->kind == SHT_KIND_TICKET_CREATE && !give_number (hub, outcome->entity, error))
    return FALSE;
  if (outcome->entity != NULL)
    {
      if (g_str_equal (type, "ticket") && !sht_hub_put_ticket (hub, outcome->entity, stood, number, lines, error))
        return FALSE;
      if (g_str_equal (type, "obstacle") && !sht_hub_put_obstacle (hub, outcome->entity, number, lines, error))
        return FALSE;
      if (g_str_equal (type, "place") && !sht_hub_put_reference (hub, outcome->entity, number, lines, error))
        return FALSE;
      if (g_str_equal (type, "photo")
          && (!sht_hub_put_child (hub, outcome->entity, number, lines, error)
              || !sht_hub_touch_parent (hub, sht_json_string (outcome->entity, "ticket"), number, error)))
        return FALSE;
    }
  if (outcome->attached != NULL
      && (!note_bytes_held (hub, device, outcome->attached, error)
          || !sht_hub_add_child (hub, outcome->attached, number, lines, error)))
    return FALSE;
  if (outcome->decided != NULL && !sht_hub_put_child (hub, outcome->decided, number, lines, error))
    return FALSE;
  return outcome->event == NULL || sht_hub_add_event (hub, outcome->event, number, lines, error);
}

static const char *
ticket_of (const ShtOperation *op, JsonObject *current)
{
  return op->kind == SHT_KIND_PHOTO_EDIT && current != NULL ? sht_json_string (current, "ticket") : op->entity;
}

static gboolean
load_current (ShtHub *hub, const ShtOperation *op, JsonObject **current, GError **error)
{
  const char *type = sht_kind_entity_type (op->kind);
  g_autoptr (GError) local_error = NULL;

  if (g_str_equal (type, "ticket"))
    *current = sht_hub_take_ticket (hub, op->entity, &local_error);
  else
    *current = sht_hub_get (hub, type, op->entity, &local_error);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static void
note_stood (const ShtOperation *op, JsonObject *current, ShtHubStood *stood)
{
  if (!g_str_equal (sht_kind_entity_type (op->kind), "ticket"))
    return;
  sht_hub_note_stood (current, stood);
  stood->touched = op->kind == SHT_KIND_TICKET_NOTE || op->kind == SHT_KIND_PHOTO_ATTACH || op->kind == SHT_KIND_VOICE_ADD;
}

/* What a stored result says. */
static ShtResult
stored_result (const char *json, gboolean *contribution)
{
  g_autoptr (JsonObject) object = sht_json_parse_object (json, -1, NULL);
  ShtResult result = SHT_RESULT_REJECTED;

  sht_result_parse (sht_json_string (object, "result"), &result);
  if (contribution != NULL)
    *contribution = sht_json_bool (object, "contribution");
  return result;
}

static gboolean
check_dependency (ShtHub *hub, const ShtOperation *op, gboolean *met, GError **error)
{
  *met = TRUE;
  return op->depends_on == NULL || sht_hub_is_taken_in (hub, op->depends_on, met, error);
}

/* The ids of what is new are the tablet's: one that stands already under another ticket must not be taken over. */
static gboolean
check_new_ids (ShtHub *hub, const ShtOperation *op, gboolean *met, GError **error)
{
  const char *attached = sht_json_string (sht_operation_attached (op), "id");
  const char *other = op->kind == SHT_KIND_OBSTACLE_RAISE ? "ticket" : op->kind == SHT_KIND_TICKET_CREATE ? "obstacle" : NULL;
  g_autofree char *event = NULL;
  g_autofree char *parent = NULL;
  g_autofree char *photo = NULL;
  g_autofree char *voice = NULL;

  if (!hub->store->driver->get_entity (hub->store, "event", op->id, &event, error))
    return FALSE;
  if (attached != NULL
      && (!hub->store->driver->get_entity (hub->store, "photo", attached, &photo, error)
          || !hub->store->driver->get_entity (hub->store, "voice", attached, &voice, error)))
    return FALSE;
  if (other != NULL && !hub->store->driver->get_entity (hub->store, other, op->entity, &parent, error))
    return FALSE;
  *met = event == NULL && photo == NULL && voice == NULL && parent == NULL;
  return TRUE;
}

static gboolean
add_doc (ShtHub *hub, const char *type, const char *id, GPtrArray *lines, GError **error)
{
  char *doc = NULL;

  if (id == NULL)
    return TRUE;
  if (!hub->store->driver->get_entity (hub->store, type, id, &doc, error))
    return FALSE;
  if (doc != NULL)
    g_ptr_array_add (lines, doc);
  return TRUE;
}

/**
 * sht_hub_lines_again:
 * @operation: one that was taken in before
 * @result: what was stored then
 * @lines: (element-type utf8): where the entities that it touched are added, as they are now, if the
 *   device still has them
 */
gboolean
sht_hub_lines_again (ShtHub *hub, const ShtHubDevice *device, const ShtOperation *op, const char *result,
                     GPtrArray *lines, GError **error)
{
  ShtMergeContext ctx = { 0 };
  g_autoptr (JsonObject) photo = NULL;
  g_autoptr (GError) local_error = NULL;
  gboolean contribution;

  if (stored_result (result, &contribution) == SHT_RESULT_REJECTED || contribution)
    return TRUE;
  sht_role_parse (device->role, &ctx.role);
  if (op->kind == SHT_KIND_PHOTO_EDIT)
    photo = sht_hub_get (hub, "photo", op->entity, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (!find_scope (hub, device, ticket_of (op, photo), &ctx, error))
    return FALSE;
  if (!ctx.in_scope && !g_str_equal (sht_kind_entity_type (op->kind), "place"))
    return TRUE;
  return add_doc (hub, sht_kind_entity_type (op->kind), op->entity, lines, error)
         && add_doc (hub, op->kind == SHT_KIND_VOICE_ADD ? "voice" : "photo",
                     sht_json_string (sht_operation_attached (op), "id"), lines, error)
         && (op->kind != SHT_KIND_TICKET_RESOLVE
             || add_doc (hub, "event", sht_json_string (op->fields, "op"), lines, error))
         && add_doc (hub, "event", op->id, lines, error);
}

static ShtOutcome *
rejection (const char *reason)
{
  ShtOutcome *outcome = g_new0 (ShtOutcome, 1);

  outcome->conflicts = g_ptr_array_new ();
  outcome->result = SHT_RESULT_REJECTED;
  outcome->reason = g_strdup (reason);
  return outcome;
}

static gboolean
is_photo_of (ShtHub *hub, const char *id, const char *ticket)
{
  g_autoptr (JsonObject) photo = sht_hub_get (hub, "photo", id, NULL);

  return photo != NULL && g_strcmp0 (sht_json_string (photo, "ticket"), ticket) == 0;
}

static ShtOutcome *
judge (ShtHub *hub, const ShtOperation *op, ShtMergeContext *ctx, JsonObject *current, gboolean depends_met,
       gboolean ids_free)
{
  g_autoptr (JsonObject) crew = NULL;
  const char *of = op->kind == SHT_KIND_PHOTO_ATTACH ? sht_json_string (sht_operation_attached (op), "of") : NULL;

  if (!depends_met)
    return rejection ("what it depends on was not taken in");
  if (!ids_free)
    return rejection ("an entity with this id exists already");
  if (op->kind == SHT_KIND_TICKET_CREATE && ctx->service == NULL)
    return rejection ("there is no such service");
  if (of != NULL && !is_photo_of (hub, of, op->entity))
    return rejection ("the photo that was drawn on is not one of this ticket");
  if (op->kind == SHT_KIND_TICKET_ASSIGN && sht_json_has (op->fields, "crew"))
    {
      crew = sht_hub_get (hub, "crew", sht_json_string (op->fields, "crew"), NULL);
      if (crew == NULL)
        return rejection ("there is no such crew");
    }
  if (op->kind == SHT_KIND_TICKET_HAND_OVER || (op->kind == SHT_KIND_OBSTACLE_RAISE && sht_json_has (op->fields, "department")))
    {
      crew = sht_hub_get (hub, "department", sht_json_string (op->fields, "department"), NULL);
      if (crew == NULL)
        return rejection ("there is no such department");
    }
  return sht_merge (ctx, op, current);
}

static gboolean
collect_photo (gpointer data, const char *type, const char *id, gint64 number, const char *doc)
{
  JsonObject *photo = g_str_equal (type, "photo") ? sht_json_parse_object (doc, -1, NULL) : NULL;

  if (photo != NULL)
    json_array_add_object_element (data, photo);
  return TRUE;
}

/* What the merge has to know of the town: the service and what it promises, and whose calendars there are. */
static gboolean
load_service (ShtHub *hub, ShtHubMemory *memory, const ShtOperation *op, JsonObject *current, ShtMergeContext *ctx,
              JsonObject **service, GError **error)
{
  const char *code = sht_merge_needs_service (ctx, op, current);
  g_autoptr (GError) local_error = NULL;

  if (code != NULL)
    *service = sht_hub_memory_service (hub, memory, code, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  ctx->service = *service;
  return !sht_merge_sets_clock (op) || sht_hub_memory_town (hub, memory, &ctx->town, error);
}

/* Which photos the service asks for that have not been told of so far; their bytes may be on the way. */
static gboolean
find_missing_photos (ShtHub *hub, const ShtOperation *op, ShtMergeContext *ctx, GError **error)
{
  g_autoptr (JsonArray) photos = json_array_new ();

  if (op->kind != SHT_KIND_TICKET_STATUS || g_strcmp0 (sht_json_string (op->fields, "want"), "done") != 0
      || !sht_json_has (ctx->service, "photos"))
    return TRUE;
  if (!hub->store->driver->each_child (hub->store, op->entity, 0, collect_photo, photos, error))
    return FALSE;
  sht_photo_rule_missing (ctx->service, photos, ctx->missing_photos);
  return TRUE;
}

/* What the tablet had seen may be of a history that was lost: only up to the fork do its numbers mean the same
 * here, and what has changed since counts as not seen. Of a history that is not known at all nothing does. */
static gboolean
clamp_base (ShtHub *hub, ShtHubMemory *memory, const ShtOperation *op, GError **error)
{
  g_autoptr (GList) names = op->base != NULL ? json_object_get_members (op->base) : NULL;
  gint64 through;

  if (!sht_hub_memory_common_with (hub, memory, op->history, &through, error))
    return FALSE;
  for (GList *name = names; name != NULL; name = name->next)
    if (sht_json_int (op->base, name->data, 0) > through)
      json_object_set_int_member (op->base, name->data, through);
  return TRUE;
}

static char *
find_person (gpointer hub, const char *id)
{
  char *line = NULL;

  ((ShtHub *) hub)->store->driver->get_entity (((ShtHub *) hub)->store, "person", id, &line, NULL);
  return line;
}

/* What a tablet does comes after what it did before; but what was refused, and is sent anew, was done when it was done
 * first. */
static gint64
not_before (const ShtHubDevice *device, const ShtOperation *op)
{
  return op->instead_of != NULL ? MIN (device->enrolled_at, device->last_event_at) : device->last_event_at;
}

/**
 * sht_hub_apply:
 * @device: whose operation it is
 * @operation: a valid operation that was not applied before
 * @hash: SHA-256 of its frozen bytes
 * @device_seq: the tablet's number of it
 * @sender: (nullable): what the push told of the tablet; %NULL for what is done at the hub itself
 * @memory: what the transaction has come to know
 * @applied: (out): the result, and the entities as they are now
 *
 * Applies one operation inside the caller's transaction: its effects, its log row and the fact that it
 * was applied are written together.
 *
 * Returns: %FALSE with an error, after which something of it may be written, or in the memory; a rejection is a result,
 *   not an error
 */
gboolean
sht_hub_apply (ShtHub *hub, const ShtHubDevice *device, const ShtOperation *op, const char *hash,
               gint64 device_seq, const ShtHubSender *sender, ShtHubMemory *memory, ShtHubApplied *applied, GError **error)
{
  static const ShtHubSender hub_itself = { .boot_ms = -1 };
  ShtMergeContext ctx = {
    .device = device->id,
    .incarnation = sender != NULL ? sender->incarnation : NULL,
    .device_seq = device_seq,
    .crew = device->crew,
    .department = device->department,
    .received_at = sht_hub_now (hub),
  };
  g_autoptr (JsonObject) current = NULL;
  g_autoptr (JsonArray) people = NULL;
  g_autoptr (JsonObject) decided = NULL;
  g_autoptr (JsonObject) service = NULL;
  g_autoptr (JsonArray) facts = NULL;
  g_autoptr (ShtOutcome) outcome = NULL;
  g_auto (ShtHubStood) stood = { 0 };
  gboolean depends_met, ids_free;
  gint64 number = 0;

  sht_role_parse (device->role, &ctx.role);
  ctx.certainty = sht_hub_judge_time (op, sender != NULL ? sender : &hub_itself, not_before (device, op), ctx.received_at, &ctx.at);
  ctx.actor_name = sht_hub_memory_actor_name (hub, memory, op->actor);
  ctx.people = people = sht_people_tell (op, find_person, hub);
  if (op->history != NULL && !clamp_base (hub, memory, op, error))
    return FALSE;
  if (!load_current (hub, op, &current, error) || !sht_hub_load_decided (hub, op, &decided, error)
      || !find_scope (hub, device, ticket_of (op, current), &ctx, error)
      || !load_service (hub, memory, op, current, &ctx, &service, error)
      || !find_missing_photos (hub, op, &ctx, error)
      || !check_dependency (hub, op, &depends_met, error) || !check_new_ids (hub, op, &ids_free, error)
      || !sht_hub_next_number (hub, sht_kind_entity_type (op->kind), op->entity, op->id, device->id, &number,
                               error))
    return FALSE;
  note_stood (op, current, &stood);
  ctx.number = number;
  ctx.decided = decided;
  outcome = judge (hub, op, &ctx, current, depends_met, ids_free);
  if (!sht_hub_tell_conflicts (hub, outcome, &facts, error))
    return FALSE;
  applied->lines = g_ptr_array_new_with_free_func (g_free);
  if (outcome->result != SHT_RESULT_REJECTED
      && !write_outcome (hub, device, op, outcome, &stood, number, applied->lines, error))
    return FALSE;
  /* Who contributed to what had been taken away learns that it arrived, not how the ticket stands. */
  if (outcome->contribution)
    g_ptr_array_set_size (applied->lines, 0);
  applied->result = outcome->result;
  applied->number = number;
  applied->at = ctx.at;
  applied->json = result_json (op, outcome, facts, number);
  return hub->store->driver->put_op (hub->store, op->id, hash, applied->json, device->id, device_seq, number,
                                     error)
         && sht_hub_keep_conflicts (hub, op, outcome, applied->json, error);
}
