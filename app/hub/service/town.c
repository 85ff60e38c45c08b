/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/service/hub.h"

static gboolean
add (gpointer data, const char *type, const char *id, gint64 number, const char *doc)
{
  g_autoptr (JsonObject) entity = sht_json_parse_object (doc, -1, NULL);
  g_autoptr (GError) error = NULL;

  /* What is imported is checked; without a calendar all time is working time. */
  if (!sht_town_add (data, entity, &error))
    g_warning ("%s %s: %s", type, id, error->message);
  return TRUE;
}

/**
 * sht_hub_get_town:
 * @town: (out) (transfer none): the calendars that there are, and whose; until the next call
 *
 * What the merge has to know to say when something falls due. It is laid out once, and again when another process has written.
 */
gboolean
sht_hub_get_town (ShtHub *hub, const ShtTown **town, GError **error)
{
  const ShtHubStoreDriver *driver = hub->store->driver;
  gint64 version = driver->data_version (hub->store);

  if (hub->town == NULL || hub->town_version != version)
    {
      g_autoptr (ShtTown) fresh = sht_town_new ();

      if (!driver->each_of_type (hub->store, "calendar", add, fresh, error)
          || !driver->each_of_type (hub->store, "department", add, fresh, error))
        return FALSE;
      sht_hub_forget_town (hub);
      hub->town = g_steal_pointer (&fresh);
      hub->town_version = version;
    }
  *town = hub->town;
  return TRUE;
}

/** sht_hub_forget_town: a calendar or a department has changed */
void
sht_hub_forget_town (ShtHub *hub)
{
  g_clear_pointer (&hub->town, sht_town_free);
}
