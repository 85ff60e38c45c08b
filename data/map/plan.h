/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ShtMapKind:
 *
 * What a feature of the plan is: its `class`, or its `layer` for a building.
 */
typedef enum
{
  SHT_MAP_FIELD,
  SHT_MAP_ORCHARD,
  SHT_MAP_FALLOW,
  SHT_MAP_GREENHOUSE,
  SHT_MAP_RESIDENTIAL,
  SHT_MAP_INDUSTRIAL,
  SHT_MAP_COMMERCIAL,
  SHT_MAP_NATURE,
  SHT_MAP_STREAM,
  SHT_MAP_PARK,
  SHT_MAP_SCHOOL,
  SHT_MAP_PLAZA,
  SHT_MAP_SPORTS,
  SHT_MAP_WATER,
  SHT_MAP_CEMETERY,
  SHT_MAP_WOOD,
  SHT_MAP_N_AREAS,
  SHT_MAP_BUILDING = SHT_MAP_N_AREAS,
  SHT_MAP_HIGHWAY,
  SHT_MAP_MAIN,
  SHT_MAP_STREET,
  SHT_MAP_LANE,
  SHT_MAP_TRACK,
  SHT_MAP_PATH,
  SHT_MAP_RAIL,
  SHT_MAP_N_KINDS
} ShtMapKind;

/* In the plan: the Mercator square, 0 to 1 from the north-west corner of the world. In a zoom's
 * picture: pixels from the frame's origin. */
typedef struct
{
  double x;
  double y;
} ShtMapPoint;

typedef struct
{
  double x0;
  double y0;
  double x1;
  double y1;
} ShtMapBox;

typedef struct
{
  ShtMapKind kind;
  gboolean roundabout;
  gboolean landmark;   /* a building that has a name of its own */
  ShtMapPoint *points; /* (owned) a ring's last point repeats its first */
  guint n_points;
  ShtMapBox box;
  char *text;     /* (owned) (nullable) name, or a building's house number */
  char *district; /* (owned) (nullable) code */
} ShtMapFeature;

typedef struct
{
  GPtrArray *features;             /* (owned) of ShtMapFeature, in the order of the file */
  char *name;                      /* (owned) the town's */
  GHashTable *districts;           /* (owned) code to name */
  double west, south, east, north; /* degrees */
  ShtMapBox box;                   /* the same on the Mercator square */
} ShtMapPlan;

ShtMapPlan *sht_map_plan_load (const char *town_file,
                               const char *plan_file,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sht_map_plan_free (ShtMapPlan *self);

ShtMapPoint sht_map_project (double lon, double lat);
double sht_map_metre (const ShtMapPlan *self);
gboolean sht_map_box_meets (const ShtMapBox *a, const ShtMapBox *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtMapPlan, sht_map_plan_free)

G_END_DECLS
