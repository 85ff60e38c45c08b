/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/photo-thumb.h"

#define MINIMUM_WIDTH 112
#define NATURAL_WIDTH 168
/* What was decoded lately is there at once when it is scrolled back to; a photo where its thumbnail should be is not kept. */
#define KEPT_MOST_BYTES (8 * 1024 * 1024)
#define KEPT_LARGEST_BYTES (1024 * 1024)
#define BYTES_A_PIXEL 4

struct _ShtPhotoThumb
{
  GtkWidget parent_instance;

  GdkTexture *texture;       /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable): of the decoding under way */
};

G_DEFINE_FINAL_TYPE (ShtPhotoThumb, sht_photo_thumb, GTK_TYPE_WIDGET)

/* --- what was decoded lately, of the main thread --- */

typedef struct
{
  char *path;          /* (owned) */
  GdkTexture *texture; /* (owned) */
} Kept;

/* (element-type Kept): the one that was shown last first */
static GQueue kept = G_QUEUE_INIT;
static gsize kept_bytes;

static gsize
bytes_of (GdkTexture *texture)
{
  return (gsize) gdk_texture_get_width (texture) * (gsize) gdk_texture_get_height (texture) * BYTES_A_PIXEL;
}

static GdkTexture *
find_kept (const char *path)
{
  for (GList *link = kept.head; link != NULL; link = link->next)
    {
      Kept *one = link->data;

      if (!g_str_equal (one->path, path))
        continue;
      g_queue_unlink (&kept, link);
      g_queue_push_head_link (&kept, link);
      return one->texture;
    }
  return NULL;
}

static void
keep (const char *path, GdkTexture *texture)
{
  Kept *one;

  if (bytes_of (texture) > KEPT_LARGEST_BYTES || find_kept (path) != NULL)
    return;
  one = g_new (Kept, 1);
  one->path = g_strdup (path);
  one->texture = g_object_ref (texture);
  g_queue_push_head (&kept, one);
  kept_bytes += bytes_of (texture);
  while (kept_bytes > KEPT_MOST_BYTES)
    {
      Kept *last = g_queue_pop_tail (&kept);

      kept_bytes -= bytes_of (last->texture);
      g_object_unref (last->texture);
      g_free (last->path);
      g_free (last);
    }
}

/* --- decoding --- */

static void
decode (GTask *task, gpointer source, gpointer path, GCancellable *cancellable)
{
  GError *error = NULL;
  GdkTexture *texture;

  /* What was scrolled past need not be decoded any more. */
  if (g_task_return_error_if_cancelled (task))
    return;
  texture = gdk_texture_new_from_filename (path, &error);
  if (texture != NULL)
    g_task_return_pointer (task, texture, g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * sht_photo_decode_async:
 * @path: one of the tablet's own JPEG files
 *
 * Decodes on a thread of its own; only what our image helper wrote is given to it, never foreign bytes.
 */
void
sht_photo_decode_async (const char *path, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, decode);
}

GdkTexture *
sht_photo_decode_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
sht_photo_thumb_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ShtPhotoThumb *self = SHT_PHOTO_THUMB (widget);
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  float w, h, scale;

  if (self->texture == NULL)
    return;
  w = (float) gdk_texture_get_width (self->texture);
  h = (float) gdk_texture_get_height (self->texture);
  scale = MAX (width / w, height / h);
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  gtk_snapshot_append_texture (
    snapshot, self->texture,
    &GRAPHENE_RECT_INIT ((width - w * scale) / 2, (height - h * scale) / 2, w * scale, h * scale));
  gtk_snapshot_pop (snapshot);
}

static GtkSizeRequestMode
sht_photo_thumb_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
sht_photo_thumb_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                         int *minimum_baseline, int *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MINIMUM_WIDTH;
      *natural = NATURAL_WIDTH;
    }
  else
    *minimum = *natural = (for_size > 0 ? for_size : NATURAL_WIDTH) * 3 / 4;
}

static void
sht_photo_thumb_dispose (GObject *object)
{
  ShtPhotoThumb *self = SHT_PHOTO_THUMB (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->texture);
  G_OBJECT_CLASS (sht_photo_thumb_parent_class)->dispose (object);
}

static void
sht_photo_thumb_class_init (ShtPhotoThumbClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sht_photo_thumb_dispose;
  widget_class->snapshot = sht_photo_thumb_snapshot;
  widget_class->get_request_mode = sht_photo_thumb_get_request_mode;
  widget_class->measure = sht_photo_thumb_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
sht_photo_thumb_init (ShtPhotoThumb *self)
{
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
sht_photo_thumb_new (void)
{
  return g_object_new (SHT_TYPE_PHOTO_THUMB, NULL);
}

static void
on_decoded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = sht_photo_decode_finish (result, &error);

  /* A cancelled one's widget is gone. */
  if (texture == NULL)
    return;
  keep (g_task_get_task_data (G_TASK (result)), texture);
  sht_photo_thumb_set_texture (data, texture);
}

/**
 * sht_photo_thumb_clear:
 *
 * Shows nothing, and lets go of the decoded picture.
 */
void
sht_photo_thumb_clear (ShtPhotoThumb *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  sht_photo_thumb_set_texture (self, NULL);
}

/**
 * sht_photo_thumb_load:
 * @path: one of the tablet's own JPEG files; it stays empty when that cannot be decoded
 */
void
sht_photo_thumb_load (ShtPhotoThumb *self, const char *path)
{
  GdkTexture *texture = find_kept (path);

  sht_photo_thumb_clear (self);
  if (texture != NULL)
    {
      sht_photo_thumb_set_texture (self, texture);
      return;
    }
  self->cancellable = g_cancellable_new ();
  sht_photo_decode_async (path, self->cancellable, on_decoded, self);
}

/**
 * sht_photo_thumb_set_texture:
 * @texture: (nullable)
 */
void
sht_photo_thumb_set_texture (ShtPhotoThumb *self, GdkTexture *texture)
{
  if (g_set_object (&self->texture, texture))
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

gboolean
sht_photo_thumb_is_shown (ShtPhotoThumb *self)
{
  return self->texture != NULL;
}
