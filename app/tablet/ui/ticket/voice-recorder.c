/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/voice-recorder.h"

#include "core/operation.h"

#include <gst/gst.h>

/* A source in GStreamer's words instead of the tablet's microphone: what the tests hear. */
#define SOURCE_VARIABLE "SHETACH_MICROPHONE"
/* It has ended before a note becomes too long, whatever is still on its way through. */
#define MOST_NS ((guint64) (SHT_VOICE_MAX_MS - 1000) * GST_MSECOND)
/* What is as quiet as that is silence. */
#define QUIET_DB (-50.0)

/* A page of Ogg every half second at the latest, and the file's own bytes on the disk with it: so a program that is
 * killed, or a tablet that loses its power, keeps what was said. The queue takes up what a slow disk delays. */
#define CHAIN                                                                                                        \
  "queue name=in max-size-time=0 max-size-buffers=0 ! audioconvert ! audioresample"                                  \
  " ! audio/x-raw,rate=48000,channels=1 ! level interval=100000000 ! opusenc bitrate=24000 audio-type=voice"         \
  " ! oggmux max-page-delay=500000000 ! filesink name=out buffer-mode=unbuffered o-sync=true"

struct _ShtVoiceRecorder
{
  GObject parent_instance;

  GstElement *pipeline; /* (owned) (nullable): while it runs */
  guint watch;
  gboolean stopping;
  gboolean ended;
};

G_DEFINE_FINAL_TYPE (ShtVoiceRecorder, sht_voice_recorder, G_TYPE_OBJECT)

enum
{
  LEVEL,
  STOPPED,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* What the machine itself plays is not what anybody says. */
static gboolean
is_monitor (GstDevice *device)
{
  g_autoptr (GstStructure) properties = gst_device_get_properties (device);
  const char *class = properties != NULL ? gst_structure_get_string (properties, "device.class") : NULL;

  return g_strcmp0 (class, "monitor") == 0;
}

static gboolean
is_default (GstDevice *device)
{
  g_autoptr (GstStructure) properties = gst_device_get_properties (device);
  gboolean yes = FALSE;

  return properties != NULL && gst_structure_get_boolean (properties, "is-default", &yes) && yes;
}

static GstElement *
make_source (GError **error)
{
  const char *given = g_getenv (SOURCE_VARIABLE);
  g_autoptr (GstDeviceMonitor) monitor = NULL;
  GstElement *source = NULL;
  GstDevice *chosen = NULL;
  GList *devices;

  if (given != NULL)
    return gst_parse_bin_from_description (given, TRUE, error);
  monitor = gst_device_monitor_new ();
  gst_device_monitor_add_filter (monitor, "Audio/Source", NULL);
  gst_device_monitor_start (monitor);
  devices = gst_device_monitor_get_devices (monitor);
  for (GList *link = devices; link != NULL; link = link->next)
    if (!is_monitor (link->data) && (chosen == NULL || is_default (link->data)))
      chosen = link->data;
  if (chosen != NULL)
    source = gst_device_create_element (chosen, NULL);
  g_list_free_full (devices, gst_object_unref);
  gst_device_monitor_stop (monitor);
  if (source == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no microphone");
  return source;
}

static GstElement *
make_pipeline (const char *path, GError **error)
{
  GstElement *source, *pipeline;
  g_autoptr (GstElement) in = NULL;
  g_autoptr (GstElement) out = NULL;

  if (!gst_init_check (NULL, NULL, error) || (source = make_source (error)) == NULL)
    return NULL;
  pipeline = gst_parse_launch (CHAIN, error);
  if (pipeline == NULL)
    {
      gst_object_unref (gst_object_ref_sink (source));
      return NULL;
    }
  gst_object_ref_sink (pipeline);
  in = gst_bin_get_by_name (GST_BIN (pipeline), "in");
  out = gst_bin_get_by_name (GST_BIN (pipeline), "out");
  g_object_set (out, "location", path, NULL);
  gst_bin_add (GST_BIN (pipeline), source);
  if (gst_element_link (source, in))
    return pipeline;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the microphone gives no sound");
  gst_object_unref (pipeline);
  return NULL;
}

static void
stop_pipeline (GstElement *pipeline)
{
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
}

/* To open a microphone takes a while, and so does closing it. */
static void
start_in_thread (GTask *task, gpointer source, gpointer path, GCancellable *cancellable)
{
  GError *error = NULL;
  GstElement *pipeline = make_pipeline (path, &error);

  if (pipeline == NULL)
    g_task_return_error (task, error);
  else if (gst_element_set_state (pipeline, GST_STATE_PAUSED) == GST_STATE_CHANGE_FAILURE)
    {
      stop_pipeline (pipeline);
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "the microphone cannot be opened");
    }
  else
    g_task_return_pointer (task, pipeline, (GDestroyNotify) stop_pipeline);
}

static gpointer
stop_in_thread (gpointer pipeline)
{
  stop_pipeline (pipeline);
  return NULL;
}

static void
drop_pipeline (ShtVoiceRecorder *self)
{
  self->ended = TRUE;
  g_clear_handle_id (&self->watch, g_source_remove);
  if (self->pipeline != NULL)
    g_thread_unref (g_thread_new ("microphone", stop_in_thread, g_steal_pointer (&self->pipeline)));
}

static void
fail (ShtVoiceRecorder *self, const GError *error)
{
  g_autoptr (ShtVoiceRecorder) alive = g_object_ref (self);

  g_message ("microphone: %s", error->message);
  drop_pipeline (self);
  g_signal_emit (self, signals[FAILED], 0, error);
}

/* The loudest sample of each tenth of a second, in dB. */
static double
loudness (const GstStructure *level)
{
  const GValue *value = gst_structure_get_value (level, "peak");
  const GValueArray *peaks = value != NULL ? g_value_get_boxed (value) : NULL;
  double peak = peaks != NULL && peaks->n_values > 0 ? g_value_get_double (&peaks->values[0]) : QUIET_DB;

  return CLAMP ((peak - QUIET_DB) / -QUIET_DB, 0.0, 1.0);
}

static void
on_level (ShtVoiceRecorder *self, const GstStructure *level)
{
  guint64 end = 0;

  gst_structure_get_uint64 (level, "endtime", &end);
  if (!self->stopping)
    g_signal_emit (self, signals[LEVEL], 0, loudness (level), (gint64) (end / GST_MSECOND));
  if (end >= MOST_NS)
    sht_voice_recorder_stop (self);
}

static gboolean
on_message (GstBus *bus, GstMessage *message, gpointer data)
{
  ShtVoiceRecorder *self = data;
  g_autoptr (ShtVoiceRecorder) alive = g_object_ref (self);
  g_autoptr (GError) error = NULL;

  switch (GST_MESSAGE_TYPE (message))
    {
    case GST_MESSAGE_ELEMENT:
      if (gst_message_has_name (message, "level"))
        on_level (self, gst_message_get_structure (message));
      return G_SOURCE_CONTINUE;
    case GST_MESSAGE_ERROR:
      gst_message_parse_error (message, &error, NULL);
      self->watch = 0;
      fail (self, error);
      return G_SOURCE_REMOVE;
    case GST_MESSAGE_EOS:
      self->watch = 0;
      drop_pipeline (self);
      g_signal_emit (self, signals[STOPPED], 0);
      return G_SOURCE_REMOVE;
    default:
      return G_SOURCE_CONTINUE;
    }
}

static void
on_started (GObject *source, GAsyncResult *result, gpointer unused)
{
  ShtVoiceRecorder *self = SHT_VOICE_RECORDER (source);
  g_autoptr (GError) error = NULL;
  GstElement *pipeline = g_task_propagate_pointer (G_TASK (result), &error);
  g_autoptr (GstBus) bus = NULL;

  if (pipeline == NULL)
    {
      fail (self, error);
      return;
    }
  self->pipeline = pipeline;
  bus = gst_element_get_bus (pipeline);
  self->watch = gst_bus_add_watch (bus, on_message, self);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  if (self->stopping)
    gst_element_send_event (pipeline, gst_event_new_eos ());
}

/**
 * sht_voice_recorder_new:
 * @path: where it records to; what is there goes
 *
 * Starts to record on another thread; ::level tells when it has begun.
 *
 * Returns: (transfer full): the recorder
 */
ShtVoiceRecorder *
sht_voice_recorder_new (const char *path)
{
  ShtVoiceRecorder *self = g_object_new (SHT_TYPE_VOICE_RECORDER, NULL);
  g_autoptr (GTask) task = g_task_new (self, NULL, on_started, NULL);

  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, start_in_thread);
  return self;
}

/**
 * sht_voice_recorder_stop:
 *
 * Ends the recording; ::stopped comes when the file is complete.
 */
void
sht_voice_recorder_stop (ShtVoiceRecorder *self)
{
  if (self->stopping || self->ended)
    return;
  self->stopping = TRUE;
  if (self->pipeline != NULL)
    gst_element_send_event (self->pipeline, gst_event_new_eos ());
}

static void
sht_voice_recorder_dispose (GObject *object)
{
  drop_pipeline (SHT_VOICE_RECORDER (object));
  G_OBJECT_CLASS (sht_voice_recorder_parent_class)->dispose (object);
}

static void
sht_voice_recorder_class_init (ShtVoiceRecorderClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_voice_recorder_dispose;
  signals[LEVEL] = g_signal_new ("level", SHT_TYPE_VOICE_RECORDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                 G_TYPE_DOUBLE, G_TYPE_INT64);
  signals[STOPPED] = g_signal_new ("stopped", SHT_TYPE_VOICE_RECORDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                   0);
  signals[FAILED] = g_signal_new ("failed", SHT_TYPE_VOICE_RECORDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_ERROR);
}

static void
sht_voice_recorder_init (ShtVoiceRecorder *self)
{
}
