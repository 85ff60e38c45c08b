/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/page.h"

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
