/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/map/place-layer.h"
#include "tablet/session/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtMapLayers:
 *
 * A check for each layer of places; what is chosen is drawn at once, and remembered on this tablet.
 */
#define SHT_TYPE_MAP_LAYERS (sht_map_layers_get_type ())
G_DECLARE_FINAL_TYPE (ShtMapLayers, sht_map_layers, SHT, MAP_LAYERS, GtkBox)

GtkWidget *sht_map_layers_new (ShtSession *session, ShtPlaceLayer *layer) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
