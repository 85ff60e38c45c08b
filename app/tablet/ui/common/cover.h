/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtCover:
 *
 * A page that something else may stand in front of for a while, in the same place: a question that needs room.
 * What is behind stays as it is.
 */
#define SHT_TYPE_COVER (sht_cover_get_type ())
G_DECLARE_FINAL_TYPE (ShtCover, sht_cover, SHT, COVER, AdwBin)

GtkWidget *sht_cover_new (GtkWidget *page);
void sht_cover_show (GtkWidget *inside, GtkWidget *front);
gboolean sht_cover_hide (GtkWidget *inside);
gboolean sht_cover_step_back (GtkWidget *page);
GtkWidget *sht_cover_get_front (ShtCover *self);

G_END_DECLS
