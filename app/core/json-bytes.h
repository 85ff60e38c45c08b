/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include <string.h>

G_BEGIN_DECLS

/* Texts looked at eight bytes at a time: most of what comes and goes is read several times over, and most bytes of
 * it mean nothing to who looks for the end of a string. */

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
 * sht_json_skip_plain:
 *
 * Returns: the first byte from @at that does not stand for itself in a JSON string: a quote, a backslash, a control
 *   character; @end when there is none
 */
static inline const char *
sht_json_skip_plain (const char *at, const char *end)
{
  for (; end - at >= 8; at += 8)
    {
      guint64 word = sht_json_load_word (at);
      guint64 found = sht_json_below (word, 0x20) | sht_json_below (word ^ SHT_JSON_EVERY ('"'), 1)
                      | sht_json_below (word ^ SHT_JSON_EVERY ('\\'), 1);

      if (found != 0)
        return at + __builtin_ctzll (found) / 8;
    }
  while (at < end && (guchar) *at >= 0x20 && *at != '"' && *at != '\\')
    at++;
  return at;
}

/**
 * sht_json_skip_ascii:
 *
 * Returns: the first byte from @at that is nought or no ASCII; @end when there is none
 */
static inline const char *
sht_json_skip_ascii (const char *at, const char *end)
{
  for (; end - at >= 8; at += 8)
    {
      guint64 word = sht_json_load_word (at);
      guint64 found = (word & SHT_JSON_EVERY (0x80)) | sht_json_below (word, 1);

      if (found != 0)
        return at + __builtin_ctzll (found) / 8;
    }
  while (at < end && *at > 0)
    at++;
  return at;
}

G_END_DECLS
