/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report that was begun outlives the window; once it is reported, or dropped, nothing of it is left. */
#include "tablet/photo/draft.h"
#include "tests/tablet/tablet-fixture.h"

#define TICKET "11111111-1111-4111-8111-111111111111"

static ShtImage *
new_image (const char *source, const char *bytes)
{
  ShtImage *image = g_new0 (ShtImage, 1);
  g_autofree char *thumb = g_strconcat ("small ", bytes, NULL);

  image->jpeg = g_bytes_new (bytes, strlen (bytes));
  image->thumb = g_bytes_new (thumb, strlen (thumb));
  image->source_sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, source, -1);
  image->width = 640;
  image->height = 480;
  image->heading = -1;
  image->has_taken = TRUE;
  image->taken_at_ms = 1700000000000;
  image->has_position = TRUE;
  image->lat_e7 = 312400000;
  image->lon_e7 = -346000000;
  image->device_model = g_strdup ("Camera 1");
  image->warnings = g_strsplit ("damaged end_missing", " ", -1);
  return image;
}

static ShtDraft *
new_draft (ShtImage *image)
{
  ShtDraft *draft = g_new0 (ShtDraft, 1);

  draft->ticket = g_strdup (TICKET);
  draft->service = g_strdup ("road-hole");
  draft->address = g_strdup ("הרכס 15");
  draft->words = g_strdup ("a deep one");
  draft->placed = TRUE;
  draft->lat_e7 = 312432000;
  draft->lon_e7 = 345917000;
  draft->image = image;
  return draft;
}

static void
keep (Tablet *tablet, ShtDraft *draft)
{
  g_autoptr (GError) error = NULL;

  sht_draft_keep (tablet->store, SHT_STORE_REPORT_DRAFT, draft, &error);
  g_assert_no_error (error);
}

static void
on_fault (gpointer data, ShtHashFault fault, const char *name, const char *photo)
{
  g_error ("fault %d: %s", (int) fault, name);
}

/* What lies there is as it was written, and something refers to each: so nothing else lies there. */
static guint
count_blobs (Tablet *tablet)
{
  g_autoptr (GError) error = NULL;
  guint files = 0;

  sht_store_verify_photos (tablet->store, on_fault, NULL, &files, &error);
  g_assert_no_error (error);
  return files;
}

static void
test_comes_back (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_new (town, "crew", "r1", "roads");
  g_autoptr (ShtDraft) draft = new_draft (new_image ("a", "large")), back = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (sht_draft_read (tablet->store, SHT_STORE_REPORT_DRAFT, &error));
  g_assert_no_error (error);
  keep (tablet, draft);
  tablet_close (tablet);
  tablet_open (tablet);
  back = sht_draft_read (tablet->store, SHT_STORE_REPORT_DRAFT, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (back->ticket, ==, TICKET);
  g_assert_cmpstr (back->service, ==, "road-hole");
  g_assert_cmpstr (back->address, ==, "הרכס 15");
  g_assert_cmpstr (back->words, ==, "a deep one");
  g_assert_true (back->placed);
  g_assert_cmpint (back->lat_e7, ==, 312432000);
  g_assert_cmpint (back->lon_e7, ==, 345917000);
  g_assert_true (g_bytes_equal (back->image->jpeg, draft->image->jpeg));
  g_assert_true (g_bytes_equal (back->image->thumb, draft->image->thumb));
  g_assert_cmpstr (back->image->source_sha256, ==, draft->image->source_sha256);
  g_assert_cmpint (back->image->width, ==, 640);
  g_assert_cmpint (back->image->heading, ==, -1);
  g_assert_cmpint (back->image->taken_at_ms, ==, 1700000000000);
  g_assert_true (back->image->has_position);
  g_assert_cmpint (back->image->lon_e7, ==, -346000000);
  g_assert_cmpstr (back->image->device_model, ==, "Camera 1");
  g_assert_cmpstrv (back->image->warnings, draft->image->warnings);
}

static void
test_photo_changes (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_new (town, "crew", "r1", "roads");
  g_autoptr (ShtDraft) draft = new_draft (new_image ("a", "large")), back = NULL;

  keep (tablet, draft);
  g_assert_cmpuint (count_blobs (tablet), ==, 2);
  sht_image_free (draft->image);
  draft->image = new_image ("b", "another");
  keep (tablet, draft);
  g_assert_cmpuint (count_blobs (tablet), ==, 2);
  back = sht_draft_read (tablet->store, SHT_STORE_REPORT_DRAFT, NULL);
  g_assert_true (g_bytes_equal (back->image->jpeg, draft->image->jpeg));
  g_clear_pointer (&draft->image, sht_image_free);
  keep (tablet, draft);
  g_assert_cmpuint (count_blobs (tablet), ==, 0);
}

static void
report (Tablet *tablet, ShtDraft *draft)
{
  g_autoptr (ShtOperation) op = sht_store_new_operation (tablet->store, SHT_KIND_TICKET_CREATE, draft->ticket);
  g_auto (ShtPhotoTaken) taken = { 0 };
  g_autoptr (GError) error = NULL;

  json_object_set_string_member (op->fields, "service", draft->service);
  json_object_set_string_member (op->fields, "title", "A hole");
  sht_photo_report (tablet->store, op, draft->image, "before", NULL, &taken, &error);
  g_assert_no_error (error);
}

/* Killed between the report and the forgetting: it is not offered a second time, and its photo stays. */
static void
test_reported (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_new (town, "crew", "r1", "roads");
  g_autoptr (ShtDraft) draft = new_draft (new_image ("a", "large"));
  g_autoptr (GError) error = NULL;

  keep (tablet, draft);
  report (tablet, draft);
  tablet_close (tablet);
  tablet_open (tablet);
  g_assert_null (sht_draft_read (tablet->store, SHT_STORE_REPORT_DRAFT, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_blobs (tablet), ==, 2);
  g_assert_null (sht_draft_read (tablet->store, SHT_STORE_REPORT_DRAFT, &error));
  g_assert_true (sht_draft_forget (tablet->store, SHT_STORE_REPORT_DRAFT, &error));
  g_assert_cmpuint (count_blobs (tablet), ==, 2);
}

/* The picture of a begun report hangs on a ticket too, and that leaves. */
static void
test_photo_of_what_leaves (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autoptr (ShtDraft) draft = new_draft (new_image ("a", "large")), back = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = ticket_id (1);
  gboolean done = FALSE;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  keep (tablet, draft);
  {
    g_autoptr (JsonObject) photo = json_object_new ();
    g_autofree char *sha = sht_sha256_of_bytes ("large", 5);
    gboolean already;

    json_object_set_string_member (photo, "sha256", sha);
    json_object_set_string_member (photo, "source_sha256", sha);
    json_object_set_int_member (photo, "size", 5);
    g_assert_true (sht_store_attach (tablet->store, id, photo, NULL, &already, &error));
  }
  g_assert_true (tablet_sync (tablet, 60000));
  town_backed_up (town);
  g_assert_true (sht_hub_assign (town->hub, id, "r2", &error));
  g_assert_true (tablet_sync (tablet, 60000));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob"), ==, 0);
  while (!done)
    g_assert_true (sht_store_clean_some (tablet->store, &done, NULL));
  back = sht_draft_read (tablet->store, SHT_STORE_REPORT_DRAFT, &error);
  g_assert_no_error (error);
  g_assert_nonnull (back->image);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/draft/comes-back", test_comes_back);
  g_test_add_func ("/draft/photo-changes", test_photo_changes);
  g_test_add_func ("/draft/reported", test_reported);
  g_test_add_func ("/draft/photo-of-what-leaves", test_photo_of_what_leaves);
  return g_test_run ();
}
