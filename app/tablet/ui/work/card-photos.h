/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/store.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtCardPhotos:
 *
 * The last photos of a ticket, small, on its card. A picture is decoded when it is first drawn, on another
 * thread, and kept as long as it is among the last that were.
 */
#define SHT_TYPE_CARD_PHOTOS (sht_card_photos_get_type ())
G_DECLARE_FINAL_TYPE (ShtCardPhotos, sht_card_photos, SHT, CARD_PHOTOS, GtkWidget)

/* How many of a ticket's photos a card shows at the most. */
#define SHT_CARD_PHOTOS_MOST 2

GtkWidget *sht_card_photos_new (void);
void sht_card_photos_set (ShtCardPhotos *self, ShtStore *reader, const char *hashes);
int sht_card_photos_get_width (ShtCardPhotos *self, guint most);
guint sht_card_photos_count_shown (ShtCardPhotos *self);

G_END_DECLS
