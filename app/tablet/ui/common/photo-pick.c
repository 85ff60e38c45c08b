/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/photo-pick.h"

#include "platform/image.h"
#include "tablet/ui/common/photo-thumb.h"
#include "tablet/ui/common/words.h"

/* Sharp on a tile, and quick: a JPEG is shrunk while it is decoded. */
#define THUMB_SIDE 480

struct _ShtPhotoPick
{
  GtkToggleButton parent_instance;

  char *path;                /* (owned) */
  GCancellable *cancellable; /* (owned) */
  GtkWidget *stack;
  GtkWidget *thumb;
  GtkWidget *missing;
};

G_DEFINE_FINAL_TYPE (ShtPhotoPick, sht_photo_pick, GTK_TYPE_TOGGLE_BUTTON)

enum
{
  DECODED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
sht_photo_pick_dispose (GObject *object)
{
  g_cancellable_cancel (SHT_PHOTO_PICK (object)->cancellable);
  G_OBJECT_CLASS (sht_photo_pick_parent_class)->dispose (object);
}

static void
sht_photo_pick_finalize (GObject *object)
{
  ShtPhotoPick *self = SHT_PHOTO_PICK (object);

  g_object_unref (self->cancellable);
  g_free (self->path);
  G_OBJECT_CLASS (sht_photo_pick_parent_class)->finalize (object);
}

static void
sht_photo_pick_class_init (ShtPhotoPickClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_photo_pick_dispose;
  G_OBJECT_CLASS (class)->finalize = sht_photo_pick_finalize;
  signals[DECODED] = g_signal_new ("decoded", SHT_TYPE_PHOTO_PICK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                   0);
}

static void
sht_photo_pick_init (ShtPhotoPick *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self), "photo-pick");
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

/* The sign of being chosen is a shape on the picture, as a border alone is lost on a colourful one. */
static GtkWidget *
new_tick (ShtPhotoPick *self)
{
  GtkWidget *tick = gtk_image_new_from_icon_name ("object-select-symbolic");

  gtk_widget_add_css_class (tick, "photo-tick");
  gtk_widget_set_halign (tick, GTK_ALIGN_END);
  gtk_widget_set_valign (tick, GTK_ALIGN_START);
  gtk_widget_set_can_target (tick, FALSE);
  g_object_bind_property (self, "active", tick, "visible", G_BINDING_SYNC_CREATE);
  return tick;
}

static GtkWidget *
new_missing (const char *name)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *label = gtk_label_new (name);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_add_css_class (label, "caption");
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("image-missing-symbolic"));
  gtk_box_append (GTK_BOX (box), label);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  return box;
}

/**
 * sht_photo_pick_new:
 * @photo: which; it is not decoded yet
 * @now: milliseconds since 1970, by which the time is said
 */
GtkWidget *
sht_photo_pick_new (const ShtFoundPhoto *photo, gint64 now)
{
  ShtPhotoPick *self = g_object_new (SHT_TYPE_PHOTO_PICK, NULL);
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *overlay = gtk_overlay_new ();
  g_autofree char *when = sht_words_when (photo->at, now);
  g_autofree char *base = g_path_get_basename (photo->path);
  g_autofree char *shown = g_filename_display_name (base);
  g_autofree char *isolated = sht_words_isolated (shown);
  g_autofree char *name = g_strdup_printf ("%s, %s", isolated, when);
  GtkWidget *label = gtk_label_new (when);

  self->path = g_strdup (photo->path);
  self->thumb = sht_photo_thumb_new ();
  gtk_widget_set_hexpand (self->thumb, TRUE);
  gtk_widget_add_css_class (self->thumb, "photo-frame");
  self->missing = new_missing (shown);
  self->stack = gtk_stack_new ();
  gtk_stack_add_child (GTK_STACK (self->stack), self->thumb);
  gtk_stack_add_child (GTK_STACK (self->stack), self->missing);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), self->stack);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), new_tick (self));
  gtk_widget_add_css_class (label, "photo-when");
  gtk_widget_add_css_class (label, "numeric");
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (column), overlay);
  gtk_box_append (GTK_BOX (column), label);
  gtk_button_set_child (GTK_BUTTON (self), column);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return GTK_WIDGET (self);
}

static void
decode (GTask *task, gpointer source, gpointer path, GCancellable *cancellable)
{
  ShtImageOptions options = { .max_side = THUMB_SIDE, .thumb_side = THUMB_SIDE };
  GError *error = NULL;
  g_autoptr (ShtImage) image = sht_image_import (path, &options, cancellable, &error);
  GdkTexture *texture = image != NULL ? gdk_texture_new_from_bytes (image->thumb, &error) : NULL;

  if (texture != NULL)
    g_task_return_pointer (task, texture, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
on_decoded (GObject *source, GAsyncResult *result, gpointer data)
{
  ShtPhotoPick *self = SHT_PHOTO_PICK (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (texture != NULL)
    sht_photo_thumb_set_texture (SHT_PHOTO_THUMB (self->thumb), texture);
  else
    {
      g_debug ("photo chooser: %s", error->message);
      gtk_stack_set_visible_child (GTK_STACK (self->stack), self->missing);
    }
  g_signal_emit (self, signals[DECODED], 0);
}

/**
 * sht_photo_pick_decode:
 *
 * Has the picture decoded by the helper, on a thread. One that cannot be may be chosen all the same: what is wrong
 * with it is told then.
 */
void
sht_photo_pick_decode (ShtPhotoPick *self)
{
  g_autoptr (GTask) task = g_task_new (self, self->cancellable, on_decoded, NULL);

  g_task_set_task_data (task, g_strdup (self->path), g_free);
  g_task_run_in_thread (task, decode);
}

const char *
sht_photo_pick_get_path (ShtPhotoPick *self)
{
  return self->path;
}
