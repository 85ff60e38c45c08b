/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/figures.h"

G_BEGIN_DECLS

/** Met and counted, kept and judged, first time and done: a part of a whole */
typedef struct
{
  guint part;
  guint whole;
} ShtShare;

typedef struct
{
  guint opened;
  guint closed;
  guint open;
  guint late;
  guint due_today;
  guint reopened;
  gint64 oldest_at; /* G_MAXINT64 when none is open */
  ShtShare on_time;
  ShtShare on_time_before;
  ShtShare first_time;
  GArray *took[SHT_N_MILESTONES]; /* (owned) (element-type gint64): milliseconds; in no order */
  guint opened_on[SHT_FIGURES_DAYS];
  guint closed_on[SHT_FIGURES_DAYS];
  gsize id_length;
  char id[]; /* as in its JSON, without the quotes; of no length for what has none */
} ShtFigureGroup;

struct _ShtFigures
{
  ShtFiguresPeriod period;
  ShtDimension by; /* SHT_N_DIMENSIONS: all in one */
  GHashTable *groups; /* (owned): the set of ShtFigureGroup */
  ShtFigureGroup *last; /* (nullable): the one that was asked for last */
};

ShtFigureGroup *sht_figure_group_new (ShtWord id) G_GNUC_WARN_UNUSED_RESULT;
void sht_figure_group_free (ShtFigureGroup *group);
ShtFigureGroup *sht_figures_sum (ShtFigures *figures) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *sht_figures_in_order (ShtFigures *figures) G_GNUC_WARN_UNUSED_RESULT;
gint64 sht_figures_percentile (GArray *values, guint percent);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtFigureGroup, sht_figure_group_free)

G_END_DECLS
