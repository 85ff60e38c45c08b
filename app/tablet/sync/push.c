/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/sync/engine-private.h"

#include "core/json.h"
#include "core/protocol.h"
#include "tablet/store/clock.h"

static char *
push_body (ShtEngine *engine, gsize *length)
{
  GString *body = g_string_new ("{\"ops\":[");
  g_autofree char *history = sht_store_get_text (engine->store, "hub_history");

  for (guint i = 0; i < engine->pushing->len; i++)
    {
      ShtOutgoing *outgoing = g_ptr_array_index (engine->pushing, i);

      g_string_append_printf (body, "%s{\"op\":\"%s\",\"seq\":%" G_GINT64_FORMAT "}", i > 0 ? "," : "", outgoing->op,
                              outgoing->device_seq);
    }
  g_string_append_printf (body, "],\"clock_offset_ms\":%" G_GINT64_FORMAT ",\"incarnation\":\"%s\"",
                          sht_store_clock_offset (engine->store), engine->incarnation);
  if (engine->store->world.boot_id != NULL)
    g_string_append_printf (body, ",\"boot_id\":\"%s\",\"boot_ms\":%" G_GINT64_FORMAT, engine->store->world.boot_id,
                            engine->store->world.boot_ms (engine->store->world.data));
  if (history != NULL)
    g_string_append_printf (body, ",\"history\":\"%s\",\"head\":%" G_GINT64_FORMAT, history, engine->confirmed_head);
  g_string_append (body, "}\n");
  for (guint i = 0; i < engine->pushing->len; i++)
    {
      g_string_append (body, ((ShtOutgoing *) g_ptr_array_index (engine->pushing, i))->bytes);
      g_string_append_c (body, '\n');
    }
  *length = body->len;
  return g_string_free (body, FALSE);
}

/**
 * sht_engine_next_push:
 *
 * Returns: (transfer full) (nullable): a push of what waits, %NULL when nothing does
 */
ShtRequest *
sht_engine_next_push (ShtEngine *engine)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *incarnation = NULL;
  g_autoptr (GPtrArray) batch = sht_store_next_push (engine->store, engine->push_limit,
                                                     SHT_PUSH_MAX_BYTES - 32 * 1024, &incarnation, &error);
  ShtRequest *request;
  gsize length;
  char *body;

  if (batch == NULL)
    {
      sht_engine_break (engine, g_steal_pointer (&error));
      return NULL;
    }
  if (batch->len == 0)
    return NULL;
  g_clear_pointer (&engine->pushing, g_ptr_array_unref);
  engine->pushing = g_steal_pointer (&batch);
  g_free (engine->incarnation);
  engine->incarnation = g_steal_pointer (&incarnation);
  request = sht_request_new (SHT_LANE_PUSH, "POST", "/v1/sync/push");
  body = push_body (engine, &length);
  request->content_type = "application/x-ndjson";
  request->body = g_bytes_new_take (body, length);
  return request;
}

static void
push_refused (ShtEngine *engine, ShtAnswer *answer)
{
  g_autoptr (GError) error = NULL;
  ShtOutgoing *only;
  g_autofree char *problem = NULL;

  if (engine->pushing->len > 1)
    {
      engine->push_limit = MAX (1, engine->pushing->len / 2);
      return;
    }
  only = g_ptr_array_index (engine->pushing, 0);
  problem = sht_engine_problem_of (answer);
  engine->counts.attention++;
  if (!sht_store_set_aside (engine->store, only->op, problem, &error))
    sht_engine_break (engine, g_steal_pointer (&error));
}

/* Another copy of this store has sent under its numbers. */
static void
push_is_a_copy (ShtEngine *engine, ShtAnswer *answer, gint64 mono_ms)
{
  g_autoptr (GError) error = NULL;

  if (!sht_store_new_incarnation (engine->store, &error))
    {
      sht_engine_break (engine, g_steal_pointer (&error));
      return;
    }
  sht_engine_begin_anew (engine, SHT_LANE_PUSH, answer, "the hub does not accept this tablet's numbers", mono_ms);
}

static gboolean
says_incarnation (ShtAnswer *answer)
{
  gsize length = 0;
  const char *text = answer->body != NULL ? g_bytes_get_data (answer->body, &length) : NULL;
  g_autoptr (JsonObject) json = text != NULL ? sht_json_parse_object (text, (gssize) length, NULL) : NULL;

  return answer->status == 409 && g_strcmp0 (sht_json_string (json, "error"), "incarnation") == 0;
}

/**
 * sht_engine_push_answer:
 * @answer: what came of it
 *
 * Settles what was sent, or says why it goes again.
 */
void
sht_engine_push_answer (ShtEngine *engine, ShtAnswer *answer, gint64 mono_ms)
{
  g_autoptr (GError) error = NULL;
  gsize length = 0;
  const char *body = answer->body != NULL ? g_bytes_get_data (answer->body, &length) : "";
  guint settled_before = engine->counts.pushed + engine->counts.attention;
  gint64 head = 0, now = 0;

  /* Only the hub's own word: some gateway on the way may answer so to everything. */
  if ((answer->status == 400 || answer->status == 413) && sht_answer_is_the_hubs (answer))
    {
      push_refused (engine, answer);
      return;
    }
  if (answer->status == 410 && sht_answer_is_the_hubs (answer))
    {
      sht_engine_start_resync (engine);
      sht_engine_begin_anew (engine, SHT_LANE_PUSH, answer, "the hub asks to begin anew again and again", mono_ms);
      return;
    }
  if (says_incarnation (answer))
    {
      push_is_a_copy (engine, answer, mono_ms);
      return;
    }
  if (answer->status != 200)
    {
      sht_engine_failed (engine, SHT_LANE_PUSH, answer, mono_ms);
      if (answer->unsent && !sht_store_not_sent (engine->store, engine->pushing, &error))
        sht_engine_break (engine, g_steal_pointer (&error));
      return;
    }
  if (!sht_store_take_results (engine->store, body, length, &engine->counts.pushed, &engine->counts.attention, &head,
                               &now, &error))
    {
      if (g_error_matches (error, SHT_STORE_ERROR, SHT_STORE_ERROR_OTHER_HISTORY))
        {
          sht_engine_history_changed (engine);
          sht_engine_begin_anew (engine, SHT_LANE_PUSH, answer, error->message, mono_ms);
          return;
        }
      sht_engine_failed (engine, SHT_LANE_PUSH, answer, mono_ms);
      sht_engine_set_problem (engine, SHT_TOUCH_MISFIT, error->message);
      if (error->domain == SHT_DB_ERROR)
        sht_engine_break (engine, g_steal_pointer (&error));
      return;
    }
  if (engine->counts.pushed + engine->counts.attention == settled_before)
    {
      sht_engine_failed (engine, SHT_LANE_PUSH, answer, mono_ms);
      sht_engine_set_problem (engine, SHT_TOUCH_MISFIT, "the hub's answer says nothing of what was sent");
      return;
    }
  engine->confirmed_head = MAX (engine->confirmed_head, head);
  engine->turns = 0;
  engine->push_limit = MIN (SHT_PUSH_MAX_OPERATIONS, engine->push_limit * 2);
  sht_engine_compare_clocks (engine, SHT_LANE_PUSH, now, engine->mono_ms, engine->mono_ms);
  sht_engine_succeeded (engine, SHT_LANE_PUSH);
}
