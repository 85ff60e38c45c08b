/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Pages do not know each other. They ask the window by its actions:
 *   win.show-ticket (s)   a ticket's UUID: opens it beside the page
 *   win.show-page (s)     work, map, report, forum, figures, sync
 *   win.show-on-map (s)   a ticket's UUID: the map, there
 *   win.toast (s)         says something for some seconds
 */

void sht_page_show_ticket (GtkWidget *page, const char *ticket);
void sht_page_show (GtkWidget *page, const char *name);
void sht_page_toast (GtkWidget *page, const char *text);
void sht_page_act (GtkWidget *page, ShtSession *session, ShtOperation *operation);

GtkWidget *sht_work_page_new (ShtSession *session);
GtkWidget *sht_ticket_page_new (ShtSession *session);
void sht_ticket_page_set_ticket (GtkWidget *page, const char *ticket);
GtkWidget *sht_report_page_new (ShtSession *session);
GtkWidget *sht_map_page_new (ShtSession *session);
GtkWidget *sht_sync_page_new (ShtSession *session);
GtkWidget *sht_forum_page_new (ShtSession *session);
GtkWidget *sht_figures_page_new (ShtSession *session);

G_END_DECLS
