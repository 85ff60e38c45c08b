/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/photo/sources.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtPhotoPick:
 *
 * A picture of somebody else's that can be chosen. It shows nothing that was not decoded by the confined helper.
 *
 * ::decoded: it shows what it can
 */
#define SHT_TYPE_PHOTO_PICK (sht_photo_pick_get_type ())
G_DECLARE_FINAL_TYPE (ShtPhotoPick, sht_photo_pick, SHT, PHOTO_PICK, GtkToggleButton)

GtkWidget *sht_photo_pick_new (const ShtFoundPhoto *photo, gint64 now);
void sht_photo_pick_decode (ShtPhotoPick *self);
const char *sht_photo_pick_get_path (ShtPhotoPick *self);

G_END_DECLS
