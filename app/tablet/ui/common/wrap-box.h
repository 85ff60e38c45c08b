/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtWrapBox:
 *
 * Widgets beside each other, each as wide as it likes to be, and in a further row what has no room: none of them is ever
 * cut at the edge.
 */
#define SHT_TYPE_WRAP_BOX (sht_wrap_box_get_type ())
G_DECLARE_FINAL_TYPE (ShtWrapBox, sht_wrap_box, SHT, WRAP_BOX, GtkWidget)

GtkWidget *sht_wrap_box_new (int gap, int liked);
void sht_wrap_box_append (ShtWrapBox *self, GtkWidget *child);

G_END_DECLS
