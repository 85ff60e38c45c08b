/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page in a window of its own, and waiting for what it does. */
#pragma once

#include "tablet/session/session.h"

#include <adwaita.h>

static char *shown; /* what win.show-ticket was asked for */

static void
on_done (GObject *source, GAsyncResult *result, gpointer done)
{
  g_autoptr (GError) error = NULL;

  sht_session_do_finish (SHT_SESSION (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) done = TRUE;
}

static gboolean
on_deadline (gpointer passed)
{
  *(gboolean *) passed = TRUE;
  return G_SOURCE_REMOVE;
}

typedef gboolean (*Condition) (gpointer data);

static void
wait_for (Condition condition, gpointer data)
{
  gboolean passed = FALSE;
  guint deadline = g_timeout_add_seconds (120, on_deadline, &passed);

  while (!condition (data) && !passed)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (passed);
  g_source_remove (deadline);
}

static void
on_show_ticket (GSimpleAction *action, GVariant *parameter, gpointer unused)
{
  g_free (shown);
  shown = g_variant_dup_string (parameter, NULL);
}

static GtkWidget *
open_window (GtkWidget *page, int width, int height)
{
  static const GActionEntry entries[] = { { "show-ticket", on_show_ticket, "s", NULL, NULL } };
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  GtkWidget *window = adw_window_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (actions), entries, G_N_ELEMENTS (entries), NULL);
  gtk_widget_insert_action_group (window, "win", G_ACTION_GROUP (actions));
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  adw_window_set_content (ADW_WINDOW (window), page);
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static GtkWidget *
find_type (GtkWidget *widget, GType type)
{
  GtkWidget *found = G_TYPE_CHECK_INSTANCE_TYPE (widget, type) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_type (child, type);
  return found;
}
