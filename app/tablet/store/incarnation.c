/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include "core/json.h"
#include "platform/durable.h"

#include <string.h>

#define MARK_FILE "incarnation.json"
#define INCARNATION_BYTES 8

/* What stands beside the database, and what the database says itself. They belong together as long as nobody
 * has copied the one, or put back an older one. */
typedef struct
{
  char *id;       /* (owned) (nullable): which incarnation the database says */
  gint64 count;   /* and how often it has begun to send */
  char *mark_id;  /* (owned) (nullable): the same of the file beside it */
  gint64 mark_count;
  char *mark_file; /* (owned) (nullable): which very file it was written for */
} Mark;

static void
mark_clear (Mark *mark)
{
  g_free (mark->id);
  g_free (mark->mark_id);
  g_free (mark->mark_file);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Mark, mark_clear)

static char *
path_in (ShtStore *store, const char *name)
{
  return g_build_filename (store->folder, name, NULL);
}

static char *
identity (ShtStore *store)
{
  g_autofree char *path = path_in (store, SHT_STORE_DATABASE_FILE);

  return store->world.identify (store->world.data, path);
}

static void
read_mark (ShtStore *store, Mark *mark)
{
  g_autofree char *path = path_in (store, MARK_FILE);
  g_autofree char *text = NULL;
  g_autoptr (JsonObject) json = NULL;

  mark->id = sht_store_get_text (store, "incarnation");
  mark->count = sht_store_get_number (store, "incarnation_count", 0);
  if (store->world.identify == NULL || !g_file_get_contents (path, &text, NULL, NULL))
    return;
  /* A file that cannot be understood is as good as none. */
  json = sht_json_parse_object (text, -1, NULL);
  mark->mark_id = g_strdup (sht_json_string (json, "incarnation"));
  mark->mark_count = sht_json_int (json, "count", 0);
  mark->mark_file = g_strdup (sht_json_string (json, "file"));
}

static gboolean
write_mark (ShtStore *store, const char *id, gint64 count, GError **error)
{
  g_autoptr (JsonObject) json = json_object_new ();
  g_autofree char *path = path_in (store, MARK_FILE);
  g_autofree char *file = NULL;
  g_autofree char *text = NULL;

  if (store->world.identify == NULL)
    return TRUE;
  file = identity (store);
  json_object_set_string_member (json, "incarnation", id);
  json_object_set_int_member (json, "count", count);
  sht_json_set_string (json, "file", file);
  text = sht_json_to_string (json);
  return sht_durable_write (path, text, strlen (text), 0600, error);
}

static gboolean
belongs (ShtStore *store, const Mark *mark)
{
  g_autofree char *file = NULL;

  if (mark->id == NULL)
    return FALSE;
  if (store->world.identify == NULL)
    return TRUE;
  file = identity (store);
  /* One ahead: it ended between its commit and the writing of the file. */
  return g_strcmp0 (mark->id, mark->mark_id) == 0 && g_strcmp0 (file, mark->mark_file) == 0
         && (mark->count == mark->mark_count || mark->count == mark->mark_count + 1);
}

static char *
new_incarnation_id (ShtStore *store)
{
  guint8 bytes[INCARNATION_BYTES];
  GString *id = g_string_new (NULL);

  store->world.random (store->world.data, bytes, sizeof bytes);
  for (guint i = 0; i < sizeof bytes; i++)
    g_string_append_printf (id, "%02x", bytes[i]);
  return g_string_free (id, FALSE);
}

/* What people are told of: %NULL for a store that is new. */
static const char *
what_happened (ShtStore *store, const Mark *mark, gboolean hub_says)
{
  g_autofree char *file = NULL;

  if (mark->id == NULL)
    return NULL;
  if (hub_says || store->world.identify == NULL)
    return SHT_COPY_HEARD;
  file = identity (store);
  return g_strcmp0 (file, mark->mark_file) == 0 ? SHT_COPY_OLDER : SHT_COPY_MOVED;
}

static gboolean
note_copy (ShtStore *store, const Mark *mark, gboolean hub_says, GError **error)
{
  const char *what = what_happened (store, mark, hub_says);

  return what == NULL || sht_store_set_text (store, "copy", what, error);
}

/* The file is written inside the transaction: nobody else sees the one without the other. Ended between the two,
 * the store begins another at its next opening, which harms nothing. */
static gboolean
begin_incarnation (ShtStore *store, gboolean only_if_foreign, GError **error)
{
  g_auto (Mark) mark = { 0 };
  g_autofree char *id = NULL;
  gint64 count;

  read_mark (store, &mark);
  if (only_if_foreign && belongs (store, &mark))
    return TRUE;
  id = new_incarnation_id (store);
  count = MAX (mark.count, mark.mark_count) + 1;
  store->counting = 0;
  return write_mark (store, id, count, error) && note_copy (store, &mark, !only_if_foreign, error)
         && sht_store_set_text (store, "incarnation", id, error)
         && sht_store_set_number (store, "incarnation_count", count, error)
         && sht_store_set_number (store, "next_device_seq", 1, error);
}

static gboolean
in_transaction (ShtStore *store, gboolean only_if_foreign, GError **error)
{
  if (!sht_db_begin (store->db, error))
    return FALSE;
  if (begin_incarnation (store, only_if_foreign, error))
    return sht_db_commit (store->db, error);
  sht_db_rollback (store->db);
  return FALSE;
}

/**
 * sht_store_check_incarnation:
 *
 * Sees whether the database is the very one that it was, and gives it a new incarnation when it is a copy or an
 * older one put back. Called when a store is opened.
 */
gboolean
sht_store_check_incarnation (ShtStore *store, GError **error)
{
  g_auto (Mark) mark = { 0 };

  read_mark (store, &mark);
  return belongs (store, &mark) || in_transaction (store, TRUE, error);
}

/**
 * sht_store_new_incarnation:
 *
 * The hub has seen this store's numbers from another: what is not settled will be numbered anew, under a new
 * incarnation.
 */
gboolean
sht_store_new_incarnation (ShtStore *store, GError **error)
{
  return in_transaction (store, FALSE, error);
}

/**
 * sht_store_count_sending:
 * @count: (out): what is to be told to sht_store_counted_sending(), 0 for nothing
 *
 * Counts that this handle begins to send, inside the caller's transaction: an older database that is put back
 * later is known by its smaller count.
 */
gboolean
sht_store_count_sending (ShtStore *store, gint64 *count, GError **error)
{
  *count = 0;
  if (store->world.identify == NULL || store->counted)
    return TRUE;
  /* A full disk has no room for the note: were it counted again, the note would be two behind, as of an older database. */
  *count = store->counting;
  if (*count > 0)
    return TRUE;
  *count = sht_store_get_number (store, "incarnation_count", 0) + 1;
  return sht_store_set_number (store, "incarnation_count", *count, error);
}

/**
 * sht_store_counted_sending:
 *
 * Notes the count beside the database, after it was committed there.
 */
gboolean
sht_store_counted_sending (ShtStore *store, gint64 count, GError **error)
{
  g_autofree char *id = NULL;

  if (count == 0)
    return TRUE;
  store->counting = count;
  id = sht_store_get_text (store, "incarnation");
  store->counted = write_mark (store, id, count, error);
  return store->counted;
}

/**
 * sht_store_get_copy:
 *
 * Returns: (transfer full) (nullable): what was noticed and nobody has seen yet: %SHT_COPY_MOVED, %SHT_COPY_OLDER or
 *   %SHT_COPY_HEARD
 */
char *
sht_store_get_copy (ShtStore *store)
{
  return sht_store_get_text (store, "copy");
}

/**
 * sht_store_copy_seen:
 *
 * A person has seen it.
 */
gboolean
sht_store_copy_seen (ShtStore *store, GError **error)
{
  return sht_store_set_text (store, "copy", NULL, error);
}
