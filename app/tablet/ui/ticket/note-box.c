/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/note-box.h"

#include "tablet/ui/common/letters.h"

#include <glib/gi18n.h>

#define HEIGHT 76
#define TOUCH 48

struct _ShtNoteBox
{
  GtkBox parent_instance;

  ShtSession *session; /* (owned) */
  GtkWidget *view;
  GtkWidget *hint;
  GtkWidget *button;
  GHashTable *drafts; /* (owned): ticket → text, of those that the store does not have yet */
  char *ticket;       /* (owned) (nullable) */
  guint drafting;     /* how many drafts are on their way to the store */
  gboolean sending;   /* a note that is neither safe nor refused yet */
};

G_DEFINE_FINAL_TYPE (ShtNoteBox, sht_note_box, GTK_TYPE_BOX)

enum
{
  SEND,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/**
 * sht_note_box_get_text:
 *
 * Returns: (transfer full): what is written, without the spaces around it
 */
char *
sht_note_box_get_text (ShtNoteBox *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return g_strstrip (gtk_text_buffer_get_text (buffer, &start, &end, FALSE));
}

typedef struct
{
  ShtNoteBox *box; /* (owned) */
  char *ticket;    /* (owned) */
  char *text;      /* (owned): what is written on it so far */
  gboolean is_kept;
} Draft;

static gboolean
do_draft (ShtStore *store, gpointer data, GError **error)
{
  Draft *draft = data;

  draft->is_kept = sht_store_draft_note (store, draft->ticket, draft->text, error);
  return draft->is_kept;
}

static void
forget_if (ShtNoteBox *self, const char *ticket, const char *text)
{
  if (g_strcmp0 (g_hash_table_lookup (self->drafts, ticket), text) == 0)
    g_hash_table_remove (self->drafts, ticket);
}

/* From now on the store is asked: a ticket that leaves takes its words along, and may come back. */
static void
draft_done (gpointer data)
{
  Draft *draft = data;

  draft->box->drafting--;
  if (draft->is_kept)
    forget_if (draft->box, draft->ticket, draft->text);
  g_object_unref (draft->box);
  g_free (draft->ticket);
  g_free (draft->text);
  g_free (draft);
}

static void
show_button (ShtNoteBox *self)
{
  g_autofree char *text = sht_note_box_get_text (self);

  gtk_widget_set_sensitive (self->button, text[0] != '\0' && !self->sending);
}

static void
on_changed (ShtNoteBox *self)
{
  g_autofree char *text = sht_note_box_get_text (self);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
  Draft *draft;

  gtk_widget_set_visible (self->hint, gtk_text_buffer_get_char_count (buffer) == 0);
  show_button (self);
  if (self->ticket == NULL)
    return;
  draft = g_new0 (Draft, 1);
  draft->box = g_object_ref (self);
  draft->ticket = g_strdup (self->ticket);
  draft->text = g_strdup (text);
  g_hash_table_insert (self->drafts, g_strdup (self->ticket), g_steal_pointer (&text));
  self->drafting++;
  sht_session_do_quietly (self->session, do_draft, draft, draft_done);
}

static gboolean
do_nothing (ShtStore *store, gpointer data, GError **error)
{
  return TRUE;
}

static void
send_done (gpointer data)
{
  g_autoptr (ShtNoteBox) self = data;

  self->sending = FALSE;
  if (self->session != NULL)
    show_button (self);
}

static void
on_send (ShtNoteBox *self)
{
  g_autofree char *text = sht_note_box_get_text (self);

  if (text[0] == '\0' || self->sending)
    return;
  self->sending = TRUE;
  show_button (self);
  g_signal_emit (self, signals[SEND], 0, text);
  /* The store does one after the other: once it comes to this the note is there, or whoever sent it was told. */
  sht_session_do_quietly (self->session, do_nothing, g_object_ref (self), send_done);
}

static gboolean
on_send_key (GtkWidget *widget, GVariant *args, gpointer data)
{
  on_send (SHT_NOTE_BOX (widget));
  return TRUE;
}

static void
sht_note_box_dispose (GObject *object)
{
  g_clear_object (&SHT_NOTE_BOX (object)->session);
  G_OBJECT_CLASS (sht_note_box_parent_class)->dispose (object);
}

static void
sht_note_box_finalize (GObject *object)
{
  ShtNoteBox *self = SHT_NOTE_BOX (object);

  g_hash_table_unref (self->drafts);
  g_free (self->ticket);
  G_OBJECT_CLASS (sht_note_box_parent_class)->finalize (object);
}

static void
sht_note_box_class_init (ShtNoteBoxClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sht_note_box_dispose;
  G_OBJECT_CLASS (class)->finalize = sht_note_box_finalize;
  signals[SEND] = g_signal_new ("send", SHT_TYPE_NOTE_BOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                G_TYPE_STRING);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK, on_send_key, NULL);
}

static void
sht_note_box_init (ShtNoteBox *self)
{
  GtkWidget *frame = gtk_overlay_new ();

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 9);
  self->drafts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->view = sht_letters_text_view_new (_("Note"));
  gtk_widget_set_size_request (self->view, -1, HEIGHT);
  self->hint = gtk_label_new (_("Write a note…"));
  gtk_widget_set_halign (self->hint, GTK_ALIGN_START);
  gtk_widget_set_valign (self->hint, GTK_ALIGN_START);
  gtk_widget_set_margin_start (self->hint, 12);
  gtk_widget_set_margin_top (self->hint, 12);
  gtk_widget_set_can_target (self->hint, FALSE);
  gtk_widget_add_css_class (self->hint, "dim-label");
  gtk_overlay_set_child (GTK_OVERLAY (frame), self->view);
  gtk_overlay_add_overlay (GTK_OVERLAY (frame), self->hint);
  gtk_widget_add_css_class (frame, "card");
  gtk_widget_set_overflow (frame, GTK_OVERFLOW_HIDDEN);
  self->button = gtk_button_new_with_label (_("Add note"));
  gtk_widget_set_size_request (self->button, 120, TOUCH);
  gtk_widget_set_halign (self->button, GTK_ALIGN_END);
  gtk_widget_set_sensitive (self->button, FALSE);
  gtk_widget_add_css_class (self->button, "touch");
  gtk_box_append (GTK_BOX (self), frame);
  gtk_box_append (GTK_BOX (self), self->button);
  g_signal_connect_object (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view)), "changed", G_CALLBACK (on_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->button, "clicked", G_CALLBACK (on_send), self, G_CONNECT_SWAPPED);
}

GtkWidget *
sht_note_box_new (ShtSession *session)
{
  ShtNoteBox *self = g_object_new (SHT_TYPE_NOTE_BOX, NULL);

  self->session = g_object_ref (session);
  return GTK_WIDGET (self);
}

/**
 * sht_note_box_write:
 * @text: what shall stand there
 */
void
sht_note_box_write (ShtNoteBox *self, const char *text)
{
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view)), text, -1);
}

/**
 * sht_note_box_set_ticket:
 * @ticket: (nullable): whose note is written from now on
 *
 * For the same ticket as before too it shows what the store has by now, unless that does not have yet what is written.
 */
void
sht_note_box_set_ticket (ShtNoteBox *self, const char *ticket)
{
  gboolean is_same = g_strcmp0 (self->ticket, ticket) == 0;
  g_autofree char *now = sht_note_box_get_text (self);
  g_autofree char *draft = NULL;

  if (is_same && (ticket == NULL || self->drafting > 0 || g_hash_table_contains (self->drafts, ticket)))
    return;
  draft = ticket != NULL ? g_strdup (g_hash_table_lookup (self->drafts, ticket)) : NULL;
  if (draft == NULL && ticket != NULL)
    draft = sht_store_read_note (sht_session_get_reader (self->session), ticket);
  /* What is being written keeps its cursor, and the space at its end. */
  if (is_same && g_str_equal (draft != NULL ? draft : "", now))
    return;
  g_clear_pointer (&self->ticket, g_free);
  sht_note_box_write (self, draft != NULL ? draft : "");
  self->ticket = g_strdup (ticket);
}

/**
 * sht_note_box_sent:
 * @ticket: whose note it was
 * @text: what is safe now; it goes away unless more has been written since
 */
void
sht_note_box_sent (ShtNoteBox *self, const char *ticket, const char *text)
{
  g_autofree char *now = sht_note_box_get_text (self);

  if (g_strcmp0 (self->ticket, ticket) == 0 && g_str_equal (now, text))
    sht_note_box_write (self, "");
  else
    forget_if (self, ticket, text);
}

void
sht_note_box_grab (ShtNoteBox *self)
{
  gtk_widget_grab_focus (self->view);
}
