/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/store.h"
#include "tablet/ui/common/choice-dialog.h"

G_BEGIN_DECLS

/**
 * ShtKindTiles:
 *
 * The services met most, as large tiles; a tap activates report.kind with the service's code.
 */
#define SHT_TYPE_KIND_TILES (sht_kind_tiles_get_type ())
G_DECLARE_FINAL_TYPE (ShtKindTiles, sht_kind_tiles, SHT, KIND_TILES, GtkWidget)

GtkWidget *sht_kind_tiles_new (void);
void sht_kind_tiles_fill (ShtKindTiles *self, ShtStore *reader, const char *chosen);
gboolean sht_kind_tiles_choose (ShtKindTiles *self, const char *service);
ShtChoiceDialog *sht_kind_dialog_new (GtkWidget *parent, ShtStore *reader);

G_END_DECLS
