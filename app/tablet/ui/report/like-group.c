/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/report/like-group.h"

#include "tablet/ui/common/words.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define TOUCH 48
#define SHOWN 3

static GtkWidget *
new_row (const ShtNear *like)
{
  GtkWidget *row = adw_action_row_new ();
  int metres = MAX ((int) like->metres, 1);
  g_autofree char *away = g_strdup_printf (ngettext ("one metre away", "%d metres away", (gulong) metres), metres);
  g_autofree char *address = sht_words_isolated (like->address);
  g_autofree char *subtitle = like->address != NULL ? g_strdup_printf ("%s · %s", address, away) : g_strdup (away);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 like->is_others ? _("Known already, with another crew") : like->title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  if (!like->is_others)
    {
      GtkWidget *button = gtk_button_new_with_label (_("Open it"));

      gtk_widget_set_size_request (button, -1, TOUCH);
      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      gtk_widget_set_margin_top (button, 6);
      gtk_widget_set_margin_bottom (button, 6);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "report.open");
      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", like->id);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
    }
  return row;
}

/**
 * sht_like_group_new:
 * @service: what is to be reported
 *
 * Returns: (transfer floating) (nullable): what is open of the same kind close by, with a button that
 *   activates report.open; %NULL when there is nothing
 */
GtkWidget *
sht_like_group_new (ShtStore *reader, const char *service, gint64 lat_e7, gint64 lon_e7)
{
  g_autoptr (GPtrArray) found
    = sht_store_near (reader, lat_e7, lon_e7, SHT_NEAR_SAME_M, service, NULL, SHOWN, NULL);
  GtkWidget *group;

  if (found == NULL || found->len == 0)
    return NULL;
  group = adw_preferences_group_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("Is it this one?"));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group),
                                         _("Something of this kind is open close by. If it is another, just save."));
  for (guint i = 0; i < found->len; i++)
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), new_row (g_ptr_array_index (found, i)));
  return group;
}
