/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/service/maps.h"

#include "core/protocol.h"
#include "platform/mbtiles.h"

#include <string.h>

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_BAD_REQUEST, "an online map's address %s", why);
  return FALSE;
}

static guint
count (const char *text, const char *part)
{
  guint n = 0;

  for (const char *at = text; (at = strstr (at, part)) != NULL; at += strlen (part))
    n++;
  return n;
}

static gboolean
is_good (const char *url, GError **error)
{
  g_autoptr (GString) tried = g_string_new (url);
  g_autoptr (GUri) uri = NULL;

  if (count (url, "{z}") != 1 || count (url, "{x}") != 1 || count (url, "{y}") != 1 || count (url, "{") != 3)
    return refuse (error, "has {z}, {x} and {y}, once each, such as https://maps.example.org/{z}/{x}/{y}.png");
  if (g_utf8_strlen (url, -1) > SHT_ONLINE_MAP_MAX_CHARS)
    return refuse (error, "has at most " G_STRINGIFY (SHT_ONLINE_MAP_MAX_CHARS) " characters");
  g_string_replace (tried, "{z}", "1", 0);
  g_string_replace (tried, "{x}", "1", 0);
  g_string_replace (tried, "{y}", "1", 0);
  uri = g_uri_parse (tried->str, G_URI_FLAGS_NONE, NULL);
  if (uri == NULL || g_uri_get_host (uri) == NULL || g_uri_get_host (uri)[0] == '\0'
      || (g_strcmp0 (g_uri_get_scheme (uri), "https") != 0 && g_strcmp0 (g_uri_get_scheme (uri), "http") != 0))
    return refuse (error, "is an http or https address");
  return TRUE;
}

static gboolean
erase_online (ShtHub *hub, GError **error)
{
  g_autoptr (JsonObject) there = sht_hub_get_existing (hub, SHT_ONLINE_MAP_TYPE, SHT_ONLINE_MAP_ID, error);

  return there != NULL && sht_hub_remove_reference (hub, SHT_ONLINE_MAP_TYPE, SHT_ONLINE_MAP_ID, error);
}

static gboolean
write_online (ShtHub *hub, const char *url, const char *attribution, GError **error)
{
  g_autoptr (JsonObject) map = json_object_new ();
  gint64 number;

  json_object_set_string_member (map, "t", SHT_ONLINE_MAP_TYPE);
  json_object_set_string_member (map, "id", SHT_ONLINE_MAP_ID);
  json_object_set_string_member (map, "url", url);
  json_object_set_string_member (map, "attribution", attribution);
  return sht_hub_next_number (hub, SHT_ONLINE_MAP_TYPE, SHT_ONLINE_MAP_ID, NULL, NULL, &number, error)
         && sht_hub_put_reference (hub, map, number, NULL, error);
}

/**
 * sht_hub_set_online_map:
 * @url: (nullable): where tiles are, with {z}, {x} and {y}, rows from the north; %NULL for none
 * @attribution: (nullable): whose data it is, plain text; needed with @url
 *
 * Sets the one server that tablets may ask for tiles where their own maps have nothing. None is preset: whose it is has to allow
 * that.
 */
gboolean
sht_hub_set_online_map (ShtHub *hub, const char *url, const char *attribution, GError **error)
{
  g_autofree char *plain = sht_mbtiles_plain_text (attribution != NULL ? attribution : "");
  gboolean ok;

  if (url != NULL && !is_good (url, error))
    return FALSE;
  if (url != NULL && plain[0] == '\0')
    {
      g_set_error_literal (error, SHT_HUB_ERROR, SHT_HUB_ERROR_BAD_REQUEST,
                           "whose map it is stands on it: --attribution TEXT");
      return FALSE;
    }
  if (!hub->store->driver->begin (hub->store, TRUE, error))
    return FALSE;
  ok = url != NULL ? write_online (hub, url, plain, error) : erase_online (hub, error);
  if (ok)
    return hub->store->driver->commit (hub->store, error);
  hub->store->driver->rollback (hub->store);
  return FALSE;
}
