/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub/service/hub.h"

G_BEGIN_DECLS

gboolean sht_main_add_map (ShtHub *hub, const char *file, const char *name, GError **error);
gboolean sht_main_list_maps (ShtHub *hub, gboolean as_json, GError **error);

G_END_DECLS
