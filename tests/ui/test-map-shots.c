/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shows one page in a window of its own and makes a picture of it:
 *   test-map-shots PAGE LANGUAGE WIDTHxHEIGHT day|night OUT.png [ACTION…]
 * with the store in SHETACH_STORE. Actions: zoom=N, at=LAT,LON, tap=X,Y, places, wait=MS, offline,
 * press=TOOLTIP, bench. */
#include "tablet/ui/common/page.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/map/map-page.h"

#include <stdio.h>
#include <stdlib.h>

static GMainLoop *loop;

static gboolean
quit (gpointer unused)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static void
run_for (guint ms)
{
  g_timeout_add (ms, quit, NULL);
  g_main_loop_run (loop);
}

/* What AdwApplication does for the program's own identity. */
static void
load_style (gboolean night)
{
  const char *const files[] = { "/org/shetach/Shetach/style.css", "/org/shetach/Shetach/style-dark.css" };

  for (int i = 0; i < (night ? 2 : 1); i++)
    {
      g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

      gtk_css_provider_load_from_resource (provider, files[i]);
      gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider),
                                                  GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
    }
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()),
                                    "/org/shetach/Shetach/icons");
}

static void
on_action (GSimpleAction *action, GVariant *parameter, gpointer unused)
{
  g_print ("%s %s\n", g_action_get_name (G_ACTION (action)), g_variant_get_string (parameter, NULL));
}

static void
press (GtkWidget *widget, const char *tooltip)
{
  if (g_strcmp0 (gtk_widget_get_tooltip_text (widget), tooltip) == 0)
    {
      if (GTK_IS_MENU_BUTTON (widget))
        gtk_menu_button_popup (GTK_MENU_BUTTON (widget));
      else
        g_signal_emit_by_name (widget, "clicked");
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    press (child, tooltip);
}

static int
by_size (gconstpointer a, gconstpointer b)
{
  gint64 one = *(const gint64 *) a, other = *(const gint64 *) b;

  return one < other ? -1 : one > other;
}

/* Moves the map a little each frame, and tells what the layer's drawing took. */
static void
bench (ShtMapPage *page)
{
  ShumateLocation *where = SHUMATE_LOCATION (shumate_map_get_viewport (sht_map_page_get_map (page)));
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
  guint visible = 0;
  g_autoptr (GPtrArray) ids = NULL;

  for (int i = 0; i < 120; i++)
    {
      gint64 took;

      shumate_location_set_location (where, shumate_location_get_latitude (where),
                                     shumate_location_get_longitude (where) + (i < 60 ? 1e-5 : -1e-5));
      run_for (17);
      took = sht_ticket_layer_get_snapshot_us (sht_map_page_get_layer (page));
      g_array_append_val (times, took);
    }
  ids = sht_ticket_layer_list (sht_map_page_get_layer (page), NULL, 1, &visible);
  g_array_sort (times, by_size);
  g_print ("%u visible: drawing took %" G_GINT64_FORMAT " us (median), %" G_GINT64_FORMAT " (99th per cent), %"
           G_GINT64_FORMAT " (most)\n",
           visible, g_array_index (times, gint64, 60), g_array_index (times, gint64, 118),
           g_array_index (times, gint64, 119));
}

static void
act (GtkWidget *page, ShtSession *session, const char *action)
{
  double a, b;

  if (sscanf (action, "wait=%lf", &a) == 1)
    run_for ((guint) a);
  else if (SHT_IS_MAP_PAGE (page) && g_str_equal (action, "bench"))
    bench (SHT_MAP_PAGE (page));
  else if (g_str_equal (action, "offline"))
    sht_session_set_offline (session, TRUE);
  else if (g_str_has_prefix (action, "press="))
    press (page, g_dgettext (GETTEXT_PACKAGE, action + 6));
  else if (SHT_IS_MAP_PAGE (page) && sscanf (action, "zoom=%lf", &a) == 1)
    shumate_viewport_set_zoom_level (shumate_map_get_viewport (sht_map_page_get_map (SHT_MAP_PAGE (page))), a);
  else if (SHT_IS_MAP_PAGE (page) && sscanf (action, "at=%lf,%lf", &a, &b) == 2)
    shumate_location_set_location (
      SHUMATE_LOCATION (shumate_map_get_viewport (sht_map_page_get_map (SHT_MAP_PAGE (page)))), a, b);
  else if (SHT_IS_MAP_PAGE (page) && sscanf (action, "tap=%lf,%lf", &a, &b) == 2)
    sht_map_page_touch (SHT_MAP_PAGE (page), a, b);
  else if (SHT_IS_MAP_PAGE (page) && g_str_equal (action, "places"))
    sht_ticket_layer_set_shown (sht_map_page_get_layer (SHT_MAP_PAGE (page)), TRUE, TRUE);
  run_for (400);
}

static void
shoot_one (GtkWidget *widget, const char *path)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  g_autoptr (GdkTexture) texture = NULL;
  GskRenderNode *node;

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (widget)), node,
                                         &GRAPHENE_RECT_INIT (0, 0, width, height));
  gsk_render_node_unref (node);
  gdk_texture_save_to_png (texture, path);
}

/* A popover has a surface of its own: it goes into a picture beside the window's. */
static void
shoot_popovers (GtkWidget *widget, const char *path)
{
  if (GTK_IS_POPOVER (widget) && gtk_widget_get_mapped (widget))
    {
      g_autofree char *beside = g_strconcat (path, ".popover.png", NULL);

      shoot_one (widget, beside);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    shoot_popovers (child, path);
}

int
main (int argc, char **argv)
{
  static const GActionEntry entries[] = { { "show-ticket", on_action, "s", NULL, NULL },
                                          { "show-page", on_action, "s", NULL, NULL },
                                          { "toast", on_action, "s", NULL, NULL } };
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  g_autoptr (ShtSession) session = NULL;
  g_autoptr (GError) error = NULL;
  GtkWidget *window, *page;
  gint64 start;
  int width, height;

  if (argc < 6 || sscanf (argv[3], "%dx%d", &width, &height) != 2)
    return 2;
  sht_words_init (g_getenv ("SHETACH_LOCALEDIR") != NULL ? g_getenv ("SHETACH_LOCALEDIR") : SHT_BUILD_ROOT "/po");
  sht_words_set_language (argv[2]);
  adw_init ();
  gtk_widget_set_default_direction (sht_words_is_rtl () ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      g_str_equal (argv[4], "night") ? ADW_COLOR_SCHEME_FORCE_DARK
                                                                     : ADW_COLOR_SCHEME_FORCE_LIGHT);
  load_style (g_str_equal (argv[4], "night"));
  loop = g_main_loop_new (NULL, FALSE);
  session = sht_session_new (g_getenv ("SHETACH_STORE"), &error);
  if (session == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  window = adw_window_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (actions), entries, G_N_ELEMENTS (entries), NULL);
  gtk_widget_insert_action_group (window, "win", G_ACTION_GROUP (actions));
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  start = g_get_monotonic_time ();
  page = g_str_equal (argv[1], "map") ? sht_map_page_new (session) : sht_sync_page_new (session);
  g_print ("page made in %.1f ms\n", (double) (g_get_monotonic_time () - start) / 1000);
  adw_window_set_content (ADW_WINDOW (window), page);
  gtk_window_present (GTK_WINDOW (window));
  run_for (900);
  for (int i = 6; i < argc; i++)
    act (page, session, argv[i]);
  if (SHT_IS_MAP_PAGE (page))
    g_print ("layer drawn in %" G_GINT64_FORMAT " us\n",
             sht_ticket_layer_get_snapshot_us (sht_map_page_get_layer (SHT_MAP_PAGE (page))));
  shoot_one (window, argv[5]);
  shoot_popovers (window, argv[5]);
  gtk_window_destroy (GTK_WINDOW (window));
  run_for (50);
  g_main_loop_unref (loop);
  return 0;
}
