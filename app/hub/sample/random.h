/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ShtSampleRandom:
 *
 * xoshiro256** seeded by splitmix64 (Blackman and Vigna): the same numbers for the same seed on every
 * machine and with every version of GLib. For sample data only; no secret may come from it.
 */
typedef struct {
  /*< private >*/
  guint64 state[4];
} ShtSampleRandom;

void sht_sample_random_init (ShtSampleRandom *self, guint64 seed);
guint64 sht_sample_random_next (ShtSampleRandom *self);
guint sht_sample_random_below (ShtSampleRandom *self, guint limit);
gint64 sht_sample_random_between (ShtSampleRandom *self, gint64 least, gint64 most);
gboolean sht_sample_random_chance (ShtSampleRandom *self, guint permille);
void sht_sample_random_bytes (gpointer self, guint8 *bytes, gsize length);

G_END_DECLS
