/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtHand:
 * @SHT_HAND_EITHER: nobody has said: controls stand where the language's direction puts them
 * @SHT_HAND_RIGHT: they stand on the right
 * @SHT_HAND_LEFT: on the left
 *
 * With which hand the tablet is tapped, while the other holds it.
 */
typedef enum
{
  SHT_HAND_EITHER,
  SHT_HAND_RIGHT,
  SHT_HAND_LEFT
} ShtHand;

void sht_hand_set (ShtHand hand);
GtkAlign sht_hand_align (GtkAlign otherwise);
void sht_hand_set_margin (GtkWidget *widget, GtkAlign side, int pixels);

G_END_DECLS
