/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A voice note goes the way of a photo, and comes to the other tablets of its crew; no byte of it is believed. */
#include "hub/rescue/rescue.h"
#include "platform/sealed-file.h"
#include "platform/voice.h"
#include "tests/platform/voice-fixture.h"
#include "tests/tablet/tablet-fixture.h"

#include <glib/gstdio.h>
#include <utime.h>

static void
add (Tablet *tablet, const char *ticket, GBytes *note)
{
  g_autoptr (GError) error = NULL;
  gboolean already;

  sht_store_add_voice (tablet->store, ticket, note, &already, &error);
  g_assert_no_error (error);
  g_assert_false (already);
}

/* The first of them has the crew's ticket. */
static void
two_of_a_crew (Town *town, Tablet **one, Tablet **other)
{
  town_add_ticket (town, 1, "r1");
  *one = tablet_new (town, "crew", "r1", "roads");
  *other = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (*one, 0));
}

/* How the ticket's only voice note stands, and whether the journey says so too. */
static void
assert_voice (Tablet *tablet, const char *ticket, const char *state, gboolean here)
{
  g_autoptr (JsonObject) view = sht_store_ticket_view (tablet->store, ticket, NULL);
  JsonArray *voices = sht_json_array (view, "voices"), *events = sht_json_array (view, "events");
  JsonObject *voice, *event;

  g_assert_cmpuint (json_array_get_length (voices), ==, 1);
  voice = json_array_get_object_element (voices, 0);
  event = json_array_get_object_element (events, json_array_get_length (events) - 1);
  g_assert_cmpstr (sht_json_string (voice, "state"), ==, state);
  g_assert_cmpint (sht_json_bool (voice, "here"), ==, here);
  g_assert_cmpstr (sht_json_string (event, "kind"), ==, "voice");
  g_assert_cmpstr (sht_json_string (event, "state"), ==, state);
  g_assert_cmpint (sht_json_int (sht_json_object (event, "data"), "duration_ms", 0), ==, sht_json_int (voice, "duration_ms", 1));
}

static void
no_fault (gpointer data, ShtHashFault fault, const char *name, const char *photo)
{
  g_error ("fault %d: %s", (int) fault, name);
}

/* Every file there is as it was written, and something refers to it. */
static guint
count_files (Tablet *tablet)
{
  guint files = 0;

  g_assert_true (sht_store_verify_photos (tablet->store, no_fault, NULL, &files, NULL));
  return files;
}

static void
assert_hub_holds (Town *town, guint notes)
{
  guint photos, voices;
  g_autoptr (GPtrArray) faults = sht_hub_verify_photos (town->hub, &photos, &voices, NULL);

  g_assert_cmpuint (faults->len, ==, 0);
  g_assert_cmpuint (voices, ==, notes);
}

static GBytes *
read_first (Tablet *tablet)
{
  g_autofree char *id = sht_db_get_text (tablet->store->db, NULL, "SELECT id FROM voice", "");
  g_autoptr (GError) error = NULL;
  GBytes *note = sht_store_read_voice (tablet->store, id, &error);

  g_assert_no_error (error);
  return note;
}

/* ○, ◐, ●, and the same bytes on the other tablet of the crew. */
static void
test_to_the_other (void)
{
  g_autoptr (Town) town = town_new ();
  g_autofree char *id = ticket_id (1);
  g_autoptr (GBytes) note = voice_note (3000, 5), there = NULL;
  g_autoptr (Tablet) one = NULL, other = NULL, stranger = NULL;
  gboolean already;

  town_add_ticket (town, 1, "r1");
  one = tablet_new (town, "crew", "r1", "roads");
  other = tablet_new (town, "crew", "r1", "roads");
  stranger = tablet_new (town, "crew", "g1", "gardens");
  g_assert_true (tablet_sync (one, 0));
  g_assert_true (tablet_sync (other, 0));
  add (one, id, note);
  assert_voice (one, id, "on_device", TRUE);
  g_assert_true (sht_store_add_voice (one->store, id, note, &already, NULL));
  g_assert_true (already);
  /* The step is through, the bytes are not. */
  one->next_status = 500;
  one->next_lane = SHT_LANE_PHOTOS;
  g_assert_false (tablet_sync (one, 0));
  assert_voice (one, id, "on_device", TRUE);
  g_assert_true (tablet_sync (other, 0));
  assert_voice (other, id, "sent", FALSE);
  g_assert_true (tablet_sync (one, 60000));
  assert_voice (one, id, "confirmed", TRUE);
  assert_hub_holds (town, 1);
  g_assert_true (tablet_sync (other, 0));
  assert_voice (other, id, "confirmed", TRUE);
  there = read_first (other);
  g_assert_true (g_bytes_equal (there, note));
  g_assert_cmpuint (count_files (one), ==, 1);
  g_assert_cmpuint (count_files (other), ==, 1);
  assert_agrees (one);
  assert_agrees (other);
  g_assert_true (tablet_sync (stranger, 0));
  g_assert_cmpint (tablet_count (stranger, "SELECT count(*) FROM voice"), ==, 0);
  {
    g_autofree char *sha256 = sht_db_get_text (one->store->db, NULL, "SELECT sha256 FROM voice", "");
    g_autoptr (GError) error = NULL;

    g_assert_false (sht_hub_may_see_photo (town->hub, stranger->device, sha256, &error));
    g_assert_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_NOT_FOUND);
  }
}

/* Killed while it was spoken: what is whole is kept, and the rest never leaves the tablet. */
static void
test_cut_off (void)
{
  g_autoptr (Town) town = town_new ();
  g_autofree char *id = ticket_id (1), *path = NULL;
  g_autoptr (GBytes) note = voice_note (3000, 5), kept = NULL;
  g_autoptr (Tablet) tablet = NULL;
  g_autoptr (GError) error = NULL;
  gboolean already;
  gsize length = g_bytes_get_size (note) * 2 / 3;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  g_assert_cmpint (sht_voice_draft_find (tablet->store, id), ==, 0);
  path = sht_voice_draft_path (tablet->store, id, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (path, g_bytes_get_data (note, NULL), (gssize) length, NULL));
  tablet_close (tablet);
  tablet_open (tablet);
  g_assert_cmpint (sht_voice_draft_find (tablet->store, id), >=, 1900);
  g_assert_cmpint (sht_voice_draft_find (tablet->store, id), <, 2000);
  /* discarded, and wanted back */
  sht_voice_draft_discard (tablet->store, id);
  g_assert_cmpint (sht_voice_draft_find (tablet->store, id), ==, 0);
  g_assert_true (sht_voice_draft_bring_back (tablet->store, id));
  g_assert_false (sht_voice_draft_bring_back (tablet->store, id));
  sht_voice_draft_clean (tablet->store, TRUE);
  g_assert_true (sht_voice_draft_keep (tablet->store, id, &already, &error));
  g_assert_no_error (error);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  kept = read_first (tablet);
  g_assert_cmpuint (g_bytes_get_size (kept), <, length);
  g_assert_cmpuint (g_bytes_get_size (kept), >, length - 400);
  g_assert_cmpmem (g_bytes_get_data (kept, NULL), g_bytes_get_size (kept), g_bytes_get_data (note, NULL), g_bytes_get_size (kept));
  /* killed between the keeping and the removing of the file: it is not offered again */
  g_assert_true (g_file_set_contents (path, g_bytes_get_data (note, NULL), (gssize) length, NULL));
  g_assert_cmpint (sht_voice_draft_find (tablet->store, id), ==, 0);
  g_assert_true (tablet_sync (tablet, 0));
  assert_voice (tablet, id, "confirmed", TRUE);
  assert_hub_holds (town, 1);
}

static void
test_refused_here (void)
{
  g_autoptr (Town) town = town_new ();
  g_autofree char *id = ticket_id (1);
  g_autoptr (GBytes) text = g_bytes_new_static ("this is no voice note", 21);
  g_autofree guint8 *zeros = g_malloc0 (SHT_VOICE_MAX_BYTES + 1);
  g_autoptr (GBytes) large = g_bytes_new (zeros, SHT_VOICE_MAX_BYTES + 1), longest = voice_note (302000, 5);
  GBytes *const bad[] = { text, large, longest };
  g_autoptr (Tablet) tablet = NULL;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean already;

      g_assert_false (sht_store_add_voice (tablet->store, id, bad[i], &already, &error));
      g_assert_nonnull (error);
    }
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op"), ==, 0);
  g_assert_cmpuint (count_files (tablet), ==, 0);
}

/* A tablet that sends other bytes than a voice note's: refused once and for all, and told; its photos go on. */
static void
test_refused_there (void)
{
  g_autoptr (Town) town = town_new ();
  g_autofree char *id = ticket_id (1), *sha256 = NULL, *photo = NULL;
  g_autoptr (GBytes) text = g_bytes_new_static ("this is no voice note", 21);
  g_autoptr (JsonObject) voice = json_object_new ();
  g_autoptr (JsonArray) attention = NULL;
  g_autoptr (Tablet) tablet = NULL;
  gboolean already;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  g_assert_true (sht_store_keep_blob (tablet->store, text, &sha256, NULL));
  json_object_set_string_member (voice, "sha256", sha256);
  json_object_set_int_member (voice, "size", 21);
  json_object_set_int_member (voice, "duration_ms", 1000);
  g_assert_true (sht_store_attach_voice (tablet->store, id, voice, &already, NULL));
  photo = tablet_photo (tablet, id, 1000, 1);
  g_assert_true (tablet_sync (tablet, 60000));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob WHERE state = 3"), ==, 1);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob WHERE state = 2"), ==, 1);
  attention = sht_store_attention (tablet->store, NULL);
  g_assert_cmpuint (json_array_get_length (attention), ==, 1);
  g_assert_cmpstr (sht_json_string (json_array_get_object_element (attention, 0), "kind"), ==, "voice.bytes");
  g_assert_cmpstr (sht_json_string (json_array_get_object_element (attention, 0), "reason"), ==,
                   "the hub does not take this voice note");
  assert_hub_holds (town, 0);
  /* The hub may hold such bytes as a photo's: that makes no voice note of them. */
  {
    g_autofree char *bytes = sht_db_get_text (tablet->store->db, NULL, "SELECT sha256 FROM photo", "");
    g_autoptr (JsonObject) same = json_object_new ();

    json_object_set_string_member (same, "sha256", bytes);
    json_object_set_int_member (same, "size", 1000);
    json_object_set_int_member (same, "duration_ms", 1000);
    g_assert_true (sht_store_attach_voice (tablet->store, id, same, &already, NULL));
    g_assert_true (tablet_sync (tablet, 60000));
    g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM voice WHERE doc ->> 'have'"), ==, 0);
    assert_hub_holds (town, 0);
  }
}

/* What comes back is not what was told: it is not kept, not asked for without end, and keeps nothing else waiting. */
static void
test_other_bytes_come (void)
{
  g_autoptr (Town) town = town_new ();
  g_autofree char *id = ticket_id (1), *backup = NULL;
  g_autoptr (GBytes) first = voice_note (1000, 5), second = voice_note (2000, 6);
  g_autoptr (Tablet) one = NULL, other = NULL;

  two_of_a_crew (town, &one, &other);
  add (one, id, first);
  add (one, id, second);
  g_assert_true (tablet_sync (one, 0));
  backup = town_backup (town);
  /* what was cut off, or is a gateway's, too */
  other->next_status = 200;
  other->next_body = "this is no voice note";
  other->next_lane = SHT_LANE_VOICES;
  g_assert_false (tablet_sync (other, 0));
  other->next_status = 404;
  other->next_body = "{\"error\":\"not_found\",\"message\":\"x\"}";
  g_assert_true (tablet_sync (other, 60000));
  g_assert_cmpint (tablet_count (other, "SELECT count(*) FROM voice WHERE fetched = 2"), ==, 1);
  g_assert_cmpint (tablet_count (other, "SELECT count(*) FROM voice WHERE fetched = 1"), ==, 1);
  g_assert_cmpuint (count_files (other), ==, 1);
  g_assert_cmpint (sht_engine_get_touch (other->engine), ==, SHT_TOUCH_GOOD);
  /* a hub that was restored says the same again, and has it; a gateway's word is not the hub's */
  town_restore (town, backup, TRUE);
  other->next_status = 404;
  other->next_body = "<html>";
  g_assert_true (tablet_sync (other, 60000));
  g_assert_cmpint (tablet_count (other, "SELECT count(*) FROM voice WHERE fetched = 1"), ==, 2);
}

/* What a restored hub did not have yet it has told of since, while its answer was on its way. */
static void
test_a_late_no (void)
{
  g_autoptr (Town) town = town_new ();
  g_autofree char *id = ticket_id (1), *backup = NULL;
  g_autoptr (GBytes) note = voice_note (1000, 5);
  g_autoptr (Tablet) one = NULL, other = NULL;
  g_autoptr (ShtVoiceWanted) wanted = NULL, again = NULL;
  g_autoptr (GError) error = NULL;

  two_of_a_crew (town, &one, &other);
  add (one, id, note);
  g_assert_true (tablet_sync (one, 0));
  backup = town_backup (town);
  sht_engine_set_sparing (other->engine, TRUE);
  g_assert_true (tablet_sync (other, 0));
  wanted = sht_store_next_voice (other->store, &error);
  g_assert_nonnull (wanted);
  town_restore (town, backup, TRUE);
  g_assert_true (tablet_sync (other, 60000));
  g_assert_true (sht_store_give_voice_up (other->store, wanted, &error));
  again = sht_store_next_voice (other->store, &error);
  g_assert_nonnull (again);
  g_assert_true (sht_store_give_voice_up (other->store, again, &error));
  g_assert_cmpint (tablet_count (other, "SELECT count(*) FROM voice WHERE fetched = 2"), ==, 1);
}

/* A file that has been damaged at the hub: it is tried some times, given up, and what is behind it comes. */
static void
test_too_short_at_the_hub (void)
{
  g_autoptr (Town) town = town_new ();
  g_autofree char *id = ticket_id (1), *sha256 = NULL, *path = NULL;
  g_autoptr (GBytes) first = voice_note (1000, 5), second = voice_note (2000, 6);
  g_autoptr (Tablet) one = NULL, other = NULL;

  two_of_a_crew (town, &one, &other);
  add (one, id, first);
  add (one, id, second);
  g_assert_true (tablet_sync (one, 0));
  /* the newer one is asked for first */
  sha256 = sht_db_get_text (one->store->db, NULL, "SELECT sha256 FROM voice ORDER BY id DESC LIMIT 1", "");
  path = sht_hub_photo_path (town->hub, sha256);
  g_assert_true (g_file_set_contents (path, "cut", 3, NULL));
  g_assert_true (tablet_sync (other, 3600000));
  g_assert_cmpint (tablet_count (other, "SELECT count(*) FROM voice WHERE fetched = 2"), ==, 1);
  g_assert_cmpint (tablet_count (other, "SELECT count(*) FROM voice WHERE fetched = 1"), ==, 1);
  g_assert_cmpint (sht_engine_get_touch (other->engine), ==, SHT_TOUCH_GOOD);
}

/* As long as it should be, whole, and another one's. */
static void
test_right_size_wrong_bytes (void)
{
  g_autoptr (Town) town = town_new ();
  g_autofree char *id = ticket_id (1), *sha256 = NULL, *path = NULL;
  g_autoptr (GBytes) note = voice_note (1000, 5), false_note = voice_note (1000, 6);
  g_autoptr (Tablet) one = NULL, other = NULL;

  two_of_a_crew (town, &one, &other);
  add (one, id, note);
  g_assert_true (tablet_sync (one, 0));
  g_assert_cmpuint (g_bytes_get_size (note), ==, g_bytes_get_size (false_note));
  sha256 = sht_db_get_text (one->store->db, NULL, "SELECT sha256 FROM voice", "");
  path = sht_hub_photo_path (town->hub, sha256);
  g_assert_true (g_file_set_contents (path, g_bytes_get_data (false_note, NULL), (gssize) g_bytes_get_size (false_note), NULL));
  g_assert_true (tablet_sync (other, 0));
  assert_voice (other, id, "confirmed", FALSE);
  g_assert_cmpint (tablet_count (other, "SELECT count(*) FROM voice WHERE fetched = 2"), ==, 1);
  g_assert_cmpuint (count_files (other), ==, 0);
}

/* Where a link costs money they wait, and nothing else does. */
static void
test_spared (void)
{
  g_autoptr (Town) town = town_new ();
  g_autofree char *id = ticket_id (1);
  g_autoptr (GBytes) note = voice_note (1000, 5);
  g_autoptr (Tablet) one = NULL, other = NULL;

  two_of_a_crew (town, &one, &other);
  add (one, id, note);
  g_assert_true (tablet_sync (one, 0));
  sht_engine_set_sparing (other->engine, TRUE);
  g_assert_true (tablet_sync (other, 0));
  assert_voice (other, id, "confirmed", FALSE);
  sht_engine_set_sparing (other->engine, FALSE);
  g_assert_true (tablet_sync (other, 0));
  assert_voice (other, id, "confirmed", TRUE);
}

/* Taken back before it was sent, nothing of it is left; and what leaves the tablet with its ticket leaves no file. */
static void
test_goes (void)
{
  g_autoptr (Town) town = town_new ();
  g_autofree char *id = ticket_id (1), *op = NULL, *path = NULL;
  g_autoptr (GBytes) note = voice_note (1000, 5);
  g_autoptr (GError) error = NULL;
  g_autoptr (Tablet) tablet = NULL;
  gboolean withdrawn, done = FALSE;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  add (tablet, id, note);
  op = sht_store_last_step (tablet->store, id, &error);
  g_assert_true (sht_store_undo (tablet->store, op, &withdrawn, &error));
  g_assert_no_error (error);
  g_assert_true (withdrawn);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM voice"), ==, 0);
  while (!done)
    g_assert_true (sht_store_clean_some (tablet->store, &done, NULL));
  g_assert_cmpuint (count_files (tablet), ==, 0);
  add (tablet, id, note);
  path = sht_voice_draft_path (tablet->store, id, NULL);
  g_assert_true (g_file_set_contents (path, g_bytes_get_data (note, NULL), (gssize) g_bytes_get_size (note), NULL));
  g_assert_true (tablet_sync (tablet, 0));
  g_assert_true (sht_hub_assign (town->hub, id, "r2", &error));
  g_assert_no_error (error);
  g_assert_true (tablet_sync (tablet, 0));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM voice"), ==, 0);
  /* The hub has it, and no backup of the hub: the file stays. */
  g_assert_true (sht_db_exec (tablet->store->db, "DELETE FROM blob", NULL));
  for (done = FALSE; !done;)
    g_assert_true (sht_store_clean_some (tablet->store, &done, NULL));
  g_assert_cmpuint (count_files (tablet), ==, 0);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* The step of a voice note that came when the ticket was another crew's. */
static void
assert_contributed (Town *town, const char *ticket)
{
  g_autoptr (JsonObject) view = sht_hub_ticket_view (town->hub, ticket, NULL);
  JsonArray *events = sht_json_array (view, "events");
  JsonObject *last = json_array_get_object_element (events, json_array_get_length (events) - 1);

  g_assert_cmpstr (sht_json_string (last, "kind"), ==, "voice");
  g_assert_true (sht_json_bool (last, "contribution"));
  assert_hub_holds (town, 1);
}

/* A crew with a recording of its ticket that was neither kept nor discarded, last written to so long ago, and the ticket is
 * given to another. */
static Tablet *
recorded_and_given_away (Town *town, gint64 ago_s)
{
  g_autofree char *id = ticket_id (1), *path = NULL;
  g_autoptr (GBytes) note = voice_note (3000, 5);
  struct utimbuf times = { 0 };
  Tablet *tablet;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  path = sht_voice_draft_path (tablet->store, id, NULL);
  g_assert_true (g_file_set_contents (path, g_bytes_get_data (note, NULL), (gssize) g_bytes_get_size (note) * 2 / 3, NULL));
  times.actime = times.modtime = g_get_real_time () / G_USEC_PER_SEC - ago_s;
  g_assert_cmpint (g_utime (path, &times), ==, 0);
  g_assert_true (sht_hub_assign (town->hub, id, "r2", NULL));
  g_assert_true (tablet_sync (tablet, 60000));
  g_assert_true (tablet_sync (tablet, 60000));
  return tablet;
}

/* What was said and waits to be kept when the ticket leaves is the person's work all the same. */
static void
test_taken_away (void)
{
  g_autoptr (Town) town = town_new ();
  g_autofree char *id = ticket_id (1), *path = NULL;
  g_autoptr (Tablet) tablet = recorded_and_given_away (town, 3600);
  g_autoptr (GError) error = NULL;
  gboolean already, done = FALSE;

  assert_contributed (town, id);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM ticket"), ==, 0);
  while (!done)
    g_assert_true (sht_store_clean_some (tablet->store, &done, NULL));
  path = sht_voice_draft_path (tablet->store, id, NULL);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_false (sht_voice_draft_keep (tablet->store, id, &already, &error));
  g_assert_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_FOUND);
  assert_agrees (tablet);
}

/* While it is being made, the ticket waits for it. */
static void
test_taken_away_meanwhile (void)
{
  g_autoptr (Town) town = town_new ();
  g_autofree char *id = ticket_id (1), *path = NULL;
  g_autoptr (Tablet) tablet = recorded_and_given_away (town, 0);
  g_autoptr (GError) error = NULL;
  gboolean already, done = FALSE;

  while (!done)
    g_assert_true (sht_store_clean_some (tablet->store, &done, NULL));
  path = sht_voice_draft_path (tablet->store, id, NULL);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  assert_hub_holds (town, 0);
  sht_voice_draft_keep (tablet->store, id, &already, &error);
  g_assert_no_error (error);
  g_assert_true (tablet_sync (tablet, 60000));
  g_assert_true (tablet_sync (tablet, 60000));
  assert_contributed (town, id);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM ticket"), ==, 0);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  assert_agrees (tablet);
}

/* An older program had put it with what it does not know. */
static void
test_upgraded (void)
{
  g_autoptr (Town) town = town_new ();
  g_autofree char *id = ticket_id (1);
  g_autoptr (GBytes) note = voice_note (1000, 5);
  g_autoptr (Tablet) one = NULL, other = NULL;

  two_of_a_crew (town, &one, &other);
  add (one, id, note);
  g_assert_true (tablet_sync (one, 0));
  sht_engine_set_sparing (other->engine, TRUE);
  g_assert_true (tablet_sync (other, 0));
  g_assert_true (sht_db_exec (other->store->db,
                              "INSERT INTO entity (type, id, gen, doc) SELECT 'voice', id, 1, doc FROM voice;"
                              "DROP TABLE voice; DROP VIEW shown_file; DROP TABLE obstacle; DROP TABLE fact; DROP TABLE told; DROP TABLE map_package;"
                              "DROP INDEX place_layer; DROP INDEX place_reported; DROP INDEX ticket_place; ALTER TABLE ticket DROP COLUMN place;"
                              "INSERT INTO entity (type, id, gen, doc) VALUES ('position', 'r1', 1, '{\"department\":\"roads\"}');"
                              "DROP TABLE position; DROP TABLE fix; DROP TABLE notice;"
                              "DROP INDEX event_undecided; DROP INDEX event_contribution; ALTER TABLE event DROP COLUMN mark;"
                              "CREATE INDEX event_undecided ON event (parent); CREATE INDEX event_contribution ON event (id);"
                              "PRAGMA user_version = 3",
                              NULL));
  tablet_close (other);
  tablet_open (other);
  g_assert_cmpint (tablet_count (other, "SELECT count(*) FROM entity WHERE type IN ('voice', 'position')"), ==, 0);
  g_assert_cmpint (tablet_count (other, "SELECT count(*) FROM position WHERE department = 'roads'"), ==, 1);
  g_assert_true (tablet_sync (other, 0));
  assert_voice (other, id, "confirmed", TRUE);
  assert_agrees (other);
}

/* By a stick instead of the air. */
static void
test_rescued (void)
{
  g_autoptr (Town) town = town_new ();
  g_autofree char *id = ticket_id (1), *secret = NULL, *key = NULL, *path = NULL;
  g_autoptr (GBytes) note = voice_note (1000, 5);
  g_autoptr (JsonObject) answer = json_object_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (Tablet) tablet = NULL;
  g_auto (ShtRescueReport) report = { 0 };
  ShtRescue saved;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  secret = sht_store_signing_secret (tablet->store, NULL);
  key = sht_key_to_sign (secret);
  g_assert_true (sht_hub_exchange_keys (town->hub, tablet->store->device.id, key, answer, NULL));
  g_assert_true (sht_store_take_hub_key (tablet->store, answer, NULL));
  add (tablet, id, note);
  path = g_build_filename (tablet->folder, "a.rescue", NULL);
  g_assert_true (sht_store_rescue (tablet->store, path, NULL, NULL, NULL, &saved, &error));
  g_assert_cmpuint (saved.operations, ==, 1);
  g_assert_cmpuint (saved.voices, ==, 1);
  g_assert_cmpuint (saved.photos, ==, 0);
  g_assert_true (sht_hub_rescue (town->hub, path, &report, &error));
  g_assert_no_error (error);
  assert_hub_holds (town, 1);
  g_assert_true (tablet_sync (tablet, 0));
  assert_voice (tablet, id, "confirmed", TRUE);
}

/* The ticket leaves while another's voice note is on its way: no byte of it is kept. */
static void
test_left_on_its_way (void)
{
  g_autoptr (Town) town = town_new ();
  g_autofree char *id = ticket_id (1);
  g_autoptr (GBytes) note = voice_note (1000, 5);
  g_autoptr (Tablet) one = NULL, other = NULL;
  g_autoptr (ShtVoiceWanted) wanted = NULL;
  g_autoptr (GError) error = NULL;
  gboolean done = FALSE;

  two_of_a_crew (town, &one, &other);
  add (one, id, note);
  g_assert_true (tablet_sync (one, 0));
  sht_engine_set_sparing (other->engine, TRUE);
  g_assert_true (tablet_sync (other, 0));
  wanted = sht_store_next_voice (other->store, &error);
  g_assert_nonnull (wanted);
  g_assert_true (sht_hub_assign (town->hub, id, "r2", &error));
  g_assert_true (tablet_sync (other, 0));
  while (!done)
    g_assert_true (sht_store_clean_some (other->store, &done, NULL));
  g_assert_true (sht_store_take_voice (other->store, wanted, note, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_files (other), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/voice/to-the-other", test_to_the_other);
  g_test_add_func ("/voice/cut-off", test_cut_off);
  g_test_add_func ("/voice/refused-here", test_refused_here);
  g_test_add_func ("/voice/refused-there", test_refused_there);
  g_test_add_func ("/voice/other-bytes-come", test_other_bytes_come);
  g_test_add_func ("/voice/a-late-no", test_a_late_no);
  g_test_add_func ("/voice/too-short-at-the-hub", test_too_short_at_the_hub);
  g_test_add_func ("/voice/right-size-wrong-bytes", test_right_size_wrong_bytes);
  g_test_add_func ("/voice/spared", test_spared);
  g_test_add_func ("/voice/goes", test_goes);
  g_test_add_func ("/voice/taken-away", test_taken_away);
  g_test_add_func ("/voice/taken-away-meanwhile", test_taken_away_meanwhile);
  g_test_add_func ("/voice/upgraded", test_upgraded);
  g_test_add_func ("/voice/rescued", test_rescued);
  g_test_add_func ("/voice/left-on-its-way", test_left_on_its_way);
  return g_test_run ();
}
