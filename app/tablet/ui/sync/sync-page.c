/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/sync/sync-page.h"

#include "tablet/ui/common/attention-list.h"
#include "tablet/ui/common/letters.h"
#include "tablet/ui/common/page.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/sync/copy-card.h"
#include "tablet/ui/sync/save-card.h"
#include "tablet/ui/sync/shift-card.h"
#include "tablet/ui/sync/sync-row.h"
#include "tablet/ui/sync/waiting.h"

#include <glib/gi18n.h>

/* “5 min ago” grows old by itself. */
#define RETELL_S 20
/* A try that the hub does not answer ends without a word: after this time the button is there again. */
#define TRY_MS 3000
/* Nobody reads further; the count above tells them all. */
#define MAX_ROWS 100
/* Wide enough for two words beside each other in landscape. */
#define COLUMN_WIDTH 860

struct _ShtSyncPage
{
  AdwBin parent_instance;

  ShtSession *session; /* (owned) */
  GtkWidget *mark;
  GtkWidget *headline;
  GtkWidget *link;
  GtkWidget *contact;
  GtkWidget *sent;
  GtkWidget *try_now;
  GtkWidget *attention_group;
  GtkWidget *attention;
  GtkWidget *waiting_group;
  GtkWidget *waiting;
  GtkWidget *more;
  GtkWidget *hub;
  GtkWidget *photos;
  GtkWidget *disk;
  GHashTable *waiting_rows;    /* (owned): ticket → row (of the tree) */
  GCancellable *measuring;     /* (owned) (nullable) */
  guint retell_timer;
  guint try_timer;
};

G_DEFINE_FINAL_TYPE (ShtSyncPage, sht_sync_page, ADW_TYPE_BIN)

static gint64
now_ms (ShtSyncPage *self)
{
  return sht_store_now (sht_session_get_reader (self->session));
}

static void
set_text (GtkWidget *label, const char *text)
{
  /* a label that is set again is laid out again */
  if (g_strcmp0 (gtk_label_get_text (GTK_LABEL (label)), text) != 0)
    gtk_label_set_text (GTK_LABEL (label), text);
}

/* --- the state in words --- */

static const char *
link_words (ShtSyncPage *self)
{
  if (!sht_session_is_enrolled (self->session))
    return _("This tablet does not know its hub yet");
  switch (sht_store_room (sht_session_get_reader (self->session), NULL))
    {
    case SHT_ROOM_ENOUGH:
      break;
    case SHT_ROOM_SHORT:
      return _("Space on this tablet is getting short. Make room while photos can still be taken.");
    case SHT_ROOM_NO_PHOTOS:
      return _("This tablet is nearly full: no more photos. Statuses and notes go on.");
    case SHT_ROOM_RESERVE:
      return _("This tablet is full. Statuses and notes go on and are sent; new tickets come when there is room.");
    }
  if (sht_session_get_offline (self->session))
    return _("Working offline, as you asked. Everything is kept here.");
  switch (sht_session_get_touch (self->session))
    {
    case SHT_TOUCH_GOOD:
      return sht_session_get_sparing (self->session)
               ? _("In touch with the hub. Statuses, notes and small pictures go; full photos wait for an unmetered link "
                   "or more battery.")
               : _("In touch with the hub");
    case SHT_TOUCH_NONE:
      return _("No signal. Work goes on; what you do is kept here and sent later by itself.");
    case SHT_TOUCH_LOGIN_ENDED:
      return _("This tablet has to be enrolled again. Work goes on, nothing is lost, sending waits.");
    case SHT_TOUCH_SEALED:
      return _("The office has sealed this tablet: what it knew of residents is gone, and it gets nothing more. What was not sent "
               "stays here and can be saved to a stick.");
    case SHT_TOUCH_MISFIT:
      return _("The hub speaks a newer language: Shetach needs an update. Nothing is lost.");
    case SHT_TOUCH_HUB_TROUBLE:
      return _("The hub has trouble of its own. Work goes on; what you do is kept here and sent later by itself.");
    case SHT_TOUCH_FULL:
      return _("This tablet is full. Statuses and notes go on and are sent; new tickets come when there is room.");
    case SHT_TOUCH_BROKEN:
      return _("This tablet cannot write to its disk. What was confirmed here is kept; show the tablet to your supervisor.");
    case SHT_TOUCH_UNKNOWN:
      break;
    }
  return _("Looking for the hub…");
}

static void
show_contact (ShtSyncPage *self)
{
  gint64 at = sht_session_get_last_contact (self->session), now = now_ms (self);
  g_autofree char *ago = NULL, *when = NULL, *words = NULL;

  if (at > 0)
    {
      ago = sht_words_ago (at, now);
      when = sht_words_when (at, now);
      words = g_strdup_printf (_("Last contact: %s (%s)"), ago, when);
    }
  set_text (self->contact, at > 0 ? words : _("There was no contact with the hub yet"));
}

static void
show_sent (ShtSyncPage *self)
{
  gint64 done, all;
  gboolean some = sht_sending_get_all (sht_session_get_sending (self->session), &done, &all);

  gtk_widget_set_visible (self->sent, some);
  if (!some)
    return;
  {
    g_autofree char *so_far = sht_words_size (done), *whole = sht_words_size (all);
    /* Translators: sizes, as "3.2 MB of 12 MB of photos sent" */
    g_autofree char *words = g_strdup_printf (_("%s of %s of photos sent"), so_far, whole);

    gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->sent), all > 0 ? (double)done / (double)all : 0);
    if (g_strcmp0 (gtk_progress_bar_get_text (GTK_PROGRESS_BAR (self->sent)), words) != 0)
      gtk_progress_bar_set_text (GTK_PROGRESS_BAR (self->sent), words);
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->sent), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  }
}

static void
show_headline (ShtSyncPage *self)
{
  gint64 operations = sht_session_get_pending_operations (self->session);
  gint64 photos = sht_session_get_pending_photos (self->session);
  gint64 attention = sht_session_get_attention (self->session);
  g_autofree char *words = NULL;
  ShtMark mark = SHT_MARK_CONFIRMED;

  if (operations + photos > 0)
    {
      words = sht_waiting_headline (operations, photos);
      mark = sht_session_get_touch (self->session) == SHT_TOUCH_GOOD ? SHT_MARK_SENT : SHT_MARK_LOCAL;
    }
  else if (attention > 0)
    {
      words = g_strdup_printf (ngettext ("%d thing needs your attention", "%d things need your attention",
                                         (gulong) attention),
                               (int) attention);
      mark = SHT_MARK_ATTENTION;
    }
  else if (sht_session_get_last_contact (self->session) > 0)
    words = g_strdup (_("Everything is with the hub"));
  else
    {
      /* Without a word from the hub nothing can be said of it. */
      words = g_strdup (_("Nothing is waiting"));
      mark = SHT_MARK_NONE;
    }
  set_text (self->headline, words);
  set_text (self->mark, sht_words_mark_shape (mark));
  gtk_widget_set_visible (self->mark, mark != SHT_MARK_NONE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->mark), GTK_ACCESSIBLE_PROPERTY_LABEL, sht_words_mark (mark), -1);
  set_text (self->link, link_words (self));
  show_contact (self);
  show_sent (self);
}

static void
show_button (ShtSyncPage *self)
{
  gboolean trying = self->try_timer != 0;
  const char *label = _("Sync now");

  if (sht_session_get_offline (self->session))
    label = _("Work online again");
  else if (trying)
    label = _("Trying…");
  if (g_strcmp0 (gtk_button_get_label (GTK_BUTTON (self->try_now)), label) != 0)
    gtk_button_set_label (GTK_BUTTON (self->try_now), label);
  /* Where all is well there is nothing that asks to be tapped. */
  if (sht_session_get_offline (self->session) || sht_session_get_touch (self->session) != SHT_TOUCH_GOOD
      || sht_session_get_pending_operations (self->session) + sht_session_get_pending_photos (self->session) > 0)
    gtk_widget_add_css_class (self->try_now, "suggested-action");
  else
    gtk_widget_remove_css_class (self->try_now, "suggested-action");
}

/* --- what waits --- */

/* Takes away the rows of what no longer waits; those that stay keep their place and the focus. */
static void
drop_rows (GtkWidget *list, GHashTable *rows, GHashTable *wanted)
{
  GHashTableIter iter;
  gpointer key, row;

  g_hash_table_iter_init (&iter, rows);
  while (g_hash_table_iter_next (&iter, &key, &row))
    if (!g_hash_table_contains (wanted, key))
      {
        gtk_list_box_remove (GTK_LIST_BOX (list), row);
        g_hash_table_iter_remove (&iter);
      }
}

static void
show_waiting (ShtSyncPage *self)
{
  g_autoptr (GPtrArray) list = sht_waiting_list (sht_session_get_reader (self->session), NULL);
  g_autoptr (GHashTable) wanted = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *more = NULL;

  if (list == NULL)
    return;
  for (guint i = 0; i < list->len && i < MAX_ROWS; i++)
    g_hash_table_add (wanted, ((ShtWaiting *) g_ptr_array_index (list, i))->key);
  drop_rows (self->waiting, self->waiting_rows, wanted);
  for (guint i = 0; i < list->len && i < MAX_ROWS; i++)
    {
      ShtWaiting *waiting = g_ptr_array_index (list, i);
      GtkWidget *row = g_hash_table_lookup (self->waiting_rows, waiting->key);

      if (row == NULL)
        {
          row = sht_sync_waiting_row_new ();
          gtk_list_box_append (GTK_LIST_BOX (self->waiting), row);
          g_hash_table_insert (self->waiting_rows, g_strdup (waiting->key), row);
        }
      sht_sync_waiting_row_set (row, waiting);
    }
  if (list->len > MAX_ROWS)
    more = g_strdup_printf (ngettext ("and %u more ticket", "and %u more tickets", list->len - MAX_ROWS),
                            list->len - MAX_ROWS);
  set_text (self->more, more != NULL ? more : "");
  gtk_widget_set_visible (self->more, more != NULL);
  gtk_widget_set_visible (self->waiting_group, list->len > 0);
}

static void
show_attention (ShtSyncPage *self)
{
  guint count = sht_attention_list_update (SHT_ATTENTION_LIST (self->attention), NULL);

  gtk_widget_set_visible (self->attention_group, count > 0);
}

/* --- this tablet --- */

static void
on_measured (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree char *words = NULL;
  g_autoptr (GError) error = NULL;
  guint64 bytes = 0;

  /* The page that asked may be gone; then it was cancelled. */
  if (!g_file_measure_disk_usage_finish (G_FILE (source), result, &bytes, NULL, NULL, &error)
      && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  /* No folder yet is no photo yet. */
  words = bytes > 0 ? sht_words_size ((gint64) bytes) : g_strdup (_("none yet"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (SHT_SYNC_PAGE (data)->photos), words);
}

static void
on_disk (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInfo) info = g_file_query_filesystem_info_finish (G_FILE (source), result, &error);
  g_autofree char *size = NULL;

  if (info == NULL)
    return;
  size = sht_words_size ((gint64) g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_FILESYSTEM_FREE));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (SHT_SYNC_PAGE (data)->disk), size);
}

static void
measure (ShtSyncPage *self)
{
  ShtStore *store = sht_session_get_reader (self->session);
  g_autofree char *path = g_build_filename (store->folder, "photos", NULL);
  g_autoptr (GFile) photos = g_file_new_for_path (path);
  g_autoptr (GFile) folder = g_file_new_for_path (store->folder);

  if (self->measuring != NULL)
    g_cancellable_cancel (self->measuring);
  g_clear_object (&self->measuring);
  self->measuring = g_cancellable_new ();
  g_file_measure_disk_usage_async (photos, G_FILE_MEASURE_APPARENT_SIZE, G_PRIORITY_LOW, self->measuring, NULL, NULL,
                                   on_measured, self);
  g_file_query_filesystem_info_async (folder, G_FILE_ATTRIBUTE_FILESYSTEM_FREE, G_PRIORITY_LOW, self->measuring,
                                      on_disk, self);
}

static void
show_hub (ShtSyncPage *self)
{
  const char *url = sht_session_get_reader (self->session)->device.url;
  /* An address reads from left to right in every language. */
  g_autofree char *isolated = g_strdup_printf ("\u2066%s\u2069", url != NULL ? url : "");
  g_autofree char *escaped = g_markup_escape_text (isolated, -1);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->hub), url != NULL ? escaped : _("none yet"));
}

/* --- events --- */

static void
show_all (ShtSyncPage *self)
{
  show_headline (self);
  show_button (self);
  show_attention (self);
  show_waiting (self);
}

static void
on_status (ShtSyncPage *self)
{
  show_all (self);
}

static void
on_changed (ShtSyncPage *self)
{
  show_all (self);
  show_hub (self);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    measure (self);
}

static gboolean
on_retell (gpointer data)
{
  show_contact (data);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_tried (gpointer data)
{
  ShtSyncPage *self = data;

  self->try_timer = 0;
  show_button (self);
  return G_SOURCE_REMOVE;
}

static void
on_try_now (ShtSyncPage *self)
{
  if (sht_session_get_offline (self->session))
    sht_session_set_offline (self->session, FALSE);
  g_clear_handle_id (&self->try_timer, g_source_remove);
  self->try_timer = g_timeout_add (TRY_MS, on_tried, self);
  sht_session_try_now (self->session);
  show_all (self);
}

static void
sht_sync_page_map (GtkWidget *widget)
{
  ShtSyncPage *self = SHT_SYNC_PAGE (widget);

  GTK_WIDGET_CLASS (sht_sync_page_parent_class)->map (widget);
  show_all (self);
  measure (self);
  if (self->retell_timer == 0)
    self->retell_timer = g_timeout_add_seconds (RETELL_S, on_retell, self);
}

static void
sht_sync_page_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&SHT_SYNC_PAGE (widget)->retell_timer, g_source_remove);
  GTK_WIDGET_CLASS (sht_sync_page_parent_class)->unmap (widget);
}

static void
sht_sync_page_dispose (GObject *object)
{
  ShtSyncPage *self = SHT_SYNC_PAGE (object);

  g_clear_handle_id (&self->retell_timer, g_source_remove);
  g_clear_handle_id (&self->try_timer, g_source_remove);
  if (self->measuring != NULL)
    g_cancellable_cancel (self->measuring);
  g_clear_object (&self->measuring);
  g_clear_pointer (&self->waiting_rows, g_hash_table_unref);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sht_sync_page_parent_class)->dispose (object);
}

static void
sht_sync_page_class_init (ShtSyncPageClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_sync_page_dispose;
  GTK_WIDGET_CLASS (class)->map = sht_sync_page_map;
  GTK_WIDGET_CLASS (class)->unmap = sht_sync_page_unmap;
}

/* --- building --- */

static GtkWidget *
new_words (const char *class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  if (class != NULL)
    gtk_widget_add_css_class (label, class);
  return label;
}

static GtkWidget *
build_hero (ShtSyncPage *self)
{
  GtkWidget *hero = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *across = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->mark = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->mark, "sync-hero-mark");
  gtk_widget_set_valign (self->mark, GTK_ALIGN_START);
  self->headline = new_words ("title-1");
  self->link = new_words (NULL);
  self->contact = new_words ("dim-label");
  self->try_now = gtk_button_new_with_label (_("Sync now"));
  gtk_widget_add_css_class (self->try_now, "big-action");
  gtk_widget_add_css_class (self->try_now, "sync-try");
  g_signal_connect_swapped (self->try_now, "clicked", G_CALLBACK (on_try_now), self);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (words), self->headline);
  gtk_box_append (GTK_BOX (words), self->link);
  gtk_box_append (GTK_BOX (words), self->contact);
  gtk_box_append (GTK_BOX (across), self->mark);
  gtk_box_append (GTK_BOX (across), words);
  gtk_box_append (GTK_BOX (hero), across);
  self->sent = gtk_progress_bar_new ();
  gtk_progress_bar_set_show_text (GTK_PROGRESS_BAR (self->sent), TRUE);
  gtk_widget_add_css_class (self->sent, "sync-sent");
  gtk_box_append (GTK_BOX (hero), self->sent);
  gtk_box_append (GTK_BOX (hero), self->try_now);
  gtk_widget_add_css_class (hero, "card");
  gtk_widget_add_css_class (hero, "sync-hero");
  return hero;
}

static GtkWidget *
new_list (void)
{
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  return list;
}

static GtkWidget *
new_group (const char *title, const char *description, GtkWidget *child)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), description);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), child);
  return group;
}

static GtkWidget *
new_fact (GtkWidget *list, const char *title)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 2);
  gtk_widget_add_css_class (row, "sync-row");
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  return row;
}

static GtkWidget *
build_facts (ShtSyncPage *self)
{
  GtkWidget *list = new_list ();

  self->photos = new_fact (list, _("Photos kept on this tablet"));
  self->disk = new_fact (list, _("Free space"));
  self->hub = new_fact (list, _("Address of the hub"));
  return new_group (_("This tablet"), NULL, list);
}

static void
build (ShtSyncPage *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *clamp = sht_letters_clamp_new (SHT_CLAMP_FILLS, COLUMN_WIDTH);
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 20);

  self->attention = sht_attention_list_new (self->session, FALSE);
  self->attention_group = new_group (_("Needs your attention"),
                                     _("It stays here until somebody decides. Nothing of it is lost."),
                                     self->attention);
  self->waiting = new_list ();
  self->more = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->more, "dim-label");
  self->waiting_group = new_group (_("Waiting to be sent"), _("○ on this tablet   ◐ sent, no answer yet"),
                                   self->waiting);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->waiting_group), self->more);
  gtk_box_append (GTK_BOX (column), build_hero (self));
  gtk_box_append (GTK_BOX (column), sht_copy_card_new (self->session));
  gtk_box_append (GTK_BOX (column), self->attention_group);
  gtk_box_append (GTK_BOX (column), self->waiting_group);
  gtk_box_append (GTK_BOX (column), sht_save_card_new (self->session));
  gtk_box_append (GTK_BOX (column), sht_shift_card_new (self->session));
  gtk_box_append (GTK_BOX (column), build_facts (self));
  gtk_widget_set_margin_top (column, 20);
  gtk_widget_set_margin_bottom (column, 24);
  gtk_widget_set_margin_start (column, 16);
  gtk_widget_set_margin_end (column, 16);
  adw_clamp_set_child (ADW_CLAMP (clamp), column);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  adw_bin_set_child (ADW_BIN (self), scrolled);
}

static void
sht_sync_page_init (ShtSyncPage *self)
{
  self->waiting_rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * sht_sync_page_new:
 *
 * What waits for the hub, what needs a decision, and how the way there is.
 */
GtkWidget *
sht_sync_page_new (ShtSession *session)
{
  ShtSyncPage *self = g_object_new (SHT_TYPE_SYNC_PAGE, NULL);

  self->session = g_object_ref (session);
  build (self);
  show_all (self);
  show_hub (self);
  g_signal_connect_object (session, "status", G_CALLBACK (on_status), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
