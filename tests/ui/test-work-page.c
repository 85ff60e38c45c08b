/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/work/work-page.h"

#include <stdlib.h>
#include <string.h>

#define OPENINGS 50
#define TICKETS 300

static gboolean
fill (ShtStore *store, gpointer data, GError **error)
{
  if (!sht_db_begin (store->db, error))
    return FALSE;
  for (guint i = 0; i < TICKETS; i++)
    {
      g_autofree char *id = g_strdup_printf ("01a171e2-0000-7000-8000-%012u", i);
      g_autofree char *line = g_strdup_printf ("{\"t\":\"ticket\",\"id\":\"%s\",\"number\":\"106-%u\","
                                               "\"status\":\"assigned\",\"title\":\"בור\",\"due_at\":%u}",
                                               id, i, 1000 + i);

      if (!sht_store_put_line (store, "ticket", id, line, strlen (line), 1, 1, error))
        return FALSE;
    }
  return sht_db_commit (store->db, error);
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  g_assert_true (sht_session_do_finish (SHT_SESSION (source), result, NULL));
  *(gboolean *) data = TRUE;
}

static void
turn (guint ms)
{
  gint64 end = g_get_monotonic_time () + ms * 1000;

  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (500);
}

static void
find_cards (GtkWidget *widget, guint *n)
{
  if (g_strcmp0 (gtk_widget_get_css_name (widget), "ticket-card") == 0)
    (*n)++;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    find_cards (child, n);
}

/* A page goes with its list, its cards and all it shows; its search and filter too. */
static void
test_freed (gconstpointer direction)
{
  g_autofree char *folder = g_dir_make_tmp ("shetach-work-XXXXXX", NULL);
  g_autofree char *remove = g_strdup_printf ("rm -rf '%s'", folder);
  ShtSession *session = sht_session_new (folder, NULL);
  gboolean done = FALSE;

  gtk_widget_set_default_direction (GPOINTER_TO_INT (direction));
  sht_session_do_async (session, fill, NULL, NULL, on_done, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < OPENINGS; i++)
    {
      GtkWidget *window = gtk_window_new ();
      GtkWidget *page = sht_work_page_new (session);
      gpointer list = sht_work_page_get_list (SHT_WORK_PAGE (page));
      gpointer weak_page = page;
      guint cards = 0;

      gtk_window_set_default_size (GTK_WINDOW (window), 480, 800);
      gtk_window_set_child (GTK_WINDOW (window), page);
      gtk_window_present (GTK_WINDOW (window));
      g_object_add_weak_pointer (G_OBJECT (page), &weak_page);
      g_object_add_weak_pointer (list, &list);
      for (guint wait = 0; wait < 500 && cards <= 5; wait++)
        {
          turn (10);
          cards = 0;
          find_cards (page, &cards);
        }
      g_assert_cmpuint (cards, >, 5);
      if (i % 3 == 1)
        sht_work_page_set_search (SHT_WORK_PAGE (page), "בור");
      if (i % 3 == 2)
        sht_work_page_set_filter (SHT_WORK_PAGE (page), SHT_FILTER_LATE);
      gtk_window_destroy (GTK_WINDOW (window));
      for (guint wait = 0; wait < 500 && (weak_page != NULL || list != NULL); wait++)
        turn (10);
      g_assert_null (weak_page);
      g_assert_null (list);
    }
  sht_session_close (session);
  g_object_unref (session);
  g_assert_cmpint (system (remove), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display\n");
      return 0;
    }
  adw_init ();
  g_test_add_data_func ("/work-page/freed/ltr", GINT_TO_POINTER (GTK_TEXT_DIR_LTR), test_freed);
  g_test_add_data_func ("/work-page/freed/rtl", GINT_TO_POINTER (GTK_TEXT_DIR_RTL), test_freed);
  return g_test_run ();
}
