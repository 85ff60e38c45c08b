/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/sla.h"
#include "core/status.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Across, in logical pixels, without what stands over the edge. */
#define SHT_MARKER_SIZE 34
#define SHT_MARKER_SELECTED_SIZE 50
#define SHT_MARKER_PLACE_SIZE 24

/* How finely a ring tells the time that is left. */
#define SHT_RING_PARTS 8

/**
 * ShtRing:
 * @sla: how a ticket stands to its target time
 * @left: how much of its time is left, 0 … %SHT_RING_PARTS
 */
typedef struct
{
  ShtSla sla;
  guint left;
} ShtRing;

ShtRing sht_ring_of (gboolean open, gint64 from_ms, gint64 due_ms, gint64 now_ms);

/**
 * ShtMarkers:
 *
 * The map's signs, each drawn once and then kept as a texture. Main thread only.
 */
typedef struct _ShtMarkers ShtMarkers;

ShtMarkers *sht_markers_new (GtkWidget *widget) G_GNUC_WARN_UNUSED_RESULT;
void sht_markers_free (ShtMarkers *markers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtMarkers, sht_markers_free)
void sht_markers_forget (ShtMarkers *markers);
void sht_markers_set_style (ShtMarkers *markers, gboolean dark, int scale);

GdkTexture *sht_markers_ticket (ShtMarkers *markers, ShtStatus status, ShtRing ring, gboolean selected, const char *icon, int *size);
int sht_marker_cluster_size (guint count);
GdkTexture *sht_markers_cluster (ShtMarkers *markers, guint count, ShtRing ring, int *size);
GdkTexture *sht_markers_stub (ShtMarkers *markers, int *size);
GdkTexture *sht_markers_place (ShtMarkers *markers, guint32 colour, const char *icon, int *size);
GdkTexture *sht_markers_area (ShtMarkers *markers, guint32 colour, int *size);

G_END_DECLS
