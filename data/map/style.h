/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan.h"

G_BEGIN_DECLS

#define SHT_MAP_MIN_ZOOM 12
#define SHT_MAP_MAX_ZOOM 17

/* Names are looked for in this order: the first has the letters, the others stand in for it where
 * it is not installed. */
#define SHT_MAP_FONT "Noto Sans Hebrew, Noto Sans, DejaVu Sans"

typedef guint32 ShtMapColour; /* 0xRRGGBB */

/**
 * ShtMapStyle:
 *
 * The colours of one map. Both maps have the same shapes, so that a crew finds its way at dusk.
 */
typedef struct
{
  const char *code;
  ShtMapColour land;
  ShtMapColour areas[SHT_MAP_N_AREAS];
  ShtMapColour bank; /* the line around water */
  ShtMapColour sown; /* rows and trees of fields, orchards and woods */
  ShtMapColour building, building_edge;
  ShtMapColour public_building, public_edge;
  ShtMapColour streets[SHT_MAP_N_KINDS];
  ShtMapColour casings[SHT_MAP_N_KINDS];
  ShtMapColour halo;
  ShtMapColour street_text, main_text, number_text, district_text, place_text, green_text,
    water_text;
} ShtMapStyle;

extern const ShtMapStyle sht_map_day;
extern const ShtMapStyle sht_map_night;

double sht_map_street_width (ShtMapKind kind, int zoom);
double sht_map_street_casing (ShtMapKind kind, int zoom);
double sht_map_text_size (ShtMapKind kind, int zoom);

G_END_DECLS
