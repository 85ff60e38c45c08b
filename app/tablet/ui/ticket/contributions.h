/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/store.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

gboolean sht_contributions_changed (const char *ticket, JsonArray *events, char **shown);
GtkWidget *sht_contributions_new (ShtStore *reader, JsonArray *events);

G_END_DECLS
