/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtMapsDialog:
 *
 * The map packages that the hub offers: which are here, which are on their way, and one button each.
 */
#define SHT_TYPE_MAPS_DIALOG (sht_maps_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ShtMapsDialog, sht_maps_dialog, SHT, MAPS_DIALOG, AdwWindow)

ShtMapsDialog *sht_maps_dialog_new (GtkWidget *parent, ShtSession *session);

G_END_DECLS
