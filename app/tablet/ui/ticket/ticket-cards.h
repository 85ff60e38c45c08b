/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/store.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The parts of a ticket that change rarely, made anew when they do. */

char *sht_ticket_cards_key (JsonObject *ticket, gint64 now);
GtkWidget *sht_ticket_card_of_resident (JsonObject *ticket, gint64 now);
GtkWidget *sht_ticket_card_of_answers (ShtStore *reader, JsonObject *ticket, gboolean over);

G_END_DECLS
