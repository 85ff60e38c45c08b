/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tests/hub/hub-fixture.h"

/* What a tablet would hold: line by id, taken from pages as the protocol says. */
typedef struct
{
  GHashTable *lines; /* "scope type id" → line; children under their ticket */
  char *cursor;
  guint pages;
} Mirror;

static inline Mirror *
mirror_new (void)
{
  Mirror *mirror = g_new0 (Mirror, 1);

  mirror->lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return mirror;
}

static inline void
mirror_free (Mirror *mirror)
{
  g_hash_table_unref (mirror->lines);
  g_free (mirror->cursor);
  g_free (mirror);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Mirror, mirror_free)

static inline gboolean
is_of_ticket (gpointer key, gpointer value, gpointer prefix)
{
  return g_str_has_prefix (key, prefix);
}

static inline gboolean
mirror_page (Mirror *mirror, Town *town, ShtHubDevice *device, guint limit)
{
  g_autoptr (GError) error = NULL;
  gboolean empty;
  g_autoptr (GBytes) page = sht_hub_pull (town->hub, device, mirror->cursor, limit, &empty, &error);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autofree char *scope = NULL;
  g_autofree char *ticket = NULL;
  guint rows = 0;

  g_assert_no_error (error);
  text = g_strndup (g_bytes_get_data (page, NULL), g_bytes_get_size (page));
  lines = g_strsplit (text, "\n", -1);
  mirror->pages++;
  for (guint i = 0; lines[i][0] != '\0'; i++)
    {
      g_autoptr (JsonObject) line = sht_json_parse_object (lines[i], -1, &error);
      const char *type = sht_json_string (line, "t");
      const char *id = sht_json_string (line, "id");

      g_assert_no_error (error);
      if (g_str_equal (type, "scope"))
        {
          g_free (scope);
          scope = g_strdup (sht_json_string (line, "scope"));
          continue;
        }
      if (g_str_equal (type, "cursor"))
        {
          gboolean more = sht_json_bool (line, "more");

          g_assert_cmpint (sht_json_int (line, "rows", -1), ==, rows);
          g_assert_cmpint (empty, ==, rows == 0 && !more);
          g_free (mirror->cursor);
          mirror->cursor = g_strdup (sht_json_string (line, "cursor"));
          return more;
        }
      rows++;
      if (g_str_equal (type, "leave"))
        {
          g_autofree char *prefix = g_strdup_printf ("%s %s/", scope, id);

          g_hash_table_foreach_remove (mirror->lines, is_of_ticket, prefix);
          continue;
        }
      if (!g_str_equal (type, "event") && !g_str_equal (type, "photo"))
        {
          g_free (ticket);
          ticket = g_strdup (id);
        }
      g_hash_table_replace (mirror->lines, g_strdup_printf ("%s %s/%s %s", scope, ticket, type, id), g_strdup (lines[i]));
    }
  g_assert_not_reached ();
}

static inline void
mirror_pull (Mirror *mirror, Town *town, ShtHubDevice *device, guint limit)
{
  while (mirror_page (mirror, town, device, limit))
    g_assert_cmpuint (mirror->pages, <, 100000);
}

static inline void
assert_same (Mirror *a, Mirror *b)
{
  GHashTableIter iter;
  gpointer key, line;

  g_hash_table_iter_init (&iter, a->lines);
  while (g_hash_table_iter_next (&iter, &key, &line))
    {
      const char *other = g_hash_table_lookup (b->lines, key);

      if (other == NULL)
        g_error ("%s is missing", (char *) key);
      g_assert_cmpstr (other, ==, line);
    }
  g_assert_cmpuint (g_hash_table_size (a->lines), ==, g_hash_table_size (b->lines));
}

static inline gboolean
mirror_has (Mirror *mirror, const char *part)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, mirror->lines);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (strstr (key, part) != NULL)
      return TRUE;
  return FALSE;
}
