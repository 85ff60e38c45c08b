/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/page.h"

#include "core/json.h"
#include "tablet/ui/common/big-button.h"
#include "tablet/ui/common/choice-dialog.h"
#include "tablet/ui/common/cover.h"
#include "tablet/ui/common/letters.h"
#include "tablet/ui/common/names.h"
#include "tablet/ui/common/obstacle-form.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/forum/obstacle-card.h"

#include <glib/gi18n.h>

#define COLUMN_WIDTH 860
/* Nobody reads further; how many more there are is told. */
#define MAX_CARDS 100
/* “5 min ago” grows old by itself. */
#define RETELL_S 60
/* What was on the screen for less has not been read. */
#define READ_S 3

#define SHT_TYPE_FORUM_PAGE (sht_forum_page_get_type ())
G_DECLARE_FINAL_TYPE (ShtForumPage, sht_forum_page, SHT, FORUM_PAGE, AdwBin)

/**
 * ShtForumPage:
 *
 * What stands in the way: raised here, told to the departments that it lies between, answered, settled.
 */
struct _ShtForumPage
{
  AdwBin parent_instance;

  ShtSession *session; /* (owned) */
  GtkWidget *stack;
  GtkWidget *none;
  GtkWidget *list;
  GtkWidget *cards;
  GtkWidget *more;
  GHashTable *shown; /* (owned): id → Shown */
  guint retell_timer;
  guint read_timer;
};

G_DEFINE_FINAL_TYPE (ShtForumPage, sht_forum_page, ADW_TYPE_BIN)

typedef struct
{
  GtkWidget *card;
  char *said; /* (owned): all that it was made from */
  gboolean news;
  gboolean noted; /* as read; it is called news as long as the page is looked at */
} Shown;

static void
shown_free (gpointer data)
{
  Shown *shown = data;

  g_free (shown->said);
  g_free (shown);
}

static ShtStore *
get_reader (ShtForumPage *self)
{
  return sht_session_get_reader (self->session);
}

/* --- what there is --- */

/* A card whose obstacle has not changed stays, with the focus in it. */
static void
show_card (ShtForumPage *self, const char *id, GtkWidget **after)
{
  g_autoptr (JsonObject) view = sht_store_obstacle_view (get_reader (self), id, NULL);
  Shown *shown = g_hash_table_lookup (self->shown, id);
  g_autofree char *said = NULL;
  g_autofree char *ago = NULL;

  if (view == NULL)
    return;
  /* What was news when the page was opened is so until it is left. */
  if (shown != NULL && shown->news)
    json_object_set_boolean_member (view, "news", TRUE);
  ago = sht_words_ago (sht_words_time (view, "at"), sht_store_now (get_reader (self)));
  json_object_set_string_member (view, "ago", ago);
  said = sht_json_to_string (view);
  if (shown == NULL || g_strcmp0 (shown->said, said) != 0)
    {
      GtkWidget *card = sht_obstacle_card_new (get_reader (self), view);
      gboolean noted = shown != NULL && shown->noted;

      if (shown != NULL)
        gtk_box_remove (GTK_BOX (self->cards), shown->card);
      shown = g_new0 (Shown, 1);
      shown->card = card;
      shown->said = g_steal_pointer (&said);
      shown->news = sht_json_bool (view, "news");
      shown->noted = noted;
      gtk_box_append (GTK_BOX (self->cards), card);
      g_hash_table_insert (self->shown, g_strdup (id), shown);
    }
  gtk_box_reorder_child_after (GTK_BOX (self->cards), shown->card, *after);
  *after = shown->card;
}

static void
drop_cards (ShtForumPage *self, GHashTable *wanted)
{
  GHashTableIter iter;
  gpointer id, shown;

  g_hash_table_iter_init (&iter, self->shown);
  while (g_hash_table_iter_next (&iter, &id, &shown))
    if (!g_hash_table_contains (wanted, id))
      {
        gtk_box_remove (GTK_BOX (self->cards), ((Shown *) shown)->card);
        g_hash_table_iter_remove (&iter);
      }
}

static void
show_all (ShtForumPage *self)
{
  gint64 count = 0;
  g_autoptr (JsonArray) list = sht_store_obstacles (get_reader (self), MAX_CARDS, &count, NULL);
  g_autoptr (GHashTable) wanted = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *more = NULL;
  GtkWidget *after = NULL;

  if (list == NULL)
    return;
  for (guint i = 0; i < json_array_get_length (list); i++)
    g_hash_table_add (wanted, (gpointer) sht_json_string (json_array_get_object_element (list, i), "id"));
  drop_cards (self, wanted);
  for (guint i = 0; i < json_array_get_length (list); i++)
    show_card (self, sht_json_string (json_array_get_object_element (list, i), "id"), &after);
  count -= json_array_get_length (list);
  if (count > 0)
    more = g_strdup_printf (ngettext ("and %d older one", "and %d older ones", (gulong) count), (int) count);
  gtk_label_set_text (GTK_LABEL (self->more), more != NULL ? more : "");
  gtk_widget_set_visible (self->more, more != NULL);
  gtk_stack_set_visible_child (GTK_STACK (self->stack), json_array_get_length (list) > 0 ? self->list : self->none);
}

static void
on_changed (ShtForumPage *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    show_all (self);
}

static gboolean
on_retell (gpointer data)
{
  ShtForumPage *self = data;

  show_all (self);
  return G_SOURCE_CONTINUE;
}

/* --- what was looked at --- */

static gboolean
note_seen (ShtStore *store, gpointer data, GError **error)
{
  GPtrArray *ids = data;

  for (guint i = 0; i < ids->len; i++)
    if (!sht_store_obstacle_seen (store, g_ptr_array_index (ids, i), error))
      return FALSE;
  return TRUE;
}

static void
on_noted (GObject *source, GAsyncResult *result, gpointer unused)
{
  g_autoptr (GError) error = NULL;

  if (!sht_session_do_finish (SHT_SESSION (source), result, &error))
    g_message ("obstacles: %s", error->message);
}

static gboolean
on_read (gpointer data)
{
  ShtForumPage *self = data;
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer id, shown;

  g_hash_table_iter_init (&iter, self->shown);
  while (g_hash_table_iter_next (&iter, &id, &shown))
    if (((Shown *) shown)->news && !((Shown *) shown)->noted)
      {
        g_ptr_array_add (ids, g_strdup (id));
        ((Shown *) shown)->noted = TRUE;
      }
  if (ids->len > 0)
    sht_session_do_async (self->session, note_seen, ids, (GDestroyNotify) g_ptr_array_unref, on_noted, NULL);
  else
    g_ptr_array_unref (ids);
  return G_SOURCE_CONTINUE;
}

static void
leave (ShtForumPage *self)
{
  GHashTableIter iter;
  gpointer shown;

  g_hash_table_iter_init (&iter, self->shown);
  while (g_hash_table_iter_next (&iter, NULL, &shown))
    if (((Shown *) shown)->noted)
      ((Shown *) shown)->news = ((Shown *) shown)->noted = FALSE;
}

/* --- answering --- */

static void
on_chosen (ShtForumPage *self, const char *how, const char *words, ShtChoiceDialog *dialog)
{
  const char *obstacle = g_object_get_data (G_OBJECT (dialog), "obstacle");
  ShtOperation *op;

  if (words == NULL)
    {
      sht_page_toast (GTK_WIDGET (self), _("An answer needs some words"));
      return;
    }
  op = sht_store_new_operation (get_reader (self), SHT_KIND_OBSTACLE_ANSWER, obstacle);
  json_object_set_string_member (op->fields, "text", words);
  if (g_strcmp0 (how, "settle") == 0)
    json_object_set_boolean_member (op->fields, "settles", TRUE);
  sht_page_act (GTK_WIDGET (self), self->session, op);
}

static void
ask_answer (ShtForumPage *self, const char *obstacle)
{
  ShtChoiceDialog *dialog = sht_choice_dialog_new (GTK_WIDGET (self), _("What is the answer?"), _("In a few words"));

  sht_choice_dialog_add (dialog, "answer", _("Answer"), _("It stays open"), "mail-reply-sender-symbolic");
  if (get_reader (self)->device.role >= SHT_ROLE_SUPERVISOR)
    sht_choice_dialog_add (dialog, "settle", _("Answer and settle it"), _("With this it is over"), "object-select-symbolic");
  g_object_set_data_full (G_OBJECT (dialog), "obstacle", g_strdup (obstacle), g_free);
  g_signal_connect_object (dialog, "chosen", G_CALLBACK (on_chosen), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ShtForumPage *self = SHT_FORUM_PAGE (widget);

  if (g_str_equal (action, "forum.answer"))
    ask_answer (self, g_variant_get_string (parameter, NULL));
  else
    sht_obstacle_form_open (self->stack, self->session, NULL);
}

/* --- the page --- */

static void
sht_forum_page_map (GtkWidget *widget)
{
  ShtForumPage *self = SHT_FORUM_PAGE (widget);

  show_all (self);
  if (self->read_timer == 0)
    self->read_timer = g_timeout_add_seconds (READ_S, on_read, self);
  if (self->retell_timer == 0)
    self->retell_timer = g_timeout_add_seconds (RETELL_S, on_retell, self);
  GTK_WIDGET_CLASS (sht_forum_page_parent_class)->map (widget);
}

static void
sht_forum_page_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&SHT_FORUM_PAGE (widget)->retell_timer, g_source_remove);
  g_clear_handle_id (&SHT_FORUM_PAGE (widget)->read_timer, g_source_remove);
  leave (SHT_FORUM_PAGE (widget));
  GTK_WIDGET_CLASS (sht_forum_page_parent_class)->unmap (widget);
}

static void
sht_forum_page_dispose (GObject *object)
{
  ShtForumPage *self = SHT_FORUM_PAGE (object);

  g_clear_handle_id (&self->retell_timer, g_source_remove);
  g_clear_handle_id (&self->read_timer, g_source_remove);
  g_clear_pointer (&self->shown, g_hash_table_unref);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sht_forum_page_parent_class)->dispose (object);
}

static void
sht_forum_page_class_init (ShtForumPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sht_forum_page_dispose;
  widget_class->map = sht_forum_page_map;
  widget_class->unmap = sht_forum_page_unmap;
  gtk_widget_class_install_action (widget_class, "forum.raise", NULL, on_action);
  gtk_widget_class_install_action (widget_class, "forum.answer", "s", on_action);
}

static GtkWidget *
new_list (ShtForumPage *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *clamp = sht_letters_clamp_new (SHT_CLAMP_FILLS, COLUMN_WIDTH);
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *raise = sht_big_button (sht_icon_or ("sht-raise-symbolic", "list-add-symbolic"), _("Something is in the way…"),
                                     "forum.raise");

  self->cards = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10);
  self->more = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->more, "dim-label");
  gtk_box_append (GTK_BOX (column), raise);
  gtk_box_append (GTK_BOX (column), self->cards);
  gtk_box_append (GTK_BOX (column), self->more);
  gtk_widget_set_margin_top (column, 12);
  gtk_widget_set_margin_bottom (column, 24);
  gtk_widget_set_margin_start (column, 14);
  gtk_widget_set_margin_end (column, 14);
  adw_clamp_set_child (ADW_CLAMP (clamp), column);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  return scrolled;
}

static GtkWidget *
new_none (void)
{
  GtkWidget *none = sht_letters_status_page_new ();
  GtkWidget *raise = sht_big_button (sht_icon_or ("sht-raise-symbolic", "list-add-symbolic"), _("Something is in the way…"),
                                     "forum.raise");

  gtk_widget_add_css_class (raise, "suggested-action");
  gtk_widget_set_halign (raise, GTK_ALIGN_CENTER);
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (none), sht_icon_or ("sht-forum-symbolic", "dialog-information-symbolic"));
  adw_status_page_set_title (ADW_STATUS_PAGE (none), _("Nothing is in the way"));
  adw_status_page_set_description (ADW_STATUS_PAGE (none),
                                   _("What hinders the work is raised here, also with no signal. The answer comes back here."));
  adw_status_page_set_child (ADW_STATUS_PAGE (none), raise);
  return none;
}

static void
sht_forum_page_init (ShtForumPage *self)
{
  self->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, shown_free);
  self->stack = gtk_stack_new ();
  self->list = new_list (self);
  self->none = new_none ();
  gtk_stack_add_child (GTK_STACK (self->stack), self->list);
  gtk_stack_add_child (GTK_STACK (self->stack), self->none);
  adw_bin_set_child (ADW_BIN (self), sht_cover_new (self->stack));
}

/**
 * sht_forum_page_new:
 * @session: whose obstacles
 */
GtkWidget *
sht_forum_page_new (ShtSession *session)
{
  ShtForumPage *self = g_object_new (SHT_TYPE_FORUM_PAGE, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
