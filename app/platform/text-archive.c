/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/text-archive.h"

#include "platform/durable.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

static la_ssize_t
take (struct archive *archive, void *data, const void *bytes, size_t length)
{
  g_byte_array_append (data, bytes, (guint) length);
  return (la_ssize_t) length;
}

static gboolean
add (struct archive *archive, const char *folder, const ShtText *text, gint64 at_ms)
{
  struct archive_entry *entry = archive_entry_new ();
  g_autofree char *name = g_build_filename (folder, text->name, NULL);
  gsize length = strlen (text->text);
  gboolean ok;

  archive_entry_set_pathname (entry, name);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  archive_entry_set_size (entry, (la_int64_t) length);
  archive_entry_set_mtime (entry, at_ms / 1000, 0);
  ok = archive_write_header (archive, entry) == ARCHIVE_OK && archive_write_data (archive, text->text, length) == (la_ssize_t) length;
  archive_entry_free (entry);
  return ok;
}

/**
 * sht_text_archive_write:
 * @path: the file to be written; one that is there is replaced
 * @folder: in which the texts stand in it
 * @at_ms: their time, milliseconds since 1970 UTC
 *
 * Writes texts into a gzipped tar that its owner alone may read: all of it, or nothing.
 *
 * Returns: %FALSE with a #GIOErrorEnum
 */
gboolean
sht_text_archive_write (const char *path, const char *folder, const ShtText *texts, guint n_texts, gint64 at_ms, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  struct archive *archive = archive_write_new ();
  gboolean ok = archive_write_set_format_pax_restricted (archive) == ARCHIVE_OK
                && archive_write_add_filter_gzip (archive) == ARCHIVE_OK
                && archive_write_open (archive, bytes, NULL, take, NULL) == ARCHIVE_OK;

  for (guint i = 0; i < n_texts && ok; i++)
    ok = add (archive, folder, &texts[i], at_ms);
  ok = ok && archive_write_close (archive) == ARCHIVE_OK;
  if (!ok)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the archive could not be made: %s", archive_error_string (archive));
  archive_write_free (archive);
  return ok && sht_durable_write (path, bytes->data, bytes->len, 0600, error);
}
