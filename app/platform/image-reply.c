/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/image-private.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* The helper read foreign bytes and may be in foreign hands: everything it says is checked here as if
 * it had come over the network. */

#define MAX_HEADER (16 * 1024)
#define MAX_SIDE 65535
#define MAX_TEXT 200
#define MAX_WARNINGS 32
#define MAX_WARNING 40
#define MAX_OFFSET_MIN (18 * 60)

/* The parser recurses into brackets; a true header has three, and a camera's name may have some. */
#define MAX_BRACKETS 40

static ShtImage *
bad_reply (const char *name, GError **error)
{
  g_set_error (error, SHT_IMAGE_ERROR, SHT_IMAGE_ERROR_HELPER,
               "%s: cannot be read, the program that reads pictures gave no proper answer", name);
  return NULL;
}

/* One line of printable text, or NULL. */
static char *
get_text (JsonObject *header, const char *member)
{
  JsonNode *node = json_object_get_member (header, member);
  const char *text;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  text = json_node_get_string (node);
  if (*text == '\0' || strlen (text) > MAX_TEXT || !g_utf8_validate (text, -1, NULL))
    return NULL;
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (!g_unichar_isprint (g_utf8_get_char (p)))
      return NULL;
  return g_strdup (text);
}

static gboolean
get_int (JsonObject *header, const char *member, gint64 low, gint64 high, gint64 *value)
{
  JsonNode *node = json_object_get_member (header, member);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;
  *value = json_node_get_int (node);
  return *value >= low && *value <= high;
}

static gboolean
get_side (JsonObject *header, const char *member, int *side)
{
  gint64 value = 0;
  gboolean ok = get_int (header, member, 1, MAX_SIDE, &value);

  *side = (int) value;
  return ok;
}

/* "2014-09-21T16:00:56" on the clock of the given zone. A time that a change to summer time skips or
 * repeats is taken as GLib does: moved on, or the first of the two. */
static void
get_taken (ShtImage *image, JsonObject *header, GTimeZone *timezone)
{
  g_autofree char *text = get_text (header, "taken_at");
  g_autoptr (GTimeZone) zone = NULL;
  g_autoptr (GDateTime) time = NULL;
  gint64 offset = 0;

  if (text == NULL || strlen (text) != strlen ("YYYY-MM-DDTHH:MM:SS"))
    return;
  image->taken_zone = SHT_IMAGE_ZONE_TABLET;
  if (get_int (header, "taken_offset", -MAX_OFFSET_MIN, MAX_OFFSET_MIN, &offset))
    {
      image->taken_zone = SHT_IMAGE_ZONE_EXIF;
      zone = g_time_zone_new_offset ((gint32) offset * 60);
    }
  else
    zone = timezone != NULL ? g_time_zone_ref (timezone) : g_time_zone_new_local ();
  time = g_date_time_new_from_iso8601 (text, zone);
  if (time == NULL)
    return;
  image->has_taken = TRUE;
  image->taken_at_ms = g_date_time_to_unix (time) * 1000;
}

static void
get_place (ShtImage *image, JsonObject *header)
{
  gint64 lat, lon, heading;

  image->heading = -1;
  if (get_int (header, "heading", 0, 359, &heading))
    image->heading = (int) heading;
  if (!get_int (header, "lat_e7", -900000000, 900000000, &lat)
      || !get_int (header, "lon_e7", -1800000000, 1800000000, &lon))
    return;
  image->has_position = TRUE;
  image->lat_e7 = (gint32) lat;
  image->lon_e7 = (gint32) lon;
}

static void
get_warnings (ShtImage *image, JsonObject *header)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  JsonNode *node = json_object_get_member (header, "warnings");
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint length = array != NULL ? MIN (json_array_get_length (array), MAX_WARNINGS) : 0;

  for (guint i = 0; i < length; i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      const char *word = JSON_NODE_HOLDS_VALUE (element) ? json_node_get_string (element) : NULL;

      if (word != NULL && *word != '\0' && strlen (word) <= MAX_WARNING
          && strspn (word, "abcdefghijklmnopqrstuvwxyz_") == strlen (word))
        g_strv_builder_add (words, word);
    }
  image->warnings = g_strv_builder_end (words);
}

static gboolean
is_jpeg (const guint8 *data, gsize length)
{
  return length > 4 && memcmp (data, "\xff\xd8\xff", 3) == 0
         && memcmp (data + length - 2, "\xff\xd9", 2) == 0;
}

static gboolean
get_bytes (ShtImage *image, JsonObject *header, GBytes *reply, gsize offset)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (reply, &length);
  gint64 jpeg_size, thumb_size;

  if (!get_int (header, "jpeg_size", 1, SHT_IMAGE_MAX_BYTES, &jpeg_size)
      || !get_int (header, "thumb_size", 1, SHT_IMAGE_MAX_BYTES, &thumb_size)
      || (gsize) jpeg_size + (gsize) thumb_size != length - offset)
    return FALSE;
  if (!is_jpeg (data + offset, (gsize) jpeg_size)
      || !is_jpeg (data + offset + jpeg_size, (gsize) thumb_size))
    return FALSE;
  /* Copies, so that keeping a thumbnail does not keep the whole reply. */
  image->jpeg = g_bytes_new (data + offset, (gsize) jpeg_size);
  image->thumb = g_bytes_new (data + offset + jpeg_size, (gsize) thumb_size);
  return TRUE;
}

static ShtImage *
refusal (JsonObject *header, const char *name, GError **error)
{
  g_autofree char *word = get_text (header, "error");
  g_autofree char *message = get_text (header, "message");
  ShtImageError code;

  if (message == NULL || !sht_image_error_from_name (word, &code))
    return bad_reply (name, error);
  g_set_error (error, SHT_IMAGE_ERROR, (gint) code, "%s: %s", name, message);
  return NULL;
}

static gboolean
is_shallow (const char *text, gsize length)
{
  guint brackets = 0;

  for (gsize i = 0; i < length; i++)
    brackets += text[i] == '{' || text[i] == '[';
  return brackets <= MAX_BRACKETS;
}

/**
 * sht_image_reply_parse:
 * @reply: what the helper wrote: a line of JSON, a JPEG, its thumbnail
 * @name: what to call the picture in messages
 * @timezone: (nullable): for times without an offset; %NULL: the system's
 *
 * Returns: (transfer full): the picture without what concerns its file, or %NULL with
 *   %SHT_IMAGE_ERROR: the helper's own refusal, or %SHT_IMAGE_ERROR_HELPER for a reply that does not
 *   hold together
 */
ShtImage *
sht_image_reply_parse (GBytes *reply, const char *name, GTimeZone *timezone, GError **error)
{
  gsize length;
  const char *data = g_bytes_get_data (reply, &length);
  const char *end = length > 0 ? memchr (data, '\n', MIN (length, MAX_HEADER)) : NULL;
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (ShtImage) image = NULL;
  JsonObject *header;

  if (end == NULL || !is_shallow (data, (gsize) (end - data))
      || !json_parser_load_from_data (parser, data, end - data, NULL)
      || json_parser_get_root (parser) == NULL || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    return bad_reply (name, error);
  header = json_node_get_object (json_parser_get_root (parser));
  if (json_object_has_member (header, "error"))
    return refusal (header, name, error);

  image = g_new0 (ShtImage, 1);
  if (!get_side (header, "width", &image->source_width)
      || !get_side (header, "height", &image->source_height)
      || !get_side (header, "out_width", &image->width)
      || !get_side (header, "out_height", &image->height)
      || !get_bytes (image, header, reply, (gsize) (end + 1 - data)))
    return bad_reply (name, error);
  get_taken (image, header, timezone);
  get_place (image, header);
  get_warnings (image, header);
  image->device_model = get_text (header, "device_model");
  return g_steal_pointer (&image);
}
