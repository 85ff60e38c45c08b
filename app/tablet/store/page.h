/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/store.h"

G_BEGIN_DECLS

/**
 * ShtLine:
 * @type: the line's type
 * @id: the entity's id, empty when the line has none
 * @text: the line, borrowed
 * @length: its length in bytes, without the newline
 */
typedef struct
{
  char type[16];
  char id[72];
  const char *text;
  gsize length;
} ShtLine;

gboolean sht_line_read (const char **line, const char *end, ShtLine *out, GError **error);
GHashTable *sht_store_load_waiting (ShtStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_store_take_entity (ShtStore *store, const ShtLine *line, GHashTable *waiting, guint64 bit, gint64 generation, GError **error);

/* away.c: what a page brings after a long time without the hub */
gboolean sht_store_is_first_fill (ShtStore *store);
gboolean sht_store_away_begin (ShtStore *store, gboolean *recording, GError **error);
gboolean sht_store_away_note (ShtStore *store, const ShtLine *line, GError **error);
gboolean sht_store_away_taken (ShtStore *store, const char *ticket, GError **error);
gboolean sht_store_away_end (ShtStore *store, gboolean recording, gboolean more, GError **error);

G_END_DECLS
