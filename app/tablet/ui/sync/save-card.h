/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtSaveCard:
 *
 * Saves all that waits to a USB stick or a folder, and says in plain words what is safe then. It shows itself while
 * something waits, and as long as there is something to be told.
 */
#define SHT_TYPE_SAVE_CARD (sht_save_card_get_type ())
G_DECLARE_FINAL_TYPE (ShtSaveCard, sht_save_card, SHT, SAVE_CARD, AdwBin)

GtkWidget *sht_save_card_new (ShtSession *session) G_GNUC_WARN_UNUSED_RESULT;
GtkWidget *sht_save_card_new_main (ShtSession *session) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
