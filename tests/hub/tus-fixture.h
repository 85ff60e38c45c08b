/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hub that takes files, and a client that speaks tus to it on raw sockets. */
#pragma once

#include "http-fixture.h"

#include "hub/api/tus.h"
#include "platform/durable.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>

static const ShtHttpLimits LIMITS = { 16 * 1024, 8000, 8000, 8000, 8000, 200, 64 };

/* The hub as the uploads see it, and one served life of it. */
typedef struct
{
  char *root;    /* (owned) */
  char *uploads; /* (owned) */
  Served *served;
  ShtTus *tus; /* (unowned): the server owns it */
  Flag completed;
  gboolean already;
  gboolean refuse_complete;
} Hub;

static char *
authenticate (gpointer data, ShtHttpExchange *exchange, GError **error)
{
  const char *header = sht_http_exchange_get_header (exchange, "Authorization");

  if (header != NULL && g_str_has_prefix (header, "Bearer "))
    return g_strdup (header + strlen ("Bearer "));
  g_set_error_literal (error, SHT_HTTP_ERROR, 401, "Who are you?");
  return NULL;
}

static gboolean
may_create (gpointer data,
            const char *device,
            GHashTable *metadata,
            gint64 length,
            gboolean *already,
            GError **error)
{
  Hub *hub = data;

  *already = hub->already;
  if (g_hash_table_lookup (metadata, "forbidden") == NULL)
    return TRUE;
  g_set_error_literal (error, SHT_HTTP_ERROR, 403, "Not this file.");
  return FALSE;
}

static void
complete (gpointer data,
          const char *device,
          GHashTable *metadata,
          const char *path,
          const char *sha256,
          GAsyncReadyCallback callback,
          gpointer callback_data)
{
  Hub *hub = data;
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, callback_data);
  g_autofree char *to = g_build_filename (hub->root, sha256, NULL);
  GError *error = NULL;

  if (hub->refuse_complete)
    g_task_return_new_error (task, SHT_HTTP_ERROR, 403, "Not now.");
  else if (sht_durable_rename (path, to, &error))
    {
      flag_add (&hub->completed);
      g_task_return_boolean (task, TRUE);
    }
  else
    g_task_return_error (task, error);
}

static gboolean
complete_finish (gpointer data, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
setup (ShtHttpServer *server, gpointer data)
{
  static const ShtTusBackend backend = { authenticate, may_create, complete, complete_finish };
  Hub *hub = data;
  g_autoptr (GError) error = NULL;

  hub->tus = sht_tus_new (hub->uploads, "/v1/files", &backend, hub, &error);
  g_assert_no_error (error);
  sht_tus_attach (hub->tus, server);
  g_object_unref (hub->tus);
}

static Hub *
hub_new (void)
{
  Hub *hub = g_new0 (Hub, 1);

  hub->root = g_dir_make_tmp ("sht-tus-XXXXXX", NULL);
  hub->uploads = g_build_filename (hub->root, "uploads", NULL);
  hub->served = served_start (&LIMITS, setup, hub);
  return hub;
}

static void
hub_restart (Hub *hub)
{
  served_stop (hub->served);
  hub->served = served_start (&LIMITS, setup, hub);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

static void
hub_free (Hub *hub)
{
  served_stop (hub->served);
  remove_folder (hub->root);
  g_free (hub->root);
  g_free (hub->uploads);
  g_free (hub);
}

static guint
count_files (Hub *hub)
{
  g_autoptr (GDir) dir = g_dir_open (hub->uploads, 0, NULL);
  guint count = 0;

  while (g_dir_read_name (dir) != NULL)
    count++;
  return count;
}

static char *
metadata_for (const char *body, gsize length, const char *more)
{
  g_autofree char *sum = sht_sha256_of_bytes (body, length);
  g_autofree char *text = g_base64_encode ((const guchar *)sum, strlen (sum));

  return g_strdup_printf ("sha256 %s,filename 15HXldeoLmpwZw==%s", text, more);
}

/* Returns: (transfer full): the response. @body may be cut: @send bytes of @length go out. */
static char *
request_on (GSocketConnection *connection,
            const char *method,
            const char *path,
            const char *headers,
            const char *body,
            gsize length,
            gsize send)
{
  g_autofree char *head =
    g_strdup_printf ("%s %s HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\n"
                     "Authorization: Bearer t1\r\n%sContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
                     method, path, headers, length);

  say (connection, head);
  say_bytes (connection, body, send);
  if (send < length)
    return NULL;
  return hear_one (connection, strcmp (method, "HEAD") == 0);
}

static char *
ask (Hub *hub,
     const char *method,
     const char *path,
     const char *headers,
     const char *body,
     gsize length)
{
  g_autoptr (GSocketConnection) connection = dial (hub->served);

  return request_on (connection, method, path, headers, body, length, length);
}

static char *
header_of (const char *response, const char *name)
{
  g_autofree char *start = g_strdup_printf ("\r\n%s: ", name);
  const char *found = strstr (response, start);

  return found != NULL ? g_strndup (found + strlen (start), strcspn (found + strlen (start), "\r"))
                       : NULL;
}

/* Returns: (transfer full): the Location */
static char *
create (Hub *hub, const char *body, gsize length, const char *more)
{
  g_autofree char *metadata = metadata_for (body, length, more);
  g_autofree char *headers = g_strdup_printf (
    "Upload-Length: %" G_GSIZE_FORMAT "\r\nUpload-Metadata: %s\r\n", length, metadata);
  g_autofree char *response = ask (hub, "POST", "/v1/files", headers, "", 0);

  g_assert_cmpuint (status_of (response), ==, 201);
  return header_of (response, "Location");
}

static gint64
offset_of (Hub *hub, const char *location)
{
  g_autofree char *response = ask (hub, "HEAD", location, "", "", 0);
  g_autofree char *offset = header_of (response, "Upload-Offset");

  g_assert_cmpuint (status_of (response), ==, 200);
  assert_has (response, "Cache-Control: no-store");
  return g_ascii_strtoll (offset, NULL, 10);
}

static guint
patch (Hub *hub,
       const char *location,
       gint64 offset,
       const char *checksum,
       const char *body,
       gsize length)
{
  g_autofree char *headers = g_strdup_printf (
    "Content-Type: application/offset+octet-stream\r\nUpload-Offset: %" G_GINT64_FORMAT "\r\n%s",
    offset, checksum);
  g_autofree char *response = ask (hub, "PATCH", location, headers, body, length);

  return status_of (response);
}

#define PATCH_TYPE "Content-Type: application/offset+octet-stream\r\n"
#define HELLO "hello world"
#define HELLO_SHA1 "Upload-Checksum: sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=\r\n"

static void
assert_taken (Hub *hub, const char *body, gsize length)
{
  g_autofree char *sum = sht_sha256_of_bytes (body, length);
  g_autofree char *path = g_build_filename (hub->root, sum, NULL);
  g_autofree char *got = sht_sha256_of_file (path, NULL, NULL, NULL);

  g_assert_cmpstr (got, ==, sum);
}
