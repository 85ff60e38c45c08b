/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/map/spots.h"

#include <shumate/shumate.h>

G_BEGIN_DECLS

/* At zoom level 0 the whole world is this wide, in logical pixels. */
#define SHT_WORLD_TILE 256.0

/**
 * ShtAffine:
 *
 * From the Mercator world, each side 0 … 1, to a widget's logical pixels: px = x0 + xx·x + xy·y, py = y0 + yx·x + yy·y.
 */
typedef struct
{
  double x0, y0;
  double xx, xy;
  double yx, yy;
} ShtAffine;

gboolean sht_affine_of_widget (ShumateViewport *viewport, GtkWidget *widget, ShtAffine *affine);
void sht_affine_apply (const ShtAffine *affine, double x, double y, double *px, double *py);
void sht_affine_unapply (const ShtAffine *affine, double px, double py, double *x, double *y);
ShtWorldBox sht_affine_visible (const ShtAffine *affine, GtkWidget *widget);

G_END_DECLS
