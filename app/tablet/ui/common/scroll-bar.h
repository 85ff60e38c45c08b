/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void sht_scroll_bar_show (GtkWidget *scrolled);

G_END_DECLS
