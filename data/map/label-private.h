/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "label.h"

#include <pango/pangocairo.h>

G_BEGIN_DECLS

/* Letters nearer than this to other letters read as one word: pixels. */
#define SHT_MAP_ROOM 4.0

typedef struct
{
  cairo_path_t *path; /* (owned) outlines of the letters, in pixels of the frame */
  ShtMapBox box;      /* with the halo */
  ShtMapColour colour;
  double halo;
} ShtMapLabel;

struct _ShtMapLabels
{
  const ShtMapPlan *plan;
  const ShtMapStyle *style;
  const ShtMapFrame *frame;
  cairo_t *cr;           /* (owned) for outlines only */
  PangoContext *context; /* (owned) */
  GArray *labels;        /* (owned) of ShtMapLabel */
  GArray *taken;         /* (owned) of ShtMapBox: where letters stand */
};

PangoLayout *sht_map_labels_layout (ShtMapLabels *self,
                                    const char *text,
                                    double size,
                                    gboolean bold,
                                    double spacing) G_GNUC_WARN_UNUSED_RESULT;
gboolean
sht_map_labels_free_at (const ShtMapLabels *self, const ShtMapBox *boxes, guint n, double room);
void sht_map_labels_take (
  ShtMapLabels *self, const ShtMapBox *boxes, guint n, ShtMapColour colour, double halo);

void sht_map_labels_place_street (ShtMapLabels *self, const ShtMapFeature *f);
void sht_map_labels_place_stream (ShtMapLabels *self, const ShtMapFeature *f);

G_END_DECLS
