/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/import/geojson-private.h"

#include <math.h>
#include <proj.h>
#include <string.h>

#define DEGREES "EPSG:4326"
#define NEW_GRID "EPSG:2039"
#define OLD_GRID "EPSG:28193"

/* From where to where coordinates lie that are in a grid of ours. */
typedef struct
{
  const char *crs;
  double least_east, most_east;
  double least_north, most_north;
  double add_north; /* where the leading million is left out */
} Grid;

/* Israel's new grid, and the old one with and without its leading million. North and east of the
 * first two never overlap, so that it shows when they came the wrong way round. */
static const Grid grids[] = {
  { DEGREES, -180, 180, -90, 90, 0 },
  { NEW_GRID, 120000, 290000, 370000, 810000, 0 },
  { OLD_GRID, 70000, 240000, 870000, 1310000, 0 },
  { OLD_GRID, 70000, 240000, -130000, 310000, 1000000 },
};

static gboolean
is_in (const Grid *grid, const ShtGeoPosition *at, gboolean swapped)
{
  double east = swapped ? at->y : at->x, north = swapped ? at->x : at->y;

  return east >= grid->least_east && east <= grid->most_east && north >= grid->least_north &&
         north <= grid->most_north;
}

/* Swapped degrees, and swapped metres that are small both ways, could be either. */
static gboolean
may_be_swapped (const Grid *grid)
{
  return grid->least_north > grid->most_east;
}

static const Grid *
find_grid (const char *crs, const ShtGeoPosition *at, gboolean *swapped)
{
  for (guint i = 0; i < G_N_ELEMENTS (grids); i++)
    {
      if (crs != NULL && strcmp (crs, grids[i].crs) != 0)
        continue;
      *swapped = FALSE;
      if (is_in (&grids[i], at, FALSE))
        return &grids[i];
      *swapped = TRUE;
      if (may_be_swapped (&grids[i]) && is_in (&grids[i], at, TRUE))
        return &grids[i];
    }
  *swapped = FALSE;
  return NULL;
}

static gboolean
is_in_table (const char *crs)
{
  for (guint i = 0; i < G_N_ELEMENTS (grids); i++)
    if (strcmp (crs, grids[i].crs) == 0)
      return TRUE;
  return FALSE;
}

/* Whose position it is. */
static guint
number_of (const ShtGeoFile *file, guint position)
{
  for (guint i = file->features->len; i-- > 0;)
    {
      const ShtGeoFeature *feature = &g_array_index (file->features, ShtGeoFeature, i);

      if (feature->n_pieces > 0 &&
          g_array_index (file->pieces, ShtGeometryPiece, feature->first_piece).first <= position)
        return feature->number;
    }
  return 0;
}

static gboolean
all_in (const ShtGeoFile *file, const Grid *grid, gboolean swapped, GError **error)
{
  for (guint i = 0; i < file->positions->len; i++)
    {
      const ShtGeoPosition *at = &g_array_index (file->positions, ShtGeoPosition, i);

      if (!is_in (grid, at, swapped))
        return sht_geo_refuse (error, SHT_GEOJSON_ERROR_RANGE, number_of (file, i),
                               "%.8g, %.8g is out of the range of %s, in which the file begins",
                               at->x, at->y, grid->crs);
    }
  return TRUE;
}

static void
swap (ShtGeoFile *file)
{
  for (guint i = 0; i < file->positions->len; i++)
    {
      ShtGeoPosition *at = &g_array_index (file->positions, ShtGeoPosition, i);
      double x = at->x;

      at->x = at->y;
      at->y = x;
    }
}

static gboolean
check_degrees (const ShtGeoFile *file, const char *crs, GError **error)
{
  for (guint i = 0; i < file->positions->len; i++)
    {
      const ShtGeoPosition *at = &g_array_index (file->positions, ShtGeoPosition, i);

      if (!isfinite (at->x) || !isfinite (at->y) || !is_in (&grids[0], at, FALSE))
        return sht_geo_refuse (error, SHT_GEOJSON_ERROR_RANGE, number_of (file, i),
                               "a position is nowhere in %s", crs);
    }
  return TRUE;
}

/* What PROJ cannot place becomes infinite. */
static gboolean
project_from (ShtGeoFile *file, const char *crs, const char *to, GError **error)
{
  PJ_CONTEXT *context = proj_context_create ();
  PJ *between, *plain = NULL;
  gboolean is_known;
  ShtGeoPosition *positions = (ShtGeoPosition *)(gpointer)file->positions->data;

  /* A town's positions are its own business. */
  proj_context_set_enable_network (context, 0);
  proj_log_level (context, PJ_LOG_NONE);
  between = proj_create_crs_to_crs (context, crs, to, NULL);
  if (between != NULL)
    plain = proj_normalize_for_visualization (context, between);
  is_known = plain != NULL;
  if (is_known)
    proj_trans_generic (plain, PJ_FWD, &positions->x, sizeof *positions, file->positions->len,
                        &positions->y, sizeof *positions, file->positions->len, NULL, 0, 0, NULL, 0,
                        0);
  proj_destroy (between);
  proj_destroy (plain);
  proj_context_destroy (context);
  return is_known || sht_geo_refuse (error, SHT_GEOJSON_ERROR_GRID, 0,
                                     "its coordinates are in %s, which is not known here", crs);
}

/* From the old grid by way of the new one, so that what a town has in both lies on one spot: PROJ's
 * direct way from the old one ends 4 m beside it. */
static gboolean
project (ShtGeoFile *file, const char *crs, GError **error)
{
  gboolean is_old = strcmp (crs, OLD_GRID) == 0;

  return (!is_old || project_from (file, crs, NEW_GRID, error)) &&
         project_from (file, is_old ? NEW_GRID : crs, DEGREES, error) &&
         check_degrees (file, crs, error);
}

static gboolean
from_grid (ShtGeoFile *file, const Grid *grid, gboolean swapped, GError **error)
{
  if (!all_in (file, grid, swapped, error))
    return FALSE;
  if (swapped)
    swap (file);
  for (guint i = 0; grid->add_north != 0 && i < file->positions->len; i++)
    g_array_index (file->positions, ShtGeoPosition, i).y += grid->add_north;
  return grid == &grids[0] || project (file, grid->crs, error);
}

/**
 * sht_geo_to_degrees:
 * @report: where it is told what they were
 *
 * Makes degrees of all positions, which RFC 7946 says they are. Files of town halls are often in
 * metres: older ones say so in `crs`, of others it shows.
 *
 * Returns: %FALSE with %SHT_GEOJSON_ERROR_GRID or %SHT_GEOJSON_ERROR_RANGE
 */
gboolean
sht_geo_to_degrees (ShtGeoFile *file, ShtGeojsonReport *report, GError **error)
{
  const ShtGeoPosition *first = (const ShtGeoPosition *)(gpointer)file->positions->data;
  const Grid *grid;
  gboolean swapped;

  report->crs = DEGREES;
  if (file->positions->len == 0)
    return TRUE;
  grid = find_grid (file->crs, first, &swapped);
  report->is_swapped = swapped;
  if (grid != NULL)
    {
      report->crs = grid->crs;
      return from_grid (file, grid, swapped, error);
    }
  if (file->crs != NULL && !is_in_table (file->crs))
    {
      report->crs = g_intern_string (file->crs);
      return project (file, file->crs, error);
    }
  if (file->crs != NULL)
    return sht_geo_refuse (error, SHT_GEOJSON_ERROR_RANGE, number_of (file, 0),
                           "%.8g, %.8g is out of the range of %s", first->x, first->y, file->crs);
  return sht_geo_refuse (
    error, SHT_GEOJSON_ERROR_GRID, number_of (file, 0),
    "%.8g, %.8g are no degrees, and in no grid that is known here (EPSG:2039, EPSG:28193)",
    first->x, first->y);
}
