/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include "core/json.h"
#include "core/protocol.h"

#include <string.h>

/* With which key what is here was sealed. */
#define SEALED_WITH "sealed_with"
/* That some of it was left out for want of a key, and has to be asked for once more. */
#define HAS_MISSED "seal_missed"

/**
 * sht_store_close_doc:
 * @length: (inout): the length of @doc, and then of what is returned
 * @own: (out) (transfer full) (nullable): what is to be freed once that is not needed
 *
 * Seals what is known of residents in a document that is to be kept; to be called inside a transaction.
 *
 * Returns: (nullable): the document to be kept, @doc or @own; %NULL with a #ShtDbError
 */
const char *
sht_store_close_doc (ShtStore *store, const char *doc, gsize *length, char **own, GError **error)
{
  gboolean left_out = FALSE;

  *own = store->seal != NULL ? sht_seal_close_doc (store->seal, doc, *length, length, &left_out) : NULL;
  if (left_out && !sht_store_set_number (store, HAS_MISSED, 1, error))
    return NULL;
  return *own != NULL ? *own : doc;
}

/**
 * sht_store_open_doc:
 * @length: (inout): the length of @doc, and then of what is returned
 * @own: (out) (transfer full) (nullable): what is to be freed once that is not needed
 *
 * Returns: a document as it was before sht_store_close_doc(), @doc or @own
 */
const char *
sht_store_open_doc (ShtStore *store, const char *doc, gsize *length, char **own)
{
  *own = store->seal != NULL ? sht_seal_open_doc (store->seal, doc, *length, length) : NULL;
  return *own != NULL ? *own : doc;
}

/**
 * sht_store_read_doc:
 * @doc: (nullable) (transfer full): a document out of the database
 *
 * Returns: (transfer full) (nullable): the same, opened
 */
char *
sht_store_read_doc (ShtStore *store, char *doc)
{
  gsize length = doc != NULL ? strlen (doc) : 0;
  char *own = NULL;

  if (doc == NULL || sht_store_open_doc (store, doc, &length, &own) == doc)
    return doc;
  g_free (doc);
  return own;
}

/**
 * sht_store_parse_column:
 *
 * Returns: (transfer full) (nullable): a document in a column of a row, opened; %NULL when there is none that can be read
 */
JsonObject *
sht_store_parse_column (ShtStore *store, ShtStmt *stmt, int column)
{
  const char *doc = sht_stmt_text (stmt, column);
  gsize length = doc != NULL ? sht_stmt_bytes (stmt, column) : 0;
  g_autofree char *own = NULL;

  if (doc == NULL)
    return NULL;
  doc = sht_store_open_doc (store, doc, &length, &own);
  return sht_json_parse_object (doc, (gssize) length, NULL);
}

/**
 * sht_store_begin_sealing:
 *
 * Finds the key of this store. What was put down before there was one, or under one that is lost, or left out while it could
 * not be had, is asked for once more at the hub, and put down sealed.
 */
gboolean
sht_store_begin_sealing (ShtStore *store, GError **error)
{
  g_autofree char *before = NULL;
  g_autofree char *now = NULL;
  g_autofree char *cursor = NULL;

  if (store->seal == NULL)
    store->seal = sht_seal_load (store->folder);
  now = sht_seal_get_name (store->seal);
  if (now == NULL)
    return TRUE;
  before = sht_store_get_text (store, SEALED_WITH);
  if (g_strcmp0 (before, now) == 0 && sht_store_get_number (store, HAS_MISSED, 0) == 0)
    return TRUE;
  cursor = sht_store_get_text (store, "cursor");
  if (!sht_db_begin (store->db, error))
    return FALSE;
  if ((cursor == NULL || *cursor == '\0' || sht_store_pull_anew (store, error)) && sht_store_clean_later (store, error)
      && sht_store_set_text (store, SEALED_WITH, now, error) && sht_store_set_number (store, HAS_MISSED, 0, error))
    return sht_db_commit (store->db, error);
  sht_db_rollback (store->db);
  return FALSE;
}

/**
 * sht_store_take_seal:
 *
 * The hub has sealed this tablet: the key goes, and with it all that is known of residents. What waits to be sent stays.
 *
 * Returns: %FALSE with an error when the key may still lie somewhere; to be tried again
 */
gboolean
sht_store_take_seal (ShtStore *store, GError **error)
{
  return (store->seal == NULL || sht_seal_destroy (store->seal, error))
         && sht_store_set_number (store, "sealed_at", sht_store_now (store), error);
}

/**
 * sht_store_is_sealed_off:
 *
 * Returns: whether the hub has sealed this tablet, and nobody has enrolled it since
 */
gboolean
sht_store_is_sealed_off (ShtStore *store)
{
  return store->seal != NULL && sht_seal_get_place (store->seal) == SHT_SEAL_DESTROYED;
}

/* What of the work waits, without a word of it. */
static JsonArray *
unsent_operations (ShtStore *store, GError **error)
{
  g_autoptr (JsonArray) list = json_array_new ();
  ShtStmt *stmt = sht_db_query (store->db, "SELECT op, kind, entity, made_at FROM op WHERE state IN (0, 1, 3) ORDER BY n LIMIT ?1",
                                "i", (gint64) SHT_UNSENT_MAX_ROWS);

  while (sht_stmt_step (stmt))
    {
      JsonObject *one = json_object_new ();

      json_object_set_string_member (one, "op", sht_stmt_text (stmt, 0));
      json_object_set_string_member (one, "kind", sht_stmt_text (stmt, 1));
      json_object_set_string_member (one, "entity", sht_stmt_text (stmt, 2));
      json_object_set_int_member (one, "at", sht_stmt_int (stmt, 3));
      json_array_add_object_element (list, one);
    }
  return sht_stmt_end (stmt, error) ? g_steal_pointer (&list) : NULL;
}

static JsonArray *
unsent_photos (ShtStore *store, GError **error)
{
  g_autoptr (JsonArray) list = json_array_new ();
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT b.sha256, b.size, o.ticket FROM blob AS b LEFT JOIN op AS o ON o.op = b.op "
                                "WHERE b.state IN (0, 1, 3) AND NOT b.is_thumb ORDER BY b.n LIMIT ?1",
                                "i", (gint64) SHT_UNSENT_MAX_ROWS);

  while (sht_stmt_step (stmt))
    {
      JsonObject *one = json_object_new ();

      json_object_set_string_member (one, "sha256", sht_stmt_text (stmt, 0));
      json_object_set_int_member (one, "size", sht_stmt_int (stmt, 1));
      sht_json_set_string (one, "ticket", sht_stmt_text (stmt, 2));
      json_array_add_object_element (list, one);
    }
  return sht_stmt_end (stmt, error) ? g_steal_pointer (&list) : NULL;
}

/**
 * sht_store_unsent:
 *
 * Returns: (transfer full) (nullable): what the hub is told of a tablet that it has sealed: which steps and photos had not
 *   been sent, as PROTOCOL.md has it; %NULL with a #ShtDbError
 */
char *
sht_store_unsent (ShtStore *store, GError **error)
{
  g_autoptr (JsonObject) unsent = json_object_new ();
  g_autoptr (JsonArray) operations = unsent_operations (store, error);
  g_autoptr (JsonArray) photos = operations != NULL ? unsent_photos (store, error) : NULL;
  gint64 n_operations = 0, n_photos = 0;

  if (photos == NULL
      || !sht_db_get_int (store->db, &n_operations, error, "SELECT count(*) FROM op WHERE state IN (0, 1, 3)", "")
      || !sht_db_get_int (store->db, &n_photos, error,
                          "SELECT count(*) FROM blob WHERE state IN (0, 1, 3) AND NOT is_thumb", ""))
    return NULL;
  json_object_set_int_member (unsent, "sealed_at", sht_store_get_number (store, "sealed_at", sht_store_now (store)));
  json_object_set_int_member (unsent, "operations_count", n_operations);
  json_object_set_int_member (unsent, "photos_count", n_photos);
  json_object_set_array_member (unsent, "operations", g_steal_pointer (&operations));
  json_object_set_array_member (unsent, "photos", g_steal_pointer (&photos));
  return sht_json_to_string (unsent);
}
