/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/store.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtDistrictLine:
 *
 * What crews should know of the people in a ticket's district: one line, and all of it after a tap. Not there where nothing
 * is told of the district.
 */
#define SHT_TYPE_DISTRICT_LINE (sht_district_line_get_type ())
G_DECLARE_FINAL_TYPE (ShtDistrictLine, sht_district_line, SHT, DISTRICT_LINE, GtkBox)

GtkWidget *sht_district_line_new (ShtStore *reader) G_GNUC_WARN_UNUSED_RESULT;
void sht_district_line_update (ShtDistrictLine *self, JsonObject *ticket);

G_END_DECLS
