/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/map/mbtiles-source.h"

#include <math.h>
#include <string.h>

/* A view of the base map at a whole zoom is the file's own tiles pasted together, pixel for pixel; in the sun, what is light in them
 * as it is and what is not, darker. */

/* Within what the maps have at these zooms: what they have not is drawn from the tile above. */
#define WIDTH 480
#define HEIGHT 480
#define TILE 256
/* For tiles to be read on a machine that is busy. */
#define PATIENCE_S 60

typedef struct
{
  const char *folder;
  const char *name;
  int zoom;
  int x, y; /* of a tile near the middle, from the north */
  int dx, dy; /* pixels from its corner to the middle of the view */
  gboolean in_sun;
} View;

static char *
path_of (const View *view)
{
  const char *folder = g_getenv (view->folder);
  char *path = folder != NULL && folder[0] != '\0' ? g_build_filename (folder, view->name, NULL) : NULL;

  if (path == NULL || !g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("no real maps: set SHETACH_REAL_DATA");
      g_clear_pointer (&path, g_free);
    }
  return path;
}

static guint32 *
pixels_of (GdkTexture *texture)
{
  gsize stride = (gsize) gdk_texture_get_width (texture) * 4;
  guint32 *pixels = g_malloc (stride * (gsize) gdk_texture_get_height (texture));

  gdk_texture_download (texture, (guchar *) pixels, stride);
  return pixels;
}

/* By GDK's own decoder, and none of ours. */
static GdkTexture *
tile_of (ShtMbtiles *file, int zoom, int x, int y, GdkTexture *outside)
{
  g_autoptr (GBytes) bytes = x >= 0 && y >= 0 ? sht_mbtiles_read (file, zoom, (guint) x, (guint) y, NULL, NULL) : NULL;
  GdkTexture *texture = bytes != NULL ? gdk_texture_new_from_bytes (bytes, NULL) : NULL;

  return texture != NULL ? texture : g_object_ref (outside);
}

static guint32 *
paste (ShtMbtiles *file, const View *view, GdkTexture *outside)
{
  int left = view->x * TILE + view->dx - WIDTH / 2, top = view->y * TILE + view->dy - HEIGHT / 2;
  guint32 *out = g_new0 (guint32, WIDTH * HEIGHT);

  for (int ty = top / TILE; ty <= (top + HEIGHT - 1) / TILE; ty++)
    for (int tx = left / TILE; tx <= (left + WIDTH - 1) / TILE; tx++)
      {
        g_autoptr (GdkTexture) texture = tile_of (file, view->zoom, tx, ty, outside);
        g_autofree guint32 *pixels = pixels_of (texture);

        for (int y = MAX (0, ty * TILE - top); y < MIN (HEIGHT, ty * TILE + TILE - top); y++)
          for (int x = MAX (0, tx * TILE - left); x < MIN (WIDTH, tx * TILE + TILE - left); x++)
            out[y * WIDTH + x] = pixels[(y + top - ty * TILE) * TILE + (x + left - tx * TILE)];
      }
  return out;
}

static guint32 *
render (GtkWidget *map)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (map);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GdkTexture) texture = NULL;
  GskRenderNode *node;

  gdk_paintable_snapshot (paintable, snapshot, WIDTH, HEIGHT);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node == NULL)
    return NULL;
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (map)), node,
                                         &GRAPHENE_RECT_INIT (0, 0, WIDTH, HEIGHT));
  gsk_render_node_unref (node);
  return pixels_of (texture);
}

/* Paper stays paper, and between it and black all is darker by a sixth at the least. */
static gboolean
is_in_sun (guint32 have, guint32 plain)
{
  for (guint shift = 0; shift < 24; shift += 8)
    {
      guint now = have >> shift & 255, before = plain >> shift & 255;

      if (before >= 230 ? now != before : now > before || (before > 40 && before < 200 && now * 6 > before * 5))
        return FALSE;
    }
  return have >> 24 == plain >> 24;
}

static guint
differing (GtkWidget *map, const guint32 *wanted, gboolean in_sun)
{
  g_autofree guint32 *have = gtk_widget_get_width (map) == WIDTH ? render (map) : NULL;
  guint n = 0;

  for (guint i = 0; have != NULL && i < WIDTH * HEIGHT; i++)
    n += in_sun ? !is_in_sun (have[i], wanted[i]) : have[i] != wanted[i];
  return have != NULL ? n : G_MAXUINT;
}

static void
go_to_middle (ShumateViewport *viewport, const View *view)
{
  double side = ldexp (TILE, view->zoom);
  double x = (view->x * TILE + view->dx) / side, y = (view->y * TILE + view->dy) / side;

  shumate_viewport_set_zoom_level (viewport, view->zoom);
  shumate_location_set_location (SHUMATE_LOCATION (viewport), atan (sinh (G_PI * (1 - 2 * y))) * 180 / G_PI, x * 360 - 180);
}

static gboolean
wake (gpointer unused)
{
  return G_SOURCE_CONTINUE;
}

static void
test_view (gconstpointer data)
{
  const View *view = data;
  g_autofree char *path = path_of (view);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtMbtiles) file = NULL;
  g_autoptr (ShumateMapSource) source = NULL;
  g_autofree guint32 *wanted = NULL;
  gint64 until = g_get_monotonic_time () + PATIENCE_S * G_USEC_PER_SEC;
  guint waker, n;
  GtkWidget *window;
  ShumateMap *map;

  if (path == NULL)
    return;
  file = sht_mbtiles_open (path, &error);
  g_assert_no_error (error);
  source = sht_mbtiles_source_new (path, FALSE, &error);
  g_assert_no_error (error);
  if (view->in_sun)
    sht_mbtiles_source_set_in_sun (SHT_MBTILES_SOURCE (source));
  wanted = paste (file, view, sht_mbtiles_source_get_outside (SHT_MBTILES_SOURCE (source)));
  map = shumate_map_new ();
  shumate_viewport_set_reference_map_source (shumate_map_get_viewport (map), source);
  shumate_map_add_layer (map, SHUMATE_LAYER (shumate_map_layer_new (source, shumate_map_get_viewport (map))));
  go_to_middle (shumate_map_get_viewport (map), view);
  window = gtk_window_new ();
  gtk_widget_set_size_request (GTK_WIDGET (map), WIDTH, HEIGHT);
  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (window), WIDTH, HEIGHT);
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (map));
  gtk_window_present (GTK_WINDOW (window));
  waker = g_timeout_add (50, wake, NULL);
  do
    {
      g_main_context_iteration (NULL, TRUE);
      n = differing (GTK_WIDGET (map), wanted, view->in_sun);
    }
  while (n > 0 && g_get_monotonic_time () < until);
  g_source_remove (waker);
  g_assert_cmpuint (n, ==, 0);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  static const View views[] = {
    { "SHETACH_REAL_MAPS", "open-streets-dc.mbtiles", 10, 293, 392, 0, 0 },
    { "SHETACH_REAL_MAPS", "open-streets-dc.mbtiles", 12, 1171, 1566, 200, 37 },
    { "SHETACH_REAL_MAPS", "geography-class-png.mbtiles", 1, 1, 1, 0, 0 },
    { "SHETACH_TOWN_MAPS", "town.mbtiles", 15, 19533, 13388, 128, 128 },
    { "SHETACH_TOWN_MAPS", "town.mbtiles", 17, 78119, 53540, 1, 255 },
    { "SHETACH_TOWN_MAPS", "town.mbtiles", 15, 19533, 13388, 128, 128, TRUE },
  };

  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display\n");
      return 0;
    }
  for (guint i = 0; i < G_N_ELEMENTS (views); i++)
    {
      g_autofree char *name = g_strdup_printf ("/view/%s/%d%s", views[i].name, views[i].zoom, views[i].in_sun ? "/sun" : "");

      g_test_add_data_func (name, &views[i], test_view);
    }
  return g_test_run ();
}
