/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/shell/here-page.h"

#include "core/json.h"
#include "tablet/ui/common/big-button.h"
#include "tablet/ui/common/cover.h"
#include "tablet/ui/common/letters.h"
#include "tablet/ui/common/words.h"

#include <glib/gi18n.h>

#define ROW_HEIGHT 64
#define PAGE_WIDTH 520
#define PERSON "sht-person"

/**
 * ShtHerePage:
 *
 * Who of the crew is there on this shift: a row for each, and nothing to type. It stands in front of the window's content until it
 * is answered or put off.
 */
#define SHT_TYPE_HERE_PAGE (sht_here_page_get_type ())
G_DECLARE_FINAL_TYPE (ShtHerePage, sht_here_page, SHT, HERE_PAGE, AdwBin)

struct _ShtHerePage
{
  AdwBin parent_instance;

  ShtSession *session; /* (owned) */
  GPtrArray *rows;     /* (owned): their check buttons */
  GtkWidget *column;
  GtkWidget *done;
};

G_DEFINE_FINAL_TYPE (ShtHerePage, sht_here_page, ADW_TYPE_BIN)

static void fill (ShtHerePage *self, const char *const *chosen);

static GStrv
chosen_of (ShtHerePage *self)
{
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();

  for (guint i = 0; i < self->rows->len; i++)
    if (gtk_check_button_get_active (g_ptr_array_index (self->rows, i)))
      g_strv_builder_add (ids, g_object_get_data (g_ptr_array_index (self->rows, i), PERSON));
  return g_strv_builder_end (ids);
}

static gboolean
set_here (ShtStore *store, gpointer people, GError **error)
{
  return sht_store_set_here (store, people, error);
}

static void
on_set (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ShtHerePage) self = data;
  g_autoptr (GError) error = NULL;

  if (!sht_session_do_finish (SHT_SESSION (source), result, &error))
    g_message ("who is here: %s", error->message);
  /* Somebody is not of the crew any more: the question stands, without them. */
  if (g_error_matches (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_FOUND))
    {
      g_auto (GStrv) chosen = chosen_of (self);

      fill (self, (const char *const *) chosen);
      if (self->rows->len > 0)
        return;
    }
  sht_cover_hide (GTK_WIDGET (self));
}

static void
answer (ShtHerePage *self, gboolean with_people)
{
  sht_session_do_async (self->session, set_here, with_people ? chosen_of (self) : NULL, (GDestroyNotify) g_strfreev, on_set,
                        g_object_ref (self));
}

static void
on_done (ShtHerePage *self)
{
  answer (self, TRUE);
}

static void
on_skip (ShtHerePage *self)
{
  answer (self, FALSE);
}

static void
show_done (ShtHerePage *self)
{
  guint n = 0;

  for (guint i = 0; i < self->rows->len; i++)
    n += gtk_check_button_get_active (g_ptr_array_index (self->rows, i));
  gtk_widget_set_sensitive (self->done, n > 0 && n <= SHT_OPERATION_MAX_PEOPLE);
}

static void
add_row (ShtHerePage *self, JsonObject *person, gboolean is_here)
{
  g_autofree char *name = sht_words_translated (person, "name", "names");
  GtkWidget *row = gtk_check_button_new (), *label = gtk_label_new (name);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_check_button_set_child (GTK_CHECK_BUTTON (row), label);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (row), is_here);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_size_request (row, -1, ROW_HEIGHT);
  gtk_widget_add_css_class (row, "card");
  gtk_widget_add_css_class (row, "here-row");
  g_object_set_data_full (G_OBJECT (row), PERSON, g_strdup (sht_json_string (person, "id")), g_free);
  g_signal_connect_object (row, "toggled", G_CALLBACK (show_done), self, G_CONNECT_SWAPPED);
  g_ptr_array_add (self->rows, row);
  gtk_box_append (GTK_BOX (self->column), row);
}

static int
by_name (gconstpointer a, gconstpointer b)
{
  g_autofree char *left = sht_words_translated (*(JsonObject *const *) a, "name", "names");
  g_autofree char *right = sht_words_translated (*(JsonObject *const *) b, "name", "names");

  return g_utf8_collate (left != NULL ? left : "", right != NULL ? right : "");
}

static void
sht_here_page_dispose (GObject *object)
{
  g_clear_object (&SHT_HERE_PAGE (object)->session);
  G_OBJECT_CLASS (sht_here_page_parent_class)->dispose (object);
}

static void
sht_here_page_finalize (GObject *object)
{
  g_ptr_array_unref (SHT_HERE_PAGE (object)->rows);
  G_OBJECT_CLASS (sht_here_page_parent_class)->finalize (object);
}

static void
sht_here_page_class_init (ShtHerePageClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_here_page_dispose;
  G_OBJECT_CLASS (class)->finalize = sht_here_page_finalize;
}

static GtkWidget *
new_label (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, style);
  return label;
}

static void
sht_here_page_init (ShtHerePage *self)
{
  GtkWidget *outer = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 14);
  GtkWidget *clamp = sht_letters_clamp_new (SHT_CLAMP_FILLS, PAGE_WIDTH), *scrolled = gtk_scrolled_window_new ();
  GtkWidget *skip = sht_big_button (NULL, _("Rather not say"), NULL);

  self->rows = g_ptr_array_new ();
  self->column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10);
  self->done = sht_big_button ("object-select-symbolic", _("They are here"), NULL);
  gtk_widget_add_css_class (self->done, "suggested-action");
  g_signal_connect_object (self->done, "clicked", G_CALLBACK (on_done), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (skip, "clicked", G_CALLBACK (on_skip), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), new_label (_("Who is on the crew today?"), "title-1"));
  gtk_box_append (GTK_BOX (box),
                  new_label (_("Their names stand beside each step, as proof of the work. It can be changed from the menu at any time."),
                             "body"));
  gtk_box_append (GTK_BOX (box), self->column);
  gtk_box_append (GTK_BOX (box), self->done);
  gtk_box_append (GTK_BOX (box), skip);
  gtk_widget_add_css_class (box, "here-page");
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (outer), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (outer), scrolled);
  adw_bin_set_child (ADW_BIN (self), outer);
}

/* The crew as it is now. */
static void
fill (ShtHerePage *self, const char *const *chosen)
{
  g_autoptr (GPtrArray) people = sht_store_crew_people (sht_session_get_reader (self->session), NULL);
  GtkWidget *row;

  g_ptr_array_set_size (self->rows, 0);
  while ((row = gtk_widget_get_first_child (self->column)) != NULL)
    gtk_box_remove (GTK_BOX (self->column), row);
  if (people != NULL)
    g_ptr_array_sort (people, by_name);
  for (guint i = 0; people != NULL && i < people->len; i++)
    {
      JsonObject *person = g_ptr_array_index (people, i);

      add_row (self, person, chosen != NULL && g_strv_contains (chosen, sht_json_string (person, "id")));
    }
  show_done (self);
}

static GtkWidget *
new_page (ShtSession *session)
{
  ShtHerePage *self = g_object_new (SHT_TYPE_HERE_PAGE, NULL);
  g_auto (GStrv) before = sht_store_here_before (sht_session_get_reader (session));

  self->session = g_object_ref (session);
  fill (self, (const char *const *) before);
  return GTK_WIDGET (self);
}

/* --- when it is asked --- */

#define CONTENT "sht-here-content"
#define LOCK "sht-lock"

static void
show_page (GtkWidget *cover)
{
  ShtSession *session = sht_lock_get_session (g_object_get_data (G_OBJECT (cover), LOCK));
  g_autoptr (GPtrArray) people = sht_store_crew_people (sht_session_get_reader (session), NULL);

  if (people != NULL && people->len > 0 && sht_cover_get_front (SHT_COVER (cover)) == NULL)
    sht_cover_show (g_object_get_data (G_OBJECT (cover), CONTENT), new_page (session));
}

/* At the start of a shift: when a window comes, when a new tablet has heard who its people are, and when it is opened again
 * after it was locked. Not in the middle of something. */
static void
ask_if_due (GtkWidget *cover)
{
  ShtLock *lock = g_object_get_data (G_OBJECT (cover), LOCK);
  ShtSession *session = sht_lock_get_session (lock);
  ShtStore *reader = sht_session_get_reader (session);
  g_autoptr (GPtrArray) people = NULL;

  if (sht_lock_is_locked (lock) || !sht_session_is_enrolled (session))
    return;
  people = sht_store_crew_people (reader, NULL);
  if (people == NULL || people->len == 0)
    return;
  g_signal_handlers_disconnect_by_func (session, ask_if_due, cover);
  if (sht_store_here_is_asked (reader))
    show_page (cover);
}

/**
 * sht_here_cover_new:
 * @content: (transfer floating): what a window shows
 *
 * Returns: (transfer floating): the same, with the question in front of it when it is time
 */
GtkWidget *
sht_here_cover_new (ShtLock *lock, GtkWidget *content)
{
  GtkWidget *cover = sht_cover_new (content);

  g_object_set_data (G_OBJECT (cover), CONTENT, content);
  g_object_set_data_full (G_OBJECT (cover), LOCK, g_object_ref (lock), g_object_unref);
  g_signal_connect_object (cover, "map", G_CALLBACK (ask_if_due), cover, G_CONNECT_SWAPPED);
  g_signal_connect_object (sht_lock_get_session (lock), "changed", G_CALLBACK (ask_if_due), cover, G_CONNECT_SWAPPED);
  return cover;
}

static GtkWidget *
find_cover (GtkWidget *widget)
{
  if (g_object_get_data (G_OBJECT (widget), CONTENT) != NULL)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_cover (child);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/**
 * sht_here_ask:
 * @window: one whose content has such a cover
 *
 * Asks who is there, because somebody wants to say.
 */
void
sht_here_ask (GtkWindow *window)
{
  GtkWidget *cover = find_cover (GTK_WIDGET (window));

  if (cover != NULL)
    show_page (cover);
}
