/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "paint.h"

G_BEGIN_DECLS

typedef struct _ShtMapLabels ShtMapLabels;

ShtMapLabels *sht_map_labels_place (const ShtMapPlan *plan,
                                    const ShtMapStyle *style,
                                    const ShtMapFrame *frame) G_GNUC_WARN_UNUSED_RESULT;
void sht_map_labels_paint (const ShtMapLabels *self, cairo_t *cr, const ShtMapBox *piece);
gboolean sht_map_labels_meet (const ShtMapLabels *self, const ShtMapBox *piece);
char *sht_map_labels_font (void) G_GNUC_WARN_UNUSED_RESULT;
void sht_map_labels_free (ShtMapLabels *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtMapLabels, sht_map_labels_free)

G_END_DECLS
