/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ctl/ctl.h"

#include "core/json.h"
#include "tablet/store/preflight.h"

typedef struct
{
  gboolean json;
  JsonArray *lines; /* (owned) */
} Told;

/* @text: (transfer full) */
static void
tell (Told *told, const char *what, gboolean fine, char *text)
{
  JsonObject *line = json_object_new ();

  json_object_set_string_member (line, "what", what);
  json_object_set_boolean_member (line, "fine", fine);
  json_object_set_string_member (line, "text", text);
  json_array_add_object_element (told->lines, line);
  if (!told->json)
    g_print ("%-6s %s\n", fine ? "fine" : "to do", text);
  g_free (text);
}

static char *
map_words (const ShtPreflight *preflight)
{
  g_autofree char *size = NULL;

  if (preflight->outside->len == 0)
    return g_strdup_printf ("the maps here show the streets of all %u tickets", preflight->tickets);
  if (preflight->package == NULL)
    return g_strdup_printf ("%u of %u tickets lie outside the maps on this tablet; the hub offers none for them",
                            preflight->outside->len, preflight->tickets);
  size = g_format_size ((guint64) preflight->package->size);
  return g_strdup_printf ("%u of %u tickets lie outside the maps on this tablet; the map “%s” (%s) has %u of them: maps get",
                          preflight->outside->len, preflight->tickets, preflight->package->name, size,
                          preflight->package_covers);
}

static char *
clock_words (const ShtPreflight *preflight)
{
  if (!preflight->clock_known)
    return g_strdup ("the hub's clock was never heard: sync once");
  if (sht_preflight_clock_is_fine (preflight))
    return g_strdup ("the clock is the hub's");
  return g_strdup_printf ("the clock is %" G_GINT64_FORMAT " minutes %s: set it", ABS (preflight->clock_off_ms) / 60000,
                          preflight->clock_off_ms > 0 ? "slow" : "fast");
}

static char *
unsent_words (const ShtPreflight *preflight)
{
  gint64 waiting = preflight->operations + preflight->photos;

  if (waiting == 0 && preflight->attention == 0)
    return g_strdup ("all is with the hub");
  return g_strdup_printf ("%" G_GINT64_FORMAT " steps and photos wait to be sent, %" G_GINT64_FORMAT " need a decision: sync",
                          waiting, preflight->attention);
}

static char *
residents_words (const ShtPreflight *preflight)
{
  static const char *const keys[] = {
    [SHT_SEAL_NONE] = "the keyring with the key for residents' names and phones is locked or not there: they are not shown",
    [SHT_SEAL_KEYRING] = "residents' names and phones are sealed, and the key is in the keyring",
    [SHT_SEAL_FILE] = "residents' names and phones are sealed, but there is no keyring: the key lies in a file beside them",
    [SHT_SEAL_DESTROYED] = "the office has sealed this tablet: it knows nothing of residents",
  };
  static const char *const disks[] = {
    [SHT_DISK_UNKNOWN] = "whether the disk is encrypted cannot be told",
    [SHT_DISK_PLAIN] = "the disk is not encrypted",
    [SHT_DISK_ENCRYPTED] = "the disk is encrypted",
  };

  return g_strdup_printf ("%s; %s", keys[preflight->seal], disks[preflight->disk]);
}

static JsonObject *
view (const ShtPreflight *preflight, JsonArray *lines)
{
  JsonObject *object = json_object_new ();
  JsonArray *outside = json_array_new ();

  for (guint i = 0; i < preflight->outside->len; i++)
    json_array_add_string_element (outside, g_ptr_array_index (preflight->outside, i));
  json_object_set_boolean_member (object, "fine", sht_preflight_is_fine (preflight));
  json_object_set_array_member (object, "lines", json_array_ref (lines));
  json_object_set_array_member (object, "outside", outside);
  if (preflight->package != NULL)
    json_object_set_string_member (object, "get", preflight->package->name);
  return object;
}

int
sht_ctl_preflight (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtPreflight) preflight = NULL;
  g_autoptr (JsonArray) lines = json_array_new ();
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (JsonNode) node = NULL;
  Told told = { options->json, lines };
  g_autofree char *size = NULL;

  if (argc != 2)
    return sht_ctl_usage ("preflight takes no words");
  preflight = sht_store_preflight (store, &error);
  if (preflight == NULL)
    return sht_ctl_fail (g_steal_pointer (&error));
  preflight->battery = sht_battery_read ();
  size = g_format_size ((guint64) preflight->free_bytes);
  tell (&told, "map", preflight->outside->len == 0, map_words (preflight));
  tell (&told, "login", preflight->enrolled,
        g_strdup (preflight->enrolled ? "the login does not run out" : "this tablet is not enrolled: enrol it"));
  tell (&told, "storage", preflight->room == SHT_ROOM_ENOUGH,
        g_strdup_printf (preflight->room == SHT_ROOM_ENOUGH ? "%s are free" : "only %s are free: make room", size));
  if (preflight->battery.present)
    tell (&told, "battery", sht_preflight_battery_is_fine (preflight),
          g_strdup_printf (sht_preflight_battery_is_fine (preflight) ? "the battery has %d %%"
                                                                     : "the battery has %d %%: charge it",
                           preflight->battery.percent));
  tell (&told, "clock", sht_preflight_clock_is_fine (preflight), clock_words (preflight));
  tell (&told, "unsent", preflight->operations + preflight->photos + preflight->attention == 0, unsent_words (preflight));
  tell (&told, "residents", sht_preflight_residents_are_safe (preflight), residents_words (preflight));
  if (options->json)
    {
      object = view (preflight, lines);
      node = json_node_init_object (json_node_alloc (), object);
      sht_ctl_print (node);
    }
  return sht_preflight_is_fine (preflight) ? 0 : 1;
}
