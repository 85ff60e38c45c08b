/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/whereabouts.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtShareBar:
 *
 * That a crew's supervisor sees where it is, with the button that ends it for now; there during the shift only.
 */
#define SHT_TYPE_SHARE_BAR (sht_share_bar_get_type ())
G_DECLARE_FINAL_TYPE (ShtShareBar, sht_share_bar, SHT, SHARE_BAR, GtkBox)

GtkWidget *sht_share_bar_new (ShtWhereabouts *whereabouts) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
