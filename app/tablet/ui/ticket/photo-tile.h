/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/store.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtPhotoTile:
 *
 * One photo of a ticket: its thumbnail, its mark, and a word when it is damaged. A tap activates
 * ticket.view-photo with its id.
 */
#define SHT_TYPE_PHOTO_TILE (sht_photo_tile_get_type ())
G_DECLARE_FINAL_TYPE (ShtPhotoTile, sht_photo_tile, SHT, PHOTO_TILE, GtkButton)

GtkWidget *sht_photo_tile_new (void);
void sht_photo_tile_set_photo (ShtPhotoTile *self, ShtStore *reader, JsonObject *photo);
void sht_photo_tile_forget (ShtPhotoTile *self);
void sht_photo_tile_update (ShtPhotoTile *self, JsonObject *photo, gint64 now);
void sht_photo_tile_show_sent (ShtPhotoTile *self, double fraction);
gboolean sht_photo_tile_has_picture (ShtPhotoTile *self);
const char *sht_photo_tile_get_photo (ShtPhotoTile *self);
const char *sht_photo_tile_get_state (ShtPhotoTile *self);

G_END_DECLS
