/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/event.h"

#include "core/json-slice.h"
#include "core/json.h"

void
sht_event_free (ShtEvent *event)
{
  g_free (event->id);
  g_free (event->parent);
  g_string_free (event->who, TRUE);
  json_object_unref (event->data);
  g_free (event);
}

/**
 * sht_event_to_string:
 * @number: its log number; 0 on a tablet, which does not know it
 *
 * Returns: (transfer full): the event on one line
 */
char *
sht_event_to_string (const ShtEvent *event, gint64 number)
{
  GString *out = g_string_sized_new (800);

  g_string_append_c (out, '{');
  sht_json_append_member (out, "t", "event");
  sht_json_append_member (out, "id", event->id);
  sht_json_append_member (out, event->of_place ? "place" : "ticket", event->parent);
  sht_json_append_member (out, "kind", event->kind);
  g_string_append_len (out, event->who->str, (gssize) event->who->len);
  sht_json_append_key (out, "data");
  sht_json_append_object (out, event->data);
  if (event->contribution)
    g_string_append (out, ",\"contribution\":true");
  if (event->undecided > 0)
    sht_json_append_member_int (out, "undecided", event->undecided);
  if (number > 0)
    sht_json_append_member_int (out, "rev", number);
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}
