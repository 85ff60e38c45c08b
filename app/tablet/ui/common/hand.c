/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/hand.h"

static ShtHand chosen;

/**
 * sht_hand_set:
 *
 * Says with which hand the tablet is tapped; pages that are made from now on follow.
 */
void
sht_hand_set (ShtHand hand)
{
  chosen = hand;
}

/**
 * sht_hand_align:
 * @otherwise: %GTK_ALIGN_START or %GTK_ALIGN_END, when nobody has said
 *
 * Returns: on which of these sides what is tapped often has to stand, in the direction of the language
 */
GtkAlign
sht_hand_align (GtkAlign otherwise)
{
  gboolean rtl = gtk_widget_get_default_direction () == GTK_TEXT_DIR_RTL;

  if (chosen == SHT_HAND_EITHER)
    return otherwise;
  return (chosen == SHT_HAND_RIGHT) == rtl ? GTK_ALIGN_START : GTK_ALIGN_END;
}

/**
 * sht_hand_set_margin:
 * @side: %GTK_ALIGN_START or %GTK_ALIGN_END
 */
void
sht_hand_set_margin (GtkWidget *widget, GtkAlign side, int pixels)
{
  if (side == GTK_ALIGN_START)
    gtk_widget_set_margin_start (widget, pixels);
  else
    gtk_widget_set_margin_end (widget, pixels);
}
