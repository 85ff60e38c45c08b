/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/position.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _ShtHubStore ShtHubStore;

/**
 * ShtHubMember:
 * @scope: name of the scope
 * @type: "ticket", "stub" or a type of reference data
 * @id: id of the entity
 * @number: log number of its last change as seen from the scope
 * @entered: log number at which it came into the scope, for the latest time
 * @first_entered: log number at which it came for the first time
 * @present: whether it is in the scope now
 *
 * That an entity is, or was, in a scope.
 */
typedef struct
{
  const char *scope;
  const char *type;
  const char *id;
  gint64 number;
  gint64 entered;
  gint64 first_entered;
  gboolean present;
} ShtHubMember;

/**
 * ShtHubDevice:
 *
 * An enrolled tablet. All strings are owned; crew, department, person and answered_by may be %NULL. Times are ms since
 * 1970 UTC, 0 for never: it was enrolled first, it sent something last, the office sealed it, somebody (the tablet of that id, or
 * the office) was told what opens it.
 */
typedef struct
{
  char *id;
  char *role;
  char *crew;
  char *department;
  char *person;
  gint64 last_event_at;
  gint64 enrolled_at;
  gint64 last_seen_at;
  gint64 sealed_at;
  gint64 answered_at;
  char *answered_by;
} ShtHubDevice;
/* @unsent: (nullable): what a sealed one said that it had not sent. */
typedef void (*ShtHubDeviceFunc) (gpointer data, const ShtHubDevice *device, const char *unsent);

/* Called for each tablet that has a login, with that login's hash; returns %FALSE to end. */
typedef gboolean (*ShtHubLoginFunc) (const ShtHubDevice *device, const char *token_hash, gpointer data);

/**
 * ShtHubCode:
 *
 * A one-time code that enrols a tablet, known by its hash alone. Strings are borrowed on the way in and
 * owned on the way out.
 */
typedef struct
{
  char *role;
  char *crew;
  char *department;
  char *person;
  gint64 expires_at;
  char *used_by;
} ShtHubCode;

/**
 * ShtHubHistory:
 * @id: (owned): its random id
 * @backed_up: up to which log number a backup holds it
 * @keep_days: how many days tablets keep what they have sent without a backup of it, 0 for as long as it takes
 *
 * One history of the log. A hub that was restored from a backup goes on in a new one.
 */
typedef struct
{
  char *id;
  gint64 backed_up;
  gint64 keep_days;
} ShtHubHistory;

/**
 * ShtHubPosition:
 * @crew: code of the crew
 * @device: whose tablet told it
 * @received_at: when the hub heard it, milliseconds since 1970 UTC
 * @position: where it was, its time by the hub's clock
 *
 * Where a crew was. Strings are borrowed.
 */
typedef struct
{
  const char *crew;
  const char *device;
  gint64 received_at;
  ShtPosition position;
} ShtHubPosition;

/* Called for each row; @doc is valid only during the call. Returning %FALSE ends the query. */
typedef gboolean (*ShtHubMemberFunc) (gpointer data, const ShtHubMember *member, const char *doc);
typedef gboolean (*ShtHubBlobFunc) (gpointer data, const char *sha256, gint64 size);
typedef gboolean (*ShtHubPositionFunc) (gpointer data, const ShtHubPosition *position);
typedef void (*ShtHubFactFunc) (gpointer data, const guint8 *fact, gsize length);
typedef gboolean (*ShtHubEntityFunc) (gpointer data, const char *type, const char *id, gint64 number, const char *doc);

/**
 * ShtHubStoreDriver:
 *
 * What the hub's logic asks of a database; one implementation a kind of database. All calls of one
 * store are made by one thread at a time. A reading call that finds nothing succeeds with nothing.
 */
typedef struct
{
  void (*close) (ShtHubStore *store);
  gboolean (*begin) (ShtHubStore *store, gboolean write, GError **error);
  gboolean (*commit) (ShtHubStore *store, GError **error);
  void (*rollback) (ShtHubStore *store);
  gboolean (*savepoint) (ShtHubStore *store, GError **error);
  gboolean (*release) (ShtHubStore *store, GError **error);
  void (*undo_savepoint) (ShtHubStore *store);
  gint64 (*data_version) (ShtHubStore *store);

  /* the log: number order is commit order */
  gboolean (*append_log) (ShtHubStore *store, gint64 nonce, const char *type, const char *id, const char *op, const char *device, gint64 at, gint64 *number, GError **error);
  gboolean (*log_head) (ShtHubStore *store, gint64 *number, gint64 *nonce, GError **error);
  gboolean (*log_nonce) (ShtHubStore *store, gint64 number, gint64 *nonce, GError **error);

  gboolean (*get_entity) (ShtHubStore *store, const char *type, const char *id, char **doc, GError **error);
  /* one that is there or not; and one of which it is known that it is not, which costs less */
  gboolean (*add_entity) (ShtHubStore *store, const char *type, const char *id, const char *parent, gint64 number, const char *doc, GError **error);
  gboolean (*put_entity) (ShtHubStore *store, const char *type, const char *id, const char *parent, gint64 number, const char *doc, GError **error);
  gboolean (*remove_entity) (ShtHubStore *store, const char *type, const char *id, GError **error);
  /* what hangs on it, by number, type and id */
  gboolean (*each_child) (ShtHubStore *store, const char *parent, gint64 after, ShtHubEntityFunc each, gpointer data, GError **error);
  gboolean (*each_of_type) (ShtHubStore *store, const char *type, ShtHubEntityFunc each, gpointer data, GError **error);
  gboolean (*find_tickets) (ShtHubStore *store, const char *id_prefix_or_number, guint limit, ShtHubEntityFunc each, gpointer data, GError **error);
  gboolean (*find_photos_by_hash) (ShtHubStore *store, const char *sha256, ShtHubEntityFunc each, gpointer data, GError **error);
  /* what figures are counted from of a ticket, core/fact.h */
  gboolean (*put_fact) (ShtHubStore *store, const char *ticket, const char *doc, GError **error);
  gboolean (*each_fact) (ShtHubStore *store, ShtHubFactFunc each, gpointer data, GError **error);
  gboolean (*next_in_series) (ShtHubStore *store, const char *series, gint64 *next, GError **error);
  gboolean (*raise_series) (ShtHubStore *store, const char *series, gint64 at_least, GError **error);

  gboolean (*get_member) (ShtHubStore *store, ShtHubMember *member, gboolean *found, GError **error);
  /* an entity comes into a scope or, where it is in it, moves to the number; and leaves it, where it is in it */
  gboolean (*enter_member) (ShtHubStore *store, const char *scope, const char *type, const char *id, gint64 number, GError **error);
  gboolean (*leave_member) (ShtHubStore *store, const char *scope, const char *type, const char *id, gint64 number, GError **error);
  gboolean (*each_member_since) (ShtHubStore *store, const char *scope, gint64 after, guint limit, ShtHubMemberFunc each, gpointer data, GError **error);
  /* by their ids, those from the one up to the other, which is not among them, that have not changed since `at_most` */
  gboolean (*each_present) (ShtHubStore *store, const char *scope, const char *from, const char *to, gint64 at_most, ShtHubMemberFunc each, gpointer data, GError **error);
  /* the n-th from there on; NULL where there are fewer */
  gboolean (*nth_ticket) (ShtHubStore *store, const char *from, guint n, char **id, GError **error);

  gboolean (*get_op) (ShtHubStore *store, const char *op, char **hash, char **result, GError **error);
  gboolean (*put_op) (ShtHubStore *store, const char *op, const char *hash, const char *result, const char *device, gint64 device_seq, gint64 number, GError **error);
  /* the last number before the first one, behind `after`, that is not older; `after` when there is none */
  gboolean (*log_before) (ShtHubStore *store, gint64 after, gint64 at, gint64 *number, GError **error);
  gboolean (*log_op) (ShtHubStore *store, gint64 number, char **op, gint64 *at, GError **error);
  gboolean (*put_replacement) (ShtHubStore *store, const char *op, const char *by, GError **error);
  gboolean (*get_replacement) (ShtHubStore *store, const char *op, char **by, GError **error);
  gboolean (*put_conflict) (ShtHubStore *store, const char *op, const char *type, const char *id, const char *field, const char *doc, gint64 at, GError **error);
  gboolean (*has_conflict) (ShtHubStore *store, const char *type, const char *id, gboolean *has, GError **error);
  gboolean (*resolve_conflict) (ShtHubStore *store, const char *op, const char *field, const char *keep, const char *by, gint64 at, GError **error);

  gboolean (*put_device) (ShtHubStore *store, const ShtHubDevice *device, const char *token_hash, gint64 at, GError **error);
  gboolean (*get_device) (ShtHubStore *store, const char *token_hash, ShtHubDevice **device, GError **error);
  gboolean (*get_device_by_id) (ShtHubStore *store, const char *id, ShtHubDevice **device, GError **error);
  gboolean (*each_login) (ShtHubStore *store, ShtHubLoginFunc each, gpointer data, GError **error);
  gboolean (*note_device) (ShtHubStore *store, const char *device, gint64 last_event_at, gint64 at, GError **error);
  gboolean (*seal_device) (ShtHubStore *store, const char *device, gint64 at, GError **error);
  /* what opens it was told, to the tablet `by` or, where that is NULL, to the office */
  gboolean (*note_answered) (ShtHubStore *store, const char *device, const char *by, gint64 at, GError **error);
  gboolean (*put_unsent) (ShtHubStore *store, const char *device, const char *unsent, GError **error);
  gboolean (*each_device) (ShtHubStore *store, ShtHubDeviceFunc each, gpointer data, GError **error);
  gboolean (*leave_scope) (ShtHubStore *store, const char *device, const char *scope, gint64 number, GError **error);
  gboolean (*had_before) (ShtHubStore *store, const char *device, const char *type, const char *id, gboolean *had, GError **error);
  gboolean (*put_code) (ShtHubStore *store, const char *hash, const ShtHubCode *code, GError **error);
  gboolean (*get_code) (ShtHubStore *store, const char *hash, ShtHubCode **code, GError **error);
  gboolean (*use_code) (ShtHubStore *store, const char *hash, const char *device, GError **error);

  gboolean (*put_blob) (ShtHubStore *store, const char *sha256, gint64 size, gint64 at, GError **error);
  gboolean (*get_blob) (ShtHubStore *store, const char *sha256, gint64 *size, GError **error);
  gboolean (*each_blob) (ShtHubStore *store, ShtHubBlobFunc each, gpointer data, GError **error);
  gboolean (*remove_blob) (ShtHubStore *store, const char *sha256, GError **error);
  /* of a photo: that its thumbnail has come */
  gboolean (*put_thumbnail) (ShtHubStore *store, const char *photo, GError **error);
  gboolean (*has_thumbnail) (ShtHubStore *store, const char *photo, gboolean *has, GError **error);

  /* histories of the log, and what each incarnation of a tablet has sent */
  gboolean (*get_history) (ShtHubStore *store, ShtHubHistory *history, GError **error);
  gboolean (*add_history) (ShtHubStore *store, const char *id, gint64 forked_at, GError **error);
  gboolean (*common_with) (ShtHubStore *store, const char *history, gint64 *through, GError **error);
  gboolean (*note_backup) (ShtHubStore *store, const char *history, gint64 through, GError **error);
  gboolean (*set_keep_days) (ShtHubStore *store, gint64 days, GError **error);
  gboolean (*get_incarnation) (ShtHubStore *store, const char *device, const char *incarnation, gint64 *highest_seq, GError **error);
  gboolean (*note_incarnation) (ShtHubStore *store, const char *device, const char *incarnation, gint64 seq, GError **error);

  /* what rescue files are sealed to, and who may have signed them */
  gboolean (*get_hub_key) (ShtHubStore *store, char **secret, GError **error);
  gboolean (*put_hub_key) (ShtHubStore *store, const char *secret, gint64 at, GError **error);
  gboolean (*put_device_key) (ShtHubStore *store, const char *device, const char *key, gint64 at, GError **error);
  gboolean (*has_device_key) (ShtHubStore *store, const char *device, const char *key, gboolean *has, GError **error);

  /* where crews were: of one crew or (NULL) of all, the newest of each alone or all of them, the newest first. What a device
   * told within `within_ms` of its neighbour in time, of the same state, is that one again */
  gboolean (*put_position) (ShtHubStore *store, const ShtHubPosition *position, gint64 within_ms, GError **error);
  gboolean (*each_position) (ShtHubStore *store, const char *crew, gboolean newest, ShtHubPositionFunc each, gpointer data, GError **error);
  gboolean (*purge_positions) (ShtHubStore *store, gint64 before, gboolean but_newest, GError **error);

  /* what the office has set, by name; what it has not set stays as it was given */
  gboolean (*get_setting) (ShtHubStore *store, const char *name, gint64 *value, GError **error);
  gboolean (*put_setting) (ShtHubStore *store, const char *name, gint64 value, GError **error);

  /* a copy of the whole database as it is at one moment, while others write on */
  gboolean (*snapshot) (ShtHubStore *store, const char *path, GError **error);
  gboolean (*verify) (ShtHubStore *store, GError **error);
} ShtHubStoreDriver;

struct _ShtHubStore
{
  const ShtHubStoreDriver *driver;
};

ShtHubStore *sht_hub_store_open_sqlite (const char *path, const char *vfs, GError **error) G_GNUC_WARN_UNUSED_RESULT;

static inline void
sht_hub_store_close (ShtHubStore *store)
{
  store->driver->close (store);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtHubStore, sht_hub_store_close)

void sht_hub_history_clear (ShtHubHistory *history);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShtHubHistory, sht_hub_history_clear)
void sht_hub_device_free (ShtHubDevice *device);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtHubDevice, sht_hub_device_free)
void sht_hub_code_free (ShtHubCode *code);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtHubCode, sht_hub_code_free)

G_END_DECLS
