/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <shumate/shumate.h>

G_BEGIN_DECLS

ShumateMapSource *sht_base_map_open (gboolean dark, gboolean *missing) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
