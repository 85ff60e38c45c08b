/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/service/hub.h"

#include "core/protocol.h"

#include <string.h>

/* Of an id, for what cannot be undone. */
#define LEAST_CHARS 8

static void
add_device (gpointer data, const ShtHubDevice *device, const char *unsent)
{
  JsonObject *view = json_object_new ();
  g_autoptr (JsonObject) told = unsent != NULL ? sht_json_parse_object (unsent, -1, NULL) : NULL;

  json_object_set_string_member (view, "device", device->id);
  json_object_set_string_member (view, "role", device->role);
  sht_json_set_string (view, "crew", device->crew);
  sht_json_set_string (view, "department", device->department);
  sht_json_set_string (view, "person", device->person);
  json_object_set_int_member (view, "enrolled_at", device->enrolled_at);
  if (device->last_seen_at > 0)
    json_object_set_int_member (view, "last_seen_at", device->last_seen_at);
  if (device->sealed_at > 0)
    json_object_set_int_member (view, "sealed_at", device->sealed_at);
  if (device->answered_at > 0)
    json_object_set_int_member (view, "answered_at", device->answered_at);
  sht_json_set_string (view, "answered_by", device->answered_by);
  if (told != NULL)
    json_object_set_object_member (view, "unsent", g_steal_pointer (&told));
  json_array_add_object_element (data, view);
}

/**
 * sht_hub_devices_view:
 *
 * Returns: (transfer full) (nullable): the tablets that were enrolled, each with `device`, `role`, `enrolled_at` and, where
 *   there is one, `crew`, `department`, `person`, `last_seen_at`, `sealed_at`, `answered_at`, `answered_by` and `unsent`; %NULL with a #ShtDbError
 */
JsonArray *
sht_hub_devices_view (ShtHub *hub, GError **error)
{
  g_autoptr (JsonArray) list = json_array_new ();

  return hub->store->driver->each_device (hub->store, add_device, list, error) ? g_steal_pointer (&list) : NULL;
}

typedef struct
{
  const char *prefix;
  char *id; /* (owned) (nullable) */
  guint found;
} Search;

static void
look_at_device (gpointer data, const ShtHubDevice *device, const char *unsent)
{
  Search *search = data;

  if (!g_str_has_prefix (device->id, search->prefix) || search->found++ > 0)
    return;
  search->id = g_strdup (device->id);
}

/**
 * sht_hub_seal_device:
 * @device: its id, or eight characters or more that it alone begins with
 *
 * Seals a tablet: when it is next in touch it destroys its key for what is known of residents, says what it had not sent, and
 * has nothing more. Its work is still taken in from a rescue file. A new code enrols it anew.
 *
 * Returns: %FALSE with %SHT_HUB_ERROR_NOT_FOUND, %SHT_HUB_ERROR_AMBIGUOUS or a #ShtDbError
 */
gboolean
sht_hub_seal_device (ShtHub *hub, const char *device, GError **error)
{
  Search search = { device, NULL, 0 };
  gboolean ok = hub->store->driver->each_device (hub->store, look_at_device, &search, error);

  if (ok && strlen (device) < LEAST_CHARS)
    search.found = 0;
  if (ok && search.found != 1)
    {
      g_set_error (error, SHT_HUB_ERROR, search.found == 0 ? SHT_HUB_ERROR_NOT_FOUND : SHT_HUB_ERROR_AMBIGUOUS,
                   search.found == 0 ? "no tablet's id begins with %s; at least eight characters of it are needed" : "more than one tablet's id begins with %s", device);
      ok = FALSE;
    }
  ok = ok && hub->store->driver->seal_device (hub->store, search.id, sht_hub_now (hub), error);
  g_free (search.id);
  return ok;
}

/* A tablet that was lost may say anything. */
static gboolean
is_unsent (JsonObject *unsent)
{
  JsonArray *operations = sht_json_array (unsent, "operations"), *photos = sht_json_array (unsent, "photos");

  return operations != NULL && photos != NULL && json_array_get_length (operations) <= SHT_UNSENT_MAX_ROWS
         && json_array_get_length (photos) <= SHT_UNSENT_MAX_ROWS && sht_json_int (unsent, "operations_count", -1) >= 0
         && sht_json_int (unsent, "photos_count", -1) >= 0;
}

/**
 * sht_hub_take_unsent:
 * @authorization: (nullable): the header, `Bearer TOKEN`, of a tablet that was sealed
 * @body: what it had not sent, as PROTOCOL.md has it
 *
 * Keeps what a sealed tablet says, for the office to read.
 *
 * Returns: (transfer full) (nullable): the answer; %NULL with a #ShtHubError
 */
char *
sht_hub_take_unsent (ShtHub *hub, const char *authorization, const char *body, gsize length, GError **error)
{
  g_autoptr (ShtHubDevice) device = sht_hub_authenticate_sealed (hub, authorization, error);
  g_autoptr (JsonObject) unsent = NULL;
  g_autofree char *text = NULL;

  if (device == NULL)
    return NULL;
  if (device->sealed_at == 0)
    {
      g_set_error_literal (error, SHT_HUB_ERROR, SHT_HUB_ERROR_FORBIDDEN, "nobody has sealed this tablet");
      return NULL;
    }
  unsent = sht_json_parse_object (body, (gssize) length, NULL);
  if (!is_unsent (unsent))
    {
      g_set_error_literal (error, SHT_HUB_ERROR, SHT_HUB_ERROR_BAD_REQUEST, "what was not sent cannot be understood");
      return NULL;
    }
  text = sht_json_to_string (unsent);
  if (!hub->store->driver->put_unsent (hub->store, device->id, text, error))
    return NULL;
  return g_strdup_printf ("{\"now\":%" G_GINT64_FORMAT "}", sht_hub_now (hub));
}
