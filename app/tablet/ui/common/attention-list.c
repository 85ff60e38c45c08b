/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/attention-list.h"

#include "tablet/ui/common/attention.h"
#include "tablet/ui/common/letters.h"
#include "tablet/ui/common/page.h"
#include "tablet/ui/common/photo-thumb.h"
#include "tablet/ui/common/two-parts.h"
#include "tablet/ui/common/words.h"

#include <glib/gi18n.h>

/* Two words stand beside each other where a large button fits below each. */
#define SIDE_WIDTH 370
#define SIDE_GAP 12
#define PICTURE_WIDTH 96
/* Nobody reads further; the page's first line counts them all. */
#define MAX_ROWS 100
#define UNDO_S 10

struct _ShtAttentionList
{
  AdwBin parent_instance;

  ShtSession *session; /* (owned) */
  gboolean of_ticket;
  char *ticket;        /* (owned) (nullable) */
  GtkWidget *list;
  GHashTable *rows;    /* (owned): key → row (of the tree) */
};

G_DEFINE_FINAL_TYPE (ShtAttentionList, sht_attention_list, ADW_TYPE_BIN)

/* --- the choice --- */

typedef struct
{
  ShtAttentionList *list; /* (owned) */
  GtkWidget *row;         /* (owned) (nullable) */
  char *id;               /* (owned) */
  char *field;            /* (owned) (nullable) */
  char *said;             /* (owned) */
  gboolean can_undo;
} Choice;

static void
choice_free (Choice *choice)
{
  g_object_unref (choice->list);
  g_clear_object (&choice->row);
  g_free (choice->id);
  g_free (choice->field);
  g_free (choice->said);
  g_free (choice);
}

static void on_decided (GObject *session, GAsyncResult *result, gpointer data);

static void
on_undo (ShtAttentionList *self, AdwToast *toast)
{
  Choice *choice = g_new0 (Choice, 1);

  choice->list = g_object_ref (self);
  choice->said = g_strdup (_("Taken back"));
  sht_session_take_back_async (self->session, g_object_get_data (G_OBJECT (toast), "id"),
                               g_object_get_data (G_OBJECT (toast), "field"), on_decided, choice);
}

/* The toast stands on the nearest overlay, the ticket's or the window's, and does not keep the list. */
static void
say_done (Choice *choice)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (GTK_WIDGET (choice->list), ADW_TYPE_TOAST_OVERLAY);
  AdwToast *toast;

  if (!choice->can_undo || overlay == NULL)
    {
      sht_page_toast (GTK_WIDGET (choice->list), choice->said);
      return;
    }
  toast = sht_letters_toast_new (choice->said);
  adw_toast_set_timeout (toast, UNDO_S);
  adw_toast_set_button_label (toast, _("Undo"));
  g_object_set_data_full (G_OBJECT (toast), "id", g_strdup (choice->id), g_free);
  g_object_set_data_full (G_OBJECT (toast), "field", g_strdup (choice->field), g_free);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (on_undo), choice->list, G_CONNECT_SWAPPED);
  sht_letters_toast_show (overlay, toast);
}

static void
on_decided (GObject *session, GAsyncResult *result, gpointer data)
{
  Choice *choice = data;
  g_autoptr (GError) error = NULL;

  if (sht_session_do_finish (SHT_SESSION (session), result, &error))
    say_done (choice);
  else if (g_error_matches (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_FOUND))
    sht_page_toast (GTK_WIDGET (choice->list), _("This has been decided already"));
  else
    {
      g_message ("decision: %s", error->message);
      sht_page_toast (GTK_WIDGET (choice->list), g_error_matches (error, SHT_STORE_ERROR, SHT_STORE_ERROR_REFUSED)
                                                   ? _("That is not possible as the ticket stands now")
                                                   : _("Could not be saved. Nothing was changed; please try again"));
    }
  if (choice->row != NULL)
    gtk_widget_set_sensitive (choice->row, TRUE);
  sht_attention_list_update (choice->list, choice->list->ticket);
  choice_free (choice);
}

/* What kept standing what stood already is with the hub in a moment, and has changed nothing that could be changed
 * back. What is sent again is on its way. */
static gboolean
can_undo (ShtAttentionList *self, GtkWidget *button)
{
  if (g_object_get_data (G_OBJECT (button), "again") != NULL)
    return FALSE;
  return g_object_get_data (G_OBJECT (button), "stands") == NULL || sht_session_get_offline (self->session)
         || sht_session_get_touch (self->session) != SHT_TOUCH_GOOD;
}

static void
on_choice (GtkButton *button, gpointer data)
{
  ShtAttentionList *self = data;
  GtkWidget *row = gtk_widget_get_ancestor (GTK_WIDGET (button), GTK_TYPE_LIST_BOX_ROW);
  Choice *choice = g_new0 (Choice, 1);

  choice->list = g_object_ref (self);
  choice->row = g_object_ref (row);
  choice->said = g_strdup (g_object_get_data (G_OBJECT (button), "said"));
  choice->id = g_strdup (g_object_get_data (G_OBJECT (row), "id"));
  choice->field = g_strdup (g_object_get_data (G_OBJECT (row), "field"));
  choice->can_undo = can_undo (self, GTK_WIDGET (button));
  /* until the answer is there, which is the row's end */
  gtk_widget_set_sensitive (row, FALSE);
  sht_session_resolve_async (self->session, choice->id, choice->field,
                             GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "mine")), on_decided, choice);
}

static GtkWidget *
new_choice (ShtAttentionList *self, const char *label, const char *value, gboolean mine, const char *said)
{
  GtkWidget *button = gtk_button_new_with_label (label);
  GtkLabel *words = GTK_LABEL (gtk_button_get_child (GTK_BUTTON (button)));
  g_autofree char *name = value != NULL ? g_strdup_printf ("%s: %s", label, value) : g_strdup (label);

  gtk_widget_add_css_class (button, "big-action");
  gtk_widget_add_css_class (button, "attention-choice");
  /* Two of them beside each other may not make the window wider than the tablet. */
  gtk_label_set_wrap (words, TRUE);
  gtk_label_set_justify (words, GTK_JUSTIFY_CENTER);
  gtk_widget_set_hexpand (button, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data (G_OBJECT (button), "mine", GINT_TO_POINTER (mine));
  g_object_set_data_full (G_OBJECT (button), "said", g_strdup (said), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_choice), self, 0);
  return button;
}

/* --- one thing to decide --- */

static GtkWidget *
new_label (const char *text, const char *class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (class != NULL)
    gtk_widget_add_css_class (label, class);
  return label;
}

static GtkWidget *
new_side (ShtAttentionList *self, const ShtAttention *attention, gboolean mine)
{
  const ShtSide *side = mine ? &attention->mine : &attention->theirs;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *button;
  const char *whose = mine && attention->is_own ? _("Yours") : side->whose;
  const char *label = attention->is_own ? (mine ? _("Keep mine") : _("Keep theirs")) : _("Keep this");
  g_autofree char *head = side->when != NULL ? g_strdup_printf ("%s · %s", whose, side->when) : g_strdup (whose);
  g_autofree char *said = g_strdup_printf (_("“%s” is kept. The other stays in the journey."), side->value);

  gtk_box_append (GTK_BOX (box), new_label (head, "attention-whose"));
  gtk_box_append (GTK_BOX (box), new_label (side->value, "attention-value"));
  if (side->stands)
    gtk_box_append (GTK_BOX (box), new_label (_("✓ This holds now"), "attention-stands"));
  button = new_choice (self, label, side->value, mine, said);
  if (side->stands)
    g_object_set_data (G_OBJECT (button), "stands", button);
  /* What two sides say may be of different heights; their buttons stand in one line. */
  gtk_widget_set_vexpand (button, TRUE);
  gtk_widget_set_valign (button, GTK_ALIGN_END);
  gtk_widget_set_margin_top (button, 6);
  gtk_box_append (GTK_BOX (box), button);
  gtk_widget_add_css_class (box, "attention-side");
  if (side->stands)
    gtk_widget_add_css_class (box, "stands");
  return box;
}

static GtkWidget *
new_again (ShtAttentionList *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, SIDE_GAP);
  GtkWidget *again = new_choice (self, _("Send again"), NULL, TRUE, _("It will be sent again"));

  gtk_box_set_homogeneous (GTK_BOX (box), TRUE);
  g_object_set_data (G_OBJECT (again), "again", again);
  gtk_box_append (GTK_BOX (box), again);
  gtk_box_append (GTK_BOX (box), new_choice (self, _("Put away"), NULL, FALSE,
                                             _("Put away. It stays on this tablet, in the journey.")));
  return box;
}

/* Which photo it is, nobody knows by its name. */
static GtkWidget *
new_picture (const char *path)
{
  GtkWidget *thumb = sht_photo_thumb_new ();

  gtk_widget_set_size_request (thumb, PICTURE_WIDTH, PICTURE_WIDTH * 3 / 4);
  gtk_widget_set_valign (thumb, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (thumb, "attention-picture");
  gtk_accessible_update_property (GTK_ACCESSIBLE (thumb), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Photo"), -1);
  sht_photo_thumb_load (SHT_PHOTO_THUMB (thumb), path);
  return thumb;
}

static GtkWidget *
new_head (ShtAttentionList *self, const ShtAttention *attention)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *told = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *mark = gtk_label_new (sht_words_mark_shape (SHT_MARK_ATTENTION));

  /* A screen reader says the word and not the sign. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (mark), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  sht_words_mark (SHT_MARK_ATTENTION), -1);
  gtk_widget_add_css_class (mark, "sync-mark");
  gtk_widget_add_css_class (mark, "attention-mark");
  gtk_widget_set_valign (mark, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (told), new_label (attention->what, "attention-what"));
  if (!self->of_ticket && attention->about[0] != '\0')
    gtk_box_append (GTK_BOX (told), new_label (attention->about, NULL));
  gtk_box_append (GTK_BOX (told), new_label (attention->reason, attention->is_conflict ? "dim-label" : "sync-reason"));
  if (!attention->is_conflict && attention->mine.when != NULL)
    gtk_box_append (GTK_BOX (told), new_label (attention->mine.when, "dim-label"));
  gtk_widget_set_hexpand (told, TRUE);
  gtk_box_append (GTK_BOX (head), mark);
  gtk_box_append (GTK_BOX (head), told);
  if (attention->picture != NULL)
    gtk_box_append (GTK_BOX (head), new_picture (attention->picture));
  if (!self->of_ticket && attention->ticket != NULL)
    gtk_box_append (GTK_BOX (head), gtk_image_new_from_icon_name ("go-next-symbolic"));
  return head;
}

static GtkWidget *
new_row (ShtAttentionList *self, const ShtAttention *attention)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10);
  g_autofree char *name = g_strdup_printf ("%s, %s", attention->what, attention->about);

  gtk_box_append (GTK_BOX (box), new_head (self, attention));
  if (attention->is_conflict)
    gtk_box_append (GTK_BOX (box),
                    sht_two_parts_new (new_side (self, attention, TRUE), new_side (self, attention, FALSE), SIDE_WIDTH,
                                       SIDE_GAP));
  else
    gtk_box_append (GTK_BOX (box), new_again (self));
  gtk_widget_add_css_class (box, "sync-attention");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), !self->of_ticket && attention->ticket != NULL);
  gtk_widget_set_focusable (row, gtk_list_box_row_get_activatable (GTK_LIST_BOX_ROW (row)));
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data_full (G_OBJECT (row), "id", g_strdup (attention->id), g_free);
  g_object_set_data_full (G_OBJECT (row), "field", g_strdup (attention->field), g_free);
  g_object_set_data_full (G_OBJECT (row), "ticket", g_strdup (attention->ticket), g_free);
  return row;
}

/* --- the list --- */

static void
drop_rows (ShtAttentionList *self, GPtrArray *list)
{
  g_autoptr (GHashTable) wanted = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer key, row;

  for (guint i = 0; i < list->len && i < MAX_ROWS; i++)
    g_hash_table_add (wanted, ((ShtAttention *) g_ptr_array_index (list, i))->key);
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &key, &row))
    if (!g_hash_table_contains (wanted, key))
      {
        gtk_list_box_remove (GTK_LIST_BOX (self->list), row);
        g_hash_table_iter_remove (&iter);
      }
}

/**
 * sht_attention_list_update:
 * @ticket: (nullable): of that ticket alone
 *
 * Looks again. What stays keeps its place and the focus.
 *
 * Returns: how many things wait for a decision
 */
guint
sht_attention_list_update (ShtAttentionList *self, const char *ticket)
{
  g_autoptr (GPtrArray) list = sht_attention_list (sht_session_get_reader (self->session), ticket, NULL);

  if (ticket != self->ticket)
    {
      g_free (self->ticket);
      self->ticket = g_strdup (ticket);
    }
  if (list == NULL)
    return g_hash_table_size (self->rows);
  drop_rows (self, list);
  for (guint i = 0; i < list->len && i < MAX_ROWS; i++)
    {
      const ShtAttention *attention = g_ptr_array_index (list, i);
      GtkWidget *row;

      if (g_hash_table_contains (self->rows, attention->key))
        continue;
      row = new_row (self, attention);
      gtk_list_box_insert (GTK_LIST_BOX (self->list), row, (int) i);
      g_hash_table_insert (self->rows, g_strdup (attention->key), row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self), list->len > 0);
  return list->len;
}

static void
on_row_activated (GtkListBox *list, GtkListBoxRow *row, gpointer data)
{
  sht_page_show_ticket (data, g_object_get_data (G_OBJECT (row), "ticket"));
}

static void
sht_attention_list_dispose (GObject *object)
{
  ShtAttentionList *self = SHT_ATTENTION_LIST (object);

  g_clear_object (&self->session);
  G_OBJECT_CLASS (sht_attention_list_parent_class)->dispose (object);
}

static void
sht_attention_list_finalize (GObject *object)
{
  ShtAttentionList *self = SHT_ATTENTION_LIST (object);

  g_hash_table_unref (self->rows);
  g_free (self->ticket);
  G_OBJECT_CLASS (sht_attention_list_parent_class)->finalize (object);
}

static void
sht_attention_list_class_init (ShtAttentionListClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_attention_list_dispose;
  G_OBJECT_CLASS (class)->finalize = sht_attention_list_finalize;
}

static void
sht_attention_list_init (ShtAttentionList *self)
{
  self->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Needs a decision"),
                                  -1);
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (on_row_activated), self, 0);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * sht_attention_list_new:
 * @of_ticket: whether it stands on the ticket's own page, which need not be named or opened
 */
GtkWidget *
sht_attention_list_new (ShtSession *session, gboolean of_ticket)
{
  ShtAttentionList *self = g_object_new (SHT_TYPE_ATTENTION_LIST, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->session = g_object_ref (session);
  self->of_ticket = of_ticket;
  if (of_ticket)
    gtk_box_append (GTK_BOX (box), new_label (_("Needs a decision"), "heading"));
  gtk_box_append (GTK_BOX (box), self->list);
  adw_bin_set_child (ADW_BIN (self), box);
  return GTK_WIDGET (self);
}
