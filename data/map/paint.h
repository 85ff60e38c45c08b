/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan.h"
#include "style.h"

#include <cairo.h>

G_BEGIN_DECLS

#define SHT_MAP_TILE 256

/**
 * ShtMapFrame:
 *
 * One zoom's picture of the whole town. All coordinates of a zoom are pixels from the north-west
 * corner of the tile (@x, @y), so that what is drawn does not depend on the piece being drawn.
 */
typedef struct
{
  int zoom;
  int x, y;          /* the first tile, counted from the north-west (not TMS) */
  int columns, rows; /* of tiles */
} ShtMapFrame;

ShtMapPoint sht_map_frame_point (const ShtMapFrame *self, ShtMapPoint p);
ShtMapBox sht_map_frame_box (const ShtMapFrame *self, const ShtMapBox *box);

void sht_map_set_colour (cairo_t *cr, ShtMapColour colour, double alpha);
void sht_map_paint (cairo_t *cr,
                    const ShtMapPlan *plan,
                    const ShtMapStyle *style,
                    const ShtMapFrame *frame,
                    const ShtMapBox *piece);

G_END_DECLS
