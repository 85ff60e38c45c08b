/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A drawing on a photo is a photo of its own beside it, and says so. */
#include "core/json.h"
#include "tablet/photo/photo.h"
#include "tests/tablet/tablet-fixture.h"

#define TICKET "11111111-1111-4111-8111-111111111111"

static ShtImage *
new_image (const char *bytes)
{
  ShtImage *image = g_new0 (ShtImage, 1);

  image->jpeg = g_bytes_new (bytes, strlen (bytes));
  image->thumb = g_bytes_new ("small", 5);
  image->source_sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, image->jpeg);
  image->width = 640;
  image->height = 480;
  image->heading = -1;
  return image;
}

/* A ticket whose photo says when and where it was taken. */
static char *
take_photo (Tablet *tablet)
{
  g_autoptr (ShtOperation) report = sht_store_new_operation (tablet->store, SHT_KIND_TICKET_CREATE, TICKET);
  g_autoptr (ShtImage) image = new_image ("as taken");
  g_auto (ShtPhotoTaken) taken = { 0 };
  g_autoptr (GError) error = NULL;

  json_object_set_string_member (report->fields, "service", "road-hole");
  image->has_taken = TRUE;
  image->taken_at_ms = 1700000000000;
  image->has_position = TRUE;
  image->lat_e7 = 312400000;
  image->lon_e7 = -346000000;
  image->heading = 90;
  image->device_model = g_strdup ("Camera 1");
  sht_photo_report (tablet->store, report, image, "before", "The hole", &taken, &error);
  g_assert_no_error (error);
  return g_strdup (taken.id);
}

static char *
draw (Tablet *tablet, const char *photo, const char *bytes, ShtShapeKind one, ShtShapeKind other, gboolean *already)
{
  g_autoptr (GPtrArray) shapes = sht_shapes_new ();
  g_autoptr (ShtImage) image = new_image (bytes);
  g_auto (ShtPhotoTaken) taken = { 0 };
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (shapes, sht_shape_new (one, 0, 0, 1, 1));
  g_ptr_array_add (shapes, sht_shape_new (other, 0, 0, 1, 1));
  g_ptr_array_add (shapes, sht_shape_new (one, 0, 0, 1, 1));
  sht_photo_attach_drawing (tablet->store, photo, image, shapes, &taken, &error);
  g_assert_no_error (error);
  *already = taken.already;
  return g_strdup (taken.id);
}

static char *
get_text (Tablet *tablet, const char *photo)
{
  g_autoptr (JsonObject) doc = sht_store_get (tablet->store, "photo", photo, NULL);

  return sht_json_to_string (doc);
}

static void
assert_layer (JsonObject *photo, const char *words)
{
  g_autoptr (GString) found = g_string_new (NULL);
  JsonArray *layer = sht_json_array (photo, "layer");

  for (guint i = 0; i < json_array_get_length (layer); i++)
    g_string_append_printf (found, "%s ", json_array_get_string_element (layer, i));
  g_assert_cmpstr (found->str, ==, words);
}

static void
test_drawing (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_new (town, "crew", "r1", "roads");
  g_autofree char *photo = take_photo (tablet);
  g_autofree char *before = get_text (tablet, photo);
  gboolean already = TRUE;
  g_autofree char *one = draw (tablet, photo, "with arrows", SHT_SHAPE_ARROW, SHT_SHAPE_TEXT, &already);
  g_autofree char *after = get_text (tablet, photo);
  g_autoptr (JsonObject) original = sht_store_get (tablet->store, "photo", photo, NULL);
  g_autoptr (JsonObject) drawing = sht_store_get (tablet->store, "photo", one, NULL);
  static const char *const same[] = { "ticket",   "role",   "caption",       "taken_at", "taken_from",
                                      "lat_e7",   "lon_e7", "position_from", "heading",  "device_model" };

  g_assert_false (already);
  g_assert_cmpstr (after, ==, before);
  g_assert_cmpstr (sht_json_string (drawing, "of"), ==, photo);
  assert_layer (drawing, "arrow text ");
  for (guint i = 0; i < G_N_ELEMENTS (same); i++)
    g_assert_true (sht_json_nodes_equal (json_object_get_member (drawing, same[i]),
                                         json_object_get_member (original, same[i])));
  g_assert_cmpstr (sht_json_string (drawing, "sha256"), !=, sht_json_string (original, "sha256"));
  g_assert_cmpstr (sht_json_string (drawing, "source_sha256"), ==, sht_json_string (drawing, "sha256"));
  g_assert_false (sht_json_has (original, "of"));
}

static void
test_again_and_further (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_new (town, "crew", "r1", "roads");
  g_autofree char *photo = take_photo (tablet);
  gboolean already = FALSE;
  g_autofree char *one = draw (tablet, photo, "blurred", SHT_SHAPE_BLUR, SHT_SHAPE_BLUR, &already);
  g_autofree char *again = draw (tablet, photo, "blurred", SHT_SHAPE_BLUR, SHT_SHAPE_BLUR, &already);
  g_autofree char *further = NULL;
  g_autoptr (JsonObject) drawing = NULL;

  /* The same drawing is there once. */
  g_assert_true (already);
  g_assert_null (again);
  further = draw (tablet, one, "and an arrow", SHT_SHAPE_ARROW, SHT_SHAPE_BLUR, &already);
  g_assert_false (already);
  drawing = sht_store_get (tablet->store, "photo", further, NULL);
  g_assert_cmpstr (sht_json_string (drawing, "of"), ==, one);
  assert_layer (drawing, "blur arrow ");
}

static void
test_no_such_photo (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_new (town, "crew", "r1", "roads");
  g_autoptr (GPtrArray) shapes = sht_shapes_new ();
  g_autoptr (ShtImage) image = new_image ("drawn");
  g_auto (ShtPhotoTaken) taken = { 0 };
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (shapes, sht_shape_new (SHT_SHAPE_ARROW, 0, 0, 1, 1));
  g_assert_false (sht_photo_attach_drawing (tablet->store, TICKET, image, shapes, &taken, &error));
  g_assert_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_FOUND);
}

/* A ticket may go to others while its picture is being decoded. */
static void
test_no_such_ticket (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_new (town, "crew", "r1", "roads");
  g_autoptr (ShtImage) image = new_image ("taken");
  g_auto (ShtPhotoTaken) taken = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (sht_photo_attach_image (tablet->store, "01890000-0000-7000-8000-0000000000ff", image, "before", NULL, &taken,
                                          &error));
  g_assert_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/drawing/drawing", test_drawing);
  g_test_add_func ("/drawing/again-and-further", test_again_and_further);
  g_test_add_func ("/drawing/no-such-photo", test_no_such_photo);
  g_test_add_func ("/drawing/no-such-ticket", test_no_such_ticket);
  return g_test_run ();
}
