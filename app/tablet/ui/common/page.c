/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/page.h"

#include <glib/gi18n.h>

/**
 * sht_page_show_ticket:
 * @ticket: a ticket's UUID
 */
void
sht_page_show_ticket (GtkWidget *page, const char *ticket)
{
  gtk_widget_activate_action (page, "win.show-ticket", "s", ticket);
}

/**
 * sht_page_show:
 * @name: work, map, report, forum, figures or sync
 */
void
sht_page_show (GtkWidget *page, const char *name)
{
  gtk_widget_activate_action (page, "win.show-page", "s", name);
}

/**
 * sht_page_toast:
 * @text: one translated sentence
 */
void
sht_page_toast (GtkWidget *page, const char *text)
{
  gtk_widget_activate_action (page, "win.toast", "s", text);
}

static void
on_acted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GtkWidget) page = data;
  g_autoptr (GError) error = NULL;

  if (sht_session_do_finish (SHT_SESSION (source), result, &error))
    return;
  g_message ("act: %s", error->message);
  sht_page_toast (page, _("It could not be kept on this tablet"));
}

/**
 * sht_page_act:
 * @operation: (transfer full): what is done
 *
 * Does it, and says so when this tablet cannot keep it.
 */
void
sht_page_act (GtkWidget *page, ShtSession *session, ShtOperation *operation)
{
  sht_session_act_async (session, operation, on_acted, g_object_ref (page));
}
