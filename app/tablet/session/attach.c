/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/session/session.h"

/* --- a photo: decoded by the helper off every thread that matters, then attached by the store's --- */

typedef struct
{
  ShtImage *image; /* (owned) (nullable) */
  char *ticket;
  char *path;
  char *role;
  char *caption;
  char *drawn_on;    /* (nullable): the photo under a drawing */
  GPtrArray *shapes; /* (nullable): the drawing */
  ShtPhotoTaken taken;
} Attach;

static void
attach_free (gpointer data)
{
  Attach *attach = data;

  g_clear_pointer (&attach->image, sht_image_free);
  g_free (attach->ticket);
  g_free (attach->path);
  g_free (attach->role);
  g_free (attach->caption);
  g_free (attach->drawn_on);
  g_clear_pointer (&attach->shapes, g_ptr_array_unref);
  sht_photo_taken_clear (&attach->taken);
  g_free (attach);
}

static gboolean
attach_image (ShtStore *store, gpointer data, GError **error)
{
  Attach *attach = data;

  if (attach->shapes != NULL)
    return sht_photo_attach_drawing (store, attach->drawn_on, attach->image, attach->shapes, &attach->taken, error);
  return sht_photo_attach_image (store, attach->ticket, attach->image, attach->role, attach->caption, &attach->taken,
                                 error);
}

static void
on_attached (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (sht_session_do_finish (SHT_SESSION (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static ShtImage *
draw (Attach *attach, GError **error)
{
  char *data = NULL;
  gsize length = 0;
  g_autoptr (GBytes) bytes = NULL;

  if (!g_file_get_contents (attach->path, &data, &length, error))
    return NULL;
  bytes = g_bytes_new_take (data, length);
  return sht_image_draw (bytes, attach->drawn_on, attach->shapes, NULL, error);
}

static void
import (gpointer data, gpointer unused)
{
  g_autoptr (GTask) task = data;
  Attach *attach = g_task_get_task_data (task);
  ShtImageOptions options = { 0 };
  GError *error = NULL;

  if (attach->shapes != NULL)
    attach->image = draw (attach, &error);
  else
    attach->image = sht_image_import (attach->path, &options, NULL, &error);
  if (attach->image != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Each import keeps a processor busy, in a process of its own: one is left for the window. */
static void
push (GTask *task)
{
  static GThreadPool *pool;
  static gsize made;

  if (g_once_init_enter (&made))
    {
      pool = g_thread_pool_new (import, NULL, MAX (1, (int) g_get_num_processors () - 1), FALSE, NULL);
      g_once_init_leave (&made, 1);
    }
  g_thread_pool_push (pool, task, NULL);
}

static void
on_imported (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_task_return_error (task, error);
  else
    sht_session_do_async (SHT_SESSION (source), attach_image, g_task_get_task_data (task), NULL, on_attached,
                          g_object_ref (task));
}

static void
start (ShtSession *self, Attach *attach, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (self, NULL, callback, data);
  GTask *imported = g_task_new (self, NULL, on_imported, task);

  g_task_set_source_tag (task, start);
  g_task_set_task_data (task, attach, attach_free);
  g_task_set_task_data (imported, attach, NULL);
  push (imported);
}

/**
 * sht_session_draw_async:
 * @photo: the id of a photo whose bytes are on this tablet
 * @path: those bytes
 * @shapes: (transfer full) (element-type ShtShape): what is drawn on it
 *
 * Makes another photo of it on the same ticket, with the drawing; finish with sht_session_attach_finish().
 */
void
sht_session_draw_async (ShtSession *self, const char *photo, const char *path, GPtrArray *shapes,
                        GAsyncReadyCallback callback, gpointer data)
{
  Attach *attach = g_new0 (Attach, 1);

  attach->path = g_strdup (path);
  attach->drawn_on = g_strdup (photo);
  attach->shapes = shapes;
  start (self, attach, callback, data);
}

/**
 * sht_session_attach_async:
 * @path: a picture
 * @role: before, after or other
 * @caption: (nullable): words
 */
void
sht_session_attach_async (ShtSession *self, const char *ticket, const char *path, const char *role,
                          const char *caption, GAsyncReadyCallback callback, gpointer data)
{
  Attach *attach = g_new0 (Attach, 1);

  attach->ticket = g_strdup (ticket);
  attach->path = g_strdup (path);
  attach->role = g_strdup (role);
  attach->caption = g_strdup (caption);
  start (self, attach, callback, data);
}

/**
 * sht_session_attach_finish:
 * @warnings: (out) (optional) (transfer full): words for what was damaged
 * @already: (out) (optional): whether the same picture hung there before
 */
gboolean
sht_session_attach_finish (ShtSession *self, GAsyncResult *result, GStrv *warnings, gboolean *already, GError **error)
{
  Attach *attach = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  if (warnings != NULL)
    *warnings = g_strdupv (attach->taken.warnings);
  if (already != NULL)
    *already = attach->taken.already;
  return TRUE;
}
