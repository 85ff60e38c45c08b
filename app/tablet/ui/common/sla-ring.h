/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtSla:
 * @SHT_SLA_NONE: no clock runs
 * @SHT_SLA_CALM: there is time
 * @SHT_SLA_SOON: it falls due soon
 * @SHT_SLA_LATE: the target time is past
 * @SHT_SLA_REST: nothing is to be done any more
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
const char *sht_sla_css (ShtSla sla);

/**
 * ShtSlaRing:
 *
 * A ring that shows how much of the target time is left, with the service's icon in its middle.
 */
#define SHT_TYPE_SLA_RING (sht_sla_ring_get_type ())
G_DECLARE_FINAL_TYPE (ShtSlaRing, sht_sla_ring, SHT, SLA_RING, GtkWidget)

GtkWidget *sht_sla_ring_new (void) G_GNUC_WARN_UNUSED_RESULT;
void sht_sla_ring_set_time (ShtSlaRing *self, gboolean open, gint64 from_ms, gint64 due_ms, gint64 now_ms);
void sht_sla_ring_set_icon (ShtSlaRing *self, const char *icon_name);

G_END_DECLS
