/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Longer than any password that a program makes, in bytes of UTF-8. */
#define SHT_KEYRING_MAX_SECRET 1024

gboolean sht_keyring_is_open (void);
char *sht_keyring_read (const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sht_keyring_forget (char *secret);
gboolean sht_keyring_write (const char *name, const char *label, const char *secret, GError **error);
gboolean sht_keyring_remove (const char *name, GError **error);

G_END_DECLS
