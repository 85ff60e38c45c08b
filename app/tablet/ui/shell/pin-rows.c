/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/shell/pin-rows.h"

#include "tablet/ui/common/letters.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/shell/pin-form.h"

#include <glib/gi18n.h>

#define DIALOG_WIDTH 480
#define DIALOG_HEIGHT 620
#define LOCK "sht-lock"
#define REMOVES "sht-removes"
#define FORM "sht-form"

/* --- a window that asks --- */

static void
ask (GtkWidget *window, ShtPinTask task, const char *title, GCallback callback)
{
  GtkWidget *form = sht_pin_form_new (g_object_get_data (G_OBJECT (window), LOCK), task, title);

  g_signal_connect_object (form, "done", callback, window, G_CONNECT_SWAPPED);
  g_object_set_data (G_OBJECT (window), FORM, form);
  adw_bin_set_child (g_object_get_data (G_OBJECT (window), "place"), form);
  gtk_widget_child_focus (form, GTK_DIR_TAB_FORWARD);
}

/* The one who may remove it, or choose another, has just shown it. */
static void
on_known (GtkWidget *window)
{
  ShtLock *lock = g_object_get_data (G_OBJECT (window), LOCK);
  g_autoptr (GError) error = NULL;

  if (g_object_get_data (G_OBJECT (window), REMOVES) == NULL)
    {
      ask (window, SHT_PIN_TASK_SET, _("Choose a new PIN"), G_CALLBACK (gtk_window_close));
      return;
    }
  if (!sht_pin_remove (sht_lock_get_pin (lock), &error))
    g_warning ("lock: %s", error->message);
  sht_lock_tell_pin (lock);
  gtk_window_close (GTK_WINDOW (window));
}

static gboolean
on_key (GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state, gpointer window)
{
  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  if (key == GDK_KEY_Escape)
    gtk_window_close (window);
  return key == GDK_KEY_Escape || sht_pin_form_take_key (g_object_get_data (window, FORM), key);
}

static void
open_dialog (GtkWidget *over, ShtLock *lock, gboolean removes)
{
  GtkWidget *window = adw_window_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *scrolled = gtk_scrolled_window_new (), *place = adw_bin_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), place);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_widget_add_css_class (place, "lock-page");
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), scrolled);
  adw_window_set_content (ADW_WINDOW (window), box);
  g_object_set_data (G_OBJECT (window), "place", place);
  g_object_set_data_full (G_OBJECT (window), LOCK, g_object_ref (lock), g_object_unref);
  g_object_set_data (G_OBJECT (window), REMOVES, removes ? window : NULL);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (on_key), window, 0);
  gtk_widget_add_controller (window, keys);
  gtk_window_set_title (GTK_WINDOW (window), _("PIN"));
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  sht_letters_stand_over (GTK_WINDOW (window), GTK_WINDOW (gtk_widget_get_root (over)), DIALOG_WIDTH, DIALOG_HEIGHT);
  if (sht_pin_is_set (sht_lock_get_pin (lock)))
    ask (window, SHT_PIN_TASK_OPEN, _("The PIN of now"), G_CALLBACK (on_known));
  else
    ask (window, SHT_PIN_TASK_SET, _("Choose a PIN"), G_CALLBACK (gtk_window_close));
  gtk_window_present (GTK_WINDOW (window));
}

/**
 * sht_pin_choose:
 * @over: over whose window it is asked
 *
 * Asks for a PIN to be chosen; who has one is asked for it first.
 */
void
sht_pin_choose (GtkWidget *over, ShtLock *lock)
{
  open_dialog (over, lock, FALSE);
}

/* --- the rows --- */

static void
on_set (GtkWidget *button, gpointer lock)
{
  sht_pin_choose (button, lock);
}

static void
on_remove (GtkWidget *button, gpointer lock)
{
  open_dialog (button, lock, TRUE);
}

static void
on_time (AdwComboRow *row, GParamSpec *pspec, gpointer lock)
{
  guint selected = adw_combo_row_get_selected (row);

  if (selected < SHT_N_LOCK_TIMES)
    sht_lock_set_time (lock, sht_lock_times[selected]);
}

static void
show_pin (GtkWidget *group)
{
  ShtLock *lock = g_object_get_data (G_OBJECT (group), LOCK);
  gboolean is_set = sht_pin_is_set (sht_lock_get_pin (lock));

  adw_action_row_set_subtitle (g_object_get_data (G_OBJECT (group), "row"),
                               is_set ? _("This tablet asks for it when it was left alone.")
                                      : _("Without one, whoever finds this tablet can read it."));
  gtk_button_set_label (g_object_get_data (G_OBJECT (group), "set"), is_set ? _("Change") : _("Choose"));
  gtk_widget_set_visible (g_object_get_data (G_OBJECT (group), "remove"), is_set);
  gtk_widget_set_visible (g_object_get_data (G_OBJECT (group), "time"), is_set);
}

static GtkWidget *
add_button (GtkWidget *row, const char *label, GCallback callback, ShtLock *lock)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "touch");
  g_signal_connect_object (button, "clicked", callback, lock, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return button;
}

static GtkWidget *
new_time_row (ShtLock *lock)
{
  GtkWidget *row = adw_combo_row_new ();
  g_autoptr (GtkStringList) model = gtk_string_list_new (NULL);
  guint selected = GTK_INVALID_LIST_POSITION;

  for (guint i = 0; i < SHT_N_LOCK_TIMES; i++)
    {
      g_autofree char *words = sht_words_span ((gint64) sht_lock_times[i] * 1000);

      gtk_string_list_append (model, words);
      if (sht_lock_times[i] == sht_lock_get_time (lock))
        selected = i;
    }
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Lock when nobody has touched it for"));
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (model));
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), selected);
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (on_time), lock, 0);
  return row;
}

/**
 * sht_pin_rows_new:
 *
 * Returns: (transfer floating): a group of Preferences: the PIN, and when it is asked for
 */
GtkWidget *
sht_pin_rows_new (ShtLock *lock)
{
  GtkWidget *group = adw_preferences_group_new (), *row = adw_action_row_new (), *time = new_time_row (lock);

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("Lock"));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("PIN"));
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  g_object_set_data_full (G_OBJECT (group), LOCK, g_object_ref (lock), g_object_unref);
  g_object_set_data (G_OBJECT (group), "row", row);
  g_object_set_data (G_OBJECT (group), "time", time);
  g_object_set_data (G_OBJECT (group), "remove", add_button (row, _("Remove"), G_CALLBACK (on_remove), lock));
  g_object_set_data (G_OBJECT (group), "set", add_button (row, "", G_CALLBACK (on_set), lock));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), time);
  g_signal_connect_object (lock, "changed", G_CALLBACK (show_pin), group, G_CONNECT_SWAPPED);
  show_pin (group);
  return group;
}
