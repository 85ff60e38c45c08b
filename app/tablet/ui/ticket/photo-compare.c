/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/photo-compare.h"

#include "tablet/ui/common/photo-thumb.h"
#include "tablet/ui/ticket/photo-canvas.h"

#include <glib/gi18n.h>

#define TOUCH 48
#define HANDLE 22.0f
#define LINE 3.0f
#define STEP 0.05

/* --- the frame: two pictures and the line between them --- */

#define SHT_TYPE_COMPARE_FRAME (sht_compare_frame_get_type ())
G_DECLARE_FINAL_TYPE (ShtCompareFrame, sht_compare_frame, SHT, COMPARE_FRAME, GtkWidget)

struct _ShtCompareFrame
{
  GtkWidget parent_instance;

  GdkTexture *textures[2];  /* (owned) (nullable): before, after */
  GtkAdjustment *at;        /* (owned): where the line is, of the way from the start */
};

G_DEFINE_FINAL_TYPE (ShtCompareFrame, sht_compare_frame, GTK_TYPE_WIDGET)

static gboolean
is_mirrored (gpointer widget)
{
  return gtk_widget_get_direction (GTK_WIDGET (widget)) == GTK_TEXT_DIR_RTL;
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
append_handle (GtkSnapshot *snapshot, float x, float y)
{
  static const GdkRGBA white = { 1, 1, 1, 1 }, dark = { 0, 0, 0, 0.6f };
  GskRoundedRect round;

  gsk_rounded_rect_init_from_rect (&round, &GRAPHENE_RECT_INIT (x - HANDLE, y - HANDLE, 2 * HANDLE, 2 * HANDLE), HANDLE);
  gtk_snapshot_append_color (snapshot, &dark, &GRAPHENE_RECT_INIT (x - LINE, 0, 2 * LINE, 2 * y));
  gtk_snapshot_append_color (snapshot, &white, &GRAPHENE_RECT_INIT (x - LINE / 2, 0, LINE, 2 * y));
  gtk_snapshot_push_rounded_clip (snapshot, &round);
  gtk_snapshot_append_color (snapshot, &white, &round.bounds);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &round, (float[4]){ LINE, LINE, LINE, LINE },
                              (GdkRGBA[4]){ dark, dark, dark, dark });
}

static void
sht_compare_frame_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ShtCompareFrame *self = SHT_COMPARE_FRAME (widget);
  float width = (float) gtk_widget_get_width (widget);
  float share = (float) gtk_adjustment_get_value (self->at);
  float x = width * (is_mirrored (self) ? 1 - share : share);

  append_part (self, snapshot, is_mirrored (self) ? 1 : 0, 0, x);
  append_part (self, snapshot, is_mirrored (self) ? 0 : 1, x, width);
  append_handle (snapshot, x, (float) gtk_widget_get_height (widget) / 2);
}

static void
on_drag (ShtCompareFrame *self, double dx, double dy, GtkGestureDrag *drag)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double x = 0, share;

  gtk_gesture_drag_get_start_point (drag, &x, NULL);
  share = CLAMP ((x + dx) / MAX (width, 1), 0, 1);
  gtk_adjustment_set_value (self->at, is_mirrored (self) ? 1 - share : share);
}

static void
sht_compare_frame_dispose (GObject *object)
{
  ShtCompareFrame *self = SHT_COMPARE_FRAME (object);

  for (guint i = 0; i < G_N_ELEMENTS (self->textures); i++)
    g_clear_object (&self->textures[i]);
  g_clear_object (&self->at);
  G_OBJECT_CLASS (sht_compare_frame_parent_class)->dispose (object);
}

static void
sht_compare_frame_class_init (ShtCompareFrameClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sht_compare_frame_dispose;
  widget_class->snapshot = sht_compare_frame_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
sht_compare_frame_init (ShtCompareFrame *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  self->at = g_object_ref_sink (gtk_adjustment_new (0.5, 0, 1, STEP, 2 * STEP, 0));
  g_signal_connect_object (self->at, "value-changed", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (drag, "drag-update", G_CALLBACK (on_drag), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

/* --- the whole --- */

struct _ShtPhotoCompare
{
  GtkBox parent_instance;

  ShtCompareFrame *frame;
  GtkWidget *slider;
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
  g_set_object (&self->frame->textures[which], texture);
  gtk_widget_queue_draw (GTK_WIDGET (self->frame));
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
  return gtk_widget_grab_focus (SHT_PHOTO_COMPARE (widget)->slider);
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
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  self->frame = g_object_new (SHT_TYPE_COMPARE_FRAME, NULL);
  gtk_widget_set_vexpand (GTK_WIDGET (self->frame), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->frame), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Before and after the work"), -1);
  self->slider = gtk_scale_new (GTK_ORIENTATION_HORIZONTAL, self->frame->at);
  gtk_scale_set_draw_value (GTK_SCALE (self->slider), FALSE);
  gtk_widget_set_hexpand (self->slider, TRUE);
  gtk_widget_set_size_request (self->slider, -1, TOUCH);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->slider), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Between before and after"), -1);
  gtk_box_append (GTK_BOX (line), gtk_label_new (_("Before")));
  gtk_box_append (GTK_BOX (line), self->slider);
  gtk_box_append (GTK_BOX (line), gtk_label_new (_("After")));
  gtk_widget_set_margin_start (line, 18);
  gtk_widget_set_margin_end (line, 18);
  gtk_widget_set_margin_top (line, 9);
  gtk_widget_set_margin_bottom (line, 9);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->frame));
  gtk_box_append (GTK_BOX (self), line);
}

GtkWidget *
sht_photo_compare_new (void)
{
  return g_object_new (SHT_TYPE_PHOTO_COMPARE, NULL);
}
