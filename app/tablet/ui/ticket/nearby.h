/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/store.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtNearby:
 *
 * What else is open around a ticket: done on the same way, or the same thing told twice. Not seen when there is nothing.
 */
#define SHT_TYPE_NEARBY (sht_nearby_get_type ())
G_DECLARE_FINAL_TYPE (ShtNearby, sht_nearby, SHT, NEARBY, AdwBin)

GtkWidget *sht_nearby_new (void) G_GNUC_WARN_UNUSED_RESULT;
void sht_nearby_update (ShtNearby *self, ShtStore *reader, JsonObject *ticket);

G_END_DECLS
