/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/photo/draft.h"

#include "core/json.h"

#include <glib/gstdio.h>

void
sht_draft_free (ShtDraft *draft)
{
  if (draft == NULL)
    return;
  g_free (draft->ticket);
  g_free (draft->service);
  g_free (draft->department);
  g_free (draft->address);
  g_free (draft->words);
  g_clear_pointer (&draft->answers, json_object_unref);
  sht_image_free (draft->image);
  g_free (draft);
}

/* What is kept now; an empty object for nothing. */
static JsonObject *
read_kept (ShtStore *store, const char *key)
{
  g_autofree char *text = sht_store_get_text (store, key);
  JsonObject *kept = text != NULL ? sht_json_parse_object (text, -1, NULL) : NULL;

  return kept != NULL ? kept : json_object_new ();
}

/* Bytes lie under their hash, so others may have the same: those stay. */
static void
drop_bytes (ShtStore *store, const char *sha256)
{
  g_autofree char *path = sha256 != NULL ? sht_store_blob_path (store, sha256) : NULL;
  gint64 used = 1;

  if (path != NULL
      && sht_db_get_int (store->db, &used, NULL,
                         "SELECT (SELECT count(*) FROM blob WHERE sha256 = ?1) + (SELECT count(*) FROM shown_file "
                         "WHERE sha256 = ?1) + (SELECT count(*) FROM meta WHERE (key = ?2 OR instr (key, ?3) = 1) "
                         "AND instr (value, ?1))",
                         "sss", sha256, SHT_STORE_REPORT_DRAFT, SHT_STORE_OBSTACLE_DRAFT)
      && used == 0)
    g_unlink (path);
}

static void
drop_photo (ShtStore *store, JsonObject *photo)
{
  drop_bytes (store, sht_json_string (photo, "sha256"));
  drop_bytes (store, sht_json_string (photo, "thumb_sha256"));
}

static JsonObject *
keep_photo (ShtStore *store, const ShtImage *image, GError **error)
{
  g_autoptr (JsonObject) photo = json_object_new ();
  g_autofree char *sha256 = NULL, *thumb = NULL;
  JsonArray *warnings = json_array_new ();

  for (guint i = 0; image->warnings != NULL && image->warnings[i] != NULL; i++)
    json_array_add_string_element (warnings, image->warnings[i]);
  json_object_set_array_member (photo, "warnings", warnings);
  if (!sht_store_keep_blob (store, image->thumb, &thumb, error)
      || !sht_store_keep_blob (store, image->jpeg, &sha256, error))
    return NULL;
  json_object_set_string_member (photo, "sha256", sha256);
  json_object_set_string_member (photo, "thumb_sha256", thumb);
  json_object_set_string_member (photo, "source_sha256", image->source_sha256);
  json_object_set_int_member (photo, "source_size", image->source_size);
  json_object_set_int_member (photo, "source_width", image->source_width);
  json_object_set_int_member (photo, "source_height", image->source_height);
  json_object_set_int_member (photo, "width", image->width);
  json_object_set_int_member (photo, "height", image->height);
  json_object_set_int_member (photo, "heading", image->heading);
  if (image->has_taken)
    {
      json_object_set_int_member (photo, "taken_at", image->taken_at_ms);
      json_object_set_int_member (photo, "taken_zone", image->taken_zone);
    }
  if (image->has_position)
    {
      json_object_set_int_member (photo, "lat_e7", image->lat_e7);
      json_object_set_int_member (photo, "lon_e7", image->lon_e7);
    }
  sht_json_set_string (photo, "device_model", image->device_model);
  return g_steal_pointer (&photo);
}

/**
 * sht_draft_keep:
 * @key: %SHT_STORE_REPORT_DRAFT, or %SHT_STORE_OBSTACLE_DRAFT and a ticket
 *
 * Keeps the draft in place of the one before, durable before this returns. The bytes of a photo are
 * written once, however often the words beside it change.
 */
gboolean
sht_draft_keep (ShtStore *store, const char *key, const ShtDraft *draft, GError **error)
{
  g_autoptr (JsonObject) before = read_kept (store, key);
  g_autoptr (JsonObject) kept = json_object_new ();
  g_autofree char *text = NULL;
  JsonObject *old = sht_json_object (before, "photo");
  JsonObject *photo = NULL;

  json_object_set_string_member (kept, "ticket", draft->ticket);
  sht_json_set_string (kept, "service", draft->service);
  sht_json_set_string (kept, "department", draft->department);
  sht_json_set_string (kept, "address", draft->address);
  sht_json_set_string (kept, "words", draft->words);
  if (draft->answers != NULL)
    json_object_set_object_member (kept, "answers", json_object_ref (draft->answers));
  if (draft->placed)
    {
      json_object_set_int_member (kept, "lat_e7", draft->lat_e7);
      json_object_set_int_member (kept, "lon_e7", draft->lon_e7);
    }
  if (draft->image != NULL)
    {
      gboolean same = g_strcmp0 (sht_json_string (old, "source_sha256"), draft->image->source_sha256) == 0;

      photo = same ? json_object_ref (old) : keep_photo (store, draft->image, error);
      if (photo == NULL)
        return FALSE;
      json_object_set_object_member (kept, "photo", photo);
    }
  text = sht_json_to_string (kept);
  if (!sht_store_set_text (store, key, text, error))
    return FALSE;
  if (old != NULL && old != photo)
    drop_photo (store, old);
  return TRUE;
}

/**
 * sht_draft_forget:
 * @key: as for sht_draft_keep()
 *
 * There is no draft any more. Its photo's bytes go too, unless a ticket has them by now.
 */
gboolean
sht_draft_forget (ShtStore *store, const char *key, GError **error)
{
  g_autoptr (JsonObject) before = read_kept (store, key);

  if (!sht_db_run (store->db, error, "DELETE FROM meta WHERE key = ?1", "s", key))
    return FALSE;
  drop_photo (store, sht_json_object (before, "photo"));
  return TRUE;
}

static GBytes *
read_bytes (ShtStore *store, const char *sha256)
{
  g_autofree char *path = sha256 != NULL ? sht_store_blob_path (store, sha256) : NULL;
  char *data = NULL;
  gsize length = 0;

  return path != NULL && g_file_get_contents (path, &data, &length, NULL) ? g_bytes_new_take (data, length) : NULL;
}

static ShtImage *
read_photo (ShtStore *store, JsonObject *photo)
{
  g_autoptr (GBytes) jpeg = read_bytes (store, sht_json_string (photo, "sha256"));
  g_autoptr (GBytes) thumb = read_bytes (store, sht_json_string (photo, "thumb_sha256"));
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  JsonArray *warnings = sht_json_array (photo, "warnings");
  ShtImage *image;

  if (jpeg == NULL || thumb == NULL)
    return NULL;
  for (guint i = 0; warnings != NULL && i < json_array_get_length (warnings); i++)
    g_strv_builder_add (words, json_array_get_string_element (warnings, i));
  image = g_new0 (ShtImage, 1);
  image->jpeg = g_steal_pointer (&jpeg);
  image->thumb = g_steal_pointer (&thumb);
  image->source_sha256 = g_strdup (sht_json_string (photo, "source_sha256"));
  image->source_size = sht_json_int (photo, "source_size", 0);
  image->source_width = (int) sht_json_int (photo, "source_width", 0);
  image->source_height = (int) sht_json_int (photo, "source_height", 0);
  image->width = (int) sht_json_int (photo, "width", 0);
  image->height = (int) sht_json_int (photo, "height", 0);
  image->heading = (int) sht_json_int (photo, "heading", -1);
  image->has_taken = sht_json_has (photo, "taken_at");
  image->taken_at_ms = sht_json_int (photo, "taken_at", 0);
  image->taken_zone = (ShtImageZone) sht_json_int (photo, "taken_zone", SHT_IMAGE_ZONE_TABLET);
  image->has_position = sht_json_has (photo, "lat_e7");
  image->lat_e7 = (gint32) sht_json_int (photo, "lat_e7", 0);
  image->lon_e7 = (gint32) sht_json_int (photo, "lon_e7", 0);
  image->device_model = g_strdup (sht_json_string (photo, "device_model"));
  image->warnings = g_strv_builder_end (words);
  return image;
}

/**
 * sht_draft_read:
 * @key: as for sht_draft_keep()
 *
 * A draft whose ticket is there already was reported by a program that was killed before it could forget
 * the draft: that is done now.
 *
 * Returns: (transfer full) (nullable): the draft, or %NULL when there is none
 */
ShtDraft *
sht_draft_read (ShtStore *store, const char *key, GError **error)
{
  g_autoptr (JsonObject) kept = read_kept (store, key);
  const char *ticket = sht_json_string (kept, "ticket");
  gint64 reported = 0;
  ShtDraft *draft;

  if (ticket == NULL
      || !sht_db_get_int (store->db, &reported, error, "SELECT (SELECT count(*) FROM ticket WHERE id = ?1) + (SELECT count(*) FROM obstacle WHERE id = ?1)",
                          "s", ticket))
    return NULL;
  if (reported > 0)
    {
      sht_draft_forget (store, key, error);
      return NULL;
    }
  draft = g_new0 (ShtDraft, 1);
  draft->ticket = g_strdup (ticket);
  draft->service = g_strdup (sht_json_string (kept, "service"));
  draft->department = g_strdup (sht_json_string (kept, "department"));
  draft->address = g_strdup (sht_json_string (kept, "address"));
  draft->words = g_strdup (sht_json_string (kept, "words"));
  if (sht_json_object (kept, "answers") != NULL)
    draft->answers = json_object_ref (sht_json_object (kept, "answers"));
  draft->placed = sht_json_has (kept, "lat_e7");
  draft->lat_e7 = sht_json_int (kept, "lat_e7", 0);
  draft->lon_e7 = sht_json_int (kept, "lon_e7", 0);
  if (sht_json_object (kept, "photo") != NULL)
    draft->image = read_photo (store, sht_json_object (kept, "photo"));
  return draft;
}
