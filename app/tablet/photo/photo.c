/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/photo/photo.h"

#include "core/json.h"

void
sht_photo_taken_clear (ShtPhotoTaken *taken)
{
  g_clear_pointer (&taken->id, g_free);
  g_clear_pointer (&taken->warnings, g_strfreev);
}

static void
set_warnings (JsonObject *photo, char **warnings)
{
  JsonArray *list;

  if (warnings == NULL || warnings[0] == NULL)
    return;
  list = json_array_new ();
  for (guint i = 0; warnings[i] != NULL; i++)
    json_array_add_string_element (list, warnings[i]);
  json_object_set_array_member (photo, "warnings", list);
}

/* What the camera knew; the tablet's clock and the ticket's place stand in for it, and are marked so. */
static void
set_circumstances (ShtStore *store, JsonObject *photo, JsonObject *ticket, ShtImage *image)
{
  json_object_set_int_member (photo, "taken_at", image->has_taken ? image->taken_at_ms : sht_store_now (store));
  json_object_set_string_member (photo, "taken_from", image->has_taken ? "exif" : "clock");
  if (image->has_taken)
    json_object_set_string_member (photo, "taken_zone",
                                   image->taken_zone == SHT_IMAGE_ZONE_EXIF ? "exif" : "tablet");
  if (image->has_position)
    {
      json_object_set_int_member (photo, "lat_e7", image->lat_e7);
      json_object_set_int_member (photo, "lon_e7", image->lon_e7);
      json_object_set_string_member (photo, "position_from", "exif");
    }
  else if (sht_json_has (ticket, "lat_e7") && sht_json_has (ticket, "lon_e7"))
    {
      json_object_set_int_member (photo, "lat_e7", sht_json_int (ticket, "lat_e7", 0));
      json_object_set_int_member (photo, "lon_e7", sht_json_int (ticket, "lon_e7", 0));
      json_object_set_string_member (photo, "position_from", "ticket");
    }
  if (image->heading >= 0)
    json_object_set_int_member (photo, "heading", (gint64) image->heading);
  sht_json_set_string (photo, "device_model", image->device_model);
}

/* Keeps a picture's bytes; gives the photo as it will be attached. */
static JsonObject *
keep_image (ShtStore *store, ShtImage *image, const char *role, const char *caption, GError **error)
{
  g_autoptr (JsonObject) photo = json_object_new ();
  g_autofree char *sha256 = NULL;
  g_autofree char *thumb_sha256 = NULL;

  if (!sht_store_keep_blob (store, image->thumb, &thumb_sha256, error)
      || !sht_store_keep_blob (store, image->jpeg, &sha256, error))
    return NULL;
  json_object_set_string_member (photo, "source_sha256", image->source_sha256);
  json_object_set_string_member (photo, "sha256", sha256);
  json_object_set_int_member (photo, "size", (gint64) g_bytes_get_size (image->jpeg));
  json_object_set_string_member (photo, "thumb_sha256", thumb_sha256);
  json_object_set_int_member (photo, "thumb_size", (gint64) g_bytes_get_size (image->thumb));
  json_object_set_int_member (photo, "width", image->width);
  json_object_set_int_member (photo, "height", image->height);
  sht_json_set_string (photo, "role", role);
  sht_json_set_string (photo, "caption", caption);
  set_warnings (photo, image->warnings);
  return g_steal_pointer (&photo);
}

static void
tell_taken (ShtPhotoTaken *taken, JsonObject *photo, ShtImage *image)
{
  if (taken->already)
    return;
  taken->id = g_strdup (sht_json_string (photo, "id"));
  taken->warnings = g_strdupv (image->warnings);
}

/**
 * sht_photo_attach_image:
 * @ticket: a ticket's UUID
 * @image: what the image helper made of the source
 * @role: before, after or other
 * @caption: (nullable): words
 * @taken: (out): what was done
 *
 * Keeps a photo's bytes, then attaches it: durable before this returns, bytes first.
 *
 * Returns: %FALSE with %SHT_STORE_ERROR_NOT_FOUND when the ticket is not on this tablet any more, or another error
 */
gboolean
sht_photo_attach_image (ShtStore *store, const char *ticket, ShtImage *image, const char *role, const char *caption,
                        ShtPhotoTaken *taken, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (JsonObject) doc = sht_store_get (store, "ticket", ticket, &local_error);
  g_autoptr (JsonObject) photo = doc != NULL ? keep_image (store, image, role, caption, &local_error) : NULL;

  if (photo == NULL)
    {
      if (local_error != NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
      else
        g_set_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_FOUND, "there is no ticket %s on this tablet", ticket);
      return FALSE;
    }
  set_circumstances (store, photo, doc, image);
  if (!sht_store_attach (store, ticket, photo, NULL, &taken->already, error))
    return FALSE;
  tell_taken (taken, photo, image);
  return TRUE;
}

/* The words of what is drawn: those of the photo under it first, each once. */
static JsonArray *
new_layer (JsonObject *original, GPtrArray *shapes)
{
  JsonArray *before = sht_json_array (original, "layer");
  JsonArray *layer = json_array_new ();
  gboolean drawn[SHT_N_SHAPE_KINDS] = { FALSE };

  for (guint i = 0; before != NULL && i < json_array_get_length (before); i++)
    {
      json_array_add_element (layer, json_node_copy (json_array_get_element (before, i)));
      for (guint kind = 0; kind < SHT_N_SHAPE_KINDS; kind++)
        if (g_strcmp0 (json_array_get_string_element (before, i), sht_shape_kind_name (kind)) == 0)
          drawn[kind] = TRUE;
    }
  for (guint i = 0; i < shapes->len; i++)
    {
      const ShtShape *shape = g_ptr_array_index (shapes, i);

      if (!drawn[shape->kind])
        json_array_add_string_element (layer, sht_shape_kind_name (shape->kind));
      drawn[shape->kind] = TRUE;
    }
  return layer;
}

/**
 * sht_photo_attach_drawing:
 * @photo: the id of the photo that was drawn on
 * @image: what the image helper made of it
 * @shapes: (element-type ShtShape): what was drawn
 * @taken: (out): what was done
 *
 * Attaches the drawing to the photo's ticket as a photo of its own, with the circumstances and words of the one
 * under it, which stays as it is. Durable before this returns, bytes first.
 */
gboolean
sht_photo_attach_drawing (ShtStore *store, const char *photo, ShtImage *image, GPtrArray *shapes, ShtPhotoTaken *taken,
                          GError **error)
{
  static const char *const circumstances[] = { "taken_at", "taken_from",    "taken_zone", "lat_e7",
                                               "lon_e7",   "position_from", "heading",    "device_model" };
  g_autoptr (GError) local_error = NULL;
  g_autoptr (JsonObject) original = sht_store_get (store, "photo", photo, &local_error);
  g_autoptr (JsonObject) drawing = NULL;

  if (original == NULL)
    {
      if (local_error != NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
      else
        g_set_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_FOUND, "there is no photo %s on this tablet", photo);
      return FALSE;
    }
  drawing = keep_image (store, image, sht_json_string (original, "role"), sht_json_string (original, "caption"), error);
  if (drawing == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (circumstances); i++)
    if (sht_json_has (original, circumstances[i]))
      json_object_set_member (drawing, circumstances[i],
                              json_node_copy (json_object_get_member (original, circumstances[i])));
  json_object_set_string_member (drawing, "of", photo);
  json_object_set_array_member (drawing, "layer", new_layer (original, shapes));
  if (!sht_store_attach (store, sht_json_string (original, "ticket"), drawing, NULL, &taken->already, error))
    return FALSE;
  tell_taken (taken, drawing, image);
  return TRUE;
}

/**
 * sht_photo_report:
 * @report: a new ticket or obstacle
 *
 * Makes a ticket or an obstacle with its photo in one step, so that neither is ever there without the other; see
 * sht_photo_attach_image(). The place of an obstacle is that of the ticket that it holds up.
 */
gboolean
sht_photo_report (ShtStore *store, ShtOperation *report, ShtImage *image, const char *role, const char *caption,
                  ShtPhotoTaken *taken, GError **error)
{
  g_autoptr (JsonObject) photo = keep_image (store, image, role, caption, error);
  const char *ticket = sht_json_string (report->fields, "ticket");
  g_autoptr (JsonObject) held = ticket != NULL ? sht_store_get (store, "ticket", ticket, NULL) : NULL;

  if (photo == NULL)
    return FALSE;
  set_circumstances (store, photo, held != NULL ? held : report->fields, image);
  if (!sht_db_begin (store->db, error))
    return FALSE;
  if (!sht_store_act_inside (store, report, error)
      || !sht_store_attach_inside (store, report->entity, photo, report->id, &taken->already, error))
    {
      sht_db_rollback (store->db);
      return FALSE;
    }
  if (!sht_db_commit (store->db, error))
    return FALSE;
  tell_taken (taken, photo, image);
  return TRUE;
}

/**
 * sht_photo_attach_file:
 * @path: a picture
 *
 * Imports a picture by the confined helper and attaches it; see sht_photo_attach_image().
 *
 * Returns: %FALSE with a #ShtImageError that names the file, or an error of the store
 */
gboolean
sht_photo_attach_file (ShtStore *store, const char *ticket, const char *path, const char *role, const char *caption,
                       ShtPhotoTaken *taken, GError **error)
{
  ShtImageOptions options = { 0 };
  g_autoptr (ShtImage) image = NULL;
  gint64 exists = 0;

  if (!sht_db_get_int (store->db, &exists, error, "SELECT count(*) FROM ticket WHERE id = ?1", "s", ticket))
    return FALSE;
  if (exists == 0)
    {
      g_set_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_FOUND, "there is no ticket %s on this tablet", ticket);
      return FALSE;
    }
  image = sht_image_import (path, &options, NULL, error);
  return image != NULL && sht_photo_attach_image (store, ticket, image, role, caption, taken, error);
}
