/* SPDX-License-Identifier: GPL-3.0-or-later */

/* shetach-voice: a foreign voice note on stdin becomes bare samples on stdout, in a process that can do nothing else.
 * See README.md, "Voice notes". */

#include "platform/image-helper.h"
#include "platform/voice.h"

#include <errno.h>
#include <opus.h>
#include <stdlib.h>
#include <unistd.h>

/* Four megabytes are the most that a note may have. */
#define MOST_INPUT (4 * 1024 * 1024)
/* 120 ms, the longest packet. */
#define MOST_SAMPLES (SHT_VOICE_RATE * 120 / 1000)

typedef struct
{
  OpusDecoder *decoder;
  GArray *samples;
} Decoding;

static GByteArray *
read_all (void)
{
  GByteArray *input = g_byte_array_new ();
  guint8 buffer[65536];
  gssize n;

  while ((n = read (STDIN_FILENO, buffer, sizeof buffer)) != 0)
    {
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0 || input->len + (gsize) n > MOST_INPUT)
        exit (1);
      g_byte_array_append (input, buffer, (guint) n);
    }
  return input;
}

static gboolean
write_all (const guint8 *data, gsize length)
{
  while (length > 0)
    {
      gssize n = write (STDOUT_FILENO, data, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      data += n;
      length -= (gsize) n;
    }
  return TRUE;
}

/* A damaged packet is as one that was lost: the decoder fills its place. */
static gboolean
decode (gpointer data, const guint8 *packet, gsize length)
{
  Decoding *decoding = data;
  opus_int16 samples[MOST_SAMPLES];
  int wanted = opus_packet_get_nb_samples (packet, (opus_int32) length, SHT_VOICE_RATE);
  int n = opus_decode (decoding->decoder, packet, (opus_int32) length, samples, MOST_SAMPLES, 0);

  if (n < 0 && wanted > 0 && wanted <= MOST_SAMPLES)
    n = opus_decode (decoding->decoder, NULL, 0, samples, wanted, 0);
  if (n > 0)
    g_array_append_vals (decoding->samples, samples, (guint) n);
  return TRUE;
}

int
main (void)
{
  Decoding decoding = { NULL, g_array_new (FALSE, FALSE, sizeof (opus_int16)) };
  g_autoptr (GArray) samples = decoding.samples;
  g_autoptr (GByteArray) input = read_all ();
  ShtVoiceInfo info;
  int problem = 0;
  gsize skip;
  gboolean ok;

  decoding.decoder = opus_decoder_create (SHT_VOICE_RATE, 1, &problem);
  if (decoding.decoder == NULL || !sht_sandbox_enter ())
    return 1;
  ok = sht_voice_read (input->data, input->len, decode, &decoding, &info, NULL);
  opus_decoder_destroy (decoding.decoder);
  if (!ok)
    return 1;
  skip = MIN ((gsize) info.skip * SHT_VOICE_RATE / 48000, samples->len);
  return write_all ((const guint8 *) samples->data + skip * sizeof (opus_int16),
                    (samples->len - skip) * sizeof (opus_int16))
           ? 0
           : 1;
}
