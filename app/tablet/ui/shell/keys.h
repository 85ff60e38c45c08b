/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void sht_keys_add (GtkApplication *application);
void sht_keys_add_window (GtkApplicationWindow *window);

G_END_DECLS
