/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/draw-pad.h"

#include "tablet/ui/ticket/photo-canvas.h"

#include <glib/gi18n.h>
#include <math.h>

/* What Return puts into the middle is so large, of each side. */
#define KEY_SIZE 0.24
#define KEY_STEP 0.02
/* A shorter way of a finger, in pixels, draws nothing. */
#define LEAST 8.0
#define FONT_PX 64
#define FONT_PAD 20
/* A line of words is so high, of the picture's longest side. */
#define LINES_PER_SIDE 16.0
#define HEAD_STROKES 7.0
#define HEAD_ANGLE 0.5
/* Pixels looked at for the colour of a blurred cell, each way. */
#define SAMPLES 8

struct _ShtDrawPad
{
  GtkWidget parent_instance;

  GdkTexture *texture; /* (owned) (nullable) */
  guint8 *pixels;      /* (owned) (nullable): of the texture, four bytes each */
  GPtrArray *shapes;   /* (owned) */
  ShtShape *draft;     /* (owned) (nullable): under the finger */
  ShtShapeKind kind;
  char *words; /* (owned) */
};

G_DEFINE_FINAL_TYPE (ShtDrawPad, sht_draw_pad, GTK_TYPE_WIDGET)

enum
{
  CHANGED,
  WORDLESS,
  FULL,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
changed (ShtDrawPad *self)
{
  g_autofree char *name = g_strdup_printf (ngettext ("The photo with %u thing drawn on it",
                                                     "The photo with %u things drawn on it", self->shapes->len),
                                           self->shapes->len);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
get_fit (ShtDrawPad *self, graphene_rect_t *fit)
{
  sht_photo_fit (self->texture, gtk_widget_get_width (GTK_WIDGET (self)), gtk_widget_get_height (GTK_WIDGET (self)), fit);
}

/* @shape: (transfer full) */
static void
add (ShtDrawPad *self, ShtShape *shape)
{
  if (self->shapes->len == SHT_SHAPES_MAX)
    {
      sht_shape_free (shape);
      g_signal_emit (self, signals[FULL], 0);
      return;
    }
  g_ptr_array_add (self->shapes, shape);
  changed (self);
}

/* --- words --- */

/* The words as ink, a byte each pixel. */
static void
set_ink (ShtDrawPad *self, ShtShape *shape)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), self->words);
  g_autoptr (PangoFontDescription) font
    = pango_font_description_copy (pango_context_get_font_description (pango_layout_get_context (layout)));
  g_autofree guint8 *ink = NULL;
  g_autoptr (GBytes) mask = NULL;
  cairo_surface_t *surface;
  cairo_t *cr;
  int width, height, stride;

  pango_font_description_set_absolute_size (font, FONT_PX * PANGO_SCALE);
  pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_get_pixel_size (layout, &width, &height);
  if (width > SHT_SHAPE_MAX_MASK_SIDE - 2 * FONT_PAD)
    {
      width = SHT_SHAPE_MAX_MASK_SIDE - 2 * FONT_PAD;
      pango_layout_set_width (layout, width * PANGO_SCALE);
    }
  width += 2 * FONT_PAD;
  height += FONT_PAD;
  surface = cairo_image_surface_create (CAIRO_FORMAT_A8, width, height);
  cr = cairo_create (surface);
  cairo_move_to (cr, FONT_PAD, FONT_PAD / 2.0);
  pango_cairo_show_layout (cr, layout);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  stride = cairo_image_surface_get_stride (surface);
  ink = g_malloc ((gsize) width * (gsize) height);
  for (int y = 0; y < height; y++)
    memcpy (ink + (gsize) y * (gsize) width, cairo_image_surface_get_data (surface) + y * stride, (gsize) width);
  cairo_surface_destroy (surface);
  mask = g_bytes_new_take (g_steal_pointer (&ink), (gsize) width * (gsize) height);
  sht_shape_set_mask (shape, mask, width, height);
}

/* A box for the ink around a point, wholly on the picture. */
static void
set_text_box (ShtDrawPad *self, ShtShape *shape, double x, double y)
{
  double w = gdk_texture_get_width (self->texture), h = gdk_texture_get_height (self->texture);
  double high = MIN (MAX (w, h) / LINES_PER_SIDE, h), wide = high * shape->mask_width / shape->mask_height;

  if (wide > w)
    {
      high *= w / wide;
      wide = w;
    }
  shape->x0 = CLAMP (x - wide / w / 2, 0, 1 - wide / w);
  shape->y0 = CLAMP (y - high / h / 2, 0, 1 - high / h);
  shape->x1 = MIN (shape->x0 + wide / w, 1);
  shape->y1 = MIN (shape->y0 + high / h, 1);
}

static void
add_text (ShtDrawPad *self, double x, double y)
{
  ShtShape *shape;

  if (self->words[0] == '\0')
    {
      g_signal_emit (self, signals[WORDLESS], 0);
      return;
    }
  shape = sht_shape_new (SHT_SHAPE_TEXT, 0, 0, 0, 0);
  set_ink (self, shape);
  set_text_box (self, shape, x, y);
  add (self, shape);
}

/* --- a finger --- */

static void
to_share (ShtDrawPad *self, double x, double y, double *share_x, double *share_y)
{
  graphene_rect_t fit;

  get_fit (self, &fit);
  *share_x = CLAMP ((x - (double) fit.origin.x) / (double) fit.size.width, 0, 1);
  *share_y = CLAMP ((y - (double) fit.origin.y) / (double) fit.size.height, 0, 1);
}

static void
on_drag (ShtDrawPad *self, double dx, double dy, GtkGestureDrag *drag)
{
  double x, y;

  if (self->texture == NULL || self->kind == SHT_SHAPE_TEXT || !gtk_gesture_drag_get_start_point (drag, &x, &y))
    return;
  g_clear_pointer (&self->draft, sht_shape_free);
  self->draft = sht_shape_new (self->kind, 0, 0, 0, 0);
  to_share (self, x, y, &self->draft->x0, &self->draft->y0);
  to_share (self, x + dx, y + dy, &self->draft->x1, &self->draft->y1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_drag_end (ShtDrawPad *self, double dx, double dy, GtkGestureDrag *drag)
{
  double x, y;

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (self->texture != NULL && self->kind == SHT_SHAPE_TEXT && gtk_gesture_drag_get_start_point (drag, &x, &y))
    {
      to_share (self, x + dx, y + dy, &x, &y);
      add_text (self, x, y);
      return;
    }
  on_drag (self, dx, dy, drag);
  if (self->draft != NULL && hypot (dx, dy) >= LEAST)
    add (self, g_steal_pointer (&self->draft));
  g_clear_pointer (&self->draft, sht_shape_free);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* --- keys --- */

static void
add_in_middle (ShtDrawPad *self)
{
  if (self->kind == SHT_SHAPE_TEXT)
    {
      add_text (self, 0.5, 0.5);
      return;
    }
  add (self, sht_shape_new (self->kind, 0.5 - KEY_SIZE / 2, 0.5 - KEY_SIZE / 2, 0.5 + KEY_SIZE / 2,
                            0.5 + KEY_SIZE / 2));
}

/* Moves the last shape, as far as it stays on the picture; or only its second point, but words keep their size. */
static void
move_last (ShtDrawPad *self, double dx, double dy, gboolean second)
{
  ShtShape *shape = self->shapes->len > 0 ? g_ptr_array_index (self->shapes, self->shapes->len - 1) : NULL;

  if (shape == NULL)
    return;
  if (second && shape->kind != SHT_SHAPE_TEXT)
    {
      shape->x1 = CLAMP (shape->x1 + dx, 0, 1);
      shape->y1 = CLAMP (shape->y1 + dy, 0, 1);
    }
  else
    {
      dx = CLAMP (dx, -MIN (shape->x0, shape->x1), 1 - MAX (shape->x0, shape->x1));
      dy = CLAMP (dy, -MIN (shape->y0, shape->y1), 1 - MAX (shape->y0, shape->y1));
      shape->x0 = CLAMP (shape->x0 + dx, 0, 1);
      shape->x1 = CLAMP (shape->x1 + dx, 0, 1);
      shape->y0 = CLAMP (shape->y0 + dy, 0, 1);
      shape->y1 = CLAMP (shape->y1 + dy, 0, 1);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
on_key (ShtDrawPad *self, guint key, guint code, GdkModifierType state)
{
  int across = key == GDK_KEY_Right ? 1 : key == GDK_KEY_Left ? -1 : 0;
  int down = key == GDK_KEY_Down ? 1 : key == GDK_KEY_Up ? -1 : 0;

  if (self->texture == NULL)
    return FALSE;
  if (key == GDK_KEY_Return || key == GDK_KEY_KP_Enter || key == GDK_KEY_space)
    add_in_middle (self);
  else if (across != 0 || down != 0)
    move_last (self, across * KEY_STEP, down * KEY_STEP, (state & GDK_SHIFT_MASK) != 0);
  else
    return FALSE;
  return TRUE;
}

/* --- what is seen --- */

static void
trace_arrow (cairo_t *cr, double x0, double y0, double x1, double y1, double length)
{
  double back = atan2 (y0 - y1, x0 - x1);

  cairo_move_to (cr, x0, y0);
  cairo_line_to (cr, x1, y1);
  for (int side = -1; side <= 1; side += 2)
    {
      cairo_move_to (cr, x1, y1);
      cairo_line_to (cr, x1 + length * cos (back + side * HEAD_ANGLE), y1 + length * sin (back + side * HEAD_ANGLE));
    }
}

static void
trace_ellipse (cairo_t *cr, double x0, double y0, double x1, double y1)
{
  cairo_save (cr);
  cairo_translate (cr, (x0 + x1) / 2, (y0 + y1) / 2);
  cairo_scale (cr, MAX (fabs (x1 - x0) / 2, 1), MAX (fabs (y1 - y0) / 2, 1));
  cairo_new_sub_path (cr);
  cairo_arc (cr, 0, 0, 1, 0, 2 * G_PI);
  cairo_restore (cr);
}

static void
paint_outline (cairo_t *cr, double stroke)
{
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_width (cr, stroke * 5 / 3);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_stroke_preserve (cr);
  cairo_set_line_width (cr, stroke);
  cairo_set_source_rgb (cr, 224 / 255.0, 27 / 255.0, 36 / 255.0);
  cairo_stroke (cr);
}

static void
paint_text (cairo_t *cr, const ShtShape *shape, double x, double y, double width, double height)
{
  int stride = cairo_format_stride_for_width (CAIRO_FORMAT_A8, shape->mask_width);
  g_autofree guint8 *ink = g_malloc0 ((gsize) stride * (gsize) shape->mask_height);
  const guint8 *mask = g_bytes_get_data (shape->mask, NULL);
  cairo_surface_t *surface;

  for (int row = 0; row < shape->mask_height; row++)
    memcpy (ink + row * stride, mask + row * shape->mask_width, (gsize) shape->mask_width);
  surface = cairo_image_surface_create_for_data (ink, CAIRO_FORMAT_A8, shape->mask_width, shape->mask_height, stride);
  cairo_rectangle (cr, x, y, width, height);
  cairo_set_source_rgba (cr, 20 / 255.0, 20 / 255.0, 20 / 255.0, 0.72);
  cairo_fill (cr);
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_scale (cr, width / shape->mask_width, height / shape->mask_height);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_mask_surface (cr, surface, 0, 0);
  cairo_restore (cr);
  cairo_surface_destroy (surface);
}

static void
get_colour (ShtDrawPad *self, int left, int top, int right, int bottom, double colour[3])
{
  int width = gdk_texture_get_width (self->texture);
  double sum[3] = { 0 };

  for (int i = 0; i < SAMPLES * SAMPLES; i++)
    {
      int x = left + (right - left) * (i % SAMPLES) / SAMPLES, y = top + (bottom - top) * (i / SAMPLES) / SAMPLES;
      guint32 pixel;

      memcpy (&pixel, self->pixels + ((gsize) y * (gsize) width + (gsize) x) * 4, 4);
      for (int c = 0; c < 3; c++)
        sum[c] += (pixel >> (16 - 8 * c)) & 0xff;
    }
  for (int c = 0; c < 3; c++)
    colour[c] = sum[c] / (255.0 * SAMPLES * SAMPLES);
}

static void
paint_blur (ShtDrawPad *self, cairo_t *cr, const ShtShape *shape, const graphene_rect_t *fit)
{
  int width = gdk_texture_get_width (self->texture), height = gdk_texture_get_height (self->texture);
  int left = MIN ((int) floor (MIN (shape->x0, shape->x1) * width), width - 1);
  int top = MIN ((int) floor (MIN (shape->y0, shape->y1) * height), height - 1);
  int right = CLAMP ((int) ceil (MAX (shape->x0, shape->x1) * width), left + 1, width);
  int bottom = CLAMP ((int) ceil (MAX (shape->y0, shape->y1) * height), top + 1, height);
  int cell = sht_shape_blur_cell (width, height, right - left, bottom - top);

  cairo_save (cr);
  cairo_translate (cr, (double) fit->origin.x, (double) fit->origin.y);
  cairo_scale (cr, (double) fit->size.width / width, (double) fit->size.height / height);
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_NONE);
  for (int y = top; y < bottom; y += cell)
    for (int x = left; x < right; x += cell)
      {
        int x1 = MIN (x + cell, right), y1 = MIN (y + cell, bottom);
        double colour[3];

        get_colour (self, x, y, x1, y1, colour);
        cairo_set_source_rgb (cr, colour[0], colour[1], colour[2]);
        cairo_rectangle (cr, x, y, x1 - x, y1 - y);
        cairo_fill (cr);
      }
  cairo_restore (cr);
}

static void
paint (ShtDrawPad *self, cairo_t *cr, const ShtShape *shape, const graphene_rect_t *fit)
{
  double left = (double) fit->origin.x, top = (double) fit->origin.y;
  double width = (double) fit->size.width, height = (double) fit->size.height;
  double x0 = left + shape->x0 * width, y0 = top + shape->y0 * height;
  double x1 = left + shape->x1 * width, y1 = top + shape->y1 * height;
  double stroke = sht_shape_stroke (gdk_texture_get_width (self->texture), gdk_texture_get_height (self->texture))
                  * width / gdk_texture_get_width (self->texture);

  switch (shape->kind)
    {
    case SHT_SHAPE_ARROW:
      trace_arrow (cr, x0, y0, x1, y1, HEAD_STROKES * stroke);
      paint_outline (cr, stroke);
      break;
    case SHT_SHAPE_CIRCLE:
      trace_ellipse (cr, x0, y0, x1, y1);
      paint_outline (cr, stroke);
      break;
    case SHT_SHAPE_TEXT:
      paint_text (cr, shape, x0, y0, x1 - x0, y1 - y0);
      break;
    case SHT_SHAPE_BLUR:
    case SHT_N_SHAPE_KINDS:
    default:
      paint_blur (self, cr, shape, fit);
      break;
    }
}

static void
sht_draw_pad_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ShtDrawPad *self = SHT_DRAW_PAD (widget);
  graphene_rect_t fit;
  cairo_t *cr;

  if (self->texture == NULL)
    return;
  get_fit (self, &fit);
  gtk_snapshot_append_texture (snapshot, self->texture, &fit);
  cr = gtk_snapshot_append_cairo (snapshot, &fit);
  for (guint i = 0; i < self->shapes->len; i++)
    paint (self, cr, g_ptr_array_index (self->shapes, i), &fit);
  if (self->draft != NULL)
    paint (self, cr, self->draft, &fit);
  cairo_destroy (cr);
}

/* --- making --- */

static void
sht_draw_pad_finalize (GObject *object)
{
  ShtDrawPad *self = SHT_DRAW_PAD (object);

  g_clear_object (&self->texture);
  g_clear_pointer (&self->pixels, g_free);
  g_clear_pointer (&self->shapes, g_ptr_array_unref);
  g_clear_pointer (&self->draft, sht_shape_free);
  g_clear_pointer (&self->words, g_free);
  G_OBJECT_CLASS (sht_draw_pad_parent_class)->finalize (object);
}

static void
sht_draw_pad_class_init (ShtDrawPadClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = sht_draw_pad_finalize;
  widget_class->snapshot = sht_draw_pad_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  signals[CHANGED] = g_signal_new ("changed", SHT_TYPE_DRAW_PAD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[WORDLESS] = g_signal_new ("wordless", SHT_TYPE_DRAW_PAD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                    0);
  signals[FULL] = g_signal_new ("full", SHT_TYPE_DRAW_PAD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                    0);
}

static void
sht_draw_pad_init (ShtDrawPad *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->shapes = sht_shapes_new ();
  self->words = g_strdup ("");
  g_signal_connect_object (drag, "drag-update", G_CALLBACK (on_drag), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (drag, "drag-end", G_CALLBACK (on_drag_end), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (on_key), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
sht_draw_pad_new (void)
{
  return g_object_new (SHT_TYPE_DRAW_PAD, NULL);
}

/**
 * sht_draw_pad_start:
 * @texture: the photo to draw on; nothing is on it yet
 */
void
sht_draw_pad_start (ShtDrawPad *self, GdkTexture *texture)
{
  gsize stride = (gsize) gdk_texture_get_width (texture) * 4;

  g_set_object (&self->texture, texture);
  g_free (self->pixels);
  self->pixels = g_malloc (stride * (gsize) gdk_texture_get_height (texture));
  gdk_texture_download (texture, self->pixels, stride);
  g_ptr_array_set_size (self->shapes, 0);
  changed (self);
}

void
sht_draw_pad_set_kind (ShtDrawPad *self, ShtShapeKind kind)
{
  self->kind = kind;
}

/**
 * sht_draw_pad_set_words:
 * @words: what the next text says
 */
void
sht_draw_pad_set_words (ShtDrawPad *self, const char *words)
{
  g_free (self->words);
  self->words = g_strstrip (g_strdup (words));
}

/**
 * sht_draw_pad_undo:
 *
 * Takes back what was drawn last.
 */
void
sht_draw_pad_undo (ShtDrawPad *self)
{
  if (self->shapes->len == 0)
    return;
  g_ptr_array_set_size (self->shapes, (int) self->shapes->len - 1);
  changed (self);
}

guint
sht_draw_pad_count (ShtDrawPad *self)
{
  return self->shapes->len;
}

/**
 * sht_draw_pad_copy_shapes:
 *
 * Returns: (transfer full) (element-type ShtShape): what is drawn
 */
GPtrArray *
sht_draw_pad_copy_shapes (ShtDrawPad *self)
{
  GPtrArray *shapes = sht_shapes_new ();

  for (guint i = 0; i < self->shapes->len; i++)
    g_ptr_array_add (shapes, sht_shape_copy (g_ptr_array_index (self->shapes, i)));
  return shapes;
}
