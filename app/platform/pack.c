/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/pack-private.h"

#include <zstd.h>

#define LEVEL 7
#define TABLE_LOG 17
#define SEARCH_LOG 5
#define LEAST_MATCH 5
#define BLOCK_HEAD 3  /* bytes of it in a frame */
#define WORTH_IT 1024 /* bytes */

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
  guint64 held;              /* its lowest @n_held bits are not in their stream yet */
  guint n_held;              /* 0 to 7 */
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

/* The highest bit first; at most 32. */
static void
put_bits (Packer *packer, guint64 value, guint n)
{
  packer->held = packer->held << n | value;
  for (packer->n_held += n; packer->n_held >= 8; packer->n_held -= 8)
    put_byte (&packer->streams[BITS], (guint8) (packer->held >> (packer->n_held - 8)));
}

static void
put_64_bits (Packer *packer, guint64 value)
{
  put_bits (packer, value >> 32, 32);
  put_bits (packer, value & G_MAXUINT32, 32);
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

/* Of a new one the size of its distance is told, and whether it is earlier; the bits below the highest are
 * as good as random. */
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
    {
      gint64 difference = time - memory->recent[0];
      guint64 distance = (guint64) ABS (difference);
      guint below = (guint) g_bit_storage (distance) - 1;

      put_byte (&packer->streams[TIMES], (guint8) (RECENT + 2 * below + (difference < 0)));
      distance &= (G_GUINT64_CONSTANT (1) << below) - 1;
      if (below > 32)
        put_bits (packer, distance >> 32, below - 32);
      put_bits (packer, distance & G_MAXUINT32, MIN (below, 32));
    }
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
read_id (const char *p, guint8 id[ID_BYTES])
{
  return p[8] == '-' && p[13] == '-' && p[18] == '-' && p[23] == '-' && read_hex (p, 4, id)
         && read_hex (p + 9, 2, id + 4) && read_hex (p + 14, 2, id + 6) && read_hex (p + 19, 2, id + 8)
         && read_hex (p + 24, 6, id + 10);
}

/* Returns: how many ids lie between this and where it was seen before; 0 when it is new, and now it is known */
static guint32
look_up_id (Packer *packer, const char *p, const guint8 id[ID_BYTES])
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

static guint64
read_big_endian (const guint8 *bytes, guint n)
{
  guint64 value = 0;

  for (guint i = 0; i < n; i++)
    value = value << 8 | bytes[i];
  return value;
}

static void
put_id (Packer *packer, const char *p, const guint8 id[ID_BYTES])
{
  guint32 back = look_up_id (packer, p, id);
  gboolean is_7 = id[6] >> 4 == 7 && id[8] >> 6 == 2;

  put_mark (packer, back > 0 ? MARK_AGAIN : is_7 ? MARK_UUID7 : MARK_UUID, p, ID_LENGTH);
  if (back > 0)
    put_number (&packer->streams[AGAIN], back);
  else if (is_7)
    {
      guint64 random = read_big_endian (id + 8, 8);

      put_time (packer, (gint64) read_big_endian (id, ID_TIME));
      put_bits (packer, read_big_endian (id + ID_TIME, 2) & 0xfff, 12);
      put_bits (packer, random >> 32 & 0x3fffffff, 30);
      put_bits (packer, random & G_MAXUINT32, 32);
    }
  else
    {
      put_64_bits (packer, read_big_endian (id, 8));
      put_64_bits (packer, read_big_endian (id + 8, 8));
    }
}

/* What lies between two quotes. Returns: how much of it was lifted */
static gsize
lift_string (Packer *packer, const char *p)
{
  gsize left = (gsize) (packer->end - p);
  guint8 bytes[ID_BYTES];

  if (left > ID_LENGTH && p[ID_LENGTH] == '"' && read_id (p, bytes))
    {
      put_id (packer, p, bytes);
      return ID_LENGTH;
    }
  if (left <= HEX_LENGTH || p[HEX_LENGTH] != '"' || !read_hex (p, HEX_BYTES, bytes))
    return 0;
  put_mark (packer, MARK_HEX, p, HEX_LENGTH);
  put_64_bits (packer, read_big_endian (bytes, HEX_BYTES));
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
  put_mark (packer, (guint8) (MARK_DIGITS + digits), p, digits);
  if (digits == TIME_DIGITS)
    {
      put_time (packer, value);
      return digits;
    }
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
    [0 ... 8] = MARK,     [11 ... 12] = MARK,   [14 ... 31] = MARK,
    ['"'] = BEFORE_VALUE, [':'] = BEFORE_VALUE, [','] = BEFORE_VALUE, ['['] = BEFORE_VALUE,
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
  put_bits (packer, 0, (8 - packer->n_held) % 8);
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

/* Each stream has blocks of its own: the bytes of one are not spread as those of another. */
static GBytes *
compress (const Packer *packer)
{
  guint8 lengths[LENGTHS_BYTES];
  Stream head = { lengths, 0 };
  ZSTD_CCtx *zstd = get_zstd ();
  ZSTD_outBuffer out = { NULL, 0, 0 };
  gsize total = 0, left = 0;

  for (guint i = 0; i < N_STREAMS; i++)
    {
      put_number (&head, packer->streams[i].length);
      total += packer->streams[i].length;
    }
  total += head.length;
  out.size = ZSTD_compressBound (total) + (N_STREAMS + 1) * BLOCK_HEAD;
  out.dst = g_malloc (out.size);
  ZSTD_CCtx_reset (zstd, ZSTD_reset_session_only);
  ZSTD_CCtx_setPledgedSrcSize (zstd, total);
  for (guint i = 0; i <= N_STREAMS && left == 0; i++)
    {
      const Stream *stream = i == 0 ? &head : &packer->streams[i - 1];
      ZSTD_inBuffer in = { stream->at, stream->length, 0 };

      left = ZSTD_compressStream2 (zstd, &out, &in,
                                   i == 0 ? ZSTD_e_continue : i < N_STREAMS ? ZSTD_e_flush : ZSTD_e_end);
      if (i == 0 && !ZSTD_isError (left))
        left = 0;
    }
  if (left != 0)
    {
      g_free (out.dst);
      return NULL;
    }
  return g_bytes_new_take (g_realloc (out.dst, out.pos), out.pos);
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
