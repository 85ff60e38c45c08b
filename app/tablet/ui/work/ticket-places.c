/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/work/ticket-places.h"

#define STRETCH 512

struct _ShtTicketPlaces
{
  GArray *rows; /* (owned): of gint64, from the place `first` on; empty when nothing is known */
  guint first;
};

ShtTicketPlaces *
sht_ticket_places_new (void)
{
  ShtTicketPlaces *places = g_new0 (ShtTicketPlaces, 1);

  places->rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  return places;
}

void
sht_ticket_places_free (ShtTicketPlaces *places)
{
  g_array_unref (places->rows);
  g_free (places);
}

/** sht_ticket_places_forget: the list is another, or its order has changed */
void
sht_ticket_places_forget (ShtTicketPlaces *places)
{
  g_array_set_size (places->rows, 0);
}

static ShtStmt *
query (ShtDb *db, ShtFilter filter, gint64 now_ms, gint64 first)
{
  switch (filter)
    {
    case SHT_FILTER_OPEN:
      return sht_db_query (db, "SELECT row FROM ticket WHERE open = 1 ORDER BY open DESC, due_at, row LIMIT ?1 OFFSET ?2",
                           "ii", (gint64) STRETCH, first);
    case SHT_FILTER_LATE:
      return sht_db_query (db,
                           "SELECT row FROM ticket WHERE open = 1 AND due_at < ?3 ORDER BY open DESC, due_at, row "
                           "LIMIT ?1 OFFSET ?2",
                           "iii", (gint64) STRETCH, first, now_ms);
    case SHT_FILTER_DONE:
      return sht_db_query (db, "SELECT row FROM ticket WHERE open = 0 ORDER BY open DESC, due_at, row LIMIT ?1 OFFSET ?2",
                           "ii", (gint64) STRETCH, first);
    default:
      return sht_db_query (db, "SELECT row FROM ticket ORDER BY open DESC, due_at, row LIMIT ?1 OFFSET ?2", "ii",
                           (gint64) STRETCH, first);
    }
}

/**
 * sht_ticket_places_row:
 * @place: from 0
 * @now_ms: before when %SHT_FILTER_LATE is late, milliseconds since 1970 UTC
 *
 * Returns: the row of table `ticket` that stands there, 0 for none
 */
gint64
sht_ticket_places_row (ShtTicketPlaces *places, ShtDb *db, ShtFilter filter, gint64 now_ms, guint place)
{
  guint first = place / STRETCH * STRETCH;

  if (places->rows->len == 0 || places->first != first)
    {
      ShtStmt *stmt = query (db, filter, now_ms, first);

      places->first = first;
      g_array_set_size (places->rows, 0);
      while (sht_stmt_step (stmt))
        {
          gint64 row = sht_stmt_int (stmt, 0);

          g_array_append_val (places->rows, row);
        }
      sht_stmt_end (stmt, NULL);
    }
  return place - first < places->rows->len ? g_array_index (places->rows, gint64, place - first) : 0;
}
