/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of each upload: parsed from headers, kept in a record beside its bytes. */
#include "hub/api/tus-store.h"

#include "platform/durable.h"

#include <fcntl.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ID_BYTES 16
#define METADATA_MAX 8192

static gboolean
bad (GError **error, const char *message)
{
  g_set_error_literal (error, SHT_HTTP_ERROR, 400, message);
  return FALSE;
}

/** sht_tus_new_id: Returns: (transfer full): 128 random bits: an upload's address cannot be guessed
 */
char *
sht_tus_new_id (void)
{
  guint8 bytes[ID_BYTES];
  GString *id = g_string_new (NULL);

  sht_kernel_random (NULL, bytes, sizeof bytes);
  for (gsize i = 0; i < sizeof bytes; i++)
    g_string_append_printf (id, "%02x", bytes[i]);
  return g_string_free (id, FALSE);
}

/**
 * sht_tus_parse_number:
 * @text: (nullable): decimal digits, without sign, blank or leading zero
 *
 * Returns: %FALSE when it is anything else, or does not fit
 */
gboolean
sht_tus_parse_number (const char *text, gint64 *number)
{
  guint64 value;

  if (text == NULL || *text == '\0' || text[strspn (text, "0123456789")] != '\0')
    return FALSE;
  if (text[0] == '0' && text[1] != '\0')
    return FALSE;
  if (!g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &value, NULL))
    return FALSE;
  *number = (gint64)value;
  return TRUE;
}

/* Strict: g_base64_decode() skips over what it does not know. */
static GBytes *
decode_base64 (const char *text)
{
  gsize length = strlen (text), out;
  gsize digits = strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
  gsize padding = length - digits;
  guchar *data;

  if (length == 0)
    return g_bytes_new (NULL, 0);
  if (length % 4 != 0 || padding > 2 || strspn (text + digits, "=") != padding)
    return NULL;
  data = g_base64_decode (text, &out);
  return g_bytes_new_take (data, out);
}

/**
 * sht_tus_parse_metadata:
 * @text: (nullable): an Upload-Metadata header
 *
 * Returns: (transfer full) (nullable) (element-type utf8 GBytes): names and values, or %NULL with
 * 400
 */
GHashTable *
sht_tus_parse_metadata (const char *text, GError **error)
{
  g_autoptr (GHashTable) table =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
  g_auto (GStrv) pairs = g_strsplit (text != NULL ? text : "", ",", -1);

  if (text != NULL && strlen (text) > METADATA_MAX)
    {
      bad (error, "Upload-Metadata is longer than 8 KiB.");
      return NULL;
    }
  for (guint i = 0; pairs[i] != NULL; i++)
    {
      /* HTTP lets a list have blanks around its commas, and header lines joined by libsoup get one.
       */
      char *name = g_strstrip (pairs[i]);
      char *blank = strchr (name, ' ');
      GBytes *value;

      if (blank != NULL)
        *blank = '\0';
      value = decode_base64 (blank != NULL ? blank + 1 : "");
      if (value == NULL || *name == '\0' || !g_str_is_ascii (name) ||
          g_hash_table_contains (table, name))
        {
          g_clear_pointer (&value, g_bytes_unref);
          bad (error, "Upload-Metadata must be a list of names, each once, with base64 values.");
          return NULL;
        }
      g_hash_table_insert (table, g_strdup (name), value);
    }
  return g_steal_pointer (&table);
}

/**
 * sht_tus_parse_checksum:
 * @text: an Upload-Checksum header: "sha256 <base64>"
 * @digest: (out) (transfer full): the raw digest
 *
 * Returns: %FALSE with 400 for another algorithm or a digest of the wrong size
 */
gboolean
sht_tus_parse_checksum (const char *text, GChecksumType *type, GBytes **digest, GError **error)
{
  const char *blank = strchr (text, ' ');
  g_autoptr (GBytes) raw = NULL;

  if (g_str_has_prefix (text, "sha256 "))
    *type = G_CHECKSUM_SHA256;
  else if (g_str_has_prefix (text, "sha1 "))
    *type = G_CHECKSUM_SHA1;
  else
    return bad (error, "Upload-Checksum must be sha256 or sha1.");
  raw = decode_base64 (blank + 1);
  if (raw == NULL || (gssize)g_bytes_get_size (raw) != g_checksum_type_get_length (*type))
    return bad (error, "Upload-Checksum must be the algorithm and its digest in base64.");
  *digest = g_steal_pointer (&raw);
  return TRUE;
}

/* Returns: (transfer full) (nullable): the metadata's sha256 in lower case, or NULL with 400 */
static char *
sha256_of_metadata (GHashTable *metadata, GError **error)
{
  GBytes *value = g_hash_table_lookup (metadata, "sha256");
  gsize size = 0;
  const char *data = value != NULL ? g_bytes_get_data (value, &size) : NULL;

  if (size == 64)
    {
      g_autofree char *hex = g_ascii_strdown (data, 64);

      if (strspn (hex, "0123456789abcdef") == 64)
        return g_steal_pointer (&hex);
    }
  bad (error, "Upload-Metadata must name sha256, the file's hash in 64 hexadecimal digits.");
  return NULL;
}

static char *
make_key (const char *device, GHashTable *metadata, const char *sha256)
{
  GBytes *uuid = g_hash_table_lookup (metadata, "client_uuid");
  g_autofree char *text = NULL;

  if (uuid == NULL || g_bytes_get_size (uuid) == 0)
    return g_strdup_printf ("%s sha256 %s", device, sha256);
  text = g_base64_encode (g_bytes_get_data (uuid, NULL), g_bytes_get_size (uuid));
  return g_strdup_printf ("%s uuid %s", device, text);
}

static void
upload_clear (gpointer data)
{
  ShtTusUpload *self = data;

  g_clear_pointer (&self->file, sht_tus_file_free);
  g_clear_pointer (&self->metadata, g_hash_table_unref);
  g_clear_pointer (&self->waiters, g_ptr_array_unref);
  g_free (self->id);
  g_free (self->device);
  g_free (self->text);
  g_free (self->sha256);
  g_free (self->key);
  g_free (self->path);
  g_free (self->record);
}

/**
 * sht_tus_upload_new:
 * @text: (nullable): Upload-Metadata
 *
 * Returns: (transfer full) (nullable): nothing is on disk yet; %NULL with 400
 */
ShtTusUpload *
sht_tus_upload_new (const char *folder,
                    const char *id,
                    const char *device,
                    const char *text,
                    gint64 length,
                    gint64 expires,
                    GError **error)
{
  g_autoptr (GHashTable) metadata = sht_tus_parse_metadata (text, error);
  g_autofree char *sha256 = metadata != NULL ? sha256_of_metadata (metadata, error) : NULL;
  ShtTusUpload *self;

  if (sha256 == NULL)
    return NULL;
  self = g_rc_box_new0 (ShtTusUpload);
  self->id = g_strdup (id);
  self->device = g_strdup (device);
  self->text = g_strdup (text);
  self->key = make_key (device, metadata, sha256);
  self->metadata = g_steal_pointer (&metadata);
  self->sha256 = g_steal_pointer (&sha256);
  self->path = g_build_filename (folder, id, NULL);
  self->record = g_strconcat (self->path, ".json", NULL);
  self->length = length;
  self->expires = expires;
  self->waiters = g_ptr_array_new_with_free_func (g_object_unref);
  self->file = sht_tus_file_new (self->path, 0);
  return self;
}

ShtTusUpload *
sht_tus_upload_ref (ShtTusUpload *self)
{
  return g_rc_box_acquire (self);
}

void
sht_tus_upload_unref (ShtTusUpload *self)
{
  g_rc_box_release_full (self, upload_clear);
}

/** sht_tus_upload_to_record: Returns: (transfer full): JSON that sht_tus_store_load() reads. Whether it is complete comes
 * first, where it is written over: see sht_tus_record_complete() */
GBytes *
sht_tus_upload_to_record (ShtTusUpload *self, gboolean complete)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  char *text;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "complete");
  json_builder_add_boolean_value (builder, complete);
  json_builder_set_member_name (builder, "device");
  json_builder_add_string_value (builder, self->device);
  json_builder_set_member_name (builder, "length");
  json_builder_add_int_value (builder, self->length);
  json_builder_set_member_name (builder, "metadata");
  json_builder_add_string_value (builder, self->text);
  json_builder_set_member_name (builder, "expires");
  json_builder_add_int_value (builder, self->expires);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  return g_bytes_new_take (text, strlen (text));
}

/**
 * sht_tus_record_complete:
 * @record: the path of an upload's record
 *
 * Makes it one of a complete upload by five bytes in its midst: a new file in its place would cost the folder more than the
 * record is worth.
 *
 * Returns: %FALSE with a #GIOErrorEnum where there is no record of an incomplete one
 */
gboolean
sht_tus_record_complete (const char *record, GError **error)
{
  static const char no[] = "false", yes[] = "true ";
  const goffset at = strlen ("{\"complete\":");
  char there[sizeof no - 1];
  int fd = open (record, O_RDWR | O_CLOEXEC);
  gboolean ok = fd >= 0 && pread (fd, there, sizeof there, at) == sizeof there && memcmp (there, no, sizeof there) == 0
                && pwrite (fd, yes, sizeof there, at) == sizeof there;

  if (!ok)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s is no record of an incomplete upload", record);
  if (fd >= 0)
    close (fd);
  return ok;
}

static ShtTusUpload *
load_one (const char *folder, const char *id, const char *record, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  ShtTusUpload *self;
  JsonNode *root;
  JsonObject *object;
  struct stat st;

  if (!json_parser_load_from_file (parser, record, error))
    return NULL;
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      bad (error, "the record is no JSON object");
      return NULL;
    }
  object = json_node_get_object (root);
  self = sht_tus_upload_new (folder, id,
                             json_object_get_string_member_with_default (object, "device", ""),
                             json_object_get_string_member_with_default (object, "metadata", ""),
                             json_object_get_int_member_with_default (object, "length", 0),
                             json_object_get_int_member_with_default (object, "expires", 0), error);
  if (self == NULL)
    return NULL;
  self->complete = json_object_get_boolean_member_with_default (object, "complete", FALSE);
  /* Bytes past the last acknowledged one are right ones too: a checked chunk is written only after
   * its check. What a power cut may have torn is found by the whole file's hash. */
  if (self->complete)
    self->offset = self->length;
  else if (stat (self->path, &st) == 0)
    self->offset = MIN ((gint64)st.st_size, self->length);
  self->accepted = self->offset;
  sht_tus_file_free (self->file);
  self->file = sht_tus_file_new (self->path, self->complete ? 0 : self->offset);
  return self;
}

static gboolean
is_id (const char *text, gsize length)
{
  return length == 2 * ID_BYTES && strspn (text, "0123456789abcdef") >= length;
}

static gboolean
is_empty (const char *path)
{
  struct stat st;

  return stat (path, &st) != 0 || st.st_size == 0;
}

/* What a crash left: half-written records, and bytes whose record was never made, is gone, or was emptied by a power
 * cut. */
static void
remove_leftover (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *record = g_strconcat (path, ".json", NULL);
  const char *dot = strchr (name, '.');
  gsize length = dot != NULL ? (gsize)(dot - name) : strlen (name);

  if (!is_id (name, length))
    return;
  if (dot != NULL ? g_str_has_prefix (dot, ".json.") : is_empty (record))
    unlink (path);
}

/**
 * sht_tus_store_load:
 * @folder: the uploads; made when it is not there
 *
 * Reads what an earlier process left. A record that cannot be read is left alone and named in the
 * log.
 *
 * Returns: (transfer full) (element-type ShtTusUpload): or %NULL with a #GIOErrorEnum or
 * #GFileError
 */
GPtrArray *
sht_tus_store_load (const char *folder, GError **error)
{
  g_autoptr (GPtrArray) uploads =
    g_ptr_array_new_with_free_func ((GDestroyNotify)sht_tus_upload_unref);
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (!sht_durable_mkdir (folder, error))
    return NULL;
  dir = g_dir_open (folder, 0, error);
  if (dir == NULL)
    return NULL;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *record = g_build_filename (folder, name, NULL);
      g_autofree char *id = g_strndup (name, 2 * ID_BYTES);
      g_autoptr (GError) problem = NULL;
      ShtTusUpload *upload;

      if (!g_str_has_suffix (name, ".json") || !is_id (name, strlen (name) - strlen (".json")))
        {
          remove_leftover (folder, name);
          continue;
        }
      if (is_empty (record))
        {
          unlink (record);
          continue;
        }
      upload = load_one (folder, id, record, &problem);
      if (upload != NULL)
        g_ptr_array_add (uploads, upload);
      else
        g_warning ("upload record %s: %s", name, problem->message);
    }
  return g_steal_pointer (&uploads);
}
