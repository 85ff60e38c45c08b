/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/sync/waiting.h"

#include "tablet/ui/common/words.h"

#include <glib/gi18n.h>

static void
waiting_free (gpointer data)
{
  ShtWaiting *waiting = data;

  g_free (waiting->key);
  g_free (waiting->title);
  g_free (waiting->where);
  g_free (waiting);
}

static ShtWaiting *
find_or_add (GPtrArray *list, GHashTable *by_key, const char *key, gboolean is_ticket)
{
  ShtWaiting *waiting = g_hash_table_lookup (by_key, key);

  if (waiting == NULL)
    {
      waiting = g_new0 (ShtWaiting, 1);
      waiting->key = g_strdup (key);
      waiting->is_ticket = is_ticket;
      waiting->is_sent = TRUE;
      g_ptr_array_add (list, waiting);
      g_hash_table_insert (by_key, waiting->key, waiting);
    }
  return waiting;
}

static gboolean
add_operations (ShtStore *store, GPtrArray *list, GHashTable *by_key, GError **error)
{
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT coalesce (ticket, entity), ticket IS NOT NULL AND type <> 'place', kind, "
                                "count (*), min (state) FROM op WHERE state < 2 GROUP BY 1, 3 ORDER BY min (n)",
                                "");

  while (sht_stmt_step (stmt))
    {
      const char *kind = sht_stmt_text (stmt, 2);
      guint count = (guint) sht_stmt_int (stmt, 3);
      ShtWaiting *waiting = find_or_add (list, by_key, sht_stmt_text (stmt, 0), sht_stmt_int (stmt, 1) != 0);

      if (g_strcmp0 (kind, "ticket.create") == 0 || g_strcmp0 (kind, "obstacle.raise") == 0)
        waiting->is_new = TRUE;
      else if (g_strcmp0 (kind, "photo.attach") == 0 || g_strcmp0 (kind, "obstacle.photo") == 0)
        waiting->photos += count;
      else if (g_strcmp0 (kind, "voice.add") == 0)
        waiting->voices += count;
      else
        waiting->steps += count;
      if (sht_stmt_int (stmt, 4) == SHT_OP_LOCAL)
        waiting->is_sent = FALSE;
    }
  return sht_stmt_end (stmt, error);
}

/* Photos and voice notes whose attaching is known to the hub and whose bytes are not count too, once each. */
static gboolean
add_photos (ShtStore *store, GPtrArray *list, GHashTable *by_key, GError **error)
{
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT o.ticket, sum (o.state = 2 AND o.kind <> 'voice.add'), sum (b.size), min (b.state), "
                                "sum (o.state = 2 AND o.kind = 'voice.add') FROM blob AS b "
                                "JOIN op AS o ON o.op = b.op WHERE b.state < 2 AND NOT b.is_thumb AND o.state < 3 GROUP BY 1 "
                                "ORDER BY min (b.n)",
                                "");

  while (sht_stmt_step (stmt))
    {
      const char *ticket = sht_stmt_text (stmt, 0);
      ShtWaiting *waiting;

      if (ticket == NULL)
        continue;
      waiting = find_or_add (list, by_key, ticket, TRUE);
      waiting->photos += (guint) sht_stmt_int (stmt, 1);
      waiting->voices += (guint) sht_stmt_int (stmt, 4);
      waiting->bytes += sht_stmt_int (stmt, 2);
      if (sht_stmt_int (stmt, 3) == 0)
        waiting->is_sent = FALSE;
    }
  return sht_stmt_end (stmt, error);
}

/* An obstacle by what was said of it. */
static gboolean
name_obstacle (ShtStore *store, ShtWaiting *waiting)
{
  g_autofree char *text = sht_db_get_text (store->db, NULL, "SELECT doc ->> 'text' FROM obstacle WHERE id = ?1", "s",
                                           waiting->key);

  if (text == NULL)
    return FALSE;
  waiting->is_ticket = FALSE;
  waiting->title = g_strdup_printf (_("Obstacle: %s"), text);
  waiting->where = g_strdup ("");
  return TRUE;
}

static void
name_entity (ShtStore *store, const char *id, gboolean is_ticket, char **title, char **where)
{
  ShtStmt *stmt = is_ticket
                    ? sht_db_query (store->db, "SELECT title, address FROM ticket WHERE id = ?1", "s", id)
                    : sht_db_query (store->db, "SELECT name, doc ->> 'address' FROM place WHERE id = ?1", "s", id);

  if (sht_stmt_step (stmt))
    {
      *title = sht_stmt_dup (stmt, 0);
      *where = sht_stmt_dup (stmt, 1);
    }
  sht_stmt_end (stmt, NULL);
  if (*title == NULL)
    *title = g_strdup (is_ticket ? _("A ticket that is no longer on this tablet") : _("A place"));
  if (*where == NULL)
    *where = g_strdup ("");
}

/**
 * sht_waiting_list:
 *
 * Returns: (transfer full) (nullable) (element-type ShtWaiting): what the hub has not confirmed, by ticket,
 *   the oldest first
 */
GPtrArray *
sht_waiting_list (ShtStore *store, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (waiting_free);
  g_autoptr (GHashTable) by_key = g_hash_table_new (g_str_hash, g_str_equal);

  if (!add_operations (store, list, by_key, error) || !add_photos (store, list, by_key, error))
    return NULL;
  for (guint i = 0; i < list->len; i++)
    {
      ShtWaiting *waiting = g_ptr_array_index (list, i);

      if (!name_obstacle (store, waiting))
        name_entity (store, waiting->key, waiting->is_ticket, &waiting->title, &waiting->where);
    }
  return g_steal_pointer (&list);
}

static char *
join (const char *one, const char *other)
{
  if (one != NULL && other != NULL)
    return g_strdup_printf (_("%s and %s"), one, other);
  return g_strdup (one != NULL ? one : other);
}

/**
 * sht_waiting_words:
 *
 * Returns: (transfer full): as `a new report, 3 steps and 2 photos (1.4 MB)`
 */
char *
sht_waiting_words (const ShtWaiting *waiting)
{
  g_autofree char *steps = NULL, *photos = NULL, *voices = NULL, *files = NULL, *size = NULL, *both = NULL;

  if (waiting->steps > 0)
    steps = g_strdup_printf (ngettext ("%u step", "%u steps", waiting->steps), waiting->steps);
  if (waiting->photos > 0)
    photos = g_strdup_printf (ngettext ("%u photo", "%u photos", waiting->photos), waiting->photos);
  if (waiting->voices > 0)
    voices = g_strdup_printf (ngettext ("%u voice note", "%u voice notes", waiting->voices), waiting->voices);
  files = join (photos, voices);
  if (files != NULL && waiting->bytes > 0)
    {
      g_autofree char *bare = g_steal_pointer (&files);

      size = sht_words_size (waiting->bytes);
      files = g_strdup_printf (_("%s (%s)"), bare, size);
    }
  both = join (steps, files);
  if (!waiting->is_new)
    return both != NULL ? g_steal_pointer (&both) : g_strdup ("");
  return both != NULL ? g_strdup_printf (_("A new report, %s"), both) : g_strdup (_("A new report"));
}

/**
 * sht_waiting_headline:
 * @operations: how many of them wait, but for those that attach a photo
 * @photos: how many of them wait
 *
 * Returns: (transfer full): how much waits to be sent, in words
 */
char *
sht_waiting_headline (gint64 operations, gint64 photos)
{
  g_autofree char *steps
    = g_strdup_printf (ngettext ("%d step", "%d steps", (gulong) operations), (int) operations);
  g_autofree char *pictures = g_strdup_printf (ngettext ("%d photo", "%d photos", (gulong) photos), (int) photos);

  if (photos == 0)
    return g_strdup_printf (_("Waiting to be sent: %s"), steps);
  if (operations == 0)
    return g_strdup_printf (_("Waiting to be sent: %s"), pictures);
  return g_strdup_printf (_("Waiting to be sent: %s and %s"), steps, pictures);
}
