/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/fact.h"

G_BEGIN_DECLS

#define SHT_FIGURES_ERROR (sht_figures_error_quark ())
GQuark sht_figures_error_quark (void);

/** ShtFiguresError: %SHT_FIGURES_ERROR_INVALID: there is no such period or grouping; the message says why */
typedef enum
{
  SHT_FIGURES_ERROR_INVALID
} ShtFiguresError;

/** Days of a trend */
#define SHT_FIGURES_DAYS 14
/** Days of a period for which none is named */
#define SHT_FIGURES_WEEK 7

/**
 * ShtFiguresPeriod:
 * @now: as of when it stands, milliseconds since 1970 UTC
 * @tomorrow: when the town's day of @now ends
 * @before: when the period before, of as many days, begins; it ends where this one begins
 * @from: when the period begins
 * @until: when it ends: the first instant that is not in it
 * @days: when each day of the trend begins, and when the last of them ends, which is @until
 */
typedef struct
{
  gint64 now;
  gint64 tomorrow;
  gint64 before;
  gint64 from;
  gint64 until;
  gint64 days[SHT_FIGURES_DAYS + 1];
} ShtFiguresPeriod;

typedef struct _ShtFigures ShtFigures;

gboolean sht_figures_period (const ShtTown *town, const char *from, const char *to, gint64 now, ShtFiguresPeriod *period, GError **error);
gboolean sht_figures_parse_by (const char *name, ShtDimension *by, GError **error);

ShtFigures *sht_figures_new (const ShtFiguresPeriod *period, ShtDimension by) G_GNUC_WARN_UNUSED_RESULT;
void sht_figures_free (ShtFigures *figures);
void sht_figures_add (ShtFigures *figures, const guint8 *fact, gsize length);
char *sht_figures_to_json (ShtFigures *figures) G_GNUC_WARN_UNUSED_RESULT;
char *sht_figures_to_text (ShtFigures *figures) G_GNUC_WARN_UNUSED_RESULT;
char *sht_figures_league (ShtFigures *departments, ShtFigures *crews) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtFigures, sht_figures_free)

G_END_DECLS
