/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtWidthFirst:
 *
 * Holds one widget with wrapped text, whose width does not depend on its height. Beside others in a box, or where
 * it is to be centred, GTK asks how narrow a text could be at a height, and a label finds that out by laying its words
 * out some thirty times. What is to be aligned is this, not what it holds.
 */
#define SHT_TYPE_WIDTH_FIRST (sht_width_first_get_type ())
G_DECLARE_FINAL_TYPE (ShtWidthFirst, sht_width_first, SHT, WIDTH_FIRST, GtkWidget)

GtkWidget *sht_width_first_new (GtkWidget *child);
GtkWidget *sht_width_first_new_narrow (GtkWidget *child);
GtkWidget *sht_width_first_new_scrolled (GtkWidget *child);

G_END_DECLS
