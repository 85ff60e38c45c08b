/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/status.h"
#include "tablet/store/store.h"

G_BEGIN_DECLS

/* What the store holds, in a person's words and language. */

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

/**
 * ShtLanguage:
 * @code: as ISO 639-1 has it
 * @name: in itself
 * @is_rtl: whether it is written from right to left
 *
 * A language that the window speaks.
 */
typedef struct
{
  const char *code;
  const char *name;
  gboolean is_rtl;
} ShtLanguage;

#define SHT_N_LANGUAGES 4
extern const ShtLanguage sht_languages[SHT_N_LANGUAGES];

void sht_words_init (const char *locale_folder);
void sht_words_set_language (const char *language);
const char *sht_words_language (void);
gboolean sht_words_is_rtl (void);
char *sht_words_isolated (const char *text) G_GNUC_WARN_UNUSED_RESULT;
char *sht_words_translated (JsonObject *object, const char *plain, const char *by_language) G_GNUC_WARN_UNUSED_RESULT;

const char *sht_words_status (ShtStatus status);
const char *sht_words_status_shape (ShtStatus status);
const char *sht_words_waiting_for (const char *whom);
const char *sht_words_source (const char *code);
const char *sht_words_resident_language (const char *code);
const char *sht_words_photo_role (const char *role);
char *sht_words_fingerprint (const char *sha256) G_GNUC_WARN_UNUSED_RESULT;
const char *sht_words_mark (ShtMark mark);
const char *sht_words_proof (ShtMark mark);
const char *sht_words_mark_shape (ShtMark mark);
ShtMark sht_words_mark_parse (const char *state);

char *sht_words_span (gint64 ms) G_GNUC_WARN_UNUSED_RESULT;
char *sht_words_left (gint64 due_ms, gint64 now_ms) G_GNUC_WARN_UNUSED_RESULT;
char *sht_words_target (JsonObject *owed) G_GNUC_WARN_UNUSED_RESULT;
char *sht_words_due (gint64 due_ms, const char *target, gint64 now_ms) G_GNUC_WARN_UNUSED_RESULT;
char *sht_words_ago (gint64 at_ms, gint64 now_ms) G_GNUC_WARN_UNUSED_RESULT;
char *sht_words_when (gint64 at_ms, gint64 now_ms) G_GNUC_WARN_UNUSED_RESULT;
char *sht_words_number (double number, int places) G_GNUC_WARN_UNUSED_RESULT;
char *sht_words_distance (double metres) G_GNUC_WARN_UNUSED_RESULT;
char *sht_words_size (gint64 bytes) G_GNUC_WARN_UNUSED_RESULT;
gint64 sht_words_time (JsonObject *view, const char *member);

const char *sht_words_image_error (const GError *error);
gboolean sht_words_is_damage (const char *warning);

G_END_DECLS
