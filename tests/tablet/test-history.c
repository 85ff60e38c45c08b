/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/tablet/tablet-fixture.h"

#include <glib.h>

/* A hub that went back, and a tablet's store that was copied or put back. */

static guint
events_with (Town *town, const char *ticket, const char *text)
{
  g_autoptr (JsonObject) view = sht_hub_ticket_view (town->hub, ticket, NULL);
  JsonArray *events = view != NULL ? sht_json_array (view, "events") : NULL;
  guint found = 0;

  for (guint i = 0; events != NULL && i < json_array_get_length (events); i++)
    {
      JsonObject *data = sht_json_object (json_array_get_object_element (events, i), "data");

      found += g_strcmp0 (sht_json_string (data, "text"), text) == 0;
    }
  return found;
}

static guint
photos_held (Town *town, const char *ticket)
{
  g_autoptr (JsonObject) view = sht_hub_ticket_view (town->hub, ticket, NULL);
  JsonArray *photos = view != NULL ? sht_json_array (view, "photos") : NULL;
  guint held = 0;

  for (guint i = 0; photos != NULL && i < json_array_get_length (photos); i++)
    {
      g_autofree char *path = sht_hub_photo_path (
        town->hub, sht_json_string (json_array_get_object_element (photos, i), "sha256"));

      held += g_file_test (path, G_FILE_TEST_EXISTS);
    }
  return held;
}

static void
assert_status_at_hub (Town *town, const char *ticket, const char *expected)
{
  g_autoptr (JsonObject) doc = sht_hub_get (town->hub, "ticket", ticket, NULL);

  g_assert_cmpstr (sht_json_string (doc, "status"), ==, expected);
}

typedef struct
{
  gboolean new_history; /* or only the file put back */
  gboolean others_first; /* others' work brings the new log past what the tablet knew */
  gboolean deaf;        /* the tablet had not pulled since, so that its cursor still fits */
  gboolean restarted;   /* and is started anew before it hears of it */
} WentBack;

/* All that the hub had confirmed after its backup is there again, once, with its bytes; nothing goes twice for
 * ever. */
static void
hub_went_back (const WentBack *how)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autoptr (ShtHubDevice) other = NULL;
  g_autofree char *id = ticket_id (1);
  g_autofree char *second = ticket_id (2);
  g_autofree char *backup = NULL, *report = NULL, *photo = NULL;
  guint requests;

  town_add_ticket (town, 1, "r1");
  town_add_ticket (town, 2, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  other = town_device (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  tablet_note (tablet, id, "before the backup");
  g_assert_true (tablet_sync (tablet, 0));
  backup = town_backup (town);
  town_backed_up (town);
  g_assert_true (sht_store_set_status (tablet->store, id, SHT_STATUS_IN_PROGRESS, NULL, NULL, NULL));
  tablet_note (tablet, id, "after the backup");
  report = tablet_report (tablet, "pothole");
  tablet_note (tablet, report, "on a new one");
  photo = tablet_photo (tablet, report, 3000, 7);
  if (how->deaf)
    {
      g_autoptr (ShtRequest) push = NULL;
      g_autoptr (ShtAnswer) answer = NULL;

      sht_engine_poke (tablet->engine);
      push = sht_engine_next (tablet->engine, tablet->mono);
      answer = tablet_carry (tablet, push);
      g_assert_cmpint (push->lane, ==, SHT_LANE_PUSH);
      sht_engine_answer (tablet->engine, push->lane, answer, tablet->mono);
    }
  else
    g_assert_true (tablet_sync (tablet, 0));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state < 2"), ==, 0);

  town_restore (town, backup, how->new_history);
  for (guint i = 0; how->others_first && i < 20; i++)
    {
      g_autofree char *answer = push_one (town, other, "ticket.note", second, "{\"text\":\"meanwhile\"}");

      assert_result (answer, 0, "applied");
    }
  g_assert_cmpuint (events_with (town, id, "after the backup"), ==, 0);
  if (how->restarted)
    {
      tablet_close (tablet);
      tablet_open (tablet);
    }
  tablet_note (tablet, id, "newest");
  requests = tablet->requests;
  g_assert_true (tablet_sync (tablet, 600000));
  g_assert_cmpuint (tablet->requests - requests, <, 60);

  g_assert_cmpuint (events_with (town, id, "before the backup"), ==, 1);
  g_assert_cmpuint (events_with (town, id, "after the backup"), ==, 1);
  g_assert_cmpuint (events_with (town, id, "newest"), ==, 1);
  g_assert_cmpuint (events_with (town, report, "on a new one"), ==, 1);
  g_assert_cmpuint (photos_held (town, report), ==, 1);
  assert_status_at_hub (town, id, "in_progress");
  assert_status (tablet, id, "in_progress");
  assert_agrees (tablet);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state <> 2"), ==, 0);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM base"), ==, 0);
  /* in its old order; where somebody only copied a file back, and others went past it, what is new goes first */
  g_assert_true (!how->new_history
                 || tablet_count (tablet, "SELECT count(*) FROM op AS a JOIN op AS b ON b.n > a.n AND b.number <= a.number") == 0);
  requests = tablet->requests;
  g_assert_true (tablet_sync (tablet, 0));
  g_assert_cmpuint (tablet->requests - requests, <=, 1);
}

static void
test_trap_04_hub_restored_from_backup (void)
{
  for (guint i = 0; i < 8; i++)
    {
      const WentBack how = { TRUE, (i & 1) != 0, (i & 2) != 0, (i & 4) != 0 };

      hub_went_back (&how);
    }
}

static void
test_trap_04_database_put_back_by_hand (void)
{
  for (guint i = 0; i < 4; i++)
    {
      const WentBack how = { FALSE, (i & 1) != 0, FALSE, (i & 2) != 0 };

      hub_went_back (&how);
    }
}

/* Tablets with bad links, a hub that is backed up and restored again and again from its last backup, also while they
 * are in the middle of something: each note is there once in the end, each photo too, and each base equals the hub. */
static void
test_trap_04_restored_again_and_again (void)
{
  for (guint round = 0; round < 2; round++)
    {
      g_autoptr (Town) town = town_new ();
      Tablet *tablets[3];
      g_autofree char *backup = NULL;
      guint notes = 0, photos = 0, restored = 0;

      for (guint n = 1; n < 6; n++)
        town_add_ticket (town, n, "r1");
      for (guint i = 0; i < 3; i++)
        {
          tablets[i] = tablet_new (town, i < 2 ? "crew" : "supervisor", i < 2 ? "r1" : NULL, "roads");
          tablets[i]->world.seed += i * 7919 + round;
          g_assert_true (tablet_sync (tablets[i], 0));
        }
      backup = town_backup (town);
      for (guint step = 0; step < 120; step++)
        {
          Tablet *tablet = tablets[g_test_rand_int_range (0, 3)];
          g_autofree char *id = ticket_id ((guint) g_test_rand_int_range (1, 6));
          g_autofree char *text = NULL, *photo = NULL;

          town->world.now += 2000;
          tablet->drop_requests_in = 6;
          tablet->drop_replies_in = 4;
          switch (g_test_rand_int_range (0, 16))
            {
            case 0:
              g_free (backup);
              backup = town_backup (town);
              town_backed_up (town);
              break;
            case 1:
              town_restore (town, backup, TRUE);
              town->world.seed += 104729;
              restored++;
              break;
            case 2:
              tablet_close (tablet);
              tablet_open (tablet);
              break;
            case 3:
              photo = tablet_photo (tablet, id, 50 + step, step % 200 + 1);
              photos += photo != NULL;
              break;
            case 4:
            case 5:
            case 6:
            case 7:
              tablet_sync (tablet, 3000);
              break;
            default:
              text = g_strdup_printf ("note %u", ++notes);
              tablet_note (tablet, id, text);
            }
        }
      for (guint pass = 0; pass < 2; pass++)
        for (guint i = 0; i < 3; i++)
          {
            tablets[i]->drop_requests_in = tablets[i]->drop_replies_in = 0;
            g_assert_true (tablet_sync (tablets[i], 600000));
          }
      g_assert_cmpuint (restored, >, 1);
      for (guint n = 1; n <= notes; n++)
        {
          g_autofree char *text = g_strdup_printf ("note %u", n);
          guint found = 0;

          for (guint t = 1; t < 6; t++)
            {
              g_autofree char *id = ticket_id (t);

              found += events_with (town, id, text);
            }
          g_assert_cmpuint (found, ==, 1);
        }
      for (guint t = 1; t < 6; t++)
        {
          g_autofree char *id = ticket_id (t);

          photos -= photos_held (town, id);
        }
      g_assert_cmpuint (photos, ==, 0);
      for (guint i = 0; i < 3; i++)
        {
          assert_agrees (tablets[i]);
          g_assert_cmpint (tablet_count (tablets[i], "SELECT count(*) FROM base"), ==, 0);
          g_assert_cmpint (tablet_count (tablets[i], "SELECT count(*) FROM op WHERE state <> 2"), ==, 0);
          tablet_free (tablets[i]);
        }
    }
}

/* Confirmed stays until it is backed up, and then its bytes go, and are not sent to any later history. */
static void
test_journal_ends_with_the_backup (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);
  g_autofree char *backup = NULL, *photo = NULL;
  guint uploads;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  tablet_note (tablet, id, "kept");
  photo = tablet_photo (tablet, id, 100, 3);
  g_assert_true (tablet_sync (tablet, 0));
  g_assert_true (tablet_sync (tablet, 0));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state = 2 AND bytes <> '{}'"), ==, 2);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob WHERE state = 2 AND number IS NOT NULL"), ==, 1);
  backup = town_backup (town);
  town_backed_up (town);
  g_assert_true (tablet_sync (tablet, 0));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state = 2 AND bytes <> '{}'"), ==, 0);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob"), ==, 0);
  uploads = g_hash_table_size (tablet->lengths);
  town_restore (town, backup, TRUE);
  tablet_note (tablet, id, "newest");
  g_assert_true (tablet_sync (tablet, 60000));
  g_assert_cmpuint (g_hash_table_size (tablet->lengths), ==, uploads);
  g_assert_cmpuint (events_with (town, id, "kept"), ==, 1);
  g_assert_cmpuint (events_with (town, id, "newest"), ==, 1);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state = 2 AND bytes <> '{}'"), ==, 1);
  assert_agrees (tablet);
}

/* A city that makes no backups says how many days are enough; the tablet's own clock has no say in it. */
static void
test_journal_ends_after_days (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);
  g_autofree char *photo = NULL;
  const gint64 day = G_GINT64_CONSTANT (86400000);

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  tablet_note (tablet, id, "kept for two days");
  photo = tablet_photo (tablet, id, 100, 3);
  g_assert_true (tablet_sync (tablet, 0));
  g_assert_true (town->hub->store->driver->set_keep_days (town->hub->store, 2, NULL));
  tablet->world.now += 300 * day;
  town->world.now += 2 * day - 60000;
  g_assert_true (tablet_sync (tablet, 0));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state = 2 AND bytes <> '{}'"), ==, 2);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob"), ==, 1);
  town->world.now += 120000;
  g_assert_true (tablet_sync (tablet, 0));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state = 2 AND bytes <> '{}'"), ==, 0);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob"), ==, 0);
}

/* The answer of the hub that is no more comes after the restored one has spoken: it confirms nothing. */
static void
test_late_answer_of_a_lost_history (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);
  g_autofree char *backup = NULL;
  g_autoptr (ShtRequest) pull = NULL, push = NULL;
  g_autoptr (ShtAnswer) page = NULL, late = NULL;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  backup = town_backup (town);
  sht_engine_set_live (tablet->engine, TRUE);
  pull = sht_engine_next (tablet->engine, tablet->mono);
  g_assert_cmpint (pull->lane, ==, SHT_LANE_PULL);
  tablet_note (tablet, id, "confirmed by a hub that is no more");
  push = sht_engine_next (tablet->engine, tablet->mono);
  g_assert_cmpint (push->lane, ==, SHT_LANE_PUSH);
  late = tablet_carry (tablet, push);
  town_restore (town, backup, TRUE);
  page = tablet_carry (tablet, pull);
  sht_engine_answer (tablet->engine, SHT_LANE_PULL, page, tablet->mono);
  sht_engine_work (tablet->engine, tablet->mono);
  sht_engine_answer (tablet->engine, SHT_LANE_PUSH, late, tablet->mono);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state = 2"), ==, 0);
  sht_engine_set_live (tablet->engine, FALSE);
  g_assert_true (tablet_sync (tablet, 60000));
  g_assert_cmpuint (events_with (town, id, "confirmed by a hub that is no more"), ==, 1);
  assert_agrees (tablet);
}

/* Rule 5 across histories: a number that was seen in the lost one does not cover what has another one's author in
 * the new. */
static void
test_base_of_a_lost_history (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) one = NULL, two = NULL;
  g_autoptr (JsonObject) doc = NULL;
  g_autofree char *id = ticket_id (1);
  g_autofree char *backup = NULL;

  town_add_ticket (town, 1, "r1");
  one = tablet_new (town, "supervisor", NULL, "roads");
  two = tablet_new (town, "supervisor", NULL, "roads");
  g_assert_true (tablet_sync (one, 0));
  g_assert_true (tablet_sync (two, 0));
  backup = town_backup (town);
  for (guint i = 0; i < 5; i++)
    set_title (one, id, i % 2 == 0 ? "lost" : "lost too");
  g_assert_true (tablet_sync (one, 0));
  g_assert_true (tablet_sync (two, 0));
  /* seen: the lost one's number, which is higher than that of what comes now */
  set_title (two, id, "by two, who saw the lost one");
  town_restore (town, backup, TRUE);
  {
    g_autoptr (ShtHubDevice) third = town_device (town, "supervisor", NULL, "roads");
    g_autofree char *answer = push_one (town, third, "ticket.set", id, "{\"title\":\"by three, in the new history\"}");

    assert_result (answer, 0, "applied");
  }
  g_assert_true (tablet_sync (two, 60000));
  doc = sht_hub_get (town->hub, "ticket", id, NULL);
  g_assert_cmpint (tablet_count (two, "SELECT count(*) FROM op WHERE result LIKE '%by three, in the new history%'"), ==, 1);
  assert_agrees (two);
}

/* All that the hub has comes while what was done here is on its way again and again. */
static void
pull_without_pushing (Tablet *tablet)
{
  gint64 begun = sht_store_get_number (tablet->store, "generation", 1);

  sht_engine_poke (tablet->engine);
  while (sht_store_get_number (tablet->store, "generation", 1) == begun || sht_store_get_number (tablet->store, "resync", 0) != 0)
    {
      g_autoptr (ShtRequest) request = sht_engine_next (tablet->engine, tablet->mono);
      g_autoptr (ShtAnswer) answer = NULL;

      tablet->mono += 10;
      tablet->world.now += 10;
      if (request == NULL)
        {
          sht_engine_work (tablet->engine, tablet->mono);
          continue;
        }
      answer = request->lane == SHT_LANE_PUSH ? sht_answer_new (0) : tablet_carry (tablet, request);
      sht_engine_answer (tablet->engine, request->lane, answer, tablet->mono);
    }
}

/* A photo that the hub has lost, and nobody has any more to send again: who was writing its words is told that, and does not
 * go on seeing it. */
static void
test_words_of_a_lost_photo (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) one = NULL, two = NULL;
  g_autoptr (ShtOperation) op = NULL;
  g_autofree char *id = ticket_id (1);
  g_autofree char *backup = NULL, *photo = NULL;

  town_add_ticket (town, 1, "r1");
  one = tablet_new (town, "crew", "r1", "roads");
  two = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (one, 0));
  backup = town_backup (town);
  photo = tablet_photo (one, id, 3000, 7);
  g_assert_true (tablet_sync (one, 0));
  g_assert_true (tablet_sync (two, 0));
  op = sht_store_new_operation (two->store, SHT_KIND_PHOTO_EDIT, photo);
  json_object_set_string_member (op->fields, "caption", "by the school");
  g_assert_true (sht_store_act (two->store, op, NULL));
  town_restore (town, backup, TRUE);
  pull_without_pushing (two);
  g_assert_cmpint (tablet_count (two, "SELECT count(*) FROM op WHERE state < 2"), ==, 1);
  g_assert_true (tablet_sync (two, 60000));
  g_assert_cmpint (tablet_count (two, "SELECT count(*) FROM op WHERE state = 3"), ==, 1);
  g_assert_cmpint (tablet_count (two, "SELECT count(*) FROM photo"), ==, 0);
  g_assert_cmpint (tablet_count (two, "SELECT count(*) FROM base"), ==, 0);
  assert_agrees (two);
  /* who made it sends it again; the words can go then */
  g_assert_true (tablet_sync (one, 60000));
  g_assert_true (tablet_sync (two, 60000));
  g_assert_cmpint (tablet_count (two, "SELECT count(*) FROM photo"), ==, 1);
  g_assert_true (sht_store_resolve (two->store, op->id, NULL, TRUE, NULL));
  g_assert_true (tablet_sync (two, 60000));
  g_assert_cmpint (tablet_count (two, "SELECT count(*) FROM photo WHERE doc ->> 'caption' = 'by the school'"), ==, 1);
  assert_agrees (two);
}

static char *
incarnation (Tablet *tablet)
{
  return sht_store_get_text (tablet->store, "incarnation");
}

static void
copy_file (const char *from_folder, const char *to_folder, const char *name)
{
  g_autofree char *from = g_build_filename (from_folder, name, NULL);
  g_autofree char *to = g_build_filename (to_folder, name, NULL);
  g_autofree char *bytes = NULL;
  gsize length;
  FILE *file;

  if (!g_file_get_contents (from, &bytes, &length, NULL))
    return;
  /* into the same inode, where there is one */
  file = g_fopen (to, "wb");
  g_assert_cmpuint (fwrite (bytes, 1, length, file), ==, length);
  g_assert_cmpint (fclose (file), ==, 0);
}

static void
copy_store (const char *from, const char *to, gboolean with_mark)
{
  copy_file (from, to, "store.db");
  copy_file (from, to, "device.json");
  if (with_mark)
    copy_file (from, to, "incarnation.json");
}

static Tablet *
knowing_tablet (Town *town)
{
  Tablet *tablet = tablet_new (town, "crew", "r1", "roads");

  tablet_close (tablet);
  tablet->knows_its_file = TRUE;
  tablet_open (tablet);
  return tablet;
}

static void
test_incarnation_of_a_copy (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);
  g_autofree char *old = g_dir_make_tmp ("old-XXXXXX", NULL);
  g_autofree char *first = NULL, *again = NULL, *back = NULL;

  town_add_ticket (town, 1, "r1");
  tablet = knowing_tablet (town);
  g_assert_true (tablet_sync (tablet, 0));
  first = incarnation (tablet);
  tablet_close (tablet);
  tablet_open (tablet);
  again = incarnation (tablet);
  g_assert_cmpstr (first, ==, again);
  for (guint with_mark = 0; with_mark < 2; with_mark++)
    {
      g_autofree char *folder = g_dir_make_tmp ("copy-XXXXXX", NULL);
      g_autofree char *copied = NULL;
      ShtStoreWorld world = tablet_world (tablet);
      g_autoptr (ShtStore) copy = NULL;

      copy_store (tablet->folder, folder, with_mark);
      copy = sht_store_open (folder, &world, NULL);
      copied = sht_store_get_text (copy, "incarnation");
      g_assert_cmpstr (first, !=, copied);
      remove_tree (folder);
    }
  /* an older database put back into the same file */
  tablet_close (tablet);
  copy_store (tablet->folder, old, FALSE);
  tablet_open (tablet);
  tablet_note (tablet, id, "since");
  g_assert_true (tablet_sync (tablet, 0));
  tablet_close (tablet);
  copy_store (old, tablet->folder, FALSE);
  tablet_open (tablet);
  back = incarnation (tablet);
  g_assert_cmpstr (first, !=, back);
  tablet_note (tablet, id, "after it was put back");
  g_assert_true (tablet_sync (tablet, 0));
  g_assert_cmpuint (events_with (town, id, "since"), ==, 1);
  g_assert_cmpuint (events_with (town, id, "after it was put back"), ==, 1);
  g_assert_null (strstr (tablet->log->str, "409"));
  assert_agrees (tablet);
  remove_tree (old);
}

/* With one store, block for block, which nothing on either can see. */
static Tablet *
second_machine (Town *town, Tablet *one)
{
  Tablet *two = tablet_new (town, "crew", "r1", "roads");

  tablet_close (one);
  tablet_close (two);
  copy_store (one->folder, two->folder, TRUE);
  two->world.seed = 4711;
  tablet_open (one);
  tablet_open (two);
  sht_hub_device_free (two->device);
  g_assert_true (town->hub->store->driver->get_device_by_id (town->hub->store, one->store->device.id, &two->device, NULL));
  return two;
}

/* What waits here, and a second machine has sent: once the hub has told of it, it cannot be as if it had never been. */
static void
test_sent_by_a_copy (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) one = NULL, two = NULL;
  g_autofree char *id = ticket_id (1), *op = NULL;
  g_autoptr (GError) error = NULL;

  town_add_ticket (town, 1, "r1");
  one = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (one, 0));
  tablet_note (one, id, "waits");
  op = sht_db_get_text (one->store->db, NULL, "SELECT op FROM op", "");
  two = second_machine (town, one);
  g_assert_true (tablet_sync (two, 60000));
  g_assert_cmpuint (events_with (town, id, "waits"), ==, 1);
  sht_engine_poke (one->engine);
  run_without (one, 1u << SHT_LANE_PUSH, 0, 5000);
  g_assert_cmpint (tablet_count (one, "SELECT count(*) FROM op WHERE state = 0"), ==, 1);
  g_assert_false (sht_store_withdraw (one->store, op, &error));
  g_assert_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_REFUSED);
  g_assert_true (tablet_sync (one, 60000));
  g_assert_cmpuint (events_with (town, id, "waits"), ==, 1);
  assert_agrees (one);
}

/* Two machines with one store: the hub sees it. */
static void
test_trap_05_two_tablets_with_one_store (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) one = NULL, two = NULL;
  g_autofree char *id = ticket_id (1);
  g_autofree char *before = NULL, *after = NULL;
  g_autofree char *told = NULL;
  guint texts = 0;

  town_add_ticket (town, 1, "r1");
  one = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (one, 0));
  tablet_note (one, id, "common");
  g_assert_true (tablet_sync (one, 0));
  two = second_machine (town, one);
  before = incarnation (two);
  for (guint round = 0; round < 4; round++)
    {
      Tablet *tablets[] = { one, two };

      for (guint i = 0; i < 2; i++)
        {
          g_autofree char *text = g_strdup_printf ("note %u", ++texts);
          guint requests = tablets[i]->requests;

          tablet_note (tablets[i], id, text);
          g_assert_true (tablet_sync (tablets[i], 60000));
          g_assert_cmpuint (tablets[i]->requests - requests, <, 12);
          g_assert_cmpuint (events_with (town, id, text), ==, 1);
        }
    }
  after = incarnation (two);
  g_assert_cmpstr (before, !=, after);
  g_assert_nonnull (strstr (two->log->str, "POST 409"));
  told = sht_store_get_copy (two->store);
  g_assert_cmpstr (told, ==, SHT_COPY_HEARD);
  g_assert_true (sht_store_copy_seen (two->store, NULL));
  g_free (told);
  told = sht_store_get_copy (two->store);
  g_assert_null (told);
  g_assert_null (strstr (one->log->str, "POST 409"));
  g_assert_true (tablet_sync (one, 0));
  assert_agrees (one);
  assert_agrees (two);
}

/* The copy's edit does not count as seen by the other. */
static void
test_a_copys_edit_is_not_ones_own (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) one = NULL, two = NULL;
  g_autofree char *id = ticket_id (1);

  town_add_ticket (town, 1, "r1");
  one = tablet_new (town, "supervisor", NULL, "roads");
  g_assert_true (tablet_sync (one, 0));
  two = second_machine (town, one);
  set_title (one, id, "by the one");
  set_title (two, id, "by its copy");
  g_assert_true (tablet_sync (one, 0));
  g_assert_true (tablet_sync (two, 60000));
  g_assert_cmpint (tablet_count (two, "SELECT count(*) FROM op WHERE result LIKE '%by the one%'"), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/history/trap_04_hub_restored_from_backup", test_trap_04_hub_restored_from_backup);
  g_test_add_func ("/history/trap_04_restored_again_and_again", test_trap_04_restored_again_and_again);
  g_test_add_func ("/history/trap_04_database_put_back_by_hand", test_trap_04_database_put_back_by_hand);
  g_test_add_func ("/history/journal-ends-with-the-backup", test_journal_ends_with_the_backup);
  g_test_add_func ("/history/journal-ends-after-days", test_journal_ends_after_days);
  g_test_add_func ("/history/late-answer", test_late_answer_of_a_lost_history);
  g_test_add_func ("/history/base", test_base_of_a_lost_history);
  g_test_add_func ("/history/words-of-a-lost-photo", test_words_of_a_lost_photo);
  g_test_add_func ("/incarnation/copy", test_incarnation_of_a_copy);
  g_test_add_func ("/incarnation/sent-by-a-copy", test_sent_by_a_copy);
  g_test_add_func ("/incarnation/trap_05_two_tablets_with_one_store", test_trap_05_two_tablets_with_one_store);
  g_test_add_func ("/incarnation/a-copys-edit", test_a_copys_edit_is_not_ones_own);
  return g_test_run ();
}
