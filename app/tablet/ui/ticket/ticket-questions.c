/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/ticket-page.h"

#include "core/geo.h"
#include "core/json.h"
#include "tablet/ui/common/choice-dialog.h"
#include "tablet/ui/common/names.h"
#include "tablet/ui/common/obstacle-form.h"
#include "tablet/ui/common/camera-page.h"
#include "tablet/ui/common/camera.h"
#include "tablet/ui/common/photo-chooser.h"
#include "tablet/ui/common/words.h"

#include <glib/gi18n.h>

/* How many tickets nearby are offered as the one that this repeats. */
#define ORIGINALS 12
/* The dialog is no wider than what is in it. */
#define ENTRY_CHARS 28

/* A question belongs to the ticket that it was asked about, whatever the page shows when it is answered. */
static void
ask (ShtTicketPage *page, ShtChoiceDialog *dialog, GCallback on_chosen)
{
  g_object_set_data_full (G_OBJECT (dialog), "ticket", g_strdup (sht_ticket_page_get_ticket (page)), g_free);
  g_signal_connect_object (dialog, "chosen", on_chosen, page, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static gboolean
is_still_shown (ShtTicketPage *page, gpointer dialog)
{
  return g_strcmp0 (g_object_get_data (G_OBJECT (dialog), "ticket"), sht_ticket_page_get_ticket (page)) == 0;
}

static void
on_waiting_chosen (ShtChoiceDialog *dialog, const char *id, const char *words, ShtTicketPage *page)
{
  if (is_still_shown (page, dialog))
    sht_ticket_page_step (page, SHT_STATUS_WAITING, words, id, NULL);
}

void
sht_ticket_ask_waiting (ShtTicketPage *page)
{
  const struct
  {
    const char *code;
    const char *words;
    const char *icon;
  } choices[] = {
    { "resident", _("The resident"), "avatar-default-symbolic" },
    { "parts", _("Parts or equipment"), "applications-engineering-symbolic" },
    { "department", _("Another department"), "system-users-symbolic" },
    { "body", _("Another body"), "network-workgroup-symbolic" },
    { "weather", _("The weather"), "weather-showers-symbolic" },
  };
  ShtChoiceDialog *dialog = sht_choice_dialog_new (GTK_WIDGET (page), _("Waiting for what?"),
                                                   _("In a few words (optional)"));

  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    sht_choice_dialog_add (dialog, choices[i].code, choices[i].words, NULL, choices[i].icon);
  ask (page, dialog, G_CALLBACK (on_waiting_chosen));
}

static ShtStore *
get_reader (ShtTicketPage *page)
{
  return sht_session_get_reader (sht_ticket_page_get_session (page));
}

static void
on_department_chosen (ShtChoiceDialog *dialog, const char *id, const char *words, ShtTicketPage *page)
{
  ShtOperation *op = sht_store_new_operation (get_reader (page), SHT_KIND_TICKET_HAND_OVER,
                                              g_object_get_data (G_OBJECT (dialog), "ticket"));
  const char *name = sht_names_get (get_reader (page), "department", id);
  g_autofree char *said = g_strdup_printf (_("Handed over to %s"), name);

  json_object_set_string_member (op->fields, "department", id);
  sht_json_set_string (op->fields, "text", words);
  sht_ticket_page_act (page, op, said, FALSE);
}

void
sht_ticket_ask_department (ShtTicketPage *page)
{
  ShtChoiceDialog *dialog = sht_choice_dialog_new (GTK_WIDGET (page), _("Hand over to which department?"),
                                                   _("What they should know (optional)"));

  sht_choice_dialog_add_entities (dialog, get_reader (page), "department",
                                  sht_json_string (sht_ticket_page_get_doc (page), "department"), NULL);
  ask (page, dialog, G_CALLBACK (on_department_chosen));
}

static void
on_crew_chosen (ShtChoiceDialog *dialog, const char *id, const char *words, ShtTicketPage *page)
{
  ShtOperation *op = sht_store_new_operation (get_reader (page), SHT_KIND_TICKET_ASSIGN,
                                              g_object_get_data (G_OBJECT (dialog), "ticket"));
  const char *name = sht_names_get (get_reader (page), "crew", id);
  g_autofree char *said = g_strdup_printf (_("Assigned to %s"), name);

  sht_json_set_string (op->fields, "crew", id);
  sht_ticket_page_act (page, op, said, TRUE);
}

void
sht_ticket_ask_crew (ShtTicketPage *page)
{
  ShtChoiceDialog *dialog = sht_choice_dialog_new (GTK_WIDGET (page), _("Assign to which crew?"), NULL);
  JsonObject *ticket = sht_ticket_page_get_doc (page);
  const char *crew = sht_json_string (ticket, "crew");
  ShtStore *reader = get_reader (page);

  /* Of a ticket's own department; the others are a hand-over, not an assignment. */
  sht_choice_dialog_add_crews (dialog, reader, crew,
                               reader->device.department != NULL ? sht_json_string (ticket, "department") : NULL);
  ask (page, dialog, G_CALLBACK (on_crew_chosen));
}

typedef struct
{
  ShtTicketPage *page;
  ShtChoiceDialog *dialog;
  JsonObject *ticket;
} Originals;

static gboolean
add_original (gpointer data, const char *doc)
{
  Originals *originals = data;
  g_autoptr (JsonObject) other = sht_json_parse_object (doc, -1, NULL);
  g_autofree char *number = sht_words_isolated (sht_json_string (other, "number"));
  g_autofree char *address = sht_words_isolated (sht_json_string (other, "address"));
  g_autofree char *subtitle = g_strdup_printf ("%s · %s", number, address);
  ShtStatus status;

  if (g_strcmp0 (sht_json_string (other, "id"), sht_json_string (originals->ticket, "id")) != 0
      && sht_status_parse (sht_json_string (other, "status"), &status) && sht_status_is_open (status))
    sht_choice_dialog_add (originals->dialog, sht_json_string (other, "id"),
                           sht_json_string (other, "title") != NULL ? sht_json_string (other, "title") : number,
                           subtitle, NULL);
  return TRUE;
}

static void
on_original_chosen (ShtChoiceDialog *dialog, const char *id, const char *words, ShtTicketPage *page)
{
  ShtOperation *op = sht_store_new_operation (get_reader (page), SHT_KIND_TICKET_STATUS,
                                              g_object_get_data (G_OBJECT (dialog), "ticket"));

  json_object_set_string_member (op->fields, "seen", sht_status_name (sht_ticket_page_get_status (page)));
  json_object_set_string_member (op->fields, "want", sht_status_name (SHT_STATUS_DUPLICATE));
  json_object_set_string_member (op->fields, "duplicate_of", id);
  sht_json_set_string (op->fields, "reason", words);
  sht_ticket_page_act (page, op, _("Marked as a duplicate"), FALSE);
}

void
sht_ticket_ask_original (ShtTicketPage *page)
{
  JsonObject *ticket = sht_ticket_page_get_doc (page);
  ShtChoiceDialog *dialog = sht_choice_dialog_new (GTK_WIDGET (page), _("Which ticket does this repeat?"), NULL);
  Originals originals = { page, dialog, ticket };
  ShtListQuery query = { .near = sht_json_has (ticket, "lat_e7"),
                         .lat_e7 = sht_json_int (ticket, "lat_e7", 0),
                         .lon_e7 = sht_json_int (ticket, "lon_e7", 0),
                         .limit = ORIGINALS };

  sht_store_list (get_reader (page), &query, add_original, &originals, NULL);
  ask (page, dialog, G_CALLBACK (on_original_chosen));
}

static void
on_reason_given (GtkWidget *dialog, const char *response, ShtTicketPage *page)
{
  ShtStatus status = (ShtStatus) GPOINTER_TO_INT (g_object_get_data (G_OBJECT (dialog), "status"));
  GtkWidget *entry = adw_message_dialog_get_extra_child (ADW_MESSAGE_DIALOG (dialog));
  const char *text = gtk_editable_get_text (GTK_EDITABLE (entry));

  if (g_str_equal (response, "do") && is_still_shown (page, dialog))
    sht_ticket_page_step (page, status, text[0] != '\0' ? text : NULL, NULL, NULL);
}

/**
 * sht_ticket_ask_reason:
 * @status: an end that this role cannot take back, which is why it is asked about first
 */
void
sht_ticket_ask_reason (ShtTicketPage *page, ShtStatus status)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (page));
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (root), sht_words_status (status),
                                              sht_ticket_page_get_role (page) >= SHT_ROLE_SUPERVISOR
                                                ? _("The ticket leaves the list of open work. It can be opened again.")
                                                : _("The ticket leaves your list. Only a supervisor can bring it back."));
  GtkWidget *entry = gtk_entry_new ();

  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _("Why? (optional)"));
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), ENTRY_CHARS);
  gtk_widget_set_size_request (entry, -1, 48);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Why? (optional)"), -1);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), entry);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("Leave it"), "do", _("Yes"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "do", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_object_set_data (G_OBJECT (dialog), "status", GINT_TO_POINTER (status));
  g_object_set_data_full (G_OBJECT (dialog), "ticket", g_strdup (sht_ticket_page_get_ticket (page)), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_reason_given), page, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_photos_chosen (ShtPhotoChooser *chooser, GStrv paths, ShtTicketPage *page)
{
  for (guint i = 0; is_still_shown (page, chooser) && paths[i] != NULL; i++)
    sht_ticket_page_attach (page, paths[i], g_object_get_data (G_OBJECT (chooser), "role"));
}

static void
keep_question (gpointer asked, ShtTicketPage *page, const char *role)
{
  g_object_set_data_full (G_OBJECT (asked), "role", g_strdup (role), g_free);
  g_object_set_data_full (G_OBJECT (asked), "ticket", g_strdup (sht_ticket_page_get_ticket (page)), g_free);
}

static const char *
photos_title (const char *role)
{
  return g_str_equal (role, "after") ? _("Photos after the work") : _("Photos before the work");
}

static void
ask_files (ShtTicketPage *page, const char *role)
{
  ShtPhotoChooser *chooser = sht_photo_chooser_open (sht_ticket_page_get_main_button (page), photos_title (role), TRUE);

  keep_question (chooser, page, role);
  g_signal_connect_object (chooser, "chosen", G_CALLBACK (on_photos_chosen), page, 0);
}

static void
on_shot (ShtCameraPage *camera, const char *path, ShtTicketPage *page)
{
  sht_ticket_page_attach_to (page, g_object_get_data (G_OBJECT (camera), "ticket"), path,
                             g_object_get_data (G_OBJECT (camera), "role"));
}

static void
on_files_wanted (ShtCameraPage *camera, ShtTicketPage *page)
{
  if (is_still_shown (page, camera))
    ask_files (page, g_object_get_data (G_OBJECT (camera), "role"));
}

/* The newest before photo whose bytes are here, not a drawing: what the after photo is to be compared with. */
static char *
find_before (ShtTicketPage *page)
{
  ShtStore *reader = get_reader (page);
  g_autoptr (GPtrArray) photos = sht_store_ticket_photos (reader, sht_ticket_page_get_ticket (page), "before", NULL);

  for (guint i = photos != NULL ? photos->len : 0; i > 0; i--)
    {
      const ShtPhotoMark *mark = g_ptr_array_index (photos, i - 1);
      g_autoptr (JsonObject) photo = sht_store_photo_view (reader, mark->id, NULL);
      const char *sha256 = photo != NULL && !sht_json_has (photo, "of") ? sht_json_string (photo, "sha256") : NULL;
      g_autofree char *path = sha256 != NULL ? sht_store_blob_path (reader, sha256) : NULL;

      if (path != NULL && g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&path);
    }
  return NULL;
}

/**
 * sht_ticket_ask_photos:
 * @role: before or after
 *
 * Opens the camera, or where there is none shows the pictures that are there.
 */
void
sht_ticket_ask_photos (ShtTicketPage *page, const char *role)
{
  g_autofree char *before = g_str_equal (role, "after") ? find_before (page) : NULL;
  ShtCameraPage *camera;

  if (!sht_camera_is_there ())
    {
      ask_files (page, role);
      return;
    }
  camera = sht_camera_page_open (sht_ticket_page_get_main_button (page), photos_title (role), TRUE);
  keep_question (camera, page, role);
  if (before != NULL)
    sht_camera_page_offer_ghost (camera, before);
  g_signal_connect_object (camera, "shot", G_CALLBACK (on_shot), page, 0);
  g_signal_connect_object (camera, "files", G_CALLBACK (on_files_wanted), page, 0);
}

static void
on_called (GObject *parent, GAsyncResult *result, gpointer data)
{
  g_autoptr (ShtTicketPage) page = data;
  g_autofree char *isolated = sht_words_isolated (g_object_get_data (G_OBJECT (page), "called"));
  g_autofree char *said = g_strdup_printf (_("This tablet cannot call. The number: %s"), isolated);

  if (!gtk_show_uri_full_finish (GTK_WINDOW (parent), result, NULL))
    sht_ticket_page_say (page, said);
}

void
sht_ticket_call (ShtTicketPage *page, const char *phone)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (page));
  g_autofree char *escaped = g_uri_escape_string (phone, "+", FALSE);
  g_autofree char *uri = g_strconcat ("tel:", escaped, NULL);

  g_object_set_data_full (G_OBJECT (page), "called", g_strdup (phone), g_free);
  gtk_show_uri_full (GTK_WINDOW (root), uri, GDK_CURRENT_TIME, NULL, on_called, g_object_ref (page));
}

static void
on_obstacle (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ShtTicketPage *page = SHT_TICKET_PAGE (widget);

  if (sht_ticket_page_get_doc (page) != NULL)
    sht_obstacle_form_open (sht_ticket_page_get_main_button (page), sht_ticket_page_get_session (page),
                            sht_ticket_page_get_ticket (page));
}

/**
 * sht_ticket_install_obstacle:
 *
 * Installs `ticket.obstacle`, which raises what holds the ticket up.
 */
void
sht_ticket_install_obstacle (GtkWidgetClass *class)
{
  gtk_widget_class_install_action (class, "ticket.obstacle", NULL, on_obstacle);
}
