/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/pack.h"

#include <string.h>
#include <zstd.h>

/* Lines of JSON, packed: what no compressor can foresee, such as the random bits of a UUID, is lifted out of the
 * text as plain bytes, times and other numbers as their distance from an earlier one. What is left of a line is
 * then nearly the line before it. PROTOCOL.md has the form. */

#define LEVEL 12
#define TABLE_LOG 17
#define SEARCH_LOG 5
#define LEAST_MATCH 5
#define WORTH_IT 1024 /* bytes */
#define ID_LENGTH 36
#define ID_TIME 6    /* bytes of a UUID that are its time, where it is a UUIDv7 */
#define ID_RANDOM 10 /* and those that are not */
#define HEX_LENGTH 16
#define HEX_BYTES 8
#define TIME_DIGITS 13
#define LEAST_DIGITS 4
#define MOST_DIGITS 15
#define RECENT 16

/* What stands in the text for what was lifted out of it: bytes that no JSON holds. */
enum
{
  MARK_ID = 1,   /* a UUID that is new */
  MARK_AGAIN,    /* one that came before */
  MARK_HEX,      /* sixteen hexadecimal digits */
  MARK_TIME,     /* a number of thirteen digits */
  MARK_NUMBER,   /* another, of four to fifteen */
  MARKS_END
};

enum
{
  TEXT,
  TIMES,
  NUMBERS,
  AGAIN,
  RANDOM,
  N_STREAMS
};

/* What both sides keep alike. */
typedef struct
{
  gint64 recent[RECENT];           /* times that differ, the last one first */
  gint64 numbers[MOST_DIGITS + 1]; /* the last of as many digits */
} Memory;

static void
remember_time (Memory *memory, gint64 time, guint at)
{
  memmove (memory->recent + 1, memory->recent, at * sizeof *memory->recent);
  memory->recent[0] = time;
}

/* --- packing --- */

typedef struct
{
  guint8 *at;
  gsize length;
} Stream;

typedef struct
{
  const char *start;
  const char *end;
  const char *left; /* from where on the text is not in its stream yet */
  Stream streams[N_STREAMS]; /* (owned): none of them grows past the text that it is lifted from */
  Memory memory;
  guint32 *ids; /* (owned): by hash, how many ids were seen with this one; 0 where there is none */
  guint32 *id_at; /* (owned): where in the text each was seen first */
  guint32 n_ids;
  guint32 mask;
} Packer;

static void
put_byte (Stream *stream, guint8 byte)
{
  stream->at[stream->length++] = byte;
}

static void
put_number (Stream *stream, guint64 value)
{
  for (; value > 0x7f; value >>= 7)
    put_byte (stream, (guint8) (value & 0x7f) | 0x80);
  put_byte (stream, (guint8) value);
}

/* What is lifted at @p is @length bytes long. */
static void
put_mark (Packer *packer, guint8 mark, const char *p, gsize length)
{
  Stream *text = &packer->streams[TEXT];
  gsize before = (gsize) (p - packer->left);

  if (before > 0)
    memcpy (text->at + text->length, packer->left, before);
  text->length += before;
  if (length > 0)
    put_byte (text, mark);
  packer->left = p + length;
}

static guint64
fold_sign (gint64 value)
{
  return value < 0 ? ~((guint64) value << 1) : (guint64) value << 1;
}

static void
put_time (Packer *packer, gint64 time)
{
  Memory *memory = &packer->memory;
  guint at = 0;

  while (at < RECENT && memory->recent[at] != time)
    at++;
  if (at < RECENT)
    put_byte (&packer->streams[TIMES], (guint8) at);
  else
    put_number (&packer->streams[TIMES], fold_sign (time - memory->recent[0]) + RECENT);
  remember_time (memory, time, MIN (at, RECENT - 1));
}

/* Lower case only: what is unpacked must be the same to the byte. */
static gboolean
read_hex (const char *p, guint n, guint8 *bytes)
{
  static const gint8 values[256] = {
    ['0'] = 1, ['1'] = 2, ['2'] = 3, ['3'] = 4, ['4'] = 5, ['5'] = 6, ['6'] = 7, ['7'] = 8, ['8'] = 9, ['9'] = 10,
    ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
  };

  for (guint i = 0; i < n; i++)
    {
      gint8 high = values[(guint8) p[2 * i]], low = values[(guint8) p[2 * i + 1]];

      if (high == 0 || low == 0)
        return FALSE;
      bytes[i] = (guint8) ((high - 1) << 4 | (low - 1));
    }
  return TRUE;
}

static gboolean
read_id (const char *p, guint8 id[16])
{
  return p[8] == '-' && p[13] == '-' && p[18] == '-' && p[23] == '-' && read_hex (p, 4, id)
         && read_hex (p + 9, 2, id + 4) && read_hex (p + 14, 2, id + 6) && read_hex (p + 19, 2, id + 8)
         && read_hex (p + 24, 6, id + 10);
}

/* Returns: how many ids lie between this and where it was seen before; 0 when it is new, and now it is known */
static guint32
look_up_id (Packer *packer, const char *p, const guint8 id[16])
{
  guint64 key;
  guint32 slot;

  memcpy (&key, id + 8, sizeof key);
  slot = (guint32) ((key * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)) >> 32) & packer->mask;
  for (; packer->ids[slot] != 0; slot = (slot + 1) & packer->mask)
    if (memcmp (packer->start + packer->id_at[packer->ids[slot] - 1], p, ID_LENGTH) == 0)
      return packer->n_ids + 1 - packer->ids[slot];
  packer->id_at[packer->n_ids++] = (guint32) (p - packer->start);
  packer->ids[slot] = packer->n_ids;
  return 0;
}

static void
put_id (Packer *packer, const char *p, const guint8 id[16])
{
  guint32 back = look_up_id (packer, p, id);
  gint64 time = 0;

  put_mark (packer, back > 0 ? MARK_AGAIN : MARK_ID, p, ID_LENGTH);
  if (back > 0)
    {
      put_number (&packer->streams[AGAIN], back);
      return;
    }
  for (guint i = 0; i < ID_TIME; i++)
    time = time << 8 | id[i];
  put_time (packer, time);
  for (guint i = ID_TIME; i < 16; i++)
    put_byte (&packer->streams[RANDOM], id[i]);
}

/* What lies between two quotes. Returns: how much of it was lifted */
static gsize
lift_string (Packer *packer, const char *p)
{
  gsize left = (gsize) (packer->end - p);
  guint8 bytes[16];

  if (left > ID_LENGTH && p[ID_LENGTH] == '"' && read_id (p, bytes))
    {
      put_id (packer, p, bytes);
      return ID_LENGTH;
    }
  if (left <= HEX_LENGTH || p[HEX_LENGTH] != '"' || !read_hex (p, HEX_BYTES, bytes))
    return 0;
  put_mark (packer, MARK_HEX, p, HEX_LENGTH);
  for (guint i = 0; i < HEX_BYTES; i++)
    put_byte (&packer->streams[RANDOM], bytes[i]);
  return HEX_LENGTH;
}

static gsize
lift_number (Packer *packer, const char *p)
{
  gint64 value = 0;
  guint digits = 0;

  for (; p + digits < packer->end && digits <= MOST_DIGITS && g_ascii_isdigit (p[digits]); digits++)
    value = value * 10 + (p[digits] - '0');
  if (digits < LEAST_DIGITS || digits > MOST_DIGITS || p[0] == '0')
    return 0;
  put_mark (packer, digits == TIME_DIGITS ? MARK_TIME : MARK_NUMBER, p, digits);
  if (digits == TIME_DIGITS)
    {
      put_time (packer, value);
      return digits;
    }
  put_byte (&packer->streams[NUMBERS], (guint8) digits);
  put_number (&packer->streams[NUMBERS], fold_sign (value - packer->memory.numbers[digits]));
  packer->memory.numbers[digits] = value;
  return digits;
}

/* Returns: %FALSE when a byte stands in it that has another meaning here */
static gboolean
lift (Packer *packer)
{
  enum { PLAIN, BEFORE_VALUE, MARK };
  /* Behind which bytes something to be lifted may stand, and what may stand in no text. */
  static const guint8 classes[256] = {
    [0] = MARK,           [MARK_ID] = MARK,    [MARK_AGAIN] = MARK,  [MARK_HEX] = MARK,    [MARK_TIME] = MARK,
    [MARK_NUMBER] = MARK, ['"'] = BEFORE_VALUE, [':'] = BEFORE_VALUE, [','] = BEFORE_VALUE, ['['] = BEFORE_VALUE,
  };
  const char *p = packer->left = packer->start;

  while (p < packer->end)
    {
      guint8 class = classes[(guint8) *p++];

      if (class == PLAIN)
        continue;
      if (class == MARK)
        return FALSE;
      if (p < packer->end && g_ascii_isxdigit (*p))
        p += p[-1] == '"' ? lift_string (packer, p) : lift_number (packer, p);
    }
  put_mark (packer, 0, p, 0);
  return TRUE;
}

static void
free_zstd (gpointer zstd)
{
  ZSTD_freeCCtx (zstd);
}

/* Returns: (transfer none): this thread's compressor. Its tables are made once, and of a size that is quickly
 * emptied for each page: at the level's own, that takes longer than the page. */
static ZSTD_CCtx *
get_zstd (void)
{
  static GPrivate kept = G_PRIVATE_INIT (free_zstd);
  ZSTD_CCtx *zstd = g_private_get (&kept);

  if (zstd != NULL)
    return zstd;
  zstd = ZSTD_createCCtx ();
  ZSTD_CCtx_setParameter (zstd, ZSTD_c_compressionLevel, LEVEL);
  ZSTD_CCtx_setParameter (zstd, ZSTD_c_hashLog, TABLE_LOG);
  ZSTD_CCtx_setParameter (zstd, ZSTD_c_chainLog, TABLE_LOG);
  ZSTD_CCtx_setParameter (zstd, ZSTD_c_searchLog, SEARCH_LOG);
  ZSTD_CCtx_setParameter (zstd, ZSTD_c_minMatch, LEAST_MATCH);
  ZSTD_CCtx_setParameter (zstd, ZSTD_c_checksumFlag, 1);
  g_private_set (&kept, zstd);
  return zstd;
}

static GBytes *
compress (const Packer *packer)
{
  guint8 lengths[N_STREAMS * 10];
  Stream head = { lengths, 0 };
  ZSTD_CCtx *zstd = get_zstd ();
  g_autoptr (GByteArray) all = NULL;
  guint8 *packed;
  gsize room, size, total = 0;

  for (guint i = 0; i < N_STREAMS; i++)
    {
      put_number (&head, packer->streams[i].length);
      total += packer->streams[i].length;
    }
  all = g_byte_array_sized_new ((guint) (total + head.length));
  g_byte_array_append (all, lengths, (guint) head.length);
  for (guint i = 0; i < N_STREAMS; i++)
    g_byte_array_append (all, packer->streams[i].at, (guint) packer->streams[i].length);
  room = ZSTD_compressBound (all->len);
  packed = g_malloc (room);
  size = ZSTD_compress2 (zstd, packed, room, all->data, all->len);
  if (ZSTD_isError (size))
    {
      g_free (packed);
      return NULL;
    }
  return g_bytes_new_take (g_realloc (packed, size), size);
}

/**
 * sht_pack:
 * @lines: lines of JSON, at most 1 GiB
 *
 * Returns: (transfer full) (nullable): what sht_unpack() makes the same bytes of; %NULL when there is a byte in them
 *   that no JSON has
 */
GBytes *
sht_pack (GBytes *lines)
{
  gsize length;
  Packer packer = { .start = g_bytes_get_data (lines, &length) };
  gsize slots = 16;
  GBytes *packed = NULL;

  g_return_val_if_fail (length <= 1024 * 1024 * 1024, NULL);
  /* An id takes its own length and a quote at the least; half of the slots stay free. */
  while (slots < 2 * (length / ID_LENGTH + 1))
    slots *= 2;
  packer.end = packer.start + length;
  packer.mask = (guint32) slots - 1;
  packer.ids = g_new0 (guint32, slots);
  packer.id_at = g_new (guint32, length / ID_LENGTH + 1);
  for (guint i = 0; i < N_STREAMS; i++)
    packer.streams[i].at = g_malloc (length + 1);
  if (lift (&packer))
    packed = compress (&packer);
  for (guint i = 0; i < N_STREAMS; i++)
    g_free (packer.streams[i].at);
  g_free (packer.ids);
  g_free (packer.id_at);
  return packed;
}

/**
 * sht_pack_if_worth:
 * @lines: (inout): lines of JSON; what they are packed to takes their place
 *
 * Returns: whether they are packed: a few are not
 */
gboolean
sht_pack_if_worth (GBytes **lines)
{
  GBytes *packed = g_bytes_get_size (*lines) > WORTH_IT ? sht_pack (*lines) : NULL;

  if (packed == NULL)
    return FALSE;
  g_bytes_unref (*lines);
  *lines = packed;
  return TRUE;
}

/* --- unpacking --- */

typedef struct
{
  const guint8 *at;
  const guint8 *end;
} Source;

typedef struct
{
  Source streams[N_STREAMS];
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

static gboolean
take_time (Unpacker *unpacker, gint64 *time)
{
  Memory *memory = &unpacker->memory;
  guint64 value;
  guint at;

  if (!take_number (&unpacker->streams[TIMES], &value))
    return FALSE;
  at = (guint) MIN (value, RECENT - 1);
  /* Unsigned, for who knows what is in there. */
  *time = memory->recent[value < RECENT ? at : 0];
  if (value >= RECENT)
    *time = (gint64) ((guint64) *time + (guint64) unfold_sign (value - RECENT));
  remember_time (memory, *time, at);
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

static gboolean
unpack_id (Unpacker *unpacker)
{
  static const guint parts[] = { 4, 2, 2, 2, 6 };
  const guint8 *random = take_bytes (&unpacker->streams[RANDOM], ID_RANDOM);
  guint32 at = unpacker->out->len;
  guint8 id[16], text[ID_LENGTH];
  const guint8 *from = id;
  guint8 *to = text;
  gint64 time;

  if (random == NULL || !take_time (unpacker, &time))
    return FALSE;
  for (guint i = 0; i < ID_TIME; i++)
    id[i] = (guint8) (time >> (8 * (ID_TIME - 1 - i)));
  memcpy (id + ID_TIME, random, ID_RANDOM);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      if (i > 0)
        *to++ = '-';
      to = write_hex (to, from, parts[i]);
      from += parts[i];
    }
  g_byte_array_append (unpacker->out, text, sizeof text);
  g_array_append_val (unpacker->id_at, at);
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
  const guint8 *bytes = take_bytes (&unpacker->streams[RANDOM], HEX_BYTES);
  guint8 text[HEX_LENGTH];

  if (bytes == NULL)
    return FALSE;
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
unpack_time (Unpacker *unpacker)
{
  gint64 time;

  if (!take_time (unpacker, &time))
    return FALSE;
  append_number (unpacker->out, time);
  return TRUE;
}

static gboolean
unpack_number (Unpacker *unpacker)
{
  const guint8 *digits = take_bytes (&unpacker->streams[NUMBERS], 1);
  guint64 difference;
  gint64 *last;

  if (digits == NULL || *digits > MOST_DIGITS || !take_number (&unpacker->streams[NUMBERS], &difference))
    return FALSE;
  last = &unpacker->memory.numbers[*digits];
  *last = (gint64) ((guint64) *last + (guint64) unfold_sign (difference));
  append_number (unpacker->out, *last);
  return TRUE;
}

static gboolean
put_back (Unpacker *unpacker)
{
  static gboolean (*const unpack[MARKS_END]) (Unpacker *) = {
    [MARK_ID] = unpack_id,     [MARK_AGAIN] = unpack_again,   [MARK_HEX] = unpack_hex,
    [MARK_TIME] = unpack_time, [MARK_NUMBER] = unpack_number,
  };
  Source *text = &unpacker->streams[TEXT];

  while (text->at < text->end)
    {
      const guint8 *p = text->at;

      while (p < text->end && *p >= MARKS_END)
        p++;
      g_byte_array_append (unpacker->out, text->at, (guint) (p - text->at));
      text->at = p;
      if (unpacker->out->len > unpacker->most)
        return FALSE;
      if (p == text->end)
        return TRUE;
      if (unpack[*p] == NULL || !unpack[*p] (unpacker))
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

  /* What is lifted takes at the worst, with many short numbers, a little more room than where it was. */
  if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR || size / 2 > most)
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
