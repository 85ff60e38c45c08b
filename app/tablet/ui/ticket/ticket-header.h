/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/store.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtTicketHeader:
 *
 * What the ticket is, where, until when, and how far it has come.
 */
#define SHT_TYPE_TICKET_HEADER (sht_ticket_header_get_type ())
G_DECLARE_FINAL_TYPE (ShtTicketHeader, sht_ticket_header, SHT, TICKET_HEADER, GtkBox)

GtkWidget *sht_ticket_header_new (ShtStore *reader);
void sht_ticket_header_update (ShtTicketHeader *self, JsonObject *ticket);

G_END_DECLS
