/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loaded into the window's program: on SIGUSR2 it turns to each page and opens tickets, SHETACH_TURNS times, and counts, after
 * each tenth of the turns, the widgets that were ever in a window and are still there, and the bytes that are in use.
 * SHETACH_TICKETS are the tickets' ids, with commas between them, SHETACH_REPORT the file for the counts. */
#include <glib-unix.h>
#include <gtk/gtk.h>
#include <malloc.h>
#include <stdlib.h>

#define STEP_MS 60
/* What is closed may go a moment later. */
#define REST_MS 3000
#define PARTS 10

static const char *const pages[] = { "work", "map", "report", "forum", "figures", "sync" };

typedef struct
{
  GtkWidget *window;
  char **tickets;
  guint n_tickets;
  guint turns;
  guint turn;
  guint step;
  GString *report;
} Turner;

static GHashTable *alive; /* those that were seen, until they are finalised */

static void
on_gone (gpointer unused, GObject *where)
{
  g_hash_table_remove (alive, where);
}

static void
see (GtkWidget *widget)
{
  if (g_hash_table_add (alive, widget))
    g_object_weak_ref (G_OBJECT (widget), on_gone, NULL);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    see (child);
}

static void
see_all (void)
{
  g_autoptr (GListModel) windows = g_object_ref (gtk_window_get_toplevels ());

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      see (window);
    }
}

/* By kind, so that a failure says which. */
static void
count (Turner *turner)
{
  g_autoptr (GHashTable) kinds = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, alive);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      const char *kind = G_OBJECT_TYPE_NAME (key);

      g_hash_table_insert (kinds, (gpointer) kind, GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (kinds, kind)) + 1));
    }
  g_string_append_printf (turner->report, "turn %u %u %zu\n", turner->turn, g_hash_table_size (alive), mallinfo2 ().uordblks);
  g_hash_table_iter_init (&iter, kinds);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_string_append_printf (turner->report, "%s %u\n", (const char *) key, GPOINTER_TO_UINT (value));
}

static gboolean on_step (gpointer data);

static gboolean
on_rested (gpointer data)
{
  Turner *turner = data;

  count (turner);
  if (turner->turn < turner->turns)
    g_timeout_add (STEP_MS, on_step, turner);
  else
    g_file_set_contents (g_getenv ("SHETACH_REPORT"), turner->report->str, -1, NULL);
  return G_SOURCE_REMOVE;
}

static gboolean
on_step (gpointer data)
{
  Turner *turner = data;
  guint n = G_N_ELEMENTS (pages);

  if (turner->step < n)
    gtk_widget_activate_action (turner->window, "win.show-page", "s", pages[turner->step]);
  else if (turner->step == n)
    gtk_widget_activate_action (turner->window, "win.show-ticket", "s", turner->tickets[turner->turn % turner->n_tickets]);
  else
    gtk_widget_activate_action (turner->window, "win.close-ticket", NULL);
  see_all ();
  if (turner->step++ <= n)
    return G_SOURCE_CONTINUE;
  turner->step = 0;
  turner->turn++;
  if (turner->turn % MAX (1, turner->turns / PARTS) != 0 && turner->turn != turner->turns)
    return G_SOURCE_CONTINUE;
  gtk_widget_activate_action (turner->window, "win.show-page", "s", pages[0]);
  g_timeout_add (REST_MS, on_rested, turner);
  return G_SOURCE_REMOVE;
}

static gboolean
on_asked (gpointer unused)
{
  Turner *turner = g_new0 (Turner, 1);
  g_autoptr (GListModel) windows = g_object_ref (gtk_window_get_toplevels ());
  g_autoptr (GtkWidget) window = g_list_model_get_item (windows, 0);

  turner->window = window;
  turner->tickets = g_strsplit (g_getenv ("SHETACH_TICKETS"), ",", -1);
  turner->n_tickets = g_strv_length (turner->tickets);
  turner->turns = (guint) atoi (g_getenv ("SHETACH_TURNS"));
  turner->report = g_string_new (NULL);
  g_timeout_add (STEP_MS, on_step, turner);
  return G_SOURCE_REMOVE;
}

static void __attribute__ ((constructor))
listen (void)
{
  if (g_getenv ("SHETACH_REPORT") == NULL)
    return;
  alive = g_hash_table_new (NULL, NULL);
  g_unix_signal_add (SIGUSR2, on_asked, NULL);
}
