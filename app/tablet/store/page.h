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

/**
 * ShtLastLine:
 * @history: (owned) (nullable): in which the hub is
 * @cursor: (owned) (nullable): a page's, for the next
 * @scopes: the names of those that the tablet has, borrowed from the line
 * @now: the hub's clock, ms
 * @head: its log number
 * @rows: how many rows the page has, -1 where that is not said
 * @keep_days: for how long the city wants to have work kept on tablets
 * @backed_up_through: up to which log number there is a backup
 *
 * What the last line of an answer says of the rest; nothing of what it does not say.
 */
typedef struct
{
  char *history;
  char *cursor;
  ShtJsonSlice scopes;
  gint64 now;
  gint64 head;
  gint64 rows;
  gint64 keep_days;
  gint64 backed_up_through;
  gboolean more;
} ShtLastLine;

/* journal.c */
gboolean sht_last_line_read (const char *line, gsize length, ShtLastLine *last, GError **error);
void sht_last_line_find (const char *body, gsize length, ShtLastLine *last);
void sht_last_line_clear (ShtLastLine *last);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShtLastLine, sht_last_line_clear)
gboolean sht_store_hear_history (ShtStore *store, const ShtLastLine *last, GError **error);
gboolean sht_store_drop_backed_up (ShtStore *store, const ShtLastLine *last, GError **error);

/* away.c: what a page brings after a long time without the hub */
gboolean sht_store_away_begin (ShtStore *store, gint64 now, gboolean *recording, GError **error);
gboolean sht_store_away_note (ShtStore *store, const ShtLine *line, GError **error);
gboolean sht_store_away_taken (ShtStore *store, const char *ticket, GError **error);
gboolean sht_store_away_end (ShtStore *store, gint64 now, gboolean recording, gboolean more, GError **error);

G_END_DECLS
