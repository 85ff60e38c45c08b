/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/json-slice.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * ShtJsonMember:
 * @text: (nullable): the text of a member that is a string, its escapes undone
 * @node: (owned) (nullable): a member that is anything else
 *
 * One member of an object that was parsed for its members alone; neither when it is absent.
 */
typedef struct
{
  const char *text;
  JsonNode *node;
} ShtJsonMember;

JsonObject *sht_json_parse_object (const char *bytes, gssize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *sht_json_parse_members (const char *bytes, gssize length, const ShtJsonName *names, guint n, ShtJsonMember *members,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sht_json_members_clear (ShtJsonMember *members, guint n);
void sht_json_append_object (GString *out, JsonObject *object);
void sht_json_append_array (GString *out, JsonArray *array);
char *sht_json_to_string (JsonObject *object) G_GNUC_WARN_UNUSED_RESULT;

const char *sht_json_string (JsonObject *object, const char *member);
gint64 sht_json_int (JsonObject *object, const char *member, gint64 otherwise);
gboolean sht_json_bool (JsonObject *object, const char *member);
gboolean sht_json_has (JsonObject *object, const char *member);
JsonObject *sht_json_object (JsonObject *object, const char *member);
JsonArray *sht_json_array (JsonObject *object, const char *member);
JsonObject *sht_json_element (JsonArray *array, guint index);
gboolean sht_json_nodes_equal (JsonNode *a, JsonNode *b);

void sht_json_set_string (JsonObject *object, const char *member, const char *value);

G_END_DECLS
