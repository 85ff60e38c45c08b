/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/photo-compare.h"

#include "tablet/ui/common/photo-thumb.h"
#include "tablet/ui/ticket/photo-canvas.h"

#include <glib/gi18n.h>

/* As high as the handle, which CSS makes round; it moves by its middle. */
#define HANDLE 48
#define LINE 3.0f
#define STEP 0.05
/* Between a picture's corner and the word in it. */
#define WORD_GAP 12

/* --- the frame: two pictures, the line between them and the handle on it --- */

#define SHT_TYPE_COMPARE_FRAME (sht_compare_frame_get_type ())
G_DECLARE_FINAL_TYPE (ShtCompareFrame, sht_compare_frame, SHT, COMPARE_FRAME, GtkWidget)

struct _ShtCompareFrame
{
  GtkWidget parent_instance;

  GdkTexture *textures[2];  /* (owned) (nullable): before, after */
  GtkAdjustment *at;        /* (owned): where the line is, of the way from the start */
  GtkWidget *slider;        /* over the pictures' whole width, so that its handle stands on the line */
  GtkWidget *words[2];
};

G_DEFINE_FINAL_TYPE (ShtCompareFrame, sht_compare_frame, GTK_TYPE_WIDGET)

static gboolean
is_mirrored (gpointer widget)
{
  return gtk_widget_get_direction (GTK_WIDGET (widget)) == GTK_TEXT_DIR_RTL;
}

/* The room that either picture takes. */
static graphene_rect_t
pictures_place (ShtCompareFrame *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));
  graphene_rect_t place = GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height);
  gboolean known = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (self->textures); i++)
    {
      graphene_rect_t fit;

      if (self->textures[i] == NULL)
        continue;
      sht_photo_fit (self->textures[i], width, height, &fit);
      if (known)
        graphene_rect_union (&place, &fit, &place);
      else
        place = fit;
      known = TRUE;
    }
  return place;
}

static void
append_part (ShtCompareFrame *self, GtkSnapshot *snapshot, guint which, float from, float to)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));
  graphene_rect_t fit;

  if (self->textures[which] == NULL)
    return;
  sht_photo_fit (self->textures[which], width, height, &fit);
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (from, 0, to - from, (float) height));
  gtk_snapshot_append_texture (snapshot, self->textures[which], &fit);
  gtk_snapshot_pop (snapshot);
}

static void
append_line (GtkSnapshot *snapshot, float x, const graphene_rect_t *place)
{
  static const GdkRGBA white = { 1, 1, 1, 1 }, dark = { 0, 0, 0, 0.6f };

  gtk_snapshot_append_color (snapshot, &dark,
                             &GRAPHENE_RECT_INIT (x - LINE, place->origin.y, 2 * LINE, place->size.height));
  gtk_snapshot_append_color (snapshot, &white,
                             &GRAPHENE_RECT_INIT (x - LINE / 2, place->origin.y, LINE, place->size.height));
}

static void
sht_compare_frame_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ShtCompareFrame *self = SHT_COMPARE_FRAME (widget);
  graphene_rect_t place = pictures_place (self);
  float share = (float) gtk_adjustment_get_value (self->at);
  float x = place.origin.x + place.size.width * (is_mirrored (self) ? 1 - share : share);

  append_part (self, snapshot, is_mirrored (self) ? 1 : 0, place.origin.x, x);
  append_part (self, snapshot, is_mirrored (self) ? 0 : 1, x, place.origin.x + place.size.width);
  append_line (snapshot, x, &place);
  for (guint i = 0; i < G_N_ELEMENTS (self->words); i++)
    gtk_widget_snapshot_child (widget, self->words[i], snapshot);
  gtk_widget_snapshot_child (widget, self->slider, snapshot);
}

static void
sht_compare_frame_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                           int *minimum_baseline, int *natural_baseline)
{
  ShtCompareFrame *self = SHT_COMPARE_FRAME (widget);
  int words[2];

  gtk_widget_measure (self->slider, orientation, -1, minimum, NULL, NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (self->words); i++)
    gtk_widget_measure (self->words[i], orientation, -1, &words[i], NULL, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = MAX (*minimum, words[0] + words[1] + 3 * WORD_GAP);
  else
    *minimum = MAX (*minimum, MAX (words[0], words[1]) + WORD_GAP);
  *natural = *minimum;
}

/* Each word stands in the upper corner of its own side. */
static void
sht_compare_frame_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  ShtCompareFrame *self = SHT_COMPARE_FRAME (widget);
  graphene_rect_t place = pictures_place (self);
  int left = (int) place.origin.x, right = (int) (place.origin.x + place.size.width);
  int middle = (int) (place.origin.y + place.size.height / 2), least;

  gtk_widget_measure (self->slider, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  gtk_widget_size_allocate (self->slider,
                            &(GtkAllocation){ left, middle - HANDLE / 2, MAX (right - left, least), HANDLE }, -1);
  for (guint i = 0; i < G_N_ELEMENTS (self->words); i++)
    {
      gboolean at_left = (i == 0) != is_mirrored (self);
      int wide, tall;

      gtk_widget_measure (self->words[i], GTK_ORIENTATION_HORIZONTAL, -1, NULL, &wide, NULL, NULL);
      gtk_widget_measure (self->words[i], GTK_ORIENTATION_VERTICAL, -1, NULL, &tall, NULL, NULL);
      gtk_widget_size_allocate (self->words[i],
                                &(GtkAllocation){ at_left ? left + WORD_GAP : right - WORD_GAP - wide,
                                                  (int) place.origin.y + WORD_GAP, wide, tall },
                                -1);
    }
}

static void
on_drag (ShtCompareFrame *self, double dx, double dy, GtkGestureDrag *drag)
{
  graphene_rect_t place = pictures_place (self);
  double x = 0, share;

  gtk_gesture_drag_get_start_point (drag, &x, NULL);
  share = CLAMP ((x + dx - place.origin.x) / MAX (place.size.width, 1), 0, 1);
  gtk_adjustment_set_value (self->at, is_mirrored (self) ? 1 - share : share);
}

static void
sht_compare_frame_set_texture (ShtCompareFrame *self, guint which, GdkTexture *texture)
{
  g_set_object (&self->textures[which], texture);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
sht_compare_frame_dispose (GObject *object)
{
  ShtCompareFrame *self = SHT_COMPARE_FRAME (object);

  for (guint i = 0; i < G_N_ELEMENTS (self->textures); i++)
    g_clear_object (&self->textures[i]);
  for (guint i = 0; i < G_N_ELEMENTS (self->words); i++)
    g_clear_pointer (&self->words[i], gtk_widget_unparent);
  g_clear_pointer (&self->slider, gtk_widget_unparent);
  g_clear_object (&self->at);
  G_OBJECT_CLASS (sht_compare_frame_parent_class)->dispose (object);
}

static void
sht_compare_frame_class_init (ShtCompareFrameClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sht_compare_frame_dispose;
  widget_class->snapshot = sht_compare_frame_snapshot;
  widget_class->measure = sht_compare_frame_measure;
  widget_class->size_allocate = sht_compare_frame_size_allocate;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
sht_compare_frame_init (ShtCompareFrame *self)
{
  const char *const words[] = { _("Before"), _("After") };
  GtkGesture *drag = gtk_gesture_drag_new ();

  self->at = g_object_ref_sink (gtk_adjustment_new (0.5, 0, 1, STEP, 2 * STEP, 0));
  g_signal_connect_object (self->at, "value-changed", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (drag, "drag-update", G_CALLBACK (on_drag), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      self->words[i] = gtk_label_new (words[i]);
      gtk_widget_add_css_class (self->words[i], "compare-word");
      gtk_widget_set_parent (self->words[i], GTK_WIDGET (self));
    }
  self->slider = gtk_scale_new (GTK_ORIENTATION_HORIZONTAL, self->at);
  gtk_scale_set_draw_value (GTK_SCALE (self->slider), FALSE);
  gtk_widget_add_css_class (self->slider, "compare-slider");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->slider), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Between before and after"), -1);
  gtk_widget_set_parent (self->slider, GTK_WIDGET (self));
}

/* --- the whole --- */

struct _ShtPhotoCompare
{
  GtkBox parent_instance;

  ShtCompareFrame *frame;
  char *paths[2];               /* (owned) (nullable) */
  GCancellable *cancellable[2]; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (ShtPhotoCompare, sht_photo_compare, GTK_TYPE_BOX)

static void
take (ShtPhotoCompare *self, GAsyncResult *result, guint which)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = sht_photo_decode_finish (result, &error);

  /* A cancelled one's widget may be gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  sht_compare_frame_set_texture (self->frame, which, texture);
}

static void
on_before (GObject *source, GAsyncResult *result, gpointer data)
{
  take (data, result, 0);
}

static void
on_after (GObject *source, GAsyncResult *result, gpointer data)
{
  take (data, result, 1);
}

static void
load (ShtPhotoCompare *self, guint which, const char *path)
{
  if (g_strcmp0 (self->paths[which], path) == 0)
    return;
  g_free (self->paths[which]);
  self->paths[which] = g_strdup (path);
  if (self->cancellable[which] != NULL)
    g_cancellable_cancel (self->cancellable[which]);
  g_clear_object (&self->cancellable[which]);
  self->cancellable[which] = g_cancellable_new ();
  sht_photo_decode_async (path, self->cancellable[which], which == 0 ? on_before : on_after, self);
}

/**
 * sht_photo_compare_set:
 * @before: the file of one of the tablet's own photos
 * @after: another
 */
void
sht_photo_compare_set (ShtPhotoCompare *self, const char *before, const char *after)
{
  load (self, 0, before);
  load (self, 1, after);
}

static gboolean
sht_photo_compare_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (SHT_PHOTO_COMPARE (widget)->frame->slider);
}

static void
sht_photo_compare_dispose (GObject *object)
{
  ShtPhotoCompare *self = SHT_PHOTO_COMPARE (object);

  for (guint i = 0; i < G_N_ELEMENTS (self->paths); i++)
    {
      if (self->cancellable[i] != NULL)
        g_cancellable_cancel (self->cancellable[i]);
      g_clear_object (&self->cancellable[i]);
      g_clear_pointer (&self->paths[i], g_free);
    }
  G_OBJECT_CLASS (sht_photo_compare_parent_class)->dispose (object);
}

static void
sht_photo_compare_class_init (ShtPhotoCompareClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_photo_compare_dispose;
  GTK_WIDGET_CLASS (class)->grab_focus = sht_photo_compare_grab_focus;
}

static void
sht_photo_compare_init (ShtPhotoCompare *self)
{
  self->frame = g_object_new (SHT_TYPE_COMPARE_FRAME, NULL);
  gtk_widget_set_vexpand (GTK_WIDGET (self->frame), TRUE);
  gtk_widget_set_hexpand (GTK_WIDGET (self->frame), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->frame), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Before and after the work"), -1);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->frame));
}

GtkWidget *
sht_photo_compare_new (void)
{
  return g_object_new (SHT_TYPE_PHOTO_COMPARE, NULL);
}
