/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/status.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* How deep an object that a field holds may be nested: in the journey it lies deeper than in the operation. */
#define SHT_FIELD_MAX_DEPTH 16

#define SHT_PHOTO_MAX_BYTES (64 * 1024 * 1024)

/**
 * ShtTie:
 * @SHT_TIE_FIRST: the value that stands stays, the other becomes a conflict to be decided
 * @SHT_TIE_LATER: the later in the hub's log wins, and the other is told
 *
 * What happens when two of the same standing change one field without having seen each other.
 */
typedef enum
{
  SHT_TIE_FIRST,
  SHT_TIE_LATER
} ShtTie;

/**
 * ShtField:
 * @type: the entity's type
 * @name: the member's name
 * @value: 's' text, 'i' whole number, 'o' object, 'a' array, 'b' yes or no
 * @create: the least role that may give it when the entity is made
 * @edit: the least role that may change it
 * @owner: the role whose value stands when two were made without seeing each other
 * @tie: what happens between two of equal standing
 * @min: smallest whole number
 * @max: largest whole number, or most characters of a text
 */
typedef struct
{
  const char *type;
  const char *name;
  char value;
  ShtRole create;
  ShtRole edit;
  ShtRole owner;
  ShtTie tie;
  gint64 min;
  gint64 max;
} ShtField;

const ShtField *sht_field_find (const char *type, const char *name);
const ShtField *sht_field_at (guint index);
gboolean sht_field_check (const ShtField *field, JsonNode *value, GError **error);
gboolean sht_field_check_all (const char *type, JsonObject *fields, GError **error);

G_END_DECLS
