/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtPlaceSearch:
 *
 * Finds places by name, code or address.
 *
 * ::picked (place): somebody chose one
 */
#define SHT_TYPE_PLACE_SEARCH (sht_place_search_get_type ())
G_DECLARE_FINAL_TYPE (ShtPlaceSearch, sht_place_search, SHT, PLACE_SEARCH, GtkPopover)

GtkWidget *sht_place_search_new (ShtStore *store) G_GNUC_WARN_UNUSED_RESULT;
GtkWidget *sht_place_search_menu_new (ShtPlaceSearch *self, ShtSession *session) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
