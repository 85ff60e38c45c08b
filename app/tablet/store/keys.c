/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include "core/json.h"
#include "platform/sealed-file.h"

/**
 * sht_store_signing_secret:
 *
 * Returns: (transfer full) (nullable): the secret of this tablet's own signing key, made when there is none, and then
 *   durable; %NULL with a #ShtDbError
 */
char *
sht_store_signing_secret (ShtStore *store, GError **error)
{
  g_autofree char *secret = sht_store_get_text (store, "signing_secret");

  if (secret != NULL)
    return g_steal_pointer (&secret);
  secret = sht_key_new_secret (store->world.random, store->world.data);
  /* Another handle may have made one at the same moment: the first stays. */
  if (!sht_db_run (store->db, error, "INSERT INTO meta (key, value) VALUES ('signing_secret', ?1) ON CONFLICT DO NOTHING",
                   "s", secret))
    return NULL;
  g_free (secret);
  secret = sht_store_get_text (store, "signing_secret");
  return g_steal_pointer (&secret);
}

/**
 * sht_store_knows_hub_key:
 *
 * Returns: whether the hub has this tablet's key, and this tablet the hub's
 */
gboolean
sht_store_knows_hub_key (ShtStore *store)
{
  return sht_store_get_number (store, "keys_exchanged", 0) != 0;
}

/**
 * sht_store_take_hub_key:
 * @answer: what the hub answered to this tablet's key
 *
 * Keeps the key to which this tablet seals its rescue files. An older hub tells none, and that is no error.
 */
gboolean
sht_store_take_hub_key (ShtStore *store, JsonObject *answer, GError **error)
{
  const char *key = sht_json_string (answer, "hub_key");

  return !sht_key_is_valid (key)
         || (sht_store_set_text (store, "hub_key", key, error) && sht_store_set_number (store, "keys_exchanged", 1, error));
}
