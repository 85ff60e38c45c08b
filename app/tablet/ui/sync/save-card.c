/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/sync/save-card.h"

#include "tablet/ui/common/choice-dialog.h"
#include "tablet/ui/sync/waiting.h"

#include <glib/gi18n.h>

#define OTHER_FOLDER "folder"

struct _ShtSaveCard
{
  AdwBin parent_instance;

  ShtSession *session; /* (owned) */
  GtkWidget *box;
  GtkWidget *headline; /* (nullable): how much waits, where nothing else on the page tells it */
  GtkWidget *words;
  GtkWidget *bar;
  GtkWidget *save;
  GtkWidget *cancel;
  GCancellable *saving; /* (owned) (nullable): while it saves */
  char *place;          /* (owned) (nullable): where it saves to, by its name */
  gboolean told;        /* @words tell what came of it */
};

G_DEFINE_FINAL_TYPE (ShtSaveCard, sht_save_card, ADW_TYPE_BIN)

static void
show (ShtSaveCard *self)
{
  gint64 operations = sht_session_get_pending_operations (self->session);
  gint64 photos = sht_session_get_pending_photos (self->session);
  gboolean waits = operations + photos > 0;
  gboolean saving = self->saving != NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), waits || saving || self->told);
  gtk_widget_set_sensitive (self->save, waits && !saving);
  gtk_widget_set_visible (self->cancel, saving);
  gtk_widget_set_visible (self->bar, saving);
  if (self->headline != NULL)
    {
      g_autofree char *headline = sht_waiting_headline (operations, photos);

      gtk_label_set_text (GTK_LABEL (self->headline), headline);
      gtk_widget_set_visible (self->headline, waits);
    }
  if (!self->told)
    gtk_label_set_text (GTK_LABEL (self->words),
                        saving ? _("Saving. Leave the stick where it is.")
                               : _("If there is no connection with the hub, save what waits and bring it to the "
                                   "office. It also stays on this tablet."));
}

/* --- what came of it --- */

static void
tell (ShtSaveCard *self, const char *words)
{
  gtk_label_set_text (GTK_LABEL (self->words), words);
  self->told = TRUE;
}

static char *
saved_words (ShtSaveCard *self, const ShtRescue *rescue)
{
  g_autofree char *steps = g_strdup_printf (ngettext ("%u step", "%u steps", rescue->operations), rescue->operations);
  g_autofree char *photos = g_strdup_printf (ngettext ("%u photo", "%u photos", rescue->photos), rescue->photos);
  g_autofree char *voices
    = g_strdup_printf (ngettext ("%u voice note", "%u voice notes", rescue->voices), rescue->voices);
  /* Translators: steps, photos and voice notes, as “3 steps, 2 photos and 1 voice note” */
  g_autofree char *both = rescue->voices > 0 ? g_strdup_printf (_("%s, %s and %s"), steps, photos, voices)
                                             : g_strdup_printf (_("%s and %s"), steps, photos);
  GString *words = g_string_new (NULL);

  if (rescue->bytes == 0)
    g_string_append (words, _("Nothing was waiting that could be saved."));
  else
    {
      g_string_append_printf (words, _("Saved in “%s”: %s."), self->place, both);
      g_string_append_printf (words, " %s",
                              _("They are safe there now. Bring it to the office; they also stay on this tablet, and "
                                "nothing is done twice."));
    }
  if (rescue->undecided > 0)
    g_string_append_printf (words, ngettext ("\n%u thing waits for your decision and is not in it.",
                                             "\n%u things wait for your decision and are not in it.", rescue->undecided),
                            rescue->undecided);
  if (rescue->damaged > 0)
    g_string_append_printf (words, ngettext ("\n%u photo or voice note is damaged on this tablet and is not in it.",
                                             "\n%u photos or voice notes are damaged on this tablet and are not in it.", rescue->damaged),
                            rescue->damaged);
  return g_string_free (words, FALSE);
}

static const char *
why_not (const GError *error)
{
  if (g_error_matches (error, SHT_STORE_ERROR, SHT_STORE_ERROR_REFUSED))
    return _("Not saved: this tablet has to reach the hub once before it can save for it.");
  if (g_error_matches (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_ENROLLED))
    return _("This tablet does not know its hub yet");
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    return _("Not saved: there is not enough room there. Everything is kept on this tablet.");
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_READ_ONLY))
    return _("Not saved: nothing can be written there. Everything is kept on this tablet.");
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return _("Not saved, as you asked. Everything is kept on this tablet.");
  return _("Not saved: something went wrong there. Everything is kept on this tablet; please try again or another place.");
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ShtSaveCard) self = data;
  g_autoptr (GError) error = NULL;
  ShtRescue rescue;
  gboolean ok = sht_session_rescue_finish (result, &rescue, &error);

  g_clear_object (&self->saving);
  /* The page may be gone. */
  if (self->session == NULL)
    return;
  if (ok)
    {
      g_autofree char *words = saved_words (self, &rescue);

      tell (self, words);
    }
  else
    {
      g_message ("save to USB: %s", error->message);
      tell (self, why_not (error));
    }
  show (self);
}

static void
on_progress (gpointer data, gint64 done, gint64 all)
{
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (SHT_SAVE_CARD (data)->bar), all > 0 ? (double) done / (double) all : 1);
}

/* --- where to --- */

static void
save_into (ShtSaveCard *self, GFile *folder, const char *place)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *name = g_date_time_format (now, "shetach-%Y%m%d-%H%M%S.rescue");
  g_autoptr (GFile) file = g_file_get_child (folder, name);
  g_autofree char *path = g_file_get_path (file);

  if (path == NULL || self->saving != NULL || self->session == NULL)
    return;
  self->told = FALSE;
  self->saving = g_cancellable_new ();
  g_free (self->place);
  self->place = g_strdup (place);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->bar), 0);
  sht_session_rescue_async (self->session, path, on_progress, self->saving, on_saved, g_object_ref (self));
  show (self);
}

static void
on_folder (GtkNativeDialog *chooser, int response, ShtSaveCard *self)
{
  g_autoptr (GFile) folder = NULL;
  g_autofree char *name = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    folder = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  g_object_unref (chooser);
  if (folder == NULL)
    return;
  name = g_file_get_basename (folder);
  save_into (self, folder, name);
}

static void
ask_folder (ShtSaveCard *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (_("Folder to save in"), GTK_WINDOW (root),
                                                               GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("Save"),
                                                               _("Cancel"));

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (on_folder), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
on_chosen (ShtSaveCard *self, const char *id, const char *words, ShtChoiceDialog *dialog)
{
  g_autoptr (GFile) folder = NULL;
  const char *place;

  if (g_str_equal (id, OTHER_FOLDER))
    {
      ask_folder (self);
      return;
    }
  folder = g_file_new_for_uri (id);
  place = g_object_get_data (G_OBJECT (dialog), id);
  save_into (self, folder, place != NULL ? place : id);
}

static void
add_mount (ShtChoiceDialog *dialog, GMount *mount)
{
  g_autoptr (GFile) root = g_mount_get_root (mount);
  g_autofree char *uri = g_file_get_uri (root);
  g_autofree char *name = g_mount_get_name (mount);

  if (g_file_peek_path (root) == NULL || g_mount_is_shadowed (mount))
    return;
  g_object_set_data_full (G_OBJECT (dialog), uri, g_strdup (name), g_free);
  sht_choice_dialog_add (dialog, uri, name, g_file_peek_path (root), "drive-removable-media-symbolic");
}

/* Sticks are named; without one there is only a folder to be asked for. */
static void
on_save (ShtSaveCard *self)
{
  g_autoptr (GVolumeMonitor) monitor = g_volume_monitor_get ();
  GList *mounts = g_volume_monitor_get_mounts (monitor);
  ShtChoiceDialog *dialog;

  if (mounts == NULL)
    {
      ask_folder (self);
      return;
    }
  dialog = sht_choice_dialog_new (GTK_WIDGET (self), _("Save to USB"), NULL);
  for (GList *mount = mounts; mount != NULL; mount = mount->next)
    add_mount (dialog, mount->data);
  g_list_free_full (mounts, g_object_unref);
  sht_choice_dialog_add (dialog, OTHER_FOLDER, _("Another folder"), NULL, "folder-symbolic");
  g_signal_connect_object (dialog, "chosen", G_CALLBACK (on_chosen), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_cancel (ShtSaveCard *self)
{
  if (self->saving != NULL)
    g_cancellable_cancel (self->saving);
}

/* --- building --- */

static void
sht_save_card_dispose (GObject *object)
{
  ShtSaveCard *self = SHT_SAVE_CARD (object);

  on_cancel (self);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sht_save_card_parent_class)->dispose (object);
}

static void
sht_save_card_finalize (GObject *object)
{
  g_free (SHT_SAVE_CARD (object)->place);
  G_OBJECT_CLASS (sht_save_card_parent_class)->finalize (object);
}

static void
sht_save_card_class_init (ShtSaveCardClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_save_card_dispose;
  G_OBJECT_CLASS (class)->finalize = sht_save_card_finalize;
}

static GtkWidget *
new_button (ShtSaveCard *self, const char *label, GCallback callback)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_add_css_class (button, "touch");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect_object (button, "clicked", callback, self, G_CONNECT_SWAPPED);
  return button;
}

static void
sht_save_card_init (ShtSaveCard *self)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);

  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  self->words = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->words), 0);
  gtk_label_set_wrap (GTK_LABEL (self->words), TRUE);
  self->bar = gtk_progress_bar_new ();
  self->save = new_button (self, _("Save to USB"), G_CALLBACK (on_save));
  self->cancel = new_button (self, _("Cancel"), G_CALLBACK (on_cancel));
  gtk_widget_set_hexpand (column, TRUE);
  gtk_widget_set_valign (column, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (column), self->words);
  gtk_box_append (GTK_BOX (column), self->bar);
  gtk_box_append (GTK_BOX (self->box), column);
  gtk_box_append (GTK_BOX (self->box), self->save);
  gtk_box_append (GTK_BOX (self->box), self->cancel);
  gtk_widget_add_css_class (self->box, "card");
  gtk_widget_add_css_class (self->box, "sync-card");
  adw_bin_set_child (ADW_BIN (self), self->box);
}

static void
follow (ShtSaveCard *self, ShtSession *session)
{
  self->session = g_object_ref (session);
  show (self);
  g_signal_connect_object (session, "status", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
}

/**
 * sht_save_card_new:
 *
 * Returns: (transfer floating): one among other cards
 */
GtkWidget *
sht_save_card_new (ShtSession *session)
{
  ShtSaveCard *self = g_object_new (SHT_TYPE_SAVE_CARD, NULL);

  follow (self, session);
  return GTK_WIDGET (self);
}

/**
 * sht_save_card_new_main:
 *
 * Returns: (transfer floating): one that is what its page is for, with how much waits and the page's main button
 */
GtkWidget *
sht_save_card_new_main (ShtSession *session)
{
  ShtSaveCard *self = g_object_new (SHT_TYPE_SAVE_CARD, NULL);

  self->headline = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->headline), TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->headline), 0);
  gtk_widget_add_css_class (self->headline, "title-3");
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->box), GTK_ORIENTATION_VERTICAL);
  gtk_box_prepend (GTK_BOX (self->box), self->headline);
  gtk_widget_add_css_class (self->save, "big-action");
  gtk_widget_add_css_class (self->save, "suggested-action");
  follow (self, session);
  return GTK_WIDGET (self);
}
