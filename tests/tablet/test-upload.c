/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/tablet/tablet-fixture.h"

#include "core/protocol.h"

static void
test_photos (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);
  g_autofree char *second = ticket_id (2);
  static const guint statuses[] = { 404, 409, 410, 423, 460, 500, 200, 204, 0 };

  town_add_ticket (town, 1, "r1");
  town_add_ticket (town, 2, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    for (guint step = 0; step < 5; step++)
      {
        g_autofree char *photo = tablet_photo (tablet, id, 600000 + i, i + step * 20);
        guint seen = 0, created = 0;

        sht_engine_poke (tablet->engine);
        while (!sht_engine_is_settled (tablet->engine))
          {
            g_autoptr (ShtRequest) request = sht_engine_next (tablet->engine, tablet->mono);
            g_autoptr (ShtAnswer) answer = NULL;

            tablet->mono += 10;
            if (request == NULL)
              {
                gint64 wake = sht_engine_wake_at (tablet->engine);

                g_assert_cmpint (wake, <, G_MAXINT64);
                g_assert_cmpint (wake, >=, tablet->mono - 10);
                tablet->mono = MAX (tablet->mono, wake);
                continue;
              }
            if (request->lane == SHT_LANE_PHOTOS && seen++ == step)
              tablet->next_status = statuses[i], tablet->next_lane = SHT_LANE_PHOTOS;
            g_assert_cmpuint (seen, <, 30);
            created += request->lane == SHT_LANE_PHOTOS && g_str_equal (request->method, "POST");
            answer = tablet_carry (tablet, request);
            sht_engine_answer (tablet->engine, request->lane, answer, tablet->mono);
            sht_engine_work (tablet->engine, tablet->mono);
          }
        tablet->next_status = 0;
        /* Only an upload that the hub no longer knows, or whose making was never heard of, begins anew. */
        g_assert_cmpuint (created, <=, step == 0 || statuses[i] == 404 || statuses[i] == 410 ? 2 : 1);
      }
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob WHERE state <> 2"), ==, 0);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM photo WHERE doc ->> 'have'"), ==, 45);
  /* resumed: what was sent goes on where it stood */
  g_assert_nonnull (strstr (tablet->log->str, "HEAD 200,PATCH 204"));
  {
    guint photos, voices;
    g_autoptr (GPtrArray) lines = sht_hub_verify_photos (town->hub, &photos, &voices, NULL);

    g_assert_cmpuint (lines->len, ==, 0);
    g_assert_cmpuint (photos, ==, 45);
    g_assert_cmpuint (voices, ==, 0);
  }
  /* the same source on another ticket; and a second time on the same */
  {
    g_autofree char *there = tablet_photo (tablet, second, 600000, 0);

    g_assert_nonnull (there);
    g_assert_null (tablet_photo (tablet, second, 600000, 0));
    g_assert_true (tablet_sync (tablet, 60000));
    g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM photo WHERE doc ->> 'have'"), ==, 46);
    g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob WHERE state <> 2"), ==, 0);
  }
  assert_agrees (tablet);
}

/* Sends what waits; the first creation that carries bytes is answered with @status, if that is not 0. Returns how many
 * creations carried bytes. */
static guint
send_with_creations (Tablet *tablet, guint status)
{
  guint with = 0;

  sht_engine_poke (tablet->engine);
  while (!sht_engine_is_settled (tablet->engine))
    {
      g_autoptr (ShtRequest) request = sht_engine_next (tablet->engine, tablet->mono);
      g_autoptr (ShtAnswer) answer = NULL;

      tablet->mono += 10;
      if (request == NULL)
        {
          tablet->mono = MAX (tablet->mono, sht_engine_wake_at (tablet->engine));
          continue;
        }
      if (g_str_equal (request->method, "POST") && g_str_has_prefix (request->path, "/v1/files/")
          && request->body != NULL && with++ == 0 && status != 0)
        tablet->next_status = status, tablet->next_lane = request->lane;
      answer = tablet_carry (tablet, request);
      sht_engine_answer (tablet->engine, request->lane, answer, tablet->mono);
      sht_engine_work (tablet->engine, tablet->mono);
    }
  return with;
}

/* Once a hub has said that it takes bytes with the creation, small ones go in one request and large ones spare one; one
 * that goes wrong is asked about without bytes. */
static void
test_with_creation (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);
  static const guint statuses[] = { 404, 409, 410, 415, 460, 500, 503 };

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  g_free (tablet_photo (tablet, id, 20000, 1));
  g_assert_cmpuint (send_with_creations (tablet, 0), ==, 0);
  tablet->with_bytes = TRUE;
  g_free (tablet_photo (tablet, id, 20000, 2));
  send_with_creations (tablet, 0);
  g_string_truncate (tablet->log, 0);
  g_free (tablet_photo (tablet, id, 20000, 3));
  g_assert_cmpuint (send_with_creations (tablet, 0), ==, 1);
  g_assert_null (strstr (tablet->log->str, "PATCH"));
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_free (tablet_photo (tablet, id, 20000, 4 + i));
      g_string_truncate (tablet->log, 0);
      g_assert_cmpuint (send_with_creations (tablet, statuses[i]), ==, 1);
      g_assert_nonnull (strstr (tablet->log->str, "POST 201"));
      g_assert_nonnull (strstr (tablet->log->str, "PATCH 204"));
      g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob WHERE state <> 2"), ==, 0);
    }
  g_free (tablet_photo (tablet, id, 600000, 30));
  g_assert_cmpuint (send_with_creations (tablet, 0), ==, 1);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob WHERE state <> 2"), ==, 0);
  assert_agrees (tablet);
}

/* A hub that has no room for a photo's bytes, and says how far it got as often as it is asked: it is not asked and
 * sent to without end. */
static void
test_hub_full (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);
  g_autofree char *photo = NULL;
  guint sent = 0, asked = 0;
  gint64 until;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  photo = tablet_photo (tablet, id, 600000, 1);
  sht_engine_poke (tablet->engine);
  until = tablet->mono + 10 * 60000;
  while (tablet->mono < until)
    {
      g_autoptr (ShtRequest) request = sht_engine_next (tablet->engine, tablet->mono);
      g_autoptr (ShtAnswer) answer = NULL;
      gboolean bytes = request != NULL && g_str_equal (request->method, "PATCH");

      tablet->mono += 10;
      if (request == NULL)
        {
          tablet->mono = MAX (tablet->mono, sht_engine_wake_at (tablet->engine));
          continue;
        }
      sent += bytes;
      asked += g_str_equal (request->method, "HEAD");
      answer = bytes ? sht_answer_new (507) : tablet_carry (tablet, request);
      sht_engine_answer (tablet->engine, request->lane, answer, tablet->mono);
      sht_engine_work (tablet->engine, tablet->mono);
      if (bytes)
        g_assert_cmpint (sht_engine_get_touch (tablet->engine), ==, SHT_TOUCH_HUB_TROUBLE);
    }
  g_assert_cmpuint (sent, >, 20);
  g_assert_cmpuint (sent, <, 400);
  g_assert_cmpuint (asked, <=, sent);
  /* The answer of how far it got does not hide that it goes no further. */
  g_assert_cmpint (sht_engine_get_touch (tablet->engine), ==, SHT_TOUCH_HUB_TROUBLE);
  g_assert_true (tablet_sync (tablet, 60000));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob WHERE state <> 2"), ==, 0);
  assert_agrees (tablet);
}

/* Sends what waits over a link of that many bytes a second. Returns the largest chunk of the second half of it. */
static gsize
send_at (Tablet *tablet, gint64 rate, guint *chunks)
{
  gsize sizes[400] = { 0 }, most = 0;

  *chunks = 0;
  sht_engine_poke (tablet->engine);
  while (!sht_engine_is_settled (tablet->engine))
    {
      g_autoptr (ShtRequest) request = sht_engine_next (tablet->engine, tablet->mono);
      g_autoptr (ShtAnswer) answer = NULL;

      tablet->mono += 10;
      if (request == NULL)
        {
          tablet->mono = MAX (tablet->mono, sht_engine_wake_at (tablet->engine));
          continue;
        }
      if (request->lane == SHT_LANE_PHOTOS && request->body != NULL)
        {
          g_assert_cmpuint (*chunks, <, G_N_ELEMENTS (sizes));
          sizes[(*chunks)++] = g_bytes_get_size (request->body);
          tablet->mono += (gint64)g_bytes_get_size (request->body) * 1000 / rate;
        }
      answer = tablet_carry (tablet, request);
      sht_engine_answer (tablet->engine, request->lane, answer, tablet->mono);
      sht_engine_work (tablet->engine, tablet->mono);
    }
  for (guint i = *chunks / 2; i < *chunks; i++)
    most = MAX (most, sizes[i]);
  return most;
}

/* A chunk is what the link carries in half a second or so, and less after one that did not arrive. */
static void
test_chunks (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);
  g_autofree char *slow = NULL, *fast = NULL, *broken = NULL;
  guint chunks;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  slow = tablet_photo (tablet, id, 400000, 1);
  g_assert_cmpuint (send_at (tablet, 32 * 1024, &chunks), ==, SHT_UPLOAD_CHUNK_LEAST_BYTES);
  g_assert_cmpuint (chunks, >=, 20);
  fast = tablet_photo (tablet, id, 4000000, 2);
  g_assert_cmpuint (send_at (tablet, 10 * 1024 * 1024, &chunks), ==, SHT_UPLOAD_CHUNK_MOST_BYTES);
  g_assert_cmpuint (chunks, <=, 21);
  broken = tablet_photo (tablet, id, 200000, 3);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (ShtRequest) request = NULL;

      while (request == NULL || request->lane != SHT_LANE_PHOTOS || request->body == NULL)
        {
          g_autoptr (ShtAnswer) answer = request != NULL ? tablet_carry (tablet, request) : NULL;

          if (answer != NULL)
            sht_engine_answer (tablet->engine, request->lane, answer, tablet->mono);
          sht_engine_work (tablet->engine, tablet->mono);
          g_clear_pointer (&request, sht_request_free);
          request = sht_engine_next (tablet->engine, tablet->mono);
          if (request == NULL)
            tablet->mono = MAX (tablet->mono, sht_engine_wake_at (tablet->engine));
        }
      g_assert_cmpuint (g_bytes_get_size (request->body), ==, i == 0 ? 200000 : SHT_UPLOAD_CHUNK_MOST_BYTES / 2);
      {
        g_autoptr (ShtAnswer) lost = sht_answer_new (0);

        sht_engine_answer (tablet->engine, request->lane, lost, tablet->mono);
      }
    }
  g_assert_true (tablet_sync (tablet, 60000));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob WHERE state <> 2"), ==, 0);
}

/* Words about a photo are an operation: its bytes do not go again for them. */
static void
test_caption (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);
  g_autofree char *photo = NULL, *caption = NULL;
  g_autoptr (GError) error = NULL;
  guint uploads;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  photo = tablet_photo (tablet, id, 300000, 1);
  g_assert_true (tablet_sync (tablet, 0));
  uploads = g_hash_table_size (tablet->uploads);
  g_string_truncate (tablet->log, 0);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (ShtOperation) op = sht_store_new_operation (tablet->store, SHT_KIND_PHOTO_EDIT, photo);

      json_object_set_string_member (op->fields, i == 0 ? "caption" : "role", i == 0 ? "the hole" : "after");
      sht_store_act (tablet->store, op, &error);
      g_assert_no_error (error);
      g_assert_true (tablet_sync (tablet, 0));
    }
  g_assert_cmpuint (g_hash_table_size (tablet->uploads), ==, uploads);
  g_assert_null (strstr (tablet->log->str, "PATCH"));
  g_assert_null (strstr (tablet->log->str, "HEAD"));
  caption = sht_db_get_text (tablet->store->db, NULL, "SELECT doc ->> 'caption' FROM photo WHERE id = ?1", "s", photo);
  g_assert_cmpstr (caption, ==, "the hole");
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state <> 2"), ==, 0);
  assert_agrees (tablet);
}

static void
clean (Tablet *tablet)
{
  gboolean done = FALSE;

  while (!done)
    g_assert_true (sht_store_clean_some (tablet->store, &done, NULL));
}

/* The ticket has left, and its photo has not been sent: the file stays until the hub has it and its backup too. */
static void
test_left_before_sent (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);
  g_autofree char *photo = NULL, *sha = NULL, *path = NULL;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  photo = tablet_photo (tablet, id, 300000, 1);
  sha = sht_db_get_text (tablet->store->db, NULL, "SELECT sha256 FROM blob WHERE photo = ?1", "s", photo);
  path = sht_store_blob_path (tablet->store, sha);
  g_assert_true (sht_hub_assign (town->hub, id, "r2", NULL));
  sht_engine_set_sparing (tablet->engine, TRUE);
  g_assert_true (tablet_sync (tablet, 0));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM ticket"), ==, 0);
  clean (tablet);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  sht_engine_set_sparing (tablet->engine, FALSE);
  g_assert_true (tablet_sync (tablet, 0));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob WHERE state = 2"), ==, 1);
  clean (tablet);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  town_backed_up (town);
  g_assert_true (tablet_sync (tablet, 0));
  clean (tablet);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* Files that are gone or damaged: told, and the next goes on. */
static void
test_photo_file_gone (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *photo = tablet_photo (tablet, id, 1000, i);

      if (i < 2)
        {
          g_autofree char *sha = sht_db_get_text (tablet->store->db, NULL, "SELECT sha256 FROM blob WHERE photo = ?1", "s", photo);
          g_autofree char *path = sht_store_blob_path (tablet->store, sha);

          g_remove (path);
        }
    }
  g_assert_true (tablet_sync (tablet, 60000));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob WHERE state = 2"), ==, 1);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob WHERE state = 3 AND reason LIKE '%damaged%'"), ==, 2);
  g_assert_cmpint (sht_engine_wake_at (tablet->engine), ==, G_MAXINT64);
}

/* Nobody can say anything to a thumbnail. */
static void
test_thumb_file_gone (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autoptr (JsonArray) rows = NULL;
  g_autofree char *id = ticket_id (1), *sha = NULL, *path = NULL;
  g_autofree char *photo = NULL;
  gint64 attention;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  photo = tablet_photo (tablet, id, 1000, 5);
  g_assert_true (sht_db_run (tablet->store->db, NULL, "UPDATE blob SET is_thumb = 1", ""));
  sha = sht_db_get_text (tablet->store->db, NULL, "SELECT sha256 FROM blob", "");
  path = sht_store_blob_path (tablet->store, sha);
  g_remove (path);
  g_assert_true (tablet_sync (tablet, 60000));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob WHERE state = 3"), ==, 1);
  rows = sht_store_attention (tablet->store, NULL);
  g_assert_true (sht_store_count_pending (tablet->store, NULL, NULL, &attention, NULL));
  g_assert_cmpint (attention, ==, json_array_get_length (rows));
}

#define UPLOADS (1u << SHT_LANE_THUMBS | 1u << SHT_LANE_PHOTOS)

/* A photo that a restored hub does not know any more: while only uploads are answered, nobody is asked to give it up. A hub
 * that has told all that is new, and knows none such, is believed. */
static void
test_unknown_photo (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);
  g_autofree char *backup = NULL;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  backup = town_backup (town);
  g_free (tablet_photo (tablet, id, 3000, 7));
  sht_engine_poke (tablet->engine);
  run_without (tablet, UPLOADS, 0, 10000);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state = 2"), ==, 1);
  town_restore (town, backup, TRUE);
  sht_engine_poke (tablet->engine);
  g_string_truncate (tablet->log, 0);
  run_without (tablet, 1u << SHT_LANE_PUSH | 1u << SHT_LANE_PULL, 0, 3600 * 1000);
  g_assert_nonnull (strstr (tablet->log->str, "POST 404,POST 404,POST 404,POST 404,POST 404,POST 404,POST 404,POST 404,POST 404,POST 404"));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob WHERE state < 2"), ==, tablet_count (tablet, "SELECT count(*) FROM blob"));
  g_assert_true (tablet_sync (tablet, 60000));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob WHERE state <> 2"), ==, 0);
  assert_agrees (tablet);

  g_free (tablet_photo (tablet, id, 3000, 8));
  sht_engine_poke (tablet->engine);
  g_assert_cmpuint (run_without (tablet, UPLOADS, 404, 60000), <=, 3 * 2);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob WHERE state = 3 AND NOT is_thumb"), ==, 1);
}

/* The hub goes back twice, and in between only uploads are answered: what they carry would be gone with the second time, and
 * nothing would tell. The step itself is in the backup, and not sent again. */
static void
test_between_two_histories (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);
  g_autofree char *backup = NULL;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  g_free (tablet_photo (tablet, id, 3000, 7));
  sht_engine_poke (tablet->engine);
  run_without (tablet, UPLOADS, 0, 10000);
  backup = town_backup (town);
  town_backed_up (town);
  sht_engine_poke (tablet->engine);
  run_without (tablet, UPLOADS, 0, 10000);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state = 2 AND bytes = '{}'"), ==, 1);
  town_restore (town, backup, TRUE);
  sht_engine_poke (tablet->engine);
  {
    g_autoptr (ShtRequest) pull = sht_engine_next (tablet->engine, tablet->mono);
    g_autoptr (ShtAnswer) answer = tablet_carry (tablet, pull);

    g_assert_cmpint (pull->lane, ==, SHT_LANE_PULL);
    sht_engine_answer (tablet->engine, pull->lane, answer, tablet->mono);
    sht_engine_work (tablet->engine, tablet->mono);
  }
  g_assert_cmpint (sht_store_get_number (tablet->store, "resync", 0), ==, 1);
  run_without (tablet, 1u << SHT_LANE_PUSH | 1u << SHT_LANE_PULL, 0, 600000);
  town_restore (town, backup, TRUE);
  g_assert_true (tablet_sync (tablet, 60000));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM photo WHERE doc ->> 'have'"), ==, 1);
  assert_agrees (tablet);
}

/* The bytes of a photo that the hub did not take do not wait to be sent. */
static void
test_put_away_with_its_photo (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_new (town, "crew", "r1", "roads");
  g_autofree char *report = NULL, *photo = NULL;
  g_autoptr (JsonArray) rows = NULL;
  gint64 waits[3];

  g_assert_true (tablet_sync (tablet, 0));
  report = tablet_report (tablet, "no-such-service");
  photo = tablet_photo (tablet, report, 100, 3);
  g_assert_true (tablet_sync (tablet, 60000));
  rows = sht_store_attention (tablet->store, NULL);
  g_assert_cmpuint (json_array_get_length (rows), ==, 2);
  g_assert_true (sht_store_count_pending (tablet->store, &waits[0], &waits[1], &waits[2], NULL));
  g_assert_cmpint (waits[1], ==, 0);
  for (guint i = 0; i < 2; i++)
    g_assert_true (sht_store_resolve (tablet->store, sht_json_string (json_array_get_object_element (rows, i), "id"), NULL, FALSE,
                                      NULL));
  g_assert_true (sht_store_count_pending (tablet->store, &waits[0], &waits[1], &waits[2], NULL));
  g_assert_cmpint (waits[0] + waits[1] + waits[2], ==, 0);
}

/* The same picture on two tickets, of which one has left when its bytes are sent, and the other is not at the hub yet: they are the
 * other's only when it has been asked for them by itself. */
static void
test_one_picture_on_two (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *one = ticket_id (1), *two = ticket_id (2), *first = NULL, *second = NULL, *line = NULL;

  town_add_ticket (town, 1, "r1");
  town_add_ticket (town, 2, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  first = tablet_photo (tablet, one, 600, 7);
  run_without (tablet, UPLOADS, 0, 5000);
  g_assert_true (sht_hub_assign (town->hub, one, "r2", NULL));
  second = tablet_photo (tablet, two, 600, 7);
  /* as an older program left it */
  g_assert_true (sht_db_exec (tablet->store->db, "UPDATE blob SET url = '/v1/files/9', state = 1 WHERE op IN (SELECT op FROM op WHERE state < 2)", NULL));
  run_without (tablet, 1u << SHT_LANE_PUSH, 0, 20000);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob WHERE url IS NOT NULL"), ==, 0);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob WHERE state < 2"), ==, 1);
  g_assert_true (tablet_sync (tablet, 60000));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob WHERE state < 2"), ==, 0);
  g_assert_true (town->hub->store->driver->get_entity (town->hub->store, "photo", second, &line, NULL));
  g_assert_nonnull (strstr (line, "\"have\":true"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/upload/trap_19-photos-resumed", test_photos);
  g_test_add_func ("/upload/with-its-creation", test_with_creation);
  g_test_add_func ("/upload/hub-full", test_hub_full);
  g_test_add_func ("/upload/trap_04-unknown-photo", test_unknown_photo);
  g_test_add_func ("/upload/trap_04-between-two-histories", test_between_two_histories);
  g_test_add_func ("/upload/chunks", test_chunks);
  g_test_add_func ("/upload/trap_15-caption", test_caption);
  g_test_add_func ("/upload/trap_18-left-before-sent", test_left_before_sent);
  g_test_add_func ("/upload/photo-file-gone", test_photo_file_gone);
  g_test_add_func ("/upload/thumb-file-gone", test_thumb_file_gone);
  g_test_add_func ("/upload/put-away-with-its-step", test_put_away_with_its_photo);
  g_test_add_func ("/upload/one-picture-on-two-tickets", test_one_picture_on_two);
  return g_test_run ();
}
