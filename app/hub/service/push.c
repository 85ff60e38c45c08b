/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/service/hub.h"

#include "core/json-guard.h"
#include "core/protocol.h"
#include "platform/db.h"
#include "platform/durable.h"

#include <string.h>

#define MOST_INCARNATION_CHARS 36

typedef struct
{
  ShtHub *hub;
  ShtHubDevice device; /* its strings are the caller's */
  ShtHubSender sender;
  ShtHubMemory memory;
  gint64 highest_seq;  /* of this incarnation, so far */
  gint64 noted_seq;    /* and as far as it is written down */
  guint applied;       /* how many operations were */
  gboolean was_saved;  /* it has come by another way than the tablet's own pushes */
  gboolean careful;    /* whether each operation has a savepoint of its own, to be left out alone */
  gboolean again;      /* whether it has none, and one of them cannot be applied */
  GString *out;
  GHashTable *latest;  /* (owned): its beginning → the entity's newest line */
  GPtrArray *order;    /* (owned): those keys, borrowed, as they came up */
} Push;

static gboolean
bad_request (GError **error, const char *what)
{
  g_set_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_BAD_REQUEST, "%s", what);
  return FALSE;
}

static void
append_rejection (Push *push, const char *op, const char *reason)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *line = NULL;

  json_object_set_string_member (object, "t", "result");
  json_object_set_string_member (object, "op", op);
  json_object_set_string_member (object, "result", "rejected");
  json_object_set_string_member (object, "reason", reason);
  line = sht_json_to_string (object);
  g_string_append (push->out, line);
  g_string_append_c (push->out, '\n');
}

/* Type and id come first in an entity's line, without escapes: {"t":"ticket","id":"…". */
static char *
name_of_line (const char *line)
{
  const char *at = line;

  for (guint quotes = 0; *at != '\0' && quotes < 8; at++)
    quotes += *at == '"';
  return g_strndup (line, (gsize) (at - line));
}

/* Takes the lines out of the array. */
static void
remember_lines (Push *push, GPtrArray *lines)
{
  for (guint i = 0; i < lines->len; i++)
    {
      char *line = g_steal_pointer (&g_ptr_array_index (lines, i));
      char *key = name_of_line (line);

      /* The first key stays. */
      if (g_hash_table_insert (push->latest, key, line))
        g_ptr_array_add (push->order, key);
    }
}

/* Whether the fault lies in what this operation touches, so that the same would happen for ever and hold
 * up what comes behind it; a full disk or a busy database is everybody's, and passes. */
static gboolean
is_of_this_one (const GError *error)
{
  return error->domain == SHT_JSON_ERROR || error->domain == JSON_PARSER_ERROR || error->domain == SHT_HUB_ERROR
         || g_error_matches (error, SHT_DB_ERROR, SHT_DB_ERROR_CONSTRAINT);
}

/* A file that was saved before the hub was restored may rest on what the restored one has lost. Its tablet has that, and tells all of
 * it in its order once it hears of the restore: to refuse now what comes first would be for good. */
static gboolean
is_for_the_tablet (Push *push, const ShtOperation *op, gint64 seen, const ShtHubApplied *applied, gboolean *left, GError **error)
{
  ShtHubStore *store = push->hub->store;
  g_auto (ShtHubHistory) now = { 0 };

  *left = FALSE;
  if (!push->was_saved || applied->result != SHT_RESULT_REJECTED || op->history == NULL)
    return TRUE;
  if (!store->driver->get_history (store, &now, error))
    return FALSE;
  *left = g_strcmp0 (op->history, now.id) != 0 || seen >= applied->number;
  return TRUE;
}

static void
leave_out (Push *push, const ShtOperation *op, const char *why)
{
  push->hub->store->driver->undo_savepoint (push->hub->store);
  sht_hub_memory_clear (&push->memory);
  append_rejection (push, op->id, why);
}

/* In a savepoint SQLite copies each page before it is changed. Nearly always all can be applied: only where one could not
 * be, everything is done once more, with an operation's savepoint to go back to. */
static gboolean
apply_new (Push *push, const ShtOperation *op, const char *hash, gint64 device_seq, GError **error)
{
  g_auto (ShtHubApplied) applied = { 0 };
  g_autoptr (GError) local_error = NULL;
  ShtHubStore *store = push->hub->store;
  /* as it was told: to apply it changes that */
  gint64 seen = sht_json_int (op->base, "rev", 0);
  gboolean left;

  if (push->careful && !store->driver->savepoint (store, error))
    return FALSE;
  if (!sht_hub_apply (push->hub, &push->device, op, hash, device_seq, &push->sender, &push->memory, &applied, &local_error))
    {
      push->again = !push->careful && is_of_this_one (local_error);
      if (push->again || !is_of_this_one (local_error))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      g_warning ("operation %s: %s", op->id, local_error->message);
      leave_out (push, op, "the hub cannot apply this");
      return TRUE;
    }
  if (!is_for_the_tablet (push, op, seen, &applied, &left, error))
    return FALSE;
  if (left)
    {
      leave_out (push, op, "the hub was restored since: the tablet tells it anew, with what it rests on, once it syncs");
      return TRUE;
    }
  if (push->careful && !store->driver->release (store, error))
    return FALSE;
  push->applied++;
  push->device.last_event_at = MAX (push->device.last_event_at, applied.at);
  g_string_append (push->out, applied.json);
  g_string_append_c (push->out, '\n');
  remember_lines (push, applied.lines);
  return TRUE;
}

/* A tablet numbers what it sends upwards. A number that was given before, to something else, comes from a copy
 * of its store or from an older one put back: were it taken in, the one's steps would count as seen by the
 * other. */
static gboolean
check_seq (Push *push, gint64 device_seq, GError **error)
{
  if (push->sender.incarnation == NULL)
    return TRUE;
  if (device_seq <= push->highest_seq)
    {
      g_set_error_literal (error, SHT_HUB_ERROR, SHT_HUB_ERROR_INCARNATION,
                           "another copy of this tablet has sent under these numbers: number them anew");
      return FALSE;
    }
  push->highest_seq = device_seq;
  return TRUE;
}

static gboolean
note_seq (Push *push, GError **error)
{
  return push->highest_seq == push->noted_seq
         || push->hub->store->driver->note_incarnation (push->hub->store, push->device.id, push->sender.incarnation,
                                                        push->highest_seq, error);
}

/* Whoever asks again has not got the first answer: without the entities as they are now, what they did
 * would vanish from their sight until the next pull. */
static gboolean
tell_again (Push *push, const char *bytes, gsize length, const char *result, GError **error)
{
  g_autoptr (ShtOperation) op = sht_operation_parse (bytes, (gssize) length, NULL);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  if (op == NULL)
    return TRUE;
  if (!sht_hub_lines_again (push->hub, &push->device, op, result, lines, error))
    return FALSE;
  remember_lines (push, lines);
  return TRUE;
}

/* One operation: known by its id and the hash of its bytes, it gives the stored result; another with
 * the same id is refused. What cannot be understood is refused alone, and the rest goes on. */
static gboolean
push_one (Push *push, const char *id, gint64 device_seq, const char *bytes, gsize length, GError **error)
{
  ShtHubStore *store = push->hub->store;
  g_autofree char *hash = sht_sha256_of_bytes (bytes, length);
  g_autofree char *known_hash = NULL;
  g_autofree char *known_result = NULL;
  g_autoptr (GError) local_error = NULL;
  g_autoptr (ShtOperation) op = NULL;

  if (!store->driver->get_op (store, id, &known_hash, &known_result, error))
    return FALSE;
  if (known_result != NULL && g_str_equal (known_hash, hash))
    {
      /* the stored object with one more member */
      g_string_append_len (push->out, known_result, (gssize) strlen (known_result) - 1);
      g_string_append (push->out, ",\"duplicate\":true}\n");
      return tell_again (push, bytes, length, known_result, error);
    }
  if (known_result != NULL)
    {
      append_rejection (push, id, "another operation with this id was taken in before");
      return TRUE;
    }
  op = sht_operation_parse (bytes, (gssize) length, &local_error);
  if (op == NULL || !g_str_equal (op->id, id))
    {
      append_rejection (push, id, op == NULL ? local_error->message : "its id is not the one announced");
      return TRUE;
    }
  return check_seq (push, device_seq, error) && apply_new (push, op, hash, device_seq, error);
}

static gboolean
push_all (Push *push, JsonArray *announced, const char *body, const char *end, GError **error)
{
  guint n = json_array_get_length (announced);

  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (announced, i);
      JsonObject *one = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *newline = memchr (body, '\n', (gsize) (end - body));
      const char *id = sht_json_string (one, "op");
      gint64 device_seq = sht_json_int (one, "seq", -1);

      if (!sht_id_is_valid (id) || device_seq < 0)
        return bad_request (error, "each operation is announced by its op and seq");
      if (newline == NULL)
        return bad_request (error, "fewer operations came than were announced");
      if (!push_one (push, id, device_seq, body, (gsize) (newline - body), error))
        return FALSE;
      body = newline + 1;
    }
  return body == end || bad_request (error, "more came than was announced");
}

/* Read where nobody else writes: another of the device's requests may have moved it since it was let in. */
static gboolean
load_last_event (Push *push, GError **error)
{
  g_autoptr (ShtHubDevice) now = NULL;

  if (!push->hub->store->driver->get_device_by_id (push->hub->store, push->device.id, &now, error))
    return FALSE;
  if (now != NULL)
    push->device.last_event_at = now->last_event_at;
  return TRUE;
}

/* What was saved goes by a way of its own: what the tablet did before may come after it. */
static gboolean
note_device (Push *push, GError **error)
{
  return push->applied == 0
         || push->hub->store->driver->note_device (push->hub->store, push->device.id,
                                                   push->was_saved ? 0 : push->device.last_event_at,
                                                   sht_hub_now (push->hub), error);
}

static gboolean
finish (Push *push, GError **error)
{
  gint64 head, nonce;

  if (!note_seq (push, error) || !note_device (push, error)
      || !push->hub->store->driver->log_head (push->hub->store, &head, &nonce, error))
    return FALSE;
  for (guint i = 0; i < push->order->len; i++)
    {
      g_string_append (push->out, g_hash_table_lookup (push->latest, g_ptr_array_index (push->order, i)));
      g_string_append_c (push->out, '\n');
    }
  g_string_append_printf (push->out,
                          "{\"t\":\"end\",\"head\":%" G_GINT64_FORMAT ",\"now\":%" G_GINT64_FORMAT, head,
                          sht_hub_now (push->hub));
  if (!sht_hub_append_history (push->hub, push->out, error))
    return FALSE;
  g_string_append (push->out, "}\n");
  return TRUE;
}

/* Who does not know yet that the hub was restored has more to send than this, and it comes first: what is new
 * may rest on what was lost. */
static gboolean
check_history (Push *push, JsonObject *envelope, GError **error)
{
  const char *told = sht_json_string (envelope, "history");
  g_auto (ShtHubHistory) now = { 0 };
  gint64 head, nonce;

  if (told == NULL)
    return TRUE;
  if (!push->hub->store->driver->get_history (push->hub->store, &now, error)
      || !push->hub->store->driver->log_head (push->hub->store, &head, &nonce, error))
    return FALSE;
  if (g_strcmp0 (told, now.id) == 0 && sht_json_int (envelope, "head", 0) <= head)
    return TRUE;
  g_set_error_literal (error, SHT_HUB_ERROR, SHT_HUB_ERROR_RESYNC, "the hub has gone back: it was restored");
  return FALSE;
}

static gboolean
read_sender (Push *push, JsonObject *envelope, GError **error)
{
  const char *incarnation = sht_json_string (envelope, "incarnation");

  push->sender = (ShtHubSender){
    .offset_ms = sht_json_int (envelope, "clock_offset_ms", 0),
    .incarnation = incarnation,
    .boot_id = sht_json_string (envelope, "boot_id"),
    .boot_ms = sht_json_int (envelope, "boot_ms", -1),
    .ago_ms = push->sender.ago_ms,
  };
  if (incarnation == NULL)
    return TRUE;
  if (incarnation[0] == '\0' || strlen (incarnation) > MOST_INCARNATION_CHARS
      || strspn (incarnation, "0123456789abcdef-") != strlen (incarnation))
    return bad_request (error, "an incarnation is 1 to 36 hexadecimal digits");
  if (!push->hub->store->driver->get_incarnation (push->hub->store, push->device.id, incarnation, &push->highest_seq,
                                                  error))
    return FALSE;
  push->noted_seq = push->highest_seq;
  return TRUE;
}

/* Takes all in, in one transaction, or nothing. */
static gboolean
take_in (Push *push, JsonObject *envelope, const char *lines, const char *end, GError **error)
{
  ShtHubStore *store = push->hub->store;

  if (!store->driver->begin (store, TRUE, error))
    return FALSE;
  if (!load_last_event (push, error) || !check_history (push, envelope, error) || !read_sender (push, envelope, error)
      || !push_all (push, sht_json_array (envelope, "ops"), lines, end, error) || !finish (push, error))
    {
      store->driver->rollback (store);
      return FALSE;
    }
  return store->driver->commit (store, error);
}

static GBytes *
attempt (Push push, JsonObject *envelope, const char *lines, const char *end, gboolean *again, GError **error)
{
  g_autoptr (GHashTable) latest = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GPtrArray) order = g_ptr_array_new ();
  gboolean done;
  gsize size;

  push.out = g_string_sized_new (2 * (gsize) (end - lines));
  push.latest = latest;
  push.order = order;
  done = take_in (&push, envelope, lines, end, error);
  sht_hub_memory_clear (&push.memory);
  *again = push.again;
  if (!done)
    {
      g_string_free (push.out, TRUE);
      return NULL;
    }
  size = push.out->len;
  return g_bytes_new_take (g_string_free (push.out, FALSE), size);
}

static GBytes *
take_push (Push push, const char *body, gsize length, GError **error)
{
  const char *newline = memchr (body, '\n', length);
  g_autoptr (JsonObject) envelope = NULL;
  g_autoptr (GError) not_json = NULL, local_error = NULL;
  JsonArray *announced;
  GBytes *answer;
  gboolean again;

  if (length > SHT_PUSH_MAX_BYTES)
    {
      g_set_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_TOO_LARGE, "a push is at most %d KiB",
                   SHT_PUSH_MAX_BYTES / 1024);
      return NULL;
    }
  if (newline != NULL)
    envelope = sht_json_parse_object (body, newline - body, &not_json);
  announced = sht_json_array (envelope, "ops");
  if (announced == NULL || json_array_get_length (announced) > SHT_PUSH_MAX_OPERATIONS)
    {
      bad_request (error, "a push begins with a line that announces at most 200 operations");
      return NULL;
    }
  if (!sht_hub_ensure_history (push.hub, error))
    return NULL;
  answer = attempt (push, envelope, newline + 1, body + length, &again, &local_error);
  if (again)
    {
      push.careful = TRUE;
      g_clear_error (&local_error);
      answer = attempt (push, envelope, newline + 1, body + length, &again, &local_error);
    }
  if (answer == NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return answer;
}

/**
 * sht_hub_push:
 * @device: whose operations they are
 * @body: the request: a line that announces them, then one line each, as frozen
 * @length: its length in bytes
 *
 * Takes in operations, in order, in one transaction.
 *
 * Returns: (transfer full) (nullable): a result for each, the entities as they are now, and a last line;
 *   %NULL with a #ShtHubError (%SHT_HUB_ERROR_INCARNATION: the tablet has to number its operations anew;
 *   %SHT_HUB_ERROR_RESYNC: what it had confirmed may be lost) or
 *   an error of the database, and then nothing was taken in
 */
GBytes *
sht_hub_push (ShtHub *hub, const ShtHubDevice *device, const char *body, gsize length, GError **error)
{
  Push push = { .hub = hub, .device = *device };

  return take_push (push, body, length, error);
}

/**
 * sht_hub_push_saved:
 * @ago_ms: how long ago the tablet wrote it
 *
 * Takes in what did not come over the network, as sht_hub_push() does.
 */
GBytes *
sht_hub_push_saved (ShtHub *hub, const ShtHubDevice *device, const char *body, gsize length, gint64 ago_ms,
                    GError **error)
{
  Push push = { .hub = hub, .device = *device, .was_saved = TRUE, .careful = TRUE, .sender.ago_ms = ago_ms };

  return take_push (push, body, length, error);
}
