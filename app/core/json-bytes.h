/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include <string.h>
#if defined (__SSE2__) && !defined (SHT_JSON_PORTABLE)
#define SHT_JSON_SSE2
#include <emmintrin.h>
#endif

G_BEGIN_DECLS

/* Texts looked at eight or sixteen bytes at a time: most of what comes and goes is read several times over, and most bytes
 * of it mean nothing to who looks for the end of a string. */

#define SHT_JSON_EVERY(byte) (G_GUINT64_CONSTANT (0x0101010101010101) * (guint64) (byte))

static inline guint64
sht_json_load_word (const char *at)
{
  guint64 word;

  memcpy (&word, at, sizeof word);
  return GUINT64_FROM_LE (word);
}

/* The high bit of each byte that is less than @least, of 1 to 0x80; of those behind the first it may be wrong. */
static inline guint64
sht_json_below (guint64 word, guint8 least)
{
  return (word - SHT_JSON_EVERY (least)) & ~word & SHT_JSON_EVERY (0x80);
}

/**
 * sht_json_skip_space:
 *
 * Returns: the first byte from @at that is no space between JSON's parts; @end when there is none
 */
static inline const char *
sht_json_skip_space (const char *at, const char *end)
{
  /* Mostly there is none, and all of them are below what begins a part. */
  while (at < end && (guchar) *at <= ' ' && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
    at++;
  return at;
}

#ifdef SHT_JSON_SSE2
/* A bit for each of sixteen bytes, the first lowest: whether it does not stand for itself in a JSON string, or is no ASCII
 * where @only_ascii. */
static inline guint
sht_json_special (const char *at, gboolean only_ascii)
{
  __m128i chunk = _mm_loadu_si128 ((const __m128i *) (const void *) at);
  __m128i quotes = _mm_cmpeq_epi8 (chunk, _mm_set1_epi8 ('"'));
  __m128i escapes = _mm_cmpeq_epi8 (chunk, _mm_set1_epi8 ('\\'));
  /* What is no ASCII is below nought. */
  __m128i others = only_ascii ? _mm_cmplt_epi8 (chunk, _mm_set1_epi8 (0x20))
                              : _mm_cmpeq_epi8 (_mm_min_epu8 (chunk, _mm_set1_epi8 (0x1f)), chunk);

  return (guint) _mm_movemask_epi8 (_mm_or_si128 (_mm_or_si128 (quotes, escapes), others));
}
#endif

/* The first byte from @at that does not stand for itself in a JSON string, or is no ASCII where @only_ascii. */
static inline const char *
sht_json_skip (const char *at, const char *end, gboolean only_ascii)
{
#ifdef SHT_JSON_SSE2
  for (; end - at >= 16; at += 16)
    {
      guint found = sht_json_special (at, only_ascii);

      if (found != 0)
        return at + __builtin_ctz (found);
    }
#endif
  for (; end - at >= 8; at += 8)
    {
      guint64 word = sht_json_load_word (at);
      guint64 found = sht_json_below (word, 0x20) | sht_json_below (word ^ SHT_JSON_EVERY ('"'), 1)
                      | sht_json_below (word ^ SHT_JSON_EVERY ('\\'), 1);

      if (only_ascii)
        found |= word & SHT_JSON_EVERY (0x80);
      if (found != 0)
        return at + __builtin_ctzll (found) / 8;
    }
  while (at < end && (guchar) *at >= 0x20 && *at != '"' && *at != '\\' && !(only_ascii && (guchar) *at >= 0x80))
    at++;
  return at;
}

/**
 * sht_json_skip_plain:
 *
 * Returns: the first byte from @at that does not stand for itself in a JSON string: a quote, a backslash, a control
 *   character; @end when there is none
 */
static inline const char *
sht_json_skip_plain (const char *at, const char *end)
{
  return sht_json_skip (at, end, FALSE);
}

/**
 * sht_json_skip_plain_ascii:
 *
 * Returns: as sht_json_skip_plain(), but what is no ASCII ends it too
 */
static inline const char *
sht_json_skip_plain_ascii (const char *at, const char *end)
{
  return sht_json_skip (at, end, TRUE);
}

G_END_DECLS
