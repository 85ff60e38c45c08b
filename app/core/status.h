/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ShtStatus:
 *
 * Where a ticket stands.
 */
typedef enum
{
  SHT_STATUS_NEW,
  SHT_STATUS_ASSIGNED,
  SHT_STATUS_ON_THE_WAY,
  SHT_STATUS_IN_PROGRESS,
  SHT_STATUS_WAITING,
  SHT_STATUS_DONE,
  SHT_STATUS_CLOSED,
  SHT_STATUS_REOPENED,
  SHT_STATUS_FORWARDED,
  SHT_STATUS_CANCELLED,
  SHT_STATUS_DUPLICATE,
  SHT_N_STATUSES
} ShtStatus;

/**
 * ShtRole:
 *
 * Whose hand it is, each with all rights of those before it.
 */
typedef enum
{
  SHT_ROLE_CREW,
  SHT_ROLE_SUPERVISOR,
  SHT_ROLE_MANAGER,
  SHT_ROLE_ADMINISTRATOR,
  SHT_N_ROLES
} ShtRole;

/**
 * ShtVerdict:
 * @SHT_VERDICT_APPLY: the ticket takes the wanted status
 * @SHT_VERDICT_RECORD: the journey records it; the ticket has moved past it
 * @SHT_VERDICT_SAME: the ticket is there already; the journey records it
 * @SHT_VERDICT_CONFLICT: the two cannot both be true: kept, and shown to be decided
 * @SHT_VERDICT_REFUSE: this role may not do that
 */
typedef enum
{
  SHT_VERDICT_APPLY,
  SHT_VERDICT_RECORD,
  SHT_VERDICT_SAME,
  SHT_VERDICT_CONFLICT,
  SHT_VERDICT_REFUSE
} ShtVerdict;

const char *sht_status_name (ShtStatus status);
gboolean sht_name_find (const char *const *names, guint n, const char *name, guint *index);
gboolean sht_status_parse (const char *name, ShtStatus *status);
gboolean sht_status_is_over (ShtStatus status);
gboolean sht_status_is_open (ShtStatus status);
gboolean sht_status_may_step (ShtRole role, ShtStatus from, ShtStatus to);
ShtStatus sht_status_way_back (ShtRole role, ShtStatus to, ShtStatus from);
ShtVerdict sht_status_judge (ShtRole role, ShtStatus seen, ShtStatus current, ShtStatus wanted);

const char *sht_role_name (ShtRole role);
gboolean sht_role_parse (const char *name, ShtRole *role);

G_END_DECLS
