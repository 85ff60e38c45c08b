/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/ticket-page.h"

#include "tablet/ui/common/camera.h"

#include <glib/gi18n.h>

/* Whoever has begun the work shows what came of it; before that, what was found. */
static const char *
role_now (ShtTicketPage *page)
{
  switch (sht_ticket_page_get_status (page))
    {
    case SHT_STATUS_IN_PROGRESS:
    case SHT_STATUS_DONE:
    case SHT_STATUS_CLOSED:
      return "after";
    default:
      return "before";
    }
}

/* What is pasted is for the ticket that was shown then: a clipboard may take its time. */
typedef struct
{
  ShtTicketPage *page; /* (owned) */
  char *ticket;        /* (owned) */
  const char *role;
} Paste;

static void
paste_free (Paste *paste)
{
  g_object_unref (paste->page);
  g_free (paste->ticket);
  g_free (paste);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Paste, paste_free)

static gboolean
take_files (ShtTicketPage *page, const char *ticket, const char *role, const GValue *value)
{
  GSList *files = G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST) ? g_value_get_boxed (value) : NULL;
  gboolean took = FALSE;

  for (GSList *link = files; link != NULL; link = link->next)
    if (g_file_peek_path (link->data) != NULL)
      {
        sht_ticket_page_attach_to (page, ticket, g_file_peek_path (link->data), role);
        took = TRUE;
      }
  return took;
}

static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, ShtTicketPage *page)
{
  return sht_ticket_page_get_doc (page) != NULL
         && take_files (page, sht_ticket_page_get_ticket (page), role_now (page), value);
}

static void
on_picture_read (GObject *clipboard, GAsyncResult *result, gpointer data)
{
  g_autoptr (Paste) paste = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = gdk_clipboard_read_texture_finish (GDK_CLIPBOARD (clipboard), result, &error);
  g_autoptr (GBytes) png = texture != NULL ? gdk_texture_save_to_png_bytes (texture) : NULL;
  g_autofree char *path = png != NULL ? sht_camera_keep_shot (png, &error) : NULL;

  if (path != NULL)
    sht_ticket_page_attach_to (paste->page, paste->ticket, path, paste->role);
  else
    sht_ticket_page_say (paste->page, _("There is no picture to paste"));
}

static void
on_files_read (GObject *clipboard, GAsyncResult *result, gpointer data)
{
  g_autoptr (Paste) paste = data;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (clipboard), result, NULL);

  if (value == NULL || !take_files (paste->page, paste->ticket, paste->role, value))
    gdk_clipboard_read_texture_async (GDK_CLIPBOARD (clipboard), NULL, on_picture_read, g_steal_pointer (&paste));
}

/**
 * sht_ticket_page_paste:
 *
 * Takes in what is in the clipboard: files, or a picture itself.
 *
 * Returns: whether there is a ticket that it could be for
 */
gboolean
sht_ticket_page_paste (ShtTicketPage *page)
{
  Paste *paste;

  if (sht_ticket_page_get_doc (page) == NULL)
    return FALSE;
  paste = g_new0 (Paste, 1);
  paste->page = g_object_ref (page);
  paste->ticket = g_strdup (sht_ticket_page_get_ticket (page));
  paste->role = role_now (page);
  gdk_clipboard_read_value_async (gtk_widget_get_clipboard (GTK_WIDGET (page)), GDK_TYPE_FILE_LIST, G_PRIORITY_DEFAULT,
                                  NULL, on_files_read, paste);
  return TRUE;
}

/* A text field that has the focus takes what is pasted for itself. */
static gboolean
on_paste (GtkWidget *widget, GVariant *unused, gpointer data)
{
  return sht_ticket_page_paste (SHT_TICKET_PAGE (widget));
}

/**
 * sht_ticket_page_accept_pictures:
 *
 * From now on pictures may be dropped on the page from a file manager, or pasted: files, or a picture itself.
 */
void
sht_ticket_page_accept_pictures (ShtTicketPage *page)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  GtkEventController *keys = gtk_shortcut_controller_new ();

  g_signal_connect_object (target, "drop", G_CALLBACK (on_drop), page, 0);
  gtk_widget_add_controller (GTK_WIDGET (page), GTK_EVENT_CONTROLLER (target));
  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (keys), GTK_SHORTCUT_SCOPE_GLOBAL);
  gtk_shortcut_controller_add_shortcut (
    GTK_SHORTCUT_CONTROLLER (keys),
    gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_v, GDK_CONTROL_MASK), gtk_callback_action_new (on_paste, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (page), keys);
}
