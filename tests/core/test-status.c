/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/status.h"

/* The rules said a second time, in sentences and not as a table, so that a slip in either shows. */

static gboolean
is_work (ShtStatus s)
{
  return s == SHT_STATUS_ON_THE_WAY || s == SHT_STATUS_IN_PROGRESS || s == SHT_STATUS_WAITING || s == SHT_STATUS_DONE;
}

/* What only an office may end, or take up again. */
static gboolean
is_ended (ShtStatus s)
{
  return s == SHT_STATUS_CLOSED || s == SHT_STATUS_FORWARDED || s == SHT_STATUS_CANCELLED || s == SHT_STATUS_DUPLICATE;
}

static gboolean
crew_may (ShtStatus from, ShtStatus to)
{
  if (from == to || is_ended (from))
    return FALSE;
  if (is_work (to))
    return TRUE;
  if (to == SHT_STATUS_ASSIGNED)
    /* the undo of a step of work */
    return is_work (from);
  /* a crew that finds that another body has it, or that it was reported twice */
  return (to == SHT_STATUS_FORWARDED || to == SHT_STATUS_DUPLICATE) && from != SHT_STATUS_DONE;
}

static gboolean
supervisor_may (ShtStatus from, ShtStatus to)
{
  if (crew_may (from, to))
    return TRUE;
  if (from == to)
    return FALSE;
  if (is_ended (from))
    /* only a reopening leads back; a thing that another body has, or that is a duplicate, may be closed */
    return to == SHT_STATUS_REOPENED
           || (to == SHT_STATUS_CLOSED && (from == SHT_STATUS_FORWARDED || from == SHT_STATUS_DUPLICATE));
  if (from == SHT_STATUS_DONE)
    return is_ended (to) || to == SHT_STATUS_REOPENED;
  if (to == SHT_STATUS_REOPENED)
    return FALSE;
  if (to == SHT_STATUS_ASSIGNED)
    return from == SHT_STATUS_REOPENED || from == SHT_STATUS_NEW;
  return to == SHT_STATUS_NEW || to == SHT_STATUS_CLOSED || to == SHT_STATUS_CANCELLED;
}

static void
test_steps (void)
{
  for (guint role = 0; role < SHT_N_ROLES; role++)
    for (guint from = 0; from < SHT_N_STATUSES; from++)
      for (guint to = 0; to < SHT_N_STATUSES; to++)
        {
          gboolean expected = role == SHT_ROLE_CREW ? crew_may (from, to) : supervisor_may (from, to);

          if (sht_status_may_step (role, from, to) != expected)
            g_error ("%s: %s to %s is %d", sht_role_name (role), sht_status_name (from), sht_status_name (to), !expected);
        }
}

/* How far the work has come; -1 for what is no step of it. */
static int
progress (ShtStatus s)
{
  switch (s)
    {
    case SHT_STATUS_NEW: return 0;
    case SHT_STATUS_ASSIGNED: return 1;
    case SHT_STATUS_ON_THE_WAY: return 2;
    case SHT_STATUS_IN_PROGRESS: return 3;
    case SHT_STATUS_DONE: return 5;
    default: return -1;
    }
}

static char
expected_when_moved (ShtStatus current, ShtStatus wanted)
{
  if (current == wanted)
    return '=';
  if (is_ended (current))
    return 'R';
  if (wanted == SHT_STATUS_NEW)
    return 'R';
  if (wanted == SHT_STATUS_REOPENED)
    /* an answer to an end that is not there */
    return 'R';
  if (wanted == SHT_STATUS_CLOSED)
    return current == SHT_STATUS_DONE ? 'A' : 'X';
  if (is_ended (wanted))
    {
      /* Ends said of what nobody has begun, or of what waits for that very body, are taken. */
      if (current == SHT_STATUS_NEW || current == SHT_STATUS_ASSIGNED)
        return 'A';
      return wanted == SHT_STATUS_FORWARDED && (current == SHT_STATUS_WAITING || current == SHT_STATUS_REOPENED) ? 'A' : 'X';
    }
  if (current == SHT_STATUS_REOPENED)
    return wanted == SHT_STATUS_DONE ? 'X' : 'A';
  if (current == SHT_STATUS_WAITING)
    /* a halt that the worker had not seen */
    return progress (wanted) >= 3 ? 'X' : 'R';
  if (wanted == SHT_STATUS_WAITING)
    return current == SHT_STATUS_NEW || current == SHT_STATUS_ASSIGNED || current == SHT_STATUS_ON_THE_WAY ? 'A' : 'X';
  return progress (wanted) > progress (current) ? 'A' : 'R';
}

static ShtVerdict
expected_verdict (ShtRole role, ShtStatus seen, ShtStatus current, ShtStatus wanted)
{
  if (current == wanted)
    return SHT_VERDICT_SAME;
  if (seen == current)
    return sht_status_may_step (role, seen, wanted) ? SHT_VERDICT_APPLY : SHT_VERDICT_REFUSE;
  if (seen != wanted && !sht_status_may_step (role, seen, wanted))
    return SHT_VERDICT_REFUSE;
  switch (expected_when_moved (current, wanted))
    {
    case 'A':
      /* nobody comes by a detour to what they may not do */
      return sht_status_may_step (role, current, wanted) ? SHT_VERDICT_APPLY : SHT_VERDICT_CONFLICT;
    case 'X':
      return SHT_VERDICT_CONFLICT;
    default:
      return SHT_VERDICT_RECORD;
    }
}

static void
test_judge (void)
{
  for (guint role = 0; role < SHT_N_ROLES; role++)
    for (guint seen = 0; seen < SHT_N_STATUSES; seen++)
      for (guint current = 0; current < SHT_N_STATUSES; current++)
        for (guint wanted = 0; wanted < SHT_N_STATUSES; wanted++)
          {
            ShtVerdict verdict = sht_status_judge (role, seen, current, wanted);

            if (verdict != expected_verdict (role, seen, current, wanted))
              g_error ("%s saw %s, stands %s, wants %s: %d", sht_role_name (role), sht_status_name (seen),
                       sht_status_name (current), sht_status_name (wanted), verdict);
            /* whatever is claimed to have been seen, only a step that the role may take is ever taken */
            if (verdict == SHT_VERDICT_APPLY)
              g_assert_true (sht_status_may_step (role, current, wanted));
          }
}

static void
test_late_start_after_done (void)
{
  g_assert_cmpint (sht_status_judge (SHT_ROLE_CREW, SHT_STATUS_ASSIGNED, SHT_STATUS_DONE, SHT_STATUS_IN_PROGRESS), ==,
                   SHT_VERDICT_RECORD);
}

static void
test_names (void)
{
  ShtStatus status = SHT_STATUS_DONE;
  ShtRole role = SHT_ROLE_MANAGER;

  for (guint i = 0; i < SHT_N_STATUSES; i++)
    {
      g_assert_true (sht_status_parse (sht_status_name (i), &status));
      g_assert_cmpint (status, ==, i);
      g_assert_cmpint (sht_status_is_open (i), ==, !is_ended (i) && i != SHT_STATUS_DONE);
    }
  for (guint i = 0; i < SHT_N_ROLES; i++)
    {
      g_assert_true (sht_role_parse (sht_role_name (i), &role));
      g_assert_cmpint (role, ==, i);
    }
  status = SHT_STATUS_DONE;
  g_assert_false (sht_status_parse (NULL, &status));
  g_assert_false (sht_status_parse ("", &status));
  g_assert_false (sht_status_parse ("Done", &status));
  g_assert_false (sht_status_parse ("done ", &status));
  g_assert_cmpint (status, ==, SHT_STATUS_DONE);
  g_assert_false (sht_role_parse ("root", &role));
  g_assert_false (sht_role_parse (NULL, &role));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/status/steps", test_steps);
  g_test_add_func ("/status/judge", test_judge);
  g_test_add_func ("/status/late-start-after-done", test_late_start_after_done);
  g_test_add_func ("/status/names", test_names);
  return g_test_run ();
}
