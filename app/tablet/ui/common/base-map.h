/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <shumate/shumate.h>

G_BEGIN_DECLS

ShumateMapLayer *sht_base_map_lay (ShumateMap *map, ShumateMapLayer *layer, ShumateLayer *above, gboolean dark, gboolean *missing);

G_END_DECLS
