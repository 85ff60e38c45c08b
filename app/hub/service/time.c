/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/service/hub.h"

/* A tablet's clock within this of the hub's is right enough not to be corrected. */
#define CLOCK_TOLERANCE_MS 2000
/* No clock is further off than from 1970 to 2100; more is no offset. */
#define MOST_OFFSET_MS SHT_TIME_MAX

/* How long ago it was done, by a clock that only runs, and that nobody sets: known when the tablet has not
 * been started anew since. */
static gboolean
elapsed (const ShtOperation *op, const ShtHubSender *sender, gint64 *ms)
{
  if (op->boot_id == NULL || g_strcmp0 (op->boot_id, sender->boot_id) != 0 || op->boot_ms < 0
      || op->boot_ms > SHT_TIME_MAX || sender->boot_ms < op->boot_ms || sender->boot_ms > SHT_TIME_MAX)
    return FALSE;
  *ms = sender->boot_ms - op->boot_ms;
  return TRUE;
}

/**
 * sht_hub_judge_time:
 * @not_before: when the device's previous event was, or whatever else it cannot have been before; milliseconds since 1970 UTC
 * @now: the hub's clock
 * @at: (out): when it happened, milliseconds since 1970 UTC
 *
 * When an operation was done. Of the boot in which it is sent: so long ago as the tablet's running clock
 * says, whatever its wall clock was then or is now. Else its wall clock, corrected by what the tablet knows
 * of its error at the sending. Never before @not_before, nor after now.
 *
 * Returns: (transfer none): how sure that is: "sure", "corrected" or "clamped"
 */
const char *
sht_hub_judge_time (const ShtOperation *op, const ShtHubSender *sender, gint64 not_before, gint64 now, gint64 *at)
{
  gint64 offset = CLAMP (sender->offset_ms, -MOST_OFFSET_MS, MOST_OFFSET_MS);
  gint64 wanted, ms;

  wanted = elapsed (op, sender, &ms) ? now - sender->ago_ms - ms : op->at + offset;
  /* Two clocks that agree: the wall clock's word has no delay of the network in it. */
  if (ABS (wanted - op->at) <= CLOCK_TOLERANCE_MS)
    wanted = op->at;
  *at = CLAMP (wanted, MIN (not_before, now), now);
  if (ABS (*at - wanted) > CLOCK_TOLERANCE_MS)
    return "clamped";
  return wanted != op->at ? "corrected" : "sure";
}
