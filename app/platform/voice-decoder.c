/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/voice-decoder.h"

#include "platform/voice.h"

#include <opus.h>

/* 120 ms, the longest packet. */
#define MOST_SAMPLES (SHT_VOICE_RATE * 120 / 1000)

struct _ShtVoiceDecoder
{
  OpusDecoder *opus;
  GArray *samples;
};

/**
 * sht_voice_decoder_new:
 *
 * Returns: (transfer full) (nullable): a decoder for one voice note
 */
ShtVoiceDecoder *
sht_voice_decoder_new (void)
{
  int problem = 0;
  OpusDecoder *opus = opus_decoder_create (SHT_VOICE_RATE, 1, &problem);
  ShtVoiceDecoder *decoder;

  if (opus == NULL)
    return NULL;
  decoder = g_new0 (ShtVoiceDecoder, 1);
  decoder->opus = opus;
  decoder->samples = g_array_new (FALSE, FALSE, sizeof (opus_int16));
  return decoder;
}

/* A damaged packet is as one that was lost: the decoder fills its place. */
static gboolean
decode (gpointer data, const guint8 *packet, gsize length)
{
  ShtVoiceDecoder *decoder = data;
  opus_int16 samples[MOST_SAMPLES];
  int wanted = opus_packet_get_nb_samples (packet, (opus_int32) length, SHT_VOICE_RATE);
  int n = opus_decode (decoder->opus, packet, (opus_int32) length, samples, MOST_SAMPLES, 0);

  if (n < 0 && wanted > 0 && wanted <= MOST_SAMPLES)
    n = opus_decode (decoder->opus, NULL, 0, samples, wanted, 0);
  if (n > 0)
    g_array_append_vals (decoder->samples, samples, (guint) n);
  return TRUE;
}

/**
 * sht_voice_decoder_run:
 * @data: a voice note of anybody's
 *
 * Returns: (transfer full) (nullable) (element-type gint16): what is heard, see %SHT_VOICE_RATE; %NULL when it is no voice
 *   note
 */
GArray *
sht_voice_decoder_run (ShtVoiceDecoder *decoder, const guint8 *data, gsize length)
{
  ShtVoiceInfo info;
  guint skip;

  if (!sht_voice_read (data, length, decode, decoder, &info, NULL))
    return NULL;
  skip = MIN (info.skip * SHT_VOICE_RATE / 48000, decoder->samples->len);
  if (skip > 0)
    g_array_remove_range (decoder->samples, 0, skip);
  return g_array_ref (decoder->samples);
}

void
sht_voice_decoder_free (ShtVoiceDecoder *decoder)
{
  opus_decoder_destroy (decoder->opus);
  g_array_unref (decoder->samples);
  g_free (decoder);
}
