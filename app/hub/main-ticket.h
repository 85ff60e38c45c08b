/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub/service/hub.h"

G_BEGIN_DECLS

void sht_main_print_ticket (ShtHub *hub, JsonObject *view);

G_END_DECLS
