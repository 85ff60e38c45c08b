/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ShtJsonSlice:
 * @at: (nullable): where the value begins, in bytes that belong to somebody else
 * @length: how many bytes it has; 0 when there is no value
 *
 * One JSON value as its own bytes, so that what is handed on is what came: a number keeps its digits,
 * a string its escapes. Only made of bytes that passed sht_json_guard(); the functions here rely on it.
 */
typedef struct {
  const char *at;
  gsize length;
} ShtJsonSlice;

typedef enum {
  SHT_JSON_ABSENT, /* no value, or null, which means the same */
  SHT_JSON_OBJECT,
  SHT_JSON_ARRAY,
  SHT_JSON_STRING,
  SHT_JSON_NUMBER,
  SHT_JSON_BOOLEAN,
} ShtJsonKind;

/**
 * ShtJsonName:
 * @name: a member's name
 * @length: how many bytes
 */
typedef struct {
  const char *name;
  gsize length;
} ShtJsonName;

/* Of a literal. */
#define SHT_JSON_NAME(name) { name, sizeof name - 1 }

#define SHT_JSON_FINDER_SLOTS 64
#define SHT_JSON_SEVERAL 255

/**
 * ShtJsonFinder:
 *
 * Tells which of some names a member has, without comparing it to each.
 */
typedef struct {
  /*< private >*/
  const ShtJsonName *names;
  guint n;
  guint8 slots[SHT_JSON_FINDER_SLOTS]; /* a name's number from 1 on, or SHT_JSON_SEVERAL; 0 for none */
} ShtJsonFinder;

/**
 * ShtJsonIter:
 *
 * Walks over the members of an object or an array; on the stack, nothing to free.
 */
typedef struct {
  /*< private >*/
  const char *at;
  const char *end;
  gboolean object;
} ShtJsonIter;

ShtJsonSlice sht_json_slice_root (const char *bytes, gsize length);
ShtJsonKind sht_json_slice_kind (ShtJsonSlice value);

void sht_json_iter_init (ShtJsonIter *iter, ShtJsonSlice container);
gboolean sht_json_iter_next (ShtJsonIter *iter, ShtJsonSlice *key, ShtJsonSlice *value);
guint sht_json_slice_count (ShtJsonSlice container);
ShtJsonSlice sht_json_slice_member (ShtJsonSlice object, const char *name);
void sht_json_finder_init (ShtJsonFinder *finder, const ShtJsonName *names, guint n);
guint sht_json_finder_find (const ShtJsonFinder *finder, ShtJsonSlice key);
void sht_json_slice_members (ShtJsonSlice object, const ShtJsonName *names, guint n, ShtJsonSlice *values);

char *sht_json_slice_string (ShtJsonSlice value) G_GNUC_WARN_UNUSED_RESULT;
char *sht_json_slice_member_string (ShtJsonSlice object, const char *name) G_GNUC_WARN_UNUSED_RESULT;
char *sht_json_read_member (const char *bytes, gssize length, const char *name) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_json_slice_equals (ShtJsonSlice value, const char *text);
gboolean sht_json_slice_int (ShtJsonSlice value, gint64 *result);
double sht_json_slice_double (ShtJsonSlice value);
gboolean sht_json_slice_scaled (ShtJsonSlice value, guint digits, gint64 *result);

void sht_json_append_slice (GString *out, ShtJsonSlice value);
void sht_json_append_string (GString *out, const char *text);
void sht_json_append_key (GString *out, const char *name);
void sht_json_append_member (GString *out, const char *name, const char *text);
void sht_json_append_int (GString *out, gint64 value);
void sht_json_append_member_int (GString *out, const char *name, gint64 value);

G_END_DECLS
