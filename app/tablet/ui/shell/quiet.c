/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/shell/quiet.h"

#include "tablet/store/notice.h"

#include <glib/gi18n.h>
#include <stdio.h>

#define OFF_SHIFT_ONLY "off-shift"
#define NEVER "never"
#define ON "on"
#define OFF "off"
#define HOURS 24
/* What is offered first to whoever wants hours of their own. */
#define USUAL_FROM 19
#define USUAL_UNTIL 7

/**
 * sht_quiet_hours:
 * @text: (nullable): as %SHT_SETTING_QUIET has it
 * @from: (out): from which hour of the tablet's clock, 0 to 23
 * @until: (out): until which, 0 to 23; before @from: of the next day
 *
 * Returns: whether they are hours
 */
gboolean
sht_quiet_hours (const char *text, int *from, int *until)
{
  char after;

  return text != NULL && sscanf (text, "%2d-%2d%c", from, until, &after) == 2 && *from >= 0 && *from < HOURS && *until >= 0
         && *until < HOURS;
}

/**
 * sht_quiet_now:
 *
 * Returns: whether nothing is to be told now: outside of the crew's working hours, or at the hours that were chosen
 */
gboolean
sht_quiet_now (ShtSettings *settings, ShtStore *store)
{
  g_autofree char *chosen = sht_settings_get (settings, SHT_SETTING_QUIET);
  g_autoptr (GTimeZone) here = g_time_zone_new_local ();
  g_autoptr (GDateTime) at = NULL;
  g_autoptr (GDateTime) local = NULL;
  int from, until, hour;

  if (g_strcmp0 (chosen, NEVER) == 0)
    return FALSE;
  if (!sht_quiet_hours (chosen, &from, &until))
    return sht_store_is_off_shift (store);
  at = g_date_time_new_from_unix_utc (sht_store_now (store) / 1000);
  local = at != NULL ? g_date_time_to_timezone (at, here) : NULL;
  if (local == NULL)
    return FALSE;
  hour = g_date_time_get_hour (local);
  return from <= until ? hour >= from && hour < until : hour >= from || hour < until;
}

/* --- in the preferences --- */

typedef struct
{
  ShtSettings *settings; /* (owned) */
  GtkWidget *when;
  GtkWidget *from;
  GtkWidget *until;
} Choices;

enum
{
  OFF_SHIFT,
  SET_HOURS,
  NOT_AT_ALL
};

static void
choices_free (gpointer data)
{
  Choices *self = data;

  g_object_unref (self->settings);
  g_free (self);
}

static void
on_chosen (Choices *self)
{
  guint when = adw_combo_row_get_selected (ADW_COMBO_ROW (self->when));
  g_autofree char *hours = g_strdup_printf ("%02u-%02u", adw_combo_row_get_selected (ADW_COMBO_ROW (self->from)),
                                            adw_combo_row_get_selected (ADW_COMBO_ROW (self->until)));

  gtk_widget_set_visible (self->from, when == SET_HOURS);
  gtk_widget_set_visible (self->until, when == SET_HOURS);
  sht_settings_set (self->settings, SHT_SETTING_QUIET, when == SET_HOURS ? hours : when == NOT_AT_ALL ? NEVER : OFF_SHIFT_ONLY);
}

static void
on_sounds (GtkSwitch *button, GParamSpec *pspec, gpointer settings)
{
  sht_settings_set (settings, SHT_SETTING_SOUNDS, gtk_switch_get_active (button) ? ON : OFF);
}

static GtkWidget *
new_choice (const char *title, GListModel *model, guint selected)
{
  GtkWidget *row = adw_combo_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  /* Below the title, where large letters have room. */
  adw_combo_row_set_use_subtitle (ADW_COMBO_ROW (row), TRUE);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_combo_row_set_model (ADW_COMBO_ROW (row), model);
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), selected);
  return row;
}

static GtkWidget *
new_sounds (ShtSettings *settings)
{
  g_autofree char *chosen = sht_settings_get (settings, SHT_SETTING_SOUNDS);
  GtkWidget *row = adw_action_row_new (), *button = gtk_switch_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("A sound with each notice"));
  gtk_switch_set_active (GTK_SWITCH (button), g_strcmp0 (chosen, OFF) != 0);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
  g_signal_connect_object (button, "notify::active", G_CALLBACK (on_sounds), settings, 0);
  return row;
}

/* A row of its own: beside the choice there is no room, and a group's description does not wrap in every language. */
static GtkWidget *
new_explanation (void)
{
  GtkWidget *row = adw_action_row_new ();

  adw_action_row_set_subtitle (ADW_ACTION_ROW (row),
                               _("In quiet times you are told only of what is urgent and due soon; the rest comes afterwards, together."));
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  gtk_widget_set_focusable (row, FALSE);
  return row;
}

static GListModel *
new_hours (void)
{
  GtkStringList *list = gtk_string_list_new (NULL);

  for (guint i = 0; i < HOURS; i++)
    gtk_string_list_take (list, g_strdup_printf ("%02u:00", i));
  return G_LIST_MODEL (list);
}

/**
 * sht_quiet_choices_new:
 *
 * Returns: (transfer floating): the group of Preferences about notices
 */
GtkWidget *
sht_quiet_choices_new (ShtSettings *settings)
{
  const char *const whens[] = { _("Outside our working hours"), _("At set hours"), _("Never"), NULL };
  g_autofree char *chosen = sht_settings_get (settings, SHT_SETTING_QUIET);
  g_autoptr (GListModel) hours = new_hours ();
  g_autoptr (GListModel) model = G_LIST_MODEL (gtk_string_list_new (whens));
  GtkWidget *group = adw_preferences_group_new ();
  Choices *self = g_new0 (Choices, 1);
  int from, until;
  guint when = g_strcmp0 (chosen, NEVER) == 0 ? NOT_AT_ALL : OFF_SHIFT;

  if (sht_quiet_hours (chosen, &from, &until))
    when = SET_HOURS;
  else
    {
      from = USUAL_FROM;
      until = USUAL_UNTIL;
    }
  self->settings = g_object_ref (settings);
  self->when = new_choice (_("Keep quiet"), model, when);
  self->from = new_choice (_("From"), hours, (guint) from);
  self->until = new_choice (_("Until"), hours, (guint) until);
  g_object_set_data_full (G_OBJECT (group), "choices", self, choices_free);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("Notices"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), self->when);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), self->from);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), self->until);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), new_explanation ());
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), new_sounds (settings));
  gtk_widget_set_visible (self->from, when == SET_HOURS);
  gtk_widget_set_visible (self->until, when == SET_HOURS);
  g_signal_connect_swapped (self->when, "notify::selected", G_CALLBACK (on_chosen), self);
  g_signal_connect_swapped (self->from, "notify::selected", G_CALLBACK (on_chosen), self);
  g_signal_connect_swapped (self->until, "notify::selected", G_CALLBACK (on_chosen), self);
  return group;
}
