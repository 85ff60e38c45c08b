/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/sync/keys.h"

#include "core/json.h"
#include "platform/sealed-file.h"

#include <string.h>

/* A login from before there were keys, or that a restored hub knows without its key, gets one by the address of the
 * enrolment, with the login in place of the code. */
static ShtRequest *
key_request (ShtStore *store)
{
  g_autofree char *secret = sht_store_signing_secret (store, NULL);
  g_autofree char *key = secret != NULL ? sht_key_to_sign (secret) : NULL;
  g_autoptr (JsonObject) body = json_object_new ();
  ShtRequest *request;
  char *text;

  if (key == NULL)
    return NULL;
  json_object_set_string_member (body, "key", key);
  text = sht_json_to_string (body);
  request = sht_request_new (SHT_LANE_PULL, "POST", "/v1/enrol");
  request->content_type = "application/json";
  request->body = g_bytes_new_take (text, strlen (text));
  return request;
}

/* A hub that does not know of keys yet is asked again by the next sync. */
static void
take_answer (ShtStore *store, ShtAnswer *answer)
{
  gsize length = 0;
  const char *text = answer->body != NULL ? g_bytes_get_data (answer->body, &length) : NULL;
  g_autoptr (JsonObject) json = answer->status == 200 ? sht_json_parse_object (text, (gssize) length, NULL) : NULL;

  if (json != NULL)
    sht_store_take_hub_key (store, json, NULL);
}

/**
 * sht_keys_exchange_async:
 * @client: with the login
 *
 * Registers this tablet's signing key with the hub and asks for the hub's.
 *
 * Returns: whether a request is under way, and @callback will be called
 */
gboolean
sht_keys_exchange_async (ShtStore *store, ShtClient *client, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer data)
{
  g_autoptr (ShtRequest) request = key_request (store);

  if (request != NULL)
    sht_client_send_async (client, request, cancellable, callback, data);
  return request != NULL;
}

void
sht_keys_exchange_finish (ShtStore *store, GAsyncResult *result)
{
  g_autoptr (ShtAnswer) answer = sht_client_send_finish (result);

  take_answer (store, answer);
}

/**
 * sht_keys_exchange:
 *
 * The same, and waits for it; nothing happens when it has been done.
 */
void
sht_keys_exchange (ShtStore *store)
{
  g_autoptr (ShtClient) client = NULL;
  g_autoptr (ShtRequest) request = NULL;
  g_autoptr (ShtAnswer) answer = NULL;

  if (sht_store_knows_hub_key (store))
    return;
  client = sht_client_new (store->device.url, store->device.token, NULL);
  request = client != NULL ? key_request (store) : NULL;
  if (request == NULL)
    return;
  answer = sht_client_send (client, request);
  take_answer (store, answer);
}
