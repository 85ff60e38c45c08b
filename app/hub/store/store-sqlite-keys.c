/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/store/store-sqlite.h"

/* A device that registers a new key again and again keeps the newest. */
#define MOST_DEVICE_KEYS 16

gboolean
sht_hub_sqlite_get_hub_key (ShtHubStore *store, char **secret, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  *secret = sht_db_get_text (sht_hub_sqlite_db (store), &local_error, "SELECT secret FROM hub_key ORDER BY n LIMIT 1", "");
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

gboolean
sht_hub_sqlite_put_hub_key (ShtHubStore *store, const char *secret, gint64 at, GError **error)
{
  return sht_db_run (sht_hub_sqlite_db (store), error, "INSERT INTO hub_key (secret, made_at) VALUES (?1, ?2)", "si",
                     secret, at);
}

gboolean
sht_hub_sqlite_put_device_key (ShtHubStore *store, const char *device, const char *key, gint64 at, GError **error)
{
  return sht_db_run (sht_hub_sqlite_db (store), error,
                     "INSERT INTO device_key (device, key, at) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET at = ?3",
                     "ssi", device, key, at)
         && sht_db_run (sht_hub_sqlite_db (store), error,
                        "DELETE FROM device_key WHERE device = ?1 AND key NOT IN (SELECT key FROM device_key "
                        "WHERE device = ?1 ORDER BY at DESC, key LIMIT ?2)",
                        "si", device, (gint64) MOST_DEVICE_KEYS);
}

gboolean
sht_hub_sqlite_has_device_key (ShtHubStore *store, const char *device, const char *key, gboolean *has, GError **error)
{
  gint64 found = 0;

  if (!sht_db_get_int (sht_hub_sqlite_db (store), &found, error,
                       "SELECT 1 FROM device_key WHERE device = ?1 AND key = ?2", "ss", device, key))
    return FALSE;
  *has = found != 0;
  return TRUE;
}
