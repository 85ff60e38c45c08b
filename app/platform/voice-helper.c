/* SPDX-License-Identifier: GPL-3.0-or-later */

/* shetach-voice: a foreign voice note on stdin becomes bare samples on stdout, in a process that can do nothing else.
 * See README.md, "Voice notes". */

#include "platform/image-helper.h"
#include "platform/voice-decoder.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* Four megabytes are the most that a note may have. */
#define MOST_INPUT (4 * 1024 * 1024)
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

int
main (void)
{
  g_autoptr (GByteArray) input = read_all ();
  ShtVoiceDecoder *decoder = sht_voice_decoder_new ();
  g_autoptr (GArray) samples = NULL;

  if (decoder == NULL || !sht_sandbox_enter (SHT_SANDBOX_MEMORY, SHT_SANDBOX_CPU_S))
    return 1;
  samples = sht_voice_decoder_run (decoder, input->data, input->len);
  sht_voice_decoder_free (decoder);
  if (samples == NULL)
    return 1;
  return write_all ((const guint8 *) samples->data, samples->len * sizeof (gint16)) ? 0 : 1;
}
