/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtTicketMark:
 *
 * How far something has come: ○ on this tablet, ◐ sent, ● confirmed, a triangle when a person has to look.
 */
#define SHT_TYPE_TICKET_MARK (sht_ticket_mark_get_type ())
G_DECLARE_FINAL_TYPE (ShtTicketMark, sht_ticket_mark, SHT, TICKET_MARK, GtkWidget)

GtkWidget *sht_ticket_mark_new (void);
void sht_ticket_mark_set_state (ShtTicketMark *self, const char *state);
const char *sht_ticket_mark_get_state (ShtTicketMark *self);

G_END_DECLS
