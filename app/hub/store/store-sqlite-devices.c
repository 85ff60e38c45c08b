/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/store/store-sqlite.h"

#define COLUMNS "id, role, crew, department, person, last_event_at, enrolled_at, last_seen_at, sealed_at, answered_at, answered_by"
#define N_COLUMNS 11

void
sht_hub_device_free (ShtHubDevice *device)
{
  g_free (device->id);
  g_free (device->role);
  g_free (device->crew);
  g_free (device->department);
  g_free (device->person);
  g_free (device->answered_by);
  g_free (device);
}

gboolean
sht_hub_sqlite_put_device (ShtHubStore *store, const ShtHubDevice *device, const char *token_hash, gint64 at, GError **error)
{
  return sht_db_run (sht_hub_sqlite_db (store), error,
                     "INSERT INTO device (id, token_hash, role, crew, department, person, enrolled_at, last_event_at) "
                     "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO UPDATE SET token_hash = ?2, "
                     "role = ?3, crew = ?4, department = ?5, person = ?6, sealed_at = NULL, unsent = NULL",
                     "ssssssii", device->id, token_hash, device->role, device->crew, device->department,
                     device->person, at, device->last_event_at);
}

static ShtHubDevice *
read_row (ShtStmt *stmt)
{
  ShtHubDevice *device = g_new0 (ShtHubDevice, 1);

  device->id = sht_stmt_dup (stmt, 0);
  device->role = sht_stmt_dup (stmt, 1);
  device->crew = sht_stmt_dup (stmt, 2);
  device->department = sht_stmt_dup (stmt, 3);
  device->person = sht_stmt_dup (stmt, 4);
  device->last_event_at = sht_stmt_int (stmt, 5);
  device->enrolled_at = sht_stmt_int (stmt, 6);
  device->last_seen_at = sht_stmt_int (stmt, 7);
  device->sealed_at = sht_stmt_int (stmt, 8);
  device->answered_at = sht_stmt_int (stmt, 9);
  device->answered_by = sht_stmt_dup (stmt, 10);
  return device;
}

static gboolean
take_device (ShtStmt *stmt, ShtHubDevice **device, GError **error)
{
  *device = sht_stmt_step (stmt) ? read_row (stmt) : NULL;
  return sht_stmt_end (stmt, error);
}

gboolean
sht_hub_sqlite_get_device (ShtHubStore *store, const char *token_hash, ShtHubDevice **device, GError **error)
{
  return take_device (sht_db_query (sht_hub_sqlite_db (store),
                                    "SELECT " COLUMNS " FROM device "
                                    "WHERE token_hash = ?1",
                                    "s", token_hash),
                      device, error);
}

gboolean
sht_hub_sqlite_get_device_by_id (ShtHubStore *store, const char *id, ShtHubDevice **device, GError **error)
{
  return take_device (sht_db_query (sht_hub_sqlite_db (store),
                                    "SELECT " COLUMNS " FROM device "
                                    "WHERE id = ?1",
                                    "s", id),
                      device, error);
}

gboolean
sht_hub_sqlite_note_device (ShtHubStore *store, const char *device, gint64 last_event_at, gint64 at, GError **error)
{
  return sht_db_run (sht_hub_sqlite_db (store), error,
                     "UPDATE device SET last_event_at = max (last_event_at, ?2), last_seen_at = ?3 WHERE id = ?1",
                     "sii", device, last_event_at, at);
}

gboolean
sht_hub_sqlite_leave_scope (ShtHubStore *store, const char *device, const char *scope, gint64 number, GError **error)
{
  return sht_db_run (sht_hub_sqlite_db (store), error,
                     "INSERT INTO left_scope (device, scope, number) VALUES (?1, ?2, ?3) "
                     "ON CONFLICT DO UPDATE SET number = ?3",
                     "ssi", device, scope, number);
}

gboolean
sht_hub_sqlite_had_before (ShtHubStore *store, const char *device, const char *type, const char *id, gboolean *had, GError **error)
{
  gint64 found = 0;

  if (!sht_db_get_int (sht_hub_sqlite_db (store), &found, error,
                       "SELECT 1 FROM left_scope AS l JOIN member AS m ON m.scope = l.scope AND m.id = ?2 "
                       "AND m.type = ?3 AND m.first_entered <= l.number WHERE l.device = ?1 LIMIT 1",
                       "sss", device, id, type))
    return FALSE;
  *had = found != 0;
  return TRUE;
}

/* The code that it was enrolled with, which it could use again for a day, is good for nothing from then on. */
gboolean
sht_hub_sqlite_seal_device (ShtHubStore *store, const char *device, gint64 at, GError **error)
{
  ShtDb *db = sht_hub_sqlite_db (store);

  return sht_db_run (db, error, "UPDATE code SET expires_at = 0 WHERE used_by = ?1", "s", device)
         && sht_db_run (db, error, "UPDATE device SET sealed_at = ?2 WHERE id = ?1 AND sealed_at IS NULL", "si", device, at);
}

gboolean
sht_hub_sqlite_note_answered (ShtHubStore *store, const char *device, const char *by, gint64 at, GError **error)
{
  return sht_db_run (sht_hub_sqlite_db (store), error, "UPDATE device SET answered_at = ?2, answered_by = ?3 WHERE id = ?1", "sis",
                     device, at, by);
}

gboolean
sht_hub_sqlite_put_unsent (ShtHubStore *store, const char *device, const char *unsent, GError **error)
{
  return sht_db_run (sht_hub_sqlite_db (store), error, "UPDATE device SET unsent = ?2 WHERE id = ?1 AND sealed_at IS NOT NULL",
                     "ss", device, unsent);
}

gboolean
sht_hub_sqlite_each_device (ShtHubStore *store, ShtHubDeviceFunc each, gpointer data, GError **error)
{
  ShtStmt *stmt = sht_db_query (sht_hub_sqlite_db (store), "SELECT " COLUMNS ", unsent FROM device ORDER BY crew, enrolled_at, id",
                                "");

  while (sht_stmt_step (stmt))
    {
      g_autoptr (ShtHubDevice) device = read_row (stmt);

      each (data, device, sht_stmt_text (stmt, N_COLUMNS));
    }
  return sht_stmt_end (stmt, error);
}

/* Those that were heard of last come first. */
gboolean
sht_hub_sqlite_each_login (ShtHubStore *store, ShtHubLoginFunc each, gpointer data, GError **error)
{
  ShtStmt *stmt = sht_db_query (sht_hub_sqlite_db (store),
                                "SELECT " COLUMNS ", token_hash FROM device "
                                "ORDER BY max (ifnull (last_seen_at, 0), enrolled_at) DESC, id",
                                "");
  gboolean more = TRUE;

  while (more && sht_stmt_step (stmt))
    {
      g_autoptr (ShtHubDevice) device = read_row (stmt);

      more = each (device, sht_stmt_text (stmt, N_COLUMNS), data);
    }
  return sht_stmt_end (stmt, error);
}
