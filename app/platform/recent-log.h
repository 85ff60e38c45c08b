/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void sht_recent_log_start (void);
char *sht_recent_log_get (void) G_GNUC_WARN_UNUSED_RESULT;
char *sht_recent_log_clean (const char *message) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
