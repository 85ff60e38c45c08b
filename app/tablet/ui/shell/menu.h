/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/status.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *sht_menu_new (ShtRole role);

G_END_DECLS
