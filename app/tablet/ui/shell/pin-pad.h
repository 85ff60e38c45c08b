/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtPinPad:
 *
 * Large keys for digits, for gloved hands, and what was typed above them: as dots, or as it is. Whoever shows it hands it the
 * keys of a keyboard.
 *
 * ::entered (digits: string): the person has said that this is all
 */
#define SHT_TYPE_PIN_PAD (sht_pin_pad_get_type ())
G_DECLARE_FINAL_TYPE (ShtPinPad, sht_pin_pad, SHT, PIN_PAD, AdwBin)

GtkWidget *sht_pin_pad_new (guint most, gboolean is_secret);
gboolean sht_pin_pad_take_key (ShtPinPad *self, guint key);
void sht_pin_pad_clear (ShtPinPad *self);

G_END_DECLS
