/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub/service/hub.h"

G_BEGIN_DECLS

gboolean sht_main_import_open311 (ShtHub *hub, const char *file, const char *jurisdiction, const char *crew, gboolean *whole,
                                  GError **error);

G_END_DECLS
