/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/sync/shift-card.h"

#include "core/json.h"
#include "tablet/session/preflight.h"
#include "tablet/ui/common/maps-dialog.h"
#include "tablet/ui/common/page.h"
#include "tablet/ui/common/words.h"

#include <glib/gi18n.h>

/* Of many the count says enough. */
#define MOST_TICKETS 5
/* Tickets come and go; nobody counts along. */
#define LOOK_S 3

typedef enum
{
  MAP,
  LOGIN,
  STORAGE,
  BATTERY,
  CLOCK,
  UNSENT,
  RESIDENTS,
  N_LINES
} Line;

struct _ShtShiftCard
{
  AdwBin parent_instance;

  ShtSession *session; /* (owned) */
  GtkWidget *group;
  GtkWidget *list;
  GPtrArray *outside; /* (owned) (element-type GtkWidget): rows of tickets, of the tree */
  GtkWidget *rows[N_LINES];
  GtkWidget *marks[N_LINES];
  GCancellable *looking; /* (owned) (nullable): while it looks */
  guint timer;           /* until it looks again */
};

G_DEFINE_FINAL_TYPE (ShtShiftCard, sht_shift_card, ADW_TYPE_BIN)

static void
set_line (ShtShiftCard *self, Line line, gboolean fine, const char *words)
{
  GtkWidget *row = self->rows[line], *mark = self->marks[line];
  g_autofree char *escaped = g_markup_escape_text (words, -1);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), escaped);
  gtk_label_set_text (GTK_LABEL (mark), fine ? "✓" : "!");
  gtk_widget_remove_css_class (mark, fine ? "attention" : "confirmed");
  gtk_widget_add_css_class (mark, fine ? "confirmed" : "attention");
  gtk_accessible_update_property (GTK_ACCESSIBLE (mark), GTK_ACCESSIBLE_PROPERTY_LABEL, fine ? _("fine") : _("to do"), -1);
}

static char *
map_words (const ShtPreflight *found)
{
  g_autofree char *outside
    = g_strdup_printf (ngettext ("%u ticket lies outside the maps on this tablet.",
                                 "%u tickets lie outside the maps on this tablet.", found->outside->len),
                       found->outside->len);
  g_autofree char *has = NULL, *name = NULL;

  if (found->outside->len == 0)
    return g_strdup (_("The streets around all your tickets are on this tablet"));
  if (found->package == NULL)
    return g_steal_pointer (&outside);
  /* a name in either direction */
  name = g_strdup_printf ("\u2068%s\u2069", found->package->name);
  has = g_strdup_printf (ngettext ("The map “%s” has %u of them.", "The map “%s” has %u of them.", found->package_covers),
                         name, found->package_covers);
  return g_strdup_printf ("%s %s", outside, has);
}

static void
on_ticket (GtkWidget *row)
{
  sht_page_show_ticket (row, g_object_get_data (G_OBJECT (row), "ticket"));
}

static GtkWidget *
new_ticket_row (ShtShiftCard *self, const char *id)
{
  g_autoptr (JsonObject) ticket = sht_store_get (sht_session_get_reader (self->session), "ticket", id, NULL);
  const char *title = sht_json_string (ticket, "title"), *address = sht_json_string (ticket, "address");
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title != NULL ? title : id);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), address != NULL ? address : "");
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_widget_add_css_class (row, "sync-row");
  /* Set in, below the line that counts them. */
  gtk_widget_add_css_class (row, "below");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  g_object_set_data_full (G_OBJECT (row), "ticket", g_strdup (id), g_free);
  g_signal_connect (row, "activated", G_CALLBACK (on_ticket), NULL);
  return row;
}

/* Which ones, below the line that counts them. */
static void
show_outside (ShtShiftCard *self, const ShtPreflight *found)
{
  guint n = MIN (found->outside->len, MOST_TICKETS);
  gboolean same = n == self->outside->len;

  for (guint i = 0; same && i < n; i++)
    same = g_strcmp0 (g_object_get_data (G_OBJECT (g_ptr_array_index (self->outside, i)), "ticket"),
                      g_ptr_array_index (found->outside, i))
           == 0;
  if (same)
    return;
  for (guint i = 0; i < self->outside->len; i++)
    gtk_list_box_remove (GTK_LIST_BOX (self->list), g_ptr_array_index (self->outside, i));
  g_ptr_array_set_size (self->outside, 0);
  for (guint i = 0; i < n; i++)
    {
      GtkWidget *row = new_ticket_row (self, g_ptr_array_index (found->outside, i));

      gtk_list_box_insert (GTK_LIST_BOX (self->list), row, (int) i + 1);
      g_ptr_array_add (self->outside, row);
    }
}

static void
show_login (ShtShiftCard *self, const ShtPreflight *found)
{
  gboolean ended = sht_session_get_touch (self->session) == SHT_TOUCH_LOGIN_ENDED;

  set_line (self, LOGIN, found->enrolled && !ended,
            found->enrolled && !ended ? _("The login does not run out") : _("This tablet has to be enrolled again"));
}

static void
show_storage (ShtShiftCard *self, const ShtPreflight *found)
{
  g_autofree char *size = sht_words_size (found->free_bytes);
  gboolean fine = found->room == SHT_ROOM_ENOUGH;
  g_autofree char *words = g_strdup_printf (fine ? _("%s are free") : _("Only %s are free: make room for photos"), size);

  set_line (self, STORAGE, fine, words);
}

static void
show_battery (ShtShiftCard *self, const ShtPreflight *found)
{
  gboolean fine = sht_preflight_battery_is_fine (found);
  g_autofree char *words = g_strdup_printf (fine ? _("%d %%") : _("%d %%: charge it before you leave"), found->battery.percent);

  gtk_widget_set_visible (self->rows[BATTERY], found->battery.present);
  set_line (self, BATTERY, fine, words);
}

static void
show_clock (ShtShiftCard *self, const ShtPreflight *found)
{
  gboolean fine = sht_preflight_clock_is_fine (found);
  gint64 minutes = ABS (found->clock_off_ms) / 60000;
  g_autofree char *off = NULL;

  if (!fine && found->clock_known)
    off = g_strdup_printf (ngettext ("The clock is %d minute off: set the date and time",
                                     "The clock is %d minutes off: set the date and time", (gulong) minutes),
                           (int) minutes);
  set_line (self, CLOCK, fine, fine ? _("The clock is right") : off != NULL ? off : _("It was not compared with the hub's yet"));
}

static void
show_unsent (ShtShiftCard *self, const ShtPreflight *found)
{
  gint64 n = found->operations + found->photos + found->attention;
  g_autofree char *words = g_strdup_printf (ngettext ("%d thing is not with the hub yet",
                                                      "%d things are not with the hub yet", (gulong) n),
                                            (int) n);

  set_line (self, UNSENT, n == 0, n == 0 ? _("Everything is with the hub") : words);
}

static void
show_residents (ShtShiftCard *self, const ShtPreflight *found)
{
  const char *key = found->seal == SHT_SEAL_KEYRING    ? _("Sealed; the key is in this tablet's keyring.")
                    : found->seal == SHT_SEAL_FILE     ? _("Sealed, but the key lies beside them on this tablet. Tell the office.")
                    : found->seal == SHT_SEAL_NONE     ? _("They cannot be read just now: this tablet's keyring is locked.")
                                                       : _("The office has sealed this tablet: it has none.");
  const char *disk = found->disk == SHT_DISK_ENCRYPTED ? _("The disk is encrypted.")
                     : found->disk == SHT_DISK_PLAIN   ? _("The disk is not encrypted.")
                                                       : _("Whether the disk is encrypted cannot be told.");
  g_autofree char *words = g_strdup_printf ("%s %s", key, disk);

  set_line (self, RESIDENTS, sht_preflight_residents_are_safe (found), words);
}

static void
on_looked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ShtShiftCard) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtPreflight) found = sht_session_preflight_finish (result, &error);
  g_autofree char *words = NULL;

  g_clear_object (&self->looking);
  if (found == NULL || self->session == NULL)
    {
      if (found == NULL)
        g_message ("shift card: %s", error->message);
      return;
    }
  words = map_words (found);
  set_line (self, MAP, found->outside->len == 0, words);
  show_outside (self, found);
  show_login (self, found);
  show_storage (self, found);
  show_battery (self, found);
  show_clock (self, found);
  show_unsent (self, found);
  show_residents (self, found);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self->group),
                                         !sht_preflight_is_fine (found)              ? _("Better done here than out there")
                                         : sht_preflight_residents_are_safe (found) ? _("All is ready to go")
                                                                                    : _("Ready to go; one thing is for the office"));
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

static void
look (ShtShiftCard *self)
{
  if (self->looking != NULL || !sht_session_is_enrolled (self->session))
    return;
  self->looking = g_cancellable_new ();
  sht_session_preflight_async (self->session, self->looking, on_looked, g_object_ref (self));
}

static gboolean
on_due (gpointer data)
{
  ShtShiftCard *self = data;

  self->timer = 0;
  look (self);
  return G_SOURCE_REMOVE;
}

static void
on_changed (ShtShiftCard *self)
{
  if (self->timer == 0 && gtk_widget_get_mapped (gtk_widget_get_parent (GTK_WIDGET (self))))
    self->timer = g_timeout_add_seconds (LOOK_S, on_due, self);
}

static void
on_maps (ShtShiftCard *self)
{
  gtk_window_present (GTK_WINDOW (sht_maps_dialog_new (GTK_WIDGET (self), self->session)));
}

static void
sht_shift_card_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (sht_shift_card_parent_class)->root (widget);
  /* the card itself is out of sight until something is known */
  g_signal_connect_object (gtk_widget_get_parent (widget), "map", G_CALLBACK (look), widget, G_CONNECT_SWAPPED);
}

static void
sht_shift_card_dispose (GObject *object)
{
  ShtShiftCard *self = SHT_SHIFT_CARD (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->looking != NULL)
    g_cancellable_cancel (self->looking);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sht_shift_card_parent_class)->dispose (object);
}

static void
sht_shift_card_finalize (GObject *object)
{
  g_ptr_array_unref (SHT_SHIFT_CARD (object)->outside);
  G_OBJECT_CLASS (sht_shift_card_parent_class)->finalize (object);
}

static void
sht_shift_card_class_init (ShtShiftCardClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_shift_card_dispose;
  G_OBJECT_CLASS (class)->finalize = sht_shift_card_finalize;
  GTK_WIDGET_CLASS (class)->root = sht_shift_card_root;
}

static void
sht_shift_card_init (ShtShiftCard *self)
{
  const char *const titles[N_LINES] = { _("Map"), _("Login"), _("Free space"), _("Battery"), _("Clock"), _("Not sent yet"),
                                         _("Residents' details") };
  GtkWidget *maps = gtk_button_new_with_label (_("Maps"));

  self->outside = g_ptr_array_new ();
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "boxed-list");
  for (guint i = 0; i < N_LINES; i++)
    {
      self->rows[i] = adw_action_row_new ();
      self->marks[i] = gtk_label_new (NULL);
      gtk_widget_add_css_class (self->marks[i], "mark");
      gtk_widget_set_size_request (self->marks[i], 24, -1);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->rows[i]), titles[i]);
      adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self->rows[i]), 0);
      adw_action_row_add_prefix (ADW_ACTION_ROW (self->rows[i]), self->marks[i]);
      gtk_widget_add_css_class (self->rows[i], "sync-row");
      gtk_list_box_append (GTK_LIST_BOX (self->list), self->rows[i]);
    }
  gtk_widget_add_css_class (maps, "touch");
  gtk_widget_set_valign (maps, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (maps, "clicked", G_CALLBACK (on_maps), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self->rows[MAP]), maps);
  self->group = adw_preferences_group_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self->group), _("Before the shift"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->group), self->list);
  adw_bin_set_child (ADW_BIN (self), self->group);
  /* until something is known */
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkWidget *
sht_shift_card_new (ShtSession *session)
{
  ShtShiftCard *self = g_object_new (SHT_TYPE_SHIFT_CARD, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
