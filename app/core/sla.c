/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/sla.h"

/* A ring with less than this would look empty, and there is time yet. */
#define LEAST_LEFT 0.03

/**
 * sht_sla_of:
 * @open: whether the ticket is still to be dealt with
 * @due_ms: when it falls due, milliseconds since 1970 UTC, 0 for never
 */
ShtSla
sht_sla_of (gboolean open, gint64 due_ms, gint64 now_ms)
{
  if (!open)
    return SHT_SLA_REST;
  if (due_ms == 0)
    return SHT_SLA_NONE;
  if (due_ms < now_ms)
    return SHT_SLA_LATE;
  return due_ms - now_ms < SHT_SLA_SOON_MS ? SHT_SLA_SOON : SHT_SLA_CALM;
}

/**
 * sht_sla_left:
 * @from_ms: when the clock began
 * @due_ms: when it falls due
 *
 * Returns: how much of the time is left, 0 … 1; 0 only when nothing is
 */
double
sht_sla_left (gint64 from_ms, gint64 due_ms, gint64 now_ms)
{
  if (due_ms <= from_ms || due_ms <= now_ms)
    return 0;
  return CLAMP ((double) (due_ms - now_ms) / (double) (due_ms - from_ms), LEAST_LEFT, 1);
}
