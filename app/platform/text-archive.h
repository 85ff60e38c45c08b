/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ShtText:
 * @name: the file's name in the archive
 * @text: what is in it
 */
typedef struct
{
  const char *name;
  const char *text;
} ShtText;

gboolean sht_text_archive_write (const char *path, const char *folder, const ShtText *texts, guint n_texts, gint64 at_ms, GError **error);

G_END_DECLS
