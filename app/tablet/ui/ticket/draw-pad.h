/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "platform/image-shape.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtDrawPad:
 *
 * A photo that is drawn on: a finger draws the kind that is chosen, from where it comes down to where it is
 * lifted; words are put where it taps. By keys, Return puts one into the middle, arrows move it, and with Shift
 * its second point.
 *
 * ::changed (pad): there is more or less on it
 * ::wordless (pad): a text was asked for, and no words are given
 * ::full (pad): no more can be drawn on one photo, see %SHT_SHAPES_MAX
 */
#define SHT_TYPE_DRAW_PAD (sht_draw_pad_get_type ())
G_DECLARE_FINAL_TYPE (ShtDrawPad, sht_draw_pad, SHT, DRAW_PAD, GtkWidget)

GtkWidget *sht_draw_pad_new (void);
void sht_draw_pad_start (ShtDrawPad *self, GdkTexture *texture);
void sht_draw_pad_set_kind (ShtDrawPad *self, ShtShapeKind kind);
void sht_draw_pad_set_words (ShtDrawPad *self, const char *words);
void sht_draw_pad_undo (ShtDrawPad *self);
guint sht_draw_pad_count (ShtDrawPad *self);
GPtrArray *sht_draw_pad_copy_shapes (ShtDrawPad *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
