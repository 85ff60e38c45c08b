/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Opus in Ogg (RFC 3533, RFC 7845), as far as a voice note needs it: one stream, page by page, each by its checksum.
 * Nothing is decoded here; how long a packet is, its first byte tells (RFC 6716, 3.1). */

#include "platform/voice.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

G_DEFINE_QUARK (sht-voice-error-quark, sht_voice_error)

#define PAGE_HEADER 27
#define CONTINUED 1
#define FIRST 2
#define HEAD_BYTES 19
/* 255 segments of 255 bytes. */
#define MOST_PACKET (1024 * 1024)
/* What precedes the sound: who it is, and its tags. */
#define HEADERS 2

/* A page as it lies in the file. */
typedef struct
{
  guint8 flags;
  guint32 serial;
  const guint8 *lacing;
  guint n_lacing;
  const guint8 *body;
  gsize size;
} Page;

typedef struct
{
  ShtVoiceFunc each;
  gpointer data;
  GByteArray *packet; /* what has come of one that goes on */
  guint packets;
  gint64 samples;     /* at 48000 a second */
  guint skip;
  gboolean stopped;
} Reading;

static guint32
read_u32 (const guint8 *at)
{
  return (guint32) at[0] | (guint32) at[1] << 8 | (guint32) at[2] << 16 | (guint32) at[3] << 24;
}

static guint32
checksum (const guint8 *data, gsize length)
{
  static gsize made = 0;
  static guint32 table[256];
  guint32 sum = 0;

  if (g_once_init_enter (&made))
    {
      for (guint32 i = 0; i < G_N_ELEMENTS (table); i++)
        {
          table[i] = i << 24;
          for (guint bit = 0; bit < 8; bit++)
            table[i] = (table[i] << 1) ^ ((table[i] & 0x80000000u) != 0 ? 0x04c11db7u : 0);
        }
      g_once_init_leave (&made, 1);
    }
  for (gsize i = 0; i < length; i++)
    {
      /* It is reckoned as if its own place were empty. */
      guint8 byte = i >= 22 && i < 26 ? 0 : data[i];

      sum = (sum << 8) ^ table[(sum >> 24) ^ byte];
    }
  return sum;
}

/* Whether a whole page begins at @data, with the checksum that it says. */
static gboolean
read_page (const guint8 *data, gsize length, Page *page)
{
  gsize body = 0;

  if (length < PAGE_HEADER || memcmp (data, "OggS", 4) != 0 || data[4] != 0)
    return FALSE;
  page->flags = data[5];
  page->serial = read_u32 (data + 14);
  page->n_lacing = data[26];
  page->lacing = data + PAGE_HEADER;
  if (length < PAGE_HEADER + page->n_lacing)
    return FALSE;
  for (guint i = 0; i < page->n_lacing; i++)
    body += page->lacing[i];
  page->body = page->lacing + page->n_lacing;
  page->size = PAGE_HEADER + page->n_lacing + body;
  return length >= page->size && read_u32 (data + 22) == checksum (data, page->size);
}

/**
 * sht_voice_is_head:
 * @data: how a file begins
 *
 * Returns: whether that is how Opus in Ogg begins
 */
gboolean
sht_voice_is_head (const guint8 *data, gsize length)
{
  const guint8 *head;

  if (length < PAGE_HEADER + 1 + HEAD_BYTES)
    return FALSE;
  head = data + PAGE_HEADER + 1;
  /* The first page holds its one packet in one segment. */
  return memcmp (data, "OggS", 4) == 0 && data[4] == 0 && (data[5] & FIRST) != 0 && data[26] == 1
         && data[27] >= HEAD_BYTES && memcmp (head, "OpusHead", 8) == 0 && (head[8] & 0xf0) == 0 && head[9] >= 1;
}

/**
 * sht_voice_is_file:
 *
 * Returns: whether a file begins as Opus in Ogg does
 */
gboolean
sht_voice_is_file (const char *path)
{
  guint8 head[PAGE_HEADER + 1 + HEAD_BYTES];
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gssize n = fd >= 0 ? read (fd, head, sizeof head) : -1;

  if (fd >= 0)
    close (fd);
  return n == (gssize) sizeof head && sht_voice_is_head (head, sizeof head);
}

/* How many samples at 48000 a second a packet holds; 0 when it is none. */
static guint
samples_of (const guint8 *packet, gsize length)
{
  static const guint16 silk[] = { 480, 960, 1920, 2880 };
  static const guint16 celt[] = { 120, 240, 480, 960 };
  guint config, frame, frames;

  if (length == 0)
    return 0;
  config = packet[0] >> 3;
  if (config < 12)
    frame = silk[config & 3];
  else if (config < 16)
    frame = silk[config & 1];
  else
    frame = celt[config & 3];
  switch (packet[0] & 3)
    {
    case 0:
      frames = 1;
      break;
    case 1:
    case 2:
      frames = 2;
      break;
    default:
      frames = length > 1 ? packet[1] & 0x3f : 0;
    }
  /* 120 ms are the most that a packet may have. */
  return frame * frames <= 5760 ? frame * frames : 0;
}

static gboolean
bad_format (GError **error, const char *what)
{
  g_set_error_literal (error, SHT_VOICE_ERROR, SHT_VOICE_ERROR_FORMAT, what);
  return FALSE;
}

static gboolean
take_packet (Reading *reading, const guint8 *packet, gsize length, GError **error)
{
  guint n = reading->packets++;

  if (n == 0)
    {
      /* Two channels at the most: more would be a mapping of its own. */
      if (length < HEAD_BYTES || packet[9] > 2 || packet[18] != 0)
        return bad_format (error, "this is not a voice note: it has more channels than a voice");
      reading->skip = (guint) packet[10] | (guint) packet[11] << 8;
      return TRUE;
    }
  if (n == 1)
    return (length >= 8 && memcmp (packet, "OpusTags", 8) == 0)
           || bad_format (error, "this is not a voice note: its tags are missing");
  reading->samples += samples_of (packet, length);
  if (reading->samples > (gint64) SHT_VOICE_MOST_MS * 48 + reading->skip)
    {
      g_set_error_literal (error, SHT_VOICE_ERROR, SHT_VOICE_ERROR_TOO_LONG,
                           "a voice note may have five minutes, this has more");
      return FALSE;
    }
  if (reading->each != NULL && samples_of (packet, length) > 0)
    reading->stopped = !reading->each (reading->data, packet, length);
  return TRUE;
}

/* Segments of 255 bytes go on in the next; a packet may go on over a page's end. */
static gboolean
take_page (Reading *reading, const Page *page, GError **error)
{
  const guint8 *at = page->body;

  if ((page->flags & CONTINUED) == 0)
    g_byte_array_set_size (reading->packet, 0);
  for (guint i = 0; i < page->n_lacing && !reading->stopped; i++)
    {
      if (reading->packet->len + page->lacing[i] > MOST_PACKET)
        return bad_format (error, "this is not a voice note: a part of it is too large");
      g_byte_array_append (reading->packet, at, page->lacing[i]);
      at += page->lacing[i];
      if (page->lacing[i] == 255)
        continue;
      if (!take_packet (reading, reading->packet->data, reading->packet->len, error))
        return FALSE;
      g_byte_array_set_size (reading->packet, 0);
    }
  return TRUE;
}

/**
 * sht_voice_read:
 * @data: a voice note, perhaps cut off somewhere
 * @each: (nullable): called with each packet of sound, in order
 * @info: (out caller-allocates): what was found
 *
 * Reads Opus in Ogg up to its end or the first page that is not whole. No byte is believed; nothing is decoded.
 *
 * Returns: %FALSE with %SHT_VOICE_ERROR_FORMAT or %SHT_VOICE_ERROR_TOO_LONG
 */
gboolean
sht_voice_read (const guint8 *data, gsize length, ShtVoiceFunc each, gpointer user_data, ShtVoiceInfo *info,
                GError **error)
{
  g_autoptr (GByteArray) packet = g_byte_array_new ();
  Reading reading = { .each = each, .data = user_data, .packet = packet };
  guint32 serial = 0;
  Page page;

  *info = (ShtVoiceInfo){ 0 };
  if (!sht_voice_is_head (data, length))
    return bad_format (error, "this is not a voice note, Opus in Ogg");
  while (!reading.stopped && read_page (data + info->whole, length - info->whole, &page))
    {
      if (info->whole == 0)
        serial = page.serial;
      /* Another stream, beside this one or behind it, is no voice note's. */
      if (page.serial != serial || ((page.flags & FIRST) != 0) != (info->whole == 0))
        break;
      if (!take_page (&reading, &page, error))
        return FALSE;
      info->whole += page.size;
    }
  info->skip = reading.skip;
  info->duration_ms = (reading.samples - reading.skip) / 48;
  if (reading.packets <= HEADERS || info->duration_ms <= 0)
    return bad_format (error, "there is nothing in this voice note");
  return TRUE;
}
