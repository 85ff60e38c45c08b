/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/store.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *sht_obstacle_card_new (ShtStore *reader, JsonObject *obstacle);

G_END_DECLS
