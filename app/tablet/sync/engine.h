/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/store.h"
#include "tablet/sync/request.h"

G_BEGIN_DECLS

/**
 * ShtTouch:
 * @SHT_TOUCH_UNKNOWN: nothing was tried yet
 * @SHT_TOUCH_GOOD: the hub answered the last time
 * @SHT_TOUCH_NONE: it did not
 * @SHT_TOUCH_LOGIN_ENDED: it no longer knows this tablet's token; work goes on, sending waits
 * @SHT_TOUCH_SEALED: it has sealed this tablet: nothing is sent any more but what is left to be told of that
 * @SHT_TOUCH_MISFIT: it answered something that this version cannot understand
 * @SHT_TOUCH_HUB_TROUBLE: it answered that something is wrong with itself
 * @SHT_TOUCH_FULL: this tablet has no room for what the hub says
 * @SHT_TOUCH_BROKEN: this tablet's own store fails
 *
 * What is known of the way to the hub.
 */
typedef enum
{
  SHT_TOUCH_UNKNOWN,
  SHT_TOUCH_GOOD,
  SHT_TOUCH_NONE,
  SHT_TOUCH_LOGIN_ENDED,
  SHT_TOUCH_SEALED,
  SHT_TOUCH_MISFIT,
  SHT_TOUCH_HUB_TROUBLE,
  SHT_TOUCH_FULL,
  SHT_TOUCH_BROKEN
} ShtTouch;

/**
 * ShtEngineCounts:
 *
 * What the engine has done since it was made.
 */
typedef struct
{
  guint pulled;
  guint pushed;
  guint uploaded;
  guint attention;
  guint64 bytes_up;
  guint64 bytes_down;
} ShtEngineCounts;

typedef struct _ShtEngine ShtEngine;

ShtEngine *sht_engine_new (ShtStore *store) G_GNUC_WARN_UNUSED_RESULT;
void sht_engine_free (ShtEngine *engine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtEngine, sht_engine_free)

void sht_engine_set_live (ShtEngine *engine, gboolean live);
void sht_engine_set_link (ShtEngine *engine, gboolean up);
void sht_engine_set_sparing (ShtEngine *engine, gboolean sparing);
void sht_engine_poke (ShtEngine *engine);

ShtRequest *sht_engine_next (ShtEngine *engine, gint64 mono_ms) G_GNUC_WARN_UNUSED_RESULT;
void sht_engine_answer (ShtEngine *engine, ShtLane lane, ShtAnswer *answer, gint64 mono_ms);
void sht_engine_call_off (ShtEngine *engine, ShtLane lane);
gboolean sht_engine_work (ShtEngine *engine, gint64 mono_ms);
gint64 sht_engine_wake_at (ShtEngine *engine);

gboolean sht_engine_is_settled (ShtEngine *engine);
ShtTouch sht_engine_get_touch (ShtEngine *engine);
const char *sht_engine_get_problem (ShtEngine *engine);
char *sht_engine_describe (ShtEngine *engine) G_GNUC_WARN_UNUSED_RESULT;
const char *sht_engine_get_photo (ShtEngine *engine, gint64 *sent, gint64 *size);
const ShtEngineCounts *sht_engine_get_counts (ShtEngine *engine);

G_END_DECLS
