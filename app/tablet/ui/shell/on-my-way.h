/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"

#include <adwaita.h>

G_BEGIN_DECLS

void sht_on_my_way (ShtSession *session, AdwApplicationWindow *window, const char *ticket);

G_END_DECLS
