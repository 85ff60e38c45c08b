/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtTwoParts:
 *
 * Two parts of a page: beside each other where there is room for both, and below each other otherwise.
 */
#define SHT_TYPE_TWO_PARTS (sht_two_parts_get_type ())
G_DECLARE_FINAL_TYPE (ShtTwoParts, sht_two_parts, SHT, TWO_PARTS, GtkWidget)

GtkWidget *sht_two_parts_new (GtkWidget *first, GtkWidget *second, int part_width, int gap);

G_END_DECLS
