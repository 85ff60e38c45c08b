/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/ui/work/ticket-list.h"

#include <adwaita.h>

G_BEGIN_DECLS

GtkWidget *sht_choose_ticket_new (void) G_GNUC_WARN_UNUSED_RESULT;
void sht_choose_ticket_follow (GtkWidget *widget, ShtTicketList *list);

G_END_DECLS
