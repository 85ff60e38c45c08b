/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub/service/hub.h"

G_BEGIN_DECLS

gboolean sht_main_unlock (ShtHub *hub, const char *challenge, const char *crew, const char *tablet, gboolean as_json, GError **error);

G_END_DECLS
