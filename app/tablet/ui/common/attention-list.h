/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtAttentionList:
 *
 * What a person has to decide, each with its two large buttons.
 */
#define SHT_TYPE_ATTENTION_LIST (sht_attention_list_get_type ())
G_DECLARE_FINAL_TYPE (ShtAttentionList, sht_attention_list, SHT, ATTENTION_LIST, AdwBin)

GtkWidget *sht_attention_list_new (ShtSession *session, gboolean of_ticket) G_GNUC_WARN_UNUSED_RESULT;
guint sht_attention_list_update (ShtAttentionList *self, const char *ticket);

G_END_DECLS
