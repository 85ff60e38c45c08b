/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "platform/pack.h"

#include <string.h>

G_BEGIN_DECLS

/* Lines of JSON, packed: what no compressor can foresee, such as the random bits of a UUID, is lifted out of the
 * text as plain bits, times and other numbers as their distance from an earlier one. What is left of a line is
 * then nearly the line before it. PROTOCOL.md has the form. */

#define ID_LENGTH 36
#define ID_BYTES 16
#define ID_TIME 6 /* bytes of a UUIDv7 that are its time */
#define HEX_LENGTH 16
#define HEX_BYTES 8
#define TIME_DIGITS 13
#define LEAST_DIGITS 4
#define MOST_DIGITS 15
#define RECENT 16

/* What stands in the text for what was lifted out of it: bytes that no JSON holds. */
enum
{
  MARK_UUID7 = 1,  /* a UUIDv7 (RFC 9562) that is new */
  MARK_UUID,       /* another UUID that is */
  MARK_AGAIN,      /* one that came before */
  MARK_HEX,        /* sixteen hexadecimal digits */
  MARK_DIGITS = 16 /* and as many more as a number has digits */
};

#define N_MARKS (MARK_DIGITS + MOST_DIGITS + 1)

enum
{
  TEXT,
  TIMES,
  NUMBERS,
  AGAIN,
  BITS,
  N_STREAMS
};

/* The most that five numbers of 64 bits take. */
#define LENGTHS_BYTES (N_STREAMS * 10)

/* What both sides keep alike. */
typedef struct
{
  gint64 recent[RECENT];           /* times that differ, the last one first */
  gint64 numbers[MOST_DIGITS + 1]; /* the last of as many digits */
} Memory;

static inline void
remember_time (Memory *memory, gint64 time, guint at)
{
  memmove (memory->recent + 1, memory->recent, at * sizeof *memory->recent);
  memory->recent[0] = time;
}

G_END_DECLS
