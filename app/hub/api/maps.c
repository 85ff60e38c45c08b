/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/api/maps.h"

#include "hub/api/refusal.h"
#include "hub/service/maps.h"

#include <string.h>

#define PATH "/v1/maps"
#define TYPE "application/vnd.sqlite3"

struct _ShtMapsDoor
{
  ShtHub *desk;      /* (unowned) */
  ShtWorker *reader; /* (unowned) */
};

typedef struct
{
  ShtHttpExchange *exchange; /* (owned) */
  char *sha256;              /* (owned) */
  GBytes *whole;             /* (owned) (nullable): mapped, so that only what is sent is read */
  GError *error;             /* (owned) (nullable) */
} Ask;

static void
ask_free (Ask *ask)
{
  g_object_unref (ask->exchange);
  g_free (ask->sha256);
  g_clear_pointer (&ask->whole, g_bytes_unref);
  g_clear_error (&ask->error);
  g_free (ask);
}

static void
open_map (ShtHub *hub, gpointer job)
{
  Ask *ask = job;
  g_autofree char *path = sht_hub_map_path (hub, ask->sha256, &ask->error);
  g_autoptr (GMappedFile) file = path != NULL ? g_mapped_file_new (path, FALSE, NULL) : NULL;

  if (file != NULL)
    ask->whole = g_mapped_file_get_bytes (file);
  else if (path != NULL)
    g_set_error_literal (&ask->error, SHT_HUB_ERROR, SHT_HUB_ERROR_NOT_FOUND, "the map's bytes are not here");
}

static void
refuse (ShtHttpExchange *exchange, const GError *error)
{
  guint status;
  const char *code = sht_hub_refusal (error, &status);

  if (status == 503)
    g_warning ("%s: %s", sht_http_exchange_get_path (exchange), error->message);
  sht_http_exchange_respond_error (exchange, status, code,
                                   status == 503 ? "the hub cannot do this just now" : error->message);
}

/* `bytes=FROM-` or `bytes=FROM-TO`, and nothing else; what is not understood is as if it were not there. */
static gboolean
read_range (const char *header, gint64 *from, gint64 *to)
{
  const char *at;
  char *end;

  if (header == NULL || !g_str_has_prefix (header, "bytes=") || !g_ascii_isdigit (header[strlen ("bytes=")]))
    return FALSE;
  at = header + strlen ("bytes=");
  *from = g_ascii_strtoll (at, &end, 10);
  *to = G_MAXINT64;
  if (*end != '-' || *from == G_MAXINT64)
    return FALSE;
  at = end + 1;
  if (*at == '\0')
    return TRUE;
  if (!g_ascii_isdigit (*at))
    return FALSE;
  *to = g_ascii_strtoll (at, &end, 10);
  return *end == '\0' && *to >= *from;
}

static void
answer (gpointer job)
{
  Ask *ask = job;
  gint64 size = ask->whole != NULL ? (gint64) g_bytes_get_size (ask->whole) : 0;
  gint64 from, to;

  if (ask->error != NULL)
    refuse (ask->exchange, ask->error);
  else if (!read_range (sht_http_exchange_get_header (ask->exchange, "Range"), &from, &to))
    sht_http_exchange_respond (ask->exchange, 200, TYPE, ask->whole);
  else if (from >= size)
    {
      g_autofree char *all = g_strdup_printf ("bytes */%" G_GINT64_FORMAT, size);

      sht_http_exchange_set_header (ask->exchange, "Content-Range", all);
      sht_http_exchange_respond_error (ask->exchange, 416, "range", "the map ends before that");
    }
  else
    {
      gint64 last = MIN (to, size - 1);
      g_autoptr (GBytes) part = g_bytes_new_from_bytes (ask->whole, (gsize) from, (gsize) (last - from + 1));
      g_autofree char *told
        = g_strdup_printf ("bytes %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, from, last, size);

      sht_http_exchange_set_header (ask->exchange, "Content-Range", told);
      sht_http_exchange_respond (ask->exchange, 206, TYPE, part);
    }
  ask_free (ask);
}

static void
handle_map (ShtHttpExchange *exchange, gpointer data)
{
  ShtMapsDoor *self = data;
  const char *path = sht_http_exchange_get_path (exchange);
  const char *hash = strlen (path) > strlen (PATH) ? path + strlen (PATH "/") : "";
  g_autoptr (GError) error = NULL;
  ShtHubDevice *device;
  Ask *ask;

  device = sht_hub_authenticate (self->desk, sht_http_exchange_get_header (exchange, "Authorization"), &error);
  if (device == NULL)
    {
      refuse (exchange, error);
      return;
    }
  sht_hub_device_free (device);
  if (strlen (hash) != 64 || strspn (hash, "0123456789abcdef") != 64)
    {
      sht_http_exchange_respond_error (exchange, 404, "not_found", "there is no such map");
      return;
    }
  ask = g_new0 (Ask, 1);
  ask->exchange = g_object_ref (exchange);
  ask->sha256 = g_strdup (hash);
  sht_http_exchange_set_header (exchange, "Accept-Ranges", "bytes");
  sht_http_exchange_set_header (exchange, "Cache-Control", "private, max-age=31536000, immutable");
  sht_worker_do (self->reader, open_map, answer, ask);
}

/**
 * sht_maps_door_new:
 * @desk: for look-ups on the server's thread
 * @reader: for all that touches the disk
 * @http: where the route is added
 *
 * Returns: (transfer full): what answers `GET /v1/maps/SHA256`; it has to outlive the server
 */
ShtMapsDoor *
sht_maps_door_new (ShtHub *desk, ShtWorker *reader, ShtHttpServer *http)
{
  ShtMapsDoor *self = g_new0 (ShtMapsDoor, 1);

  self->desk = desk;
  self->reader = reader;
  sht_http_server_add_route (http, "GET", PATH, 0, SHT_HTTP_ROUTE_PREFIX, handle_map, self);
  return self;
}

void
sht_maps_door_free (ShtMapsDoor *self)
{
  g_free (self);
}
