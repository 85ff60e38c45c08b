/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/sla.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

const char *sht_sla_css (ShtSla sla);
int sht_sla_ring_size (void);

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

/* For who draws one without a widget. */
ShtSla sht_sla_ring_reckon (gboolean open, gint64 from_ms, gint64 due_ms, gint64 now_ms, double *left);
void sht_sla_ring_draw (GtkSnapshot *snapshot, ShtSla sla, double left, const GdkRGBA *colour, gboolean mirrored, const graphene_rect_t *place);

G_END_DECLS
