/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/sample/random.h"

static guint64
rotate (guint64 x, int k)
{
  return (x << k) | (x >> (64 - k));
}

/**
 * sht_sample_random_init:
 * @self: (out caller-allocates): on the stack
 * @seed: any number
 */
void
sht_sample_random_init (ShtSampleRandom *self, guint64 seed)
{
  for (int i = 0; i < 4; i++)
    {
      guint64 z = (seed += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));

      z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
      z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
      self->state[i] = z ^ (z >> 31);
    }
}

guint64
sht_sample_random_next (ShtSampleRandom *self)
{
  guint64 *s = self->state;
  guint64 result = rotate (s[1] * 5, 7) * 9;
  guint64 t = s[1] << 17;

  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate (s[3], 45);
  return result;
}

/**
 * sht_sample_random_below:
 * @limit: 0 gives 0
 *
 * Returns: a number from 0 to @limit - 1
 */
guint
sht_sample_random_below (ShtSampleRandom *self, guint limit)
{
  return (guint) (((sht_sample_random_next (self) >> 32) * limit) >> 32);
}

/**
 * sht_sample_random_between:
 * @least: the lower end, itself possible
 * @most: the upper end, itself possible; not below @least
 */
gint64
sht_sample_random_between (ShtSampleRandom *self, gint64 least, gint64 most)
{
  return least + (gint64) (sht_sample_random_next (self) % (guint64) (most - least + 1));
}

gboolean
sht_sample_random_chance (ShtSampleRandom *self, guint permille)
{
  return sht_sample_random_below (self, 1000) < permille;
}

/**
 * sht_sample_random_bytes:
 * @self: a #ShtSampleRandom
 *
 * A #ShtRandomFunc, so that ids repeat with everything else.
 */
void
sht_sample_random_bytes (gpointer self, guint8 *bytes, gsize length)
{
  guint64 word = 0;

  for (gsize i = 0; i < length; i++, word >>= 8)
    {
      if (i % 8 == 0)
        word = sht_sample_random_next (self);
      bytes[i] = (guint8) word;
    }
}
