/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Makes a picture of one page on a real store: test-ticket-shots STORE PAGE WIDTH HEIGHT FILE.png
 * PAGE is a ticket's UUID, or "report". By the environment, for tests alone: SHOT_LOCALE a folder of
 * translations, SHOT_DPI a text size, SHOT_DARK, SHOT_TAP an action to activate first (name or name=target),
 * SHOT_PHOTO a file to add. */

#include "tablet/ui/common/page.h"
#include "tablet/ui/ticket/ticket-page.h"

#include <libintl.h>
#include <locale.h>
#include <stdlib.h>

static void
spin (int ms)
{
  gint64 end = g_get_monotonic_time () + ms * 1000;

  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
}

static GtkWidget *
topmost (GtkWidget *window)
{
  g_autoptr (GListModel) all = g_object_ref (gtk_window_get_toplevels ());

  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr (GtkWindow) one = g_list_model_get_item (all, i);

      if (gtk_window_get_transient_for (one) == GTK_WINDOW (window))
        return GTK_WIDGET (one);
    }
  return window;
}

static void
shoot (GtkWidget *window, const char *file)
{
  GtkWidget *top = topmost (window);
  int width = gtk_widget_get_width (top), height = gtk_widget_get_height (top);
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (top);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_to_node (snapshot);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (top)), node, NULL);
  gdk_texture_save_to_png (texture, file);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtSession) session = NULL;
  gboolean report;
  GtkWidget *window, *page;
  gint64 start;

  if (argc != 6)
    return 2;
  setlocale (LC_ALL, "");
  if (g_getenv ("SHOT_LOCALE") != NULL)
    bindtextdomain ("shetach", g_getenv ("SHOT_LOCALE"));
  bind_textdomain_codeset ("shetach", "UTF-8");
  textdomain ("shetach");
  adw_init ();
  if (g_getenv ("SHOT_DPI") != NULL)
    g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", atoi (g_getenv ("SHOT_DPI")) * 1024, NULL);
  if (g_getenv ("SHOT_DARK") != NULL)
    adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
  session = sht_session_new (argv[1], &error);
  if (session == NULL)
    g_error ("%s", error->message);
  sht_session_set_offline (session, g_getenv ("SHOT_ONLINE") == NULL);
  report = g_str_equal (argv[2], "report");
  window = adw_window_new ();
  page = report ? sht_report_page_new (session) : sht_ticket_page_new (session);
  adw_window_set_content (ADW_WINDOW (window), page);
  gtk_window_set_default_size (GTK_WINDOW (window), atoi (argv[3]), atoi (argv[4]));
  gtk_window_present (GTK_WINDOW (window));
  spin (400);
  start = g_get_monotonic_time ();
  if (!report)
    sht_ticket_page_set_ticket (page, argv[2]);
  g_print ("set %.1f ms\n", (double) (g_get_monotonic_time () - start) / 1000);
  spin (300);
  if (g_getenv ("SHOT_PHOTO") != NULL && !report)
    {
      g_auto (GStrv) files = g_strsplit (g_getenv ("SHOT_PHOTO"), ",", -1);

      for (guint i = 0; files[i] != NULL; i++)
        sht_ticket_page_attach (SHT_TICKET_PAGE (page), files[i], i % 2 == 0 ? "before" : "after");
      spin (4000);
    }
  if (g_getenv ("SHOT_TAP") != NULL)
    {
      g_auto (GStrv) tap = g_strsplit (g_getenv ("SHOT_TAP"), "=", 2);

      gtk_widget_activate_action_variant (page, tap[0], tap[1] != NULL ? g_variant_new_string (tap[1]) : NULL);
      spin (900);
    }
  shoot (window, argv[5]);
  return 0;
}
