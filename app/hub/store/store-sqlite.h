/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub/store/store.h"
#include "platform/db.h"

G_BEGIN_DECLS

/* What the parts of the driver for SQLite share; for nobody else. */

/* The newest history is the one without a fork; `forked_at` is the last number that it shares with the next. */
#define SHT_SQLITE_HISTORY_SCHEMA                                                                               \
  "CREATE TABLE history (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, forked_at INTEGER,"                    \
  "  backed_up INTEGER NOT NULL, keep_days INTEGER NOT NULL DEFAULT 0);"                                         \
  "CREATE TABLE incarnation (device TEXT NOT NULL, id TEXT NOT NULL, highest_seq INTEGER NOT NULL,"             \
  "  PRIMARY KEY (device, id)) WITHOUT ROWID;"

/* The hub has one key. A device has as many as it has registered: what an older one has signed is still good. */
#define SHT_SQLITE_KEYS_SCHEMA                                                                                  \
  "CREATE TABLE hub_key (n INTEGER PRIMARY KEY, secret TEXT NOT NULL, made_at INTEGER NOT NULL);"               \
  "CREATE TABLE device_key (device TEXT NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL,"                       \
  "  PRIMARY KEY (device, key)) WITHOUT ROWID;"

/* What figures are counted from: it costs a small part of what reading the tickets would. */
#define SHT_SQLITE_FACTS_SCHEMA                                                                                 \
  "CREATE TABLE fact (id TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;"                                  \
  "INSERT INTO fact (id, data) SELECT id, fact_of (doc) FROM entity WHERE type = 'ticket' ORDER BY id;"

/* One day of one crew is at most some thousand rows; `at` is by the hub's clock. */
#define SHT_SQLITE_POSITIONS_SCHEMA                                                                             \
  "CREATE TABLE position (crew TEXT NOT NULL, at INTEGER NOT NULL, device TEXT NOT NULL,"                        \
  "  received_at INTEGER NOT NULL, state TEXT NOT NULL, lat_e7 INTEGER, lon_e7 INTEGER, accuracy_m INTEGER,"     \
  "  heading INTEGER, speed_cm_s INTEGER, PRIMARY KEY (crew, at, device)) WITHOUT ROWID;"                        \
  "CREATE INDEX position_at ON position (at);"                                                                   \
  "CREATE TABLE setting (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;"

ShtDb *sht_hub_sqlite_db (ShtHubStore *store);
gboolean sht_hub_sqlite_each_child (ShtHubStore *store, const char *parent, gint64 after, ShtHubEntityFunc each, gpointer data, GError **error);
gboolean sht_hub_sqlite_put_fact (ShtHubStore *store, const char *id, const char *doc, GError **error);
gboolean sht_hub_sqlite_each_fact (ShtHubStore *store, ShtHubFactFunc each, gpointer data, GError **error);
gboolean sht_hub_sqlite_put_blob (ShtHubStore *store, const char *sha256, gint64 size, gint64 at, GError **error);
gboolean sht_hub_sqlite_get_blob (ShtHubStore *store, const char *sha256, gint64 *size, GError **error);
gboolean sht_hub_sqlite_each_blob (ShtHubStore *store, ShtHubBlobFunc each, gpointer data, GError **error);
gboolean sht_hub_sqlite_remove_blob (ShtHubStore *store, const char *sha256, GError **error);
gboolean sht_hub_sqlite_put_thumbnail (ShtHubStore *store, const char *photo, GError **error);
gboolean sht_hub_sqlite_has_thumbnail (ShtHubStore *store, const char *photo, gboolean *has, GError **error);
gboolean sht_hub_sqlite_get_history (ShtHubStore *store, ShtHubHistory *history, GError **error);
gboolean sht_hub_sqlite_add_history (ShtHubStore *store, const char *id, gint64 forked_at, GError **error);
gboolean sht_hub_sqlite_common_with (ShtHubStore *store, const char *history, gint64 *through, GError **error);
gboolean sht_hub_sqlite_note_backup (ShtHubStore *store, const char *history, gint64 through, GError **error);
gboolean sht_hub_sqlite_set_keep_days (ShtHubStore *store, gint64 days, GError **error);
gboolean sht_hub_sqlite_get_incarnation (ShtHubStore *store, const char *device, const char *incarnation, gint64 *highest_seq, GError **error);
gboolean sht_hub_sqlite_note_incarnation (ShtHubStore *store, const char *device, const char *incarnation, gint64 seq, GError **error);
gboolean sht_hub_sqlite_get_hub_key (ShtHubStore *store, char **secret, GError **error);
gboolean sht_hub_sqlite_put_hub_key (ShtHubStore *store, const char *secret, gint64 at, GError **error);
gboolean sht_hub_sqlite_each_login (ShtHubStore *store, ShtHubLoginFunc each, gpointer data, GError **error);
gboolean sht_hub_sqlite_put_device_key (ShtHubStore *store, const char *device, const char *key, gint64 at, GError **error);
gboolean sht_hub_sqlite_has_device_key (ShtHubStore *store, const char *device, const char *key, gboolean *has, GError **error);
gboolean sht_hub_sqlite_put_device (ShtHubStore *store, const ShtHubDevice *device, const char *token_hash, gint64 at, GError **error);
gboolean sht_hub_sqlite_get_device (ShtHubStore *store, const char *token_hash, ShtHubDevice **device, GError **error);
gboolean sht_hub_sqlite_get_device_by_id (ShtHubStore *store, const char *id, ShtHubDevice **device, GError **error);
gboolean sht_hub_sqlite_note_device (ShtHubStore *store, const char *device, gint64 last_event_at, gint64 at, GError **error);
gboolean sht_hub_sqlite_leave_scope (ShtHubStore *store, const char *device, const char *scope, gint64 number, GError **error);
gboolean sht_hub_sqlite_had_before (ShtHubStore *store, const char *device, const char *type, const char *id, gboolean *had, GError **error);
gboolean sht_hub_sqlite_seal_device (ShtHubStore *store, const char *device, gint64 at, GError **error);
gboolean sht_hub_sqlite_note_answered (ShtHubStore *store, const char *device, const char *by, gint64 at, GError **error);
gboolean sht_hub_sqlite_put_unsent (ShtHubStore *store, const char *device, const char *unsent, GError **error);
gboolean sht_hub_sqlite_each_device (ShtHubStore *store, ShtHubDeviceFunc each, gpointer data, GError **error);
gboolean sht_hub_sqlite_put_position (ShtHubStore *store, const ShtHubPosition *position, gint64 within_ms, GError **error);
gboolean sht_hub_sqlite_each_position (ShtHubStore *store, const char *crew, gboolean newest, ShtHubPositionFunc each, gpointer data, GError **error);
gboolean sht_hub_sqlite_purge_positions (ShtHubStore *store, gint64 before, gboolean but_newest, GError **error);
gboolean sht_hub_sqlite_get_setting (ShtHubStore *store, const char *name, gint64 *value, GError **error);
gboolean sht_hub_sqlite_put_setting (ShtHubStore *store, const char *name, gint64 value, GError **error);
gboolean sht_hub_sqlite_snapshot (ShtHubStore *store, const char *path, GError **error);
gboolean sht_hub_sqlite_verify (ShtHubStore *store, GError **error);

G_END_DECLS
