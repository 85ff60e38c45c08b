/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ShtSla:
 * @SHT_SLA_NONE: no clock runs
 * @SHT_SLA_CALM: there is time
 * @SHT_SLA_SOON: it falls due soon
 * @SHT_SLA_LATE: the target time is past
 * @SHT_SLA_REST: nothing is to be done any more
 *
 * How a ticket stands to its target time, at a glance.
 */
typedef enum
{
  SHT_SLA_NONE,
  SHT_SLA_CALM,
  SHT_SLA_SOON,
  SHT_SLA_LATE,
  SHT_SLA_REST
} ShtSla;

/* What falls due within this time is called soon: one can still be there in time. */
#define SHT_SLA_SOON_MS (4 * 60 * 60 * G_GINT64_CONSTANT (1000))

ShtSla sht_sla_of (gboolean open, gint64 due_ms, gint64 now_ms);
double sht_sla_left (gint64 from_ms, gint64 due_ms, gint64 now_ms);

G_END_DECLS
