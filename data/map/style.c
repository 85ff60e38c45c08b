/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "style.h"

#define N_ZOOMS (SHT_MAP_MAX_ZOOM - SHT_MAP_MIN_ZOOM + 1)

/* Light and muted: the strongest things on the screen are to be the tickets. */
const ShtMapStyle sht_map_day = {
  .code = "day",
  .land = 0xf4f2ec,
  .areas = {
    [SHT_MAP_FIELD] = 0xeeeedd,
    [SHT_MAP_ORCHARD] = 0xe4edd6,
    [SHT_MAP_FALLOW] = 0xf2ecdf,
    [SHT_MAP_GREENHOUSE] = 0xe9eeed,
    [SHT_MAP_RESIDENTIAL] = 0xefedea,
    [SHT_MAP_INDUSTRIAL] = 0xecebef,
    [SHT_MAP_COMMERCIAL] = 0xf5e9e4,
    [SHT_MAP_NATURE] = 0xdde8cd,
    [SHT_MAP_STREAM] = 0xb4d7ea,
    [SHT_MAP_PARK] = 0xc8e5bb,
    [SHT_MAP_SCHOOL] = 0xf3e8d3,
    [SHT_MAP_PLAZA] = 0xf1e6e4,
    [SHT_MAP_SPORTS] = 0xbfe2c8,
    [SHT_MAP_WATER] = 0xa9d3ea,
    [SHT_MAP_CEMETERY] = 0xd5e0cf,
    [SHT_MAP_WOOD] = 0xc3dcb1,
  },
  .bank = 0x93c3de,
  .sown = 0xcbd9b4,
  .building = 0xe0dad1,
  .building_edge = 0xcac2b6,
  .public_building = 0xe0cbb2,
  .public_edge = 0xc7ab88,
  .streets = {
    [SHT_MAP_HIGHWAY] = 0xfbd28c,
    [SHT_MAP_MAIN] = 0xfdebb8,
    [SHT_MAP_STREET] = 0xffffff,
    [SHT_MAP_LANE] = 0xffffff,
    [SHT_MAP_TRACK] = 0xcdbd9f,
    [SHT_MAP_PATH] = 0xb59d7d,
    [SHT_MAP_RAIL] = 0xa3a3a9,
  },
  .casings = {
    [SHT_MAP_HIGHWAY] = 0xdfa950,
    [SHT_MAP_MAIN] = 0xdcc07c,
    [SHT_MAP_STREET] = 0xcfc9bf,
    [SHT_MAP_LANE] = 0xd5cfc6,
    [SHT_MAP_RAIL] = 0xffffff,
  },
  .halo = 0xffffff,
  .street_text = 0x45464b,
  .main_text = 0x3a3420,
  .number_text = 0x716a5f,
  .district_text = 0x5d6573,
  .place_text = 0x7a5a33,
  .green_text = 0x2f6b35,
  .water_text = 0x28678d,
};

/* No surface brighter than a dim lamp: letters are the lightest thing. */
const ShtMapStyle sht_map_night = {
  .code = "night",
  .land = 0x1d2126,
  .areas = {
    [SHT_MAP_FIELD] = 0x1f2425,
    [SHT_MAP_ORCHARD] = 0x1f2824,
    [SHT_MAP_FALLOW] = 0x222324,
    [SHT_MAP_GREENHOUSE] = 0x23282b,
    [SHT_MAP_RESIDENTIAL] = 0x21252b,
    [SHT_MAP_INDUSTRIAL] = 0x23252d,
    [SHT_MAP_COMMERCIAL] = 0x2a2629,
    [SHT_MAP_NATURE] = 0x1f2b24,
    [SHT_MAP_STREAM] = 0x1d3a4d,
    [SHT_MAP_PARK] = 0x20362a,
    [SHT_MAP_SCHOOL] = 0x2c2823,
    [SHT_MAP_PLAZA] = 0x2b272a,
    [SHT_MAP_SPORTS] = 0x21382f,
    [SHT_MAP_WATER] = 0x1c4058,
    [SHT_MAP_CEMETERY] = 0x24302b,
    [SHT_MAP_WOOD] = 0x213426,
  },
  .bank = 0x2a536c,
  .sown = 0x2c3a30,
  .building = 0x2d323a,
  .building_edge = 0x3a4049,
  .public_building = 0x3a342d,
  .public_edge = 0x4d453a,
  .streets = {
    [SHT_MAP_HIGHWAY] = 0x6b5634,
    [SHT_MAP_MAIN] = 0x565040,
    [SHT_MAP_STREET] = 0x434a54,
    [SHT_MAP_LANE] = 0x3d444d,
    [SHT_MAP_TRACK] = 0x3d3a34,
    [SHT_MAP_PATH] = 0x5a5348,
    [SHT_MAP_RAIL] = 0x5a5f68,
  },
  .casings = {
    [SHT_MAP_HIGHWAY] = 0x14171b,
    [SHT_MAP_MAIN] = 0x14171b,
    [SHT_MAP_STREET] = 0x171a1f,
    [SHT_MAP_LANE] = 0x171a1f,
    [SHT_MAP_RAIL] = 0x24282e,
  },
  .halo = 0x181b20,
  .street_text = 0xc3c9d1,
  .main_text = 0xdccfae,
  .number_text = 0x858d98,
  .district_text = 0x939ba8,
  .place_text = 0xc7a983,
  .green_text = 0x8fbf96,
  .water_text = 0x82b5d6,
};

/* Pixels of the carriageway, by zoom: wider than true, so that the name fits in; 0 is not drawn. */
static const double widths[SHT_MAP_N_KINDS][N_ZOOMS] = {
  /*                      12   13   14   15   16   17 */
  [SHT_MAP_HIGHWAY] = { 2.0, 2.8, 4.2, 6.5, 11.0, 19.0 },
  [SHT_MAP_MAIN] = { 1.4, 2.2, 3.4, 5.8, 10.0, 18.0 },
  [SHT_MAP_STREET] = { 0.0, 0.9, 1.7, 3.6, 7.0, 13.0 },
  [SHT_MAP_LANE] = { 0.0, 0.6, 1.1, 2.2, 4.6, 8.5 },
  [SHT_MAP_TRACK] = { 0.0, 0.6, 0.8, 1.2, 1.8, 2.6 },
  [SHT_MAP_PATH] = { 0.0, 0.0, 0.8, 1.0, 1.5, 2.2 },
  [SHT_MAP_RAIL] = { 1.0, 1.3, 1.7, 2.4, 3.2, 4.2 },
};

/* Pixels of a letter's em, by zoom; 0 is not written. */
static const double sizes[SHT_MAP_N_KINDS][N_ZOOMS] = {
  /*                         12    13    14    15    16    17 */
  [SHT_MAP_RESIDENTIAL] = { 0.0, 12.0, 14.0, 16.0, 0.0, 0.0 },
  [SHT_MAP_INDUSTRIAL] = { 0.0, 12.0, 14.0, 16.0, 0.0, 0.0 },
  [SHT_MAP_COMMERCIAL] = { 0.0, 0.0, 0.0, 11.5, 13.0, 14.0 },
  [SHT_MAP_STREAM] = { 0.0, 0.0, 11.5, 12.5, 14.0, 15.5 },
  [SHT_MAP_PARK] = { 0.0, 0.0, 0.0, 11.5, 13.0, 14.5 },
  [SHT_MAP_SCHOOL] = { 0.0, 0.0, 0.0, 0.0, 12.5, 14.0 },
  [SHT_MAP_PLAZA] = { 0.0, 0.0, 0.0, 0.0, 12.0, 14.0 },
  [SHT_MAP_SPORTS] = { 0.0, 0.0, 0.0, 11.0, 13.0, 14.0 },
  [SHT_MAP_WATER] = { 0.0, 0.0, 0.0, 0.0, 12.0, 14.0 },
  [SHT_MAP_CEMETERY] = { 0.0, 0.0, 0.0, 11.5, 13.0, 14.0 },
  [SHT_MAP_WOOD] = { 0.0, 0.0, 0.0, 11.5, 13.0, 14.0 },
  [SHT_MAP_BUILDING] = { 0.0, 0.0, 0.0, 0.0, 0.0, 10.5 },
  [SHT_MAP_HIGHWAY] = { 0.0, 0.0, 11.0, 12.5, 14.0, 16.0 },
  [SHT_MAP_MAIN] = { 0.0, 0.0, 11.0, 12.5, 14.0, 16.0 },
  [SHT_MAP_STREET] = { 0.0, 0.0, 0.0, 11.0, 13.0, 15.0 },
  [SHT_MAP_LANE] = { 0.0, 0.0, 0.0, 0.0, 12.0, 13.5 },
  [SHT_MAP_PATH] = { 0.0, 0.0, 0.0, 0.0, 11.5, 12.5 },
  [SHT_MAP_RAIL] = { 0.0, 0.0, 0.0, 0.0, 11.5, 12.5 },
};

static double
by_zoom (const double table[SHT_MAP_N_KINDS][N_ZOOMS], ShtMapKind kind, int zoom)
{
  g_return_val_if_fail (zoom >= SHT_MAP_MIN_ZOOM && zoom <= SHT_MAP_MAX_ZOOM, 0);
  return table[kind][zoom - SHT_MAP_MIN_ZOOM];
}

/**
 * sht_map_street_width:
 *
 * Returns: pixels; 0 where this kind is not drawn at this zoom
 */
double
sht_map_street_width (ShtMapKind kind, int zoom)
{
  return by_zoom (widths, kind, zoom);
}

/**
 * sht_map_street_casing:
 *
 * Returns: pixels of the line on each side of the carriageway; 0 for none
 */
double
sht_map_street_casing (ShtMapKind kind, int zoom)
{
  double width = by_zoom (widths, kind, zoom);

  if (kind < SHT_MAP_HIGHWAY || kind > SHT_MAP_LANE || width < 1.4)
    return 0;
  return width < 3.0 ? 0.6 : width < 8.0 ? 0.8 : 1.0;
}

/**
 * sht_map_text_size:
 *
 * Returns: pixels of an em; 0 where this kind has no name at this zoom
 */
double
sht_map_text_size (ShtMapKind kind, int zoom)
{
  return by_zoom (sizes, kind, zoom);
}
