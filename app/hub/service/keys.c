/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/service/hub.h"

#include "platform/sealed-file.h"

/**
 * sht_hub_get_secret:
 *
 * Returns: (transfer full) (nullable): what opens a rescue file; %NULL when no tablet has been told a key yet, or with
 *   @error
 */
char *
sht_hub_get_secret (ShtHub *hub, GError **error)
{
  char *secret;

  return hub->store->driver->get_hub_key (hub->store, &secret, error) ? secret : NULL;
}

static char *
ensure_secret (ShtHub *hub, GError **error)
{
  g_autofree char *secret = NULL;

  if (!hub->store->driver->get_hub_key (hub->store, &secret, error))
    return NULL;
  if (secret != NULL)
    return g_steal_pointer (&secret);
  secret = sht_key_new_secret (hub->world.random, hub->world.data);
  return hub->store->driver->put_hub_key (hub->store, secret, sht_hub_now (hub), error) ? g_steal_pointer (&secret) : NULL;
}

/**
 * sht_hub_exchange_keys:
 * @device: who has shown a code or a token
 * @key: the key by which its signature is verified
 * @answer: where the key goes to which it seals
 *
 * Notes a device's key and tells the hub's, inside the caller's transaction.
 *
 * Returns: %FALSE with %SHT_HUB_ERROR_BAD_REQUEST or an error of the database
 */
gboolean
sht_hub_exchange_keys (ShtHub *hub, const char *device, const char *key, JsonObject *answer, GError **error)
{
  g_autofree char *secret = NULL;
  g_autofree char *public = NULL;

  if (!sht_key_is_valid (key))
    {
      g_set_error_literal (error, SHT_HUB_ERROR, SHT_HUB_ERROR_BAD_REQUEST, "a key is 64 hexadecimal digits");
      return FALSE;
    }
  secret = ensure_secret (hub, error);
  if (secret == NULL || !hub->store->driver->put_device_key (hub->store, device, key, sht_hub_now (hub), error))
    return FALSE;
  public = sht_key_to_seal (secret);
  json_object_set_string_member (answer, "hub_key", public);
  return TRUE;
}

static char *
register_key (ShtHub *hub, const ShtHubDevice *device, const char *key, GError **error)
{
  g_autoptr (JsonObject) answer = json_object_new ();

  json_object_set_string_member (answer, "device", device->id);
  if (!hub->store->driver->begin (hub->store, TRUE, error))
    return NULL;
  if (!sht_hub_exchange_keys (hub, device->id, key, answer, error))
    {
      hub->store->driver->rollback (hub->store);
      return NULL;
    }
  return hub->store->driver->commit (hub->store, error) ? sht_json_to_string (answer) : NULL;
}

/**
 * sht_hub_enrol_or_register:
 * @authorization: (nullable): the header
 * @body: the request: that of sht_hub_enrol(), or, with a login in the place of the code, `{"key": its signing key}`
 *
 * Enrols a tablet, or notes the key of one that was enrolled before there were keys, or before this hub was restored.
 *
 * Returns: (transfer full) (nullable): the answer as JSON; %NULL with a #ShtHubError or an error of the database
 */
char *
sht_hub_enrol_or_register (ShtHub *hub, const char *authorization, const char *body, gsize length, GError **error)
{
  g_autoptr (JsonObject) request = sht_json_parse_object (body, (gssize) length, NULL);
  g_autoptr (ShtHubDevice) device = NULL;

  if (authorization == NULL || !sht_json_has (request, "key") || sht_json_has (request, "code"))
    return sht_hub_enrol (hub, body, length, error);
  device = sht_hub_authenticate (hub, authorization, error);
  return device != NULL ? register_key (hub, device, sht_json_string (request, "key"), error) : NULL;
}
