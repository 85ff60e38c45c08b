/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtPhotoCells:
 *
 * Photos in rows, to be scrolled. Only those that are on the screen have tiles, which go round as it is scrolled: what is
 * beyond costs no more than its id. Arrow keys, Home, End and the Page keys move the focus; Tab goes in and out.
 */
#define SHT_TYPE_PHOTO_CELLS (sht_photo_cells_get_type ())
G_DECLARE_FINAL_TYPE (ShtPhotoCells, sht_photo_cells, SHT, PHOTO_CELLS, GtkWidget)

GtkWidget *sht_photo_cells_new (ShtSession *session);
void sht_photo_cells_set_photos (ShtPhotoCells *self, GPtrArray *photos);

G_END_DECLS
