/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <math.h>
#include <opus.h>
#include <string.h>

/* A voice note as another program would write it: a tone, by libopus, in pages of Ogg. */

#define VOICE_FRAME 960 /* 20 ms at 48000 a second */

static inline void
voice_page (GByteArray *out, guint8 flags, gint64 granule, guint32 serial, guint32 number, const guint8 *packet, gsize length)
{
  guint start = out->len;
  guint8 header[27] = { 'O', 'g', 'g', 'S', 0, flags };
  guint segments = (guint) (length / 255 + 1);
  guint32 sum = 0;

  g_assert_cmpuint (segments, <, 256);
  for (guint i = 0; i < 8; i++)
    header[6 + i] = (guint8) ((guint64) granule >> (8 * i));
  for (guint i = 0; i < 4; i++)
    {
      header[14 + i] = (guint8) (serial >> (8 * i));
      header[18 + i] = (guint8) (number >> (8 * i));
    }
  header[26] = (guint8) segments;
  g_byte_array_append (out, header, sizeof header);
  for (guint i = 0; i < segments; i++)
    {
      guint8 lace = i + 1 < segments ? 255 : (guint8) (length % 255);

      g_byte_array_append (out, &lace, 1);
    }
  g_byte_array_append (out, packet, (guint) length);
  /* Bit by bit: not as the program that is tested does it. */
  for (guint i = start; i < out->len; i++)
    {
      sum ^= (guint32) out->data[i] << 24;
      for (guint bit = 0; bit < 8; bit++)
        sum = sum & 0x80000000u ? (sum << 1) ^ 0x04c11db7u : sum << 1;
    }
  for (guint i = 0; i < 4; i++)
    out->data[start + 22 + i] = (guint8) (sum >> (8 * i));
}

static inline GBytes *
voice_note (guint ms, guint32 serial)
{
  GByteArray *out = g_byte_array_new ();
  int problem = 0;
  OpusEncoder *encoder = opus_encoder_create (48000, 1, OPUS_APPLICATION_VOIP, &problem);
  opus_int32 skip = 0;
  guint8 head[19] = { 'O', 'p', 'u', 's', 'H', 'e', 'a', 'd', 1, 1, 0, 0, 0x80, 0xbb, 0, 0, 0, 0, 0 };
  guint8 tags[] = { 'O', 'p', 'u', 's', 'T', 'a', 'g', 's', 1, 0, 0, 0, 't', 0, 0, 0, 0 };
  guint frames;

  g_assert_nonnull (encoder);
  opus_encoder_ctl (encoder, OPUS_SET_BITRATE (24000));
  opus_encoder_ctl (encoder, OPUS_GET_LOOKAHEAD (&skip));
  head[10] = (guint8) skip;
  head[11] = (guint8) (skip >> 8);
  frames = (ms * 48 + (guint) skip + VOICE_FRAME - 1) / VOICE_FRAME;
  voice_page (out, 2, 0, serial, 0, head, sizeof head);
  voice_page (out, 0, 0, serial, 1, tags, sizeof tags);
  for (guint i = 0; i < frames; i++)
    {
      opus_int16 samples[VOICE_FRAME];
      guint8 packet[1500];
      opus_int32 n;

      for (guint j = 0; j < VOICE_FRAME; j++)
        samples[j] = (opus_int16) (12000 * sin ((i * VOICE_FRAME + j) * 440 * 2 * G_PI / 48000));
      n = opus_encode (encoder, samples, VOICE_FRAME, packet, sizeof packet);
      g_assert_cmpint (n, >, 0);
      voice_page (out, i + 1 == frames ? 4 : 0, (gint64) (i + 1) * VOICE_FRAME, serial, i + 2, packet, (gsize) n);
    }
  opus_encoder_destroy (encoder);
  return g_byte_array_free_to_bytes (out);
}
