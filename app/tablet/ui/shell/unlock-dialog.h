/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/ui/shell/application.h"

G_BEGIN_DECLS

void sht_unlock_ask (ShtApplication *application);

G_END_DECLS
