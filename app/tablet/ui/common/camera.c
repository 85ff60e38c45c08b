/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/camera.h"

#include "tablet/ui/common/camera-portal.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <gst/app/app.h>
#include <gst/video/video.h>
#include <unistd.h>

/* A source in GStreamer's words instead of the tablet's camera: what the tests see. */
#define SOURCE_VARIABLE "SHETACH_CAMERA"
/* Where what was shot lies until it is taken in: in memory, and of this person alone. */
#define SHOTS "shetach-shots"
#define SHOT_QUALITY 95
/* How long a picture may take to come out of the camera, and out of the encoder. */
#define SHOT_TIMEOUT (5 * GST_SECOND)
/* A camera that gives no picture for so long is gone: PipeWire does not tell when one is unplugged. */
#define SILENCE_S 10

/* The live picture is small and may miss frames; the still has the camera's own size, and is the newest there is. */
#define BRANCHES                                                                                                      \
  "decodebin name=opened ! tee name=both "                                                                            \
  "both. ! queue leaky=downstream max-size-buffers=1 ! videoconvert ! videoscale add-borders=false"                   \
  " ! video/x-raw,format=BGRA,width=[16,1280],height=[16,1280],pixel-aspect-ratio=1/1"                                \
  " ! appsink name=live sync=false max-buffers=1 drop=true "                                                          \
  "both. ! queue leaky=downstream max-size-buffers=1 ! appsink name=still sync=false async=false max-buffers=1 drop=true"

/* What the camera's own thread and the window's share. */
typedef struct
{
  GMutex mutex;
  ShtCamera *camera; /* (nullable): until it stops */
  GstSample *newest; /* (owned) (nullable): not shown yet */
  guint idle;
} Frames;

struct _ShtCamera
{
  GObject parent_instance;

  GstElement *pipeline;      /* (owned) (nullable): once it runs */
  GCancellable *cancellable; /* (owned): of its start */
  guint watch;
  guint silence;             /* ends with the next picture */
  Frames *frames;            /* (owned) */
};

G_DEFINE_FINAL_TYPE (ShtCamera, sht_camera, G_TYPE_OBJECT)

enum
{
  FRAME,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Whether there is a device of Video4Linux. */
static gboolean
has_device (void)
{
  g_autoptr (GDir) devices = NULL;
  const char *name;

  devices = g_dir_open ("/dev", 0, NULL);
  while (devices != NULL && (name = g_dir_read_name (devices)) != NULL)
    if (g_str_has_prefix (name, "video") && g_ascii_isdigit (name[5]))
      return TRUE;
  return FALSE;
}

/**
 * sht_camera_is_there:
 *
 * Looks for a camera without starting anything: a device of Video4Linux, the desktop portal's camera, or what stands
 * in for one. sht_camera_portal_look() was called some time before.
 */
gboolean
sht_camera_is_there (void)
{
  return g_getenv (SOURCE_VARIABLE) != NULL || has_device () || sht_camera_portal_is_there ();
}

/* --- stopping --- */

static void
stop_pipeline (GstElement *pipeline)
{
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
}

static gpointer
stop_in_thread (gpointer pipeline)
{
  stop_pipeline (pipeline);
  return NULL;
}

static void
stop (ShtCamera *self)
{
  g_clear_handle_id (&self->watch, g_source_remove);
  g_clear_handle_id (&self->silence, g_source_remove);
  g_mutex_lock (&self->frames->mutex);
  self->frames->camera = NULL;
  g_mutex_unlock (&self->frames->mutex);
  if (self->pipeline != NULL)
    g_thread_unref (g_thread_new ("camera", stop_in_thread, g_steal_pointer (&self->pipeline)));
}

static void
fail (ShtCamera *self, const GError *error)
{
  g_message ("camera: %s", error->message);
  stop (self);
  g_signal_emit (self, signals[FAILED], 0, error);
}

static gboolean
on_silence (gpointer data)
{
  ShtCamera *self = data;
  g_autoptr (GError) error = g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "no picture for %d s", SILENCE_S);

  self->silence = 0;
  fail (self, error);
  return G_SOURCE_REMOVE;
}

static void
await_frame (ShtCamera *self)
{
  g_clear_handle_id (&self->silence, g_source_remove);
  self->silence = g_timeout_add_seconds (SILENCE_S, on_silence, self);
}

/* --- frames --- */

static void
texture_bytes_free (gpointer data)
{
  GstVideoFrame *frame = data;

  gst_video_frame_unmap (frame);
  g_free (frame);
}

static GdkTexture *
texture_of (GstSample *sample)
{
  GstVideoFrame *frame = g_new0 (GstVideoFrame, 1);
  g_autoptr (GBytes) bytes = NULL;
  GstVideoInfo info;

  if (!gst_video_info_from_caps (&info, gst_sample_get_caps (sample))
      || !gst_video_frame_map (frame, &info, gst_sample_get_buffer (sample), GST_MAP_READ))
    {
      g_free (frame);
      return NULL;
    }
  bytes = g_bytes_new_with_free_func (GST_VIDEO_FRAME_PLANE_DATA (frame, 0),
                                      (gsize) GST_VIDEO_FRAME_PLANE_STRIDE (frame, 0) * GST_VIDEO_FRAME_HEIGHT (frame),
                                      texture_bytes_free, frame);
  return gdk_memory_texture_new (GST_VIDEO_FRAME_WIDTH (frame), GST_VIDEO_FRAME_HEIGHT (frame),
                                 GDK_MEMORY_B8G8R8A8_PREMULTIPLIED, bytes,
                                 (gsize) GST_VIDEO_FRAME_PLANE_STRIDE (frame, 0));
}

static void
frames_clear (gpointer data)
{
  Frames *frames = data;

  g_clear_pointer (&frames->newest, gst_sample_unref);
  g_mutex_clear (&frames->mutex);
}

static void
frames_release (gpointer data)
{
  g_atomic_rc_box_release_full (data, frames_clear);
}

static gboolean
on_frame_idle (gpointer data)
{
  Frames *frames = data;
  g_autoptr (ShtCamera) camera = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  g_autoptr (GstSample) sample = NULL;

  g_mutex_lock (&frames->mutex);
  frames->idle = 0;
  sample = g_steal_pointer (&frames->newest);
  if (frames->camera != NULL)
    camera = g_object_ref (frames->camera);
  g_mutex_unlock (&frames->mutex);
  texture = sample != NULL ? texture_of (sample) : NULL;
  if (camera != NULL && texture != NULL)
    {
      await_frame (camera);
      g_signal_emit (camera, signals[FRAME], 0, texture);
    }
  return G_SOURCE_REMOVE;
}

/* A window that is slow shows the newest frame, not all of them. */
static GstFlowReturn
on_new_sample (GstAppSink *sink, gpointer data)
{
  Frames *frames = data;
  GstSample *sample = gst_app_sink_pull_sample (sink);

  if (sample == NULL)
    return GST_FLOW_EOS;
  g_mutex_lock (&frames->mutex);
  g_clear_pointer (&frames->newest, gst_sample_unref);
  frames->newest = sample;
  if (frames->idle == 0 && frames->camera != NULL)
    frames->idle = g_idle_add_full (G_PRIORITY_DEFAULT, on_frame_idle, g_atomic_rc_box_acquire (frames), frames_release);
  g_mutex_unlock (&frames->mutex);
  return GST_FLOW_OK;
}

/* --- starting --- */

/* The camera at the back looks at the work; the one at the front looks at whoever holds the tablet. */
static GstDevice *
choose_device (GList *devices)
{
  for (GList *link = devices; link != NULL; link = link->next)
    {
      g_autofree char *name = gst_device_get_display_name (link->data);
      g_autofree char *folded = g_utf8_casefold (name, -1);

      if (strstr (folded, "back") != NULL || strstr (folded, "rear") != NULL)
        return link->data;
    }
  return devices != NULL ? devices->data : NULL;
}

static GstElement *
make_device_source (GError **error)
{
  g_autoptr (GstDeviceMonitor) monitor = gst_device_monitor_new ();
  GstElement *source = NULL;
  GstDevice *device;
  GList *devices;

  gst_device_monitor_add_filter (monitor, "Video/Source", NULL);
  gst_device_monitor_start (monitor);
  devices = gst_device_monitor_get_devices (monitor);
  device = choose_device (devices);
  if (device != NULL)
    source = gst_device_create_element (device, NULL);
  g_list_free_full (devices, gst_object_unref);
  gst_device_monitor_stop (monitor);
  if (source == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no camera");
  return source;
}

static void
close_remote (gpointer fd)
{
  close (GPOINTER_TO_INT (fd));
}

/* PipeWire takes a copy of the descriptor, and tells its remotes apart by the number: it stays open as long as the
 * source is there. */
static GstElement *
make_portal_source (GCancellable *cancellable, GError **error)
{
  int fd = sht_camera_portal_open (cancellable, error);
  GstElement *source = fd >= 0 ? gst_element_factory_make ("pipewiresrc", NULL) : NULL;

  if (source != NULL)
    {
      g_autoptr (GstStructure) stream = gst_structure_new ("props", "media.type", G_TYPE_STRING, "Video", "media.category",
                                                           G_TYPE_STRING, "Capture", "media.role", G_TYPE_STRING, "Camera",
                                                           NULL);

      /* PipeWire takes its buffers away while they are still being read, as whenever the camera is set anew. */
      g_object_set (source, "fd", fd, "stream-properties", stream, "always-copy", TRUE, NULL);
      g_object_set_data_full (G_OBJECT (source), "remote", GINT_TO_POINTER (fd), close_remote);
    }
  else if (fd >= 0)
    {
      close (fd);
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "GStreamer's part for PipeWire is not installed");
    }
  return source;
}

static GstElement *
make_source (GCancellable *cancellable, GError **error)
{
  const char *given = g_getenv (SOURCE_VARIABLE);

  if (given != NULL)
    return gst_parse_bin_from_description (given, TRUE, error);
  return has_device () ? make_device_source (error) : make_portal_source (cancellable, error);
}

static GstElement *
make_pipeline (GCancellable *cancellable, GError **error)
{
  GstElement *source, *pipeline;
  g_autoptr (GstElement) opened = NULL;

  if (!gst_init_check (NULL, NULL, error) || (source = make_source (cancellable, error)) == NULL)
    return NULL;
  pipeline = gst_parse_launch (BRANCHES, error);
  if (pipeline == NULL)
    {
      gst_object_unref (gst_object_ref_sink (source));
      return NULL;
    }
  gst_object_ref_sink (pipeline);
  opened = gst_bin_get_by_name (GST_BIN (pipeline), "opened");
  gst_bin_add (GST_BIN (pipeline), source);
  if (gst_element_link (source, opened))
    return pipeline;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the camera gives no picture");
  gst_object_unref (pipeline);
  return NULL;
}

/* To open a camera takes a while, and so does closing it. */
static void
start_in_thread (GTask *task, gpointer source, gpointer unused, GCancellable *cancellable)
{
  GError *error = NULL;
  GstElement *pipeline = make_pipeline (cancellable, &error);

  if (pipeline == NULL)
    g_task_return_error (task, error);
  else if (gst_element_set_state (pipeline, GST_STATE_PAUSED) == GST_STATE_CHANGE_FAILURE)
    {
      stop_pipeline (pipeline);
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "the camera cannot be opened");
    }
  else
    g_task_return_pointer (task, pipeline, (GDestroyNotify) stop_pipeline);
}

static gboolean
on_message (GstBus *bus, GstMessage *message, gpointer data)
{
  ShtCamera *self = data;
  g_autoptr (GError) error = NULL;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    gst_message_parse_error (message, &error, NULL);
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS)
    error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, "the camera has stopped");
  else
    return G_SOURCE_CONTINUE;
  self->watch = 0;
  fail (self, error);
  return G_SOURCE_REMOVE;
}

static void
on_started (GObject *source, GAsyncResult *result, gpointer unused)
{
  ShtCamera *self = SHT_CAMERA (source);
  GstAppSinkCallbacks callbacks = { .new_sample = on_new_sample };
  g_autoptr (GError) error = NULL;
  GstElement *pipeline = g_task_propagate_pointer (G_TASK (result), &error);
  g_autoptr (GstElement) live = NULL;
  g_autoptr (GstBus) bus = NULL;

  if (pipeline == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        fail (self, error);
      return;
    }
  self->pipeline = pipeline;
  live = gst_bin_get_by_name (GST_BIN (pipeline), "live");
  gst_app_sink_set_callbacks (GST_APP_SINK (live), &callbacks, g_atomic_rc_box_acquire (self->frames),
                              frames_release);
  bus = gst_element_get_bus (pipeline);
  self->watch = gst_bus_add_watch (bus, on_message, self);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  await_frame (self);
}

/**
 * sht_camera_new:
 *
 * Starts the camera on another thread; ::frame tells when it has. Whoever lets go of it stops it before.
 *
 * Returns: (transfer full): the camera
 */
ShtCamera *
sht_camera_new (void)
{
  ShtCamera *self = g_object_new (SHT_TYPE_CAMERA, NULL);
  g_autoptr (GTask) task = g_task_new (self, self->cancellable, on_started, NULL);

  g_task_run_in_thread (task, start_in_thread);
  return self;
}

/**
 * sht_camera_stop:
 *
 * Stops it, or gives up its start: nobody is asked any more whether it may be used.
 */
void
sht_camera_stop (ShtCamera *self)
{
  g_cancellable_cancel (self->cancellable);
  stop (self);
}

/* --- what was taken, until it is taken in --- */

static char *
shots_folder (void)
{
  return g_build_filename (g_get_user_runtime_dir (), SHOTS, NULL);
}

/**
 * sht_camera_keep_shot:
 * @picture: the bytes of a picture that came without a file
 *
 * Returns: (transfer full) (nullable): the path of a file with it, for who takes it in and then forgets it with
 *   sht_camera_forget_shot()
 */
char *
sht_camera_keep_shot (GBytes *picture, GError **error)
{
  g_autofree char *folder = shots_folder ();
  g_autofree char *path = g_build_filename (folder, "photo-XXXXXX.jpg", NULL);
  int fd;

  g_mkdir_with_parents (folder, 0700);
  fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0)
    close (fd);
  if (!g_file_set_contents_full (path, g_bytes_get_data (picture, NULL), (gssize) g_bytes_get_size (picture),
                                 G_FILE_SET_CONTENTS_NONE, 0600, error))
    return NULL;
  return g_steal_pointer (&path);
}

/**
 * sht_camera_forget_shot:
 * @path: any picture that was taken in
 *
 * Removes it if it is a file of sht_camera_keep_shot()'s, and leaves it alone otherwise.
 */
void
sht_camera_forget_shot (const char *path)
{
  g_autofree char *folder = shots_folder ();
  g_autofree char *parent = g_path_get_dirname (path);

  if (g_str_equal (folder, parent))
    g_unlink (path);
}

/* --- shooting --- */

/* A picture that comes twice is one photo, yet each tap on the shutter is a photo of its own, though the camera saw the
   very same: in the dark, say. So each shot has a comment of its own (ISO/IEC 10918-1, B.2.4.5) behind its first marker.
   Returns: (transfer full): the JPEG with it */
static GBytes *
name_shot (const guint8 *jpeg, gsize size)
{
  enum { MARKER = 2, LENGTH = 2, UUID = 36 };
  g_autofree char *name = g_uuid_string_random ();
  const guint8 comment[MARKER + LENGTH] = { 0xff, 0xfe, 0, LENGTH + UUID };
  GByteArray *named = g_byte_array_sized_new ((guint) size + sizeof comment + UUID);

  g_byte_array_append (named, jpeg, MARKER);
  g_byte_array_append (named, comment, sizeof comment);
  g_byte_array_append (named, (const guint8 *) name, UUID);
  g_byte_array_append (named, jpeg + MARKER, (guint) size - MARKER);
  return g_byte_array_free_to_bytes (named);
}

static GBytes *
encode (GstSample *sample, GError **error)
{
  g_autofree char *words = g_strdup_printf ("appsrc name=in ! videoconvert ! jpegenc quality=%d ! appsink name=out sync=false",
                                            SHOT_QUALITY);
  GstElement *pipeline = gst_parse_launch (words, error);
  g_autoptr (GstElement) in = NULL, out = NULL;
  g_autoptr (GstSample) done = NULL;
  GstMapInfo map;
  GBytes *jpeg = NULL;

  if (pipeline == NULL)
    return NULL;
  in = gst_bin_get_by_name (GST_BIN (pipeline), "in");
  out = gst_bin_get_by_name (GST_BIN (pipeline), "out");
  gst_app_src_set_caps (GST_APP_SRC (in), gst_sample_get_caps (sample));
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  if (gst_app_src_push_sample (GST_APP_SRC (in), sample) == GST_FLOW_OK)
    done = gst_app_sink_try_pull_sample (GST_APP_SINK (out), SHOT_TIMEOUT);
  if (done != NULL && gst_buffer_map (gst_sample_get_buffer (done), &map, GST_MAP_READ))
    {
      jpeg = name_shot (map.data, map.size);
      gst_buffer_unmap (gst_sample_get_buffer (done), &map);
    }
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the picture cannot be encoded");
  stop_pipeline (pipeline);
  return jpeg;
}

static void
shoot_in_thread (GTask *task, gpointer source, gpointer pipeline, GCancellable *cancellable)
{
  g_autoptr (GstElement) still = gst_bin_get_by_name (GST_BIN (pipeline), "still");
  g_autoptr (GstSample) sample = gst_app_sink_try_pull_sample (GST_APP_SINK (still), SHOT_TIMEOUT);
  g_autoptr (GBytes) jpeg = NULL;
  GError *error = NULL;
  char *path;

  if (sample == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "no picture came from the camera");
      return;
    }
  jpeg = encode (sample, &error);
  path = jpeg != NULL ? sht_camera_keep_shot (jpeg, &error) : NULL;
  if (path != NULL)
    g_task_return_pointer (task, path, g_free);
  else
    g_task_return_error (task, error);
}

/**
 * sht_camera_shoot_async:
 * @callback: with sht_camera_shoot_finish()
 *
 * Takes a photo of what the camera sees now.
 */
void
sht_camera_shoot_async (ShtCamera *self, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, data);

  if (self->pipeline == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "the camera does not run");
      return;
    }
  g_task_set_task_data (task, gst_object_ref (self->pipeline), gst_object_unref);
  g_task_run_in_thread (task, shoot_in_thread);
}

/**
 * sht_camera_shoot_finish:
 *
 * Returns: (transfer full) (nullable): the path of a JPEG, for who takes it in and then forgets it with
 *   sht_camera_forget_shot()
 */
char *
sht_camera_shoot_finish (ShtCamera *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- --- */

static void
sht_camera_dispose (GObject *object)
{
  stop (SHT_CAMERA (object));
  G_OBJECT_CLASS (sht_camera_parent_class)->dispose (object);
}

static void
sht_camera_finalize (GObject *object)
{
  frames_release (SHT_CAMERA (object)->frames);
  g_object_unref (SHT_CAMERA (object)->cancellable);
  G_OBJECT_CLASS (sht_camera_parent_class)->finalize (object);
}

static void
sht_camera_class_init (ShtCameraClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_camera_dispose;
  G_OBJECT_CLASS (class)->finalize = sht_camera_finalize;
  signals[FRAME] = g_signal_new ("frame", SHT_TYPE_CAMERA, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                 GDK_TYPE_TEXTURE);
  signals[FAILED] = g_signal_new ("failed", SHT_TYPE_CAMERA, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_ERROR);
}

static void
sht_camera_init (ShtCamera *self)
{
  self->frames = g_atomic_rc_box_new0 (Frames);
  g_mutex_init (&self->frames->mutex);
  self->frames->camera = self;
  self->cancellable = g_cancellable_new ();
}
