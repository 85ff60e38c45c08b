/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/status.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtActionBar:
 *
 * The one large button that names the next step of a ticket, and the smaller ones around it. They activate
 * the page's ticket.* actions.
 */
#define SHT_TYPE_ACTION_BAR (sht_action_bar_get_type ())
G_DECLARE_FINAL_TYPE (ShtActionBar, sht_action_bar, SHT, ACTION_BAR, GtkBox)

GtkWidget *sht_action_bar_new (void);
void sht_action_bar_update (ShtActionBar *self, ShtRole role, ShtStatus status, gboolean has_crew);
void sht_action_bar_offer_voice (ShtActionBar *self, gint64 duration_ms);
GtkWidget *sht_action_bar_get_main (ShtActionBar *self);
gboolean sht_action_bar_next (ShtRole role, ShtStatus status, ShtStatus *next);

G_END_DECLS
