/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/position.h"
#include "tablet/store/store.h"

G_BEGIN_DECLS

/**
 * ShtSharing:
 * @SHT_SHARING_NONE: this tablet is no crew's
 * @SHT_SHARING_OFF_SHIFT: the crew's department does not work now: nobody is told anything
 * @SHT_SHARING_ON: supervisors of the department are told where the crew is
 * @SHT_SHARING_PAUSED: they are told that the crew does not share it
 *
 * Whether a crew's supervisors are told where it is.
 */
typedef enum
{
  SHT_SHARING_NONE,
  SHT_SHARING_OFF_SHIFT,
  SHT_SHARING_ON,
  SHT_SHARING_PAUSED
} ShtSharing;

ShtSharing sht_store_sharing (ShtStore *store, gint64 *ends);
gboolean sht_store_last_position (ShtStore *store, ShtPosition *position);
gboolean sht_store_note_position (ShtStore *store, const ShtPosition *position, GError **error);
gboolean sht_store_forget_position (ShtStore *store, GError **error);
gboolean sht_store_change_crew (ShtStore *store, GError **error);
gboolean sht_store_pause_sharing (ShtStore *store, gboolean paused, GError **error);
char *sht_store_next_positions (ShtStore *store, gint64 *through, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_store_told_positions (ShtStore *store, gint64 through, GError **error);

/**
 * ShtCrewWhere:
 * @SHT_CREW_HERE: its position is known
 * @SHT_CREW_UNKNOWN: its tablet does not know it
 * @SHT_CREW_PAUSED: the crew does not share it for now
 * @SHT_CREW_SILENT: nothing was heard of it in this shift
 * @SHT_CREW_OFF_SHIFT: its department does not work now
 */
typedef enum
{
  SHT_CREW_HERE,
  SHT_CREW_UNKNOWN,
  SHT_CREW_PAUSED,
  SHT_CREW_SILENT,
  SHT_CREW_OFF_SHIFT
} ShtCrewWhere;

/**
 * ShtCrewPosition:
 * @crew: (owned): the crew's code
 * @where: what is known of it
 * @position: of %SHT_CREW_HERE
 * @age_ms: how old that is, or how long ago it was told otherwise
 */
typedef struct
{
  char *crew;
  ShtCrewWhere where;
  ShtPosition position;
  gint64 age_ms;
} ShtCrewPosition;

GPtrArray *sht_store_crew_positions (ShtStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean sht_store_put_position (ShtStore *store, const char *id, const char *doc, gsize length, gint64 generation, GError **error);
gboolean sht_store_drop_position (ShtStore *store, const char *id, guint64 bit, GError **error);
gboolean sht_store_drop_positions_of (ShtStore *store, const char *scope, GError **error);
gboolean sht_store_drop_old_positions (ShtStore *store, gint64 generation, GError **error);

G_END_DECLS
