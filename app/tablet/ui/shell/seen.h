/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/whereabouts.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

void sht_seen_watch (GtkApplication *application, GtkWindow *window, ShtWhereabouts *whereabouts);

G_END_DECLS
