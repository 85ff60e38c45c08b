/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void sht_stand_over (GtkWindow *window, GtkWindow *below, int width, int height);

G_END_DECLS
