/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub/service/hub.h"

G_BEGIN_DECLS

gboolean sht_main_devices (ShtHub *hub, gboolean as_json, GError **error);

G_END_DECLS
