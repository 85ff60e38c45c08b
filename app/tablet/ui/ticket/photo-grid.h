/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtPhotoGrid:
 *
 * All of a ticket's photos of one role in front of its page, see #ShtCover. Only those near the screen have widgets
 * and decoded pictures, however many there are. A tap activates ticket.view-photo with a photo's id.
 */
#define SHT_TYPE_PHOTO_GRID (sht_photo_grid_get_type ())
G_DECLARE_FINAL_TYPE (ShtPhotoGrid, sht_photo_grid, SHT, PHOTO_GRID, AdwBin)

void sht_photo_grid_open (GtkWidget *page, ShtSession *session, const char *ticket, const char *role);

G_END_DECLS
