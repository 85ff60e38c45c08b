/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A voice note: as it is after an `r`; else as pages, each its flags, two bytes of length and its one packet, which get the
 * checksums of Ogg, so that what is behind them is reached: the packets, and libopus. */
#include "platform/voice-decoder.h"
#include "platform/voice.h"
#include "tests/platform/voice-fixture.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static GByteArray *
build (const uint8_t *data, size_t size)
{
  GByteArray *note = g_byte_array_new ();

  for (guint32 number = 0; size >= 3; number++)
    {
      gsize length = MIN ((gsize) (data[1] * 256 + data[2]), size - 3);

      if (length / 255 < 255)
        voice_page (note, data[0], 0, 7, number, data + 3, length);
      data += 3 + length;
      size -= 3 + length;
    }
  return note;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  gboolean raw = size > 0 && data[0] == 'r';
  g_autoptr (GByteArray) built = raw ? NULL : build (data, size);
  /* In a block of exactly that size. */
  gsize length = raw ? size - 1 : built->len;
  g_autofree guint8 *note = g_memdup2 (raw ? data + 1 : built->data, length);
  ShtVoiceDecoder *decoder = sht_voice_decoder_new ();
  g_autoptr (GArray) samples = sht_voice_decoder_run (decoder, note, length);
  ShtVoiceInfo info;

  sht_voice_decoder_free (decoder);
  if (!sht_voice_read (note, length, NULL, NULL, &info, NULL))
    {
      g_assert_null (samples);
      return 0;
    }
  g_assert_cmpuint (info.whole, <=, length);
  g_assert_cmpint (info.duration_ms, <=, SHT_VOICE_MOST_MS);
  g_assert_cmpuint (samples->len, <=, (guint) (SHT_VOICE_MOST_MS * (SHT_VOICE_RATE / 1000)));
  return 0;
}
