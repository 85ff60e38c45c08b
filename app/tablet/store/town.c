/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include "core/json.h"

/**
 * sht_store_get_town:
 * @town: (out) (transfer none): the calendars that there are, and whose; until the next call
 *
 * What the merge has to know to say when something falls due. It is laid out once, and again when a calendar or a department has
 * come, or another process has written.
 */
gboolean
sht_store_get_town (ShtStore *store, const ShtTown **town, GError **error)
{
  gint64 version = sht_db_data_version (store->db);

  if (store->town == NULL || store->town_version != version)
    {
      g_autoptr (ShtTown) fresh = sht_town_new ();
      ShtStmt *stmt = sht_db_query (store->db, "SELECT doc FROM entity WHERE type = 'calendar' UNION ALL "
                                    "SELECT doc FROM entity WHERE type = 'department'",
                                    "");

      while (sht_stmt_step (stmt))
        {
          g_autoptr (JsonObject) entity = sht_json_parse_object (sht_stmt_text (stmt, 0), -1, NULL);
          g_autoptr (GError) unfit = NULL;

          /* The hub has looked at it; without a calendar all time is working time. */
          if (!sht_town_add (fresh, entity, &unfit))
            g_warning ("%s", unfit->message);
        }
      if (!sht_stmt_end (stmt, error))
        return FALSE;
      sht_store_forget_town (store);
      store->town = g_steal_pointer (&fresh);
      store->town_version = version;
    }
  *town = store->town;
  return TRUE;
}

/** sht_store_forget_town: a calendar or a department has changed */
void
sht_store_forget_town (ShtStore *store)
{
  g_clear_pointer (&store->town, sht_town_free);
}
