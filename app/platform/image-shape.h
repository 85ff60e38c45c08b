/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* More on one picture is no drawing of a person's. */
#define SHT_SHAPES_MAX 64
#define SHT_SHAPE_MAX_MASK_SIDE 2048
/* Bytes of all shapes as the helper gets them. */
#define SHT_SHAPES_MAX_BYTES (16 * 1024 * 1024)

/**
 * ShtShapeKind:
 * @SHT_SHAPE_ARROW: from the first point to the second, where its head is
 * @SHT_SHAPE_CIRCLE: an ellipse that fills the box between the points
 * @SHT_SHAPE_TEXT: written words, light on a dark plate that fills the box
 * @SHT_SHAPE_BLUR: the box is made so coarse that what was in it cannot be told
 */
typedef enum
{
  SHT_SHAPE_ARROW,
  SHT_SHAPE_CIRCLE,
  SHT_SHAPE_TEXT,
  SHT_SHAPE_BLUR,
  SHT_N_SHAPE_KINDS,
} ShtShapeKind;

/**
 * ShtShape:
 * @x0: of the upright picture's width, 0 to 1 from the left, as @x1
 * @y0: of its height, 0 to 1 from the top, as @y1
 * @mask: (owned) (nullable): of a text only: how much of each pixel is ink, a byte each, rows without gaps
 *
 * One thing that is drawn on a picture.
 */
typedef struct
{
  ShtShapeKind kind;
  double x0, y0, x1, y1;
  GBytes *mask;
  int mask_width;
  int mask_height;
} ShtShape;

const char *sht_shape_kind_name (ShtShapeKind kind);
double sht_shape_stroke (int width, int height);
int sht_shape_blur_cell (int width, int height, int box_width, int box_height);

ShtShape *sht_shape_new (ShtShapeKind kind, double x0, double y0, double x1, double y1) G_GNUC_WARN_UNUSED_RESULT;
void sht_shape_set_mask (ShtShape *shape, GBytes *mask, int width, int height);
ShtShape *sht_shape_copy (const ShtShape *shape) G_GNUC_WARN_UNUSED_RESULT;
void sht_shape_free (ShtShape *shape);
GPtrArray *sht_shapes_new (void) G_GNUC_WARN_UNUSED_RESULT;

GBytes *sht_shapes_pack (GPtrArray *shapes) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *sht_shapes_unpack (GBytes *packed) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtShape, sht_shape_free)

G_END_DECLS
