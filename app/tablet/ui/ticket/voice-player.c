/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/voice-player.h"

#include "platform/voice.h"

#include <gst/app/app.h>

/* A sink in GStreamer's words instead of the tablet's loudspeaker. */
#define SINK_VARIABLE "SHETACH_SPEAKER"
#define TICK_MS 100
/* A fifth of a second at a time. */
#define BLOCK_BYTES (SHT_VOICE_RATE / 5 * sizeof (gint16))

#if G_BYTE_ORDER == G_LITTLE_ENDIAN
#define FORMAT "S16LE"
#else
#define FORMAT "S16BE"
#endif

#define CHAIN                                                                                                        \
  "appsrc name=in format=time max-bytes=0 caps=audio/x-raw,format=" FORMAT ",layout=interleaved,channels=1,rate="    \
  G_STRINGIFY (SHT_VOICE_RATE) " ! audioconvert ! audioresample ! "

struct _ShtVoicePlayer
{
  GObject parent_instance;

  char *path;           /* (owned): a voice note's file */
  GBytes *samples;      /* (owned) (nullable): once it was decoded */
  GstElement *pipeline; /* (owned) (nullable): from the first sound to the end */
  guint watch;
  guint tick;
  gint64 from_ms;       /* where the pipeline began */
  gint64 position_ms;
  gboolean playing;     /* what the person wants */
  gboolean preparing;
};

G_DEFINE_FINAL_TYPE (ShtVoicePlayer, sht_voice_player, G_TYPE_OBJECT)

enum
{
  CHANGED,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];
/* The one that is heard. */
static ShtVoicePlayer *heard;

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
drop_pipeline (ShtVoicePlayer *self)
{
  g_clear_handle_id (&self->watch, g_source_remove);
  g_clear_handle_id (&self->tick, g_source_remove);
  if (self->pipeline != NULL)
    g_thread_unref (g_thread_new ("loudspeaker", stop_in_thread, g_steal_pointer (&self->pipeline)));
}

static void
fail (ShtVoicePlayer *self, const GError *error)
{
  g_autoptr (ShtVoicePlayer) alive = g_object_ref (self);

  g_message ("voice note: %s", error->message);
  self->playing = FALSE;
  drop_pipeline (self);
  g_signal_emit (self, signals[FAILED], 0, error);
  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
on_tick (gpointer data)
{
  ShtVoicePlayer *self = data;
  gint64 played = 0;

  if (gst_element_query_position (self->pipeline, GST_FORMAT_TIME, &played))
    self->position_ms = self->from_ms + played / GST_MSECOND;
  g_signal_emit (self, signals[CHANGED], 0);
  return G_SOURCE_CONTINUE;
}

static gint64
whole_ms (ShtVoicePlayer *self)
{
  return (gint64) (g_bytes_get_size (self->samples) / sizeof (gint16)) * 1000 / SHT_VOICE_RATE;
}

static gboolean
on_message (GstBus *bus, GstMessage *message, gpointer data)
{
  ShtVoicePlayer *self = data;
  g_autoptr (ShtVoicePlayer) alive = g_object_ref (self);
  g_autoptr (GError) error = NULL;

  switch (GST_MESSAGE_TYPE (message))
    {
    case GST_MESSAGE_EOS:
      self->watch = 0;
      self->playing = FALSE;
      self->position_ms = whole_ms (self);
      drop_pipeline (self);
      g_signal_emit (self, signals[CHANGED], 0);
      return G_SOURCE_REMOVE;
    case GST_MESSAGE_ERROR:
      gst_message_parse_error (message, &error, NULL);
      break;
    case GST_MESSAGE_WARNING:
      /* Without a loudspeaker GStreamer plays to nobody, and only warns. */
      gst_message_parse_warning (message, &error, NULL);
      break;
    default:
      return G_SOURCE_CONTINUE;
    }
  self->watch = 0;
  fail (self, error);
  return G_SOURCE_REMOVE;
}

static void
push_samples (ShtVoicePlayer *self)
{
  g_autoptr (GstElement) in = gst_bin_get_by_name (GST_BIN (self->pipeline), "in");
  gsize length = g_bytes_get_size (self->samples);
  gsize at = MIN ((gsize) (self->from_ms * SHT_VOICE_RATE / 1000) * sizeof (gint16), length);
  GstClockTime time = 0;

  while (at < length)
    {
      gsize size = MIN (BLOCK_BYTES, length - at);
      g_autoptr (GBytes) part = g_bytes_new_from_bytes (self->samples, at, size);
      GstBuffer *buffer = gst_buffer_new_wrapped_bytes (part);

      GST_BUFFER_PTS (buffer) = time;
      GST_BUFFER_DURATION (buffer) = gst_util_uint64_scale (size / sizeof (gint16), GST_SECOND, SHT_VOICE_RATE);
      time += GST_BUFFER_DURATION (buffer);
      gst_app_src_push_buffer (GST_APP_SRC (in), buffer);
      at += size;
    }
  gst_app_src_end_of_stream (GST_APP_SRC (in));
}

static void
start (ShtVoicePlayer *self, GstElement *pipeline)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);

  self->pipeline = pipeline;
  self->from_ms = self->position_ms;
  self->watch = gst_bus_add_watch (bus, on_message, self);
  self->tick = g_timeout_add (TICK_MS, on_tick, self);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  push_samples (self);
}

/* --- what takes a while: to read, to decode, to open the loudspeaker --- */

typedef struct
{
  char *path;
  GBytes *samples;      /* (nullable): when it was decoded before */
  GstElement *pipeline;
} Prepare;

static void
prepare_free (gpointer data)
{
  Prepare *prepare = data;

  g_free (prepare->path);
  g_clear_pointer (&prepare->samples, g_bytes_unref);
  g_clear_pointer (&prepare->pipeline, stop_pipeline);
  g_free (prepare);
}

static GBytes *
decode (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) note = NULL;
  char *data = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &data, &length, error))
    return NULL;
  note = g_bytes_new_take (data, length);
  return sht_voice_decode (note, cancellable, error);
}

static GstElement *
make_pipeline (GError **error)
{
  const char *given = g_getenv (SINK_VARIABLE);
  g_autofree char *words = g_strconcat (CHAIN, given != NULL ? given : "autoaudiosink", NULL);
  GstElement *pipeline;

  if (!gst_init_check (NULL, NULL, error))
    return NULL;
  pipeline = gst_parse_launch_full (words, NULL, GST_PARSE_FLAG_FATAL_ERRORS, error);
  if (pipeline == NULL)
    return NULL;
  gst_object_ref_sink (pipeline);
  if (gst_element_set_state (pipeline, GST_STATE_READY) != GST_STATE_CHANGE_FAILURE)
    return pipeline;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no loudspeaker");
  stop_pipeline (pipeline);
  return NULL;
}

static void
prepare_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Prepare *prepare = data;
  GError *error = NULL;

  if (prepare->samples == NULL)
    prepare->samples = decode (prepare->path, cancellable, &error);
  if (prepare->samples != NULL)
    prepare->pipeline = make_pipeline (&error);
  if (prepare->pipeline != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_prepared (GObject *source, GAsyncResult *result, gpointer unused)
{
  ShtVoicePlayer *self = SHT_VOICE_PLAYER (source);
  Prepare *prepare = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  self->preparing = FALSE;
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      fail (self, error);
      return;
    }
  if (self->samples == NULL)
    self->samples = g_bytes_ref (prepare->samples);
  if (self->playing)
    start (self, g_steal_pointer (&prepare->pipeline));
}

static void
begin (ShtVoicePlayer *self)
{
  Prepare *prepare = g_new0 (Prepare, 1);
  g_autoptr (GTask) task = g_task_new (self, NULL, on_prepared, NULL);

  self->preparing = TRUE;
  prepare->path = g_strdup (self->path);
  prepare->samples = self->samples != NULL ? g_bytes_ref (self->samples) : NULL;
  g_task_set_task_data (task, prepare, prepare_free);
  g_task_run_in_thread (task, prepare_in_thread);
}

/* --- --- */

/**
 * sht_voice_player_new:
 * @path: a voice note's file; it is read when it is first played
 *
 * Returns: (transfer full): the player
 */
ShtVoicePlayer *
sht_voice_player_new (const char *path)
{
  ShtVoicePlayer *self = g_object_new (SHT_TYPE_VOICE_PLAYER, NULL);

  self->path = g_strdup (path);
  return self;
}

gboolean
sht_voice_player_is_playing (ShtVoicePlayer *self)
{
  return self->playing;
}

/**
 * sht_voice_player_get_position:
 *
 * Returns: how far it is, in milliseconds
 */
gint64
sht_voice_player_get_position (ShtVoicePlayer *self)
{
  return self->position_ms;
}

void
sht_voice_player_play (ShtVoicePlayer *self)
{
  if (self->playing)
    return;
  if (heard != NULL && heard != self)
    sht_voice_player_pause (heard);
  heard = self;
  self->playing = TRUE;
  /* What was heard to its end begins anew. */
  if (self->samples != NULL && self->pipeline == NULL && self->position_ms >= whole_ms (self))
    self->position_ms = 0;
  if (self->pipeline != NULL)
    gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
  else if (!self->preparing)
    begin (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
sht_voice_player_pause (ShtVoicePlayer *self)
{
  if (!self->playing)
    return;
  self->playing = FALSE;
  if (self->pipeline != NULL)
    gst_element_set_state (self->pipeline, GST_STATE_PAUSED);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * sht_voice_player_seek:
 * @position_ms: where it goes on
 */
void
sht_voice_player_seek (ShtVoicePlayer *self, gint64 position_ms)
{
  drop_pipeline (self);
  self->position_ms = MAX (position_ms, 0);
  if (self->playing && !self->preparing)
    begin (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
sht_voice_player_dispose (GObject *object)
{
  ShtVoicePlayer *self = SHT_VOICE_PLAYER (object);

  self->playing = FALSE;
  drop_pipeline (self);
  if (heard == self)
    heard = NULL;
  G_OBJECT_CLASS (sht_voice_player_parent_class)->dispose (object);
}

static void
sht_voice_player_finalize (GObject *object)
{
  ShtVoicePlayer *self = SHT_VOICE_PLAYER (object);

  g_free (self->path);
  g_clear_pointer (&self->samples, g_bytes_unref);
  G_OBJECT_CLASS (sht_voice_player_parent_class)->finalize (object);
}

static void
sht_voice_player_class_init (ShtVoicePlayerClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_voice_player_dispose;
  G_OBJECT_CLASS (class)->finalize = sht_voice_player_finalize;
  signals[CHANGED] = g_signal_new ("changed", SHT_TYPE_VOICE_PLAYER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", SHT_TYPE_VOICE_PLAYER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_ERROR);
}

static void
sht_voice_player_init (ShtVoicePlayer *self)
{
}
