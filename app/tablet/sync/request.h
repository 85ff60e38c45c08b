/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ShtLane:
 *
 * What goes its own way to or from the hub, with its own retry: a slow photo never delays a status.
 */
typedef enum
{
  SHT_LANE_PUSH,
  SHT_LANE_PULL,
  SHT_LANE_THUMBS,
  SHT_LANE_PHOTOS,
  SHT_LANE_VOICES, /* those of others, which come */
  SHT_LANE_POSITIONS,
  SHT_LANE_MAPS,   /* which come too, behind all else */
  SHT_N_LANES
} ShtLane;

/**
 * ShtRequest:
 * @lane: where its answer belongs
 * @method: GET, POST, HEAD or PATCH
 * @path: (owned): path and query at the hub
 * @headers: (owned) (element-type utf8): name, value, name, value, …
 * @content_type: (nullable): of the body
 * @body: (owned) (nullable): what is sent
 * @timeout_s: seconds without a byte after which it has failed
 */
typedef struct
{
  ShtLane lane;
  const char *method;
  char *path;
  GPtrArray *headers;
  const char *content_type;
  GBytes *body;
  guint timeout_s;
} ShtRequest;

/**
 * ShtAnswer:
 * @status: HTTP's status, 0 when there was no answer
 * @headers: (owned): name in lower case → value
 * @body: (owned) (nullable): what came
 * @problem: (owned) (nullable): for status 0, what went wrong, in plain English
 * @unsent: for status 0, whether it is certain that nothing has left this machine
 */
typedef struct
{
  guint status;
  GHashTable *headers;
  GBytes *body;
  char *problem;
  gboolean unsent;
} ShtAnswer;

ShtRequest *sht_request_new (ShtLane lane, const char *method, const char *path) G_GNUC_WARN_UNUSED_RESULT;
void sht_request_set_header (ShtRequest *request, const char *name, const char *value);
void sht_request_free (ShtRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtRequest, sht_request_free)

ShtAnswer *sht_answer_new (guint status) G_GNUC_WARN_UNUSED_RESULT;
const char *sht_answer_header (ShtAnswer *answer, const char *lower_case_name);
gint64 sht_answer_number (ShtAnswer *answer, const char *lower_case_name);
char *sht_answer_error_code (ShtAnswer *answer) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_answer_is_the_hubs (ShtAnswer *answer);
void sht_answer_free (ShtAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtAnswer, sht_answer_free)

G_END_DECLS
