/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub/service/hub.h"

G_BEGIN_DECLS

GPtrArray *sht_hub_maps (ShtHub *hub, GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *sht_hub_map_path (ShtHub *hub, const char *sha256, GError **error) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *sht_hub_add_map (ShtHub *hub, const char *file, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_hub_set_online_map (ShtHub *hub, const char *url, const char *attribution, GError **error);
gboolean sht_hub_remove_map (ShtHub *hub, const char *name, GError **error);

G_END_DECLS
