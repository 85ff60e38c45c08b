/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtCopyCard:
 *
 * That this tablet's store is a copy, or an older one put back; until somebody has seen it.
 */
#define SHT_TYPE_COPY_CARD (sht_copy_card_get_type ())
G_DECLARE_FINAL_TYPE (ShtCopyCard, sht_copy_card, SHT, COPY_CARD, AdwBin)

GtkWidget *sht_copy_card_new (ShtSession *session);

G_END_DECLS
