/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/shell/link.h"

#include <glib/gi18n.h>

/**
 * sht_link_words:
 *
 * Returns: (transfer full): how the tablet stands with the hub, for the header
 */
char *
sht_link_words (ShtSession *session)
{
  gint64 waiting
    = sht_session_get_pending_operations (session) + sht_session_get_pending_photos (session);
  ShtRoom room = sht_store_room (sht_session_get_reader (session), NULL);
  const char *state;

  if (room != SHT_ROOM_ENOUGH)
    state = room == SHT_ROOM_SHORT ? _("space is short") : _("tablet full");
  else if (sht_session_get_offline (session))
    state = _("working offline");
  else
    switch (sht_session_get_touch (session))
      {
      case SHT_TOUCH_GOOD:
        if (waiting > 0)
          return g_strdup_printf (_("◐ in touch · sending %d"), (int) waiting);
        return g_strdup (_("● in touch"));
      case SHT_TOUCH_NONE:
        state = _("no signal");
        break;
      case SHT_TOUCH_LOGIN_ENDED:
        state = _("login has ended");
        break;
      case SHT_TOUCH_SEALED:
        state = _("sealed by the office");
        break;
      case SHT_TOUCH_MISFIT:
        state = _("Shetach needs an update");
        break;
      case SHT_TOUCH_HUB_TROUBLE:
        state = _("the hub has trouble");
        break;
      case SHT_TOUCH_FULL:
        state = _("tablet full");
        break;
      case SHT_TOUCH_BROKEN:
        state = _("the disk fails");
        break;
      default:
        state = _("looking for the hub");
      }
  if (waiting > 0)
    return g_strdup_printf (ngettext ("○ %s · %d to send", "○ %s · %d to send", (gulong) waiting), state,
                            (int) waiting);
  return g_strdup_printf ("○ %s", state);
}
