/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The floor that first pulls and pushes are measured against: the same bytes from the same hub by plain
 * HTTP, each line bound into one table with the same SQLite settings, a page a transaction.
 *
 *   floor pull URL TOKEN FILE     prints the milliseconds, the rows and the bytes
 *   floor status FILE N           N bare transactions of the rows that a status change writes, in a copy of a
 *                                tablet's store; prints us each
 */
#include "core/protocol.h"
#include "platform/db.h"

#include <libsoup/soup.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *
next_cursor (const char *line, gboolean *more)
{
  const char *start = strstr (line, "\"cursor\":\"") + strlen ("\"cursor\":\"");

  *more = strstr (line, "\"more\":true") != NULL;
  return g_strndup (start, (gsize) (strchr (start, '"') - start));
}

static char *
store_page (ShtDb *db, const char *body, gsize length, guint64 *rows, gboolean *more)
{
  const char *end = body + length;
  char *cursor = NULL;

  g_assert_true (sht_db_begin (db, NULL));
  for (const char *line = body; line < end;)
    {
      const char *newline = memchr (line, '\n', (gsize) (end - line));
      gsize size = (gsize) (newline - line);

      if (g_str_has_prefix (line, "{\"t\":\"cursor\""))
        cursor = next_cursor (line, more);
      else
        {
          g_assert_true (sht_db_run (db, NULL, "INSERT OR REPLACE INTO line (id, doc) VALUES (?1, ?2)", "it",
                                     (gint64) ++*rows, line, size));
        }
      line = newline + 1;
    }
  g_assert_true (sht_db_commit (db, NULL));
  return cursor;
}

static int
pull (const char *url, const char *token, const char *file)
{
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autoptr (ShtDb) db = sht_db_open (file, FALSE, NULL, NULL);
  g_autofree char *cursor = g_strdup ("");
  g_autofree char *authorization = g_strconcat ("Bearer ", token, NULL);
  gboolean more = TRUE;
  guint64 rows = 0, bytes = 0;
  gint64 start = g_get_monotonic_time ();

  g_assert_true (sht_db_exec (db, "CREATE TABLE line (id INTEGER PRIMARY KEY, doc TEXT)", NULL));
  while (more)
    {
      g_autofree char *escaped = g_uri_escape_string (cursor, NULL, FALSE);
      g_autofree char *address = g_strdup_printf ("%s/v1/sync/pull?cursor=%s&limit=%d", url, escaped, SHT_PULL_MAX_ROWS);
      g_autoptr (SoupMessage) message = soup_message_new ("GET", address);
      g_autoptr (GBytes) body = NULL;

      soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization", authorization);
      body = soup_session_send_and_read (session, message, NULL, NULL);
      g_assert_cmpuint (soup_message_get_status (message), ==, 200);
      bytes += g_bytes_get_size (body);
      g_free (cursor);
      cursor = store_page (db, g_bytes_get_data (body, NULL), g_bytes_get_size (body), &rows, &more);
    }
  printf ("%.1f %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT "\n", (double) (g_get_monotonic_time () - start) / 1000, rows,
          bytes);
  return 0;
}

/* The same rows into the same tables of a copy of the store, by bare statements: no JSON read, no merge. */
static int
status (const char *file, int n)
{
  g_autoptr (ShtDb) db = sht_db_open (file, FALSE, NULL, NULL);
  g_autofree char *many = g_strnfill (1000, 'x');
  g_autofree char *doc = g_strdup_printf ("{\"x\":\"%s\"}", many);
  g_autofree char *text = g_strdup_printf ("{\"x\":\"%.340s\"}", many);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  ShtStmt *stmt = sht_db_query (db, "SELECT id FROM ticket ORDER BY open DESC, due_at, row LIMIT 200", "");
  gint64 start;

  while (sht_stmt_step (stmt))
    g_ptr_array_add (ids, sht_stmt_dup (stmt, 0));
  g_assert_true (sht_stmt_end (stmt, NULL));
  start = g_get_monotonic_time ();
  for (int i = 0; i < n; i++)
    {
      const char *ticket = g_ptr_array_index (ids, (guint) i % ids->len);
      g_autofree char *id = g_uuid_string_random ();

      g_assert_true (sht_db_begin (db, NULL));
      g_assert_true (sht_db_run (db, NULL, "UPDATE ticket SET status = 'done', updated_at = ?3, doc = ?2 WHERE id = ?1",
                                 "ssi", ticket, doc, (gint64) i));
      g_assert_true (sht_db_run (db, NULL, "INSERT OR IGNORE INTO base (type, id, doc) VALUES ('ticket', ?1, ?2)", "ss",
                                 ticket, doc));
      g_assert_true (sht_db_run (db, NULL, "INSERT INTO event (parent, id, doc) VALUES (?1, ?2, ?3)", "sss", ticket, id,
                                 text));
      g_assert_true (sht_db_run (db, NULL,
                                 "INSERT INTO op (op, kind, type, entity, ticket, bytes, made_at) "
                                 "VALUES (?1, 'ticket.status', 'ticket', ?2, ?2, ?3, ?4)",
                                 "sssi", id, ticket, text, (gint64) i));
      g_assert_true (sht_db_commit (db, NULL));
    }
  printf ("%.1f\n", (double) (g_get_monotonic_time () - start) / n);
  return 0;
}

int
main (int argc, char **argv)
{
  if (argc == 5 && strcmp (argv[1], "pull") == 0)
    return pull (argv[2], argv[3], argv[4]);
  if (argc == 4 && strcmp (argv[1], "status") == 0)
    return status (argv[2], atoi (argv[3]));
  return 2;
}
