/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtObstacleForm:
 *
 * What stands in the way, raised in front of the page from which it is seen, see #ShtCover. It goes by itself.
 */
#define SHT_TYPE_OBSTACLE_FORM (sht_obstacle_form_get_type ())
G_DECLARE_FINAL_TYPE (ShtObstacleForm, sht_obstacle_form, SHT, OBSTACLE_FORM, AdwBin)

void sht_obstacle_form_open (GtkWidget *page, ShtSession *session, const char *ticket);

const char *sht_obstacle_words (const char *kind);
const char *sht_obstacle_icon (const char *kind);

G_END_DECLS
