/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include "core/json.h"

/* The hashes that a query gives, each with what else it says of it. */
static gboolean
add_hashes (ShtStore *store, const char *sql, GHashTable *hashes, GError **error)
{
  ShtStmt *stmt = sht_db_query_built (store->db, sql);

  while (sht_stmt_step (stmt))
    g_hash_table_replace (hashes, sht_stmt_dup (stmt, 0), sht_stmt_dup (stmt, 1));
  return sht_stmt_end (stmt, error);
}

/* The pictures of what somebody has begun. */
static gboolean
add_drafts (ShtStore *store, GHashTable *needed, GError **error)
{
  static const char *const members[] = { "sha256", "thumb_sha256" };
  ShtStmt *stmt = sht_db_query (store->db, "SELECT value FROM meta WHERE key = ?1 OR instr (key, ?2) = 1", "ss",
                                SHT_STORE_REPORT_DRAFT, SHT_STORE_OBSTACLE_DRAFT);

  while (sht_stmt_step (stmt))
    {
      g_autoptr (JsonObject) draft = sht_json_parse_object (sht_stmt_text (stmt, 0), -1, NULL);
      JsonObject *photo = sht_json_object (draft, "photo");

      for (guint i = 0; i < G_N_ELEMENTS (members); i++)
        if (sht_json_string (photo, members[i]) != NULL)
          g_hash_table_replace (needed, g_strdup (sht_json_string (photo, members[i])), NULL);
    }
  return sht_stmt_end (stmt, error);
}

typedef struct
{
  ShtStore *store;
  GHashTable *needed;
  ShtPhotoFaultFunc told;
  gpointer data;
} Verify;

static void
on_fault (gpointer data, ShtHashFault fault, const char *name)
{
  Verify *verify = data;

  verify->told (verify->data, fault, name, g_hash_table_lookup (verify->needed, name));
}

/**
 * sht_store_verify_photos:
 * @told: called for each file that is missing, changed or orphaned
 * @files: (out): how many files were read
 *
 * Reads all photos, thumbnails and voice notes that lie on this tablet. Those that wait to be sent, that no backup of the hub holds
 * yet or that a begun report shows have to be there; those of others' photos and voice notes need not.
 */
gboolean
sht_store_verify_photos (ShtStore *store, ShtPhotoFaultFunc told, gpointer data, guint *files, GError **error)
{
  g_autofree char *folder = g_build_filename (store->folder, "photos", NULL);
  g_autoptr (GPtrArray) there = sht_hash_folder_list (folder, error);
  g_autoptr (GHashTable) needed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Verify verify = { store, needed, told, data };

  if (there == NULL || !add_hashes (store, "SELECT sha256, photo FROM blob WHERE state <> 4", needed, error)
      || !add_hashes (store,
                      "SELECT sha256, photo FROM blob WHERE state = 4 UNION ALL SELECT sha256, NULL FROM unwanted "
                      "UNION ALL SELECT sha256, id FROM shown_file",
                      known, error)
      || !add_drafts (store, needed, error))
    return FALSE;
  *files = sht_hash_folder_verify (folder, there, needed, known, on_fault, &verify);
  return TRUE;
}
