/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-acts STORE N [TICKETS]: the microseconds that one durable status change takes, over N of them, on so many
 * tickets in turn. */
#include "core/json.h"
#include "tablet/store/store.h"

#include <stdio.h>
#include <stdlib.h>

#define TICKETS 200

typedef struct
{
  char *id; /* (owned) */
  gboolean waits;
} Ticket;

static gboolean
collect (gpointer data, const char *doc)
{
  g_autoptr (JsonObject) object = sht_json_parse_object (doc, -1, NULL);
  Ticket ticket = { g_strdup (sht_json_string (object, "id")),
                    g_strcmp0 (sht_json_string (object, "status"), "waiting") == 0 };

  g_array_append_val (data, ticket);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (ShtStore) store = sht_store_open (argv[1], sht_store_world (), NULL);
  g_autoptr (GArray) tickets = g_array_new (FALSE, FALSE, sizeof (Ticket));
  ShtListQuery query = { .limit = argc > 3 ? atoi (argv[3]) : TICKETS };
  int n = atoi (argv[2]);
  gint64 start;

  g_assert_nonnull (store);
  g_assert_true (sht_store_list (store, &query, collect, tickets, NULL));
  start = g_get_monotonic_time ();
  for (int i = 0; i < n; i++)
    {
      Ticket *ticket = &g_array_index (tickets, Ticket, (guint) i % tickets->len);

      g_assert_true (sht_store_set_status (store, ticket->id, ticket->waits ? SHT_STATUS_IN_PROGRESS : SHT_STATUS_WAITING,
                                           NULL, NULL, NULL));
      ticket->waits = !ticket->waits;
    }
  printf ("%.1f\n", (double) (g_get_monotonic_time () - start) / n);
  for (guint i = 0; i < tickets->len; i++)
    g_free (g_array_index (tickets, Ticket, i).id);
  return 0;
}
