/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *sht_text_fold (const char *text) G_GNUC_WARN_UNUSED_RESULT;
void sht_text_fold_for_index (GString *out, const char *text);
char *sht_text_match_query (const char *query) G_GNUC_WARN_UNUSED_RESULT;
char *sht_text_clip (const char *text, gsize max_chars) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
