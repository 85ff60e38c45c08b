/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/sync/client.h"

#include "core/json.h"
#include "core/lock.h"
#include "platform/sealed-file.h"

#include <string.h>

static JsonObject *
body_of (ShtAnswer *answer)
{
  gsize length = 0;
  const char *text = answer->body != NULL ? g_bytes_get_data (answer->body, &length) : NULL;

  return text != NULL ? sht_json_parse_object (text, (gssize) length, NULL) : NULL;
}

static gboolean
fail (GError **error, ShtAnswer *answer, JsonObject *json)
{
  const char *message = sht_json_string (json, "message");

  if (answer->status == 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE, "the hub cannot be reached: %s", answer->problem);
  else
    g_set_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_REFUSED, "the hub refused: %s",
                 message != NULL ? message : "without saying why");
  return FALSE;
}

static ShtAnswer *
post (ShtClient *client, const char *path, JsonObject *body)
{
  g_autoptr (ShtRequest) request = sht_request_new (SHT_LANE_PUSH, "POST", path);
  char *text = sht_json_to_string (body);

  request->body = g_bytes_new_take (text, strlen (text));
  request->content_type = "application/json";
  return sht_client_send (client, request);
}

/* A hub that was restored from a backup does not know who came after it; nor does one that has taken the login
 * away. Only the hub that gave the token is shown it. */
static gboolean
login_has_ended (ShtStore *store)
{
  g_autoptr (ShtClient) client = sht_client_new (store->device.url, store->device.token, NULL);
  g_autoptr (ShtRequest) request = sht_request_new (SHT_LANE_PULL, "GET", "/v1/sync/check?scope=reference&prefix=-");
  g_autoptr (ShtAnswer) answer = client != NULL ? sht_client_send (client, request) : NULL;

  return answer != NULL && answer->status == 401 && sht_answer_is_the_hubs (answer);
}

/**
 * sht_enrol:
 * @url: the hub's address
 * @code: the one-time code
 *
 * Exchanges the code for this tablet's token. The tablet keeps its own id over attempts, so that an
 * answer that was lost can be asked for again. One that is enrolled is enrolled again only when the hub no longer
 * knows its login; all its work stays.
 *
 * Returns: %FALSE with an error that says what to do
 */
gboolean
sht_enrol (ShtStore *store, const char *url, const char *code, GError **error)
{
  g_autoptr (ShtClient) client = sht_client_new (url, NULL, error);
  g_autoptr (JsonObject) body = json_object_new ();
  g_autofree char *device = sht_store_get_text (store, "device_id");
  g_autofree char *secret = NULL;
  g_autofree char *key = NULL;
  g_autoptr (ShtAnswer) answer = NULL;
  g_autoptr (JsonObject) json = NULL;
  gint64 since = sht_store_get_number (store, "enrolled_at", 0);

  if (client == NULL)
    return FALSE;
  if (store->device.token != NULL && !login_has_ended (store))
    {
      g_set_error_literal (error, SHT_STORE_ERROR, SHT_STORE_ERROR_REFUSED, "this tablet is enrolled already");
      return FALSE;
    }
  if (device == NULL)
    {
      device = sht_store_new_id (store);
      if (!sht_store_set_text (store, "device_id", device, error))
        return FALSE;
    }
  secret = sht_store_signing_secret (store, error);
  if (secret == NULL)
    return FALSE;
  key = sht_key_to_sign (secret);
  json_object_set_string_member (body, "code", code);
  json_object_set_string_member (body, "device", device);
  json_object_set_string_member (body, "key", key);
  if (since > 0)
    json_object_set_int_member (body, "since", since);
  answer = post (client, "/v1/enrol", body);
  json = body_of (answer);
  if (answer->status != 200 || json == NULL)
    return fail (error, answer, json);
  if (since == 0 && !sht_store_set_number (store, "enrolled_at", sht_json_int (json, "now", 0), error))
    return FALSE;
  return sht_store_set_device (store, url, json, error) && sht_store_take_hub_key (store, json, error);
}

/**
 * sht_ask_unlock:
 * @url: the hub's address
 * @token: the login of a supervisor's or a manager's tablet
 * @challenge: what a locked tablet shows, as somebody has read it aloud
 * @crew: the code of the crew that has it
 *
 * Asks the hub what opens a tablet whose PIN was forgotten. May be called on any thread; waits for the answer.
 *
 * Returns: (transfer full) (nullable): for each tablet of the crew an object with `device` and `answer`; %NULL with
 *   %G_IO_ERROR_INVALID_DATA for digits that were misread, %G_IO_ERROR_HOST_UNREACHABLE, or %SHT_STORE_ERROR_REFUSED with
 *   the hub's words
 */
JsonArray *
sht_ask_unlock (const char *url, const char *token, const char *challenge, const char *crew, GError **error)
{
  g_autofree char *digits = sht_unlock_normalise (challenge);
  g_autoptr (JsonObject) body = json_object_new ();
  g_autoptr (ShtClient) client = NULL;
  g_autoptr (ShtAnswer) answer = NULL;
  g_autoptr (JsonObject) json = NULL;
  JsonArray *answers;

  if (digits == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "these are not the digits that a locked tablet shows");
      return NULL;
    }
  client = sht_client_new (url, token, error);
  if (client == NULL)
    return NULL;
  json_object_set_string_member (body, "challenge", digits);
  json_object_set_string_member (body, "crew", crew);
  answer = post (client, "/v1/unlock", body);
  json = body_of (answer);
  answers = answer->status == 200 ? sht_json_array (json, "answers") : NULL;
  if (answers != NULL)
    return json_array_ref (answers);
  fail (error, answer, json);
  return NULL;
}

static void
difference_free (gpointer data)
{
  ShtDifference *difference = data;

  g_free (difference->scope);
  g_free (difference->prefix);
  g_free (difference);
}

static JsonObject *
ask (ShtClient *client, const char *scope, const char *prefix, GError **error)
{
  g_autofree char *escaped = g_uri_escape_string (scope, NULL, FALSE);
  g_autofree char *path = g_strdup_printf ("/v1/sync/check?scope=%s&prefix=%s", escaped, prefix);
  g_autoptr (ShtRequest) request = sht_request_new (SHT_LANE_PULL, "GET", path);
  g_autoptr (ShtAnswer) answer = sht_client_send (client, request);
  g_autoptr (JsonObject) json = body_of (answer);

  if (answer->status == 200 && json != NULL)
    return g_steal_pointer (&json);
  fail (error, answer, json);
  return NULL;
}

static ShtDigestSum
sum_of (gint64 count, const char *sum)
{
  return (ShtDigestSum){ (guint) count, sum != NULL ? g_ascii_strtoull (sum, NULL, 16) : 0 };
}

static gboolean
drill (ShtStore *store, ShtClient *client, const char *scope, const char *prefix, GPtrArray *differences,
       guint *entities, GError **error)
{
  g_autoptr (JsonObject) json = ask (client, scope, prefix, error);
  JsonObject *next;
  ShtDigestSum here, there;
  guint found_below = 0;

  if (json == NULL || !sht_store_digest (store, scope, prefix, &here, error))
    return FALSE;
  there = sum_of (sht_json_int (json, "count", 0), sht_json_string (json, "sum"));
  if (prefix[0] == '\0')
    *entities += here.count;
  if (here.count == there.count && here.sum == there.sum)
    return TRUE;
  next = sht_json_object (json, "next");
  /* Ids of tickets made in one minute share their first eleven letters: go down while it parts. */
  if (strlen (prefix) < 36 && next != NULL)
    for (char c = '-'; c <= 'z'; c++)
      {
        char letter[2] = { c, '\0' };
        g_autofree char *longer = g_strconcat (prefix, letter, NULL);
        JsonArray *pair = sht_json_array (next, letter);
        ShtDigestSum one_here;
        ShtDigestSum one_there = { 0 };

        if (pair != NULL && json_array_get_length (pair) == 2)
          one_there = sum_of (json_array_get_int_element (pair, 0), json_array_get_string_element (pair, 1));
        if (!sht_store_digest (store, scope, longer, &one_here, error))
          return FALSE;
        if (one_here.count == one_there.count && one_here.sum == one_there.sum)
          continue;
        found_below++;
        if (!drill (store, client, scope, longer, differences, entities, error))
          return FALSE;
      }
  if (found_below == 0)
    {
      ShtDifference *difference = g_new0 (ShtDifference, 1);

      difference->scope = g_strdup (scope);
      difference->prefix = g_strdup (prefix);
      difference->here = here;
      difference->there = there;
      g_ptr_array_add (differences, difference);
    }
  return TRUE;
}

/**
 * sht_check:
 * @entities: (out): how many entities were compared
 *
 * Compares what the hub said, as this tablet holds it, with what the hub holds, by fingerprints. Pull
 * first: what has changed since shows as a difference.
 *
 * Returns: (transfer full) (nullable) (element-type ShtDifference): where they differ, empty when they
 *   agree; %NULL with an error
 */
GPtrArray *
sht_check (ShtStore *store, ShtClient *client, guint *entities, GError **error)
{
  g_auto (GStrv) scopes = sht_store_scopes (store, error);
  g_autoptr (GPtrArray) differences = g_ptr_array_new_with_free_func (difference_free);

  *entities = 0;
  for (guint i = 0; scopes != NULL && scopes[i] != NULL; i++)
    if (!drill (store, client, scopes[i], "", differences, entities, error))
      return NULL;
  return scopes != NULL ? g_steal_pointer (&differences) : NULL;
}
