/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/store.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtJourneyRow:
 *
 * One step of a ticket's journey: what, who, when, and a button with its mark that says how far it has come.
 */
#define SHT_TYPE_JOURNEY_ROW (sht_journey_row_get_type ())
G_DECLARE_FINAL_TYPE (ShtJourneyRow, sht_journey_row, SHT, JOURNEY_ROW, GtkBox)

GtkWidget *sht_journey_row_new (ShtStore *reader);
void sht_journey_row_update (ShtJourneyRow *self, JsonObject *event);
const char *sht_journey_row_get_state (ShtJourneyRow *self);
const char *sht_journey_row_get_kind (ShtJourneyRow *self);

G_END_DECLS
