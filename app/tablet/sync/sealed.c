/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/sync/engine-private.h"

#include "core/json.h"
#include "core/protocol.h"
#include "tablet/sync/retry.h"

#include <string.h>

/**
 * sht_engine_take_seal:
 * @answer: of any lane
 *
 * When the hub says that it has sealed this tablet, the key for what is known of residents goes at once. Before it is gone
 * from everywhere the hub is told nothing that it takes for the end of it.
 *
 * Returns: whether it says so
 */
gboolean
sht_engine_take_seal (ShtEngine *engine, ShtAnswer *answer)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *code = answer->status == 403 ? sht_answer_error_code (answer) : NULL;

  if (g_strcmp0 (code, SHT_ERROR_SEALED) != 0)
    return FALSE;
  engine->sealed = sht_store_take_seal (engine->store, &error);
  if (engine->sealed)
    sht_engine_set_problem (engine, SHT_TOUCH_SEALED, "the office has sealed this tablet");
  else
    sht_engine_break (engine, g_steal_pointer (&error));
  return TRUE;
}

/**
 * sht_engine_next_unsent:
 *
 * Returns: (transfer full) (nullable): what a tablet that was sealed still has to say: what it had not sent
 */
ShtRequest *
sht_engine_next_unsent (ShtEngine *engine)
{
  g_autoptr (GError) error = NULL;
  char *body = sht_store_unsent (engine->store, &error);
  ShtRequest *request;

  if (body == NULL)
    {
      sht_engine_break (engine, g_steal_pointer (&error));
      return NULL;
    }
  request = sht_request_new (SHT_LANE_PUSH, "POST", "/v1/unsent");
  request->content_type = "application/json";
  request->body = g_bytes_new_take (body, strlen (body));
  return request;
}

/* Some gateway on the way may say yes to everything; the hub says what time it is. */
static gboolean
was_heard (ShtAnswer *answer)
{
  gsize length = 0;
  const char *text = answer->body != NULL ? g_bytes_get_data (answer->body, &length) : NULL;
  g_autoptr (JsonObject) json = NULL;

  if (answer->status != 200)
    return sht_answer_is_the_hubs (answer) && !sht_retry_is_transient (answer->status);
  json = text != NULL ? sht_json_parse_object (text, (gssize) length, NULL) : NULL;
  return sht_json_int (json, "now", 0) > 0;
}

/**
 * sht_engine_unsent_answer:
 *
 * Once the hub knows, or will not hear of it, the login is good for nothing more.
 */
void
sht_engine_unsent_answer (ShtEngine *engine, ShtAnswer *answer, gint64 mono_ms)
{
  g_autoptr (GError) error = NULL;
  gboolean heard = was_heard (answer);

  if (!heard)
    sht_engine_failed (engine, SHT_LANE_PUSH, answer, mono_ms);
  else if (!sht_store_end_login (engine->store, &error))
    sht_engine_break (engine, g_steal_pointer (&error));
  if (heard)
    sht_engine_set_problem (engine, SHT_TOUCH_SEALED, "the office has sealed this tablet");
}
