/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/map/ticket-layer.h"
#include "tablet/ui/map/map-view.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *sht_map_shown_new (ShtTicketLayer *layer, ShtMapView *view, ShtSession *session, GtkWidget *layers) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
