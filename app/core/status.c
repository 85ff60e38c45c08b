/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/status.h"

static const char *const status_names[SHT_N_STATUSES] = {
  "new", "assigned", "on_the_way", "in_progress", "waiting", "done",
  "closed", "reopened", "forwarded", "cancelled", "duplicate",
};

static const char *const role_names[SHT_N_ROLES] = { "crew", "supervisor", "manager", "administrator" };

/* Who may take a ticket from one status (row) to another (column) that they have seen:
 * C a crew and everybody above, S a supervisor and everybody above, . nobody.
 * Columns: new assigned on_the_way in_progress waiting done closed reopened forwarded cancelled
 * duplicate. Steps back from done, in progress and on the way are a crew's undo. */
static const char steps[SHT_N_STATUSES][SHT_N_STATUSES + 1] = {
  /* new         */ ".SCCCCS.CSC",
  /* assigned    */ "S.CCCCS.CSC",
  /* on_the_way  */ "SC.CCCS.CSC",
  /* in_progress */ "SCC.CCS.CSC",
  /* waiting     */ "SCCC.CS.CSC",
  /* done        */ ".CCCC.SSSSS",
  /* closed      */ ".......S...",
  /* reopened    */ "SSCCCCS.CSC",
  /* forwarded   */ "......SS...",
  /* cancelled   */ ".......S...",
  /* duplicate   */ "......SS...",
};

/* What happens to a wanted status (column) when the ticket stands elsewhere (row) than the worker
 * saw: A apply, R record only, X conflict, = the same. The ticket's progress wins over a step that it
 * has passed; two different ends, or an end said without having seen a halt or a reopening, are a
 * conflict; what is closed, forwarded, cancelled or a duplicate is only recorded upon. */
static const char moved[SHT_N_STATUSES][SHT_N_STATUSES + 1] = {
  /* new         */ "=AAAAAXRAAA",
  /* assigned    */ "R=AAAAXRAAA",
  /* on_the_way  */ "RR=AAAXRXXX",
  /* in_progress */ "RRR=XAXRXXX",
  /* waiting     */ "RRRX=XXRAXX",
  /* done        */ "RRRRX=ARXXX",
  /* closed      */ "RRRRRR=RRRR",
  /* reopened    */ "RAAAAXX=AXX",
  /* forwarded   */ "RRRRRRRR=RR",
  /* cancelled   */ "RRRRRRRRR=R",
  /* duplicate   */ "RRRRRRRRRR=",
};

/**
 * sht_status_name:
 *
 * Returns: (transfer none): the name on the wire
 */
const char *
sht_status_name (ShtStatus status)
{
  g_return_val_if_fail (status < SHT_N_STATUSES, "new");
  return status_names[status];
}

/**
 * sht_name_find:
 * @names: (array length=n): names as they are on the wire
 * @name: (nullable): one that was told
 * @index: (out): which it is, set when %TRUE is returned
 */
gboolean
sht_name_find (const char *const *names, guint n, const char *name, guint *index)
{
  for (guint i = 0; name != NULL && i < n; i++)
    if (g_str_equal (names[i], name))
      {
        *index = i;
        return TRUE;
      }
  return FALSE;
}

/**
 * sht_status_parse:
 * @name: (nullable): a name on the wire
 * @status: (out): set when %TRUE is returned
 */
gboolean
sht_status_parse (const char *name, ShtStatus *status)
{
  guint index;

  if (!sht_name_find (status_names, SHT_N_STATUSES, name, &index))
    return FALSE;
  *status = (ShtStatus) index;
  return TRUE;
}

/**
 * sht_status_is_open:
 *
 * Returns: whether somebody still has to do something about such a ticket
 */
gboolean
sht_status_is_open (ShtStatus status)
{
  return status <= SHT_STATUS_WAITING || status == SHT_STATUS_REOPENED;
}

/**
 * sht_status_is_over:
 *
 * Returns: whether such a ticket is only recorded upon: it is neither open nor done
 */
gboolean
sht_status_is_over (ShtStatus status)
{
  return !sht_status_is_open (status) && status != SHT_STATUS_DONE;
}

/**
 * sht_status_may_step:
 *
 * Returns: whether @role may take a ticket from @from, having seen it there, to @to
 */
gboolean
sht_status_may_step (ShtRole role, ShtStatus from, ShtStatus to)
{
  char who = steps[from][to];

  return who == 'C' || (who == 'S' && role >= SHT_ROLE_SUPERVISOR);
}

/**
 * sht_status_way_back:
 * @to: where a step led
 * @from: where it came from
 *
 * Where @role may take a ticket to undo a step: back, and what was new goes back to being assigned, which is
 * all that a crew may say of it.
 *
 * Returns: the status, or %SHT_N_STATUSES when there is no way back
 */
ShtStatus
sht_status_way_back (ShtRole role, ShtStatus to, ShtStatus from)
{
  if (sht_status_may_step (role, to, from))
    return from;
  if ((from == SHT_STATUS_NEW || from == SHT_STATUS_REOPENED) && sht_status_may_step (role, to, SHT_STATUS_ASSIGNED))
    return SHT_STATUS_ASSIGNED;
  return SHT_N_STATUSES;
}

/**
 * sht_status_judge:
 * @role: who wants it
 * @seen: the status that the worker saw
 * @current: the status that the ticket has now
 * @wanted: the status that the worker set
 *
 * The one rule for a status that arrives (design: by what was seen, never by the clock).
 */
ShtVerdict
sht_status_judge (ShtRole role, ShtStatus seen, ShtStatus current, ShtStatus wanted)
{
  if (current == wanted)
    return SHT_VERDICT_SAME;
  if (seen == current)
    return sht_status_may_step (role, current, wanted) ? SHT_VERDICT_APPLY : SHT_VERDICT_REFUSE;
  if (!sht_status_may_step (role, seen, wanted) && seen != wanted)
    return SHT_VERDICT_REFUSE;
  switch (moved[current][wanted])
    {
    case 'A':
      return sht_status_may_step (role, current, wanted) ? SHT_VERDICT_APPLY : SHT_VERDICT_CONFLICT;
    case 'X':
      return SHT_VERDICT_CONFLICT;
    default:
      return SHT_VERDICT_RECORD;
    }
}

const char *
sht_role_name (ShtRole role)
{
  g_return_val_if_fail (role < SHT_N_ROLES, "crew");
  return role_names[role];
}

gboolean
sht_role_parse (const char *name, ShtRole *role)
{
  guint index;

  if (!sht_name_find (role_names, SHT_N_ROLES, name, &index))
    return FALSE;
  *role = (ShtRole) index;
  return TRUE;
}
