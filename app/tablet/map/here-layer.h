/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/position.h"

#include <shumate/shumate.h>

G_BEGIN_DECLS

/**
 * ShtHereLayer:
 *
 * Where the tablet is: a dot in the circle within which it is, with a wedge where it is heading. What is old is grey and
 * fades.
 */
#define SHT_TYPE_HERE_LAYER (sht_here_layer_get_type ())
G_DECLARE_FINAL_TYPE (ShtHereLayer, sht_here_layer, SHT, HERE_LAYER, ShumateLayer)

/** From this age on a position is where the tablet was, and is drawn so */
#define SHT_HERE_OLD_MS (G_GINT64_CONSTANT (2) * 60 * 1000)

ShtHereLayer *sht_here_layer_new (ShumateViewport *viewport) G_GNUC_WARN_UNUSED_RESULT;
void sht_here_layer_set (ShtHereLayer *self, const ShtPosition *position, gint64 age_ms, const char *words);
void sht_here_layer_set_dark (ShtHereLayer *self, gboolean dark);
gboolean sht_here_layer_get_spot (ShtHereLayer *self, double *x, double *y, double *radius);

G_END_DECLS
