/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/page.h"

#include <glib/gi18n.h>
#include <libintl.h>
#include <locale.h>

static void
on_activate (GtkApplication *application, gpointer data)
{
  GtkWidget *window = adw_application_window_new (application);
  GtkWidget *stack = adw_view_stack_new ();

  adw_view_stack_add_titled (ADW_VIEW_STACK (stack), sht_work_page_new (data), "work", _("My work"));
  adw_view_stack_add_titled (ADW_VIEW_STACK (stack), sht_map_page_new (data), "map", _("Map"));
  adw_view_stack_add_titled (ADW_VIEW_STACK (stack), sht_report_page_new (data), "report", _("Report"));
  adw_view_stack_add_titled (ADW_VIEW_STACK (stack), sht_sync_page_new (data), "sync", _("Sync"));
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), stack);
  gtk_window_set_default_size (GTK_WINDOW (window), 1280, 800);
  gtk_window_present (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application = NULL;
  g_autoptr (ShtSession) session = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "shetach", NULL);

  setlocale (LC_ALL, "");
  bindtextdomain ("shetach", SHT_LOCALEDIR);
  bind_textdomain_codeset ("shetach", "UTF-8");
  textdomain ("shetach");
  session = sht_session_new (g_getenv ("SHETACH_STORE") != NULL ? g_getenv ("SHETACH_STORE") : folder, &error);
  if (session == NULL)
    {
      g_printerr ("shetach: %s\n", error->message);
      return 1;
    }
  application = adw_application_new ("org.shetach.Shetach", G_APPLICATION_NON_UNIQUE);
  g_signal_connect (application, "activate", G_CALLBACK (on_activate), session);
  return g_application_run (G_APPLICATION (application), argc, argv);
}
