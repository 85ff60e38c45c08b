/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtShiftCard:
 *
 * Before the shift: each thing that can be put right at the depot and not out there, as fine or to do.
 */
#define SHT_TYPE_SHIFT_CARD (sht_shift_card_get_type ())
G_DECLARE_FINAL_TYPE (ShtShiftCard, sht_shift_card, SHT, SHIFT_CARD, AdwBin)

GtkWidget *sht_shift_card_new (ShtSession *session);

G_END_DECLS
