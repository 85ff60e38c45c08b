/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/one-photo.h"

#include "tablet/ui/common/big-button.h"
#include "tablet/ui/common/camera-page.h"
#include "tablet/ui/common/camera.h"
#include "tablet/ui/common/photo-chooser.h"
#include "tablet/ui/common/photo-thumb.h"
#include "tablet/ui/common/words.h"

#include <glib/gi18n.h>

#define TOUCH 48

struct _ShtOnePhoto
{
  AdwBin parent_instance;

  char *title;           /* (owned): what it is a photo of */
  char *with;            /* (owned): what is said of one that is there */
  ShtImage *image;       /* (owned) (nullable): read and decoded */
  GCancellable *reading; /* (owned) (nullable): while one is read */

  GtkWidget *stack;
  GtkWidget *button;
  GtkWidget *busy;
  GtkWidget *spinner;
  GtkWidget *shown;
  GtkWidget *thumb;
  GtkWidget *word;
};

G_DEFINE_FINAL_TYPE (ShtOnePhoto, sht_one_photo, ADW_TYPE_BIN)

enum
{
  CHANGED,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
is_damaged (const ShtImage *image)
{
  for (guint i = 0; image->warnings != NULL && image->warnings[i] != NULL; i++)
    if (sht_words_is_damage (image->warnings[i]))
      return TRUE;
  return FALSE;
}

static void
show (ShtOnePhoto *self)
{
  GtkWidget *shown = self->reading != NULL ? self->busy : self->image != NULL ? self->shown : self->button;
  g_autoptr (GdkTexture) texture = self->image != NULL ? gdk_texture_new_from_bytes (self->image->thumb, NULL) : NULL;

  sht_photo_thumb_set_texture (SHT_PHOTO_THUMB (self->thumb), texture);
  if (self->image != NULL)
    gtk_label_set_text (GTK_LABEL (self->word),
                        is_damaged (self->image) ? _("Part of this photo is damaged: better take it again")
                                                 : self->with);
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), self->reading != NULL);
  gtk_stack_set_visible_child (GTK_STACK (self->stack), shown);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
stop_reading (ShtOnePhoto *self)
{
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
}

static void
read_in_thread (GTask *task, gpointer source, gpointer path, GCancellable *cancellable)
{
  ShtImageOptions options = { 0 };
  GError *error = NULL;
  ShtImage *image = sht_image_import (path, &options, cancellable, &error);

  if (image != NULL)
    g_task_return_pointer (task, image, (GDestroyNotify) sht_image_free);
  else
    g_task_return_error (task, error);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  ShtOnePhoto *self = SHT_ONE_PHOTO (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtImage) image = g_task_propagate_pointer (G_TASK (result), &error);

  sht_camera_forget_shot (g_task_get_task_data (G_TASK (result)));
  /* Another photo was chosen since, or this one dropped. */
  if (self->reading == NULL || g_task_get_cancellable (G_TASK (result)) != self->reading)
    return;
  g_clear_object (&self->reading);
  self->image = g_steal_pointer (&image);
  if (self->image == NULL)
    {
      g_autofree char *name = g_path_get_basename (g_task_get_task_data (G_TASK (result)));
      g_autofree char *isolated = sht_words_isolated (name);
      g_autofree char *said = g_strdup_printf (C_ ("photo", "%s %s"), isolated, sht_words_image_error (error));

      g_signal_emit (self, signals[FAILED], 0, said);
    }
  show (self);
}

/**
 * sht_one_photo_read:
 * @path: a picture's file
 *
 * Reads it at once, so that what is wrong with it is told while it can be taken again.
 */
void
sht_one_photo_read (ShtOnePhoto *self, const char *path)
{
  g_autoptr (GTask) task = NULL;

  stop_reading (self);
  g_clear_pointer (&self->image, sht_image_free);
  self->reading = g_cancellable_new ();
  task = g_task_new (self, self->reading, on_read, NULL);
  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, read_in_thread);
  show (self);
}

static void
on_chosen (ShtOnePhoto *self, GStrv paths)
{
  sht_one_photo_read (self, paths[0]);
}

static void
ask_files (ShtOnePhoto *self)
{
  ShtPhotoChooser *chooser = sht_photo_chooser_open (GTK_WIDGET (self), self->title, FALSE);

  g_signal_connect_object (chooser, "chosen", G_CALLBACK (on_chosen), self, G_CONNECT_SWAPPED);
}

/**
 * sht_one_photo_ask:
 *
 * Opens the camera, or where there is none asks which picture it shall be.
 */
void
sht_one_photo_ask (ShtOnePhoto *self)
{
  ShtCameraPage *camera;

  if (!sht_camera_is_there ())
    {
      ask_files (self);
      return;
    }
  camera = sht_camera_page_open (GTK_WIDGET (self), self->title, FALSE);
  g_signal_connect_object (camera, "shot", G_CALLBACK (sht_one_photo_read), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (camera, "files", G_CALLBACK (ask_files), self, G_CONNECT_SWAPPED);
}

gboolean
sht_one_photo_is_reading (ShtOnePhoto *self)
{
  return self->reading != NULL;
}

/**
 * sht_one_photo_set:
 * @image: (nullable) (transfer full): the photo, or %NULL to go without
 */
void
sht_one_photo_set (ShtOnePhoto *self, ShtImage *image)
{
  stop_reading (self);
  g_clear_pointer (&self->image, sht_image_free);
  self->image = image;
  show (self);
}

/**
 * sht_one_photo_set_next:
 * @next: whether taking one is what comes next
 */
void
sht_one_photo_set_next (ShtOnePhoto *self, gboolean next)
{
  if (next)
    gtk_widget_add_css_class (self->button, "suggested-action");
  else
    gtk_widget_remove_css_class (self->button, "suggested-action");
}

/**
 * sht_one_photo_get:
 *
 * Returns: (transfer none) (nullable): the photo, once it is read
 */
const ShtImage *
sht_one_photo_get (ShtOnePhoto *self)
{
  return self->image;
}

static GtkWidget *
build_busy (ShtOnePhoto *self)
{
  GtkWidget *busy = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->spinner = gtk_spinner_new ();
  gtk_widget_set_halign (busy, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (busy), self->spinner);
  gtk_box_append (GTK_BOX (busy), gtk_label_new (_("Taking in the photo…")));
  return busy;
}

static GtkWidget *
build_shown (ShtOnePhoto *self)
{
  GtkWidget *shown = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18);
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  GtkWidget *drop = gtk_button_new_with_label (_("Without it"));

  self->thumb = sht_photo_thumb_new ();
  gtk_widget_add_css_class (self->thumb, "card");
  gtk_widget_add_css_class (self->thumb, "photo-frame");
  self->word = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->word), TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->word), 0);
  gtk_widget_set_size_request (drop, -1, TOUCH);
  gtk_widget_set_halign (drop, GTK_ALIGN_START);
  gtk_widget_add_css_class (drop, "touch");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (drop), "one-photo.drop");
  gtk_widget_set_valign (column, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (column), self->word);
  gtk_box_append (GTK_BOX (column), drop);
  gtk_box_append (GTK_BOX (shown), self->thumb);
  gtk_box_append (GTK_BOX (shown), column);
  return shown;
}

static void
sht_one_photo_dispose (GObject *object)
{
  ShtOnePhoto *self = SHT_ONE_PHOTO (object);

  stop_reading (self);
  g_clear_pointer (&self->image, sht_image_free);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->with, g_free);
  G_OBJECT_CLASS (sht_one_photo_parent_class)->dispose (object);
}

static void
on_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  if (g_str_equal (action, "one-photo.take"))
    sht_one_photo_ask (SHT_ONE_PHOTO (widget));
  else
    sht_one_photo_set (SHT_ONE_PHOTO (widget), NULL);
}

static void
sht_one_photo_class_init (ShtOnePhotoClass *class)
{
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (class), "one-photo.take", NULL, on_action);
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (class), "one-photo.drop", NULL, on_action);
  G_OBJECT_CLASS (class)->dispose = sht_one_photo_dispose;
  signals[CHANGED] = g_signal_new ("changed", SHT_TYPE_ONE_PHOTO, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", SHT_TYPE_ONE_PHOTO, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
sht_one_photo_init (ShtOnePhoto *self)
{
  self->button = sht_big_button ("camera-photo-symbolic", _("Photo"), "one-photo.take");
  gtk_widget_add_css_class (self->button, "report-photo");
  self->busy = build_busy (self);
  self->shown = build_shown (self);
  self->stack = gtk_stack_new ();
  gtk_stack_set_vhomogeneous (GTK_STACK (self->stack), FALSE);
  gtk_stack_add_child (GTK_STACK (self->stack), self->button);
  gtk_stack_add_child (GTK_STACK (self->stack), self->busy);
  gtk_stack_add_child (GTK_STACK (self->stack), self->shown);
  adw_bin_set_child (ADW_BIN (self), self->stack);
}

/**
 * sht_one_photo_new:
 * @title: what it is a photo of
 * @with: what is said of one that is there, in a sentence
 */
GtkWidget *
sht_one_photo_new (const char *title, const char *with)
{
  ShtOnePhoto *self = g_object_new (SHT_TYPE_ONE_PHOTO, NULL);

  self->title = g_strdup (title);
  self->with = g_strdup (with);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->thumb), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return GTK_WIDGET (self);
}
