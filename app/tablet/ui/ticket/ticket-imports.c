/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/ticket-page.h"

#include "tablet/ui/common/camera.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/ticket/photo-grid.h"
#include "tablet/ui/ticket/photo-viewer.h"

#include <glib/gi18n.h>

/* Pictures that are being taken in, counted on the page by ticket and role: one may look at another ticket
 * meanwhile. */
#define IMPORTS "sht-imports"

typedef struct
{
  ShtTicketPage *page; /* (owned) */
  char *key;           /* (owned) */
  char *path;          /* (owned) */
} Import;

static char *
import_key (const char *ticket, const char *role)
{
  return g_strdup_printf ("%s %s", ticket, role);
}

static GHashTable *
imports_of (ShtTicketPage *page)
{
  GHashTable *imports = g_object_get_data (G_OBJECT (page), IMPORTS);

  if (imports == NULL)
    {
      imports = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_object_set_data_full (G_OBJECT (page), IMPORTS, imports, (GDestroyNotify) g_hash_table_unref);
    }
  return imports;
}

/**
 * sht_ticket_imports_running:
 * @ticket: (nullable): a ticket's UUID
 * @role: before, after or other
 *
 * Returns: how many pictures are being taken in for it
 */
guint
sht_ticket_imports_running (ShtTicketPage *page, const char *ticket, const char *role)
{
  g_autofree char *key = import_key (ticket, role);

  return GPOINTER_TO_UINT (g_hash_table_lookup (imports_of (page), key));
}

static void
count_import (ShtTicketPage *self, const char *key, int by)
{
  guint now = (guint) ((int) GPOINTER_TO_UINT (g_hash_table_lookup (imports_of (self), key)) + by);

  if (now > 0)
    g_hash_table_insert (imports_of (self), g_strdup (key), GUINT_TO_POINTER (now));
  else
    g_hash_table_remove (imports_of (self), key);
  sht_ticket_page_show_imports (self);
}

static char *
name_of (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);

  return sht_words_isolated (name);
}

static void
say_taken (ShtTicketPage *self, const char *path, char **warnings, gboolean already)
{
  g_autofree char *isolated = name_of (path);
  gboolean damaged = FALSE;
  g_autofree char *said = NULL;

  for (guint i = 0; warnings != NULL && warnings[i] != NULL; i++)
    damaged = damaged || sht_words_is_damage (warnings[i]);
  if (already)
    said = g_strdup_printf (_("%s is on this ticket already"), isolated);
  else if (damaged)
    said = g_strdup_printf (_("%s was kept, but part of it is damaged"), isolated);
  if (said != NULL)
    sht_ticket_page_say (self, said);
}

static void
on_attached (GObject *session, GAsyncResult *result, gpointer data)
{
  Import *import = data;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) warnings = NULL;
  gboolean already = FALSE;

  /* What has come is seen when the session tells of it. */
  count_import (import->page, import->key, -1);
  if (sht_session_attach_finish (SHT_SESSION (session), result, &warnings, &already, &error))
    say_taken (import->page, import->path, warnings, already);
  else
    {
      g_autofree char *isolated = name_of (import->path);
      /* Translators: a file's name, and the rest of the sentence about it */
      g_autofree char *said = g_strdup_printf (C_("photo", "%s %s"), isolated, sht_words_image_error (error));

      sht_ticket_page_say (import->page, said);
      g_message ("ticket page: %s", error->message);
    }
  sht_camera_forget_shot (import->path);
  g_object_unref (import->page);
  g_free (import->key);
  g_free (import->path);
  g_free (import);
}

/**
 * sht_ticket_page_attach_to:
 * @ticket: a ticket's UUID, of the one that is shown or another
 * @path: a picture's file
 * @role: before, after or other
 *
 * Takes a picture in.
 */
void
sht_ticket_page_attach_to (ShtTicketPage *self, const char *ticket, const char *path, const char *role)
{
  Import *import = g_new0 (Import, 1);

  import->page = g_object_ref (self);
  import->key = import_key (ticket, role);
  import->path = g_strdup (path);
  count_import (self, import->key, 1);
  sht_session_attach_async (sht_ticket_page_get_session (self), ticket, path, role, NULL, on_attached, import);
}

/**
 * sht_ticket_page_attach:
 * @path: a picture's file
 * @role: before, after or other
 *
 * Takes a picture in for the ticket that is shown.
 */
void
sht_ticket_page_attach (ShtTicketPage *self, const char *path, const char *role)
{
  if (sht_ticket_page_get_ticket (self) != NULL)
    sht_ticket_page_attach_to (self, sht_ticket_page_get_ticket (self), path, role);
}
/* --- showing --- */

static void
on_add_photo (GtkWidget *widget, const char *action, GVariant *parameter)
{
  sht_ticket_ask_photos (SHT_TICKET_PAGE (widget), g_variant_get_string (parameter, NULL));
}

static void
on_view_photo (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ShtTicketPage *self = SHT_TICKET_PAGE (widget);

  if (sht_ticket_page_get_doc (self) != NULL)
    gtk_window_present (GTK_WINDOW (sht_photo_viewer_new (widget, sht_ticket_page_get_session (self),
                                                          sht_ticket_page_get_ticket (self),
                                                          g_variant_get_string (parameter, NULL))));
}

static void
on_all_photos (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ShtTicketPage *self = SHT_TICKET_PAGE (widget);

  if (sht_ticket_page_get_doc (self) != NULL)
    sht_photo_grid_open (sht_ticket_page_get_main_button (self), sht_ticket_page_get_session (self),
                         sht_ticket_page_get_ticket (self), g_variant_get_string (parameter, NULL));
}

/**
 * sht_ticket_install_photos:
 *
 * Installs what a ticket's page does about photos: `ticket.add-photo` and `ticket.all-photos` with a role,
 * `ticket.view-photo` with the id of one that is there.
 */
void
sht_ticket_install_photos (GtkWidgetClass *class)
{
  gtk_widget_class_install_action (class, "ticket.add-photo", "s", on_add_photo);
  gtk_widget_class_install_action (class, "ticket.all-photos", "s", on_all_photos);
  gtk_widget_class_install_action (class, "ticket.view-photo", "s", on_view_photo);
}
