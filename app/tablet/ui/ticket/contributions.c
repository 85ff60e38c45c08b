/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/contributions.h"

#include "core/json.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/ticket/say-event.h"

#include <adwaita.h>
#include <glib/gi18n.h>

static GtkWidget *
new_row (ShtStore *reader, JsonObject *event)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *mark = gtk_label_new ("↩");
  g_autofree char *what = sht_say_event (reader, event);
  g_autofree char *detail = sht_say_event_detail (reader, event);
  g_autofree char *actor = sht_say_event_actor (reader, event);
  g_autofree char *isolated = sht_words_isolated (actor);
  g_autofree char *when = sht_words_when (sht_words_time (event, "at"), sht_store_now (reader));
  g_autofree char *title = detail != NULL ? g_strdup_printf ("%s: %s", what, detail) : g_strdup (what);
  g_autofree char *subtitle = g_strdup_printf ("%s · %s", when, isolated);

  gtk_accessible_update_property (GTK_ACCESSIBLE (mark), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Done after it was taken away"), -1);
  gtk_widget_add_css_class (mark, "sync-mark");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), mark);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_widget_set_focusable (row, FALSE);
  return row;
}

/**
 * sht_contributions_changed:
 * @events: a ticket view's events
 * @shown: (inout): which contributions are shown; it becomes those that there are
 *
 * Whoever sends crews has to know that another one has been there; a crew sees it in the journey.
 *
 * Returns: whether they are others than before
 */
gboolean
sht_contributions_changed (const char *ticket, JsonArray *events, char **shown)
{
  g_autoptr (GString) key = g_string_new (ticket);

  for (guint i = 0; i < json_array_get_length (events); i++)
    {
      JsonObject *event = json_array_get_object_element (events, i);

      if (sht_json_bool (event, "contribution"))
        g_string_append_printf (key, " %s", sht_json_string (event, "id"));
    }
  if (g_strcmp0 (key->str, *shown) == 0)
    return FALSE;
  g_free (*shown);
  *shown = g_strdup (key->str);
  return TRUE;
}

/**
 * sht_contributions_new:
 * @events: a ticket view's events
 *
 * Returns: (nullable): the work that was done on a ticket after it had been taken away, who and when; %NULL when
 *   there is none
 */
GtkWidget *
sht_contributions_new (ShtStore *reader, JsonArray *events)
{
  GtkWidget *group = NULL;

  for (guint i = 0; i < json_array_get_length (events); i++)
    {
      JsonObject *event = json_array_get_object_element (events, i);

      if (!sht_json_bool (event, "contribution"))
        continue;
      if (group == NULL)
        {
          group = adw_preferences_group_new ();
          adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("Done after it was taken away"));
          adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group),
                                                 _("The crew had not heard of it yet. Their work is kept and counts."));
        }
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), new_row (reader, event));
    }
  return group;
}
