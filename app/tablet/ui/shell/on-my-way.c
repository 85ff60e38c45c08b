/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/shell/on-my-way.h"

#include "core/json.h"
#include "tablet/ui/common/letters.h"
#include "tablet/ui/common/page.h"
#include "tablet/ui/common/words.h"

#include <glib/gi18n.h>

/* As long as after a tap on the ticket's own page. */
#define UNDO_S 10

typedef struct
{
  char *ticket;
  char *op;                     /* (nullable): the step, when it was one */
  AdwApplicationWindow *window; /* (owned) */
} Step;

static void
step_free (Step *step)
{
  g_free (step->ticket);
  g_free (step->op);
  g_object_unref (step->window);
  g_free (step);
}

static gboolean
act (ShtStore *store, gpointer data, GError **error)
{
  Step *step = data;
  g_autoptr (JsonObject) doc = sht_store_get (store, "ticket", step->ticket, error);
  ShtStatus status;

  if (doc == NULL)
    {
      if (error != NULL && *error == NULL)
        g_set_error_literal (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_FOUND, "this ticket is not here any more");
      return FALSE;
    }
  /* The notice may be an old one: nothing that has begun goes back by it. */
  if (!sht_status_parse (sht_json_string (doc, "status"), &status)
      || (status != SHT_STATUS_NEW && status != SHT_STATUS_ASSIGNED && status != SHT_STATUS_REOPENED))
    return TRUE;
  if (!sht_store_set_status (store, step->ticket, SHT_STATUS_ON_THE_WAY, NULL, NULL, error))
    return FALSE;
  step->op = sht_store_last_step (store, step->ticket, NULL);
  return TRUE;
}

static void
on_undone (GObject *session, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!sht_session_do_finish (SHT_SESSION (session), result, &error))
    g_message ("on my way: %s", error->message);
}

static void
on_undo (AdwToast *toast, ShtSession *session)
{
  sht_session_undo_async (session, g_object_get_data (G_OBJECT (toast), "op"), on_undone, NULL);
}

/* It lies in the window, below what may stand before it. */
static GtkWidget *
find_toasts (GtkWidget *widget)
{
  GtkWidget *found = ADW_IS_TOAST_OVERLAY (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); found == NULL && child != NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_toasts (child);
  return found;
}

static void
on_acted (GObject *session, GAsyncResult *result, gpointer data)
{
  Step *step = data;
  GtkWidget *toasts = find_toasts (GTK_WIDGET (step->window));
  g_autoptr (GError) error = NULL;

  if (!sht_session_do_finish (SHT_SESSION (session), result, &error))
    {
      g_message ("on my way: %s", error->message);
      sht_page_toast (GTK_WIDGET (step->window), _("Could not be saved. Nothing was changed; please try again"));
    }
  else if (step->op != NULL && toasts != NULL)
    {
      AdwToast *toast = sht_letters_toast_new (sht_words_status (SHT_STATUS_ON_THE_WAY));

      adw_toast_set_timeout (toast, UNDO_S);
      adw_toast_set_button_label (toast, _("Undo"));
      g_object_set_data_full (G_OBJECT (toast), "op", g_steal_pointer (&step->op), g_free);
      g_signal_connect_object (toast, "button-clicked", G_CALLBACK (on_undo), session, 0);
      sht_letters_toast_show (toasts, toast);
    }
  step_free (step);
}

/**
 * sht_on_my_way:
 * @window: which shows the ticket, and offers to take the step back
 * @ticket: UUID of a ticket that nobody has begun with; with another nothing is done
 *
 * Takes a ticket's first step.
 */
void
sht_on_my_way (ShtSession *session, AdwApplicationWindow *window, const char *ticket)
{
  Step *step = g_new0 (Step, 1);

  step->ticket = g_strdup (ticket);
  step->window = g_object_ref (window);
  sht_session_do_async (session, act, step, NULL, on_acted, step);
}
