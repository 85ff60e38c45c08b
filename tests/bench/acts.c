/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-acts STORE N: the microseconds that one durable status change takes, over N of them. */
#include "tablet/store/store.h"

#include <stdio.h>
#include <stdlib.h>

static gboolean
collect (gpointer data, const char *doc)
{
  g_autoptr (JsonParser) parser = json_parser_new ();

  g_assert_true (json_parser_load_from_data (parser, doc, -1, NULL));
  g_ptr_array_add (data, g_strdup (json_object_get_string_member (json_node_get_object (json_parser_get_root (parser)),
                                                                  "id")));
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (ShtStore) store = sht_store_open (argv[1], sht_store_world (), NULL);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  ShtListQuery query = { .limit = 200 };
  int n = atoi (argv[2]);
  gint64 start;

  g_assert_nonnull (store);
  g_assert_true (sht_store_list (store, &query, collect, ids, NULL));
  start = g_get_monotonic_time ();
  for (int i = 0; i < n; i++)
    g_assert_true (sht_store_set_status (store, g_ptr_array_index (ids, i % ids->len),
                                         (i / ids->len) % 2 == 0 ? SHT_STATUS_WAITING : SHT_STATUS_IN_PROGRESS, NULL,
                                         NULL, NULL));
  printf ("%.1f\n", (double) (g_get_monotonic_time () - start) / n);
  return 0;
}
