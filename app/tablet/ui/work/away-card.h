/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtAwayCard:
 *
 * While you were away: what others added, took and changed, until it is put away. Without news it is not seen.
 */
#define SHT_TYPE_AWAY_CARD (sht_away_card_get_type ())
G_DECLARE_FINAL_TYPE (ShtAwayCard, sht_away_card, SHT, AWAY_CARD, AdwBin)

GtkWidget *sht_away_card_new (ShtSession *session) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
