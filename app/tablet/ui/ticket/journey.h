/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/ui/ticket/journey-row.h"

G_BEGIN_DECLS

/**
 * ShtJourney:
 *
 * All that happened to a ticket, the newest first, so that what was just done is in sight.
 */
#define SHT_TYPE_JOURNEY (sht_journey_get_type ())
G_DECLARE_FINAL_TYPE (ShtJourney, sht_journey, SHT, JOURNEY, GtkBox)

GtkWidget *sht_journey_new (ShtStore *reader);
void sht_journey_update (ShtJourney *self, JsonArray *events);
void sht_journey_clear (ShtJourney *self);
gboolean sht_journey_is_settled (ShtJourney *self);
guint sht_journey_get_length (ShtJourney *self);
ShtJourneyRow *sht_journey_get_newest (ShtJourney *self);

G_END_DECLS
