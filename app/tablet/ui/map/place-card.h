/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtPlaceCard:
 *
 * A place over the map: what it is, what crews should know of it, and what has happened there.
 *
 * ::closed: the person wants it away
 * ::picked (ticket): one of its tickets was chosen
 * ::told: its tickets have been found, and it is as high as it will be
 */
#define SHT_TYPE_PLACE_CARD (sht_place_card_get_type ())
G_DECLARE_FINAL_TYPE (ShtPlaceCard, sht_place_card, SHT, PLACE_CARD, AdwBin)

GtkWidget *sht_place_card_new (ShtSession *session) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_place_card_show (ShtPlaceCard *self, const char *place);
void sht_place_card_hide (ShtPlaceCard *self);
const char *sht_place_card_get_place (ShtPlaceCard *self);
void sht_place_card_set_most_height (ShtPlaceCard *self, int height);
int sht_place_card_get_height (ShtPlaceCard *self);

G_END_DECLS
