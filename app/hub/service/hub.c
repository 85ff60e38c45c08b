/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/service/hub.h"

#include "core/protocol.h"
#include "platform/durable.h"

#define DATABASE_FILE "hub.db"

G_DEFINE_QUARK (sht-hub-error-quark, sht_hub_error)

static gint64
wall_clock (gpointer unused)
{
  return g_get_real_time () / 1000;
}

/**
 * sht_hub_new:
 * @store: (transfer full): the database
 * @world: clock and randomness, copied
 *
 * Returns: (transfer full): a hub without a folder of photos
 */
ShtHub *
sht_hub_new (ShtHubStore *store, const ShtHubWorld *world)
{
  ShtHub *hub = g_new0 (ShtHub, 1);

  hub->store = store;
  hub->world = *world;
  return hub;
}

/**
 * sht_hub_is_in:
 *
 * Returns: whether there is a hub in a folder already
 */
gboolean
sht_hub_is_in (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, DATABASE_FILE, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/**
 * sht_hub_open:
 * @folder: the data folder; made with its database when it is not there
 *
 * Returns: (transfer full) (nullable): a hub, or %NULL with a #ShtDbError or #GIOErrorEnum
 */
ShtHub *
sht_hub_open (const char *folder, GError **error)
{
  static const ShtHubWorld world = { wall_clock, sht_kernel_random, NULL };
  g_autofree char *path = g_build_filename (folder, DATABASE_FILE, NULL);
  ShtHubStore *store;
  ShtHub *hub;

  if (!sht_durable_mkdir (folder, error))
    return NULL;
  store = sht_hub_store_open_sqlite (path, NULL, error);
  if (store == NULL)
    return NULL;
  hub = sht_hub_new (store, &world);
  hub->folder = g_strdup (folder);
  if (!sht_hub_renew_targets (hub, error))
    {
      sht_hub_free (hub);
      return NULL;
    }
  return hub;
}

void
sht_hub_free (ShtHub *hub)
{
  sht_hub_store_close (hub->store);
  sht_hub_forget_town (hub);
  g_clear_pointer (&hub->tickets, g_hash_table_unref);
  g_free (hub->folder);
  g_free (hub);
}

gint64
sht_hub_now (ShtHub *hub)
{
  return hub->world.now_ms (hub->world.data);
}

static gboolean
add_department (gpointer data, const char *type, const char *id, gint64 number, const char *doc)
{
  g_strv_builder_add (data, id);
  return TRUE;
}

/**
 * sht_hub_scopes_of_device:
 *
 * Returns: (transfer full) (nullable): the names of the scopes that the device may pull, in the order in
 *   which it should have them; %NULL with an error
 */
GStrv
sht_hub_scopes_of_device (ShtHub *hub, const ShtHubDevice *device, GError **error)
{
  g_autoptr (GStrvBuilder) scopes = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) departments = g_strv_builder_new ();
  g_auto (GStrv) ids = NULL;
  ShtRole role = SHT_ROLE_CREW;

  sht_role_parse (device->role, &role);
  g_strv_builder_add (scopes, SHT_SCOPE_REFERENCE);
  if (role >= SHT_ROLE_MANAGER)
    {
      if (!hub->store->driver->each_of_type (hub->store, "department", add_department, departments, error))
        return NULL;
    }
  else if (role == SHT_ROLE_SUPERVISOR && device->department != NULL)
    g_strv_builder_add (departments, device->department);
  if (device->crew != NULL)
    {
      g_autofree char *scope = g_strconcat (SHT_SCOPE_CREW, device->crew, NULL);

      g_strv_builder_add (scopes, scope);
    }
  ids = g_strv_builder_end (departments);
  for (guint i = 0; ids[i] != NULL; i++)
    {
      g_autofree char *scope = g_strconcat (SHT_SCOPE_DEPARTMENT, ids[i], NULL);

      g_strv_builder_add (scopes, scope);
    }
  g_strv_builder_add (scopes, SHT_SCOPE_TOWN);
  return g_strv_builder_end (scopes);
}

/* The reference data, and what all the town sees, are no tickets. */
static gboolean
is_of_tickets (const char *scope)
{
  return g_str_has_prefix (scope, SHT_SCOPE_CREW) || g_str_has_prefix (scope, SHT_SCOPE_DEPARTMENT);
}

static gboolean
holds (ShtHub *hub, const ShtHubDevice *device, char **scopes, const char *type, const char *id, gboolean *now,
       gboolean *ever, GError **error)
{
  for (guint i = 0; !*now && scopes[i] != NULL; i++)
    {
      gboolean is_now = FALSE, was = FALSE;

      if (is_of_tickets (scopes[i]) && !sht_hub_is_member (hub, scopes[i], type, id, &is_now, &was, error))
        return FALSE;
      *now |= is_now;
      *ever |= was;
    }
  return *ever || hub->store->driver->had_before (hub->store, device->id, type, id, ever, error);
}

/**
 * sht_hub_device_holds:
 * @ticket: a ticket's or an obstacle's UUID
 * @now: (out): whether it is in a scope of the device
 * @ever: (out): whether it is or was, also in one that the device had before it was enrolled for another crew:
 *   work that was done there still comes
 */
gboolean
sht_hub_device_holds (ShtHub *hub, const ShtHubDevice *device, const char *ticket, gboolean *now, gboolean *ever,
                      GError **error)
{
  g_auto (GStrv) scopes = sht_hub_scopes_of_device (hub, device, error);

  *now = *ever = FALSE;
  return scopes != NULL && holds (hub, device, scopes, "ticket", ticket, now, ever, error)
         && (*ever || holds (hub, device, scopes, "obstacle", ticket, now, ever, error));
}
