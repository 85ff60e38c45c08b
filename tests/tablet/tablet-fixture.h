/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/sync/engine.h"
#include "tests/hub/hub-fixture.h"

/* Tablets before the real hub's logic, with nothing but calls between them. */

typedef struct
{
  Town *town;
  ShtHubDevice *device;
  ShtStore *store;
  ShtEngine *engine;
  char *folder;
  World world;
  gint64 mono;
  /* one way of failing: asked for each request, before and after it reached the hub */
  guint drop_requests_in; /* one in so many; 0 never */
  guint drop_replies_in;
  guint requests;
  GString *log;           /* method and status of each */
  GHashTable *uploads;    /* path → GByteArray */
  gboolean with_bytes;    /* the hub takes bytes with an upload's creation, and says so */
  GHashTable *lengths;    /* path → expected length */
  guint next_status;      /* answer the next request so, once */
  const char *next_retry_after;
  const char *next_body;
  ShtLane next_lane;
  guint page_rows;
  gboolean knows_its_file; /* whether the store sees that it was copied, as the programs' does */
} Tablet;

static inline gint64
tablet_boot (gpointer data)
{
  World *world = data;

  return world->now - world->set_by - 1600000000000;
}

static inline ShtStoreWorld
tablet_world (Tablet *tablet)
{
  return (ShtStoreWorld){ world_now, tablet_boot, world_random, &tablet->world, "boot-1", NULL,
                          tablet->knows_its_file ? sht_store_world ()->identify : NULL };
}

static inline void
tablet_open (Tablet *tablet)
{
  ShtStoreWorld world = tablet_world (tablet);
  g_autoptr (GError) error = NULL;

  tablet->store = sht_store_open (tablet->folder, &world, &error);
  g_assert_no_error (error);
  tablet->engine = sht_engine_new (tablet->store);
}

static inline void
tablet_enrol (Tablet *tablet, const char *role, const char *crew, const char *department)
{
  g_autoptr (JsonObject) answer = town_enrol (tablet->town, role, crew, department);
  g_autofree char *header = g_strconcat ("Bearer ", sht_json_string (answer, "token"), NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (sht_store_set_device (tablet->store, "http://127.0.0.1", answer, &error));
  g_clear_pointer (&tablet->device, sht_hub_device_free);
  tablet->device = sht_hub_authenticate (tablet->town->hub, header, &error);
  g_assert_no_error (error);
}

static inline Tablet *
tablet_new (Town *town, const char *role, const char *crew, const char *department)
{
  Tablet *tablet = g_new0 (Tablet, 1);

  tablet->town = town;
  tablet->world.now = town->world.now;
  tablet->world.seed = town->world.seed * 31 + 7;
  tablet->mono = 1000;
  tablet->page_rows = 3;
  tablet->next_lane = SHT_N_LANES;
  tablet->log = g_string_new (NULL);
  tablet->uploads = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_byte_array_unref);
  tablet->lengths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  tablet->folder = g_dir_make_tmp ("tablet-XXXXXX", NULL);
  tablet_open (tablet);
  tablet_enrol (tablet, role, crew, department);
  return tablet;
}

static inline void
tablet_close (Tablet *tablet)
{
  sht_engine_free (tablet->engine);
  sht_store_close (tablet->store);
}

static inline void
tablet_free (Tablet *tablet)
{
  tablet_close (tablet);
  remove_tree (tablet->folder);
  sht_hub_device_free (tablet->device);
  g_string_free (tablet->log, TRUE);
  g_hash_table_unref (tablet->uploads);
  g_hash_table_unref (tablet->lengths);
  g_free (tablet->folder);
  g_free (tablet);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Tablet, tablet_free)

static inline void
set_header (ShtAnswer *answer, const char *name, const char *value)
{
  g_hash_table_replace (answer->headers, g_strdup (name), g_strdup (value));
}

static inline ShtAnswer *
answer_text (guint status, const char *text)
{
  ShtAnswer *answer = sht_answer_new (status);

  answer->body = g_bytes_new (text, strlen (text));
  return answer;
}

static inline ShtAnswer *
answer_error (const GError *error)
{
  guint status = error->domain != SHT_HUB_ERROR               ? 503
                 : error->code == SHT_HUB_ERROR_RESYNC        ? 410
                 : error->code == SHT_HUB_ERROR_TOO_LARGE     ? 413
                 : error->code == SHT_HUB_ERROR_UNAUTHORISED  ? 401
                 : error->code == SHT_HUB_ERROR_INCARNATION   ? 409
                 : error->code == SHT_HUB_ERROR_NOT_FOUND     ? 404
                 : error->code == SHT_HUB_ERROR_FORBIDDEN     ? 403
                 : error->code == SHT_HUB_ERROR_UNSUPPORTED   ? 415
                                                              : 400;
  g_autofree char *body = g_strdup_printf ("{\"error\":\"%s\",\"message\":\"%s\"}", status == 409 ? "incarnation" : "x", error->message);

  return answer_text (status, body);
}

static inline const char *
header_of (ShtRequest *request, const char *name)
{
  for (guint i = 0; i + 1 < request->headers->len; i += 2)
    if (g_ascii_strcasecmp (g_ptr_array_index (request->headers, i), name) == 0)
      return g_ptr_array_index (request->headers, i + 1);
  return NULL;
}

/* The next bytes of an upload; at its end the photo is the hub's. Gives an answer when something is wrong with them. */
static inline ShtAnswer *
take_tus (Tablet *tablet, const char *upload, ShtRequest *request)
{
  GByteArray *bytes = g_hash_table_lookup (tablet->uploads, upload);

  g_byte_array_append (bytes, g_bytes_get_data (request->body, NULL), (guint) g_bytes_get_size (request->body));
  if (bytes->len == GPOINTER_TO_UINT (g_hash_table_lookup (tablet->lengths, upload)))
    {
      g_autofree char *sha = sht_sha256_of_bytes (bytes->data, bytes->len);
      g_autofree char *path = g_build_filename (tablet->town->folder, "upload", NULL);
      g_autoptr (GError) error = NULL;

      g_assert_true (g_file_set_contents (path, (const char *) bytes->data, bytes->len, NULL));
      if (!sht_hub_take_photo (tablet->town->hub, tablet->device, sha, path, &error))
        {
          g_assert_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_UNSUPPORTED);
          return answer_error (error);
        }
    }
  return NULL;
}

/* Whether the hub knows the photo whose bytes are announced. */
static inline gboolean
may_upload (Tablet *tablet, ShtRequest *request, GError **error)
{
  const char *coded = strstr (header_of (request, "Upload-Metadata"), "sha256 ") + strlen ("sha256 ");
  g_autofree char *base64 = g_strndup (coded, strcspn (coded, ","));
  gsize length;
  g_autofree guchar *bytes = g_base64_decode (base64, &length);
  g_autofree char *sha256 = g_strndup ((const char *) bytes, length);
  gboolean already;

  return sht_hub_may_upload (tablet->town->hub, tablet->device, sha256, atoi (header_of (request, "Upload-Length")), &already, error);
}

/* A tus server of a few lines. */
static inline ShtAnswer *
answer_tus (Tablet *tablet, ShtRequest *request)
{
  GByteArray *bytes = g_hash_table_lookup (tablet->uploads, request->path);
  g_autofree char *offset = NULL;
  ShtAnswer *answer;

  if (g_str_equal (request->method, "POST"))
    {
      g_autofree char *path = g_strdup_printf ("/v1/files/%u", g_hash_table_size (tablet->lengths) + 1);
      g_autofree char *location = g_strconcat ("http://hub", path, NULL);
      g_autoptr (GError) error = NULL;

      if (!may_upload (tablet, request, &error))
        return answer_error (error);
      g_hash_table_replace (tablet->uploads, g_strdup (path), g_byte_array_new ());
      g_hash_table_replace (tablet->lengths, g_strdup (path), GINT_TO_POINTER (atoi (header_of (request, "Upload-Length"))));
      if (!tablet->with_bytes)
        g_assert_null (request->body);
      answer = request->body != NULL ? take_tus (tablet, path, request) : NULL;
      if (answer != NULL)
        return answer;
      answer = sht_answer_new (201);
      set_header (answer, "location", location);
      if (tablet->with_bytes)
        set_header (answer, "tus-extension", "creation,creation-with-upload");
      bytes = g_hash_table_lookup (tablet->uploads, path);
      offset = g_strdup_printf ("%u", bytes->len);
      set_header (answer, "upload-offset", offset);
      return answer;
    }
  if (bytes == NULL)
    return sht_answer_new (404);
  if (g_str_equal (request->method, "PATCH"))
    {
      if (g_ascii_strtoull (header_of (request, "Upload-Offset"), NULL, 10) != bytes->len)
        return sht_answer_new (409);
      answer = take_tus (tablet, request->path, request);
      if (answer != NULL)
        return answer;
    }
  answer = sht_answer_new (g_str_equal (request->method, "HEAD") ? 200 : 204);
  offset = g_strdup_printf ("%u", bytes->len);
  set_header (answer, "upload-offset", offset);
  return answer;
}

static inline GBytes *
file_of_hub (Tablet *tablet, const char *sha256, GError **error)
{
  g_autofree char *path = sht_hub_photo_path (tablet->town->hub, sha256);
  char *data;
  gsize length;

  if (!sht_hub_may_see_photo (tablet->town->hub, tablet->device, sha256, error))
    return NULL;
  g_assert_true (g_file_get_contents (path, &data, &length, NULL));
  return g_bytes_new_take (data, length);
}

static inline ShtAnswer *
answer_of_hub (Tablet *tablet, ShtRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = NULL;
  ShtAnswer *answer;

  if (g_str_has_prefix (request->path, "/v1/files/"))
    return answer_tus (tablet, request);
  if (g_str_has_prefix (request->path, "/v1/photos/"))
    body = file_of_hub (tablet, request->path + strlen ("/v1/photos/"), &error);
  else if (g_str_equal (request->path, "/v1/positions"))
    {
      char *text = sht_hub_take_positions (tablet->town->hub, tablet->device, g_bytes_get_data (request->body, NULL),
                                           g_bytes_get_size (request->body), &error);

      body = text != NULL ? g_bytes_new_take (text, strlen (text)) : NULL;
    }
  else if (g_str_has_prefix (request->path, "/v1/sync/push"))
    body = sht_hub_push (tablet->town->hub, tablet->device, g_bytes_get_data (request->body, NULL), g_bytes_get_size (request->body), &error);
  else
    {
      g_autofree char *escaped = g_strndup (strstr (request->path, "cursor=") + 7, strcspn (strstr (request->path, "cursor=") + 7, "&"));
      g_autofree char *cursor = g_uri_unescape_string (escaped, NULL);
      gboolean empty;

      body = sht_hub_pull (tablet->town->hub, tablet->device, cursor, tablet->page_rows, &empty, &error);
    }
  if (error != NULL)
    return answer_error (error);
  answer = sht_answer_new (200);
  answer->body = g_bytes_ref (body);
  return answer;
}

static inline gboolean
one_in (guint n)
{
  return n > 0 && g_test_rand_int_range (0, (gint32) n) == 0;
}

static inline ShtAnswer *
tablet_carry (Tablet *tablet, ShtRequest *request)
{
  g_autoptr (ShtAnswer) answer = NULL;

  tablet->requests++;
  if (tablet->next_status > 0 && (tablet->next_lane == SHT_N_LANES || tablet->next_lane == request->lane))
    {
      answer = answer_text (tablet->next_status, tablet->next_body != NULL ? tablet->next_body : "");
      if (tablet->next_retry_after != NULL)
        set_header (answer, "retry-after", tablet->next_retry_after);
      tablet->next_status = 0;
    }
  else if (one_in (tablet->drop_requests_in))
    answer = sht_answer_new (0);
  else
    answer = answer_of_hub (tablet, request);
  if (one_in (tablet->drop_replies_in))
    {
      sht_answer_free (answer);
      answer = sht_answer_new (0);
    }
  g_string_append_printf (tablet->log, "%s %u,", request->method, answer->status);
  return g_steal_pointer (&answer);
}

/* Runs until all is settled, or until so much virtual time has passed. */
static inline gboolean
tablet_sync (Tablet *tablet, gint64 patience_ms)
{
  gint64 until = tablet->mono + patience_ms;
  guint idle = 0, requests = 0;

  sht_engine_poke (tablet->engine);
  while (!sht_engine_is_settled (tablet->engine))
    {
      g_autoptr (ShtRequest) request = sht_engine_next (tablet->engine, tablet->mono);
      gint64 wake;

      if (request != NULL)
        {
          g_autoptr (ShtAnswer) answer = tablet_carry (tablet, request);

          /* nothing is sent without end */
          g_assert_cmpuint (++requests, <, 5000);
          tablet->mono += 10;
          tablet->world.now += 10;
          sht_engine_answer (tablet->engine, request->lane, answer, tablet->mono);
          idle = 0;
          continue;
        }
      if (sht_engine_work (tablet->engine, tablet->mono))
        continue;
      if (sht_engine_is_settled (tablet->engine))
        break;
      wake = sht_engine_wake_at (tablet->engine);
      /* the timer is always armed again, and never for a moment that has passed */
      g_assert_cmpint (wake, <, G_MAXINT64);
      g_assert_cmpuint (++idle, <, 3);
      g_assert_cmpint (wake, >, tablet->mono);
      if (wake > until)
        return FALSE;
      tablet->world.now += wake - tablet->mono;
      tablet->mono = wake;
    }
  return TRUE;
}

/* So long, requests of some lanes do not leave the tablet, or, with @status, are answered so in the hub's name.
 *
 * Returns: how many got none of the hub's */
static inline guint
run_without (Tablet *tablet, guint lanes, guint status, gint64 ms)
{
  gint64 until = tablet->mono + ms;
  guint n = 0;

  while (tablet->mono < until)
    {
      g_autoptr (ShtRequest) request = sht_engine_next (tablet->engine, tablet->mono);
      g_autoptr (ShtAnswer) answer = NULL;
      gint64 passed = 10;

      if (request != NULL)
        {
          gboolean none = (lanes >> request->lane & 1) != 0;

          answer = !none         ? tablet_carry (tablet, request)
                   : status == 0 ? sht_answer_new (0)
                                 : answer_text (status, tablet->next_body != NULL ? tablet->next_body : "{\"error\":\"x\",\"message\":\"x\"}");
          answer->unsent = answer->status == 0 && none;
          n += none;
        }
      else if (!sht_engine_work (tablet->engine, tablet->mono))
        passed = MAX (passed, MIN (until, sht_engine_wake_at (tablet->engine)) - tablet->mono);
      tablet->mono += passed;
      tablet->world.now += passed;
      if (request != NULL)
        sht_engine_answer (tablet->engine, request->lane, answer, tablet->mono);
    }
  return n;
}

/* What rule (b) of the oracle asks: base equals hub, scope by scope. */
static inline void
assert_agrees (Tablet *tablet)
{
  g_auto (GStrv) scopes = sht_hub_scopes_of_device (tablet->town->hub, tablet->device, NULL);

  for (guint i = 0; scopes[i] != NULL; i++)
    {
      g_autofree char *text = sht_hub_check (tablet->town->hub, tablet->device, scopes[i], "", NULL);
      g_autoptr (JsonObject) there = sht_json_parse_object (text, -1, NULL);
      g_autofree char *sum = NULL;
      ShtDigestSum here;

      g_assert_true (sht_store_digest (tablet->store, scopes[i], "", &here, NULL));
      sum = g_strdup_printf ("%016" G_GINT64_MODIFIER "x", here.sum);
      g_assert_cmpint (here.count, ==, sht_json_int (there, "count", -1));
      g_assert_cmpstr (sum, ==, sht_json_string (there, "sum"));
    }
}

static inline gint64
tablet_count (Tablet *tablet, const char *sql)
{
  ShtStmt *stmt = sht_db_query_built (tablet->store->db, sql);
  gint64 n = sht_stmt_step (stmt) ? sht_stmt_int (stmt, 0) : -1;
  g_autoptr (GError) error = NULL;

  sht_stmt_end (stmt, &error);
  g_assert_no_error (error);
  return n;
}

static inline void
tablet_note (Tablet *tablet, const char *ticket, const char *text)
{
  g_autoptr (GError) error = NULL;

  sht_store_note (tablet->store, ticket, text, &error);
  g_assert_no_error (error);
}

static inline char *
tablet_status (Tablet *tablet, const char *ticket)
{
  return sht_db_get_text (tablet->store->db, NULL, "SELECT status FROM ticket WHERE id = ?1", "s", ticket);
}

#define assert_status(tablet, ticket, expected)                                                                 \
  G_STMT_START                                                                                                  \
  {                                                                                                             \
    g_autofree char *is = tablet_status ((tablet), (ticket));                                                   \
    g_assert_cmpstr (is, ==, (expected));                                                                       \
  }                                                                                                             \
  G_STMT_END

static inline void
set_title (Tablet *tablet, const char *ticket, const char *title)
{
  g_autoptr (ShtOperation) op = sht_store_new_operation (tablet->store, SHT_KIND_TICKET_SET, ticket);
  g_autoptr (GError) error = NULL;

  json_object_set_string_member (op->fields, "title", title);
  sht_store_act (tablet->store, op, &error);
  g_assert_no_error (error);
}

static inline char *
tablet_report (Tablet *tablet, const char *service)
{
  char *id = sht_store_new_id (tablet->store);
  g_autoptr (ShtOperation) op = sht_store_new_operation (tablet->store, SHT_KIND_TICKET_CREATE, id);
  g_autoptr (GError) error = NULL;

  json_object_set_string_member (op->fields, "service", service);
  json_object_set_int_member (op->fields, "lat_e7", 312400000);
  json_object_set_int_member (op->fields, "lon_e7", 346000000);
  sht_store_act (tablet->store, op, &error);
  g_assert_no_error (error);
  return id;
}

static inline char *
tablet_photo_as (Tablet *tablet, const char *ticket, const char *role, guint size, guint fill)
{
  g_autofree char *data = g_malloc (size);
  g_autoptr (JsonObject) photo = json_object_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *sha = NULL;
  g_autoptr (GError) error = NULL;
  gboolean already;

  memset (data, (int) fill, size);
  bytes = g_bytes_new (data, size);
  g_assert_true (sht_store_keep_blob (tablet->store, bytes, &sha, NULL));
  json_object_set_string_member (photo, "sha256", sha);
  json_object_set_string_member (photo, "source_sha256", sha);
  json_object_set_int_member (photo, "size", size);
  sht_json_set_string (photo, "role", role);
  sht_store_attach (tablet->store, ticket, photo, NULL, &already, &error);
  g_assert_no_error (error);
  return already ? NULL : g_strdup (sht_json_string (photo, "id"));
}

static inline char *
tablet_photo (Tablet *tablet, const char *ticket, guint size, guint fill)
{
  return tablet_photo_as (tablet, ticket, NULL, size, fill);
}
