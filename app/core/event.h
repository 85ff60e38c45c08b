/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * ShtEvent:
 * @id: (owned): of the operation that it tells of
 * @parent: (owned) (nullable): id of what it is told of
 * @of_place: whether that is a place, and not a ticket or an obstacle
 * @kind: (not owned): what happened, in a word that is never freed
 * @who: (owned): when it was and who did it, as the members are written
 * @data: (owned): what there is to say of it
 * @contribution: whether it was work on something that had been taken away meanwhile
 * @undecided: how many of its conflicts are open
 *
 * A step for the journey. Nothing but its data is looked at again before it is written, so that the rest is no object.
 */
typedef struct
{
  char *id;
  char *parent;
  gboolean of_place;
  const char *kind;
  GString *who;
  JsonObject *data;
  gboolean contribution;
  gint64 undecided;
} ShtEvent;

char *sht_event_to_string (const ShtEvent *event, gint64 number) G_GNUC_WARN_UNUSED_RESULT;
void sht_event_free (ShtEvent *event);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtEvent, sht_event_free)

G_END_DECLS
