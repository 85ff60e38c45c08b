/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/pack-private.h"

#include <zstd.h>

typedef struct
{
  const guint8 *at;
  const guint8 *end;
} Source;

typedef struct
{
  Source streams[N_STREAMS];
  guint64 held; /* its lowest @n_held bits are not taken yet */
  guint n_held; /* 0 to 7 */
  Memory memory;
  GByteArray *out; /* (owned) */
  GArray *id_at;   /* (owned) (element-type guint32): where in @out each id stands that was new */
  gsize most;
} Unpacker;

static gboolean
take_number (Source *source, guint64 *value)
{
  *value = 0;
  for (guint shift = 0; shift < 63 && source->at < source->end; shift += 7)
    {
      guint8 byte = *source->at++;

      *value |= (guint64) (byte & 0x7f) << shift;
      if ((byte & 0x80) == 0)
        return TRUE;
    }
  return FALSE;
}

static gint64
unfold_sign (guint64 value)
{
  return (gint64) ((value & 1) != 0 ? ~(value >> 1) : value >> 1);
}

/* The highest bit first; at most 32. */
static gboolean
take_bits (Unpacker *unpacker, guint n, guint64 *value)
{
  Source *bits = &unpacker->streams[BITS];

  for (; unpacker->n_held < n; unpacker->n_held += 8)
    {
      if (bits->at == bits->end)
        return FALSE;
      unpacker->held = unpacker->held << 8 | *bits->at++;
    }
  unpacker->n_held -= n;
  *value = unpacker->held >> unpacker->n_held & ((G_GUINT64_CONSTANT (1) << n) - 1);
  return TRUE;
}

static gboolean
take_64_bits (Unpacker *unpacker, guint64 *value)
{
  guint64 high, low;

  if (!take_bits (unpacker, 32, &high) || !take_bits (unpacker, 32, &low))
    return FALSE;
  *value = high << 32 | low;
  return TRUE;
}

static gboolean
take_distance (Unpacker *unpacker, guint below, guint64 *distance)
{
  guint64 high = 0, low;

  if (below > 62 || (below > 32 && !take_bits (unpacker, below - 32, &high))
      || !take_bits (unpacker, MIN (below, 32), &low))
    return FALSE;
  *distance = G_GUINT64_CONSTANT (1) << below | high << 32 | low;
  return TRUE;
}

static gboolean
take_time (Unpacker *unpacker, gint64 *time)
{
  Memory *memory = &unpacker->memory;
  Source *times = &unpacker->streams[TIMES];
  guint64 distance;
  guint told;

  if (times->at == times->end)
    return FALSE;
  told = *times->at++;
  if (told < RECENT)
    *time = memory->recent[told];
  else if (!take_distance (unpacker, (told - RECENT) / 2, &distance))
    return FALSE;
  else
    /* Unsigned, for who knows what is in there. */
    *time = (gint64) ((guint64) memory->recent[0] + ((told - RECENT) % 2 == 0 ? distance : -distance));
  remember_time (memory, *time, MIN (told, RECENT - 1));
  return TRUE;
}

static guint8 *
write_hex (guint8 *out, const guint8 *bytes, guint n)
{
  static const char digits[] = "0123456789abcdef";

  for (guint i = 0; i < n; i++)
    {
      *out++ = (guint8) digits[bytes[i] >> 4];
      *out++ = (guint8) digits[bytes[i] & 15];
    }
  return out;
}

static const guint8 *
take_bytes (Source *source, gsize n)
{
  const guint8 *at = source->at;

  if ((gsize) (source->end - at) < n)
    return NULL;
  source->at += n;
  return at;
}

static void
write_big_endian (guint8 *bytes, guint64 value, guint n)
{
  for (guint i = 0; i < n; i++)
    bytes[i] = (guint8) (value >> (8 * (n - 1 - i)));
}

static void
append_id (Unpacker *unpacker, const guint8 id[ID_BYTES])
{
  static const guint parts[] = { 4, 2, 2, 2, 6 };
  guint32 at = unpacker->out->len;
  guint8 text[ID_LENGTH];
  guint8 *to = text;

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      if (i > 0)
        *to++ = '-';
      to = write_hex (to, id, parts[i]);
      id += parts[i];
    }
  g_byte_array_append (unpacker->out, text, sizeof text);
  g_array_append_val (unpacker->id_at, at);
}

static gboolean
unpack_uuid7 (Unpacker *unpacker)
{
  guint8 id[ID_BYTES];
  guint64 a, high, low;
  gint64 time;

  if (!take_time (unpacker, &time) || !take_bits (unpacker, 12, &a) || !take_bits (unpacker, 30, &high)
      || !take_bits (unpacker, 32, &low))
    return FALSE;
  write_big_endian (id, (guint64) time, ID_TIME);
  write_big_endian (id + ID_TIME, 0x7000 | a, 2);
  write_big_endian (id + 8, (G_GUINT64_CONSTANT (2) << 30 | high) << 32 | low, 8);
  append_id (unpacker, id);
  return TRUE;
}

static gboolean
unpack_uuid (Unpacker *unpacker)
{
  guint8 id[ID_BYTES];
  guint64 high, low;

  if (!take_64_bits (unpacker, &high) || !take_64_bits (unpacker, &low))
    return FALSE;
  write_big_endian (id, high, 8);
  write_big_endian (id + 8, low, 8);
  append_id (unpacker, id);
  return TRUE;
}

static gboolean
unpack_again (Unpacker *unpacker)
{
  guint8 id[ID_LENGTH];
  guint64 back;

  if (!take_number (&unpacker->streams[AGAIN], &back) || back == 0 || back > unpacker->id_at->len)
    return FALSE;
  memcpy (id, unpacker->out->data + g_array_index (unpacker->id_at, guint32, unpacker->id_at->len - back), ID_LENGTH);
  g_byte_array_append (unpacker->out, id, ID_LENGTH);
  return TRUE;
}

static gboolean
unpack_hex (Unpacker *unpacker)
{
  guint8 bytes[HEX_BYTES], text[HEX_LENGTH];
  guint64 value;

  if (!take_64_bits (unpacker, &value))
    return FALSE;
  write_big_endian (bytes, value, HEX_BYTES);
  write_hex (text, bytes, HEX_BYTES);
  g_byte_array_append (unpacker->out, text, sizeof text);
  return TRUE;
}

static void
append_number (GByteArray *out, gint64 value)
{
  char text[24];
  guint at = sizeof text;
  guint64 left = (guint64) value;

  do
    {
      text[--at] = (char) ('0' + left % 10);
      left /= 10;
    }
  while (left > 0);
  g_byte_array_append (out, (const guint8 *) text + at, (guint) sizeof text - at);
}

static gboolean
unpack_digits (Unpacker *unpacker, guint digits)
{
  gint64 *last = &unpacker->memory.numbers[digits];
  guint64 difference;

  if (digits == TIME_DIGITS)
    {
      if (!take_time (unpacker, last))
        return FALSE;
    }
  else
    {
      if (!take_number (&unpacker->streams[NUMBERS], &difference))
        return FALSE;
      *last = (gint64) ((guint64) *last + (guint64) unfold_sign (difference));
    }
  append_number (unpacker->out, *last);
  return TRUE;
}

static gboolean
put_back_one (Unpacker *unpacker, guint8 mark)
{
  switch (mark)
    {
    case MARK_UUID7:
      return unpack_uuid7 (unpacker);
    case MARK_UUID:
      return unpack_uuid (unpacker);
    case MARK_AGAIN:
      return unpack_again (unpacker);
    case MARK_HEX:
      return unpack_hex (unpacker);
    default:
      return mark >= MARK_DIGITS + LEAST_DIGITS && unpack_digits (unpacker, mark - MARK_DIGITS);
    }
}

static gboolean
is_mark (guint8 byte)
{
  return byte < N_MARKS && byte != '\n' && byte != '\r' && byte != '\t';
}

static gboolean
put_back (Unpacker *unpacker)
{
  Source *text = &unpacker->streams[TEXT];

  while (text->at < text->end)
    {
      const guint8 *p = text->at;

      while (p < text->end && !is_mark (*p))
        p++;
      g_byte_array_append (unpacker->out, text->at, (guint) (p - text->at));
      text->at = p;
      if (unpacker->out->len > unpacker->most)
        return FALSE;
      if (p == text->end)
        return TRUE;
      if (!put_back_one (unpacker, *p))
        return FALSE;
      text->at++;
    }
  return unpacker->out->len <= unpacker->most;
}

static gboolean
split (Unpacker *unpacker, Source all)
{
  guint64 lengths[N_STREAMS];

  for (guint i = 0; i < N_STREAMS; i++)
    if (!take_number (&all, &lengths[i]))
      return FALSE;
  for (guint i = 0; i < N_STREAMS; i++)
    {
      const guint8 *at = take_bytes (&all, lengths[i]);

      if (at == NULL)
        return FALSE;
      unpacker->streams[i] = (Source){ at, at + lengths[i] };
    }
  return all.at == all.end;
}

/**
 * sht_unpack:
 * @packed: what sht_pack() made, or anything
 * @most: how many bytes may come of it, at most 1 GiB
 *
 * Returns: (transfer full) (nullable): the lines; %NULL with %G_IO_ERROR_INVALID_DATA
 */
GBytes *
sht_unpack (GBytes *packed, gsize most, GError **error)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (packed, &length);
  unsigned long long size = ZSTD_getFrameContentSize (data, length);
  Unpacker unpacker = { .most = most };
  g_autofree guint8 *streams = NULL;
  gboolean ok;

  /* What is lifted takes no more room than where it was; who packs less well than we do has some. */
  if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR || size > 2 * (unsigned long long) most + LENGTHS_BYTES)
    size = 0;
  streams = g_malloc (size + 1);
  unpacker.out = g_byte_array_sized_new ((guint) MIN (2 * size, most));
  unpacker.id_at = g_array_new (FALSE, FALSE, sizeof (guint32));
  ok = size > 0 && ZSTD_decompress (streams, size, data, length) == size
       && split (&unpacker, (Source){ streams, streams + size }) && put_back (&unpacker);
  g_array_unref (unpacker.id_at);
  if (ok)
    return g_byte_array_free_to_bytes (unpacker.out);
  g_byte_array_unref (unpacker.out);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "what was packed cannot be unpacked");
  return NULL;
}
