/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/camera-ghost.h"

#define OPACITY 0.5

struct _ShtCameraGhost
{
  GtkWidget parent_instance;

  GtkPicture *live;    /* (unowned): beneath, in the same overlay */
  GdkTexture *texture; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (ShtCameraGhost, sht_camera_ghost, GTK_TYPE_WIDGET)

/**
 * sht_camera_ghost_get_area:
 * @area: (out): where the live picture stands, in the widget's own coordinates: all of it, in the middle
 */
void
sht_camera_ghost_get_area (ShtCameraGhost *self, graphene_rect_t *area)
{
  GdkPaintable *live = gtk_picture_get_paintable (self->live);
  float width = (float) gtk_widget_get_width (GTK_WIDGET (self));
  float height = (float) gtk_widget_get_height (GTK_WIDGET (self));
  float w = live != NULL ? (float) gdk_paintable_get_intrinsic_width (live) : 0;
  float h = live != NULL ? (float) gdk_paintable_get_intrinsic_height (live) : 0;
  float scale = w > 0 && h > 0 ? MIN (width / w, height / h) : 0;

  graphene_rect_init (area, (width - w * scale) / 2, (height - h * scale) / 2, w * scale, h * scale);
}

static void
sht_camera_ghost_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ShtCameraGhost *self = SHT_CAMERA_GHOST (widget);
  graphene_rect_t area;
  float w, h, scale;

  sht_camera_ghost_get_area (self, &area);
  if (self->texture == NULL || area.size.width <= 0)
    return;
  w = (float) gdk_texture_get_width (self->texture);
  h = (float) gdk_texture_get_height (self->texture);
  scale = MAX (area.size.width / w, area.size.height / h);
  gtk_snapshot_push_clip (snapshot, &area);
  gtk_snapshot_push_opacity (snapshot, OPACITY);
  gtk_snapshot_append_texture (snapshot, self->texture,
                               &GRAPHENE_RECT_INIT (area.origin.x + (area.size.width - w * scale) / 2,
                                                    area.origin.y + (area.size.height - h * scale) / 2, w * scale,
                                                    h * scale));
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_pop (snapshot);
}

static void
sht_camera_ghost_finalize (GObject *object)
{
  g_clear_object (&SHT_CAMERA_GHOST (object)->texture);
  G_OBJECT_CLASS (sht_camera_ghost_parent_class)->finalize (object);
}

static void
sht_camera_ghost_class_init (ShtCameraGhostClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = sht_camera_ghost_finalize;
  widget_class->snapshot = sht_camera_ghost_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
sht_camera_ghost_init (ShtCameraGhost *self)
{
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
}

/**
 * sht_camera_ghost_new:
 * @live: what it is laid over; outlives it
 */
GtkWidget *
sht_camera_ghost_new (GtkPicture *live)
{
  ShtCameraGhost *self = g_object_new (SHT_TYPE_CAMERA_GHOST, NULL);

  self->live = live;
  g_signal_connect_object (live, "notify::paintable", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

void
sht_camera_ghost_set_texture (ShtCameraGhost *self, GdkTexture *texture)
{
  g_set_object (&self->texture, texture);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
