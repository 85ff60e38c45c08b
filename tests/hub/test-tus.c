/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tus-fixture.h"

#include <unistd.h>

static void
test_whole (void)
{
  Hub *hub = hub_new ();
  g_autofree char *location = create (hub, HELLO, 11, "");
  g_autofree char *head = ask (hub, "HEAD", location, "", "", 0);

  g_assert_true (g_str_has_prefix (location, "/v1/files/"));
  g_assert_cmpuint (strlen (location), ==, strlen ("/v1/files/") + 32);
  assert_has (head, "Upload-Offset: 0\r\n");
  assert_has (head, "Upload-Length: 11\r\n");
  assert_has (head, ",filename 15HXldeoLmpwZw==\r\n");
  assert_has (head, "Upload-Expires: ");
  assert_has (head, "Tus-Resumable: 1.0.0\r\n");
  g_assert_cmpuint (patch (hub, location, 0, HELLO_SHA1, HELLO, 11), ==, 204);
  g_assert_cmpint (hub->completed.value, ==, 1);
  assert_taken (hub, HELLO, 11);
  g_assert_cmpint (offset_of (hub, location), ==, 11);
  /* The last answer was lost: the same again, and the empty rest. */
  g_assert_cmpuint (patch (hub, location, 0, "", HELLO, 11), ==, 409);
  g_assert_cmpuint (patch (hub, location, 11, "", "", 0), ==, 204);
  hub_restart (hub);
  g_assert_cmpint (offset_of (hub, location), ==, 11);
  g_assert_cmpint (hub->completed.value, ==, 1);
  hub_free (hub);
}

static void
test_statuses (void)
{
  Hub *hub = hub_new ();
  g_autofree char *location = create (hub, HELLO, 11, "");
  g_autofree char *good = metadata_for (HELLO, 11, "");
  g_autofree char *meta = g_strdup_printf ("Upload-Metadata: %s\r\n", good);
  g_autofree char *forbidden =
    g_strdup_printf ("Upload-Length: 11\r\nUpload-Metadata: %s,forbidden \r\n", good);
  g_autofree char *both = g_strconcat ("Upload-Length: 11\r\n", meta, NULL);
  g_autofree char *typed = g_strconcat (both, "Content-Type: text/plain\r\n", NULL);
  g_autofree char *defer = g_strconcat (meta, "Upload-Defer-Length: 1\r\n", NULL);
  g_autofree char *big = g_strconcat (meta, "Upload-Length: 67108865\r\n", NULL);
  g_autofree char *huge = g_strconcat (meta, "Upload-Length: 99999999999999999999\r\n", NULL);
  g_autofree char *negative = g_strconcat (meta, "Upload-Length: -1\r\n", NULL);
  g_autofree char *zero = g_strconcat (meta, "Upload-Length: 011\r\n", NULL);
  g_autofree char *concat = g_strconcat (both, "Upload-Concat: partial\r\n", NULL);
  const struct
  {
    const char *method, *path, *headers, *body;
    guint status;
    const char *has;
  } rows[] = {
    { "OPTIONS", "/v1/files", "", "", 204,
      "Tus-Extension: creation,creation-with-upload,checksum,expiration,termination\r\n" },
    { "OPTIONS", location, "", "", 204, "Tus-Max-Size: 67108864\r\n" },
    { "OPTIONS", "/v1/files", "", "", 204, "Tus-Checksum-Algorithm: sha256,sha1\r\n" },
    { "POST", "/v1/files", "Upload-Length: 11\r\n", "", 400, "sha256" },
    { "POST", "/v1/files", meta, "", 400, "Upload-Length" },
    { "POST", "/v1/files", negative, "", 400, "Upload-Length" },
    { "POST", "/v1/files", zero, "", 400, "Upload-Length" },
    { "POST", "/v1/files", huge, "", 400, "Upload-Length" },
    { "POST", "/v1/files", defer, "", 400, "unknown length" },
    { "POST", "/v1/files", concat, "", 400, "concatenation" },
    { "POST", "/v1/files", big, "", 413, "64 MiB" },
    { "POST", "/v1/files", typed, "x", 415, "offset+octet-stream" },
    { "POST", "/v1/files", forbidden, "", 403, "Not this file." },
    { "POST", "/v1/files", "Upload-Length: 11\r\nUpload-Metadata: sha256 ?\r\n", "", 400,
      "base64" },
    { "POST", "/v1/files", "Upload-Length: 11\r\nUpload-Metadata: a ,a \r\n", "", 400,
      "each once" },
    { "GET", location, "", "", 405, "Allow: OPTIONS, HEAD, PATCH, DELETE\r\n" },
    { "PUT", "/v1/files", "", "", 405, "Allow: OPTIONS, POST\r\n" },
    { "HEAD", "/v1/files/00000000000000000000000000000000", "", "", 404, "Tus-Resumable" },
    { "HEAD", "/v1/files/../../etc/passwd", "", "", 404, "" },
    { "PATCH", "/v1/files/x", PATCH_TYPE "Upload-Offset: 0\r\n", "a", 404, "not_found" },
    { "PATCH", location, "Upload-Offset: 0\r\n", "a", 415, "unsupported_type" },
    { "PATCH", location, PATCH_TYPE, "a", 400, "Upload-Offset" },
    { "PATCH", location, PATCH_TYPE "Upload-Offset: +0\r\n", "a", 400, "Upload-Offset" },
    { "PATCH", location, PATCH_TYPE "Upload-Offset: 5\r\n", "a", 409, "conflict" },
    { "PATCH", location, PATCH_TYPE "Upload-Offset: 0\r\n", "hello world!", 413, "too_large" },
    { "PATCH", location, PATCH_TYPE "Upload-Offset: 0\r\nUpload-Checksum: md5 AAAA\r\n", "a", 400,
      "sha1" },
    { "PATCH", location, PATCH_TYPE "Upload-Offset: 0\r\nUpload-Checksum: sha1 AAAA\r\n", "a", 400,
      "digest" },
    { "PATCH", location, PATCH_TYPE "Upload-Offset: 0\r\n" HELLO_SHA1, "hel", 460,
      "\"checksum_mismatch\"" },
    { "PATCH", location, PATCH_TYPE "Upload-Offset: 0\r\n" HELLO_SHA1, "hello worle", 460,
      "Checksum Mismatch" },
    { "PATCH", location, PATCH_TYPE "Upload-Offset: 0\r\nShetach-Protocol: 9\r\n", "a", 400,
      "protocol" },
    { "PATCH", location, PATCH_TYPE "Upload-Offset: 0\r\n", "", 204, "Upload-Offset: 0\r\n" },
    { "POST", location, PATCH_TYPE "X-HTTP-Method-Override: PATCH\r\nUpload-Offset: 0\r\n", "hel",
      204, "Upload-Offset: 3\r\n" },
    { "POST", location, "X-HTTP-Method-Override: DELETE\r\n", "", 204, "Tus-Resumable: 1.0.0\r\n" },
    { "DELETE", location, "", "", 404, "not_found" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *response = ask (hub, rows[i].method, rows[i].path, rows[i].headers,
                                       rows[i].body, strlen (rows[i].body));

      g_test_message ("%s %s %s", rows[i].method, rows[i].path, rows[i].headers);
      g_assert_cmpuint (status_of (response), ==, rows[i].status);
      assert_has (response, rows[i].has);
    }
  g_assert_cmpuint (count_files (hub), ==, 0);
  hub_free (hub);
}

/* What request_on() always sends is left out or wrong here. */
static void
test_version_and_login (void)
{
  Hub *hub = hub_new ();
  g_autofree char *location = create (hub, HELLO, 11, "");
  const struct
  {
    const char *headers;
    guint status;
    const char *has;
  } rows[] = {
    { "", 412, "Tus-Version: 1.0.0\r\n" },
    { "Tus-Resumable: 0.9.9\r\n", 412, "Tus-Version: 1.0.0\r\n" },
    { "Tus-Resumable: 1.0.0\r\n", 401, "" },
    { "Tus-Resumable: 1.0.0\r\nAuthorization: Bearer other\r\n", 404, "" },
    { "Tus-Resumable: 1.0.0\r\nAuthorization: Bearer t1\r\n", 200, "Upload-Offset: 0" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GSocketConnection) connection = dial (hub->served);
      g_autofree char *text =
        g_strdup_printf ("HEAD %s HTTP/1.1\r\nHost: x\r\n%s\r\n", location, rows[i].headers);
      g_autofree char *response = NULL;

      say (connection, text);
      response = hear_one (connection, TRUE);
      g_assert_cmpuint (status_of (response), ==, rows[i].status);
      assert_has (response, rows[i].has);
      if (rows[i].status != 200)
        g_assert_null (strstr (response, "Upload-Offset"));
    }
  hub_free (hub);
}

static char *
make_body (gsize length)
{
  char *body = g_malloc (length);

  for (gsize i = 0; i < length; i++)
    body[i] = (char)g_test_rand_int ();
  return body;
}

static void
test_cut (void)
{
  Hub *hub = hub_new ();
  g_autofree char *body = make_body (900);
  g_autofree char *location = create (hub, body, 900, "");
  GSocketConnection *connection = dial (hub->served);
  gint64 offset;

  request_on (connection, "PATCH", location, PATCH_TYPE "Upload-Offset: 0\r\n", body, 900, 300);
  g_object_unref (connection);
  /* The server learns of the cut in its own time; until then a HEAD takes over what has come. */
  while ((offset = offset_of (hub, location)) == 0)
    g_thread_yield ();
  g_assert_cmpint (offset, ==, 300);

  connection = dial (hub->served);
  request_on (connection, "PATCH", location, PATCH_TYPE "Upload-Offset: 300\r\n" HELLO_SHA1,
              body + 300, 600, 300);
  g_object_unref (connection);
  g_assert_cmpint (offset_of (hub, location), ==, 300);

  hub_restart (hub);
  g_assert_cmpint (offset_of (hub, location), ==, 300);
  g_assert_cmpuint (patch (hub, location, 300, "", body + 300, 600), ==, 204);
  assert_taken (hub, body, 900);
  hub_free (hub);
}

/* The old connection is open and silent; the device asks by a new one. */
static void
test_take_over (void)
{
  Hub *hub = hub_new ();
  g_autofree char *body = make_body (400000);
  g_autofree char *location = create (hub, body, 400000, "");
  g_autoptr (GSocketConnection) old = dial (hub->served);
  g_autofree char *last = NULL;

  request_on (old, "PATCH", location, PATCH_TYPE "Upload-Offset: 0\r\n", body, 400000, 300000);
  /* A HEAD ends the PATCH that it meets, but may be heard first: asked until the PATCH has its answer. */
  gint64 offset;
  do
    offset = offset_of (hub, location);
  while (!(g_socket_condition_check (g_socket_connection_get_socket (old), G_IO_IN) & G_IO_IN));
  last = hear_all (old);
  g_assert_cmpuint (status_of (last), ==, 409);
  assert_has (last, "taken_over");
  g_assert_cmpint (offset, <=, 300000);
  g_assert_cmpint (offset_of (hub, location), ==, offset);
  g_assert_cmpuint (patch (hub, location, offset, "", body + offset, 400000 - (gsize)offset), ==,
                    204);
  assert_taken (hub, body, 400000);
  hub_free (hub);
}

static void
test_hash_mismatch (void)
{
  Hub *hub = hub_new ();
  g_autofree char *location = create (hub, HELLO, 11, "");

  g_assert_cmpuint (patch (hub, location, 0, "", "hello worle", 11), ==, 460);
  g_assert_cmpint (offset_of (hub, location), ==, 0);
  g_assert_cmpint (hub->completed.value, ==, 0);
  g_assert_cmpuint (patch (hub, location, 0, "", HELLO, 11), ==, 204);
  assert_taken (hub, HELLO, 11);
  hub_free (hub);
}

/* Wrong bytes that an earlier life of the hub had taken. */
static void
test_torn_write (void)
{
  Hub *hub = hub_new ();
  g_autofree char *location = create (hub, HELLO, 11, "");
  g_autofree char *path = g_build_filename (hub->uploads, strrchr (location, '/') + 1, NULL);

  g_assert_cmpuint (patch (hub, location, 0, "", HELLO, 5), ==, 204);
  served_stop (hub->served);
  g_assert_true (g_file_set_contents (path, "hel\0o", 5, NULL));
  hub->served = served_start (&LIMITS, setup, hub);
  g_assert_cmpint (offset_of (hub, location), ==, 5);
  g_assert_cmpuint (patch (hub, location, 5, "", &HELLO[5], 6), ==, 460);
  g_assert_cmpint (offset_of (hub, location), ==, 0);
  g_assert_cmpuint (patch (hub, location, 0, "", HELLO, 11), ==, 204);
  hub_free (hub);
}

/* A power cut has left the record's name and none of its bytes: the upload is begun anew, and nothing of the old stays. */
static void
test_emptied_record (void)
{
  Hub *hub = hub_new ();
  g_autofree char *location = create (hub, HELLO, 11, "");
  g_autofree char *path = g_build_filename (hub->uploads, strrchr (location, '/') + 1, NULL);
  g_autofree char *record = g_strconcat (path, ".json", NULL);
  g_autofree char *head = NULL, *again = NULL;

  g_assert_cmpuint (patch (hub, location, 0, "", HELLO, 5), ==, 204);
  served_stop (hub->served);
  g_assert_cmpint (truncate (record, 0), ==, 0);
  hub->served = served_start (&LIMITS, setup, hub);
  head = ask (hub, "HEAD", location, "", "", 0);
  g_assert_cmpuint (status_of (head), ==, 404);
  g_assert_false (g_file_test (record, G_FILE_TEST_EXISTS));
  again = create (hub, HELLO, 11, "");
  g_assert_cmpuint (patch (hub, again, 0, "", HELLO, 11), ==, 204);
  assert_taken (hub, HELLO, 11);
  hub_restart (hub);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  hub_free (hub);
}

static void
test_repeated_post (void)
{
  Hub *hub = hub_new ();
  g_autofree char *first = create (hub, HELLO, 11, "");
  g_autofree char *again = create (hub, HELLO, 11, "");
  g_autofree char *own = create (hub, HELLO, 11, ",client_uuid YQ==");
  g_autofree char *other_meta = metadata_for ("other", 5, ",client_uuid YQ==");
  g_autofree char *other =
    g_strdup_printf ("Upload-Length: 5\r\nUpload-Metadata: %s\r\n", other_meta);
  g_autofree char *meta = metadata_for (HELLO, 11, "");
  g_autofree char *headers =
    g_strdup_printf ("Upload-Length: 11\r\nUpload-Metadata: %s\r\n" PATCH_TYPE, meta);
  g_autofree char *conflict = NULL, *with_body = NULL;

  g_assert_cmpstr (first, ==, again);
  g_assert_cmpstr (first, !=, own);
  conflict = ask (hub, "POST", "/v1/files", other, "", 0);
  g_assert_cmpuint (status_of (conflict), ==, 409);
  g_assert_cmpuint (patch (hub, first, 0, "", HELLO, 5), ==, 204);
  with_body = ask (hub, "POST", "/v1/files", headers, HELLO, 11);
  g_assert_cmpuint (status_of (with_body), ==, 201);
  assert_has (with_body, first);
  assert_has (with_body, "Upload-Offset: 5\r\n");
  hub_free (hub);
}

static void
test_with_upload (void)
{
  Hub *hub = hub_new ();
  g_autofree char *meta = metadata_for (HELLO, 11, "");
  g_autofree char *headers =
    g_strdup_printf ("Upload-Length: 11\r\nUpload-Metadata: %s\r\n" PATCH_TYPE, meta);
  g_autofree char *part = ask (hub, "POST", "/v1/files", headers, HELLO, 4);
  g_autofree char *location = header_of (part, "Location");
  g_autofree char *empty = NULL, *empty_meta = metadata_for ("", 0, "");
  g_autofree char *empty_headers =
    g_strdup_printf ("Upload-Length: 0\r\nUpload-Metadata: %s\r\n", empty_meta);

  g_assert_cmpuint (status_of (part), ==, 201);
  assert_has (part, "Upload-Offset: 4\r\n");
  g_assert_cmpuint (patch (hub, location, 4, "", &HELLO[4], 7), ==, 204);
  assert_taken (hub, HELLO, 11);

  empty = ask (hub, "POST", "/v1/files", empty_headers, "", 0);
  g_assert_cmpuint (status_of (empty), ==, 201);
  assert_taken (hub, "", 0);
  hub_free (hub);
}

static void
test_already (void)
{
  Hub *hub = hub_new ();
  g_autofree char *location = NULL;

  hub->already = TRUE;
  location = create (hub, HELLO, 11, "");
  g_assert_cmpint (offset_of (hub, location), ==, 11);
  g_assert_cmpint (hub->completed.value, ==, 0);
  hub_free (hub);
}

/* The hub says no at the end: the bytes wait, and the next request asks it again. */
static void
test_complete_fails (void)
{
  Hub *hub = hub_new ();
  g_autofree char *location = create (hub, HELLO, 11, "");

  hub->refuse_complete = TRUE;
  g_assert_cmpuint (patch (hub, location, 0, "", HELLO, 11), ==, 403);
  hub->refuse_complete = FALSE;
  hub_restart (hub);
  g_assert_cmpint (offset_of (hub, location), ==, 11);
  g_assert_cmpint (hub->completed.value, ==, 1);
  hub_free (hub);
}

static void
test_too_many (void)
{
  Hub *hub = hub_new ();
  g_autofree char *headers = NULL, *response = NULL, *meta = NULL;

  for (int i = 0; i < SHT_TUS_MAX_UNFINISHED; i++)
    {
      g_autofree char *body = g_strdup_printf ("%d", i);
      g_autofree char *location = create (hub, body, strlen (body), "");
    }
  meta = metadata_for (HELLO, 11, "");
  headers = g_strdup_printf ("Upload-Length: 11\r\nUpload-Metadata: %s\r\n", meta);
  response = ask (hub, "POST", "/v1/files", headers, "", 0);
  g_assert_cmpuint (status_of (response), ==, 429);
  hub_free (hub);
}

typedef struct
{
  Hub *hub;
  guint removed;
  Flag done;
} Clean;

static gboolean
run_clean (gpointer data)
{
  Clean *clean = data;

  clean->removed =
    sht_tus_clean (clean->hub->tus, g_get_real_time () / 1000 + SHT_TUS_LIFE_MS + 1000);
  flag_add (&clean->done);
  return G_SOURCE_REMOVE;
}

static void
test_clean (void)
{
  Hub *hub = hub_new ();
  g_autofree char *unfinished = create (hub, HELLO, 11, "");
  g_autofree char *finished = create (hub, "abc", 3, "");
  g_autofree char *gone = NULL;
  Clean clean = { hub };

  g_assert_cmpuint (patch (hub, unfinished, 0, "", HELLO, 5), ==, 204);
  g_assert_cmpuint (patch (hub, finished, 0, "", "abc", 3), ==, 204);
  g_main_context_invoke (hub->served->context, run_clean, &clean);
  flag_wait (&clean.done, 1);
  g_assert_cmpuint (clean.removed, ==, 1);
  gone = ask (hub, "HEAD", unfinished, "", "", 0);
  g_assert_cmpuint (status_of (gone), ==, 404);
  assert_taken (hub, "abc", 3);
  while (count_files (hub) > 0)
    g_thread_yield ();
  hub_free (hub);
}

/* A large one in pieces with checksums, and one in chunked encoding that goes too far. */
static void
test_large (void)
{
  Hub *hub = hub_new ();
  const gsize length = 5 * 1024 * 1024 + 17;
  g_autofree char *body = make_body (length);
  g_autofree char *location = create (hub, body, length, "");
  g_autoptr (GSocketConnection) connection = dial (hub->served);
  g_autofree char *answer = NULL, *text = NULL;
  gsize done = 0;

  for (gsize piece = 1024 * 1024; done < 3 * piece; done += piece)
    {
      g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
      guint8 digest[32];
      gsize size = sizeof digest;
      g_autofree char *base64 = NULL, *checksum = NULL;

      g_checksum_update (sum, (guchar *)body + done, (gssize)piece);
      g_checksum_get_digest (sum, digest, &size);
      base64 = g_base64_encode (digest, size);
      checksum = g_strdup_printf ("Upload-Checksum: sha256 %s\r\n", base64);
      g_assert_cmpuint (patch (hub, location, (gint64)done, checksum, body + done, piece), ==, 204);
    }
  g_assert_cmpuint (patch (hub, location, (gint64)done, HELLO_SHA1, body + done, length - done), ==,
                    413);
  text = g_strdup_printf ("PATCH %s HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nAuthorization: "
                          "Bearer t1\r\n" PATCH_TYPE "Upload-Offset: %" G_GSIZE_FORMAT
                          "\r\nTransfer-Encoding: chunked\r\n\r\n400000\r\n",
                          location, done);
  say (connection, text);
  say_bytes (connection, body, 0x400000);
  answer = hear_all (connection);
  g_assert_cmpuint (status_of (answer), ==, 413);
  g_assert_cmpint (offset_of (hub, location), <=, (gint64)length);
  hub_free (hub);
}

/* A limit on file sizes stands for the full disk. */
static void
test_disk_full (void)
{
  Hub *hub = hub_new ();
  const gsize length = 2 * 1024 * 1024;
  g_autofree char *body = make_body (length);
  g_autofree char *location = create (hub, body, length, "");
  struct rlimit limit, small;
  gint64 offset;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  small = limit;
  small.rlim_cur = 600 * 1024;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  g_assert_cmpuint (patch (hub, location, 0, "", body, length), ==, 507);
  offset = offset_of (hub, location);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  g_assert_cmpint (offset, >, 0);
  g_assert_cmpint (offset, <=, 600 * 1024);
  g_assert_cmpuint (patch (hub, location, offset, "", body + offset, length - (gsize)offset), ==,
                    204);
  assert_taken (hub, body, length);
  hub_free (hub);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tus/whole", test_whole);
  g_test_add_func ("/tus/statuses", test_statuses);
  g_test_add_func ("/tus/version-and-login", test_version_and_login);
  g_test_add_func ("/tus/trap_19-cut", test_cut);
  g_test_add_func ("/tus/trap_20-take-over", test_take_over);
  g_test_add_func ("/tus/trap_17-hash-mismatch", test_hash_mismatch);
  g_test_add_func ("/tus/torn-write", test_torn_write);
  g_test_add_func ("/tus/emptied-record", test_emptied_record);
  g_test_add_func ("/tus/repeated-post", test_repeated_post);
  g_test_add_func ("/tus/with-upload", test_with_upload);
  g_test_add_func ("/tus/already", test_already);
  g_test_add_func ("/tus/complete-fails", test_complete_fails);
  g_test_add_func ("/tus/too-many", test_too_many);
  g_test_add_func ("/tus/clean", test_clean);
  g_test_add_func ("/tus/disk-full", test_disk_full);
  g_test_add_func ("/tus/large", test_large);
  return g_test_run ();
}
