/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/service/hub.h"

#include "platform/durable.h"

#include <string.h>

/* Crockford's base 32, without letters that are read as others. */
#define CODE_ALPHABET "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#define CODE_LENGTH 10

static char *
hash_of (const char *secret)
{
  return sht_sha256_of_bytes (secret, strlen (secret));
}

/* What people write when they read a code aloud or copy it: case, dashes and spaces do not matter. */
static char *
normalise_code (const char *code)
{
  GString *out = g_string_new (NULL);

  for (const char *p = code; *p != '\0' && out->len < 64; p++)
    {
      char c = g_ascii_toupper (*p);

      if (c == 'O')
        c = '0';
      else if (c == 'I' || c == 'L')
        c = '1';
      if (g_ascii_isalnum (c))
        g_string_append_c (out, c);
    }
  return g_string_free (out, FALSE);
}

/**
 * sht_hub_make_code:
 * @code: rights and life of the tablet that will use it; `used_by` is ignored
 *
 * Makes a one-time code of 50 random bits. Only its hash is kept.
 *
 * Returns: (transfer full) (nullable): the code, such as `7Q2MK-09XHT`; %NULL with an error
 */
char *
sht_hub_make_code (ShtHub *hub, const ShtHubCode *code, GError **error)
{
  guint8 bytes[CODE_LENGTH];
  char plain[CODE_LENGTH + 1] = { 0 };
  g_autofree char *hash = NULL;

  hub->world.random (hub->world.data, bytes, sizeof bytes);
  for (int i = 0; i < CODE_LENGTH; i++)
    plain[i] = CODE_ALPHABET[bytes[i] % 32];
  hash = hash_of (plain);
  if (!hub->store->driver->put_code (hub->store, hash, code, error))
    return NULL;
  return g_strdup_printf ("%.5s-%s", plain, plain + 5);
}

static char *
enrol_answer (ShtHub *hub, const ShtHubDevice *device, const char *token, const char *key, GError **error)
{
  g_autoptr (JsonObject) answer = json_object_new ();
  g_auto (GStrv) scopes = sht_hub_scopes_of_device (hub, device, error);
  JsonArray *list = json_array_new ();

  if (scopes == NULL)
    {
      json_array_unref (list);
      return NULL;
    }
  for (guint i = 0; scopes[i] != NULL; i++)
    json_array_add_string_element (list, scopes[i]);
  json_object_set_string_member (answer, "device", device->id);
  json_object_set_string_member (answer, "token", token);
  json_object_set_string_member (answer, "role", device->role);
  sht_json_set_string (answer, "crew", device->crew);
  sht_json_set_string (answer, "department", device->department);
  sht_json_set_string (answer, "person", device->person);
  json_object_set_array_member (answer, "scopes", list);
  json_object_set_int_member (answer, "now", sht_hub_now (hub));
  if (key != NULL && !sht_hub_exchange_keys (hub, device->id, key, answer, error))
    return NULL;
  return sht_json_to_string (answer);
}

/* The tablet may come back for another crew: what it did for the one before is still taken. */
static gboolean
note_left_scopes (ShtHub *hub, const ShtHubDevice *device, GError **error)
{
  g_autoptr (ShtHubDevice) before = NULL;
  g_auto (GStrv) had = NULL;
  g_auto (GStrv) has = NULL;
  gint64 head, nonce;

  if (!hub->store->driver->get_device_by_id (hub->store, device->id, &before, error))
    return FALSE;
  if (before == NULL)
    return TRUE;
  had = sht_hub_scopes_of_device (hub, before, error);
  has = sht_hub_scopes_of_device (hub, device, error);
  if (had == NULL || has == NULL || !hub->store->driver->log_head (hub->store, &head, &nonce, error))
    return FALSE;
  for (guint i = 0; had[i] != NULL; i++)
    if (!g_strv_contains ((const char *const *) has, had[i])
        && !hub->store->driver->leave_scope (hub->store, device->id, had[i], head, error))
      return FALSE;
  return TRUE;
}

/* What a tablet that this hub does not know has done was done since it was first enrolled: at another hub, or before
 * this one was restored; else from now on. */
static gint64
begin_of (ShtHub *hub, JsonObject *request)
{
  gint64 since = sht_json_int (request, "since", 0);

  return since > 0 && since < sht_hub_now (hub) ? since : sht_hub_now (hub);
}

static char *
enrol_with (ShtHub *hub, const char *hash, JsonObject *request, GError **error)
{
  const char *device_id = sht_json_string (request, "device");
  g_autoptr (ShtHubCode) code = NULL;
  g_autofree char *token_hash = NULL;
  g_autofree char *token = NULL;
  guint8 bytes[32];
  ShtHubDevice device;

  if (!hub->store->driver->get_code (hub->store, hash, &code, error))
    return NULL;
  /* The same tablet may ask again with its code: its first answer may have been lost on the way. */
  if (code == NULL || code->expires_at < sht_hub_now (hub)
      || (code->used_by != NULL && !g_str_equal (code->used_by, device_id)))
    {
      g_set_error_literal (error, SHT_HUB_ERROR, SHT_HUB_ERROR_FORBIDDEN,
                           "this code is not known, has expired or was used already");
      return NULL;
    }
  hub->world.random (hub->world.data, bytes, sizeof bytes);
  token = g_base64_encode (bytes, sizeof bytes);
  token_hash = hash_of (token);
  device = (ShtHubDevice){ (char *) device_id, code->role, code->crew, code->department, code->person,
                            .last_event_at = begin_of (hub, request) };
  if (!note_left_scopes (hub, &device, error)
      || !hub->store->driver->put_device (hub->store, &device, token_hash, device.last_event_at, error)
      || !hub->store->driver->use_code (hub->store, hash, device_id, error))
    return NULL;
  return enrol_answer (hub, &device, token, sht_json_string (request, "key"), error);
}

/**
 * sht_hub_enrol:
 * @body: the request: `{"code": …, "device": UUID made by the tablet, "key": its signing key, or none,
 *   "since": when it was first enrolled, milliseconds since 1970 UTC, or none}`
 *
 * Exchanges a one-time code for a token, of which only the hash is kept.
 *
 * Returns: (transfer full) (nullable): the answer as JSON; %NULL with a #ShtHubError
 */
char *
sht_hub_enrol (ShtHub *hub, const char *body, gsize length, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (JsonObject) request = sht_json_parse_object (body, (gssize) length, &local_error);
  const char *code = sht_json_string (request, "code");
  const char *device = sht_json_string (request, "device");
  g_autofree char *plain = NULL;
  g_autofree char *hash = NULL;
  g_autofree char *answer = NULL;

  if (code == NULL || !sht_id_is_valid (device))
    {
      g_set_error_literal (error, SHT_HUB_ERROR, SHT_HUB_ERROR_BAD_REQUEST,
                           "enrolment needs a code and the device's UUID");
      return NULL;
    }
  plain = normalise_code (code);
  hash = hash_of (plain);
  if (!hub->store->driver->begin (hub->store, TRUE, error))
    return NULL;
  answer = enrol_with (hub, hash, request, error);
  if (answer == NULL)
    {
      hub->store->driver->rollback (hub->store);
      return NULL;
    }
  return hub->store->driver->commit (hub->store, error) ? g_steal_pointer (&answer) : NULL;
}

/**
 * sht_hub_authenticate_sealed:
 * @authorization: (nullable): the header, `Bearer TOKEN`
 *
 * Returns: (transfer full) (nullable): whose token it is, also of a tablet that was sealed; %NULL with %SHT_HUB_ERROR_UNAUTHORISED
 */
ShtHubDevice *
sht_hub_authenticate_sealed (ShtHub *hub, const char *authorization, GError **error)
{
  g_autofree char *hash = NULL;
  g_autoptr (GError) local_error = NULL;
  ShtHubDevice *device = NULL;

  if (authorization != NULL && g_str_has_prefix (authorization, "Bearer ") && strlen (authorization) < 256)
    {
      hash = hash_of (authorization + strlen ("Bearer "));
      if (!hub->store->driver->get_device (hub->store, hash, &device, &local_error))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
    }
  if (device == NULL)
    g_set_error_literal (error, SHT_HUB_ERROR, SHT_HUB_ERROR_UNAUTHORISED,
                         "this tablet is not enrolled here, or its login has ended");
  return device;
}

/**
 * sht_hub_authenticate:
 * @authorization: (nullable): the header, `Bearer TOKEN`
 *
 * Returns: (transfer full) (nullable): whose token it is; %NULL with %SHT_HUB_ERROR_UNAUTHORISED, or %SHT_HUB_ERROR_SEALED
 */
ShtHubDevice *
sht_hub_authenticate (ShtHub *hub, const char *authorization, GError **error)
{
  g_autoptr (ShtHubDevice) device = sht_hub_authenticate_sealed (hub, authorization, error);

  if (device == NULL || device->sealed_at == 0)
    return g_steal_pointer (&device);
  g_set_error_literal (error, SHT_HUB_ERROR, SHT_HUB_ERROR_SEALED, "the office has sealed this tablet");
  return NULL;
}
