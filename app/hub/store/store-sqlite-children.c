/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/store/store-sqlite.h"

#include <string.h>

/* Where a row's texts begin, among those that are held. */
typedef struct
{
  gsize type;
  gsize id;
  gsize doc;
} Row;

typedef struct
{
  GString *texts; /* (owned) */
  GArray *rows;   /* (owned) (element-type Row) */
  gint64 number;  /* of all of them */
} Held;

static gsize
hold_text (Held *held, ShtStmt *stmt, int column)
{
  gsize at = held->texts->len;
  const char *text = sht_stmt_text (stmt, column);

  g_string_append_len (held->texts, text, (gssize) sht_stmt_bytes (stmt, column) + 1);
  return at;
}

static int
compare (gconstpointer a, gconstpointer b, gpointer texts)
{
  const Row *left = a, *right = b;
  int by_type = strcmp ((const char *) texts + left->type, (const char *) texts + right->type);

  return by_type != 0 ? by_type : strcmp ((const char *) texts + left->id, (const char *) texts + right->id);
}

static gboolean
tell (Held *held, ShtHubEntityFunc each, gpointer data)
{
  const char *texts = held->texts->str;
  gboolean more = TRUE;

  if (held->rows->len > 1)
    g_array_sort_with_data (held->rows, compare, held->texts->str);
  for (guint i = 0; more && i < held->rows->len; i++)
    {
      const Row *row = &g_array_index (held->rows, Row, i);

      more = each (data, texts + row->type, texts + row->id, held->number, texts + row->doc);
    }
  g_string_truncate (held->texts, 0);
  g_array_set_size (held->rows, 0);
  return more;
}

/* By number, type and id. What has the same number, a step's event and its photo, is put in order here: SQLite would hold
 * and sort the rows of each ticket, most of which have a number of their own. */
gboolean
sht_hub_sqlite_each_child (ShtHubStore *store, const char *parent, gint64 after, ShtHubEntityFunc each, gpointer data,
                           GError **error)
{
  ShtStmt *stmt = sht_db_query (sht_hub_sqlite_db (store),
                                "SELECT type, id, number, doc FROM entity WHERE parent = ?1 AND number > ?2 ORDER BY number",
                                "si", parent, after);
  g_autoptr (GString) texts = g_string_new (NULL);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (Row));
  Held held = { texts, rows, 0 };
  gboolean more = TRUE;

  while (more && sht_stmt_step (stmt))
    {
      gint64 number = sht_stmt_int (stmt, 2);
      Row row;

      if (rows->len > 0 && number != held.number)
        more = tell (&held, each, data);
      row.type = hold_text (&held, stmt, 0);
      row.id = hold_text (&held, stmt, 1);
      row.doc = hold_text (&held, stmt, 3);
      g_array_append_val (rows, row);
      held.number = number;
    }
  if (more)
    tell (&held, each, data);
  return sht_stmt_end (stmt, error);
}
