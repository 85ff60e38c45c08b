/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtEvenRows:
 *
 * Buttons in as few rows as its width allows, with about as many in each, and those of a row equally wide: never four
 * and one.
 */
#define SHT_TYPE_EVEN_ROWS (sht_even_rows_get_type ())
G_DECLARE_FINAL_TYPE (ShtEvenRows, sht_even_rows, SHT, EVEN_ROWS, GtkWidget)

GtkWidget *sht_even_rows_new (int gap, int most);
void sht_even_rows_append (ShtEvenRows *self, GtkWidget *child);

G_END_DECLS
