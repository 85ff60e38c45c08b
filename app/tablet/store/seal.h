/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ShtSealPlace:
 * @SHT_SEAL_NONE: the key cannot be had just now: what is sealed is not read, and nothing is sealed anew
 * @SHT_SEAL_KEYRING: the key lies in the session's Secret Service
 * @SHT_SEAL_FILE: in a file beside the store, which its owner alone may read
 * @SHT_SEAL_DESTROYED: the hub has sealed this tablet: there is no key any more
 *
 * Where the key lies with which what is known of residents is sealed on this tablet.
 */
typedef enum
{
  SHT_SEAL_NONE,
  SHT_SEAL_KEYRING,
  SHT_SEAL_FILE,
  SHT_SEAL_DESTROYED
} ShtSealPlace;

/**
 * ShtSeal:
 *
 * The key of one store's folder, shared by all of the program that has it open; safe for threads.
 */
typedef struct _ShtSeal ShtSeal;

ShtSeal *sht_seal_load (const char *folder) G_GNUC_WARN_UNUSED_RESULT;
void sht_seal_unref (ShtSeal *seal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtSeal, sht_seal_unref)
ShtSealPlace sht_seal_get_place (ShtSeal *seal);
char *sht_seal_get_name (ShtSeal *seal) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_seal_destroy (ShtSeal *seal, GError **error);
void sht_seal_look_again (ShtSeal *seal);
gboolean sht_seal_renew (ShtSeal *seal, GError **error);
char *sht_seal_close_doc (ShtSeal *seal, const char *doc, gsize length, gsize *closed_length, gboolean *left_out) G_GNUC_WARN_UNUSED_RESULT;
char *sht_seal_open_doc (ShtSeal *seal, const char *doc, gsize length, gsize *opened_length) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
