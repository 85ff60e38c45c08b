/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ShtHashFault:
 * @SHT_HASH_MISSING: bytes that have to be there are not
 * @SHT_HASH_CHANGED: a file's bytes are not those of its name, or cannot be read
 * @SHT_HASH_ORPHANED: a file to which nothing refers
 */
typedef enum
{
  SHT_HASH_MISSING,
  SHT_HASH_CHANGED,
  SHT_HASH_ORPHANED
} ShtHashFault;

/* @name is the hash, of an orphan its path within the folder. */
typedef void (*ShtHashFaultFunc) (gpointer data, ShtHashFault fault, const char *name);

GPtrArray *sht_hash_folder_list (const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
guint sht_hash_folder_verify (const char *folder, GPtrArray *files, GHashTable *needed, GHashTable *known, ShtHashFaultFunc told, gpointer data);

G_END_DECLS
