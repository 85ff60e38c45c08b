/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "platform/db.h"
#include "tablet/ui/work/ticket-list.h"

G_BEGIN_DECLS

/**
 * ShtTicketPlaces:
 *
 * Which tickets stand at which places of a list in its order. To pass over those before a place takes longer than to
 * read a page of what stands there, so that a stretch of some pages is learnt at once.
 */
typedef struct _ShtTicketPlaces ShtTicketPlaces;

ShtTicketPlaces *sht_ticket_places_new (void) G_GNUC_WARN_UNUSED_RESULT;
void sht_ticket_places_free (ShtTicketPlaces *places);
void sht_ticket_places_forget (ShtTicketPlaces *places);
gint64 sht_ticket_places_row (ShtTicketPlaces *places, ShtDb *db, ShtFilter filter, gint64 now_ms, guint place);

G_END_DECLS
