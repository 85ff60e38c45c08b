/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/status.h"
#include "tablet/store/store.h"

G_BEGIN_DECLS

/**
 * ShtMark:
 * @SHT_MARK_NONE: nothing was done here
 * @SHT_MARK_LOCAL: ○ on this tablet
 * @SHT_MARK_SENT: ◐ sent, outcome not known yet
 * @SHT_MARK_CONFIRMED: ● taken in by the hub
 * @SHT_MARK_ATTENTION: the hub could not take it as it is; a person decides
 */
typedef enum
{
  SHT_MARK_NONE,
  SHT_MARK_LOCAL,
  SHT_MARK_SENT,
  SHT_MARK_CONFIRMED,
  SHT_MARK_ATTENTION
} ShtMark;

void sht_words_init (const char *locale_folder);
void sht_words_set_language (const char *language);
const char *sht_words_language (void);
gboolean sht_words_is_rtl (void);

const char *sht_words_status (ShtStatus status);
const char *sht_words_status_shape (ShtStatus status);
const char *sht_words_waiting_for (const char *whom);
const char *sht_words_source (const char *source);
const char *sht_words_mark (ShtMark mark);
const char *sht_words_mark_shape (ShtMark mark);
ShtMark sht_words_mark_parse (const char *state);

char *sht_words_span (gint64 ms) G_GNUC_WARN_UNUSED_RESULT;
char *sht_words_left (gint64 due_ms, gint64 now_ms) G_GNUC_WARN_UNUSED_RESULT;
char *sht_words_ago (gint64 at_ms, gint64 now_ms) G_GNUC_WARN_UNUSED_RESULT;
char *sht_words_when (gint64 at_ms, gint64 now_ms) G_GNUC_WARN_UNUSED_RESULT;
char *sht_words_distance (double metres) G_GNUC_WARN_UNUSED_RESULT;
char *sht_words_size (gint64 bytes) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
