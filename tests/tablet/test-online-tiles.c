/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/map/mbtiles-source.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>
#include <sys/stat.h>

/* A server of tiles on loopback, and what is asked of it. */

#define COLOUR 0xff204060u

typedef struct
{
  SoupServer *server;
  char *url;
  char *folder;
  guint asked;
  guint status;
  const char *control; /* (nullable): Cache-Control */
  const char *expires; /* (nullable) */
  gboolean junk;
  char *agent;
  char *path;
} Fixture;

static GBytes *
new_png (void)
{
  g_autofree guint32 *pixels = g_new (guint32, 256 * 256);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  for (guint i = 0; i < 256 * 256; i++)
    pixels[i] = COLOUR;
  bytes = g_bytes_new (pixels, 256 * 256 * 4);
  texture = gdk_memory_texture_new (256, 256, GDK_MEMORY_DEFAULT, bytes, 256 * 4);
  return gdk_texture_save_to_png_bytes (texture);
}

static void
on_request (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  Fixture *f = data;
  g_autoptr (GBytes) png = f->junk ? g_bytes_new_static ("no picture", 10) : new_png ();
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  f->asked++;
  g_free (f->agent);
  f->agent = g_strdup (soup_message_headers_get_one (soup_server_message_get_request_headers (message), "User-Agent"));
  g_free (f->path);
  f->path = g_strdup (path);
  if (f->control != NULL)
    soup_message_headers_replace (headers, "Cache-Control", f->control);
  if (f->expires != NULL)
    soup_message_headers_replace (headers, "Expires", f->expires);
  soup_server_message_set_status (message, f->status, NULL);
  if (f->status == 200)
    soup_message_body_append_bytes (soup_server_message_get_response_body (message), png);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  GSList *uris;
  g_autofree char *base = NULL;

  f->status = 200;
  f->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (f->server, NULL, on_request, f, NULL);
  soup_server_listen_local (f->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (f->server);
  base = g_uri_to_string (uris->data);
  f->url = g_strconcat (base, "tiles/{z}/{x}/{y}.png", NULL);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  f->folder = g_dir_make_tmp ("shetach-tiles-XXXXXX", NULL);
}

static guint
each_kept (Fixture *f, gboolean remove)
{
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);

      n += strlen (name) == 64;
      if (remove)
        g_unlink (path);
    }
  return n;
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_object_unref (f->server);
  each_kept (f, TRUE);
  g_rmdir (f->folder);
  g_free (f->url);
  g_free (f->folder);
  g_free (f->agent);
  g_free (f->path);
}

static void
on_filled (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  shumate_map_source_fill_tile_finish (SHUMATE_MAP_SOURCE (source), result, &error);
  *(int *) data = error == NULL ? 1 : 2;
}

/* A source of its own each time: nothing of it is in memory. Returns: the middle's colour, 0 outside */
static guint32
look (Fixture *f, guint zoom, guint x, guint y)
{
  g_autoptr (ShumateMapSource) source = sht_mbtiles_source_new_empty (FALSE);
  g_autoptr (ShtOnlineTiles) online = sht_online_tiles_new (f->url, f->folder);
  g_autoptr (ShumateTile) tile = shumate_tile_new_full (x, y, 256, zoom);
  g_autofree guint32 *pixels = g_new (guint32, 256 * 256);
  GdkPaintable *outside = GDK_PAINTABLE (sht_mbtiles_source_get_outside (SHT_MBTILES_SOURCE (source)));
  int done = 0;

  sht_mbtiles_source_set_online (SHT_MBTILES_SOURCE (source), online, "© City");
  g_assert_cmpstr (shumate_map_source_get_license (source), ==, "© City");
  shumate_map_source_fill_tile_async (source, tile, NULL, on_filled, &done);
  while (done == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (done, ==, 1);
  g_assert_cmpint (shumate_tile_get_state (tile), ==, SHUMATE_STATE_DONE);
  if (shumate_tile_get_paintable (tile) == outside)
    return 0;
  gdk_texture_download (GDK_TEXTURE (shumate_tile_get_paintable (tile)), (guchar *) pixels, 256 * 4);
  return pixels[128 * 256 + 128];
}

static void
wait_until_kept (Fixture *f, guint n)
{
  while (each_kept (f, FALSE) < n)
    {
      g_main_context_iteration (NULL, FALSE);
      g_thread_yield ();
    }
}

/* When a tile runs out, seconds from now. */
static gint64
runs_out_in (Fixture *f)
{
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  g_autofree char *path = g_build_filename (f->folder, g_dir_read_name (dir), NULL);
  struct stat info;

  g_assert_cmpint (stat (path, &info), ==, 0);
  return (gint64) info.st_mtime - g_get_real_time () / G_USEC_PER_SEC;
}

static void
test_shown_and_kept (Fixture *f, gconstpointer data)
{
  g_assert_cmphex (look (f, 5, 7, 9), ==, COLOUR);
  g_assert_cmpuint (f->asked, ==, 1);
  g_assert_cmpstr (f->path, ==, "/tiles/5/7/9.png");
  g_assert_true (g_str_has_prefix (f->agent, "shetach/"));
  wait_until_kept (f, 1);
  g_assert_cmpint (runs_out_in (f), >, 6 * 24 * 3600);
  g_assert_cmphex (look (f, 5, 7, 9), ==, COLOUR);
  g_assert_cmpuint (f->asked, ==, 1);
  /* and without any server */
  soup_server_disconnect (f->server);
  g_assert_cmphex (look (f, 5, 7, 9), ==, COLOUR);
  g_assert_cmphex (look (f, 5, 7, 10), ==, 0);
}

static void
test_as_long_as_it_holds (Fixture *f, gconstpointer data)
{
  f->control = "public, max-age=3600";
  g_assert_cmphex (look (f, 5, 7, 9), ==, COLOUR);
  wait_until_kept (f, 1);
  g_assert_cmpint (runs_out_in (f), <=, 3600);
  each_kept (f, TRUE);
  f->control = "no-store";
  g_assert_cmphex (look (f, 5, 7, 9), ==, COLOUR);
  g_assert_cmphex (look (f, 5, 7, 9), ==, COLOUR);
  g_assert_cmpuint (f->asked, ==, 3);
  g_assert_cmpuint (each_kept (f, FALSE), ==, 0);
  f->control = NULL;
  f->expires = "Thu, 01 Jan 2015 00:00:00 GMT";
  g_assert_cmphex (look (f, 5, 7, 9), ==, COLOUR);
  g_assert_cmphex (look (f, 5, 7, 9), ==, COLOUR);
  g_assert_cmpuint (f->asked, ==, 5);
}

static void
test_what_is_no_tile (Fixture *f, gconstpointer data)
{
  f->junk = TRUE;
  g_assert_cmphex (look (f, 5, 7, 9), ==, 0);
  f->junk = FALSE;
  for (guint i = 0; i < 4; i++)
    {
      f->status = ((const guint[]){ 404, 500, 302, 204 })[i];
      g_assert_cmphex (look (f, 5, 7, 9), ==, 0);
    }
  g_assert_cmpuint (each_kept (f, FALSE), ==, 0);
  f->status = 200;
  g_assert_cmphex (look (f, 5, 7, 9), ==, COLOUR);
}

static void
on_got (GObject *online, GAsyncResult *result, gpointer data)
{
  GBytes **got = data;

  *got = sht_online_tiles_get_finish (SHT_ONLINE_TILES (online), result, NULL);
  if (*got == NULL)
    *got = g_bytes_new_static ("", 0);
}

static gsize
get (ShtOnlineTiles *online, guint x)
{
  g_autoptr (GBytes) got = NULL;

  sht_online_tiles_get_async (online, 5, x, 9, NULL, on_got, &got);
  while (got == NULL)
    g_main_context_iteration (NULL, TRUE);
  return g_bytes_get_size (got);
}

/* A server that fails is left alone for a while, and one that has no such tile is not asked for that again. */
static void
test_left_alone (Fixture *f, gconstpointer data)
{
  g_autoptr (ShtOnlineTiles) online = sht_online_tiles_new (f->url, f->folder);

  f->status = 404;
  g_assert_cmpuint (get (online, 1), ==, 0);
  g_assert_cmpuint (get (online, 1), ==, 0);
  g_assert_cmpuint (f->asked, ==, 1);
  f->status = 503;
  g_assert_cmpuint (get (online, 2), ==, 0);
  f->status = 200;
  g_assert_cmpuint (get (online, 3), ==, 0);
  g_assert_cmpuint (f->asked, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/online/shown-and-kept", Fixture, NULL, set_up, test_shown_and_kept, tear_down);
  g_test_add ("/online/as-long-as-it-holds", Fixture, NULL, set_up, test_as_long_as_it_holds, tear_down);
  g_test_add ("/online/what-is-no-tile", Fixture, NULL, set_up, test_what_is_no_tile, tear_down);
  g_test_add ("/online/left-alone", Fixture, NULL, set_up, test_left_alone, tear_down);
  return g_test_run ();
}
