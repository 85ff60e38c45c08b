/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json-slice.h"
#include "core/protocol.h"
#include "hub/service/hub.h"

#define DAY_MS (G_GINT64_CONSTANT (24) * 3600 * 1000)
#define KEEP_DAYS "closed_keep_days"
/* Up to which log number it was seen to; what happens to a ticket later has a later number. */
#define SEEN_TO "closed_seen_to"

typedef struct
{
  gint64 through;
  GHashTable *over; /* (owned): ids */
} Sweep;

/* The rest of a scope is behind what is old enough. */
static gboolean
note_member (gpointer data, const ShtHubMember *member, const char *doc)
{
  Sweep *sweep = data;
  g_autofree char *name = NULL;
  ShtStatus status;

  if (member->number > sweep->through)
    return FALSE;
  if (!member->present || !g_str_equal (member->type, "ticket") || doc == NULL)
    return TRUE;
  name = sht_json_read_member (doc, -1, "status");
  /* What is done has still to be closed. */
  if (sht_status_parse (name, &status) && !sht_status_is_open (status) && status != SHT_STATUS_DONE)
    g_hash_table_add (sweep->over, g_strdup (member->id));
  return TRUE;
}

static gboolean
note_scope (gpointer data, const char *type, const char *id, gint64 number, const char *doc)
{
  g_ptr_array_add (data, g_strdup (id));
  return TRUE;
}

static gboolean
look_into (ShtHub *hub, const char *type, const char *prefix, gint64 seen_to, Sweep *sweep, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  if (!hub->store->driver->each_of_type (hub->store, type, note_scope, ids, error))
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    {
      g_autofree char *scope = g_strconcat (prefix, g_ptr_array_index (ids, i), NULL);

      if (!hub->store->driver->each_member_since (hub->store, scope, seen_to, G_MAXUINT, note_member, sweep, error))
        return FALSE;
    }
  return TRUE;
}

/* As long as two have said different things it is somebody's to decide. */
static gboolean
let_go (ShtHub *hub, const char *ticket, GError **error)
{
  gboolean undecided = FALSE;

  return hub->store->driver->has_conflict (hub->store, "ticket", ticket, &undecided, error)
         && (undecided || sht_hub_leave_scopes (hub, ticket, error));
}

static gboolean
sweep_all (ShtHub *hub, Sweep *sweep, gint64 seen_to, GError **error)
{
  GHashTableIter iter;
  gpointer id;

  if (!look_into (hub, "crew", SHT_SCOPE_CREW, seen_to, sweep, error)
      || !look_into (hub, "department", SHT_SCOPE_DEPARTMENT, seen_to, sweep, error))
    return FALSE;
  g_hash_table_iter_init (&iter, sweep->over);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    if (!let_go (hub, id, error))
      return FALSE;
  return hub->store->driver->put_setting (hub->store, SEEN_TO, sweep->through, error);
}

/**
 * sht_hub_tidy_closed:
 *
 * Tickets that are over leave the tablets once nothing has happened to them, their arrival included, for the days that the
 * office has set. At the hub they stay; what happens to one later brings it back for as long.
 */
gboolean
sht_hub_tidy_closed (ShtHub *hub, GError **error)
{
  const ShtHubStoreDriver *driver = hub->store->driver;
  gint64 days = SHT_HUB_CLOSED_KEEP_DAYS, seen_to = 0;
  g_autoptr (GHashTable) over = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Sweep sweep = { 0, over };

  if (!driver->get_setting (hub->store, KEEP_DAYS, &days, error) || !driver->get_setting (hub->store, SEEN_TO, &seen_to, error))
    return FALSE;
  if (days == 0)
    return TRUE;
  if (!driver->log_before (hub->store, seen_to, sht_hub_now (hub) - days * DAY_MS, &sweep.through, error))
    return FALSE;
  if (sweep.through <= seen_to)
    return TRUE;
  if (!driver->begin (hub->store, TRUE, error))
    return FALSE;
  if (sweep_all (hub, &sweep, seen_to, error))
    return driver->commit (hub->store, error);
  driver->rollback (hub->store);
  return FALSE;
}

/**
 * sht_hub_keep_closed:
 * @days: for how many days tickets that are over stay on tablets, 0 to %SHT_HUB_CLOSED_MOST_DAYS; 0: for ever
 *
 * Those of which that is past leave at once; with more days than before, none comes back.
 */
gboolean
sht_hub_keep_closed (ShtHub *hub, gint64 days, GError **error)
{
  return hub->store->driver->put_setting (hub->store, KEEP_DAYS, days, error) && sht_hub_tidy_closed (hub, error);
}
